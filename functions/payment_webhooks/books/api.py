"""The public books: revenue in sums, and the roots that seal the journal."""

import hashlib
import os
import re
from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from aws_lambda_powertools.event_handler import Response
from pydantic import BaseModel

from functions.payment_webhooks.books import revenue
from functions.payment_webhooks.books.hours import start_of
from functions.payment_webhooks.books.journal import Journal
from functions.payment_webhooks.books.views import Revenue, SealList, SealView
from shared import config
from shared.clock import now
from shared.cursors import page_size
from shared.days import day_of
from shared.errors import InvalidInput, NotFound
from shared.http import ApiResolver, Request, cacheable
from shared.text import Text

app = ApiResolver(service="payment_webhooks")

_MINUTE: Final = "public, max-age=60"
_HOUR: Final = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}")
#: A seal never changes.
_FOR_GOOD: Final = "public, max-age=86400, immutable"


@cache
def journal() -> Journal:
    return Journal(os.environ["LEDGER_TABLE"], os.environ["PAYMENTS_TABLE"])


@app.get("/revenue")
def get_revenue() -> Response[str]:
    request = app.incoming
    wanted = revenue.asked(
        request.query, today=day_of(now()), jurisdiction_ids=config.jurisdiction_ids()
    )
    whose = (wanted.jurisdiction_id,) if wanted.jurisdiction_id else config.jurisdiction_ids()
    # Asked first, so that what was summed is never older than what is said of it.
    instants = [journal().up_to(one) for one in whose]
    known = [instant for instant in instants if instant]
    days = [day for one in whose for day in journal().totals(one, wanted.first, wanted.last)]
    found = revenue.revenue(wanted, days, as_of=min(known, default=None))
    if not _wants_csv(request):
        return _answer(request, found, found.model_dump_json(), "application/json")
    answer = _answer(
        request, found, revenue.table(found), "text/csv; charset=utf-8; header=present"
    )
    answer.headers["Content-Disposition"] = (
        f'inline; filename="revenue-{wanted.first}-{wanted.last}.csv"'
    )
    return answer


@app.get("/ledger/seals")
def list_seals() -> Response[str]:
    request = app.incoming
    jurisdiction_id = _jurisdiction(request.query)
    cursor = request.query.get("cursor", "")
    if cursor and not _is_hour(cursor):
        raise InvalidInput.at(
            "cursor",
            "invalid_cursor",
            Text("Pakai cursor dari halaman sebelumnya.", "Use the cursor of the previous page."),
        )
    limit = page_size(request.query.get("limit"))
    found = [
        SealView.model_validate(seal)
        for seal in journal().seals(jurisdiction_id, before=cursor, limit=limit)
    ]
    page = SealList(
        jurisdiction_id=jurisdiction_id,
        seals=found,
        cursor=found[-1].hour if len(found) == limit else None,
    )
    return cacheable(page, request, cache_control=_MINUTE)


@app.get("/ledger/seals/<jurisdiction_id>/<hour>")
def get_seal(jurisdiction_id: str, hour: str) -> Response[str]:
    known = jurisdiction_id in config.jurisdiction_ids() and _is_hour(hour)
    seal = journal().seal(jurisdiction_id, hour) if known else None
    if seal is None:
        raise NotFound
    return cacheable(SealView.model_validate(seal), app.incoming, cache_control=_FOR_GOOD)


def _answer(request: Request, found: Revenue, content: str, media_type: str) -> Response[str]:
    """Answer with a tag of the figures alone: that they are as of a later minute changes nothing."""
    figures = _figures(found)
    etag = f'W/"{hashlib.sha256(f"{media_type}{figures}".encode()).hexdigest()[:32]}"'
    headers = {"ETag": etag, "Cache-Control": _MINUTE, "Vary": "Accept, Accept-Language"}
    sent = {tag.strip() for tag in request.headers.get("if-none-match", "").split(",")}
    if sent & {etag, etag.removeprefix("W/"), "*"}:
        return Response(status_code=304, content_type=None, body="", headers=headers)
    return Response(status_code=200, content_type=media_type, body=content, headers=headers)


def _figures(found: BaseModel) -> str:
    return found.model_dump_json(exclude={"as_of"})


def _wants_csv(request: Request) -> bool:
    """Tell whether CSV is asked for: by `format`, or else by `Accept`."""
    if asked := revenue.format_of(request.query):
        return asked == "csv"
    accepted = request.headers.get("accept", "").lower()
    return "text/csv" in accepted and "json" not in accepted


def _jurisdiction(query: Mapping[str, Any]) -> str:
    known = config.jurisdiction_ids()
    if (asked := query.get("jurisdiction_id", "")) not in known:
        listed = ", ".join(known)
        raise InvalidInput.at(
            "jurisdiction_id",
            "not_a_choice",
            Text(f"Pilih salah satu: {listed}.", f"Choose one of: {listed}."),
        )
    return str(asked)


def _is_hour(text: str) -> bool:
    try:
        start_of(text)
    except ValueError:
        return False
    return _HOUR.fullmatch(text) is not None


handler = app.lambda_handler
