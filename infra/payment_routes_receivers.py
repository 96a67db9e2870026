"""The routes that payment providers call: each proves itself by a signature over its raw bytes.

None has an authorizer: providers can send no key of API Gateway's.
"""

from typing import Final

from functions.payment_webhooks.providers import snap_services
from functions.payment_webhooks.providers.snap_services import Service
from functions.payment_webhooks.settings import SNAP_PREFIX
from infra.route import RECEIVERS, Reply, Route

_SHAPES: Final = "functions.payment_webhooks.shapes"
_SNAP_HEADERS: Final = ("X-TIMESTAMP", "X-SIGNATURE", "X-PARTNER-ID", "X-EXTERNAL-ID", "CHANNEL-ID")
#: What every answer of BI-SNAP carries.
_SNAP_ANSWERS: Final = ("X-TIMESTAMP",)


def _snap(
    service: Service, operation_id: str, summary: str, request: str, answer: str = "SnapAnswer"
) -> Route:
    return Route(
        method="POST",
        path=SNAP_PREFIX + service.path,
        function=RECEIVERS,
        signed=True,
        operation_id=operation_id,
        summary=summary,
        request=f"{_SHAPES}:{request}",
        headers=_SNAP_HEADERS,
        replies={
            200: Reply(
                description="Taken, for the first time or again",
                model=f"{_SHAPES}:{answer}",
                headers=_SNAP_ANSWERS,
            )
        },
        problems=(400, 401, 413, 500),
        problem=Reply(
            description="A BI-SNAP response code",
            model=f"{_SHAPES}:SnapAnswer",
            headers=_SNAP_ANSWERS,
        ),
    )


RECEIVERS_ROUTES: Final[tuple[Route, ...]] = (
    Route(
        method="POST",
        path="/payments/notifications/midtrans",
        function=RECEIVERS,
        signed=True,
        operation_id="notifyMidtrans",
        summary="Midtrans tells of a payment; `signature_key` proves the sender",
        request=f"{_SHAPES}:MidtransNotification",
        replies={200: Reply(description="Taken", model=f"{_SHAPES}:MidtransAnswer")},
        problems=(400, 413, 503),
        problem=Reply(
            description="Not taken; how often it is sent again follows from the status",
            model=f"{_SHAPES}:MidtransAnswer",
        ),
    ),
    Route(
        method="POST",
        path="/payments/notifications/gobiz",
        function=RECEIVERS,
        signed=True,
        operation_id="notifyGobiz",
        summary="GoBiz tells of a payment; `X-Go-Signature` proves the sender",
        request=f"{_SHAPES}:GobizNotification",
        headers=("X-Go-Signature", "X-Go-Idempotency-Key"),
        replies={200: Reply(description="Taken", model=f"{_SHAPES}:GobizAnswer")},
        problems=(400, 401, 413, 503),
        problem=Reply(description="Not taken", model=f"{_SHAPES}:GobizAnswer"),
    ),
    _snap(
        snap_services.DEBIT,
        "notifyDebit",
        "A provider tells of a wallet's payment (BI-SNAP service 56)",
        "SnapNotification",
    ),
    _snap(
        snap_services.QR,
        "notifyQrMpm",
        "A provider tells of a payment by QRIS (BI-SNAP service 52)",
        "SnapNotification",
    ),
    _snap(
        snap_services.VA_PAYMENT,
        "payVirtualAccount",
        "A provider tells of a virtual account's payment (BI-SNAP service 25)",
        "SnapVirtualAccountPayment",
        "SnapVirtualAccountAnswer",
    ),
    _snap(
        snap_services.VA_REVERSAL,
        "reverseVirtualAccountPayment",
        "A provider takes a virtual account's payment back (BI-SNAP service 25)",
        "SnapVirtualAccountPayment",
        "SnapVirtualAccountAnswer",
    ),
)
