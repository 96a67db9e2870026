"""What does not get on, and how much each agency has, read from the table by the command."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from cli.main import app
from cli.surroundings import Surroundings
from shared import aws
from shared.complaints.items import partition, undelivered_mark
from shared.complaints.law import Status
from shared.complaints.record import Complaint
from shared.complaints.store import ComplaintStore
from tests.aws_double import COMPLAINTS
from tests.builders import NOW, a_complaint, an_assignment
from tests.unit.cli.conftest import OUTPUTS

HOUR = timedelta(hours=1)


@pytest.fixture
def around(aws_double: None, small_config: None) -> Surroundings:
    tables = OUTPUTS.tables.model_copy(update={"complaints": COMPLAINTS})
    surroundings = Surroundings(state_dir=None, outputs_path=None)  # type: ignore[arg-type]
    known: Any = vars(surroundings)
    known |= {
        "outputs": OUTPUTS.model_copy(update={"tables": tables}),
        "dynamodb": aws.dynamodb(),
    }
    return surroundings


def simpul(around: Surroundings, *arguments: str) -> Result:
    ran = CliRunner().invoke(app, arguments, obj=around)
    assert ran.exit_code == 0, ran.output
    return ran


def read(around: Surroundings, *arguments: str) -> Any:
    return json.loads(simpul(around, *arguments, "--json").stdout)


def stored(*complaints: Complaint) -> None:
    for complaint in complaints:
        assert ComplaintStore(COMPLAINTS).submit(complaint) is None


class TestStuck:
    def test_when_every_complaint_gets_on_it_says_so(self, around: Surroundings) -> None:
        stored(a_complaint(status=Status.ASSIGNED))
        assert "bergerak" in simpul(around, "stuck").stdout
        assert read(around, "stuck") == []

    def test_it_tells_what_was_not_delivered_and_what_nobody_acknowledged(
        self, around: Surroundings
    ) -> None:
        undelivered = a_complaint(
            status=Status.ASSIGNED, undelivered_since=undelivered_mark(NOW, 2)
        )
        new = a_complaint()
        sent = an_assignment(agency="semarang-dlh", resends=3, stuck_at=NOW)
        unacknowledged = a_complaint(status=Status.ASSIGNED, assignments=(sent,))
        fresh = undelivered_mark(datetime.now(UTC), 2)
        stored(
            undelivered,
            new,
            unacknowledged,
            a_complaint(status=Status.ASSIGNED, undelivered_since=fresh),
        )

        found = {one["complaint_id"]: one for one in read(around, "stuck")}

        assert found.keys() == {one.complaint_id for one in (undelivered, new, unacknowledged)}
        assert found[undelivered.complaint_id] == {
            "complaint_id": undelivered.complaint_id,
            "why": "undelivered",
            "since": "2026-11-20T05:00:00.000Z",
            "status": "assigned",
            "agency": "semarang-dpu",
            "resends": None,
        }
        assert found[new.complaint_id]["agency"] is None
        assert found[unacknowledged.complaint_id] == {
            "complaint_id": unacknowledged.complaint_id,
            "why": "unacknowledged",
            "since": "2026-11-20T05:00:00.000Z",
            "status": "assigned",
            "agency": "semarang-dlh",
            "resends": 3,
        }
        assert "semarang-dlh" in simpul(around, "stuck").stdout

    def test_a_record_that_cannot_be_read_is_told_and_hides_no_other(
        self, around: Surroundings
    ) -> None:
        spoilt, sound = a_complaint(), a_complaint()
        stored(spoilt, sound)
        aws.dynamodb().update_item(
            TableName=COMPLAINTS,
            Key={"pk": {"S": partition(spoilt.complaint_id)}, "sk": {"S": "RECORD"}},
            UpdateExpression="REMOVE created_at",
        )
        why = {one["complaint_id"]: one["why"] for one in read(around, "stuck")}
        assert why == {spoilt.complaint_id: "unreadable", sound.complaint_id: "undelivered"}

    def test_what_was_delivered_meanwhile_is_not_stuck(
        self, around: Surroundings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        stored(a_complaint())
        monkeypatch.setattr("cli.stuck.record", lambda *_: None)
        assert read(around, "stuck") == []

    def test_no_more_are_told_than_asked_for(self, around: Surroundings) -> None:
        stored(*(a_complaint() for _ in range(5)))
        assert len(read(around, "stuck", "--max", "2")) == 2


def ended(hours: float, **changes: Any) -> Complaint:
    """Return a complaint resolved so many hours after its assignment, an hour ago."""
    at = datetime.now(UTC) - HOUR
    given = at - hours * HOUR
    assignment = an_assignment(at=given, acknowledged_at=given + HOUR, accepted_at=given + 2 * HOUR)
    return a_complaint(
        **{
            "status": Status.RESOLVED,
            "assignments": (assignment,),
            "closed_at": at,
            "updated_at": at,
            **changes,
        }
    )


class TestAgencies:
    def test_what_waits_is_worked_is_overdue_and_how_long_it_takes(
        self, around: Surroundings
    ) -> None:
        tomorrow = datetime.now(UTC) + 24 * HOUR
        old = ended(50)
        stored(
            a_complaint(status=Status.ASSIGNED, due_at=NOW - HOUR),
            a_complaint(status=Status.REOPENED, due_at=tomorrow),
            a_complaint(status=Status.IN_PROGRESS, due_at=tomorrow),
            ended(4),
            ended(8),
            ended(24, status=Status.CLOSED),
            replace(old, updated_at=old.updated_at - timedelta(days=60)),
        )
        dpu = next(
            one for one in read(around, "agencies", "stats") if one["agency"] == "semarang-dpu"
        )
        overdue = dpu.pop("overdue")
        assert overdue == (1 if datetime.now(UTC) > NOW - HOUR else 0)
        assert dpu == {
            "agency": "semarang-dpu",
            "queued": 2,
            "accepted": 1,
            "ended": 3,
            "acknowledged_h": 1.0,
            "accepted_h": 2.0,
            "resolved_h": 8.0,
        }
        assert "semarang-dpu" in simpul(around, "agencies", "stats").stdout

    def test_an_agency_that_ended_nothing_has_no_medians(self, around: Surroundings) -> None:
        stored(a_complaint(status=Status.ASSIGNED))
        found = {one["agency"]: one for one in read(around, "agencies", "stats")}
        assert found["semarang-dpu"]["resolved_h"] is None
        assert "–" in simpul(around, "agencies", "stats").stdout

    def test_one_jurisdictions_alone(self, around: Surroundings) -> None:
        found = read(around, "agencies", "stats", "--jurisdiction", "jateng")
        assert {one["agency"].partition("-")[0] for one in found} == {"jateng"}

    def test_a_jurisdiction_that_is_not_there_is_told(self, around: Surroundings) -> None:
        ran = CliRunner().invoke(app, ["agencies", "stats", "--jurisdiction", "solo"], obj=around)
        assert ran.exit_code == 1
        assert "semarang" in ran.output
