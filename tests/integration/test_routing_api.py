"""Agencies' and operators' API through its handler: queue twin, work lists, triage, actions."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from functions.agency_routing.api import complaints
from shared.clock import now
from shared.complaints.law import Status
from tests.builders import (
    NOW,
    a_complaint,
    a_number,
    an_action,
    an_assignment,
    an_entry,
    client_claims,
    officer_claims,
)
from tests.integration.routing_calls import (
    DPU,
    OPERATOR,
    WORK,
    call,
    due_in,
    fault_of,
    json_of,
    stored,
)

pytestmark = pytest.mark.usefixtures("small_config", "aws_double")


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
