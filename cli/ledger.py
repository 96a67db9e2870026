"""`simpul ledger`: verify the journal, seal it, and print balances and the journal itself."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.text import Text

from cli.books import (
    CsvOption,
    FromOption,
    JurisdictionOption,
    ToOption,
    entries_of,
    files_of,
    journal_of,
    known_jurisdiction,
    progress,
    show_rows,
    span,
    write_csv,
)
from cli.orders_read import orders_of, version_of
from cli.screen import CannotContinue, JsonOption, done, err, out, plain, show_json
from cli.surroundings import Surroundings
from functions.payment_webhooks.books.balances import make_anew
from functions.payment_webhooks.books.balancing import Balancing
from functions.payment_webhooks.books.following import Following
from functions.payment_webhooks.books.sealing import seal_closed
from functions.payment_webhooks.books.statements import (
    BALANCE_COLUMNS,
    JOURNAL_COLUMNS,
    balance_rows,
    journal_rows,
    trial_balance,
)
from functions.payment_webhooks.books.verifying import Fault, Verified, verify
from shared import config
from shared.clock import now
from shared.dynamo import from_attribute

app = typer.Typer(no_args_is_help=True, help="Buku besar. / The ledger.")

_MEANINGS = {
    Fault.ALTERED: "diubah / altered",
    Fault.MISSING: "hilang / missing",
    Fault.INSERTED: "disisipkan / inserted",
    Fault.MISPLACED: "salah tempat / kept in another place",
    Fault.UNBALANCED: "tidak seimbang / not balanced",
    Fault.UNSEALED: "belum disegel / not sealed in time",
    Fault.MANIFEST: "daftar segel rusak / the seal's manifest",
    Fault.CHAIN: "rantai segel putus / the chain of seals",
    Fault.GAP: "jam tanpa segel / hours without a seal",
    Fault.PUBLISHED: "bukan segel yang diumumkan / not the published seal",
    Fault.SUM: "jumlah semua baris bukan nol / all lines do not sum to zero",
    Fault.BALANCE: "saldo hari ini bukan jumlah ayatnya / a day's totals are not its entries'",
}


@app.command("verify")
def verify_(
    ctx: typer.Context,
    published: Annotated[
        Path | None,
        typer.Option(
            "--published",
            exists=True,
            dir_okay=False,
            help="Segel yang disimpan dari GET /ledger/seals. / Seals that were kept elsewhere.",
        ),
    ] = None,
    with_orders: Annotated[
        bool,
        typer.Option("--orders/--no-orders", help="Cocokkan dengan pesanan. / Compare orders."),
    ] = True,
    as_json: JsonOption = False,
) -> None:
    """Periksa setiap ayat jurnal, segel, dan jumlahnya. / Verify every entry, seal and sum.

    Selesai dengan 1 bila ada temuan. / Leaves with 1 if anything is found.
    """
    around: Surroundings = ctx.obj
    journal, files = journal_of(around), files_of(around)
    seals = [seal for one in config.jurisdiction_ids() for seal in journal.seals(one)]
    following, balancing = Following(), Balancing()
    for one in config.jurisdiction_ids():
        up_to = journal.up_to(one)  # first: totals that are made meanwhile count more, not less
        balancing.stand(one, journal.totals(one, date.min, date.max), up_to)
    with progress() as bar:
        if with_orders:
            for order in bar.track(orders_of(around), description="Pesanan / orders"):
                following.stands(order)
        task = bar.add_task("Ayat / entries", total=None)
        sealing = bar.add_task("Segel / seals", total=len(seals))

        def entries() -> Iterator[Mapping[str, Any]]:
            for page in _pages(around):
                bar.advance(task, len(page))
                for entry in page:
                    following.reads(entry)
                    balancing.reads(entry)
                    yield entry

        def manifest_of(jurisdiction_id: str, hour: str) -> Any:
            bar.advance(sealing)
            return files.manifest(jurisdiction_id, hour)

        found = verify(entries(), seals, manifest_of, now=now(), published=_published(published))
    found.findings += balancing.findings()
    if with_orders:
        known = frozenset(one.entry_id for one in found.findings if one.entry_id)
        found.findings += following.findings(lambda number: version_of(around, number), known)
    _show(found, as_json=as_json)
    if found.findings:
        raise typer.Exit(1)


@app.command()
def seal(ctx: typer.Context, as_json: JsonOption = False) -> None:
    """Segel jam yang sudah tutup, seperti tiap jam dilakukan. / Seal closed hours now.

    Boleh diulang. / May be repeated.
    """
    around: Surroundings = ctx.obj
    journal, files = journal_of(around), files_of(around)
    made = []
    altered: list[str] = []
    with progress() as bar:
        task = bar.add_task("Segel / seals", total=None)
        for jurisdiction_id in config.jurisdiction_ids():
            for one in seal_closed(jurisdiction_id, journal=journal, manifests=files, now=now()):
                made.append(dict(one.values))
                altered += one.altered
                bar.advance(task)
    if as_json:
        show_json({"seals": made, "altered": altered})
    else:
        for values in made:
            out.print(
                f"{values['jurisdiction_id']} {values['hour']}  {values['entries']:>6}  "
                f"{values['root']}",
                soft_wrap=True,
            )
        out.print(done(f"{len(made)} jam disegel / hours sealed"))
    if altered:
        err.print(
            f"✗ Tidak cocok dengan sidiknya / not as their hashes say: {', '.join(altered)}",
            style="red",
        )
        raise typer.Exit(1)


@app.command("trial-balance")
def trial_balance_(
    ctx: typer.Context,
    jurisdiction: JurisdictionOption = "semarang",
    first: FromOption = None,
    last: ToOption = None,
    as_csv: CsvOption = False,
    as_json: JsonOption = False,
) -> None:
    """Neraca saldo dari jurnal; tanpa tanggal, seluruhnya. / Trial balance of the journal.

    Selesai dengan 1 bila tidak seimbang. / Leaves with 1 if it does not balance.
    """
    around: Surroundings = ctx.obj
    found = trial_balance(_entries(around, known_jurisdiction(jurisdiction), first, last))
    if as_json:
        show_json(found)
    elif as_csv:
        write_csv(BALANCE_COLUMNS, [*found["accounts"], found["total"]])
    else:
        show_rows(
            {"account": "akun / account", "debit": "debet", "credit": "kredit", "balance": "saldo"},
            [*found["accounts"], found["total"]],
        )
    if not found["balanced"]:
        raise typer.Exit(1)


@app.command()
def export(
    ctx: typer.Context,
    jurisdiction: JurisdictionOption = "semarang",
    first: FromOption = None,
    last: ToOption = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Berkas CSV. / A CSV file.")
    ] = None,
) -> None:
    """Jurnal sebagai CSV, satu baris tiap akun. / The journal as CSV, a row for each line."""
    around: Surroundings = ctx.obj
    rows = journal_rows(_entries(around, known_jurisdiction(jurisdiction), first, last))
    if output is None:
        write_csv(JOURNAL_COLUMNS, rows)
        return
    with output.open("w", encoding="utf-8-sig", newline="") as file:
        count = write_csv(JOURNAL_COLUMNS, rows, file)
    out.print(done(f"{count} baris di {output} / lines"))


@app.command()
def balances(
    ctx: typer.Context,
    jurisdiction: JurisdictionOption = "semarang",
    first: FromOption = None,
    last: ToOption = None,
    anew: Annotated[
        bool, typer.Option("--anew", help="Hitung ulang dari jurnal. / Make them anew.")
    ] = False,
    as_csv: CsvOption = False,
    as_json: JsonOption = False,
) -> None:
    """Saldo tiap akun dan hari. / Balances by account and day."""
    around: Surroundings = ctx.obj
    journal, days = journal_of(around), span(first, last)
    known_jurisdiction(jurisdiction)
    if anew:
        with progress() as bar:
            for day in bar.track(days, description="Saldo / balances"):
                make_anew(jurisdiction, day, journal=journal, clock=now)
    rows = list(balance_rows(journal.totals(jurisdiction, days[0], days[-1])))
    columns = ("day", *BALANCE_COLUMNS, "as_of")
    if as_json:
        show_json(rows)
    elif as_csv:
        write_csv(columns, rows)
    else:
        titles = ("hari / day", "akun / account", "debet", "kredit", "saldo", "per / as of")
        show_rows(dict(zip(columns, titles, strict=True)), rows)


def _show(found: Verified, *, as_json: bool) -> None:
    if as_json:
        show_json(
            {
                "ok": not found.findings,
                "entries": found.entries,
                "sealed": found.sealed,
                "seals": found.seals,
                "sums": found.sums,
                "findings": [asdict(one) for one in found.findings],
            }
        )
        return
    out.print(
        f"{found.entries} ayat, {found.sealed} tersegel, {found.seals} segel "
        "/ entries, sealed, seals"
    )
    for one in found.findings:
        what = one.entry_id or one.hour or one.day or ""
        out.print(
            Text.assemble(
                ("✗", "red"),
                f" {_MEANINGS[one.fault]}: {plain(one.jurisdiction_id)} {plain(what)} ",
                (plain(one.detail), "dim"),
            ),
            soft_wrap=True,
        )
    if not found.findings:
        out.print(done("Buku besar utuh dan seimbang. / The ledger is whole and balanced."))


def _entries(
    around: Surroundings, jurisdiction_id: str, first: str | None, last: str | None
) -> Iterator[Mapping[str, Any]]:
    """Yield the entries of some days; if none are named, all there are."""
    if first or last:
        yield from entries_of(journal_of(around), jurisdiction_id, span(first, last))
        return
    with progress() as bar:
        task = bar.add_task("Jurnal / journal", total=None)
        for page in _pages(around):
            bar.advance(task, len(page))
            yield from (one for one in page if one["pk"].startswith(f"J#{jurisdiction_id}#"))


def _pages(around: Surroundings) -> Iterator[Sequence[Mapping[str, Any]]]:
    """Yield everything in the ledger's table: whatever is there is to be verified."""
    paginator = around.dynamodb.get_paginator("scan")
    for page in paginator.paginate(TableName=around.outputs.tables.ledger, ConsistentRead=True):
        yield [_values(item) for item in page["Items"]]


def _values(item: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return an item as plain values; what no entry of ours can hold, as it is stored."""
    found: dict[str, Any] = {}
    for name, attribute in item.items():
        try:
            found[name] = from_attribute(attribute)
        except TypeError:
            found[name] = repr(attribute)
    return found


def _published(file: Path | None) -> Sequence[Mapping[str, Any]]:
    """Return seals that were kept: pages as the API answers them, or a list of seals."""
    if file is None:
        return ()
    try:
        kept = json.loads(file.read_bytes())
        seals = kept["seals"] if isinstance(kept, dict) else kept
        if all(isinstance(seal, dict) and "chain" in seal for seal in seals):
            return list(seals)
    except (KeyError, TypeError, ValueError):
        pass
    raise CannotContinue(f"{file} bukan daftar segel dari GET /ledger/seals. / It holds no seals.")
