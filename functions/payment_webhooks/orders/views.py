"""What sellers, gates, treasurers and taxpayers are answered."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from functions.payment_webhooks.pbb import Nop, Owed, TaxBill
from functions.payment_webhooks.record import Order
from shared.models import View


class BillPart(View):
    """What an order pays of a tax bill, in rupiah."""

    nop: str
    year: int
    principal: int
    penalty: int


class TicketView(View):
    """A ticket: `token` is what its QR code holds."""

    ticket_id: str
    token: str
    valid_from: datetime
    valid_until: datetime
    redeemed_at: str | None = None


class OrderView(View):
    """An order. Amounts are in rupiah; instants in UTC."""

    order_id: str
    jurisdiction_id: str
    product: str
    kind: str
    status: str
    quantity: int
    amount: int
    paid_amount: int
    refunded_amount: int
    channel: str | None
    fare_class: str | None
    site: str | None
    created_at: datetime
    expires_at: datetime | None
    qr_string: str | None  #: QRIS to be drawn, until it is paid
    deeplink: str | None  #: opens the payer's wallet, until it is paid
    transaction_id: str | None
    bill: BillPart | None
    receipt_number: str | None
    tickets: list[TicketView]


class RefundView(View):
    """A refund that was asked for. The order tells when the money went."""

    order_id: str
    refund_key: str
    amount: int
    outcome: str  #: "accepted" by the provider, or "asked": it has not answered yet


class TaxView(View):
    """A tax bill as its payer needs it: what is owed today (WIB) by one channel, in rupiah."""

    nop: str
    nop_printed: str
    year: int
    taxpayer: str
    due_on: date
    status: str
    channel: str
    principal: int
    penalty: int
    total: int
    receipt_number: str | None


class RedemptionView(View):
    """What became of one scan."""

    outcome: str
    scan_id: str | None
    ticket_id: str | None
    product: str | None = None
    fare_class: str | None = None
    redeemed_at: str | None = None
    gate: str | None = None


class Redemptions(View):
    """What became of each scan of a gate that was offline, in their order."""

    results: list[RedemptionView]


class KeyView(View):
    """A public key as RFC 8037 writes it."""

    kty: str
    crv: str
    kid: str
    x: str
    use: str
    alg: str


class KeySet(View):
    """The keys that tickets may be signed with (RFC 7517)."""

    keys: list[KeyView]


class SaleView(View):
    """A marketplace's sale as it was taken, with the tickets to hand out."""

    order_id: str | None
    outcome: str  #: "queued", "held" (another price: no tickets) or "ignored"
    tickets: list[TicketView]


def order_view(order: Order, tickets: Iterable[TicketView] = ()) -> OrderView:
    """Return an order as its seller sees it; what pays it, as long as it may be paid."""
    charge: Mapping[str, str] = order.charge or {}
    open_ = order.status in {"created", "pending"}
    bill = order.bill
    return OrderView(
        order_id=order.order_id,
        jurisdiction_id=order.jurisdiction_id,
        product=order.product,
        kind=order.kind,
        status=str(order.status),
        quantity=order.quantity,
        amount=order.amount,
        paid_amount=order.paid_amount,
        refunded_amount=order.refunded_amount,
        channel=order.details.get("channel"),
        fare_class=order.details.get("fare_class"),
        site=order.site,
        created_at=order.created_at,
        expires_at=order.expires_at,
        qr_string=charge.get("qr_string") if open_ else None,
        deeplink=charge.get("deeplink") if open_ else None,
        transaction_id=charge.get("transaction_id"),
        bill=BillPart(nop=bill.nop, year=bill.year, principal=bill.principal, penalty=bill.penalty)
        if bill
        else None,
        receipt_number=order.receipt_number,
        tickets=list(tickets),
    )


def tax_view(bill: TaxBill, owed: Owed, channel: str) -> TaxView:
    """Return a tax bill as its payer sees it; of one that is paid nothing is owed."""
    penalty = 0 if bill.is_paid else owed.penalty
    return TaxView(
        nop=bill.nop,
        nop_printed=Nop(bill.nop).printed,
        year=bill.year,
        taxpayer=bill.taxpayer,
        due_on=bill.due_on,
        status=bill.status,
        channel=channel,
        principal=bill.principal,
        penalty=penalty,
        total=0 if bill.is_paid else bill.principal + penalty,
        receipt_number=bill.receipt_number,
    )
