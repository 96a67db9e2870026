"""`simpul stuck`: complaints that do not get on, each with what keeps it."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain, islice
from typing import Annotated, Any

import typer
from rich.table import Table

from cli.complaints_table import listed, record
from cli.screen import JsonOption, done, one_line, out, show_json
from cli.surroundings import Surroundings
from shared import config
from shared.clock import to_text
from shared.complaints.indexes import BY_STUCK, BY_UNDELIVERED
from shared.complaints.items import UNDELIVERED_SHARDS, complaint_from

UNDELIVERED = "undelivered"
UNACKNOWLEDGED = "unacknowledged"
UNREADABLE = "unreadable"
_MEANS = {
    UNDELIVERED: "belum sampai di antrean dinas / not on its agency's queue yet",
    UNACKNOWLEDGED: "dinas belum mengakui / its agency has not acknowledged it",
    UNREADABLE: "catatan rusak / its record cannot be read",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Stuck:
    """A complaint that does not get on: since when and why, and whose it is, where that is known."""

    complaint_id: str
    why: str
    since: str  #: RFC 3339
    status: str | None = None
    agency: str | None = None
    resends: int | None = None


def stuck(
    ctx: typer.Context,
    older_than: Annotated[
        int,
        typer.Option(
            "--older-than",
            min=0,
            help="Tanda lebih tua dari sekian menit. / Marks so old, minutes.",
        ),
    ] = 5,
    most: Annotated[
        int, typer.Option("--max", min=1, help="Paling banyak sekian. / At most so many of each.")
    ] = 100,
    as_json: JsonOption = False,
) -> None:
    """Aduan yang tidak bergerak, dan sebabnya. / Complaints that do not get on, and why.

    Belum sampai di antrean dinas, belum diakui dinas setelah dikirim ulang, atau catatannya rusak.
    / Not on an agency's queue yet, not acknowledged although sent again, or unreadable.
    """
    around: Surroundings = ctx.obj
    before = datetime.now(UTC) - timedelta(minutes=older_than)
    found = [*islice(undelivered(around, before, most), most), *unacknowledged(around, most)]
    if as_json:
        show_json([asdict(one) for one in found])
        return
    if not found:
        out.print(done("Semua aduan bergerak. / Every complaint gets on."))
        return
    table = Table(
        "nomor / number", "sebab / why", "sejak / since", "dinas / agency", "ulang / sent again"
    )
    for one in found:
        again = "–" if one.resends is None else str(one.resends)
        table.add_row(
            one.complaint_id, _MEANS[one.why], one.since, one_line(one.agency or "–"), again
        )
    out.print(table)
    out.print(
        "Tetapkan ulang dari meja triase, atau kembalikan pesan: simpul dlq list. / Assign anew at "
        "the triage desk, or drive messages back."
    )


def undelivered(around: Surroundings, before: datetime, most: int) -> Iterator[Stuck]:
    """Yield what is marked since before an instant as still to be sent; the shards one by one."""
    rows = chain.from_iterable(
        listed(
            around,
            BY_UNDELIVERED,
            ("undelivered_shard", f"U#{shard}"),
            before=("undelivered_since", to_text(before)),
            most=most,
        )
        for shard in range(UNDELIVERED_SHARDS)
    )
    return filter(None, (_undelivered(around, row) for row in rows))


def unacknowledged(around: Surroundings, most: int) -> Iterator[Stuck]:
    """Yield what agencies were sent as often as it is to be, in vain; the longest ago first."""
    for jurisdiction in config.jurisdiction_ids():
        for row in listed(around, BY_STUCK, ("stuck", jurisdiction), most=most):
            complaint = complaint_from(row)
            assignment = complaint.assignments[-1]
            yield Stuck(
                complaint_id=complaint.complaint_id,
                why=UNACKNOWLEDGED,
                since=str(row["stuck_since"]).partition("#")[0],
                status=complaint.status,
                agency=assignment.agency,
                resends=assignment.resends,
            )


def _undelivered(around: Surroundings, row: Mapping[str, Any]) -> Stuck | None:
    values = record(around, row)
    if values is None or "undelivered_since" not in values:
        return None  # it was delivered meanwhile
    number = str(row["pk"]).removeprefix("C#")
    since = str(row["undelivered_since"]).partition("#")[0]
    try:
        complaint = complaint_from(values)
    except (KeyError, TypeError, ValueError):
        return Stuck(complaint_id=number, why=UNREADABLE, since=since)
    return Stuck(
        complaint_id=number,
        why=UNDELIVERED,
        since=since,
        status=complaint.status,
        agency=complaint.assignment.agency if complaint.assignment else None,
    )
