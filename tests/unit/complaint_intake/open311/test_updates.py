"""What another system's update brings about: notes by anyone, a reporter's steps by the sender."""

from datetime import timedelta

import pytest

from functions.complaint_intake.open311.keys import actor_of
from functions.complaint_intake.open311.parameters import Parameters
from functions.complaint_intake.open311.statuses import STANDARD, UpdateStatus
from functions.complaint_intake.open311.updates import (
    NotTheirs,
    effect,
    taken,
    update_of,
)
from shared.complaints.acting import ActionIdReused, IllegalAction, StaleVersion, VersionConflict
from shared.complaints.law import ACTORS, Action, Actor, Status
from shared.complaints.record import REOPENED
from shared.errors import InvalidInput, NotFound
from tests.builders import ID_SECRET, NOW, a_complaint, a_number, an_assignment
from tests.twins import ComplaintStoreTwin

pytestmark = pytest.mark.usefixtures("small_config")

US, THEM = "kota-lain", "kota-ketiga"
SAMPLE = {
    "service_request_id": "SMG-1",
    "update_id": "77",
    "status": "OPEN",
    "updated_datetime": "2026-11-20T05:00:00Z",
    "description": "Masih berlubang",
}


def a_request(status=Status.ASSIGNED, client=US, **changes):
    return a_complaint(status=status, client=client, channel="open311", **changes)


def read(*more, **changes):
    return update_of(Parameters.of([*({**SAMPLE, **changes}).items(), *more]))


def faults(*more, **changes):
    with pytest.raises(InvalidInput) as refusal:
        read(*more, **changes)
    return [one.field for one in refusal.value.faults]


class Stage:
    """A store with one complaint, and updates of it."""

    def __init__(self, complaint):
        self.store = ComplaintStoreTwin()
        assert self.store.submit(complaint) is None
        self.number = complaint.complaint_id

    def take(self, client=US, jurisdiction_id=None, at=NOW, **changes):
        update = read(**{"service_request_id": self.number, **changes})
        return taken(
            update,
            client=client,
            jurisdiction_id=jurisdiction_id,
            secret=ID_SECRET,
            now=at,
            store=self.store,
        )

    @property
    def complaint(self):
        return self.store.get(self.number)

    @property
    def steps(self):
        found = self.store.with_timeline(self.number)
        assert found is not None
        return found[1]


# --- reading


def test_an_update_is_read():
    number = a_number()
    found = read(("media_url", "https://kota.example.id/1.jpg"), service_request_id=number.lower())
    assert found.complaint_id == number
    assert found.status is UpdateStatus.OPEN
    assert found.happened == NOW
    assert found.words == "Masih berlubang\nhttps://kota.example.id/1.jpg"


def test_a_picture_alone_says_something():
    found = read(
        ("media_url", "https://kota.example.id/1.jpg"),
        service_request_id=a_number(),
        description="",
    )
    assert found.words == "https://kota.example.id/1.jpg"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("service_request_id", ""),
        ("service_request_id", "x" * 256),
        ("update_id", ""),
        ("update_id", "x" * 256),
        ("status", ""),
        ("status", "DONE"),
        ("updated_datetime", ""),
        ("updated_datetime", "2026-11-20"),
        ("description", ""),
        ("description", "x" * 4001),
        ("media_url", "javascript:alert(1)"),
    ],
)
def test_bad_input_names_its_field(field, value):
    assert faults(**{field: value}) == [field]


def test_all_that_is_wrong_is_said_at_once():
    assert faults(status="", updated_datetime="", update_id="") == [
        "update_id",
        "status",
        "updated_datetime",
    ]


def test_words_and_links_together_have_their_measure():
    link = ("media_url", "https://kota.example.id/" + "x" * 900)
    assert faults(link, description="x" * 3500) == ["description"]


def test_an_id_that_cannot_be_one_is_not_found():
    with pytest.raises(NotFound, match="service_request_id"):
        read(service_request_id="123")


# --- what it brings about

OPEN_STATUSES = [status for status in Status if STANDARD[status] == "open"]
DONE_STATUSES = [status for status in Status if STANDARD[status] == "closed"]
ENDING = [UpdateStatus.CLOSED, UpdateStatus.FIXED, UpdateStatus.CANCELLED]
AGENCYS = [
    UpdateStatus.DUPLICATE,
    UpdateStatus.NOT_COUNCILS_RESPONSIBILITY,
    UpdateStatus.NO_FURTHER_ACTION,
    UpdateStatus.INTERNAL_REFERRAL,
]
GOING_ON = [one for one in UpdateStatus if one not in (*ENDING, *AGENCYS)]


@pytest.mark.parametrize("said", UpdateStatus)
@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("client", [US, THEM])
def test_nothing_is_brought_about_but_notes_and_what_a_reporter_may_do(said, status, client):
    complaint = a_request(status)
    try:
        found = effect(complaint, said, client)
    except NotTheirs:
        return
    assert found is Action.NOTE or Actor.REPORTER in ACTORS[found]
    assert client == US or found is Action.NOTE


@pytest.mark.parametrize("said", GOING_ON)
@pytest.mark.parametrize("client", [US, THEM])
@pytest.mark.parametrize("status", OPEN_STATUSES)
def test_what_is_going_on_here_and_there_is_a_note(said, client, status):
    expected = Action.NOTE
    if client == US and status is Status.NEEDS_INFORMATION:
        expected = Action.ANSWER
    assert effect(a_request(status), said, client) is expected


@pytest.mark.parametrize("said", [one for one in UpdateStatus if one != UpdateStatus.REOPEN])
@pytest.mark.parametrize("status", DONE_STATUSES)
@pytest.mark.parametrize("client", [US, THEM])
def test_what_is_done_here_stays_so_whatever_status_a_comment_carries(said, status, client):
    assert effect(a_request(status), said, client) is Action.NOTE


@pytest.mark.parametrize("status", DONE_STATUSES)
def test_only_its_sender_reopens_what_is_done(status):
    assert effect(a_request(status), UpdateStatus.REOPEN, US) is Action.REOPEN
    with pytest.raises(NotTheirs, match="reopen"):
        effect(a_request(status), UpdateStatus.REOPEN, THEM)


@pytest.mark.parametrize("said", ENDING)
@pytest.mark.parametrize("status", OPEN_STATUSES)
def test_only_its_sender_withdraws_what_is_open(said, status):
    assert effect(a_request(status), said, US) is Action.WITHDRAW
    with pytest.raises(NotTheirs, match="withdraw"):
        effect(a_request(status), said, THEM)


@pytest.mark.parametrize("said", ENDING)
def test_what_was_reopened_is_not_withdrawn_by_the_echo_of_its_closing(said):
    reopened = a_request(
        Status.REOPENED, assignments=(an_assignment(1), an_assignment(2, rule=REOPENED))
    )
    assert effect(reopened, said, US) is Action.NOTE


@pytest.mark.parametrize("said", AGENCYS)
@pytest.mark.parametrize("client", [US, THEM])
@pytest.mark.parametrize("status", OPEN_STATUSES)
def test_what_only_the_agency_may_decide_is_refused(said, client, status):
    with pytest.raises(NotTheirs, match=said.upper()):
        effect(a_request(status), said, client)


# --- taking it


def test_an_update_is_a_note_for_the_agency_under_the_systems_name():
    stage = Stage(a_request(Status.ACCEPTED))
    update_id = stage.take(client=THEM)
    (step,) = stage.steps
    assert step.action is Action.NOTE
    assert step.internal_note == f"{THEM}: Masih berlubang"
    assert (step.public_note, step.actor, step.at) == (None, actor_of(THEM), NOW)
    assert step.status is Status.ACCEPTED
    assert update_id == f"{stage.number}:{step.version}"
    assert stage.complaint.updated_at == NOW


def test_the_same_update_again_is_answered_as_the_first_time():
    stage = Stage(a_request())
    first = stage.take()
    assert stage.take(at=NOW + timedelta(hours=1)) == first
    assert len(stage.steps) == 1


def test_each_clients_ids_are_its_own():
    stage = Stage(a_request())
    assert stage.take(client=US) != stage.take(client=THEM)
    assert len(stage.steps) == 2


def test_an_id_that_was_used_for_another_update_is_refused():
    stage = Stage(a_request())
    stage.take()
    with pytest.raises(ActionIdReused):
        stage.take(description="Lain")


def test_an_answer_from_the_senders_reporter_takes_the_complaint_on():
    asked = a_request(Status.NEEDS_INFORMATION, updated_at=NOW)
    stage = Stage(asked)
    stage.take(description="Di depan nomor 5")
    assert stage.complaint.status is Status.IN_PROGRESS
    (step,) = stage.steps
    assert (step.action, step.public_note) == (Action.ANSWER, "Di depan nomor 5")
    assert step.actor == actor_of(US)
    assert stage.take(description="Di depan nomor 5") == f"{stage.number}:{step.version}"


def test_a_reopened_complaint_goes_to_its_agency_again():
    stage = Stage(a_request(Status.RESOLVED, closed_at=NOW))
    stage.take(status="REOPEN")
    assert stage.complaint.status is Status.REOPENED
    assert stage.complaint.assignment.rule == REOPENED
    assert stage.take(status="REOPEN") == f"{stage.number}:{stage.steps[0].version}"
    assert len(stage.steps) == 1


def test_a_withdrawn_complaint_stays_withdrawn_and_its_repeat_is_answered():
    stage = Stage(a_request())
    first = stage.take(status="FIXED")
    assert stage.complaint.status is Status.WITHDRAWN
    assert stage.take(status="FIXED") == first
    with pytest.raises(IllegalAction):
        stage.take(update_id="78")


def test_what_is_not_routed_yet_takes_no_note():
    with pytest.raises(IllegalAction):
        Stage(a_request(Status.RECEIVED)).take()


def test_what_is_not_public_is_its_senders_alone():
    stage = Stage(a_request(visibility="private"))
    with pytest.raises(NotFound, match="service_request_id"):
        stage.take(client=THEM)
    assert stage.take(client=US)


def test_a_complaint_of_our_own_takes_notes_if_it_is_public():
    stage = Stage(a_complaint(status=Status.ASSIGNED))
    assert stage.take(client=THEM)
    with pytest.raises(NotTheirs):
        stage.take(client=THEM, status="CLOSED", update_id="78")


def test_a_jurisdiction_that_is_named_must_be_the_complaints():
    stage = Stage(a_request())
    assert stage.take(jurisdiction_id="semarang")
    with pytest.raises(NotFound):
        stage.take(jurisdiction_id="jateng", update_id="78")


def test_what_is_not_there_is_not_found():
    with pytest.raises(NotFound):
        Stage(a_request()).take(service_request_id=a_number())


def test_what_others_change_meanwhile_is_no_obstacle(monkeypatch):
    stage = Stage(a_request())
    original, times = stage.store.record_action, []

    def busy(before, after, entry, **more):
        times.append(1)
        if len(times) < 3:
            raise StaleVersion
        original(before, after, entry, **more)

    monkeypatch.setattr(stage.store, "record_action", busy)
    assert stage.take()


def test_after_three_times_it_is_told_to_come_again(monkeypatch):
    stage = Stage(a_request())

    def busy(*_, **__):
        raise StaleVersion

    monkeypatch.setattr(stage.store, "record_action", busy)
    with pytest.raises(VersionConflict):
        stage.take()
