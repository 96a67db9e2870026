"""Routing's action endpoint as FastAPI on Mangum: the same models, law, store and AWS clients."""

from functools import cache

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.requests import Request
from fastapi.responses import JSONResponse
from mangum import Mangum
from pydantic import ConfigDict

from functions.agency_routing import settings
from functions.agency_routing.act import act
from functions.agency_routing.requests import ActionRequest
from functions.agency_routing.views import ActionOutcome
from shared import access, aws, ids
from shared.clock import now
from shared.complaints.store import ComplaintStore
from shared.errors import NotFound, Problem

app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)


class ActionBody(ActionRequest):
    """FastAPI validates what `json.loads` made, where strict models take no UUID or enum."""

    model_config = ConfigDict(strict=False)


@cache
def complaints() -> ComplaintStore:
    return ComplaintStore(settings.complaints_table())


@app.exception_handler(Problem)
async def problem(_request: Request, found: Problem) -> JSONResponse:
    return JSONResponse({"code": found.code, "title": found.title.id}, found.status)


@app.exception_handler(RequestValidationError)
async def invalid(_request: Request, found: RequestValidationError) -> JSONResponse:
    return JSONResponse({"code": "invalid_input", "errors": found.errors()}, 400)


@app.post("/complaints/{complaint_id}/actions")
async def action(complaint_id: str, body: ActionBody, request: Request) -> ActionOutcome:
    number = ids.read_complaint_number(complaint_id)
    if number is None:
        raise NotFound
    claims = request.scope["aws.event"]["requestContext"]["authorizer"]["claims"]
    prefix = settings.clients_parameter_prefix()
    caller = access.caller_of(claims, lambda client_id: aws.parameter(prefix + client_id))
    return act(number, body, caller, now=now(), store=complaints())


handler = Mangum(app, lifespan="off")
