"""What reporters may do about their own complaint: by the law's table, once, and nothing else."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from functions.complaint_intake import dialogue
from functions.complaint_intake.replies import Reply, ReplyOutcome
from shared.complaints import marks
from shared.complaints.acting import ActionIdReused, Change, IllegalAction, VersionConflict
from shared.complaints.clocks import ANSWER, DELIVERY, RETENTION, WARNING
from shared.complaints.items import undelivered_mark
from shared.complaints.law import ACTORS, DONE, TRANSITIONS, Action, Actor, Status
from shared.complaints.marks import Untold
from shared.complaints.record import Assignment, Complaint
from shared.complaints.store import ComplaintStore
from shared.errors import InvalidInput, NotFound
from shared.text import Text
from tests.builders import NOW, a_complaint, a_number, an_assignment, an_entry
from tests.small_config import JURISDICTIONS, SEMARANG
from tests.twins import ComplaintStoreTwin

pytestmark = pytest.mark.usefixtures("small_config")

Store = ComplaintStore | ComplaintStoreTwin
LATER = NOW + timedelta(hours=1)
THEIRS = [action for action in Action if Actor.REPORTER in ACTORS[action]]
LAWFUL = {key for key, one in TRANSITIONS.items() if Actor.REPORTER in one.by}
ENOUGH: dict[Action, dict[str, Any]] = {
    Action.ANSWER: {"note": "Di depan nomor 12."},
    Action.REOPEN: {"note": "Masih berlubang."},
    Action.REROUTE: {"service_code": "sampah"},
}
PHOTOS = [f"01HZX3K9V7Q2M4N8P6R5S{number}T0WY" for number in range(6)]


def a_reply(action: Action | str, **changes: Any) -> Reply:
    body = {"action": str(action), "action_id": str(uuid4()), **changes}
    return Reply.model_validate(body, strict=False)


def enough(action: Action, **changes: Any) -> Reply:
    return a_reply(action, **(ENOUGH.get(action, {}) | changes))


def standing(status: Status, **changes: Any) -> Complaint:
    """Return a complaint in a status, with all that belongs to it."""
    more: dict[str, Any] = {}
    if status is Status.NEEDS_INFORMATION:
        more = {"clock": ANSWER, "clock_at": NOW + timedelta(days=10)}
    elif status in DONE:
        more = {"closed_at": NOW}
    elif status is Status.RETURNED:
        at_triage = an_assignment(2, "semarang-diskominfo", rule="returned")
        more = {"assignments": (an_assignment(1), at_triage), "version": 3}
    return a_complaint(status=status, **(more | changes))


def take(complaint: Complaint, said: Reply) -> Change:
    return dialogue.apply(complaint, said, LATER, SEMARANG)


def refused(complaint: Complaint, said: Reply) -> tuple[str, str]:
    with pytest.raises(InvalidInput) as caught:
        take(complaint, said)
    ((fault,),) = [caught.value.faults]
    return fault.field, fault.code


class TestTheLaw:
    @pytest.mark.parametrize(
        ("status", "action"),
        sorted(LAWFUL),
    )
    def test_what_it_allows_is_done_and_written_down(self, status, action):
        before, said = standing(status), enough(action)
        change = take(before, said)
        after, entry = change.complaint, change.entry
        assert after.status is TRANSITIONS[status, action].to
        assert (after.version, after.updated_at) == (before.version + 1, LATER)
        assert (entry.action_id, entry.fingerprint) == (str(said.action_id), said.fingerprint)
        assert (entry.action, entry.status, entry.version) == (action, after.status, after.version)
        assert (entry.at, entry.actor) == (LATER, "reporter")
        assert (entry.public_note, entry.internal_note) == (said.note, None)
        assert entry.agency == (before.assignment.agency if before.assignment else None)

    @pytest.mark.parametrize(
        ("status", "action"),
        [
            (status, action)
            for status in Status
            for action in THEIRS
            if (status, action) not in LAWFUL
        ],
    )
    def test_what_it_does_not_allow_is_refused_with_what_it_does(self, status, action):
        with pytest.raises(IllegalAction) as caught:
            take(standing(status), enough(action))
        possible = [one for one in THEIRS if (status, one) in LAWFUL]
        assert caught.value.detail == Text(
            f"Tidak bisa {action} saat {status}; yang bisa: {', '.join(possible) or '–'}.",
            f"Cannot {action} while {status}; possible: {', '.join(possible) or '–'}.",
        )

    @pytest.mark.parametrize("status", Status)
    def test_the_reporter_is_told_what_is_possible(self, status):
        assert dialogue.possible(standing(status), LATER, SEMARANG) == tuple(
            action for action in THEIRS if (status, action) in LAWFUL
        )


class TestAnswer:
    def test_the_agency_goes_on_and_is_told(self):
        said = enough(Action.ANSWER)
        after = take(standing(Status.NEEDS_INFORMATION), said).complaint
        assert (after.clock, after.paused_at) == (WARNING, None)
        assert marks.untold(after) == [Untold(str(said.action_id), assigns=False)]
        assert after.undelivered_since == undelivered_mark(LATER, 3)

    def test_an_assignment_that_is_still_to_be_sent_is_sent_as_well(self):
        asked = standing(Status.NEEDS_INFORMATION, undelivered_since=undelivered_mark(NOW, 2))
        said = enough(Action.ANSWER)
        assert marks.untold(take(asked, said).complaint) == [
            Untold(None, assigns=True),
            Untold(str(said.action_id), assigns=False),
        ]

    @pytest.mark.parametrize("note", [None, "", "  \n"])
    def test_it_needs_words(self, note):
        said = a_reply(Action.ANSWER, note=note)
        assert refused(standing(Status.NEEDS_INFORMATION), said) == ("note", "missing")


class TestConfirm:
    def test_it_closes_what_was_resolved_and_tells_no_agency(self):
        after = take(standing(Status.RESOLVED), enough(Action.CONFIRM)).complaint
        assert after.closed_at == NOW  # when it was first done
        assert (after.clock, after.clock_at) == (RETENTION, NOW + timedelta(days=730))
        assert after.undelivered_since is None


class TestReopen:
    @pytest.mark.parametrize("status", [Status.RESOLVED, Status.CLOSED])
    def test_the_same_agency_has_it_anew_with_the_reason(self, status):
        before, said = standing(status), enough(Action.REOPEN)
        change = take(before, said)
        after = change.complaint
        assert after.assignments == (
            *before.assignments,
            Assignment(
                no=2,
                agency="semarang-dpu",
                rule="reopened",
                because=Text(
                    "Pelapor menyatakan belum selesai.", "The reporter says that it is not done."
                ),
                at=LATER,
                said_in=str(said.action_id),
            ),
        )
        assert marks.untold(after) == [Untold(str(said.action_id), assigns=True)]
        assert change.entry.to_agency == "semarang-dpu"
        assert after.closed_at is None
        assert after.clock == DELIVERY

    def test_what_was_promised_at_first_stands(self):
        before = standing(Status.RESOLVED)
        assert take(before, enough(Action.REOPEN)).complaint.due_at == before.due_at

    @pytest.mark.parametrize(
        ("agency", "goes_to"),
        [
            ("semarang-pasar", "semarang-diskominfo"),  # retired
            ("jateng-sp4n", "jateng-sp4n"),  # handed over
            ("jateng-dpubmck", "semarang-diskominfo"),  # no handoff any more
        ],
    )
    def test_what_an_agency_takes_no_more_goes_to_the_triage_desk(self, agency, goes_to):
        after = take(standing(Status.CLOSED, agency=agency), enough(Action.REOPEN)).complaint
        assert after.assignments[-1].agency == goes_to

    @pytest.mark.parametrize("note", [None, " "])
    def test_it_needs_a_reason(self, note):
        assert refused(standing(Status.RESOLVED), a_reply(Action.REOPEN, note=note)) == (
            "note",
            "missing",
        )

    @pytest.mark.parametrize(("late", "may"), [(timedelta(0), True), (timedelta(seconds=1), False)])
    def test_it_has_its_term(self, late, may):
        term = timedelta(days=SEMARANG.dialogue.reopen_days)
        done = standing(Status.CLOSED, closed_at=LATER - term - late)
        assert (Action.REOPEN in dialogue.possible(done, LATER, SEMARANG)) == may
        if may:
            take(done, enough(Action.REOPEN))
        else:
            with pytest.raises(IllegalAction, match="possible: –"):
                take(done, enough(Action.REOPEN))


class TestWithdraw:
    @pytest.mark.parametrize("status", [Status.ASSIGNED, Status.NEEDS_INFORMATION, Status.REOPENED])
    def test_the_agency_is_told_of_that_and_of_nothing_before(self, status):
        said = enough(Action.WITHDRAW)
        before = standing(status, undelivered_since=undelivered_mark(NOW, 2))
        after = take(before, said).complaint
        assert marks.untold(after) == [Untold(str(said.action_id), assigns=False)]
        assert (after.clock, after.closed_at) == (RETENTION, LATER)

    def test_what_nobody_has_yet_is_told_to_nobody(self):
        change = take(a_complaint(), enough(Action.WITHDRAW))
        assert change.complaint.undelivered_since is None
        assert (change.entry.agency, change.entry.to_agency) == (None, None)


class TestReroute:
    def test_it_waits_for_a_decision_with_its_number_and_its_past(self):
        before = standing(
            Status.RETURNED, attributes={"patokan": "warung", "pemilik_jalan": "kota"}
        )
        said = a_reply(
            Action.REROUTE, service_code="sampah", attributes={"pemilik_jalan": "provinsi"}
        )
        change = take(before, said)
        after = change.complaint
        assert (after.complaint_id, after.assignments) == (before.complaint_id, before.assignments)
        assert after.service_code == "sampah"
        assert after.attributes == {"patokan": "warung", "pemilik_jalan": "provinsi"}
        assert after.returned_by == ("semarang-dpu",)
        assert marks.untold(after) == [Untold(None, assigns=True)]
        assert (change.entry.agency, change.entry.to_agency) == ("semarang-diskominfo", None)

    @pytest.mark.parametrize(
        ("change", "fault"),
        [
            ({"service_code": None}, ("service_code", "missing")),
            ({"service_code": " "}, ("service_code", "missing")),
            ({"service_code": "jalan-rusak"}, ("service_code", "same_category")),
            ({"service_code": "telegram"}, ("service_code", "unknown_category")),
            ({"attributes": {"x": "y"}}, ("attributes.x", "unknown_attribute")),
            ({"attributes": {"pemilik_jalan": "?"}}, ("attributes.pemilik_jalan", "not_a_choice")),
        ],
    )
    def test_it_names_another_category_and_answers_as_a_submission_does(self, change, fault):
        assert refused(standing(Status.RETURNED), enough(Action.REROUTE, **change)) == fault

    @pytest.mark.parametrize(
        ("before", "chosen", "visibility", "to", "after"),
        [
            ("jalan-rusak", False, "public", "sampah", "public"),
            ("jalan-rusak", False, "public", "pungli", "secret"),
            ("pungli", False, "secret", "sampah", "secret"),  # what was hidden stays so
            ("pungli", True, "public", "sampah", "public"),
            ("jalan-rusak", True, "private", "sampah", "private"),
            ("jalan-rusak", True, "public", "pungli", "public"),
            (None, False, "private", "sampah", "public"),  # was private for want of a category
            ("lainnya", False, "private", "sampah", "public"),
            ("gone-by-now", False, "private", "sampah", "public"),
            ("sampah", False, "public", "lainnya", "private"),
        ],
    )
    def test_no_more_people_may_read_it_than_before(self, before, chosen, visibility, to, after):
        returned = standing(
            Status.RETURNED, service_code=before, visibility=visibility, visibility_chosen=chosen
        )
        said = a_reply(Action.REROUTE, service_code=to)
        assert take(returned, said).complaint.visibility == after


class TestPhotos:
    @pytest.mark.parametrize(
        ("status", "action"),
        [(Status.NEEDS_INFORMATION, Action.ANSWER), (Status.RESOLVED, Action.REOPEN)],
    )
    def test_they_are_added_to_those_there_are(self, status, action):
        before = standing(status, photo_ids=(PHOTOS[0], PHOTOS[1]))
        change = take(before, enough(action, photo_ids=[PHOTOS[1], PHOTOS[2]]))
        assert change.complaint.photo_ids == tuple(PHOTOS[:3])
        assert change.entry.photo_ids == (PHOTOS[1], PHOTOS[2])

    def test_whoever_sent_five_with_the_complaint_may_show_that_it_is_not_done(self):
        before = standing(Status.RESOLVED, photo_ids=tuple(PHOTOS[:5]))
        after = take(before, enough(Action.REOPEN, photo_ids=PHOTOS[5:])).complaint
        assert after.photo_ids == tuple(PHOTOS)

    def test_there_are_fifteen_at_most(self):
        before = standing(Status.RESOLVED, photo_ids=tuple(f"{one:026}" for one in range(12)))
        take(before, enough(Action.REOPEN, photo_ids=PHOTOS[:3]))
        said = enough(Action.REOPEN, photo_ids=PHOTOS[:4])
        assert refused(before, said) == ("photo_ids", "too_long")

    def test_who_sends_none_is_not_refused_for_those_there_are(self):
        before = standing(Status.RESOLVED, photo_ids=tuple(PHOTOS))
        assert take(before, enough(Action.REOPEN)).complaint.photo_ids == tuple(PHOTOS)


@pytest.mark.parametrize(
    ("status", "action", "more", "field"),
    [
        (Status.RESOLVED, Action.CONFIRM, {"photo_ids": PHOTOS[:1]}, "photo_ids"),
        (Status.ASSIGNED, Action.WITHDRAW, {"photo_ids": PHOTOS[:1]}, "photo_ids"),
        (Status.RETURNED, Action.REROUTE, {"photo_ids": PHOTOS[:1]}, "photo_ids"),
        (Status.RESOLVED, Action.REOPEN, {"service_code": "sampah"}, "service_code"),
        (Status.NEEDS_INFORMATION, Action.ANSWER, {"attributes": {"patokan": "x"}}, "attributes"),
    ],
)
def test_what_goes_with_another_action_is_refused(status, action, more, field):
    said = enough(action, **more)
    assert refused(standing(status), said) == (field, "not_with_this_action")


def send(store: Store, number: str, said: Reply) -> ReplyOutcome:
    return dialogue.reply(number, said, now=LATER, store=store)


@pytest.fixture
def asked(store: Store) -> Complaint:
    """A complaint whose agency has asked something."""
    complaint = standing(Status.NEEDS_INFORMATION)
    assert store.submit(complaint) is None
    return complaint


class TestOnce:
    def test_a_reply_changes_the_complaint_and_says_how_it_stands(self, store, asked):
        said = enough(Action.ANSWER)
        assert send(store, asked.complaint_id, said) == ReplyOutcome(
            complaint_id=asked.complaint_id,
            action_id=str(said.action_id),
            version=3,
            status="in_progress",
            possible=["withdraw"],
        )
        after, (entry,) = store.with_timeline(asked.complaint_id, consistent=True)
        assert (after.status, after.version) == (Status.IN_PROGRESS, 3)
        assert entry.public_note == "Di depan nomor 12."

    def test_the_same_again_is_answered_alike_even_after_others_acted(self, store, asked):
        said = enough(Action.ANSWER)
        first = send(store, asked.complaint_id, said)
        send(store, asked.complaint_id, enough(Action.WITHDRAW))
        assert send(store, asked.complaint_id, said) == first
        after, timeline = store.with_timeline(asked.complaint_id, consistent=True)
        assert (after.version, len(timeline)) == (4, 2)

    def test_another_reply_with_its_id_is_refused(self, store, asked):
        said = enough(Action.ANSWER)
        send(store, asked.complaint_id, said)
        with pytest.raises(ActionIdReused):
            send(store, asked.complaint_id, said.model_copy(update={"note": "Lain"}))

    def test_an_agencys_action_id_tells_the_reporter_nothing(self, store, asked):
        entry = an_entry()
        store.record_action(asked, replace(asked, version=3, status=Status.ACCEPTED), entry)
        said = a_reply(Action.ANSWER, note="x", action_id=entry.action_id)
        with pytest.raises(IllegalAction):
            send(store, asked.complaint_id, said)

    def test_a_complaint_that_is_not_there_is_not_found(self, store):
        with pytest.raises(NotFound):
            send(store, a_number(), enough(Action.WITHDRAW))

    def test_what_others_do_meanwhile_is_no_obstacle(self, store, asked, monkeypatch):
        write = store.record_action
        raced: list[Any] = []

        def racing(before: Complaint, after: Complaint, entry: Any, **more: Any) -> None:
            if len(raced) < 2:
                raced.append(entry)
                noted = an_entry(version=before.version + 1, action=Action.NOTE)
                write(before, replace(before, version=before.version + 1), noted)
            write(before, after, entry, **more)

        monkeypatch.setattr(store, "record_action", racing)
        outcome = send(store, asked.complaint_id, enough(Action.ANSWER))
        assert (outcome.version, outcome.status) == (5, "in_progress")

    def test_who_is_never_let_through_is_asked_to_try_again(self, store, asked, monkeypatch):
        write = store.record_action
        tries: list[Any] = []

        def racing(before: Complaint, after: Complaint, entry: Any, **more: Any) -> None:
            tries.append(entry)
            noted = an_entry(version=before.version + 1, action=Action.NOTE)
            write(before, replace(before, version=before.version + 1), noted)
            write(before, after, entry, **more)

        monkeypatch.setattr(store, "record_action", racing)
        with pytest.raises(VersionConflict):
            send(store, asked.complaint_id, enough(Action.ANSWER))
        assert len(tries) == 3


def test_a_fingerprint_is_of_what_is_said():
    said = enough(Action.ANSWER)
    assert said.fingerprint == said.model_copy().fingerprint
    assert len(said.fingerprint) == 64
    for change in ({"note": "lain"}, {"action": Action.REOPEN}, {"photo_ids": PHOTOS[:1]}):
        assert said.model_copy(update=change).fingerprint != said.fingerprint


def test_a_term_is_the_jurisdictions(monkeypatch):
    longer = SEMARANG.dialogue.model_copy(update={"reopen_days": 60})
    other = SEMARANG.model_copy(update={"dialogue": longer})
    monkeypatch.setitem(JURISDICTIONS, "semarang", other)
    done = standing(Status.CLOSED, closed_at=LATER - timedelta(days=59))
    assert dialogue.apply(done, enough(Action.REOPEN), LATER, other).complaint.closed_at is None
