"""What a payment is for: by its order, or by who received it; and what the acquirer keeps of it."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from functions.payment_webhooks.configuration import Channel, MerchantClass, Payments, Product

_WHOLE: Final = 10_000  #: basis points


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """What a payment without an order of ours is for, and whose revenue it is."""

    product: Product
    site: str | None
    account: str  #: the ledger's name: `revenue:<agency>:<budget code>`
    merchant_class: MerchantClass


def attributed(
    payments: Payments,
    *,
    nmid: str | None = None,
    outlet: str | None = None,
    terminal: str | None = None,
) -> Attribution | None:
    """Return what a payment is for by who received it; None where no configured place fits.

    Of the printed QRs that fit in all that they name, the one that names most counts. One that
    none of them is: a merchant, by its NMID.
    """
    got = {"nmid": _said(nmid), "outlet": _said(outlet), "terminal": _said(terminal)}
    best, score = None, 0
    for static in payments.static:
        wanted = {key: value for key in got if (value := getattr(static, key)) is not None}
        if len(wanted) > score and all(got[key] == value for key, value in wanted.items()):
            best, score = static, len(wanted)
    merchant = payments.merchant_by_nmid.get(got["nmid"] or "")
    if best is None and merchant is None:
        return None
    product = payments.product_by_code[best.product if best else merchant.product]  # type: ignore[union-attr]
    ours = merchant if merchant and merchant.product == product.code else None
    return Attribution(
        product=product,
        site=(best.site if best else None) or (ours.site if ours else None),
        account=ledger_account(payments, ours.account if ours else product.account),
        merchant_class=ours.merchant_class if ours else product.merchant_class,
    )


def ledger_account(payments: Payments, code: str) -> str:
    """Return the ledger's name of a revenue account: `revenue:<agency>:<budget code>`."""
    return payments.account_by_code[code].ledger_account


def credits_of(
    payments: Payments, product: Product, amount: int, *, penalty: int = 0
) -> tuple[tuple[str, int], ...]:
    """Return the revenue lines of an amount (rupiah): the penalty of a tax apart from the rest.

    Their sum is the amount. What would be 0 has no line.
    """
    lines = [(ledger_account(payments, product.account), amount - penalty)]
    if penalty:
        lines.append(
            (ledger_account(payments, product.penalty_account or product.account), penalty)
        )
    return tuple(line for line in lines if line[1])


def mdr(
    payments: Payments, amount: int, merchant_class: MerchantClass, channel: Channel, day: date
) -> int:
    """Return what the acquirer keeps of an amount paid on a day (WIB), in rupiah.

    The first rate of the table that fits counts; without one, nothing is kept. Half a rupiah is
    rounded up, and no more is kept than there is.
    """
    for rate in payments.mdr:
        if (
            channel in rate.channels
            and rate.merchant_class in (None, merchant_class)
            and rate.holds_on(day)
            and (rate.up_to is None or amount <= rate.up_to)
        ):
            share = (2 * amount * rate.basis_points + _WHOLE) // (2 * _WHOLE)
            return min(share + rate.fixed, amount)
    return 0


def refund_days(payments: Payments, channel: str) -> int:
    """Return for how many days a provider still refunds what was paid by a channel; 0: never."""
    return next((days for name, days in payments.refund_days.items() if name == channel), 0)


def _said(text: str | None) -> str | None:
    return (text or "").strip() or None
