"""What a payment without an order is for: by who received it, or by the bill that it names.

Orders made here have version 0: they are stored with the first event of their payment. Their number
follows from the payment alone, so a later notice, which may tell less, finds the same order.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, cast

from functions.payment_webhooks import products
from functions.payment_webhooks.configuration import Channel, MerchantClass, Payments, Product
from functions.payment_webhooks.notice import Notice
from functions.payment_webhooks.order_ids import number_unordered
from functions.payment_webhooks.pbb import TaxBill, bill_named, owed
from functions.payment_webhooks.record import STATIC, UNKNOWN, Bill, Order, PaidTransaction
from functions.payment_webhooks.states import Fee
from functions.payment_webhooks.tariffs import is_price
from shared.clock import WIB

_CHANNELS: Final[Mapping[str, Channel]] = {
    "qris": "qris",
    "gopay": "gopay",
    "va": "va",
    "card": "card",
    "gobiz": "gopay",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Attributing:
    """What can be paid for, by jurisdiction, and the calendar and bills of each."""

    payments: Mapping[str, Payments]
    holidays: Callable[[str], frozenset[str]]  #: of a jurisdiction, as ISO dates
    bill: Callable[[str, int], TaxBill | None]

    def order_for(self, notice: Notice, jurisdiction_id: str | None, at: datetime) -> Order:
        """Return the order of a payment that has none. `jurisdiction_id` is whose key fitted."""
        known = list(self.payments)
        among = [each for each in known if each == jurisdiction_id] or known
        home = among[0]
        bare = self._bare(notice, self._named(notice, among) or home, at)
        for each in among:
            found = self._of_bill(bare, notice, each, at) or self._of_place(bare, notice, each, at)
            if found:
                return found
        return bare

    def fee(self, order: Order) -> Fee:
        """Return what the acquirer is expected to keep of the transactions of an order."""
        payments = self.payments[order.jurisdiction_id]
        product = payments.product_by_code.get(order.product)

        def of(one: PaidTransaction) -> int:
            channel = _CHANNELS.get(one.channel or "") or _CHANNELS.get(one.provider)
            if product is None or channel is None or order.origin == UNKNOWN:
                return 0
            day = (one.paid_at or order.created_at).astimezone(WIB).date()
            said = order.details.get("merchant_class") or product.merchant_class
            merchant_class = cast("MerchantClass", said)
            return products.mdr(payments, one.amount or 0, merchant_class, channel, day)

        return of

    def _bare(self, notice: Notice, jurisdiction_id: str, at: datetime) -> Order:
        return Order(
            order_id=number_unordered(notice.provider, notice.transaction_id),
            jurisdiction_id=jurisdiction_id,
            product="unknown",
            kind="other",
            amount=notice.original_amount or notice.amount or 0,
            created_at=notice.paid_at or at,
            origin=UNKNOWN,
            version=0,
            details={"order_ref": notice.order_ref} if notice.order_ref else {},
        )

    def _named(self, notice: Notice, among: Iterable[str]) -> str | None:
        """Return the jurisdiction that a payment names: by its order's number, or its account's.

        A bank's virtual accounts begin with a number that it gave to a jurisdiction.
        """
        prefix = (notice.order_ref or "").partition("-")[0]
        for key, one in self.payments.items():
            if one.order_prefix == prefix:
                return key
        account = notice.va_number or ""
        return next(
            (key for key in among if account.startswith(_services(self.payments[key]))), None
        )

    def _of_place(
        self, bare: Order, notice: Notice, jurisdiction_id: str, at: datetime
    ) -> Order | None:
        """Return the order of a payment at a printed QR: at a price of its product."""
        payments = self.payments[jurisdiction_id]
        found = _attributed(payments, notice)
        if found is None:
            return None
        day = (notice.paid_at or at).astimezone(WIB).date()
        holidays = self.holidays(jurisdiction_id)
        if not is_price(found.product, bare.amount, day, holidays):
            # Its place is known, but nothing there costs that: somebody has to look.
            return replace(bare, jurisdiction_id=jurisdiction_id, site=found.site)
        return replace(
            bare,
            jurisdiction_id=jurisdiction_id,
            product=found.product.code,
            kind=found.product.kind,
            site=found.site,
            credits=((found.account, bare.amount),),
            origin=STATIC,
            details={**bare.details, "merchant_class": found.merchant_class},
        )

    def _of_bill(
        self, bare: Order, notice: Notice, jurisdiction_id: str, at: datetime
    ) -> Order | None:
        """Return the order of a tax that is paid by a virtual account's number."""
        payments = self.payments[jurisdiction_id]
        customer_no = notice.customer_no or _ours(payments, notice.va_number or "")
        named = bill_named(customer_no) if customer_no else None
        product = named and _tax_of(payments.products, named[0])
        bill = self.bill(*named) if named and product else None
        if not bill or not product or bill.jurisdiction_id != jurisdiction_id:
            return None
        day = (notice.paid_at or at).astimezone(WIB).date()
        due = owed(bill, day, "va", product.penalties)
        return replace(
            bare,
            jurisdiction_id=jurisdiction_id,
            product=product.code,
            kind=product.kind,
            amount=due.total,
            credits=products.credits_of(payments, product, due.total, penalty=due.penalty),
            bill=Bill(nop=bill.nop, year=bill.year, principal=due.principal, penalty=due.penalty),
            origin=STATIC,
        )


def _attributed(payments: Payments, notice: Notice) -> products.Attribution | None:
    """Return what a payment is for; a provider may call the outlet a store, or a store a terminal."""
    tries: Sequence[tuple[str | None, str | None]] = (
        (notice.outlet_id, notice.terminal),
        (notice.store_id, notice.terminal),
        (notice.outlet_id, notice.store_id),
    )
    found = (
        products.attributed(payments, nmid=notice.nmid, outlet=outlet, terminal=terminal)
        for outlet, terminal in tries
    )
    return next((one for one in found if one), None)


def _services(payments: Payments) -> tuple[str, ...]:
    """Return how a jurisdiction's virtual accounts begin."""
    return tuple(one for partner in payments.snap.partners for one in partner.partner_service_ids)


def _ours(payments: Payments, account: str) -> str | None:
    """Return what of a virtual account's number follows what a bank gave us; None if nothing does."""
    found = (one for one in _services(payments) if account.startswith(one))
    return next((account.removeprefix(one) for one in found), None)


def _tax_of(every: Iterable[Product], nop: str) -> Product | None:
    return next(
        (
            one
            for one in every
            if one.kind == "tax" and (not one.nop_prefixes or nop.startswith(one.nop_prefixes))
        ),
        None,
    )
