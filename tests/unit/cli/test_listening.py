"""What is left in an agency's queue: who may have it when, and how often it can be left."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from botocore.exceptions import ClientError

from cli.agency_work import AgencyWork
from cli.listening import AGAIN_AFTER_S, DECIDE_WITHIN_S, Decision, Listening

ROAD = ("complaint", "submit", "-d", "Jalan berlubang", "-c", "jalan-rusak")
LISTEN = ("agency", "listen", "semarang-dpu")
NOON = datetime(2026, 11, 22, 5, tzinfo=UTC)


@pytest.fixture
def at_a_terminal(monkeypatch):
    monkeypatch.setattr("cli.agency._at_a_terminal", lambda: True)


def listening(around, *, now=lambda: NOON, once=False):
    return Listening(work=AgencyWork("semarang-dpu", around), once=once, asks=False, now=now)


def client_error(code):
    return ClientError({"Error": {"Code": code, "Message": ""}}, "ChangeMessageVisibility")


def test_what_was_only_shown_is_free_when_the_command_ends(simpul, cloud):
    simpul(*ROAD)
    heard = simpul(*LISTEN, "--once")
    assert cloud.sqs.visibility[-1][1] == 0
    assert "begitu perintah ini selesai" in heard.stdout
    assert "pengambilan 1 dari 1000" in heard.stdout
    again = simpul(*LISTEN, "--once", "--json")
    told = json.loads(again.stdout)
    assert told["received_count"] == 2
    assert "tetap di antrean" in told["outcome"]


def test_while_listening_goes_on_what_is_left_is_not_offered_again_at_once(simpul, around, cloud):
    simpul(*ROAD)
    visit = listening(around)
    (assignment,) = visit.assignments(1, 0)
    assert "dalam 15 menit" in visit.handle(assignment, Decision())
    assert cloud.sqs.visibility == [(assignment.receipt_handle, AGAIN_AFTER_S)]
    visit.end()
    assert cloud.sqs.visibility[1:] == [(assignment.receipt_handle, 0)]


def test_a_message_left_all_its_life_never_spends_its_receives():
    assert timedelta(days=7) / timedelta(seconds=AGAIN_AFTER_S) < 1000


def test_what_others_may_have_by_now_is_not_touched_at_the_end(simpul, around, cloud):
    simpul(*ROAD)
    clock = iter([NOON, NOON + timedelta(seconds=AGAIN_AFTER_S)])
    visit = listening(around, now=lambda: next(clock))
    (assignment,) = visit.assignments(1, 0)
    visit.handle(assignment, Decision())
    visit.end()
    assert len(cloud.sqs.visibility) == 1


def test_the_last_receive_is_announced(simpul, cloud):
    simpul(*ROAD)
    cloud.sqs.most_receives = 1
    assert "simpul dlq redrive semarang-dpu" in simpul(*LISTEN, "--once").stdout


def test_a_person_gets_one_at_a_time_and_half_an_hour_for_it(simpul, cloud, at_a_terminal):
    for _ in range(3):
        simpul(*ROAD)
    heard = simpul(*LISTEN, "--once", stdin="t\nl\nt\n")
    assert {request["MaxNumberOfMessages"] for request in cloud.sqs.received} == {1}
    assert {request["VisibilityTimeout"] for request in cloud.sqs.received} == {DECIDE_WITHIN_S}
    assert [body["action"] for _, body, _ in cloud.actions] == ["accept", "accept"]
    assert "ditahan 30 menit" in heard.stderr
    assert len(cloud.sqs.queues["q/semarang-dpu"]) == 1


def test_who_goes_away_in_the_middle_of_deciding_frees_the_message(simpul, cloud, at_a_terminal):
    simpul(*ROAD)
    heard = simpul(*LISTEN, stdin="")
    assert heard.exit_code == 0
    assert "Selesai" in heard.stderr
    assert cloud.sqs.hidden == set()


@pytest.mark.parametrize("code", ["MessageNotInflight", "InvalidParameterValue"])
def test_a_message_that_is_free_already_needs_no_putting_back(simpul, around, cloud, code):
    simpul(*ROAD)
    work = AgencyWork("semarang-dpu", around)
    (assignment,) = work.receive(wait_s=0)

    def expired(**_):
        raise client_error(code)

    cloud.sqs.change_message_visibility = expired
    work.put_back(assignment)


@pytest.mark.parametrize("code", ["ReceiptHandleIsInvalid", "InvalidParameterValue"])
def test_a_message_that_somebody_else_has_by_now_is_theirs_to_delete(simpul, around, cloud, code):
    simpul(*ROAD)
    work = AgencyWork("semarang-dpu", around)
    (assignment,) = work.receive(wait_s=0)

    def expired(**_):
        raise client_error(code)

    cloud.sqs.delete_message = expired
    work.done(assignment)


def test_a_role_that_may_not_delete_is_told_so(simpul, around, cloud):
    simpul(*ROAD)
    work = AgencyWork("semarang-dpu", around)
    (assignment,) = work.receive(wait_s=0)

    def denied(**_):
        raise client_error("AccessDenied")

    cloud.sqs.delete_message = denied
    with pytest.raises(ClientError):
        work.done(assignment)


def test_a_role_that_may_not_put_back_is_told_so(simpul, cloud):
    simpul(*ROAD)

    def denied(**_):
        raise client_error("AccessDenied")

    cloud.sqs.change_message_visibility = denied
    heard = simpul(*LISTEN, "--once")
    assert heard.exit_code == 1
    assert "AccessDenied" in heard.stderr


class TestNews:
    """What others did to a complaint that the agency has already."""

    def test_it_is_shown_with_what_was_said(self, simpul, cloud):
        cloud.tell("SMG-1", "semarang-dpu")
        heard = simpul(*LISTEN, "--once").stdout
        for said in ("SMG-1", "answer", "in_progress", "Di depan [nomor] 12", "foto     : 2"):
            assert said in heard
        assert len(cloud.sqs.queues["q/semarang-dpu"]) == 1  # only looked at

    def test_news_without_words_is_shown(self, simpul, cloud):
        cloud.tell("SMG-1", "semarang-dpu", action="lapse", note=None)
        assert "lapse" in simpul(*LISTEN, "--once").stdout

    @pytest.mark.parametrize("option", [("--accept",), ("--answer", "Beres.")])
    def test_who_works_the_queue_takes_note_of_it_and_acts_on_nothing(self, simpul, cloud, option):
        cloud.tell("SMG-1", "semarang-dpu")
        heard = simpul(*LISTEN, "--once", *option)
        assert "dicatat / noted" in heard.stdout
        assert cloud.actions == []
        assert cloud.sqs.queues["q/semarang-dpu"] == []

    def test_nobody_is_asked_about_it(self, simpul, cloud, at_a_terminal):
        cloud.tell("SMG-1", "semarang-dpu")
        heard = simpul(*LISTEN, "--once", stdin="")
        assert heard.exit_code == 0
        assert "dicatat / noted" in heard.stdout
        assert cloud.sqs.queues["q/semarang-dpu"] == []


def test_a_reopened_complaint_comes_with_the_reason(simpul, cloud):
    cloud.tell(
        "SMG-1",
        "semarang-dpu",
        type="complaint_assigned.v1",
        note="Masih [berlubang]",
        because={"id": "Pelapor menyatakan belum selesai.", "en": "Not done."},
        description="Jalan berlubang",
    )
    heard = simpul(*LISTEN, "--once").stdout
    assert "belum selesai:" in heard
    assert "Masih [berlubang]" in heard


@pytest.mark.parametrize("status", ["needs_information", "closed", "withdrawn"])
def test_a_message_of_what_is_past_it_already_is_taken_off(simpul, cloud, status):
    simpul(*ROAD)
    cloud.complaints["SMG-1"]["status"] = status
    assert simpul(*LISTEN, "--once", "--accept").exit_code == 0
    assert cloud.sqs.queues["q/semarang-dpu"] == []


SHELTER_ALERT = {
    "type": "shelter_alert.v1",
    "shelter_id": "semarang-tugu-muda",
    "shelter_name": "Tugu Muda",
    "district": "Semarang Selatan",
    "action": "trigger",
    "seq": 3,
    "previous_state": "normal",
    "state": "over",
    "by_type": {"motorcycle": {"occupancy": 44, "capacity": 40, "state": "over"}},
    "nearest": [{"id": "semarang-kota-lama", "free": 12}],
}


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        (SHELTER_ALERT, ["semarang-tugu-muda", "motorcycle 44/40", "semarang-kota-lama (12)"]),
        ({"type": "some_day.v2", "word": "kata"}, ["some_day.v2", "kata"]),
    ],
)
def test_what_is_about_no_complaint_is_shown_noted_and_deleted(simpul, cloud, message, shown):
    cloud.sqs.send_message(QueueUrl="q/semarang-dpu", MessageBody=json.dumps(message))
    heard = simpul(*LISTEN, "--once", "--accept")
    assert heard.exit_code == 0, heard.output
    assert all(each in heard.stdout for each in shown)
    assert "dicatat / noted" in heard.stdout
    assert cloud.actions == []
    assert not cloud.sqs.queues["q/semarang-dpu"]


def test_a_machine_reads_it_as_it_came(simpul, cloud):
    cloud.sqs.send_message(QueueUrl="q/semarang-dpu", MessageBody=json.dumps(SHELTER_ALERT))
    told = json.loads(simpul(*LISTEN, "--once", "--accept", "--json").stdout)
    assert told["shelter_id"] == "semarang-tugu-muda"
    assert told["outcome"] == "dicatat / noted"
