"""`simpul payments leakage`: what was issued, scanned, paid, settled and banked."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import typer
from rich.table import Column, Table

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
    shown,
    span,
    write_csv,
)
from cli.screen import JsonOption, one_line, out, show_json
from cli.surroundings import Surroundings
from functions.payment_webhooks.books.leakage import COLUMNS, leakage, total
from functions.payment_webhooks.books.payout_items import banked_of
from functions.payment_webhooks.configuration import payments_of
from functions.payment_webhooks.indexes import BY_DAY
from functions.payment_webhooks.items import DAY_SHARDS, day_partition
from functions.payment_webhooks.orders.redeeming import scans_of
from shared.dynamo import from_item

#: Until so much later a payment may be paid out.
_PAID_OUT_WITHIN = timedelta(days=60)
#: A step of the money: its title, and the columns of how many and how much, one above the other.
_STEPS = (
    ("terbit\nissued", ("issued", "issued_amount")),
    ("dipindai\nscanned", ("scanned",)),
    ("ditolak\nrefused", ("refused_scans",)),
    ("dibayar\npaid", ("paid", "paid_amount")),
    ("selesai\nsettled", ("settled", "settled_amount")),
    ("di bank\nbanked", ("banked", "banked_amount")),
    ("belum\nmissing", ("unsettled_amount", "unbanked_amount")),
)


def leakage_(
    ctx: typer.Context,
    jurisdiction: JurisdictionOption = "semarang",
    first: FromOption = None,
    last: ToOption = None,
    as_csv: CsvOption = False,
    as_json: JsonOption = False,
) -> None:
    """Terbit, dipindai, dibayar, diselesaikan, sampai di bank. / Issued, scanned, paid, banked.

    Tiap tempat, produk, dan hari; tanpa tanggal, tujuh hari terakhir. / By site, product and day.
    """
    around: Surroundings = ctx.obj
    jurisdiction_id = known_jurisdiction(jurisdiction)
    days = span(first, last, usual_days=7)
    journal, files = journal_of(around), files_of(around)
    settled = {
        name: payout
        for day in days
        for _, of_file in files.settled_on(jurisdiction_id, day.isoformat())
        for name, payout in of_file.items()
    }
    payouts = journal.payouts(jurisdiction_id, days[0], days[-1] + _PAID_OUT_WITHIN)
    rows = leakage(
        orders=_orders(around, jurisdiction_id, days),
        scans=_scans(around, jurisdiction_id, days),
        entries=entries_of(journal, jurisdiction_id, days),
        settled=settled,
        banked=frozenset(banked_of(payouts, "")),
    )
    rows.append(total(rows))
    if as_json:
        show_json({"rows": rows[:-1], "total": rows[-1]})
    elif as_csv:
        write_csv(COLUMNS, rows)
    else:
        out.print(_table(rows))


def _table(rows: Sequence[Mapping[str, Any]]) -> Table:
    """Return the rows as a table for 80 columns: number above rupiah, each step beside the last.

    What is missing is the rupiah paid and not settled, above those not yet at the bank.
    """
    titles = (Column(title, justify="right", overflow="fold") for title, _ in _STEPS)
    table = Table(Column("tempat, produk, hari\nsite, product, day", overflow="fold"), *titles)
    for row in rows:
        where = "\n".join(one_line(row[name]) for name in COLUMNS[:3])
        numbers = ("\n".join(shown(row[name]) for name in names) for _, names in _STEPS)
        table.add_row(where, *numbers, end_section=True)
    return table


def _orders(
    around: Surroundings, jurisdiction_id: str, days: Sequence[date]
) -> Iterator[Mapping[str, Any]]:
    with progress() as bar:
        for day in bar.track(days, description="Pesanan / orders"):
            for shard in range(DAY_SHARDS):
                key = day_partition(jurisdiction_id, day, shard)
                for one in _queried(around, "day_shard", key, IndexName=BY_DAY):
                    yield {**one, "day": day.isoformat()}


def _scans(
    around: Surroundings, jurisdiction_id: str, days: Sequence[date]
) -> Iterator[Mapping[str, Any]]:
    sites = [None, *(site.id for site in payments_of(jurisdiction_id).sites)]
    with progress() as bar:
        for day in bar.track(days, description="Pindaian / scans"):
            for site in sites:
                key = scans_of(jurisdiction_id, site, day.isoformat())
                for one in _queried(around, "pk", key):
                    yield {**one, "site": site, "day": day.isoformat()}


def _queried(
    around: Surroundings, name: str, value: str, **more: Any
) -> Iterator[Mapping[str, Any]]:
    pages = around.dynamodb.get_paginator("query").paginate(
        TableName=around.outputs.tables.payments,
        KeyConditionExpression="#key = :key",
        ExpressionAttributeNames={"#key": name},
        ExpressionAttributeValues={":key": {"S": value}},
        **more,
    )
    for page in pages:
        yield from map(from_item, page["Items"])
