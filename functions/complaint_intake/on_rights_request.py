"""What a data protection officer asks for a reporter: to find, to export, to forget. Invoked by name.

Whoever may invoke this function needs no other right: not to a table, not to a bucket.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from aws_lambda_powertools import Logger
from pydantic import Field, ValidationError

from functions.complaint_intake.alerts.held import AlertForgotten, all_held
from functions.complaint_intake.rights import serving
from functions.complaint_intake.rights.stores import alerts, register
from functions.complaint_intake.submission import Email, Phone
from shared import ids
from shared.clock import now
from shared.errors import InvalidInput, NotFound, Problem
from shared.models import Body
from shared.validation import faults_of

logger = Logger(service="complaint_intake")


class RightsRequest(Body):
    """For which complaints, and by whom it is asked (the IAM caller's ARN)."""

    action: Literal["find", "export", "erase"]
    complaint_ids: Annotated[list[Annotated[str, Field(max_length=48)]], Field(max_length=100)] = (
        Field(default_factory=list)
    )
    #: Names of alerts, as an answer gave them.
    alert_ids: Annotated[list[Annotated[str, Field(max_length=48)]], Field(max_length=100)] = Field(
        default_factory=list
    )
    phone: Phone | None = None
    email: Email | None = None
    by: Annotated[str, Field(min_length=1, max_length=2048)]


def asked_for(request: RightsRequest) -> list[str]:
    """Return the numbers of the complaints that a request is about, each once."""
    named = [ids.read_complaint_number(one) or one for one in request.complaint_ids]
    of_contact = register().complaints_of(phone=request.phone, email=request.email)
    return list(dict.fromkeys([*named, *of_contact]))


def answer(request: RightsRequest, complaint_id: str) -> Mapping[str, Any]:
    """Do what is asked for one complaint; a problem with it is its own answer."""
    try:
        match request.action:
            case "find":
                done: Any = serving.standing(complaint_id)
            case "export":
                done = serving.export(complaint_id, by=request.by, now=now(), language="id")
            case "erase":
                done = serving.erase(complaint_id, by=request.by, now=now())
    except Problem as problem:
        return {"complaint_id": complaint_id, "problem": problem.code}
    answered: Mapping[str, Any] = done.model_dump(mode="json")
    return answered


def alerts_of(request: RightsRequest) -> list[str]:
    """Return the names of the alerts that a request is about, each once."""
    named = filter(ids.is_alert_id, request.alert_ids)
    of_address = register().alerts_of(phone=request.phone, email=request.email)
    return list(dict.fromkeys([*named, *of_address]))


def answer_of_alert(request: RightsRequest, alert_id: str) -> Mapping[str, Any]:
    """Do what is asked for one alert: it is held at most until it ends, and forgotten at once."""
    one = alerts().get(alert_id)
    if one is None:
        return {"alert_id": alert_id, "problem": NotFound.code}
    if request.action == "erase":
        alerts().end(alert_id, now())
        return {"alert_id": alert_id, **AlertForgotten().model_dump()}
    found: Mapping[str, Any] = all_held(one, one.address, alerts().told(one)).model_dump(
        mode="json"
    )
    return found


def handler(event: Mapping[str, Any], _context: object) -> dict[str, Any]:
    """Answer a request: lists of what was found or done, or what is wrong with it."""
    try:
        request = RightsRequest.model_validate(event, strict=False)
    except ValidationError as error:
        faults = faults_of(error, RightsRequest)
        return {"problem": InvalidInput.code, "fields": [fault.field for fault in faults]}
    answers = [answer(request, one) for one in asked_for(request)]
    followed = [answer_of_alert(request, one) for one in alerts_of(request)]
    logger.info(
        "rights request",
        action=request.action,
        by=request.by,
        complaints=len(answers),
        alerts=len(followed),
    )
    return {"complaints": answers, "alerts": followed}
