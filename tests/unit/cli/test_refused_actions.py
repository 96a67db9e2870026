"""What an agency's command does when an action is refused: only a moved complaint is outdated."""

import httpx
import pytest

from cli.agency_work import TRIES, AgencyWork, Outdated
from cli.api import Refused
from tests.unit.cli.conftest import refused

ROAD = ("complaint", "submit", "-d", "Jalan berlubang", "-c", "jalan-rusak")
WORK = ("agency", "listen", "semarang-dpu", "--once")


@pytest.fixture
def complaint(simpul, cloud):
    simpul(*ROAD)
    return cloud.complaints["SMG-1"]


def waiting(cloud):
    return len(cloud.sqs.queues["q/semarang-dpu"])


def test_an_assignment_that_was_replaced_is_outdated(simpul, cloud, complaint):
    complaint["assignment"]["no"] = 2
    heard = simpul(*WORK, "--accept")
    assert "sudah tidak berlaku" in heard.stdout
    assert "Sudah dialihkan" in heard.stdout
    assert waiting(cloud) == 0


def test_a_complaint_that_is_another_agencys_now_is_outdated(simpul, cloud, complaint):
    complaint["agency"]["code"] = "semarang-dlh"
    cloud._act = lambda *_: refused(403, "forbidden")
    assert "sudah tidak berlaku" in simpul(*WORK, "--accept").stdout
    assert waiting(cloud) == 0


def test_a_complaint_that_came_back_under_another_assignment_is_outdated(around, cloud, complaint):
    work = AgencyWork("semarang-dpu", around)
    (assignment,) = work.receive(wait_s=0)
    complaint["assignment"]["no"] = 3
    cloud._act = lambda *_: refused(403, "forbidden")
    with pytest.raises(Outdated):
        work.accept(assignment)


def test_a_token_of_no_agency_loses_no_message(simpul, cloud, complaint):
    cloud._act = lambda *_: refused(403, "forbidden")
    cloud._read = lambda _: refused(403, "forbidden")
    assert simpul(*WORK, "--accept").exit_code == 1
    assert waiting(cloud) == 1


def test_a_refusal_that_the_complaint_does_not_explain_stands(simpul, cloud, complaint):
    cloud._act = lambda *_: refused(409, "illegal_action")
    assert "illegal_action" in simpul(*WORK, "--accept").stderr
    assert waiting(cloud) == 1


@pytest.mark.parametrize("code", ["conflict", "busy", "action_id_unknown"])
def test_an_unknown_conflict_loses_no_message(simpul, cloud, complaint, code):
    cloud._act = lambda *_: refused(409, code)
    assert simpul(*WORK, "--accept").exit_code == 1
    assert waiting(cloud) == 1


def test_a_note_of_an_officer_does_not_stop_the_work(simpul, cloud, complaint):
    complaint["version"] += 1
    assert "→ resolved" in simpul(*WORK, "--answer", "Sudah ditambal.").stdout
    assert [body["expected_version"] for _, body, _ in cloud.actions] == [2, 3, 4]
    assert complaint["timeline"][-1]["note"] == "Sudah ditambal."
    assert waiting(cloud) == 0


def test_what_was_accepted_by_a_colleague_is_answered_all_the_same(simpul, cloud, complaint):
    complaint.update(status="in_progress", version=4)
    assert "→ resolved" in simpul(*WORK, "--answer", "Sudah ditambal.").stdout
    assert complaint["status"] == "resolved"


def test_an_answer_that_came_too_late_is_said_to_be_unsent(simpul, cloud, complaint):
    complaint.update(status="resolved", version=4)
    heard = simpul(*WORK, "--answer", "Sudah ditambal.")
    assert "jawaban ini tidak dikirim" in heard.stdout
    assert complaint["timeline"] == []
    assert waiting(cloud) == 0


def test_a_redelivery_after_a_retried_action_finds_it_done(simpul, cloud, complaint):
    complaint["version"] += 1  # so the recorded action carries another version than the message
    simpul(*WORK, "--accept")
    cloud.deliver("SMG-1", "semarang-dpu")
    assert "→ accepted" in simpul(*WORK, "--accept").stdout
    assert waiting(cloud) == 0


def test_a_complaint_that_never_stands_still_is_given_up_and_kept(around, cloud, complaint):
    def act(*_):
        complaint["version"] += 1
        tried.append(1)
        return refused(409, "version_conflict")

    tried: list[int] = []
    work = AgencyWork("semarang-dpu", around)
    (assignment,) = work.receive(wait_s=0)
    cloud._act = act
    with pytest.raises(Refused):
        work.accept(assignment)
    assert len(tried) == TRIES


def test_what_failed_comes_back_in_five_minutes_and_the_rest_at_once(simpul, cloud):
    for _ in range(3):
        simpul(*ROAD)
    cloud._act = lambda *_: httpx.Response(500)
    assert simpul(*WORK, "--accept").exit_code == 1
    assert [after for _, after in cloud.sqs.visibility] == [300, 0, 0]


def test_a_single_fault_is_told_once_and_several_each():
    def told(detail, *faults):
        errors = [{"field": field, "message": message} for field, message in faults]
        problem = {"code": "invalid_input", "detail": detail, "errors": errors}
        return str(Refused(httpx.Response(400, json=problem)))

    many, few = ("minutes", "Terlalu banyak."), ("seq", "Terlalu kecil.")
    once = "400 invalid_input minutes: Terlalu banyak."
    assert told("minutes: Terlalu banyak.", many) == once
    assert told("minutes: Terlalu banyak.", many, few) == f"{once}; seq: Terlalu kecil."
    assert told("Terlalu banyak.", many) == "400 invalid_input Terlalu banyak."
