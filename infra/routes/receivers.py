"""The routes that payment providers call: each proves itself by a signature over its raw bytes.

None has an authorizer: providers can send no key of API Gateway's.
"""

from typing import Final

from functions.payment_webhooks.providers import snap_services
from functions.payment_webhooks.providers.snap_services import Service
from functions.payment_webhooks.settings import SNAP_PREFIX
from infra.entries import PAYMENTS_API
from infra.routes.route import Reply, Route, ServedBy

SNAP_HEADERS: Final = ("X-TIMESTAMP", "X-SIGNATURE", "X-PARTNER-ID", "X-EXTERNAL-ID", "CHANNEL-ID")
#: What every answer of BI-SNAP carries.
SNAP_ANSWERS: Final = ("X-TIMESTAMP",)
SNAP_PROBLEM: Final = Reply("A BI-SNAP response code", "shapes:SnapAnswer", headers=SNAP_ANSWERS)

_midtrans = ServedBy(
    PAYMENTS_API,
    signed=True,
    headers=(),
    problem=Reply(
        "Not taken; how often it is sent again follows from the status", "shapes:MidtransAnswer"
    ),
)
_gobiz = ServedBy(
    PAYMENTS_API,
    signed=True,
    headers=("X-Go-Signature", "X-Go-Idempotency-Key"),
    problem=Reply("Not taken", "shapes:GobizAnswer"),
)
_snap = ServedBy(PAYMENTS_API, signed=True, headers=SNAP_HEADERS, problem=SNAP_PROBLEM)


def _told(
    service: Service, operation_id: str, summary: str, request: str, answer: str = "SnapAnswer"
) -> Route:
    return _snap(
        "POST",
        SNAP_PREFIX + service.path,
        operation_id,
        summary,
        Reply("Taken, for the first time or again", f"shapes:{answer}", headers=SNAP_ANSWERS),
        request=f"shapes:{request}",
        problems=(401, 500),
    )


RECEIVERS_ROUTES: Final[tuple[Route, ...]] = (
    _midtrans(
        "POST",
        "/payments/notifications/midtrans",
        "notifyMidtrans",
        "Midtrans tells of a payment; `signature_key` proves the sender",
        Reply("Taken", "shapes:MidtransAnswer"),
        request="shapes:MidtransNotification",
        problems=(503,),
    ),
    _gobiz(
        "POST",
        "/payments/notifications/gobiz",
        "notifyGobiz",
        "GoBiz tells of a payment; `X-Go-Signature` proves the sender",
        Reply("Taken", "shapes:GobizAnswer"),
        request="shapes:GobizNotification",
        problems=(401, 503),
    ),
    _told(
        snap_services.DEBIT,
        "notifyDebit",
        "A provider tells of a wallet's payment (BI-SNAP service 56)",
        "SnapNotification",
    ),
    _told(
        snap_services.QR,
        "notifyQrMpm",
        "A provider tells of a payment by QRIS (BI-SNAP service 52)",
        "SnapNotification",
    ),
    _told(
        snap_services.VA_REVERSAL,
        "reverseVirtualAccountPayment",
        "A provider takes a virtual account's payment back (BI-SNAP service 25)",
        "SnapVirtualAccountPayment",
        "SnapVirtualAccountAnswer",
    ),
)
