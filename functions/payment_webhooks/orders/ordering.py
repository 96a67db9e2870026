"""Makes an order of what a seller asks for: its price, whose revenue it is, until when to pay."""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import Any, Final

from functions.payment_webhooks import pbb, tariffs, tickets
from functions.payment_webhooks.configuration import Client, Payments, Product
from functions.payment_webhooks.orders.requests import OrderRequest
from functions.payment_webhooks.pbb import TaxBill
from functions.payment_webhooks.products import credits_of, ledger_account
from functions.payment_webhooks.record import Bill, Order
from shared.days import day_of, end_of
from shared.errors import Conflict, Forbidden, InvalidInput, NotFound
from shared.text import Text

#: Days ahead for which a ticket may be bought.
FURTHEST_VISIT: Final = timedelta(days=366)
_ONE: Final = 1

Holidays = Callable[[], Collection[str]]
Bills = Callable[[str, int], TaxBill | None]
Filling = dict[str, Any]


class BillPaid(Conflict):
    """The bill was paid already."""

    code = "bill_paid"
    title = Text("Tagihan sudah lunas", "The bill is paid already")


class NoSuchBill(NotFound):
    """There is no such bill."""

    code = "bill_not_found"
    title = Text("Tagihan tidak ditemukan", "There is no such bill")


def ordered(
    request: OrderRequest,
    *,
    order_id: str,
    jurisdiction_id: str,
    seller: Client,
    payments: Payments,
    holidays: Holidays,
    bills: Bills,
    now: datetime,
) -> Order:
    """Return the order that a seller's request is, at the price of today (WIB).

    `holidays` returns the public holidays (ISO dates), and `bills` a tax bill by NOP and year;
    neither is called unless it is needed.

    Raises:
        InvalidInput: the request does not fit the product.
        Forbidden: the seller may not sell it, or not there.
        NoSuchBill, BillPaid: of a tax.
    """
    product = product_of(request.product, payments)
    if product.code not in seller.products:
        raise Forbidden(
            Text(f"Klien ini tidak menjual {product.code}.", f"This client sells no {product.code}")
        )
    site = _site(request.site, product, seller, payments)
    if request.quantity > product.most:
        raise _wrong(
            "quantity", "too_many", f"Paling banyak {product.most}.", f"{product.most} at most."
        )
    _check_fields(request, product)
    fill = {"tax": _tax, "merchant": _amount, "other": _amount}.get(product.kind, _priced)
    filling = fill(request, product, payments, holidays, bills, now)
    return Order(
        **{
            "order_id": order_id,
            "jurisdiction_id": jurisdiction_id,
            "product": product.code,
            "kind": product.kind,
            "quantity": request.quantity,
            "created_at": now,
            "created_by": seller.id,
            "expires_at": now + timedelta(minutes=product.minutes_to_pay),
            "site": site,
            **filling,
            "stale_at": filling.get("expires_at", now + timedelta(minutes=product.minutes_to_pay)),
            "details": {"channel": request.channel, **filling.get("details", {})},
        }
    )


def product_of(code: str, payments: Payments) -> Product:
    """Return a product by its code, in any case.

    Raises:
        InvalidInput: there is none.
    """
    product = payments.product_by_code.get(code.lower())
    if product is None:
        listed = ", ".join(payments.product_by_code)
        raise _wrong(
            "product", "not_a_choice", f"Pilih salah satu: {listed}.", f"Choose one of: {listed}."
        )
    return product


def _site(wanted: str | None, product: Product, seller: Client, payments: Payments) -> str | None:
    site = wanted or seller.site
    if seller.site and site != seller.site:
        raise Forbidden(
            Text(
                f"Klien ini hanya di {seller.site}.", f"This client stands at {seller.site} alone."
            )
        )
    if site is None:
        return product.sites[0] if len(product.sites) == _ONE else None
    sites = product.sites or tuple(one.id for one in payments.sites)
    if site not in sites:
        listed = ", ".join(sites)
        raise _wrong(
            "site", "not_a_choice", f"Pilih salah satu: {listed}.", f"Choose one of: {listed}."
        )
    return site


def _check_fields(request: OrderRequest, product: Product) -> None:
    """Refuse what says nothing about the product, as it was probably meant for another."""
    kinds = {"nop": "tax", "year": "tax", "visit_on": "ticket", "nmid": "merchant"}
    for field, kind in kinds.items():
        if getattr(request, field) is not None and product.kind != kind:
            raise _wrong(
                field,
                "not_of_product",
                f"Kolom ini bukan untuk {product.code}.",
                f"This field is not for {product.code}.",
            )


def _priced(
    request: OrderRequest,
    product: Product,
    payments: Payments,
    holidays: Holidays,
    _bills: Bills,
    now: datetime,
) -> Filling:
    if not product.tariffs:
        return _amount(request, product, payments, holidays, _bills, now)
    today = day_of(now)
    day = request.visit_on or today
    furthest = today + FURTHEST_VISIT
    if not today <= day <= furthest:
        raise _wrong(
            "visit_on",
            "out_of_range",
            f"Pilih hari dari {today} sampai {furthest}.",
            f"Choose a day from {today} to {furthest}.",
        )
    fare_class = request.fare_class.lower()
    one = tariffs.price(product, fare_class, day, holidays())
    amount = one * request.quantity
    _check_amount(request.amount, amount)
    details = {"fare_class": fare_class}
    if product.kind == tickets.TICKET:
        first, last = tickets.validity(product, today, request.visit_on)
        details |= {"valid_from": first.isoformat(), "valid_until": last.isoformat()}
    return {"amount": amount, "credits": credits_of(payments, product, amount), "details": details}


def _tax(
    request: OrderRequest,
    product: Product,
    payments: Payments,
    _holidays: Holidays,
    bills: Bills,
    now: datetime,
) -> Filling:
    if request.nop is None or request.year is None:
        missing = "nop" if request.nop is None else "year"
        raise _wrong(missing, "missing", "Wajib diisi.", "This is required.")
    nop = pbb.nop_of(request.nop, product.nop_prefixes)
    bill = bills(nop.digits, request.year)
    if bill is None:
        raise NoSuchBill
    if bill.is_paid:
        raise BillPaid
    today = day_of(now)
    owed = pbb.owed(bill, today, request.channel, product.penalties)
    _check_amount(request.amount, owed.total)
    expires_at = now + timedelta(minutes=product.minutes_to_pay)
    later = day_of(expires_at)
    if later != today and pbb.owed(bill, later, request.channel, product.penalties) != owed:
        expires_at = end_of(today)  # tomorrow it is another amount
    return {
        "amount": owed.total,
        "credits": credits_of(payments, product, owed.total, penalty=owed.penalty),
        "expires_at": expires_at,
        "bill": Bill(nop=bill.nop, year=bill.year, principal=owed.principal, penalty=owed.penalty),
    }


def _amount(
    request: OrderRequest,
    product: Product,
    payments: Payments,
    _holidays: Holidays,
    _bills: Bills,
    _now: datetime,
) -> Filling:
    if request.amount is None:
        raise _wrong("amount", "missing", "Wajib diisi.", "This is required.")
    if not product.lowest <= request.amount <= product.highest:
        raise _wrong(
            "amount",
            "out_of_range",
            f"Antara Rp{product.lowest} dan Rp{product.highest}.",
            f"Between Rp{product.lowest} and Rp{product.highest}.",
        )
    if request.quantity != _ONE:
        raise _wrong("quantity", "too_many", "Paling banyak 1.", "1 at most.")
    filling: Filling = {"amount": request.amount}
    if request.nmid is None:
        return filling | {"credits": credits_of(payments, product, request.amount)}
    merchant = payments.merchant_by_nmid.get(request.nmid.upper())
    if merchant is None or merchant.product != product.code:
        raise _wrong("nmid", "unknown", "NMID ini tidak terdaftar.", "This NMID is not registered.")
    return filling | {
        "site": merchant.site,
        "credits": ((ledger_account(payments, merchant.account), request.amount),),
        "details": {"nmid": merchant.nmid, "merchant_class": merchant.merchant_class},
    }


def _check_amount(said: int | None, amount: int) -> None:
    if said is not None and said != amount:
        raise _wrong("amount", "mismatch", f"Harganya Rp{amount}.", f"It costs Rp{amount}.")
    if not amount:
        raise _wrong("product", "free", "Tidak perlu dibayar.", "There is nothing to pay.")


def _wrong(field: str, code: str, indonesian: str, english: str) -> InvalidInput:
    return InvalidInput.at(field, code, Text(indonesian, english))
