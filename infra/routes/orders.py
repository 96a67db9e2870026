"""The routes of sellers, gates, treasurers and marketplaces, and of who pays bills by virtual account."""

from typing import Final

from functions.payment_webhooks.settings import SNAP_PREFIX
from infra.entries import ORDERS_API
from infra.routes.receivers import SNAP_ANSWERS, SNAP_HEADERS, SNAP_PROBLEM
from infra.routes.route import GATE, OFFICER, ORDERS, Reply, Route, ServedBy, cached

_seller = ServedBy(ORDERS_API, scopes=(ORDERS,))
_seen = ServedBy(ORDERS_API, scopes=(ORDERS, OFFICER))
_treasurer = ServedBy(ORDERS_API, scopes=(OFFICER,))
_gate = ServedBy(ORDERS_API, scopes=(GATE,))
_public = ServedBy(ORDERS_API, headers=())
_wallet = ServedBy(ORDERS_API, signed=True, headers=SNAP_HEADERS, problem=SNAP_PROBLEM)
_marketplace = ServedBy(ORDERS_API, signed=True)

_ORDER: Final = "orders.views:OrderView"

ORDERS_ROUTES: Final[tuple[Route, ...]] = (
    _seller(
        "POST",
        "/orders",
        "createOrder",
        "Order fares, tickets, a tax bill or an amount; answered with a QRIS that pays it",
        {
            201: Reply("Taken and charged", _ORDER, headers=("Location",)),
            200: Reply(
                "Taken before: the same order again",
                _ORDER,
                headers=("Location",),
            ),
        },
        request="orders.requests:OrderRequest",
        headers=("Idempotency-Key",),
        problems=(404, 409, 502, 503),
    ),
    _seen(
        "GET",
        "/orders/{order_id}",
        "showOrder",
        "An order as it stands; once paid, with its tickets or its receipt's number",
        Reply("The order", _ORDER),
        problems=(404,),
    ),
    _treasurer(
        "POST",
        "/orders/{order_id}/refunds",
        "refundOrder",
        "Ask the provider to give money back; a treasurer's alone",
        {202: Reply("Asked for; the order tells when the money went", "orders.views:RefundView")},
        request="orders.requests:RefundRequest",
        headers=("Idempotency-Key",),
        problems=(404, 409, 503),
    ),
    _gate(
        "POST",
        "/tickets/redemptions",
        "redeemTickets",
        "Let a ticket in, once; or report the scans of a gate that had no network",
        Reply(
            "Let in; or of each scan what became of it, in their order",
            "orders.views:RedemptionView|Redemptions",
        ),
        request="orders.requests:RedemptionRequest",
        problems=(409, 503),
    ),
    _public(
        "GET",
        "/tickets/keys",
        "listTicketKeys",
        "The public keys by which a gate checks tickets without a network",
        cached(Reply("A JSON Web Key Set", "orders.views:KeySet")),
    ),
    _seller(
        "GET",
        "/pbb/{nop}/{year}",
        "showTaxBill",
        "A land and building tax bill: what is owed today",
        Reply("The bill", "orders.views:TaxView"),
        query=("channel",),
        problems=(400, 404),
    ),
    _wallet(
        "POST",
        f"{SNAP_PREFIX}/v1.0/transfer-va/inquiry",
        "inquireVirtualAccount",
        "A wallet or bank asks what is owed for a virtual account (BI-SNAP service 24)",
        Reply("The bill", "orders.shapes:SnapInquiryAnswer", headers=SNAP_ANSWERS),
        request="orders.shapes:SnapInquiry",
        problems=(401, 404, 500),
    ),
    _wallet(
        "POST",
        f"{SNAP_PREFIX}/v1.0/transfer-va/payment",
        "payVirtualAccount",
        "A wallet, bank or provider pays a virtual account (BI-SNAP service 25)",
        Reply(
            "Taken, for the first time or again",
            "shapes:SnapVirtualAccountAnswer",
            headers=SNAP_ANSWERS,
        ),
        request="shapes:SnapVirtualAccountPayment",
        problems=(401, 404, 500),
    ),
    _marketplace(
        "POST",
        "/payments/marketplace/{partner}",
        "takeMarketplaceSale",
        "A marketplace tells of a sale, by a webhook signed as Standard Webhooks says",
        Reply("Taken, for the first time or again", "orders.views:SaleView"),
        request="orders.shapes:MarketplaceEvent",
        headers=("webhook-id", "webhook-timestamp", "webhook-signature"),
        problems=(401, 404, 503),
    ),
)
