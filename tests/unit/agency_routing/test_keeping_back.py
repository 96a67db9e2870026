"""What the desk keeps from the public of a complaint is kept of its parts, which carry its words."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from functions.agency_routing.act import act
from functions.agency_routing.deliver import deliver
from functions.agency_routing.requests import ActionRequest
from shared.complaints.events import to_deliver
from shared.complaints.law import Action, Actor, Status
from shared.complaints.record import Complaint
from tests.builders import an_action, an_operator
from tests.unit.agency_routing.test_follow import (
    LATER,
    Watched,
    a_whole,
    last_step,
    never,
    present,
    stored,
    work,
)

pytestmark = pytest.mark.usefixtures("small_config")

WORDS = "Jalan di depan rumah Bu Tutik rusak"
REDACTED = "Jalan rusak"


def family(store: Any, **changes: Any) -> tuple[Complaint, Complaint, Complaint]:
    """Store a complaint and its parts: one has its words, the other words of its own."""
    whole, (same, other) = a_whole(description=WORDS, **changes)
    same, other = replace(same, description=WORDS), replace(other, description="Sampah")
    stored(store, whole, same, other)
    return whole, same, other


def take(store: Any, complaint: Complaint, action: Action, **said: Any) -> None:
    before = present(store, complaint)
    body = an_action(action, expected_version=before.version, action_id=str(uuid4()), **said)
    request = ActionRequest.model_validate(body, strict=False)
    act(before.complaint_id, request, an_operator(), now=LATER, store=store)


def hide(store: Any, complaint: Complaint) -> None:
    take(store, complaint, Action.HIDE, internal_note="Nama anak")


def redact(store: Any, complaint: Complaint, words: str = REDACTED) -> None:
    take(store, complaint, Action.REDACT, public_description=words, internal_note="Nama")


@pytest.mark.parametrize("status", [Status.IN_PROGRESS, Status.RESOLVED, Status.REJECTED])
def test_parts_of_what_is_hidden_are_hidden_whether_they_are_open_or_done(store, status):
    whole, same, other = family(store, status=status)
    done = replace(other, status=Status.RESOLVED, version=other.version + 1, closed_at=LATER)
    store.change(other, done)
    hide(store, whole)
    assert work(store, whole) == []
    for part in (same, done):
        after = present(store, part)
        assert (after.hidden, after.is_public) == (True, False)
        assert (after.status, after.version) == (part.status, part.version + 1)
        step = last_step(store, part)
        assert (step.action, step.role, step.related) == (
            Action.HIDE,
            Actor.CLOCK,
            (whole.complaint_id,),
        )
        assert step.internal_note == f"Seperti laporan {whole.complaint_id}, induknya."
        assert after.undelivered_since is None


def test_a_redaction_is_carried_to_parts_with_the_same_words_and_to_no_others(store):
    whole, same, other = family(store)
    redact(store, whole)
    work(store, whole)
    assert present(store, same).public_description == REDACTED
    assert present(store, same).description == WORDS
    assert present(store, other) == other
    assert not present(store, same).hidden


def test_a_second_redaction_replaces_the_first(store):
    whole, same, _ = family(store)
    for words in (REDACTED, "Jalan"):
        redact(store, whole, words)
        work(store, whole)
    assert present(store, same).public_description == "Jalan"
    for one in (whole, same):
        assert last_step(store, one).replaced == REDACTED


def test_what_the_desk_decides_of_a_part_afterwards_stands(store):
    whole, same, _ = family(store)
    redact(store, whole)
    hide(store, whole)
    work(store, whole)
    redact(store, same, "Bagian jalan")
    take(store, same, Action.SHOW, internal_note="Sudah boleh")
    take(store, whole, Action.SHOW, internal_note="Sudah boleh")
    work(store, whole)
    after = present(store, same)
    assert (after.hidden, after.public_description) == (False, "Bagian jalan")


def test_nothing_is_shown_again_with_the_whole(store):
    whole, same, _ = family(store)
    hide(store, whole)
    work(store, whole)
    take(store, whole, Action.SHOW, internal_note="Sudah boleh")
    work(store, whole)
    assert present(store, same).hidden


def test_one_without_parts_has_nothing_to_keep_back(store):
    _, same, _ = family(store)
    hide(store, same)
    assert present(store, same).undelivered_since is None


def test_a_part_whose_words_are_forgotten_is_left_alone(store):
    whole, same, _ = family(store)
    store.change(same, replace(same, version=same.version + 1, erasure_requested_at=LATER))
    hide(store, whole)
    work(store, whole)
    assert not present(store, same).hidden


def test_after_a_crash_between_two_parts_the_rest_are_hidden_and_none_twice(store):
    whole, *parts = family(store)
    hide(store, whole)
    written: list[Any] = []

    def dies_at_the_second(*change: Any) -> None:
        written.append(change)
        if len(written) == 2:
            raise ConnectionError

    event = to_deliver(present(store, whole))
    watched = Watched(store, record_action=dies_at_the_second)
    with pytest.raises(ConnectionError):
        deliver(event, now=LATER, store=watched, send=never)
    assert present(store, whole).undelivered_since
    for _ in range(2):
        deliver(event, now=LATER + timedelta(minutes=5), store=store, send=never)
    for part in parts:
        assert (present(store, part).hidden, present(store, part).version) == (
            True,
            part.version + 1,
        )
    assert present(store, whole).undelivered_since is None
