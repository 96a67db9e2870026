"""What may be spam waits for an operator: what makes it suspected, and what becomes of it then."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.agency_routing.decide import Decision
from functions.agency_routing.deliver import deliver
from functions.agency_routing.suspicion import held, suspicion_of
from shared.complaints.events import to_deliver
from shared.complaints.record import Complaint
from shared.terms import Abuse
from shared.text import Text
from tests.builders import NOW, a_complaint
from tests.small_config import SEMARANG
from tests.twins import ComplaintStoreTwin

pytestmark = pytest.mark.usefixtures("small_config")

STRICT = SEMARANG.model_copy(
    update={"abuse": Abuse(submissions_per_device=3, blocked=("slot gacor", "togel*"))}
)


def suspected(*, of: Complaint | None = None, **known: Any) -> str | None:
    event: Any = to_deliver(of or a_complaint())
    return suspicion_of(event | known, STRICT)


@given(st.integers(1, 200))
def test_what_a_device_sends_beyond_its_share_is_suspected(rank):
    assert suspected(device_today=rank) == ("device_flood" if rank > 3 else None)


def test_who_names_no_device_is_not_counted():
    assert suspected(device_today=None) is None
    assert suspected() is None


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("Main SLOT   gacorrrr hari ini", "blocked_words"),
        ("bandar togelku paling aman", "blocked_words"),
        ("slot parkir penuh, gacor suara burungnya", None),
        ("Jalan berlubang", None),
    ],
)
def test_a_phrase_of_spam_is_found_in_any_writing(said, why):
    assert suspected(of=a_complaint(description=said)) == why


def test_what_intake_suspects_stays_suspected_for_its_own_reason():
    assert suspected(of=a_complaint(suspicion="honeypot"), device_today=99) == "honeypot"


def test_a_complaint_decided_anew_is_not_suspected_again():
    advertisement = a_complaint(description="slot gacor")
    assert suspected(of=advertisement, device_today=99, assignment_no=2) is None


def test_it_is_held_at_the_triage_desk_under_its_category_and_accuses_nobody():
    decision = Decision(
        agency="semarang-dpu", service_code="jalan-rusak", rule="jalan", because=Text("a", "b")
    )
    after = held(decision, SEMARANG)
    assert (after.agency, after.rule) == ("semarang-diskominfo", "suspected-spam")
    assert after.service_code == "jalan-rusak"
    assert "spam" not in after.because.id + after.because.en


@pytest.mark.parametrize("known", [{"suspicion": "honeypot"}, {"device_today": 11}])
def test_a_suspected_complaint_reaches_the_desk_and_not_the_public(known):
    store, sent = ComplaintStoreTwin(), []
    complaint = a_complaint()
    store.submit(complaint)
    event: Any = to_deliver(complaint) | known
    deliver(event, now=NOW + timedelta(1), store=store, send=lambda *what: sent.append(what))
    after = store.complaints[complaint.complaint_id]
    assert after.visibility == "public"
    assert after.suspicion == known.get("suspicion", "device_flood")
    assert not after.is_public
    assert [agency for agency, _ in sent] == ["semarang-diskominfo"]
    assert sent[0][1]["rule"] == "suspected-spam"
