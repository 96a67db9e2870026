"""Agencies' and operators' API through its handler: queue twin, work lists, triage, actions."""

import base64
import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from functions.agency_routing import twin
from functions.agency_routing.api import complaints, handler
from shared import aws, config
from shared.clock import now
from shared.complaints.events import assigned
from shared.complaints.law import OPEN, Status
from shared.complaints.record import Complaint
from tests import aws_double
from tests.aws_double import AGENCY_QUEUES
from tests.builders import (
    CONTEXT,
    NOW,
    a_complaint,
    a_number,
    an_action,
    an_api_event,
    an_assignment,
    an_entry,
    client_claims,
    officer_claims,
)

pytestmark = pytest.mark.usefixtures("small_config", "aws_double")

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


def test_a_desk_reads_what_it_handed_over_and_nothing_else_of_another_jurisdictions():
    handed_over = stored(a_complaint(status=Status.ASSIGNED, agency="jateng-dpubmck"))
    path = f"/agencies/jateng-dpubmck/complaints/{handed_over}"
    assert call("GET", path, OPERATOR)["statusCode"] == 200
    assert call("GET", path, officer_claims("operator:jateng"))["statusCode"] == 200
    their_own = stored(
        a_complaint(status=Status.ASSIGNED, agency="jateng-dpubmck", jurisdiction_id="jateng")
    )
    path = f"/agencies/jateng-dpubmck/complaints/{their_own}"
    assert call("GET", path, OPERATOR)["statusCode"] == 403
    assert call("GET", path, DPU)["statusCode"] == 403


class TestStuck:
    def test_a_desk_reads_what_its_agencies_were_sent_in_vain(self):
        sent = (an_assignment(agency="semarang-dlh", resends=3, stuck_at=NOW),)
        number = stored(
            a_complaint(status=Status.ASSIGNED, assignments=sent),
            a_complaint(status=Status.ASSIGNED),
        )
        ((found,), cursor) = json_of(call("GET", "/triage/stuck", OPERATOR)).values()
        assert (found["complaint_id"], cursor) == (number, None)
        assert found["assignment"]["resends"] == 3
        assert found["assignment"]["stuck_at"]

    def test_another_desk_and_agencies_do_not(self):
        for claims in (DPU, officer_claims("operator:jateng")):
            event = {"query": {"jurisdiction_id": "semarang"}}
            assert call("GET", "/triage/stuck", claims, **event)["statusCode"] == 403


class TestQueueTwin:
    def test_what_waits_is_received_acknowledged_and_gone(self):
        aws.sqs().send_message(QueueUrl=QUEUE, MessageBody='{"complaint_id": "SMG-1"}')
        received = call("POST", RECEIVE, body={})
        ((message),) = json_of(received)["messages"]
        assert message["message"] == {"complaint_id": "SMG-1"}
        assert message["received_count"] == 1
        assert message["message_id"]
        assert "Retry-After" not in received["headers"]
        done = call("POST", ACK, body={"receipt": message["receipt"]})
        assert (done["statusCode"], json_of(done)) == (200, {"done": True})
        assert aws_double.messages(QUEUE) == []

    def test_what_a_program_takes_is_received_and_what_it_acknowledges_has_arrived(self):
        number = waiting()
        ((message),) = json_of(call("POST", RECEIVE, body={}))["messages"]
        (received,) = present(number).assignments
        call("POST", ACK, body={"receipt": message["receipt"]})
        after = present(number)
        (acknowledged,) = after.assignments
        assert received.received_at
        assert not received.acknowledged_at
        assert acknowledged.acknowledged_at
        assert after.version == message["message"]["version"]
        assert aws_double.messages(QUEUE) == []

    def test_an_acknowledgement_counts_once(self):
        number = waiting()
        ((message),) = json_of(call("POST", RECEIVE, body={}))["messages"]
        call("POST", ACK, body={"receipt": message["receipt"]})
        before = present(number)
        assert call("POST", ACK, body={"receipt": message["receipt"]})["statusCode"] == 200
        assert present(number) == before

    @pytest.mark.parametrize("of", ["{number}:2", "{number}:1", "SMG-0000000000000:1"])
    def test_an_acknowledgement_of_what_is_not_the_agencys_records_nothing(self, of):
        others = stored(a_complaint(status=Status.ASSIGNED, agency="semarang-dlh"))
        before = present(others)
        aws.sqs().send_message(QueueUrl=QUEUE, MessageBody="{}")
        ((message),) = json_of(call("POST", RECEIVE, body={}))["messages"]
        forged = f"{of.format(number=others)}|{message['receipt']}"
        assert call("POST", ACK, body={"receipt": forged})["statusCode"] == 200
        assert present(others) == before

    def test_a_message_is_kept_longer_by_the_receipt_that_was_given(self):
        waiting()
        ((message),) = json_of(call("POST", RECEIVE, body={}))["messages"]
        body = {"receipt": message["receipt"], "seconds": 600}
        assert call("POST", EXTEND, body=body)["statusCode"] == 200

    def test_no_more_is_received_than_asked_for(self):
        for number in range(5):
            aws.sqs().send_message(QueueUrl=QUEUE, MessageBody=json.dumps({"n": number}))
        assert len(json_of(call("POST", RECEIVE, body={"max": 2}))["messages"]) == 2

    def test_an_empty_queue_says_when_to_ask_again(self, monkeypatch):
        monkeypatch.setattr(twin, "WAIT_S", 0)
        answer = call("POST", RECEIVE, body={})
        assert (answer["statusCode"], json_of(answer)) == (200, {"messages": []})
        assert answer["headers"]["Retry-After"] == "10"

    def test_a_message_is_kept_for_longer_or_given_back(self):
        aws.sqs().send_message(QueueUrl=QUEUE, MessageBody="{}")
        (first,) = json_of(call("POST", RECEIVE, body={}))["messages"]
        body = {"receipt": first["receipt"], "seconds": 600}
        assert call("POST", EXTEND, body=body)["statusCode"] == 200
        assert call("POST", EXTEND, body=body | {"seconds": 0})["statusCode"] == 200
        (again,) = json_of(call("POST", RECEIVE, body={}))["messages"]
        assert (again["message_id"], again["received_count"]) == (first["message_id"], 2)

    @pytest.mark.parametrize("path", [ACK, EXTEND])
    def test_a_receipt_of_nothing_is_a_bad_request(self, path):
        body = {"receipt": "not-a-receipt"} | ({"seconds": 1} if path == EXTEND else {})
        assert fault_of(call("POST", path, body=body)) == (400, "receipt", "invalid_receipt")

    def test_a_message_that_is_gone_cannot_be_kept(self):
        aws.sqs().send_message(QueueUrl=QUEUE, MessageBody="{}")
        ((message),) = json_of(call("POST", RECEIVE, body={}))["messages"]
        call("POST", ACK, body={"receipt": message["receipt"]})
        body = {"receipt": message["receipt"], "seconds": 60}
        assert fault_of(call("POST", EXTEND, body=body)) == (400, "receipt", "invalid_receipt")

    @pytest.mark.parametrize("path", [ACK, EXTEND])
    def test_a_queue_that_is_missing_is_our_mistake_and_not_the_clients(self, path, monkeypatch):
        monkeypatch.setenv("AGENCY_QUEUE_URL_PREFIX", f"{AGENCY_QUEUES}gone-")
        body = {"receipt": "r"} | ({"seconds": 1} if path == EXTEND else {})
        assert call("POST", path, body=body)["statusCode"] == 500

    @pytest.mark.parametrize("path", [RECEIVE, ACK, EXTEND])
    @pytest.mark.parametrize(
        "claims",
        [
            client_claims("client-of-dpubmck"),
            client_claims("nobody"),
            OPERATOR,
            officer_claims("agency:semarang-dlh"),
        ],
    )
    def test_another_agencys_queue_is_forbidden(self, path, claims):
        aws.sqs().send_message(QueueUrl=QUEUE, MessageBody="{}")
        answer = call("POST", path, claims, body={"receipt": "r", "seconds": 1})
        assert answer["statusCode"] == 403
        assert len(aws_double.messages(QUEUE)) == 1

    def test_an_officer_of_the_agency_and_the_triage_desk_have_theirs(self, monkeypatch):
        monkeypatch.setattr(twin, "WAIT_S", 0)
        triage = "/agencies/semarang-diskominfo/messages/receive"
        officer = officer_claims("agency:semarang-dpu")
        assert call("POST", RECEIVE, officer, body={})["statusCode"] == 200
        assert call("POST", triage, OPERATOR, body={})["statusCode"] == 200

    def test_a_bad_body_is_told_by_field(self):
        assert fault_of(call("POST", RECEIVE, body={"max": 0}))[1:] == ("max", "greater_than_equal")


class TestWorkList:
    def test_open_work_of_all_statuses_is_listed_by_due_date(self):
        work = [due_in(days, status=OPEN[days % len(OPEN)]) for days in (4, 2, 1, 3)]
        stored(*work, due_in(0, status=Status.RESOLVED), due_in(0, agency="semarang-dlh"))
        listed = json_of(call("GET", WORK))
        wanted = [one.complaint_id for one in sorted(work, key=lambda one: one.due_at)]
        assert [one["complaint_id"] for one in listed["complaints"]] == wanted
        assert listed["cursor"] is None

    def test_a_status_may_be_asked_for(self):
        stored(due_in(1))
        accepted = due_in(2, status=Status.ACCEPTED)
        stored(accepted)
        listed = json_of(call("GET", WORK, query={"status": "accepted"}))
        assert [one["complaint_id"] for one in listed["complaints"]] == [accepted.complaint_id]

    def test_pages_follow_one_another_over_several_statuses(self):
        work = [due_in(days, status=OPEN[days % 2]) for days in range(7)]
        stored(*work)
        seen, query = [], {"limit": "3"}
        while True:
            page = json_of(call("GET", WORK, query=query))
            seen.append([one["complaint_id"] for one in page["complaints"]])
            if page["cursor"] is None:
                break
            query["cursor"] = page["cursor"]
        assert [len(page) for page in seen] == [3, 3, 1]
        assert [number for page in seen for number in page] == [one.complaint_id for one in work]

    def test_a_row_has_the_version_the_assignment_and_no_reporter(self):
        stored(due_in(1, contact_shared=True))
        ((row),) = json_of(call("GET", WORK))["complaints"]
        assert (row["version"], row["contact_shared"]) == (2, True)
        assert row["assignment"]["because"]["en"] == "City roads are DPU's."
        assert not set(row) & {"key_hash", "fingerprint", "name", "phone", "email"}

    @pytest.mark.parametrize(
        "limit", ["0", "101", "-1", "1.5", "x", "٣", "00109", "0001" + "9" * 5000]
    )
    def test_a_limit_is_1_to_100(self, limit):
        assert fault_of(call("GET", WORK, query={"limit": limit})) == (400, "limit", "out_of_range")

    @pytest.mark.parametrize("limit", ["1", "100", "007"])
    def test_a_limit_within_is_taken(self, limit):
        assert call("GET", WORK, query={"limit": limit})["statusCode"] == 200

    @pytest.mark.parametrize("status", ["open", "ASSIGNED", "é"])
    def test_an_unknown_status_is_refused_with_the_choices(self, status):
        answer = call("GET", WORK, query={"status": status}, headers={"Accept-Language": "en"})
        assert fault_of(answer) == (400, "status", "not_a_choice")
        assert "received, assigned, accepted" in json_of(answer)["detail"]

    @pytest.mark.parametrize(
        "cursor",
        [
            "x",
            "%%%",
            "é",
            "====",
            base64.urlsafe_b64encode(b"\xff\xfe").decode(),
            base64.urlsafe_b64encode(b"tomorrow").decode(),
            base64.urlsafe_b64encode(b"2026-11-20T05:00:00.000Z#" + b"x" * 2000).decode(),
        ],
    )
    def test_a_cursor_of_no_page_is_a_bad_request(self, cursor):
        answer = call("GET", WORK, query={"cursor": cursor})
        assert fault_of(answer) == (400, "cursor", "invalid_cursor")

    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        st.dictionaries(
            st.sampled_from(["status", "cursor", "limit"]),
            st.text() | st.binary().map(lambda b: base64.urlsafe_b64encode(b).decode()),
        )
    )
    def test_no_query_is_an_error_of_ours(self, query):
        assert call("GET", WORK, query=query)["statusCode"] in (200, 400)

    @pytest.mark.parametrize(
        ("path", "claims", "status"),
        [
            (WORK, DPU, 200),
            (WORK, OPERATOR, 200),
            (WORK, officer_claims("operator:jateng"), 403),
            (WORK, officer_claims("agency:semarang-dlh"), 403),
            ("/agencies/semarang-nowhere/complaints", OPERATOR, 403),
            (
                "/agencies/semarang-nowhere/complaints",
                officer_claims("agency:semarang-nowhere"),
                403,
            ),
        ],
    )
    def test_who_may_read_a_work_list(self, path, claims, status):
        assert call("GET", path, claims)["statusCode"] == status


class TestDueBefore:
    def numbers(self, **query: str) -> list[str]:
        return [
            one["complaint_id"] for one in json_of(call("GET", WORK, query=query))["complaints"]
        ]

    def test_what_is_overdue_is_listed_page_by_page(self):
        late = [due_in(-40 + days, status=OPEN[days]) for days in range(3)]
        # `due_in` counts from a day of the past, the API from now.
        stored(*late, due_in(4000), due_in(-50, status=Status.RESOLVED))
        wanted = [one.complaint_id for one in late]
        assert self.numbers(overdue="true") == wanted
        page = json_of(call("GET", WORK, query={"overdue": "true", "limit": "2"}))
        rest = self.numbers(overdue="true", limit="2", cursor=page["cursor"])
        assert [one["complaint_id"] for one in page["complaints"]] + rest == wanted

    def test_what_is_due_before_a_day_or_an_instant_is_listed(self):
        first, second = due_in(1), due_in(2)
        stored(first, second)
        both = [first.complaint_id, second.complaint_id]
        noon_wib = "2026-11-22T12:00:00+07:00"  # when the second is due
        assert self.numbers(due_before=noon_wib) == both[:1]
        assert self.numbers(due_before="2026-11-22T12:00:01+07:00") == both
        assert self.numbers(due_before="2026-11-22") == both[:1]
        assert self.numbers(due_before="2026-11-23", overdue="false") == both

    def test_of_two_bounds_the_earlier_holds(self):
        late, soon = due_in(-1), due_in(4000)
        stored(late, soon)
        assert self.numbers(due_before="2099-01-01", overdue="true") == [late.complaint_id]

    def test_a_cursor_beyond_the_bound_ends_the_list(self):
        stored(due_in(3), due_in(4))
        cursor = json_of(call("GET", WORK, query={"limit": "1"}))["cursor"]
        assert self.numbers(cursor=cursor, due_before="2026-11-21") == []

    @pytest.mark.parametrize(
        ("query", "field", "code"),
        [
            ({"overdue": "yes"}, "overdue", "not_a_choice"),
            ({"overdue": "true", "status": "resolved"}, "overdue", "not_with_this_status"),
            ({"due_before": "2026-11-22", "status": "duplicate"}, "due_before", None),
            ({"due_before": "kemarin"}, "due_before", "invalid_instant"),
            ({"due_before": "2026-11-22T12:00:00"}, "due_before", "invalid_instant"),
            ({"due_before": "0001-01-01"}, "due_before", "invalid_instant"),
        ],
    )
    def test_what_cannot_be_asked_for_is_refused(self, query, field, code):
        wanted = (400, field, code or "not_with_this_status")
        assert fault_of(call("GET", WORK, query=query)) == wanted


class TestTemplates:
    def test_an_agency_reads_what_it_may_choose_from(self):
        words = json_of(call("GET", "/agencies/semarang-dpu/templates"))
        assert words["jurisdiction_id"] == "semarang"
        assert words["templates"][0] == {
            "code": "selesai",
            "text": {
                "id": "$number ($category) beres. $agency",
                "en": "$number ($category) done. $agency",
            },
            "actions": ["resolve"],
        }
        assert [one["code"] for one in words["outcomes"]] == ["diperbaiki", "diganti"]
        assert words["reasons"][0]["basis"]["en"] == "Lingkup SP4N (en)"

    def test_of_what_was_handed_over_those_of_where_it_entered(self):
        path, claims = "/agencies/jateng-dpubmck/templates", client_claims("client-of-dpubmck")
        assert json_of(call("GET", path, claims))["templates"] == []
        query = {"jurisdiction_id": "semarang"}
        assert json_of(call("GET", path, claims, query=query))["templates"]

    def test_a_jurisdiction_that_is_not_there_is_refused(self):
        answer = call("GET", "/agencies/semarang-dpu/templates", query={"jurisdiction_id": "x"})
        assert fault_of(answer) == (400, "jurisdiction_id", "not_a_choice")

    @pytest.mark.parametrize(
        ("agency", "claims"),
        [
            ("semarang-dpu", client_claims("client-of-dpubmck")),
            ("semarang-nowhere", OPERATOR),
        ],
    )
    def test_who_may_not_read_the_work_may_not_read_these(self, agency, claims):
        assert call("GET", f"/agencies/{agency}/templates", claims)["statusCode"] == 403


class TestWorkDetail:
    def test_an_agency_reads_the_whole_history_with_internal_notes(self):
        before = due_in(1)
        number = stored(before)
        entry = an_entry(internal_note="Alat rusak")
        complaints().record_action(before, replace(before, version=3), entry)
        detail = json_of(call("GET", f"{WORK}/{number}"))
        assert detail["assignments"] == [detail["assignment"]]
        ((step),) = detail["timeline"]
        assert (step["internal_note"], step["actor"]) == ("Alat rusak", "client:semarang-dpu")
        assert "fingerprint" not in step

    def test_what_others_say_of_it_and_where_it_came_from_is_told(self):
        until = now() + timedelta(days=3)
        asked = replace(
            due_in(1),
            status=Status.NEEDS_INFORMATION,
            clock="answer",
            clock_at=until,
            supporters=3,
            not_fixed=2,
            media_url="https://kota-lain.example/foto.jpg",
            vehicle_code="GJK-4821",
            vehicle_known=True,
            vehicle_partner="gojek",
            suspicion="honeypot",
        )
        shown = json_of(call("GET", f"{WORK}/{stored(asked)}"))
        for name in (
            *("supporters", "not_fixed", "media_url", "suspicion"),
            *("vehicle_code", "vehicle_known", "vehicle_partner"),
        ):
            assert shown[name] == getattr(asked, name)
        assert datetime.fromisoformat(shown["answer_due_at"]) == until
        assert json_of(call("GET", f"{WORK}/{stored(due_in(1))}"))["answer_due_at"] is None

    @pytest.mark.parametrize(("visibility", "told"), [("private", True), ("secret", False)])
    def test_that_somebody_may_be_asked_is_not_told_of_a_secret_one(self, visibility, told):
        number = stored(replace(due_in(1), visibility=visibility, contact_shared=True))
        assert json_of(call("GET", f"{WORK}/{number}"))["contact_shared"] is told

    def test_a_complaint_moved_away_is_not_found_any_more(self):
        moved = due_in(1, assignments=(an_assignment(1), an_assignment(2, "semarang-dlh")))
        number = stored(moved)
        assert call("GET", f"{WORK}/{number}")["statusCode"] == 404
        dlh = officer_claims("agency:semarang-dlh")
        answer = call("GET", f"/agencies/semarang-dlh/complaints/{number}", dlh)
        assert [one["no"] for one in json_of(answer)["assignments"]] == [1, 2]

    def test_what_is_not_there_or_not_routed_is_not_found(self):
        for number in (a_number(), stored(a_complaint()), "not-a-number"):
            assert call("GET", f"{WORK}/{number}")["statusCode"] == 404

    def test_another_agency_may_not_ask(self):
        number = stored(due_in(1))
        other = officer_claims("agency:semarang-dlh")
        assert call("GET", f"{WORK}/{number}", other)["statusCode"] == 403


class TestTriage:
    def test_an_operator_reads_any_of_the_own_jurisdiction_whichever_agency_has_it(self):
        number = stored(due_in(1))
        answer = call("GET", f"/triage/{number}", OPERATOR)
        assert json_of(answer)["assignment"]["agency"] == "semarang-dpu"
        assert json_of(call("GET", f"/triage/{stored(a_complaint())}", OPERATOR))["timeline"] == []

    @pytest.mark.parametrize(
        ("claims", "status"), [(DPU, 403), (officer_claims("operator:jateng"), 404)]
    )
    def test_who_sits_at_no_desk_or_another_reads_nothing_there(self, claims, status):
        assert call("GET", f"/triage/{stored(due_in(1))}", claims)["statusCode"] == status

    def test_what_is_not_there_is_not_found_at_triage(self):
        assert call("GET", f"/triage/{a_number()}", OPERATOR)["statusCode"] == 404

    def test_an_operator_sees_what_waits_at_the_own_desk(self):
        waiting = due_in(1, agency="semarang-diskominfo")
        stored(waiting, due_in(1), due_in(1, agency="jateng-diskominfo"))
        listed = json_of(call("GET", "/triage", OPERATOR))
        assert [one["complaint_id"] for one in listed["complaints"]] == [waiting.complaint_id]

    def test_an_operator_of_several_desks_names_one(self):
        anywhere = officer_claims("operator")
        answer = call("GET", "/triage", anywhere)
        assert fault_of(answer) == (400, "jurisdiction_id", "missing")
        assert "jateng, semarang" in json_of(answer)["detail"]
        number = stored(due_in(1, agency="jateng-diskominfo"))
        listed = json_of(call("GET", "/triage", anywhere, query={"jurisdiction_id": "jateng"}))
        assert [one["complaint_id"] for one in listed["complaints"]] == [number]

    @pytest.mark.parametrize(
        ("claims", "query"),
        [
            (DPU, {}),
            (officer_claims("agency:semarang-dpu"), {}),
            (officer_claims("treasurer"), {"jurisdiction_id": "semarang"}),
            (OPERATOR, {"jurisdiction_id": "jateng"}),
            (OPERATOR, {"jurisdiction_id": "solo"}),
        ],
    )
    def test_nobody_else_sees_a_desk(self, claims, query):
        assert call("GET", "/triage", claims, query=query)["statusCode"] == 403


class TestActions:
    def test_an_agency_works_a_complaint_to_its_end(self):
        number = stored(due_in(1))
        path = f"/complaints/{number}/actions"
        for version, (action, status) in enumerate(
            [("accept", "accepted"), ("start", "in_progress"), ("resolve", "resolved")], start=2
        ):
            body = an_action(action, version, public_note="Kami kerjakan.")
            answer = call("POST", path, body=body)
            assert answer["statusCode"] == 200
            assert json_of(answer) == {
                "complaint_id": number,
                "action_id": body["action_id"],
                "version": version + 1,
                "status": status,
                "agency": "semarang-dpu",
                "related": [],
            }

    def test_an_agency_asks_and_waits_ten_days_for_the_answer(self):
        number = stored(due_in(1))
        path = f"/complaints/{number}/actions"
        silent = call("POST", path, body=an_action("ask", internal_note="Tiang?"))
        assert fault_of(silent) == (400, "public_note", "missing")
        answer = call("POST", path, body=an_action("ask", public_note="Tiang nomor berapa?"))
        assert json_of(answer)["status"] == "needs_information"
        after = complaints().get(number)
        assert after is not None
        assert after.clock == "answer"
        assert after.clock_at == after.updated_at + timedelta(days=10)
        assert after.undelivered_since is None

    @pytest.mark.parametrize(
        "action", ["confirm", "withdraw", "reroute", "not_fixed", "lapse", "follow", "close"]
    )
    def test_what_is_the_reporters_to_do_is_no_agencys_nor_a_desks(self, action):
        path = f"/complaints/{stored(due_in(1))}/actions"
        for claims in (DPU, OPERATOR):
            answer = call("POST", path, claims, body=an_action(action, public_note="x"))
            assert fault_of(answer) == (400, "action", "enum")

    def test_the_same_action_again_is_answered_alike(self):
        path, body = f"/complaints/{stored(due_in(1))}/actions", an_action("accept")
        first, again = (call("POST", path, body=body) for _ in range(2))
        assert (again["statusCode"], again["body"]) == (200, first["body"])

    def test_an_operator_assigns_from_the_desk(self):
        number = stored(due_in(1, agency="semarang-diskominfo"))
        body = an_action("assign", agency="semarang-dlh")
        answer = call("POST", f"/complaints/{number}/actions", OPERATOR, body=body)
        assert json_of(answer)["agency"] == "semarang-dlh"
        after = complaints().get(number)
        assert after is not None
        assert after.undelivered_since is not None

    @pytest.mark.parametrize(
        ("body", "claims", "status", "code"),
        [
            (an_action("start"), DPU, 409, "illegal_action"),
            (an_action("accept", 1), DPU, 409, "version_conflict"),
            (an_action("accept", assignment_no=9), DPU, 409, "stale_assignment"),
            (an_action("return"), DPU, 400, "invalid_input"),
            (an_action("assign", agency="semarang-dlh"), DPU, 403, "forbidden"),
            (an_action("accept"), client_claims("client-of-dpubmck"), 403, "forbidden"),
            (an_action("accept"), client_claims("nobody"), 403, "forbidden"),
            (an_action("accept"), OPERATOR, 403, "forbidden"),
            ({}, DPU, 400, "invalid_input"),
            ("x" * 70_000, DPU, 413, "body_too_large"),
        ],
    )
    def test_what_may_not_be_done_is_refused_and_changes_nothing(self, body, claims, status, code):
        complaint = due_in(1)
        answer = call("POST", f"/complaints/{stored(complaint)}/actions", claims, body=body)
        assert (answer["statusCode"], json_of(answer)["code"]) == (status, code)
        assert complaints().get(complaint.complaint_id) == complaint

    @pytest.mark.parametrize("number", ["not-a-number", a_number()])
    def test_a_complaint_that_is_not_there_is_not_found(self, number):
        answer = call("POST", f"/complaints/{number}/actions", body=an_action("accept"))
        assert answer["statusCode"] == 404
