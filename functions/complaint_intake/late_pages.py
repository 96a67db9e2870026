"""Answers a page of what is overdue, or of what is still owed, as JSON or as CSV."""

from collections.abc import Callable
from typing import Final

from aws_lambda_powertools.event_handler import Response

from functions.complaint_intake import late
from shared.http import Request, cacheable

_PUBLIC_FOR_A_MINUTE: Final = "public, max-age=60"


def answered(
    listed: Callable[..., late.LateList], request: Request, listings: late.Listings
) -> Response[str]:
    """Answer the page of a list (`late.overdue` or `late.debts`) that a request asks for.

    Raises:
        InvalidInput: something that it asks for is not possible; says which.
    """
    as_csv = late.wants_csv(request.query)
    page = listed(request.query, language=request.language, listings=listings)
    if not as_csv:
        return cacheable(page, request, cache_control=_PUBLIC_FOR_A_MINUTE)
    headers = {"Cache-Control": _PUBLIC_FOR_A_MINUTE, "Vary": "Accept-Language"}
    if page.cursor:
        headers["X-Next-Cursor"] = page.cursor
    return Response(
        status_code=200,
        content_type="text/csv; charset=utf-8",
        body=late.table(page),
        headers=headers,
    )
