"""`simpul payments reconcile`: a settlement file or a bank's statement against the ledger."""

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.prompt import Confirm

from cli.books import (
    CsvOption,
    JurisdictionOption,
    files_of,
    journal_of,
    known_jurisdiction,
    progress,
)
from cli.screen import CannotContinue, JsonOption, done, err, out, plain, show_json
from cli.surroundings import Surroundings
from functions.payment_webhooks.books.columns import UnreadableFile
from functions.payment_webhooks.books.differences import FEE, OPEN, State
from functions.payment_webhooks.books.posting_payouts import fee_entry
from functions.payment_webhooks.books.reconciling import (
    Books,
    digest_of,
    read_before,
    reconcile_bank_file,
    reconcile_provider_file,
)
from functions.payment_webhooks.books.report import as_csv as as_csv_
from functions.payment_webhooks.books.report import as_text
from functions.payment_webhooks.configuration import payments_of
from shared import config
from shared.clock import from_text, now
from shared.days import day_of

FileArgument = Annotated[
    Path,
    typer.Argument(exists=True, dir_okay=False, help="Berkas CSV penyedia. / A provider's file."),
]


def reconcile(
    ctx: typer.Context,
    file: FileArgument,
    bank: Annotated[
        Path | None,
        typer.Option("--bank", exists=True, dir_okay=False, help="Rekening koran. / A statement."),
    ] = None,
    jurisdiction: JurisdictionOption = "semarang",
    is_bank: Annotated[
        bool,
        typer.Option("--statement", help="FILE itu rekening koran. / FILE is a bank's statement."),
    ] = False,
    again: Annotated[
        bool, typer.Option("--again", help="Baca lagi walau sudah. / Read it again.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Jangan simpan apa pun. / Keep nothing.")
    ] = False,
    as_csv: CsvOption = False,
    as_json: JsonOption = False,
) -> None:
    """Cocokkan berkas penyedia (dan rekening koran) dengan buku besar. / Reconcile a file.

    Berkas yang isinya sama hanya dibaca sekali. / The same content is read only once.
    """
    around: Surroundings = ctx.obj
    content, statement = file.read_bytes(), bank.read_bytes() if bank else None
    with _books(around, jurisdiction, keeps=not dry_run) as books:
        known = None if again or dry_run else read_before(books, content)
        if known is not None and statement is not None:
            known = None  # the statement may be news
        try:
            report = known or _reconciled(books, file.name, content, statement, is_bank=is_bank)
        except UnreadableFile as error:
            raise CannotContinue(f"{error.told.id} / {error.told.en}") from None
    _show(report, as_csv=as_csv, as_json=as_json)
    if known is not None and not (as_csv or as_json):
        err.print("Isi berkas ini sudah pernah dibaca. / This content was read before.")


def accept_fees(
    ctx: typer.Context,
    file: FileArgument,
    jurisdiction: JurisdictionOption = "semarang",
    yes: Annotated[bool, typer.Option("--yes", help="Tanpa bertanya. / Do not ask.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Bukukan potongan (MDR) seperti berkas penyedia. / Post fees as the provider's file has them.

    Hanya baris yang berbeda potongannya saja. / Only lines that differ in nothing but the fee.
    """
    around: Surroundings = ctx.obj
    content = file.read_bytes()
    with _books(around, jurisdiction, keeps=False) as books:
        try:
            report = reconcile_provider_file(books, file.name, content, as_of=now())
        except UnreadableFile as error:
            raise CannotContinue(f"{error.told.id} / {error.told.en}") from None
    accepted = [
        one
        for one in report["differences"]
        if one["state"] == State.MISMATCHED and list(one["what"]) == [FEE]
    ]
    more = sum(_more(one) for one in accepted)
    if accepted and not yes:
        question = f"Bukukan {len(accepted)} potongan, selisih Rp{more:,}? / Post these fees?"
        if not Confirm.ask(question, console=err):
            raise typer.Exit(1)
    journal = journal_of(around)
    posted = 0
    for one in accepted:
        entry = fee_entry(
            books.jurisdiction_id,
            provider=one["provider"],
            transaction_id=one["transaction_id"],
            order_id=one["order_id"],
            product=one["product"],
            site=one["site"],
            day=day_of(from_text(f"{one['day']}T12:00:00+07:00")),
            more=_more(one),
            note=digest_of(content)[:12],
            posted_at=now(),
        )
        posted += journal.post(entry)
    if as_json:
        show_json({"posted": posted, "more": more})
    else:
        out.print(done(f"{posted} potongan dibukukan, Rp{more:,} / fees posted"))


def _more(difference: Mapping[str, Any]) -> int:
    theirs, ours = difference["theirs"][FEE], difference["ours"][FEE]
    return int(round(theirs) - ours)


def _reconciled(
    books: Books, name: str, content: bytes, statement: bytes | None, *, is_bank: bool
) -> Mapping[str, Any]:
    if is_bank:
        return reconcile_bank_file(books, name, content, as_of=now())
    return reconcile_provider_file(books, name, content, as_of=now(), bank=statement)


@contextmanager
def _books(around: Surroundings, jurisdiction: str, *, keeps: bool) -> Iterator[Books]:
    """Give what reconciling works with, and show how far it is."""
    jurisdiction_id = known_jurisdiction(jurisdiction)
    with progress() as bar:
        tasks: dict[str, Any] = {}
        titles = {"lines": "Baris / lines", "days": "Hari jurnal / days of the journal"}

        def tell(what: str, done_: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = bar.add_task(titles[what], total=total)
            bar.update(tasks[what], completed=done_, total=total)

        yield Books(
            jurisdiction_id=jurisdiction_id,
            journal=journal_of(around),
            files=files_of(around),
            settlement=payments_of(jurisdiction_id).settlement,
            days_off=config.load(jurisdiction_id).days_off,
            keeps=keeps,
            progress=tell,
        )


def _show(report: Mapping[str, Any], *, as_csv: bool, as_json: bool) -> None:
    if as_json:
        show_json(report)
    elif as_csv:
        sys.stdout.write(as_csv_(report))
    else:
        out.print(plain(as_text(report)), soft_wrap=True)
        open_ = sum(counts[state] for counts in report["counts"].values() for state in OPEN)
        if open_ == 0:
            out.print(done("Tidak ada selisih. / No difference."))
