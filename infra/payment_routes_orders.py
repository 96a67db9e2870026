"""The routes of sellers, gates, treasurers and marketplaces, and a wallet's question about a bill."""

from typing import Final

from functions.payment_webhooks.settings import SNAP_PREFIX
from infra.route import GATE, OFFICER, ORDERS, SELLING, Reply, Route

_ORDERS: Final = "functions.payment_webhooks.orders"
_SNAP_HEADERS: Final = ("X-TIMESTAMP", "X-SIGNATURE", "X-PARTNER-ID", "X-EXTERNAL-ID", "CHANNEL-ID")
_SNAP_ANSWERS: Final = ("X-TIMESTAMP",)
_ORDER: Final = f"{_ORDERS}.views:OrderView"

ORDERS_ROUTES: Final[tuple[Route, ...]] = (
    Route(
        method="POST",
        path="/orders",
        function=SELLING,
        operation_id="createOrder",
        summary="Order fares, tickets, a tax bill or an amount; answered with a QRIS that pays it",
        scopes=(ORDERS,),
        request=f"{_ORDERS}.requests:OrderRequest",
        headers=("Accept-Language", "Idempotency-Key"),
        replies={
            201: Reply(description="Taken and charged", model=_ORDER, headers=("Location",)),
            200: Reply(
                description="Taken before: the same order again",
                model=_ORDER,
                headers=("Location",),
            ),
        },
        problems=(400, 401, 403, 404, 409, 413, 502, 503),
    ),
    Route(
        method="GET",
        path="/orders/{order_id}",
        function=SELLING,
        operation_id="showOrder",
        summary="An order as it stands; once paid, with its tickets or its receipt's number",
        scopes=(ORDERS, OFFICER),
        headers=("Accept-Language",),
        replies={200: Reply(description="The order", model=_ORDER)},
        problems=(401, 403, 404),
    ),
    Route(
        method="POST",
        path="/orders/{order_id}/refunds",
        function=SELLING,
        operation_id="refundOrder",
        summary="Ask the provider to give money back; a treasurer's alone",
        scopes=(OFFICER,),
        request=f"{_ORDERS}.requests:RefundRequest",
        headers=("Accept-Language", "Idempotency-Key"),
        replies={
            202: Reply(
                description="Asked for; the order tells when the money went",
                model=f"{_ORDERS}.views:RefundView",
            )
        },
        problems=(400, 401, 403, 404, 409, 413, 503),
    ),
    Route(
        method="POST",
        path="/tickets/redemptions",
        function=SELLING,
        operation_id="redeemTickets",
        summary="Let a ticket in, once; or report the scans of a gate that had no network",
        scopes=(GATE,),
        request=f"{_ORDERS}.requests:RedemptionRequest",
        headers=("Accept-Language",),
        replies={
            200: Reply(
                description="Let in; or of each scan what became of it, in their order",
                model=f"{_ORDERS}.views:RedemptionView|Redemptions",
            )
        },
        problems=(400, 401, 403, 409, 413, 503),
    ),
    Route(
        method="GET",
        path="/tickets/keys",
        function=SELLING,
        operation_id="listTicketKeys",
        summary="The public keys by which a gate checks tickets without a network",
        headers=("If-None-Match",),
        replies={
            200: Reply(
                description="A JSON Web Key Set",
                model=f"{_ORDERS}.views:KeySet",
                headers=("ETag", "Cache-Control"),
            ),
            304: Reply(
                description="Unchanged since the ETag that was sent",
                headers=("ETag", "Cache-Control"),
            ),
        },
    ),
    Route(
        method="GET",
        path="/pbb/{nop}/{year}",
        function=SELLING,
        operation_id="showTaxBill",
        summary="A land and building tax bill: what is owed today",
        scopes=(ORDERS,),
        query=("channel",),
        headers=("Accept-Language",),
        replies={200: Reply(description="The bill", model=f"{_ORDERS}.views:TaxView")},
        problems=(400, 401, 403, 404),
    ),
    Route(
        method="POST",
        path=f"{SNAP_PREFIX}/v1.0/transfer-va/inquiry",
        function=SELLING,
        signed=True,
        operation_id="inquireVirtualAccount",
        summary="A wallet or bank asks what is owed for a virtual account (BI-SNAP service 24)",
        request=f"{_ORDERS}.shapes:SnapInquiry",
        headers=_SNAP_HEADERS,
        replies={
            200: Reply(
                description="The bill",
                model=f"{_ORDERS}.shapes:SnapInquiryAnswer",
                headers=_SNAP_ANSWERS,
            )
        },
        problems=(400, 401, 404, 413, 500),
        problem=Reply(
            description="A BI-SNAP response code",
            model="functions.payment_webhooks.shapes:SnapAnswer",
            headers=_SNAP_ANSWERS,
        ),
    ),
    Route(
        method="POST",
        path="/payments/marketplace/{partner}",
        function=SELLING,
        signed=True,
        operation_id="takeMarketplaceSale",
        summary="A marketplace tells of a sale, by a webhook signed as Standard Webhooks says",
        request=f"{_ORDERS}.shapes:MarketplaceEvent",
        headers=("Accept-Language", "webhook-id", "webhook-timestamp", "webhook-signature"),
        replies={
            200: Reply(
                description="Taken, for the first time or again",
                model=f"{_ORDERS}.views:SaleView",
            )
        },
        problems=(400, 401, 404, 413, 503),
    ),
)
