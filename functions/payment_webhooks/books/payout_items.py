"""What is kept of payouts and bank lines between files, as the values of items.

A payout is kept once for each file that tells of a part of it, and a mark is put beside it when it
is on the bank account. A bank line that nothing explains is kept until a payout does. Nothing is
changed: marks name the file in whose reading they were made, so that reading it again disregards
them.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from functions.payment_webhooks.books.bank_files import BankLine
from functions.payment_webhooks.books.reconciliation import Batch
from shared.clock import to_text

_SHORT: Final = 12
#: How a mark's sort key ends.
_BANKED: Final = "~banked"
_EXPLAINED: Final = "~explained"


def values_of(batch: Batch, digest: str) -> dict[str, Any]:
    """Return what a file tells of a payout."""
    return {
        "sk": f"{batch.paid_out_on}#{batch.batch}#{digest[:_SHORT]}",
        "batch": batch.batch,
        "provider": batch.provider,
        "paid_out_on": str(batch.paid_out_on),
        "gross_sen": batch.gross_sen,
        "fee_sen": batch.fee_sen,
        "net_sen": batch.net_sen,
        "count": batch.count,
        "by_provider": dict(batch.by_provider),
    }


def mark_of(batch: Batch, line: BankLine, digest: str, at: datetime) -> dict[str, Any]:
    """Return the mark that a payout is on the bank account."""
    return {
        "sk": f"{batch.paid_out_on}#{batch.batch}#{_BANKED}",
        "batch": batch.batch,
        "banked": line.identity,
        "by": digest,
        "at": to_text(at),
    }


def batches_of(kept: Iterable[Mapping[str, Any]]) -> list[Batch]:
    """Return payouts from all that files tell of them."""
    batches: dict[str, Batch] = {}
    for one in kept:
        if "banked" in one:
            continue
        batch = batches.setdefault(
            one["batch"], Batch(batch=one["batch"], provider=one["provider"])
        )
        batch.provider = batch.provider or one["provider"]
        day = date.fromisoformat(one["paid_out_on"])
        batch.paid_out_on = max(batch.paid_out_on or day, day)
        batch.gross_sen += one["gross_sen"]
        batch.fee_sen += one["fee_sen"]
        batch.net_sen += one["net_sen"]
        batch.count += one["count"]
        for provider, net_sen in one["by_provider"].items():
            batch.by_provider[provider] = batch.by_provider.get(provider, 0) + net_sen
    return sorted(batches.values(), key=lambda batch: (str(batch.paid_out_on), batch.batch))


def banked_of(kept: Iterable[Mapping[str, Any]], digest: str) -> dict[str, str]:
    """Return which payouts are on the bank account, each with its line, but for one file's reading."""
    return {one["batch"]: one["banked"] for one in kept if "banked" in one and one["by"] != digest}


def values_of_line(line: BankLine, digest: str) -> dict[str, Any]:
    """Return a bank line that nothing explains."""
    return {
        "sk": f"{line.day}#{digest[:_SHORT]}#{line.number}",
        "day": str(line.day),
        "number": line.number,
        "amount_sen": line.amount_sen,
        "reference": line.reference,
        "description": line.description,
    }


def explained(line: BankLine, batches: Sequence[Batch], digest: str) -> dict[str, Any]:
    """Return the mark that payouts explain a bank line that was kept."""
    names = " ".join(batch.batch for batch in batches)
    return {"sk": f"{line.kept_as}{_EXPLAINED}", "explained": names, "by": digest}


def line_name(digest: str, number: int) -> str:
    """Return what a line of a statement is called, whatever its day: its file and its number."""
    return f"{digest[:_SHORT]}#{number}"


def explained_lines(kept: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    """Return the kept bank lines that payouts have explained, as `line_name` has them."""
    marks = (one["sk"] for one in kept if "explained" in one)
    return frozenset(sk.removesuffix(_EXPLAINED).partition("#")[2] for sk in marks)


def open_lines(kept: Iterable[Mapping[str, Any]], digest: str) -> list[BankLine]:
    """Return the bank lines that nothing explains yet, but for what one file's reading explained."""
    lines: dict[str, Mapping[str, Any]] = {}
    done: set[str] = set()
    for one in kept:
        if "explained" not in one:
            lines[one["sk"]] = one
        elif one["by"] != digest:
            done.add(one["sk"].removesuffix(_EXPLAINED))
    return [
        BankLine(
            number=one["number"],
            day=date.fromisoformat(one["day"]),
            amount_sen=one["amount_sen"],
            reference=one["reference"],
            description=one["description"],
            kept_as=sk,
        )
        for sk, one in sorted(lines.items())
        if sk not in done
    ]
