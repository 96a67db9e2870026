"""The public routes of the books: revenue, and the roots that seal the journal."""

from typing import Final

from infra.entries import BOOKS_API
from infra.routes.route import Reply, Route, ServedBy, cached

_books = ServedBy(BOOKS_API)

BOOKS_ROUTES: Final[tuple[Route, ...]] = (
    _books(
        "GET",
        "/revenue",
        "getRevenue",
        "Revenue by agency, product or day, in sums only; format=csv answers CSV",
        cached(
            Reply("The sums, as the journal stood at `as_of`", "books.views:Revenue", also_csv=True)
        ),
        query=("from", "to", "group_by", "jurisdiction_id", "format"),
        problems=(400,),
    ),
    _books(
        "GET",
        "/ledger/seals",
        "listSeals",
        "The Merkle roots that seal the journal, hour by hour, the newest first",
        cached(Reply("A page of seals", "books.views:SealList")),
        query=("cursor", "limit"),
        required_query=("jurisdiction_id",),
        problems=(400,),
    ),
    _books(
        "GET",
        "/ledger/seals/{jurisdiction_id}/{hour}",
        "getSeal",
        "The seal of one posting hour (UTC)",
        cached(Reply("The seal", "books.views:SealView")),
        problems=(404,),
    ),
)
