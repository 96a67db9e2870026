"""Calls the agencies' API as API Gateway does, for who may work there."""

import json
from datetime import timedelta
from typing import Any

from functions.agency_routing.api import complaints, handler
from shared import aws, config
from shared.complaints.events import assigned
from shared.complaints.law import Status
from shared.complaints.record import Complaint
from tests.aws_double import AGENCY_QUEUES
from tests.builders import (
    CONTEXT,
    NOW,
    a_complaint,
    an_api_event,
    client_claims,
    officer_claims,
)

DPU = client_claims("client-of-dpu")
OPERATOR = officer_claims("operator:semarang")
QUEUE = f"{AGENCY_QUEUES}semarang-dpu"
WORK = "/agencies/semarang-dpu/complaints"
RECEIVE, ACK, EXTEND = (
    f"/agencies/semarang-dpu/messages/{what}" for what in ("receive", "ack", "extend")
)


def call(method: str, path: str, claims: Any = DPU, **event: Any) -> Any:
    answer = handler(an_api_event(method, path, claims=claims, **event), CONTEXT)
    headers = {name: values[-1] for name, values in (answer.get("multiValueHeaders") or {}).items()}
    return {**answer, "headers": headers | (answer.get("headers") or {})}


def json_of(answer: Any) -> Any:
    return json.loads(answer["body"])


def fault_of(answer: Any) -> tuple[int, str, str]:
    (fault,) = json_of(answer)["errors"]
    return answer["statusCode"], fault["field"], fault["code"]


def stored(*given: Complaint) -> str:
    for complaint in given:
        assert complaints().submit(complaint) is None
    return given[0].complaint_id


def waiting() -> str:
    """Store a complaint of DPU's and put it on DPU's queue; return its number."""
    complaint = a_complaint(status=Status.ASSIGNED)
    message = assigned(complaint, config.load("semarang"))
    aws.sqs().send_message(QueueUrl=QUEUE, MessageBody=json.dumps(message))
    return stored(complaint)


def present(number: str) -> Complaint:
    found = complaints().get(number)
    assert found is not None
    return found


def due_in(days: int, **changes: Any) -> Complaint:
    return a_complaint(
        **{"status": Status.ASSIGNED, "due_at": NOW + timedelta(days=days), **changes}
    )
