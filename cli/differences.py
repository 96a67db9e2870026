"""`simpul payments differences`: what all files found and nothing explains yet, and how old it is."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Annotated, Any

import typer
from rich.table import Column, Table

from cli.books import (
    CsvOption,
    JurisdictionOption,
    entries_of,
    files_of,
    journal_of,
    known_jurisdiction,
    shown,
    write_csv,
)
from cli.screen import CannotContinue, JsonOption, done, one_line, out, show_json
from cli.surroundings import Surroundings
from functions.payment_webhooks.books.differences import BANK, PROVIDER
from functions.payment_webhooks.books.ours import ours
from functions.payment_webhooks.books.outstanding import COLUMNS, Known, days_of, outstanding, told
from functions.payment_webhooks.books.payout_items import banked_of, explained_lines
from functions.payment_webhooks.books.report import span_of
from shared.clock import now, to_text
from shared.days import day_of

#: So long before and after the days of differences payouts and bank lines are looked for.
_AROUND = timedelta(days=60)


def differences_(
    ctx: typer.Context,
    jurisdiction: JurisdictionOption = "semarang",
    as_csv: CsvOption = False,
    as_json: JsonOption = False,
) -> None:
    """Selisih dari semua berkas yang belum jelas, menurut umurnya. / Open differences by age.

    Yang terlambat tetapi sudah masuk tidak termasuk. / What came late, but came, is left out.
    """
    found = _found(ctx.obj, known_jurisdiction(jurisdiction))
    if as_json:
        show_json(found)
    elif as_csv:
        rows = [{name: _cell(one.get(name)) for name in COLUMNS} for one in found["differences"]]
        write_csv(COLUMNS, rows)
    elif not found["differences"]:
        out.print(done("Tidak ada selisih terbuka. / There is no open difference."))
    else:
        out.print(_table(found))
        out.print(_ages(found))


def explain(
    ctx: typer.Context,
    difference_id: Annotated[str, typer.Argument(help="Seperti di daftar. / As it is listed.")],
    why: Annotated[str, typer.Option("--why", help="Sebabnya. / What explains it.")],
    jurisdiction: JurisdictionOption = "semarang",
) -> None:
    """Catat penjelasan suatu selisih, sekali. / Note what explains a difference, once.

    Tidak ada yang dibukukan. / Nothing is posted.
    """
    around: Surroundings = ctx.obj
    jurisdiction_id = known_jurisdiction(jurisdiction)
    if not why.strip():
        raise CannotContinue("Tulis sebabnya dengan --why. / Say what explains it.")
    listed = {one["id"] for one in _found(around, jurisdiction_id)["differences"]}
    if difference_id not in listed:
        raise CannotContinue(
            f"Tidak ada selisih terbuka `{one_line(difference_id)}`; lihat "
            "`simpul payments differences`. / There is no such open difference."
        )
    noted = {"why": one_line(why)[:500], "at": to_text(now())}
    journal_of(around).explain(jurisdiction_id, difference_id, noted)
    out.print(done(f"{difference_id} dijelaskan / explained"))


def _found(around: Surroundings, jurisdiction_id: str) -> dict[str, Any]:
    journal, files = journal_of(around), files_of(around)
    reports = [one for kind in (PROVIDER, BANK) for one in files.reports(jurisdiction_id, kind)]
    rows = told(reports)
    days = days_of(rows)
    of_bank = [date.fromisoformat(one["day"]) for one in rows if one["leg"] == BANK]
    banked: dict[str, str] = {}
    lines: frozenset[str] = frozenset()
    if of_bank:
        span = (min(of_bank) - _AROUND, max(of_bank) + _AROUND)
        banked = banked_of(journal.payouts(jurisdiction_id, *span), "")
        lines = explained_lines(journal.bank_lines(jurisdiction_id, *span))
    known = Known(
        ours=ours(entries_of(journal, jurisdiction_id, days)),
        settled=frozenset(
            name
            for day in days
            for _, settled in files.settled_on(jurisdiction_id, day.isoformat())
            for name in settled
        ),
        banked=banked,
        explained_lines=lines,
        explained=frozenset(one["sk"] for one in journal.explanations(jurisdiction_id)),
    )
    return outstanding(rows, known, day_of(now()))


def _cell(value: Any) -> Any:
    if isinstance(value, Mapping):
        return " ".join(f"{name}={one}" for name, one in value.items())
    return " ".join(value) if isinstance(value, list) else value


def _table(found: Mapping[str, Any]) -> Table:
    table = Table(
        Column("id, hari, umur\nid, day, age", no_wrap=True),
        Column("keadaan\nstate", no_wrap=True),
        Column("transaksi, pesanan\ntransaction, order", overflow="fold"),
        Column("rupiah\nours → theirs", justify="right", overflow="fold"),
    )
    for one in found["differences"]:
        what = f"\n({', '.join(one['what'])})" if one["what"] else ""
        names = filter(None, (one["transaction_id"] or one["batch"], one["order_id"]))
        sides = " → ".join(filter(None, (_cell(one["ours"]), _cell(one["theirs"]))))
        table.add_row(
            f"{one['id']}\n{one['day']}\n{one['age_days']} hari",
            one["state"] + what,
            "\n".join(map(one_line, names)),
            f"{shown(one['amount'])}\n{one_line(sides)}",
            end_section=True,
        )
    return table


def _ages(found: Mapping[str, Any]) -> Table:
    table = Table(
        "umur / age", Column("banyak", justify="right"), Column("rupiah", justify="right")
    )
    for age in found["ageing"]:
        table.add_row(span_of(age), shown(age["count"]), shown(age["amount"]))
    table.add_row("semua / all", shown(found["count"]), shown(found["amount"]))
    return table
