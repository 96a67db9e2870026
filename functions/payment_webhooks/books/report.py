"""A reconciliation's report: as JSON, as CSV, and as a table that a treasurer reads."""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any, Final

from functions.payment_webhooks.books.differences import (
    OPEN,
    Difference,
    State,
    ageing,
    counted,
    in_order,
)
from shared.clock import to_text
from shared.days import day_of

VERSION: Final = 1
#: The columns of the CSV and their order.
COLUMNS: Final = (
    "leg", "state", "what", "day", "age_days", "order_id", "transaction_id", "batch", "provider",
    "product", "site", "amount", "ours", "theirs", "line", "note",
)  # fmt: skip
#: What a state means, for the reader of the table.
MEANINGS: Final[Mapping[str, str]] = {
    State.EXPECTED: "belum jatuh tempo / not due yet",
    State.MATCHED: "cocok / matched",
    State.MISMATCHED: "tidak sama / not the same",
    State.MISSING_PROVIDER: "tidak ada pada mereka / they do not have it",
    State.MISSING_INTERNAL: "tidak ada pada kita / we do not have it",
    State.DUPLICATE: "ganda / more than once",
    State.LATE: "terlambat / late",
}
_LEGS: Final = {
    "provider": "Pesanan ↔ transaksi penyedia / orders ↔ provider",
    "bank": "Pencairan ↔ rekening / payouts ↔ bank",
}
#: Where a spreadsheet would read a formula.
_BEGINS_A_FORMULA: Final = re.compile(r"(?<![^;\t\r\n\"])(?=[=+\-@＝＋－＠])")
_WIDEST: Final = 40


def report(
    *,
    jurisdiction_id: str,
    kind: str,
    file: str,
    digest: str,
    as_of: datetime,
    days: tuple[date, date] | None,
    lines: int,
    differences: Iterable[Difference],
    matched: Mapping[str, int],
    matched_amount: int = 0,
    passed_over: int = 0,
    posted: Sequence[str] = (),
) -> dict[str, Any]:
    """Return the report as plain values. What is only expected is counted, and not listed."""
    found = in_order(differences)
    today = day_of(as_of)
    expected = [one for one in found if one.state is State.EXPECTED]
    return {
        "version": VERSION,
        "jurisdiction_id": jurisdiction_id,
        "kind": kind,
        "file": file,
        "sha256": digest,
        "as_of": to_text(as_of),
        "days": {"from": days[0].isoformat(), "to": days[1].isoformat()} if days else None,
        "lines": lines,
        "passed_over": passed_over,
        "counts": counted(found, matched),
        "matched_amount": matched_amount,
        "expected_amount": sum(one.amount for one in expected),
        "differences": [_listed(one, today) for one in found if one.state in OPEN],
        "ageing": [asdict(age) for age in ageing(found, today)],
        "posted": list(posted),
    }


def as_csv(found: Mapping[str, Any]) -> str:
    """Return a report's differences as CSV; no cell can be read as a formula."""
    written = io.StringIO()
    rows = csv.writer(written)
    rows.writerow(COLUMNS)
    for one in found["differences"]:
        cells = {**one, "what": " ".join(one["what"])}
        cells |= {side: _said(one[side]) for side in ("ours", "theirs")}
        rows.writerow([neutral(cells[name]) for name in COLUMNS])
    return written.getvalue()


def as_text(found: Mapping[str, Any]) -> str:
    """Return a report as a table of fixed width."""
    days = found["days"]
    span = f"{days['from']} – {days['to']}" if days else "–"
    parts = [
        f"REKONSILIASI / RECONCILIATION · {found['jurisdiction_id']} · {found['file']}",
        f"Hari / days: {span} · baris / lines: {found['lines']} · {found['as_of']}",
    ]
    for leg, title in _LEGS.items():
        rows = [
            (state, f"{count:,}".replace(",", "."), MEANINGS[state])
            for state, count in found["counts"][leg].items()
        ]
        if any(count for count in found["counts"][leg].values()):
            parts += ["", title, *_table(rows)]
    if found["differences"]:
        parts += ["", "SELISIH / DIFFERENCES"]
        parts += _table(
            [
                (
                    str(one["line"] or "–"),
                    one["state"] + (f" ({', '.join(one['what'])})" if one["what"] else ""),
                    one["transaction_id"] or one["batch"] or "–",
                    one["order_id"] or "–",
                    one["day"],
                    f"Rp{one['amount']:,}".replace(",", "."),
                    " → ".join(filter(None, (_said(one["ours"]), _said(one["theirs"])))),
                )
                for one in found["differences"]
            ]
        )
        parts += ["", "UMUR SELISIH / AGE OF DIFFERENCES"]
        parts += _table(
            [
                (span_of(age), str(age["count"]), f"Rp{age['amount']:,}".replace(",", "."))
                for age in found["ageing"]
            ]
        )
    return "\n".join(parts) + "\n"


def span_of(age: Mapping[str, Any]) -> str:
    """Return an age as people read it: "2–7 hari"."""
    if age["to_days"] is None:
        return f">{age['from_days'] - 1} hari"
    return f"{age['from_days']}–{age['to_days']} hari"


def _listed(one: Difference, today: date) -> dict[str, Any]:
    return {
        **asdict(one),
        "state": str(one.state),
        "what": list(one.what),
        "day": one.day.isoformat(),
        "age_days": (today - one.day).days,
    }


def _said(side: Mapping[str, Any]) -> str:
    return " ".join(f"{name}={value}" for name, value in side.items())


def neutral(value: Any) -> Any:
    """Return a cell of a CSV file that a spreadsheet shows as it is, and never reckons with."""
    return _BEGINS_A_FORMULA.sub("'", value) if isinstance(value, str) else value


def _table(rows: Sequence[Sequence[str]]) -> list[str]:
    cut = [
        [cell[:_WIDEST] if n < len(row) - 1 else cell for n, cell in enumerate(row)] for row in rows
    ]
    widths = [max(map(len, column)) for column in zip(*cut, strict=True)]
    return [
        "  "
        + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in cut
    ]
