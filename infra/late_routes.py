"""The routes of what is late: the public lists, and the triage desk's."""

from typing import Final

from infra.route import INTAKE, OFFICER, ROUTING, Reply, Route

_LATE_LIST: Final = "functions.complaint_intake.late:LateList"
_CACHED: Final = ("ETag", "Cache-Control")


def _public(path: str, operation_id: str, summary: str) -> Route:
    return Route(
        method="GET",
        path=path,
        function=INTAKE,
        operation_id=operation_id,
        summary=f"{summary}; format=csv answers CSV",
        query=("agency", "cursor", "limit", "format"),
        required_query=("jurisdiction_id",),
        headers=("Accept-Language", "If-None-Match"),
        replies={
            200: Reply(
                description="A page, the longest due first",
                model=_LATE_LIST,
                headers=_CACHED,
                also_csv=True,
            ),
            304: Reply(description="Unchanged since the ETag that was sent", headers=_CACHED),
        },
        problems=(400,),
    )


LATE_ROUTES: Final[tuple[Route, ...]] = (
    _public("/overdue", "listOverdue", "Public complaints that are long overdue"),
    _public("/debts", "listDebts", "Public complaints of which something is still owed, by when"),
    Route(
        method="GET",
        path="/triage/late",
        function=ROUTING,
        operation_id="listLate",
        summary="Late complaints of which the triage desk was told, the longest due first",
        scopes=(OFFICER,),
        query=("agency", "cursor", "jurisdiction_id", "limit"),
        headers=("Accept-Language",),
        replies={
            200: Reply(
                description="A page of complaints",
                model="functions.agency_routing.views:WorkList",
            )
        },
        problems=(400, 401, 403),
    ),
)
