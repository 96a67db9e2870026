"""Where money may leak: what was issued, scanned, paid, settled and banked, by site, product, day.

Days are WIB: of the order for what is issued, of the scan, and of the payment for the rest.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final

from functions.payment_webhooks.books.ours import ours
from functions.payment_webhooks.books.settlement_files import FAILED, PAYMENT

#: The columns of the report and their order; amounts are rupiah.
COLUMNS: Final = (
    "site", "product", "day", "issued", "issued_amount", "scanned", "refused_scans",
    "paid", "paid_amount", "settled", "settled_amount", "banked", "banked_amount",
    "unsettled_amount", "unbanked_amount",
)  # fmt: skip
#: A scan that let in.
_LET_IN: Final = "redeemed"
_NONE: Final = "-"

Row = dict[str, Any]


def leakage(
    *,
    orders: Iterable[Mapping[str, Any]],
    scans: Iterable[Mapping[str, Any]],
    entries: Iterable[Mapping[str, Any]],
    settled: Mapping[str, str],
    banked: Collection[str],
) -> list[Row]:
    """Return a row for each site, product and day that has anything.

    `orders` have product, site, day, quantity and amount; `scans` product, site, day and outcome.
    `settled` has the payout of each settled payment, by its transaction; `banked` the payouts that
    are on the bank account.
    """
    rows: dict[tuple[str, str, str], Row] = {}

    def row(site: str | None, product: str | None, day: str) -> Row:
        key = (site or _NONE, product or _NONE, day)
        return rows.setdefault(
            key, dict.fromkeys(COLUMNS, 0) | dict(zip(COLUMNS[:3], key, strict=True))
        )

    for order in orders:
        one = row(order.get("site"), order.get("product"), order["day"])
        one["issued"] += order.get("quantity", 1)
        one["issued_amount"] += order.get("amount", 0)
    for scan in scans:
        one = row(scan.get("site"), scan.get("product"), scan["day"])
        one["scanned" if scan.get("outcome") == _LET_IN else "refused_scans"] += 1
    for payment in ours(entries):
        if payment.kind != PAYMENT or payment.status == FAILED:
            continue
        one = row(payment.site, payment.product, payment.day.isoformat())
        steps = ["paid"]
        if (payout := settled.get(payment.name)) is not None:
            steps += ["settled", "banked"] if payout in banked else ["settled"]
        for step in steps:
            one[step] += 1
            one[f"{step}_amount"] += payment.amount
    for one in rows.values():
        one["unsettled_amount"] = one["paid_amount"] - one["settled_amount"]
        one["unbanked_amount"] = one["settled_amount"] - one["banked_amount"]
    return [rows[key] for key in sorted(rows, key=lambda key: (key[2], key[0], key[1]))]


def total(rows: Iterable[Row]) -> Row:
    """Return the sums of all rows."""
    sums: Row = dict.fromkeys(COLUMNS, 0) | {"site": "total", "product": "", "day": ""}
    for one in rows:
        for name in COLUMNS[3:]:
            sums[name] += one[name]
    return sums
