"""Voices on a public complaint: each device counted once, a crowd neither lost nor let in."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from functions.complaint_intake import support as voices
from functions.complaint_intake.support import NotFixedReport, SupportRequest
from functions.complaint_intake.voices import VoiceStore
from shared.complaints import marks
from shared.complaints.acting import IllegalAction, StaleVersion, VersionConflict
from shared.complaints.clocks import CLOSE, RETENTION
from shared.complaints.law import Action, Status
from shared.complaints.marks import Untold
from shared.complaints.record import Complaint
from shared.complaints.store import ComplaintStore
from shared.dynamo import from_item
from shared.errors import NotFound
from tests import aws_double
from tests.builders import ID_SECRET, NOW, a_complaint, a_number, an_entry
from tests.twins import ComplaintStoreTwin, VoiceStoreTwin

pytestmark = pytest.mark.usefixtures("small_config")

LATER = NOW + timedelta(hours=1)
DONE = (Status.RESOLVED, Status.CLOSED)
STILL_OPEN = [one for one in Status if one not in (*DONE, Status.WITHDRAWN, Status.REJECTED)]


Voices = VoiceStore | VoiceStoreTwin


@pytest.fixture
def counts(store: ComplaintStore | ComplaintStoreTwin) -> Voices:
    if isinstance(store, ComplaintStoreTwin):
        return VoiceStoreTwin(store)
    return VoiceStore(aws_double.COMPLAINTS)


def stored(store: Any, **changes: Any) -> str:
    status = changes.get("status")
    done = {"closed_at": NOW} if status in (*DONE, Status.WITHDRAWN) else {}
    complaint = a_complaint(**(done | changes))
    assert store.submit(complaint) is None
    return complaint.complaint_id


def support(store: Any, counts: Voices, number: str, device: str = "gawai-1") -> tuple[int, int]:
    """Support a complaint; return the answer's status and the count in it."""
    said = SupportRequest(device_id=device)
    view, status = voices.support(
        number, said, now=LATER, secret=ID_SECRET, store=store, counts=counts
    )
    assert view.complaint_id == number
    return int(status), view.supporters


def not_fixed(
    store: Any, counts: Voices, number: str, device: str = "gawai-1", note: str | None = None
) -> tuple[int, int]:
    said = NotFixedReport(device_id=device, note=note)
    view, status = voices.not_fixed(
        number, said, now=LATER, secret=ID_SECRET, store=store, counts=counts
    )
    return int(status), view.not_fixed


class TestMeToo:
    @pytest.mark.parametrize("status", STILL_OPEN)
    def test_it_counts_on_whatever_is_not_done(self, store, counts, status):
        number = stored(store, status=status)
        assert support(store, counts, number) == (201, 1)
        assert store.get(number).supporters == 1

    def test_a_device_counts_once_however_often_it_says_so(self, store, counts):
        number = stored(store)
        answers = [support(store, counts, number) for _ in range(10)]
        assert answers == [(201, 1)] + [(200, 1)] * 9
        assert store.get(number).supporters == 1

    def test_every_device_counts(self, store, counts):
        number = stored(store)
        answers = [support(store, counts, number, f"gawai-{one}") for one in range(7)]
        assert answers == [(201, count) for count in range(1, 8)]

    def test_a_device_may_support_several_complaints(self, store, counts):
        assert [support(store, counts, stored(store)) for _ in range(2)] == [(201, 1)] * 2

    def test_the_version_that_an_agency_has_seen_stays(self, store, counts):
        number = stored(store, status=Status.ASSIGNED)
        before = store.get(number)
        support(store, counts, number)
        assert store.get(number) == replace(before, supporters=1)

    def test_an_action_meanwhile_takes_no_supporter_away(self, store, counts):
        number = stored(store, status=Status.ASSIGNED)
        before = store.get(number)
        support(store, counts, number)
        store.record_action(before, replace(before, version=3), an_entry())
        assert (store.get(number).version, store.get(number).supporters) == (3, 1)

    @pytest.mark.parametrize("status", DONE)
    def test_who_says_so_of_what_is_done_is_told_what_to_say_instead(self, store, counts, status):
        number = stored(store, status=status)
        with pytest.raises(IllegalAction) as caught:
            support(store, counts, number)
        told = caught.value.detail
        assert told is not None
        assert "not-fixed" in told.en
        assert "belum selesai" in told.id
        assert store.get(number).supporters == 0

    def test_what_was_withdrawn_cannot_be_supported(self, store, counts):
        number = stored(store, status=Status.WITHDRAWN)
        with pytest.raises(IllegalAction, match="submit one of your own"):
            support(store, counts, number)

    def test_it_is_forgotten_with_the_complaints_personal_data(self, counts, store):
        number = stored(store)
        support(store, counts, number)
        until = LATER + timedelta(days=730)
        if isinstance(counts, VoiceStoreTwin):
            assert list(counts.kept.values()) == [until]
        else:
            kept = map(from_item, aws_double.items(aws_double.COMPLAINTS))
            (voice,) = (one for one in kept if one["pk"] == f"S#{number}")
            assert voice["expires_at"] == int(until.timestamp())
            assert set(voice) == {"pk", "sk", "expires_at"}


class TestNotFixed:
    @pytest.mark.parametrize("status", DONE)
    def test_the_agency_is_told_what_anyone_says_and_the_status_stays(self, store, counts, status):
        number = stored(store, status=status)
        assert not_fixed(store, counts, number, note="Masih gelap.") == (201, 1)
        after, (entry,) = store.with_timeline(number, consistent=True)
        assert (after.status, after.not_fixed, after.version) == (status, 1, 3)
        assert (after.closed_at, after.clock) == (NOW, CLOSE if status == "resolved" else RETENTION)
        assert (entry.action, entry.status, entry.actor) == (Action.NOT_FIXED, status, "anyone")
        assert (entry.internal_note, entry.public_note) == ("Masih gelap.", None)
        assert (entry.agency, entry.at) == ("semarang-dpu", LATER)
        assert marks.untold(after) == [Untold(entry.action_id, assigns=False)]

    def test_a_device_is_heard_once_whatever_it_adds(self, store, counts):
        number = stored(store, status=Status.RESOLVED)
        answers = [
            not_fixed(store, counts, number, note=note)
            for note in ("Gelap.", "Gelap.", "Lain", None)
        ]
        assert answers == [(201, 1)] + [(200, 1)] * 3
        assert len(store.with_timeline(number, consistent=True)[1]) == 1

    def test_of_a_crowd_the_first_five_are_told_and_the_rest_is_counted(self, store, counts):
        number = stored(store, status=Status.RESOLVED)
        answers = [not_fixed(store, counts, number, f"gawai-{one}", "x") for one in range(8)]
        assert answers == [(201, count) for count in range(1, 9)]
        again = [not_fixed(store, counts, number, f"gawai-{one}", "x") for one in (0, 4, 5, 7)]
        assert again == [(200, 8)] * 4
        after, timeline = store.with_timeline(number, consistent=True)
        assert (after.not_fixed, len(timeline), after.version) == (8, 5, 7)
        assert [one.action_id for one in marks.untold(after)] == [
            entry.action_id for entry in timeline
        ]

    @pytest.mark.parametrize(
        "status",
        [
            *(one for one in STILL_OPEN if one is not Status.RESOLVED_CONDITIONALLY),
            Status.WITHDRAWN,
            Status.REJECTED,
        ],
    )
    def test_nobody_has_called_it_done_yet(self, store, counts, status):
        number = stored(store, status=status)
        with pytest.raises(IllegalAction, match="Cannot not_fixed while"):
            not_fixed(store, counts, number)

    def test_what_device_it_was_cannot_be_told_nor_linked(self, store, counts):
        numbers = [stored(store, status=Status.RESOLVED) for _ in range(2)]
        for number in numbers:
            not_fixed(store, counts, number, "gawai-bu-tutik")
        ids = [store.with_timeline(one, consistent=True)[1][0].action_id for one in numbers]
        assert ids[0] != ids[1]
        assert not any("gawai" in one for one in ids)


def hidden() -> list[dict[str, Any]]:
    return [
        {"visibility": "private"},
        {"visibility": "secret"},
        {"suspicion": "honeypot"},
        {"visibility": "private", "visibility_chosen": False, "service_code": None},
    ]


@pytest.mark.parametrize("changes", hidden())
def test_what_is_not_public_does_not_exist_for_those_who_pass_by(store, counts, changes):
    with pytest.raises(NotFound):
        support(store, counts, stored(store, **changes))
    with pytest.raises(NotFound):
        not_fixed(store, counts, stored(store, status=Status.RESOLVED, **changes))


def test_what_is_not_there_is_not_found(store, counts):
    for say in (support, not_fixed):
        with pytest.raises(NotFound):
            say(store, counts, a_number())


class TestRaces:
    @staticmethod
    def after_the_read(store: Any, monkeypatch: Any, changes: Sequence[dict[str, Any]]) -> None:
        """After each of the next reads, let somebody change what was read."""
        read, left = store.get, list(changes)

        def racing(number: str) -> Complaint | None:
            found: Complaint | None = read(number)
            if found and left:
                changed = replace(found, version=found.version + 1, **left.pop(0))
                store.change(found, changed)
            return found

        monkeypatch.setattr(store, "get", racing)

    def test_what_is_done_meanwhile_is_not_supported_any_more(self, store, counts, monkeypatch):
        number = stored(store, status=Status.ACCEPTED)
        self.after_the_read(store, monkeypatch, [{"status": Status.RESOLVED}])
        with pytest.raises(IllegalAction):
            support(store, counts, number)

    def test_what_is_hidden_meanwhile_is_not_found_any_more(self, store, counts, monkeypatch):
        number = stored(store, status=Status.ACCEPTED)
        self.after_the_read(store, monkeypatch, [{"visibility": "private"}])
        with pytest.raises(NotFound):
            support(store, counts, number)

    def test_a_note_meanwhile_keeps_nobody_from_being_heard(self, store, counts, monkeypatch):
        number = stored(store, status=Status.RESOLVED)
        self.after_the_read(store, monkeypatch, [{}, {}])
        assert not_fixed(store, counts, number) == (201, 1)

    def test_what_never_rests_is_to_be_tried_again(self, store, counts, monkeypatch):
        flicker = [{"status": Status.RESOLVED}, {"status": Status.CLOSED}] * 3
        number = stored(store, status=Status.RESOLVED)
        self.after_the_read(store, monkeypatch, flicker)
        with pytest.raises(VersionConflict):
            not_fixed(store, counts, number)

    def test_support_of_what_never_rests_is_to_be_tried_again(self, counts, store, monkeypatch):
        number = stored(store)

        def refuse(*_: Any, **__: Any) -> bool:
            raise StaleVersion

        monkeypatch.setattr(counts, "add", refuse)
        with pytest.raises(VersionConflict):
            support(store, counts, number)

    def test_two_devices_at_once_are_both_heard(self, store, counts, monkeypatch):
        number = stored(store, status=Status.RESOLVED)
        write = store.record_action
        first: list[bool] = []

        def racing(*arguments: Any) -> None:
            if not first:
                first.append(True)
                assert not_fixed(store, counts, number, "gawai-2") == (201, 1)
            write(*arguments)

        monkeypatch.setattr(store, "record_action", racing)
        assert not_fixed(store, counts, number, "gawai-1") == (201, 2)
        after, timeline = store.with_timeline(number, consistent=True)
        assert (after.not_fixed, len(timeline)) == (2, 2)
        assert len(marks.untold(after)) == 2


def test_a_device_is_as_long_as_it_was_sent():
    # Nothing is taken out of what only names a device, so its limit is the document's.
    with pytest.raises(ValidationError, match="device_id"):
        SupportRequest(device_id=f"{'a' * 128}\u008d")
