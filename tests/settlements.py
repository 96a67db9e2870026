"""Plays a provider and a bank: writes their files for a journal, with differences planted at random.

Written from what providers' and banks' exports look like, and not from the code that reads them.
What is planted is decided, and told as the truth, before a file is written.
"""

import csv
import io
import random
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from typing import Any

WIB = timezone(timedelta(hours=7))
#: Journal entries that are a payment which the provider has to settle.
PAYMENTS = {"sale", "unknown_order", "amount_mismatch"}
#: … and those by which it takes money back.
TAKEN_BACK = {"refund_settled": "refund", "chargeback": "chargeback"}
#: What can be wrong with a provider's line, and with a bank's.
PROVIDER_KINDS = (
    "amount", "fee", "date", "status", "missing_provider", "missing_internal", "duplicate", "late",
)  # fmt: skip
BANK_KINDS = ("amount", "date", "missing_provider", "missing_internal", "duplicate", "late")


@dataclass
class Sold:
    """A line of the provider's file."""

    order_id: str
    transaction_id: str
    at: datetime
    gross: int
    fee: int
    status: str
    settled_on: date
    payout: str = ""
    copies: int = 1

    @property
    def net(self) -> int:
        if self.status in TAKEN_BACK.values():
            return -self.gross
        return self.gross - self.fee if self.status == "settlement" else 0


@dataclass
class Paid:
    """A line of the bank's statement."""

    day: date
    amount: int
    payouts: list[str]
    named: bool = True
    copies: int = 1
    text: str = "MIDTRANS PAYOUT"


@dataclass
class Planted:
    """The files' lines, and the truth about what is wrong with them."""

    sold: list[Sold] = field(default_factory=list)
    paid: list[Paid] = field(default_factory=list)
    truth: list[dict[str, Any]] = field(default_factory=list)


def plant(
    entries: Iterable[Mapping[str, Any]],
    seed: int,
    *,
    each: int = 1,
    lines_of_a_payout: int = 25,
) -> tuple[bytes, bytes, list[dict[str, Any]]]:
    """Return a provider's file and a bank's for journal entries, and the truth about them.

    `entries` are the plain values of stored entries. Of each kind of difference `each` are planted,
    as far as there are lines to spoil. A truth is {leg, state, what, order_id, transaction_id,
    batch}, of which the last three name what is concerned, or are None.
    """
    chance = random.Random(seed)
    planted = Planted(sold=_lines(entries))
    _spoil_lines(planted, chance, each)
    _pay_out(planted, chance, lines_of_a_payout)
    _spoil_payments(planted, chance, each)
    return _settlement_csv(planted.sold, chance), _bank_csv(planted.paid, chance), planted.truth


def _lines(entries: Iterable[Mapping[str, Any]]) -> list[Sold]:
    """Return the lines of an honest provider."""
    taken_back = set()
    facts: dict[tuple[str, ...], list[Mapping[str, Any]]] = defaultdict(list)
    for entry in entries:
        if entry["kind"] == "reversal":
            taken_back.add(entry["transaction_id"])
        elif entry["kind"] in PAYMENTS:
            facts["settlement", entry["provider"], entry["transaction_id"]].append(entry)
        elif status := TAKEN_BACK.get(entry["kind"]):
            key = (status, entry["provider"], entry["transaction_id"], entry["reference"])
            facts[key].append(entry)
    sold = []
    for (status, *_), several in facts.items():
        held, fee = (
            sum(
                line["amount"]
                for entry in several
                for line in entry["lines"]
                if line["account"].startswith(account)
            )
            for account in ("clearing:", "mdr:")
        )
        at = datetime.fromisoformat(several[0]["occurred_at"]).astimezone(WIB)
        if held + fee:
            sold.append(
                Sold(
                    order_id=several[0].get("order_id") or "",
                    transaction_id=several[0]["transaction_id"],
                    at=at,
                    gross=abs(held + fee),
                    fee=fee,
                    status=status,
                    settled_on=_next_working_day(at.date()),
                )
            )
    kept = [
        one
        for one in sold
        if one.transaction_id not in taken_back or one.status in TAKEN_BACK.values()
    ]
    return sorted(kept, key=lambda one: (one.at, one.transaction_id, one.status))


def _next_working_day(day: date) -> date:
    day += timedelta(days=1)
    while day.weekday() >= 5:
        day += timedelta(days=1)
    return day


def _spoil_lines(planted: Planted, chance: random.Random, each: int) -> None:
    refunded = {one.transaction_id for one in planted.sold if one.status in TAKEN_BACK.values()}
    days = [one.at.date() for one in planted.sold]
    #: The first and last day keep an honest line, so that the file speaks for them.
    kept = {days.index(day) for day in (min(days), max(days))} if days else set()
    honest = [
        one
        for place, one in enumerate(planted.sold)
        if place not in kept and one.status == "settlement" and one.transaction_id not in refunded
    ]
    chance.shuffle(honest)
    for kind in PROVIDER_KINDS * each:
        if not honest:
            break
        one = honest.pop()
        planted.truth.append(_spoil_line(planted, one, kind, chance))


def _spoil_line(planted: Planted, one: Sold, kind: str, chance: random.Random) -> dict[str, Any]:
    state, concerned = kind.upper(), one
    match kind:
        case "amount":
            one.gross += chance.choice([-500, -1, 1, 1_000])
            one.gross = max(one.gross, one.fee + 1)
        case "fee":
            one.fee += chance.randint(1, 200)
        case "date":
            one.at += timedelta(days=2)
        case "status":
            one.status = chance.choice(["deny", "cancel", "pending"])
        case "missing_provider":
            planted.sold.remove(one)
        case "missing_internal":
            concerned = Sold(
                order_id=f"SMG-OTH-{chance.randrange(10**12):012d}X",
                transaction_id=f"unheard-of-{chance.randrange(10**12)}",
                at=one.at,
                gross=chance.randint(1_000, 100_000),
                fee=0,
                status="settlement",
                settled_on=one.settled_on,
            )
            planted.sold.append(concerned)
        case "duplicate":
            one.copies = 2
        case "late":
            one.settled_on = _next_working_day(one.settled_on + timedelta(days=10))
    if kind in {"amount", "fee", "date", "status"}:
        state = "MISMATCHED"
    return {
        "leg": "provider",
        "state": state,
        "what": (kind,) if state == "MISMATCHED" else (),
        "order_id": concerned.order_id or None,
        "transaction_id": concerned.transaction_id,
        "batch": None,
    }


def _pay_out(planted: Planted, chance: random.Random, lines_of_a_payout: int) -> None:
    """Put the lines into payouts, and the payouts on the bank's statement, some together."""
    by_day: dict[date, list[Sold]] = defaultdict(list)
    for one in planted.sold:
        by_day[one.settled_on].append(one)
    for day, lines in sorted(by_day.items()):
        payouts: dict[str, int] = {}
        for number, start in enumerate(range(0, len(lines), lines_of_a_payout), start=1):
            name = f"PO-{day:%Y%m%d}-{number:03d}"
            for one in lines[start : start + lines_of_a_payout]:
                one.payout = name
            total = sum(one.net for one in lines[start : start + lines_of_a_payout])
            if total > 0:
                payouts[name] = total
        names = list(payouts)
        while names:
            taken = [names.pop(0) for _ in range(min(len(names), chance.choice([1, 1, 1, 2, 3])))]
            amount = sum(payouts[name] for name in taken)
            planted.paid.append(Paid(day=day, amount=amount, payouts=taken))


def _spoil_payments(planted: Planted, chance: random.Random, each: int) -> None:
    if not planted.paid:
        return
    last = max(one.day for one in planted.paid)
    keeper = next(one for one in planted.paid if one.day == last)
    honest = [one for one in planted.paid if one is not keeper]
    chance.shuffle(honest)
    for kind in BANK_KINDS * each:
        if not honest:
            break
        planted.truth += _spoil_payment(planted, honest.pop(), kind, chance)
    amounts = [one.amount for one in planted.paid]
    for one in honest:
        # A line that names nothing is known by its amount alone, which no other one may have.
        one.named = amounts.count(one.amount) > 1 or chance.random() < 0.5 or len(one.payouts) > 1


def _spoil_payment(
    planted: Planted, one: Paid, kind: str, chance: random.Random
) -> list[dict[str, Any]]:
    state, batches = kind.upper(), [" ".join(one.payouts)]
    match kind:
        case "amount":
            one.amount += chance.choice(
                [-1_000, -1, 1, 6_500] if one.amount > 2_000 else [1, 6_500]
            )
        case "date":
            one.day -= timedelta(days=3)
        case "missing_provider":
            planted.paid.remove(one)
            batches = one.payouts
        case "missing_internal":
            planted.paid.append(
                Paid(
                    day=one.day,
                    amount=chance.randint(10**8, 10**9),
                    payouts=["PO-UNHEARD-OF"],
                )
            )
            batches = [""]
        case "duplicate":
            one.copies = 2
        case "late":
            one.day += timedelta(days=10)
    what: tuple[str, ...] = ()
    if kind in {"amount", "date"}:
        state, what = "MISMATCHED", (kind,)
    return [
        {
            "leg": "bank",
            "state": state,
            "what": what,
            "order_id": None,
            "transaction_id": None,
            "batch": batch or None,
        }
        for batch in batches
    ]


def _amount(value: int, style: str) -> str:
    match style:
        case "id":
            return f"{value:,}".replace(",", ".") + ",00"
        case "en":
            return f"{value:,}.00"
        case _:
            return f"{value}.00"


def _moment(at: datetime, style: str) -> str:
    return f"{at:%d/%m/%Y %H:%M:%S}" if style == "id" else f"{at:%Y-%m-%d %H:%M:%S}"


def _settlement_csv(sold: Sequence[Sold], chance: random.Random) -> bytes:
    style = chance.choice(["id", "en", "plain"])
    columns = {
        "Order ID": lambda one: one.order_id,
        "Transaction ID": lambda one: one.transaction_id,
        "Transaction Time": lambda one: _moment(one.at, style),
        "Payment Type": lambda _: "qris",
        "Gross Amount": lambda one: _amount(
            -one.gross if one.status in TAKEN_BACK.values() else one.gross, style
        ),
        "Fee": lambda one: _amount(one.fee, style),
        "Net Amount": lambda one: _amount(one.net, style),
        "Transaction Status": lambda one: one.status,
        "Settlement Date": lambda one: (
            f"{one.settled_on:%d/%m/%Y}" if style == "id" else one.settled_on.isoformat()
        ),
        "Payout ID": lambda one: one.payout,
        f"Column {chance.randrange(100)}": lambda _: "added since",
    }
    names = list(columns)
    chance.shuffle(names)
    rows = [[columns[name](one) for name in names] for one in sold for _ in range(one.copies)]
    chance.shuffle(rows)
    return _written([names, *rows], chance, semicolons=style == "id")


def _bank_csv(paid: Sequence[Paid], chance: random.Random) -> bytes:
    style = chance.choice(["id", "en"])
    rows = []
    for number, one in enumerate(paid):
        named = " ".join(one.payouts) if one.named else ""
        row = [
            f"{one.day:%d/%m/%Y}", f"{one.text} {named}".strip(), f"FT{number:08d}", "",
            _amount(one.amount, style),
        ]  # fmt: skip
        rows += [row] * one.copies
    days = sorted(one.day for one in paid) or [date(2026, 1, 1)]
    for _ in range(chance.randint(0, 5)):  # what has nothing to do with payouts
        day = chance.choice(days)
        rows.append([f"{day:%d/%m/%Y}", "SETORAN TUNAI", "", "", _amount(77_777_777, style)])
        rows.append([f"{day:%d/%m/%Y}", "BIAYA ADM", "", _amount(12_500, style), ""])
    rows.sort(key=lambda row: (row[0][6:], row[0][3:5], row[0][:2]))
    head = [["REKENING KORAN KAS DAERAH"], ["Periode", f"{days[0]} - {days[-1]}"]]
    names = ["Tanggal", "Keterangan", "No Referensi", "Debet", "Kredit"]
    return _written([*head, names, *rows], chance, semicolons=style == "id")


def _written(rows: Sequence[Sequence[str]], chance: random.Random, *, semicolons: bool) -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=";" if semicolons else ",").writerows(rows)
    return text.getvalue().encode("utf-8-sig" if chance.random() < 0.5 else "utf-8")


def told(differences: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return a report's differences (as its JSON has them) in the form of the truth."""
    return [
        {
            "leg": one["leg"],
            "state": str(one["state"]),
            "what": tuple(one["what"]),
            "order_id": one["order_id"] if one["leg"] == "provider" else None,
            "transaction_id": one["transaction_id"],
            "batch": one["batch"] if one["leg"] == "bank" else None,
        }
        for one in differences
        if one["state"] not in {"MATCHED", "EXPECTED"}
    ]


def in_order(truth: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return truths in an order of their own, to compare them with a report's."""
    return sorted(repr(sorted(one.items())) for one in truth)
