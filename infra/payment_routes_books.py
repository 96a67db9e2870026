"""The public routes of the books: revenue, and the roots that seal the journal."""

from typing import Final

from infra.route import BOOKS, Reply, Route

_VIEWS: Final = "functions.payment_webhooks.books.views"
_CACHED: Final = ("ETag", "Cache-Control")
_UNCHANGED: Final = Reply(description="Unchanged since the ETag that was sent", headers=_CACHED)

BOOKS_ROUTES: Final[tuple[Route, ...]] = (
    Route(
        method="GET",
        path="/revenue",
        function=BOOKS,
        operation_id="getRevenue",
        summary="Revenue by agency, product or day, in sums only; format=csv answers CSV",
        query=("from", "to", "group_by", "jurisdiction_id", "format"),
        headers=("Accept-Language", "If-None-Match"),
        replies={
            200: Reply(
                description="The sums, as the journal stood at `as_of`",
                model=f"{_VIEWS}:Revenue",
                headers=_CACHED,
                also_csv=True,
            ),
            304: _UNCHANGED,
        },
        problems=(400,),
    ),
    Route(
        method="GET",
        path="/ledger/seals",
        function=BOOKS,
        operation_id="listSeals",
        summary="The Merkle roots that seal the journal, hour by hour, the newest first",
        query=("cursor", "limit"),
        required_query=("jurisdiction_id",),
        headers=("Accept-Language", "If-None-Match"),
        replies={
            200: Reply(description="A page of seals", model=f"{_VIEWS}:SealList", headers=_CACHED),
            304: _UNCHANGED,
        },
        problems=(400,),
    ),
    Route(
        method="GET",
        path="/ledger/seals/{jurisdiction_id}/{hour}",
        function=BOOKS,
        operation_id="getSeal",
        summary="The seal of one posting hour (UTC)",
        headers=("Accept-Language", "If-None-Match"),
        replies={
            200: Reply(description="The seal", model=f"{_VIEWS}:SealView", headers=_CACHED),
            304: _UNCHANGED,
        },
        problems=(404,),
    ),
)
