"""The lists of what is late and of what is owed: to everyone, and to the triage desk."""

import csv
import io
import json
from datetime import timedelta
from typing import Any

import pytest

from functions.agency_routing.api import handler as routing
from functions.complaint_intake.api import handler as intake
from shared.complaints.law import Status
from shared.complaints.record import Complaint
from shared.complaints.store import ComplaintStore
from tests.aws_double import COMPLAINTS
from tests.builders import (
    CONTEXT,
    NOW,
    a_complaint,
    an_api_event,
    an_assignment,
    client_claims,
    officer_claims,
)
from tests.metering import metered

pytestmark = pytest.mark.usefixtures("small_config", "aws_double")

SEMARANG = {"jurisdiction_id": "semarang"}
OPERATOR = officer_claims("operator:semarang")


def stored(**changes: Any) -> Complaint:
    values: dict[str, Any] = {"status": Status.ACCEPTED, "escalation": 4} | changes
    complaint = a_complaint(**values)
    assert ComplaintStore(COMPLAINTS).submit(complaint) is None
    return complaint


def asked(path: str, **query: str) -> Any:
    return intake(an_api_event("GET", path, query=SEMARANG | query), CONTEXT)


def numbers(answer: Any) -> list[str]:
    assert answer["statusCode"] == 200, answer["body"]
    return [one["complaint_id"] for one in json.loads(answer["body"])["complaints"]]


def test_everyone_reads_what_is_overdue_the_longest_first():
    later = stored(due_at=NOW + timedelta(days=2))
    sooner = stored(due_at=NOW + timedelta(days=1), legal_due_at=NOW + timedelta(days=9))
    stored(escalation=3)
    stored(visibility="private")
    stored(status=Status.RESOLVED)
    stored(complaint_id="JTG-7ZK3Q9M4T0XWH", jurisdiction_id="jateng")
    with metered() as bill:
        answer = asked("/overdue")
    assert bill.calls == ["Query"]
    assert numbers(answer) == [sooner.complaint_id, later.complaint_id]
    first = json.loads(answer["body"])["complaints"][0]
    assert first == {
        "complaint_id": sooner.complaint_id,
        "status": "accepted",
        "service_code": "jalan-rusak",
        "service_name": "Jalan rusak",
        "agency": {
            "code": "semarang-dpu",
            "name": "semarang-dpu (id)",
            "short_name": "SEMARANG-DPU",
        },
        "created_at": "2026-11-20T05:00:00Z",
        "due_at": "2026-11-21T05:00:00Z",
        "legal_due_at": "2026-11-29T05:00:00Z",
        "owed_by": None,
    }


def test_a_debt_is_listed_by_the_day_on_which_it_is_due_until_it_is_met():
    owed = stored(status=Status.RESOLVED_CONDITIONALLY, owed_by=NOW + timedelta(days=20))
    assert numbers(asked("/debts")) == [owed.complaint_id]
    assert numbers(asked("/overdue")) == []
    store = ComplaintStore(COMPLAINTS)
    before = store.get(owed.complaint_id)
    assert before is not None
    store.change(before, a_complaint(complaint_id=owed.complaint_id, status=Status.RESOLVED))
    assert numbers(asked("/debts")) == []


def test_a_list_is_read_page_by_page_and_by_agency():
    waste = (an_assignment(agency="semarang-dlh"),)
    found = [
        stored(
            due_at=NOW + timedelta(hours=hour),
            **({"assignments": waste} if hour % 2 else {}),
        ).complaint_id
        for hour in range(6)
    ]
    seen: list[str] = []
    cursor: dict[str, str] = {}
    for _ in range(3):
        answer = asked("/overdue", limit="2", **cursor)
        seen += numbers(answer)
        cursor = {"cursor": json.loads(answer["body"])["cursor"]}
    assert seen == found
    assert cursor == {"cursor": None}
    assert numbers(asked("/overdue", agency="semarang-dlh", limit="2")) == found[1:5:2]


def test_as_csv_a_page_has_a_row_each():
    late = [stored(service_code=code, due_at=NOW).complaint_id for code in ("sampah", None)]
    stored(due_at=NOW + timedelta(days=1))
    answer = asked("/overdue", format="csv", limit="2")
    assert answer["multiValueHeaders"]["Content-Type"] == ["text/csv; charset=utf-8"]
    assert answer["multiValueHeaders"]["X-Next-Cursor"]
    rows = list(csv.DictReader(io.StringIO(answer["body"])))
    assert {row["complaint_id"] for row in rows} == set(late)
    by_number = {row["complaint_id"]: row for row in rows}
    assert by_number[late[0]]["service_name"] == "Sampah"
    assert by_number[late[0]]["due_at"] == "2026-11-20T05:00:00.000Z"
    assert by_number[late[1]]["service_code"] == by_number[late[1]]["owed_by"] == ""
    assert "X-Next-Cursor" not in asked("/debts", format="csv")["multiValueHeaders"]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"jurisdiction_id": "nowhere"}, "jurisdiction_id"),
        ({"cursor": "%%%"}, "cursor"),
        ({"cursor": "bm9uZQ=="}, "cursor"),
        ({"limit": "0"}, "limit"),
        ({"limit": "many"}, "limit"),
        ({"format": "xlsx"}, "format"),
    ],
)
def test_what_cannot_be_asked_is_refused_by_name(query, field):
    answer = asked("/overdue", **query)
    assert answer["statusCode"] == 400
    assert [one["field"] for one in json.loads(answer["body"])["errors"]] == [field]


def desk(claims: Any, **query: str) -> Any:
    return routing(an_api_event("GET", "/triage/late", query=query, claims=claims), CONTEXT)


def test_the_desk_reads_what_has_come_as_far_as_it_and_what_is_not_public():
    found = [
        stored(escalation=3, due_at=NOW).complaint_id,
        stored(visibility="secret", due_at=NOW + timedelta(hours=1)).complaint_id,
        stored(due_at=NOW + timedelta(hours=2)).complaint_id,
    ]
    stored(escalation=2)
    assert numbers(desk(OPERATOR)) == found
    first = json.loads(desk(OPERATOR, limit="1")["body"])
    assert first["complaints"][0]["escalation"] == 3
    assert numbers(desk(OPERATOR, cursor=first["cursor"])) == found[1:]


@pytest.mark.parametrize(
    "claims", [client_claims("client-of-dpu"), officer_claims("agency:semarang-dpu")]
)
def test_nobody_else_reads_the_desks_list(claims):
    assert desk(claims)["statusCode"] == 403
