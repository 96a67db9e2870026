"""Measures reconciling a settlement file of 100,000 lines beside reading it, and its memory."""

import csv
import io
import re
import resource
import sys
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks.figures import Figure, Row, Section
from benchmarks.timing import in_fresh_process

LINES = 100_000

_MOST_MB = 256
_START = datetime(2026, 11, 20, 0, 0, tzinfo=UTC)
#: One line in so many has another fee than expected, one is not ours, one is missing.
_EACH = 1_000


def measure(*, lines: int = LINES) -> Section:
    """Return CPU time and peak memory of reading the file, and of reconciling it."""
    reading_s, reading_mb = in_fresh_process(_read, lines)
    s, mb, differences = in_fresh_process(_reconciled, lines)
    return Section(
        title=f"Reconciling a settlement file of {lines:,} lines",
        how=(
            "Each in a process of its own: the file's bytes through `csv.reader`; and the whole "
            f"way, from bytes and journal items to the report with {differences} differences. "
            "Memory is the process's peak, with all that the function imports."
        ),
        columns=("CPU, s", "× reading", "peak MB"),
        rows=(
            Row("read the CSV", (Figure(reading_s), "", Figure(reading_mb, digits=0))),
            Row(
                "reconcile and report",
                (Figure(s), Figure(s / reading_s, digits=1), Figure(mb, _MOST_MB, digits=0)),
            ),
        ),
    )


def _read(lines: int) -> tuple[float, float]:
    content = settlement_file(lines)
    begun = time.process_time()
    rows = sum(1 for _ in csv.reader(io.TextIOWrapper(io.BytesIO(content), "utf-8")))
    assert rows == lines + 1
    return time.process_time() - begun, _peak_mb()


def _reconciled(lines: int) -> tuple[float, float, int]:
    from functions.payment_webhooks import on_settlement_file  # what the function imports
    from functions.payment_webhooks.books.ours import ours
    from functions.payment_webhooks.books.payouts import reconcile_payouts
    from functions.payment_webhooks.books.reconciliation import reconcile
    from functions.payment_webhooks.books.report import as_csv, as_text, report
    from functions.payment_webhooks.books.settlement_files import provider_lines

    assert callable(on_settlement_file.handler)
    content = settlement_file(lines)
    begun = time.process_time()
    read = list(provider_lines(io.BytesIO(content)))
    found = reconcile(ours(entries(lines)), read)
    banked = reconcile_payouts(found.batches, [])
    told = report(
        jurisdiction_id="semarang",
        kind="provider",
        file="bench.csv",
        digest="0" * 64,
        as_of=_START + timedelta(days=10),
        days=None,
        lines=found.lines,
        differences=[*found.differences, *banked.differences],
        matched={"provider": found.matched},
    )
    assert as_csv(told)
    assert as_text(told)
    s = time.process_time() - begun
    assert found.matched == lines - lines // _EACH * 2
    return s, _peak_mb(), len(told["differences"])


def settlement_file(lines: int) -> bytes:
    """Return a provider's file of so many payments within ten hours."""
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(
        ("Order ID", "Transaction ID", "Transaction Time", "Payment Type", "Gross Amount", "Fee",
         "Net Amount", "Transaction Status", "Settlement Date", "Payout ID")
    )  # fmt: skip
    for number in range(lines):
        at = _START + timedelta(hours=7, milliseconds=360 * number)
        fee = 24 + (number % _EACH == 1)
        name = f"not-ours-{number}" if number % _EACH == 2 else _transaction(number)
        rows.writerow(
            (_order(number), name, f"{at:%Y-%m-%d %H:%M:%S}", "qris", "3.500,00", f"{fee},00",
             f"{3_500 - fee},00", "settlement", "2026-11-23", f"PO-{number // 500}")
        )  # fmt: skip
    return text.getvalue().encode()


def entries(lines: int) -> Iterator[Mapping[str, Any]]:
    """Yield the journal's entries of the payments, as they are read from the table."""
    for number in range(lines):
        if number % _EACH == 2:
            continue
        at = _START + timedelta(milliseconds=360 * number)
        yield {
            "entry_id": f"{number:026x}",
            "kind": "sale",
            "jurisdiction_id": "semarang",
            "order_id": _order(number),
            "provider": "midtrans",
            "transaction_id": _transaction(number),
            "reference": "",
            "product": "brt",
            "site": "koridor-1",
            "occurred_at": f"{at:%Y-%m-%dT%H:%M:%S}.000Z",
            "lines": [
                {"account": "clearing:midtrans", "amount": 3_476},
                {"account": "mdr:midtrans", "amount": 24},
                {"account": "revenue:semarang-dishub:4.1.02.01.04.0001", "amount": -3_500},
            ],
        }


def _order(number: int) -> str:
    return f"SMG-BRT-{number:013d}"


def _transaction(number: int) -> str:
    return f"{number:08x}-1b2c-4d5e-8f90-{number:012x}"


def _peak_mb() -> float:
    """Return the process's peak memory; `getrusage` would count what its parent had as well."""
    status = Path("/proc/self/status")
    if status.exists():
        (peak,) = re.findall(r"^VmHWM:\s+(\d+) kB$", status.read_text(), re.MULTILINE)
        return int(peak) / 1024
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (1024 * 1024 if sys.platform == "darwin" else 1024)
