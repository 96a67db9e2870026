"""What follows a submission, as citizen and agency would do it: questions, "not done", elsewhere."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from cli.surroundings import Surroundings
from shared.clock import to_text
from tests.e2e.citizen import Street, eventually
from tests.e2e.photographs import settled, uploaded
from tests.photo_files import a_photo

AGENCY, TRIAGE = "semarang-disperkim", "semarang-diskominfo"
PHONE = "+6281200000021"


@pytest.fixture(scope="module")
def street(surroundings: Surroundings) -> Street:
    return Street(surroundings)


@pytest.fixture
def receipt(street: Street) -> dict[str, Any]:
    """A complaint that its agency has."""
    given = street.submit("Lampu jalan mati di depan pasar", service_code="lampu-jalan")
    street.assigned(given, AGENCY)
    return given


def act(street: Street, receipt: dict[str, Any], action: str, **more: Any) -> Any:
    """Let the agency act on the complaint as it stands; return how it stands then."""
    version = street.see(receipt)["version"]
    answer = street.act(receipt, action, version, street.machine(AGENCY), **more)
    assert answer.status_code == 200, answer.text
    return answer.json()


def refused(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def test_a_question_is_answered_and_the_agency_hears_it(
    street: Street, receipt: dict[str, Any]
) -> None:
    token = street.machine(AGENCY)
    version = street.see(receipt)["version"]
    assert refused(street.act(receipt, "ask", version, token)) == (400, "invalid_input")
    asked = act(street, receipt, "ask", public_note="Tiang nomor berapa?")
    assert asked["status"] == "needs_information"

    seen = street.see(receipt)
    assert seen["question"] == "Tiang nomor berapa?"
    assert seen["possible"] == ["answer", "withdraw"]
    waits = datetime.fromisoformat(seen["answer_due_at"]) - datetime.now(UTC)
    assert timedelta(days=9, hours=23) < waits <= timedelta(days=10)

    assert refused(street.reply(receipt, "answer")) == (400, "invalid_input")
    assert refused(street.reply(receipt, "confirm")) == (409, "illegal_action")
    said = {"action_id": str(uuid4()), "note": f"Nomor 12, hubungi {PHONE}."}
    first, again = (street.reply(receipt, "answer", **said) for _ in range(2))
    assert first.status_code == 200, first.text
    assert (again.status_code, again.json()) == (200, first.json())
    other = street.reply(receipt, "answer", **said | {"note": "Nomor 13."})
    assert refused(other) == (409, "action_id_reused")

    message = street.heard(AGENCY, receipt, type="complaint_changed.v1")
    assert (message["action"], message["note"]) == ("answer", said["note"])
    public = street.call("GET", f"/complaints/{receipt['complaint_id']}")
    assert public.json()["timeline"][-1]["note"] == "Nomor 12, hubungi [nomor disamarkan]."
    resolved = street.act(
        receipt, "resolve", message["version"], token, public_note="Sudah diganti."
    )
    assert resolved.status_code == 200, resolved.text
    assert street.reply(receipt, "confirm").json()["status"] == "closed"
    assert refused(street.reply(receipt, "withdraw")) == (409, "illegal_action")


def test_what_is_not_done_is_reopened_with_a_reason_and_comes_to_the_agency_again(
    street: Street, receipt: dict[str, Any]
) -> None:
    act(street, receipt, "accept")
    act(street, receipt, "resolve", public_note="Sudah diganti.")
    assert refused(street.reply(receipt, "reopen")) == (400, "invalid_input")
    photo_id = uploaded(street, a_photo())
    reopened = street.reply(receipt, "reopen", note="Masih mati.", photo_ids=[photo_id])
    assert reopened.json()["status"] == "reopened", reopened.text
    message = street.heard(AGENCY, receipt, type="complaint_assigned.v1", assignment_no=2)
    assert (message["rule"], message["note"]) == ("reopened", "Masih mati.")
    assert message["photos"] == 1
    ((photo,),) = [settled(street, receipt)]
    assert (photo["photo_id"], photo["status"]) == (photo_id, "ready")
    token = street.machine(AGENCY)
    assert street.act(receipt, "accept", message["version"], token, assignment_no=2).is_success
    stale = street.act(receipt, "note", 9, token, assignment_no=1, internal_note="x")
    assert refused(stale) == (409, "stale_assignment")


def test_a_withdrawn_complaint_is_worked_no_more_and_its_agency_hears_it(
    street: Street, receipt: dict[str, Any]
) -> None:
    assert street.reply(receipt, "withdraw", note="Sudah menyala.").json()["status"] == "withdrawn"
    message = street.heard(AGENCY, receipt, type="complaint_changed.v1")
    assert (message["action"], message["status"]) == ("withdraw", "withdrawn")
    answer = street.act(receipt, "accept", message["version"], street.machine(AGENCY))
    assert refused(answer) == (409, "illegal_action")
    assert street.see(receipt)["possible"] == []


def test_what_is_withdrawn_at_once_is_nobodys_in_the_end(street: Street) -> None:
    receipt = street.submit("Lampu jalan mati", service_code="lampu-jalan")
    assert street.reply(receipt, "withdraw").status_code == 200
    street.assigned(street.submit(service_code="lampu-jalan"), AGENCY)  # came after it
    assert street.see(receipt)["status"] == "withdrawn"


def test_a_returned_complaint_is_sent_elsewhere_by_its_reporter_with_its_number(
    street: Street, receipt: dict[str, Any]
) -> None:
    assert refused(street.reply(receipt, "reroute", service_code="sampah")) == (
        409,
        "illegal_action",
    )
    act(street, receipt, "return", public_note="Ini sampah.")
    assert "reroute" in street.see(receipt)["possible"]
    for wrong, field in (
        ({}, "service_code"),
        ({"service_code": "lampu-jalan"}, "service_code"),
        ({"service_code": "telegram"}, "service_code"),
        ({"service_code": "sampah", "attributes": {"warna": "x"}}, "attributes.warna"),
    ):
        answer = street.reply(receipt, "reroute", **wrong)
        assert answer.status_code == 400
        assert answer.json()["errors"][0]["field"] == field
    assert street.reply(receipt, "reroute", service_code="sampah").json()["status"] == "received"
    view = street.assigned(receipt, "semarang-dlh")
    assert view["complaint_id"] == receipt["complaint_id"]
    assert [step["action"] for step in view["timeline"]] == [
        "submit",
        "route",
        "return",
        "reroute",
        "route",
    ]
    message = street.heard("semarang-dlh", receipt, type="complaint_assigned.v1")
    assert message["assignment_no"] == 3


def test_an_agency_that_gave_it_back_does_not_get_it_again_without_an_operator(
    street: Street, receipt: dict[str, Any]
) -> None:
    act(street, receipt, "return", internal_note="Bukan kami.")
    street.reply(receipt, "reroute", service_code="taman-pohon")  # the same agency's as well
    view = eventually(lambda: (found := street.see(receipt))["status"] == "assigned" and found)
    assert view["agency"]["code"] == TRIAGE
    assert "sudah mengembalikan" in view["because"]
    assert street.heard(TRIAGE, receipt, assignment_no=3)["rule"] == "given-back"
    operator = street.officer("operator:semarang")
    assigned = street.act(receipt, "assign", view["version"], operator, agency=AGENCY)
    assert assigned.status_code == 200, assigned.text


def test_a_question_that_nobody_answers_lapses_and_the_agency_hears_it(
    street: Street, receipt: dict[str, Any]
) -> None:
    act(street, receipt, "ask", public_note="Tiang nomor berapa?")
    street.around.client("dynamodb").update_item(
        TableName=street.around.outputs.tables.complaints,
        Key={"pk": {"S": f"C#{receipt['complaint_id']}"}, "sk": {"S": "RECORD"}},
        UpdateExpression="SET clock_at = :past",
        ExpressionAttributeValues={":past": {"S": to_text(datetime.now(UTC) - timedelta(days=1))}},
    )
    run = street.around.client("lambda").invoke(
        FunctionName="simpul-local-agency-routing-every-quarter-hour"
    )
    assert json.loads(run["Payload"].read())["answer"] >= 1
    assert street.heard(AGENCY, receipt, action="lapse")["status"] == "in_progress"
    assert refused(street.reply(receipt, "answer", note="Nomor 12.")) == (409, "illegal_action")


def test_only_who_has_the_token_replies(street: Street, receipt: dict[str, Any]) -> None:
    other = street.submit()["tracking_token"]
    for token in ("", "x", other):
        assert refused(street.reply(receipt, "withdraw", token=token)) == (403, "forbidden")
    hidden = street.submit(service_code="lampu-jalan", visibility="private")
    for token in ("", other):
        assert refused(street.reply(hidden, "withdraw", token=token)) == (404, "not_found")
    assert street.reply(hidden, "withdraw").status_code == 200


def test_what_belongs_elsewhere_is_stopped_with_where_to_turn(street: Street) -> None:
    offered = street.call("GET", "/categories?jurisdiction_id=semarang").json()["categories"]
    fire = next(one for one in offered if one["service_code"] == "kebakaran")
    assert "112" in fire["notice"]
    question = fire["attributes"][0]
    body = {
        "jurisdiction_id": "semarang",
        "service_code": "kebakaran",
        "description": "Rumah tetangga terbakar",
        "attributes": {question["code"]: "ya"},
    }
    answer = street.call("POST", "/complaints", body)
    ((fault,),) = [answer.json()["errors"]]
    assert (answer.status_code, fault["code"]) == (400, "belongs_elsewhere")
    assert fault["message"] == question["stops"]["ya"]
    body["attributes"] = {question["code"]: "tidak"}
    assert street.call("POST", "/complaints", body).status_code == 201


class TestSecret:
    def test_who_reported_a_secret_one_is_read_by_the_desk_alone_and_written_down(
        self, street: Street
    ) -> None:
        receipt = street.submit(
            "Petugas minta uang untuk surat",
            service_code="pungli",
            contact={"phone": PHONE, "share_with_agency": True},
        )
        number = receipt["complaint_id"]
        street.assigned(receipt, "semarang-inspektorat")
        message = street.heard("semarang-inspektorat", receipt)
        assert (message["visibility"], message["contact_shared"]) == ("secret", False)
        path = f"/complaints/{number}/contact"
        agency = street.officer("agency:semarang-inspektorat")
        assert refused(street.call("GET", path, token=agency)) == (403, "forbidden")
        work = street.call(
            "GET", f"/agencies/semarang-inspektorat/complaints/{number}", token=agency
        )
        assert work.json()["contact_shared"] is False
        assert PHONE not in work.text
        desk = street.call("GET", path, token=street.officer("operator:semarang"))
        assert desk.json()["phone"] == PHONE
        kept = street.around.client("dynamodb").query(
            TableName=street.around.outputs.tables.reporters,
            KeyConditionExpression="pk = :pk AND begins_with(sk, :log)",
            ExpressionAttributeValues={":pk": {"S": f"C#{number}"}, ":log": {"S": "LOG#"}},
        )["Items"]
        assert [one["what"]["S"] for one in kept] == ["contact read"]
        assert street.call("GET", f"/complaints/{number}").status_code == 404

    def test_an_anonymous_one_leaves_no_contact_in_any_table(self, street: Street) -> None:
        receipt = street.submit(
            anonymous=True,
            service_code="lampu-jalan",
            contact={"name": "Ibu Sri Wahyuni", "phone": "+6281200000022"},
        )
        street.assigned(receipt, AGENCY)
        tables = street.around.outputs.tables
        kept = json.dumps(
            [
                street.around.client("dynamodb").scan(TableName=table)["Items"]
                for table in (tables.complaints, tables.reporters)
            ]
        )
        assert receipt["complaint_id"] in kept
        assert "Sri Wahyuni" not in kept
        assert "81200000022" not in kept
        assert street.see(receipt)["anonymous"] is True
