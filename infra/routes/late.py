"""The routes of what is late: the public lists, and the triage desk's."""

from typing import Final

from infra.entries import INTAKE_API, ROUTING_API
from infra.routes.route import OFFICER, Reply, Route, ServedBy, cached

_intake = ServedBy(INTAKE_API)
_desk = ServedBy(ROUTING_API, scopes=(OFFICER,))


def _public(path: str, operation_id: str, summary: str) -> Route:
    return _intake(
        "GET",
        path,
        operation_id,
        f"{summary}; format=csv answers CSV",
        cached(Reply("A page, the longest due first", "late:LateList", also_csv=True)),
        query=("agency", "cursor", "limit", "format"),
        required_query=("jurisdiction_id",),
        problems=(400,),
    )


LATE_ROUTES: Final[tuple[Route, ...]] = (
    _public("/overdue", "listOverdue", "Public complaints that are long overdue"),
    _public("/debts", "listDebts", "Public complaints of which something is still owed, by when"),
    _desk(
        "GET",
        "/triage/late",
        "listLate",
        "Late complaints of which the triage desk was told, the longest due first",
        Reply("A page of complaints", "views:WorkList"),
        query=("agency", "cursor", "jurisdiction_id", "limit"),
        problems=(400,),
    ),
)
