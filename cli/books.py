"""What the commands of the books share: where they read, which days, and how they print rows."""

import csv
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Annotated, Any, TextIO

import typer
from botocore.config import Config
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Column, Table

from cli.screen import CannotContinue, err, one_line, out
from cli.surroundings import Surroundings
from functions.payment_webhooks.books.cells import day_of, moment
from functions.payment_webhooks.books.files import BookFiles
from functions.payment_webhooks.books.journal import Journal
from functions.payment_webhooks.books.report import neutral
from shared import config
from shared.clock import now
from shared.days import day_of as day_of_instant

JurisdictionOption = Annotated[str, typer.Option("--jurisdiction", "-j", help="semarang, jateng")]
CsvOption = Annotated[bool, typer.Option("--csv", help="Keluaran CSV. / Print CSV.")]
FromOption = Annotated[
    str | None, typer.Option("--from", help="Hari pertama (WIB). / The first day.")
]
ToOption = Annotated[str | None, typer.Option("--to", help="Hari terakhir (WIB). / The last day.")]


def journal_of(around: Surroundings) -> Journal:
    """Return the journal of the deployment, read as the account's own user."""
    tables = around.outputs.tables
    return Journal(tables.ledger, tables.payments, lambda: around.dynamodb)


def files_of(around: Surroundings) -> BookFiles:
    """Return the bucket of the books."""
    client = around.client("s3", config=Config(s3={"addressing_style": "path"}))
    return BookFiles(around.outputs.buckets["payments"], lambda: client)


def known_jurisdiction(jurisdiction_id: str) -> str:
    """Return a jurisdiction's id.

    Raises:
        CannotContinue: there is none of this id.
    """
    if jurisdiction_id not in config.jurisdiction_ids():
        raise CannotContinue(
            f"Wilayah `{jurisdiction_id}` tidak ada; pilih: "
            f"{', '.join(config.jurisdiction_ids())}. / There is no such jurisdiction."
        )
    return jurisdiction_id


def span(first: str | None, last: str | None, *, usual_days: int = 30) -> Sequence[date]:
    """Return the days that were asked for: without any, the last 30 to today.

    Raises:
        CannotContinue: they are no days, or in the wrong order, or too many.
    """
    end = _day(last) if last else day_of_instant(now())
    start = _day(first) if first else end - timedelta(days=usual_days - 1)
    count = (end - start).days + 1
    if not 1 <= count <= 3660:  # noqa: PLR2004 (ten years)
        raise CannotContinue(
            f"Rentang {start} sampai {end} tidak dapat dipakai. / The range cannot be used."
        )
    return [start + timedelta(days=n) for n in range(count)]


def entries_of(
    journal: Journal, jurisdiction_id: str, days: Sequence[date]
) -> Iterator[Mapping[str, Any]]:
    """Yield the entries of days, in the order of what happened, and show how far it is."""
    with progress() as bar:
        task = bar.add_task("Jurnal / journal", total=len(days))
        for day in days:
            found = list(journal.entries(jurisdiction_id, day))
            yield from sorted(found, key=lambda one: (one["occurred_at"], one["entry_id"]))
            bar.advance(task)


@contextmanager
def progress() -> Iterator[Progress]:
    """Show a bar on the error stream, which leaves the output to whoever reads it."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeElapsedColumn(), console=err, transient=True) as bar:
        yield bar


def write_csv(
    columns: Sequence[str], rows: Iterable[Mapping[str, Any]], file: TextIO | None = None
) -> int:
    """Write rows as CSV of which no cell can be read as a formula; return how many."""
    writer = csv.writer(file or sys.stdout)
    writer.writerow(columns)
    count = 0
    for row in rows:
        writer.writerow([neutral(row[name]) for name in columns])
        count += 1
    return count


def show_rows(columns: Mapping[str, str], rows: Iterable[Mapping[str, Any]]) -> None:
    """Print a table; `columns` are titles by name, and numbers stand at the right."""
    listed = list(rows)
    table = Table(
        *(
            Column(
                title,
                justify="right" if listed and isinstance(listed[0][name], int) else "left",
            )
            for name, title in columns.items()
        )
    )
    for row in listed:
        table.add_row(*(shown(row[name]) for name in columns))
    out.print(table)


def shown(value: Any) -> str:
    """Return a cell: numbers with points between thousands, as in Indonesia."""
    return f"{value:,}".replace(",", ".") if isinstance(value, int) else one_line(value)


def _day(written: str) -> date:
    try:
        return day_of(moment(written))
    except ValueError:
        raise CannotContinue(
            f"`{written}` bukan tanggal; tulis seperti 2026-11-20. / It is not a date."
        ) from None
