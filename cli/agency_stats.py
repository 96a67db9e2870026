"""`simpul agencies`: how much each agency has, and how long it takes."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Annotated

import typer
from rich.table import Column, Table

from cli.complaints_table import counted, listed
from cli.screen import CannotContinue, JsonOption, out, show_json
from cli.surroundings import Surroundings
from shared import config
from shared.clock import to_text
from shared.complaints.indexes import BY_AGENCY
from shared.complaints.items import complaint_from, worklist
from shared.complaints.law import OPEN, Status
from shared.complaints.record import Assignment, Complaint

app = typer.Typer(no_args_is_help=True, help="Semua dinas. / All agencies.")

#: So wide a table's column of agencies is at least; few codes are longer.
LONGEST_CODE = 24
#: Given to the agency, and nobody there has begun.
QUEUED = (Status.ASSIGNED, Status.REOPENED, Status.RETURNED)
#: Somebody there has taken it.
ACCEPTED = tuple(status for status in OPEN if status not in QUEUED)
#: Of these it is known how long they took.
_ENDED = (Status.RESOLVED, Status.CLOSED)


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyStats:
    """What an agency has open now, and the medians of what it ended lately; None: nothing yet."""

    agency: str
    queued: int
    accepted: int
    overdue: int
    ended: int  #: of which the medians are
    acknowledged_h: float | None  #: from the assignment until it was acknowledged
    accepted_h: float | None  #: … until it was accepted
    resolved_h: float | None  #: … until the complaint was done


@app.callback()
def agencies() -> None:
    """Semua dinas sekaligus. / All agencies at once."""


@app.command()
def stats(
    ctx: typer.Context,
    jurisdiction: Annotated[
        str | None, typer.Option(help="Hanya kota atau provinsi ini. / Of this one alone.")
    ] = None,
    days: Annotated[
        int, typer.Option(min=1, help="Median dari sekian hari. / Medians of so many days.")
    ] = 30,
    most: Annotated[
        int,
        typer.Option(
            "--max", min=1, help="Paling banyak sekian selesai. / Of at most so many ended."
        ),
    ] = 200,
    as_json: JsonOption = False,
) -> None:
    """Yang menunggu, dikerjakan, lewat batas, dan lamanya. / What waits, is worked, is overdue.

    Dihitung saat diminta dari daftar kerja. / Counted from the work lists when asked for.
    """
    around: Surroundings = ctx.obj
    now = datetime.now(UTC)
    since = now - timedelta(days=days)
    found = [stats_of(around, code, now, since, most) for code in _codes(jurisdiction)]
    if as_json:
        show_json([asdict(one) for one in found])
        return
    table = Table(
        Column("dinas / agency", min_width=LONGEST_CODE),
        "menunggu / queued",
        "dikerjakan / accepted",
        "lewat batas / overdue",
        "diakui / acknowledged (h)",
        "diterima / accepted (h)",
        "selesai / resolved (h)",
    )
    for one in found:
        if one.queued or one.accepted or one.ended:
            counts = (one.queued, one.accepted, one.overdue)
            hours = (one.acknowledged_h, one.accepted_h, one.resolved_h)
            table.add_row(one.agency, *map(str, counts), *map(_hours, hours))
    out.print(table)


def stats_of(
    around: Surroundings, agency: str, now: datetime, since: datetime, most: int
) -> AgencyStats:
    """Return an agency's numbers: what it has at `now`, and what it ended from `since` on."""
    open_ones = {
        status: counted(around, BY_AGENCY, ("worklist", worklist(agency, status)))
        for status in OPEN
    }
    late = ("worklist_key", to_text(now))
    overdue = sum(
        counted(around, BY_AGENCY, ("worklist", worklist(agency, status)), before=late)
        for status, number in open_ones.items()
        if number
    )
    ended = list(_ended(around, agency, since, most))
    return AgencyStats(
        agency=agency,
        queued=sum(open_ones[status] for status in QUEUED),
        accepted=sum(open_ones[status] for status in ACCEPTED),
        overdue=overdue,
        ended=len(ended),
        acknowledged_h=_median(ended, lambda _, of: of.acknowledged_at),
        accepted_h=_median(ended, lambda _, of: of.accepted_at),
        resolved_h=_median(ended, lambda complaint, _: complaint.closed_at),
    )


def _ended(around: Surroundings, agency: str, since: datetime, most: int) -> Iterator[Complaint]:
    for status in _ENDED:
        key = ("worklist", worklist(agency, status))
        for row in listed(around, BY_AGENCY, key, newest_first=True, most=most):
            complaint = complaint_from(row)
            if complaint.updated_at < since:
                break
            yield complaint


def _median(
    complaints: Sequence[Complaint],
    until: Callable[[Complaint, Assignment], datetime | None],
) -> float | None:
    """Return the median of the hours from the current assignment until an instant, where known."""
    times = [
        (end - one.assignments[-1].at) / timedelta(hours=1)
        for one in complaints
        if (end := until(one, one.assignments[-1]))
    ]
    return round(median(times), 2) if times else None


def _codes(jurisdiction: str | None) -> Sequence[str]:
    known: Mapping[str, Sequence[str]] = {
        one: [agency.code for agency in config.load(one).agencies]
        for one in config.jurisdiction_ids()
    }
    if jurisdiction is None:
        return [code for codes in known.values() for code in codes]
    if jurisdiction not in known:
        raise CannotContinue(
            f"`{jurisdiction}` tidak ada; pilih: {', '.join(known)}. / There is none of this name."
        )
    return known[jurisdiction]


def _hours(number: float | None) -> str:
    return "–" if number is None else f"{number:.1f}"
