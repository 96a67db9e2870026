"""Intake's endpoints as FastAPI on Mangum: the same models, rules, store and AWS clients.

In FastAPI's favour: endpoints are `async`, so no thread is used; there is no log line, no
ETag and no OpenAPI document.
"""

from functools import cache
from typing import Annotated
from uuid import uuid4

from fastapi import FastAPI, Header, Response
from fastapi.exceptions import RequestValidationError
from fastapi.requests import Request
from fastapi.responses import JSONResponse
from mangum import Mangum
from pydantic import ConfigDict

from functions.complaint_intake import intake, views
from functions.complaint_intake.settings import settings
from functions.complaint_intake.submission import Submission, SubmissionReceipt
from shared import aws, config, ids
from shared.clock import now
from shared.complaints.store import ComplaintStore
from shared.errors import InvalidInput, NotFound, Problem

app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)


class SubmissionBody(Submission):
    """FastAPI validates what `json.loads` made, where strict models take no instant."""

    model_config = ConfigDict(strict=False)


@cache
def complaints() -> ComplaintStore:
    return ComplaintStore(settings().complaints_table)


@app.exception_handler(Problem)
async def problem(_request: Request, found: Problem) -> JSONResponse:
    return JSONResponse({"code": found.code, "title": found.title.id}, found.status)


@app.exception_handler(RequestValidationError)
async def invalid(_request: Request, found: RequestValidationError) -> JSONResponse:
    return JSONResponse({"code": "invalid_input", "errors": found.errors()}, 400)


@app.post("/complaints", status_code=201)
async def submit(
    submission: SubmissionBody,
    response: Response,
    idempotency_key: Annotated[str | None, Header()] = None,
    accept_language: Annotated[str, Header()] = "id",
) -> SubmissionReceipt:
    key = idempotency_key or str(uuid4())
    if not ids.is_random_key(key):
        raise InvalidInput
    names = settings()
    receipt, response.status_code = intake.accept(
        submission,
        key=key,
        channel="mobile",
        language=accept_language[:2],
        now=now(),
        id_secret=aws.secret(names.id_secret),
        token_secret=aws.secret(names.token_secret),
        store=complaints(),
        reporters_table=names.reporters_table,
    )
    response.headers["Location"] = receipt.links.self
    return receipt


@app.get("/complaints/{complaint_id}")
async def show(
    complaint_id: str, accept_language: Annotated[str, Header()] = "id"
) -> views.PublicComplaint:
    number = ids.read_complaint_number(complaint_id)
    found = complaints().with_timeline(number) if number else None
    if found is None or found[0].visibility != "public":
        raise NotFound
    complaint, timeline = found
    jurisdiction = config.load(complaint.jurisdiction_id)
    return views.public(complaint, timeline, jurisdiction, accept_language[:2])


handler = Mangum(app, lifespan="off")
