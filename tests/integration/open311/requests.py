"""Requests of another system, sent and stored."""

from datetime import timedelta
from typing import Any

from functions.complaint_intake.open311 import api
from shared.clock import now
from shared.dynamo import from_item
from tests import aws_double
from tests.builders import (
    a_complaint,
)
from tests.integration.geo_report import KEY, post

FORMATS = ("xml", "json")


def a_request(**changes: str) -> dict[str, str]:
    return {
        "api_key": KEY,
        "jurisdiction_id": "semarang",
        "service_code": "jalan-rusak",
        "lat": "-6.9966",
        "long": "110.4439",
        "description": "Jalan berlubang di depan pasar",
        **changes,
    }


def sent(**changes: str) -> str:
    """Send a request and return its id."""
    answer = post("/requests.json", a_request(**changes))
    assert answer.status == 200, answer.body
    number: str = answer.said[0]["service_request_id"]
    return number


def stored(**changes: Any) -> str:
    """Store a complaint of the last hour and return its number."""
    at = now() - timedelta(hours=1)
    complaint = a_complaint(**({"created_at": at, "updated_at": at} | changes))
    assert api.complaints().submit(complaint) is None
    return complaint.complaint_id


def complaints() -> list[dict[str, Any]]:
    held = map(from_item, aws_double.items(aws_double.COMPLAINTS))
    return [one for one in held if one["sk"] == "RECORD"]
