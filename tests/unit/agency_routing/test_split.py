"""Splitting: what the parts have of the whole, and what of their own."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from functions.agency_routing.act import act
from functions.agency_routing.requests import ActionRequest
from shared.complaints import family
from shared.complaints.acting import IllegalAction
from shared.complaints.items import undelivered_mark
from shared.complaints.law import Action, Status
from shared.complaints.record import Complaint
from shared.errors import InvalidInput
from tests.builders import NOW, a_complaint, an_action, an_operator
from tests.twins import ComplaintStoreTwin

pytestmark = pytest.mark.usefixtures("small_config")

LATER = NOW + timedelta(hours=1)
TWO = [{"agency": "semarang-dpu"}, {"agency": "semarang-dlh"}]


def split(
    store: Any, complaint: Complaint, parts: Any = None, **changes: Any
) -> tuple[Complaint, list[Complaint]]:
    """Let the desk split a complaint; return it and its parts as they are stored."""
    current = store.get(complaint.complaint_id)
    body = an_action("split", current.version, parts=parts or TWO, **changes)
    request = ActionRequest.model_validate(body, strict=False)
    outcome = act(complaint.complaint_id, request, an_operator(), now=LATER, store=store)
    whole = store.get(complaint.complaint_id)
    assert list(whole.parts[-len(outcome.related) :]) == outcome.related
    return whole, [store.get(one) for one in outcome.related]


def stored(store: Any, **changes: Any) -> Complaint:
    complaint = a_complaint(**{"status": Status.ASSIGNED, **changes})
    store.submit(complaint)
    return complaint


def test_a_split_complaint_waits_at_the_desk(store):
    before = stored(store, suspicion="flood")
    whole, parts = split(store, before, internal_note="Dua urusan")
    assert (whole.status, whole.version) == (Status.IN_PROGRESS, 3)
    assert whole.assignments[-1].agency == "semarang-diskominfo"
    assert whole.undelivered_since == undelivered_mark(LATER, 3)
    assert whole.suspicion is None
    assert family.is_divided(whole)
    entry = store.with_timeline(whole.complaint_id, consistent=True)[1][0]
    assert entry.related == whole.parts == tuple(one.complaint_id for one in parts)
    assert (entry.agency, entry.to_agency) == ("semarang-dpu", "semarang-diskominfo")


def test_each_part_is_on_its_way_to_its_agency_without_the_reporter(store):
    before = stored(
        store,
        lat=-6.99,
        long=110.42,
        address_string="Jl. Pemuda",
        anonymous=False,
        contact_shared=True,
        notify=True,
        vehicle_code="GJK-1",
        vehicle_partner="armada",
    )
    whole, parts = split(store, before)
    assert [one.assignments[-1].agency for one in parts] == ["semarang-dpu", "semarang-dlh"]
    for part in parts:
        assert (part.status, part.version, part.part_of) == (Status.ASSIGNED, 1, whole.complaint_id)
        assert part.undelivered_since == undelivered_mark(LATER, 1)
        assert (part.anonymous, part.contact_shared, part.notify) == (True, False, False)
        assert part.vehicle_partner is None
        assert (part.due_at, part.legal_due_at) == (whole.due_at, whole.legal_due_at)
        assert part.created_at == LATER
        same = ("description", "lat", "long", "address_string", "service_code", "vehicle_code")
        assert all(getattr(part, name) == getattr(before, name) for name in same)
        assert part.complaint_id not in part.assignments[-1].because.id


def test_a_part_may_have_a_category_and_words_of_its_own_and_is_never_less_private(store):
    before = stored(store, public_description="Jalan dan pungli", hidden=True)
    other, secret = split(
        store,
        before,
        [
            {"agency": "semarang-dlh", "service_code": "lainnya"},
            {"agency": "semarang-inspektorat", "service_code": "pungli", "description": "Pungli"},
        ],
    )[1]
    assert (other.service_code, other.visibility, other.hidden) == ("lainnya", "public", True)
    assert other.public_description == "Jalan dan pungli"
    assert (secret.service_code, secret.visibility) == ("pungli", "secret")
    assert (secret.description, secret.public_description) == ("Pungli", None)
    private = stored(store, visibility="private")
    parts = split(store, private, [TWO[0], {**TWO[1], "service_code": "sampah"}])[1]
    assert [one.visibility for one in parts] == ["private", "private"]


def test_parts_may_go_to_an_agency_outside(store):
    parts = split(store, stored(store), [TWO[0], {"agency": "jateng-sp4n"}])[1]
    assert parts[1].assignments[-1].agency == "jateng-sp4n"


@pytest.mark.parametrize(
    ("parts", "fault"),
    [
        (None, ("parts", "missing", "Name 2 to 10 parts.")),
        (
            [TWO[0], {"agency": "semarang-dlx"}],
            (
                "parts.1.agency",
                "unknown_agency",
                "This is not known. Did you mean “semarang-dlh”?",
            ),
        ),
        (
            [{"agency": "semarang-pasar"}, TWO[0]],
            ("parts.0.agency", "unknown_agency", None),
        ),
        (
            [TWO[0], {"agency": "semarang-dlh", "service_code": "zzzzzz"}],
            ("parts.1.service_code", "unknown_service_code", "This is not known."),
        ),
    ],
)
def test_what_cannot_be_split_so_is_refused_and_says_why(parts, fault):
    store = ComplaintStoreTwin()
    complaint = stored(store)
    body = an_action("split", 2) | ({"parts": parts} if parts else {})
    with pytest.raises(InvalidInput) as caught:
        act(
            complaint.complaint_id,
            ActionRequest.model_validate(body, strict=False),
            an_operator(),
            now=LATER,
            store=store,
        )
    (found,) = caught.value.faults
    assert (found.field, found.code) == fault[:2]
    assert fault[2] in {None, found.message.en}
    assert store.get(complaint.complaint_id) == complaint


def test_neither_the_whole_nor_a_part_is_split_again(store):
    whole, parts = split(store, stored(store))
    for one in (whole, parts[0]):
        with pytest.raises(IllegalAction):
            split(store, one)


def test_a_repeated_split_makes_the_parts_once(store):
    complaint = stored(store)
    request = ActionRequest.model_validate(an_action("split", 2, parts=TWO), strict=False)

    def again() -> Any:
        return act(complaint.complaint_id, request, an_operator(), now=LATER, store=store)

    assert again() == again()
    assert len(store.get(complaint.complaint_id).parts) == 2


def test_what_is_split_once_more_later_gets_more_parts(store):
    whole, _ = split(store, stored(store))
    done = replace(whole, status=Status.REOPENED, version=whole.version + 1)
    done = replace(
        done, assignments=(*done.assignments, replace(done.assignments[-1], no=3, rule="reopened"))
    )
    store.change(whole, done)
    again, parts = split(store, done)
    assert len(set(again.parts)) == 4
    assert again.parts[2:] == tuple(one.complaint_id for one in parts)
    assert Action.SPLIT not in {one.action for one in store.with_timeline(parts[0].complaint_id)[1]}
