"""What the public, the reporter and the agency may read of a complaint, and what never."""

import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.complaint_intake import views
from shared.complaints.law import Action, Status
from tests.builders import NOW, a_complaint, an_assignment, an_entry
from tests.small_config import SEMARANG
from tests.strategies import complaints, entries

pytestmark = pytest.mark.usefixtures("small_config")

languages = st.sampled_from(["id", "en"])

#: Marks put where secrets are, to be looked for in what is shown.
SECRET = re.compile("SECRET-[a-z]+")


@given(
    complaints(),
    st.lists(entries(), max_size=3),
    st.sampled_from([views.public, views.reporters]),
    languages,
)
def test_no_internal_note_actor_or_hash_is_ever_shown(complaint, timeline, view, language):
    complaint = replace(complaint, key_hash="SECRET-key", fingerprint="SECRET-fingerprint")
    timeline = [
        replace(
            entry,
            actor="SECRET-actor",
            internal_note="SECRET-note",
            fingerprint="SECRET-fingerprint",
            action_id="SECRET-id",
        )
        for entry in timeline
    ]
    shown = view(complaint, timeline, SEMARANG, language).model_dump_json()
    assert SECRET.findall(shown) == []


@given(complaints(), st.lists(entries(), max_size=3), languages)
def test_the_reporter_reads_all_that_the_public_reads(complaint, timeline, language):
    public = views.public(complaint, timeline, SEMARANG, language).model_dump()
    own = views.reporters(complaint, timeline, SEMARANG, language).model_dump()
    hidden = {name for name, value in public.items() if value is None} | {"timeline"}
    assert {**own, **public} == own or complaint.visibility != "public"
    assert {name: own[name] for name in public.keys() - hidden} == {
        name: public[name] for name in public.keys() - hidden
    }
    assert set(own) - set(public) == {
        "visibility",
        "anonymous",
        "contact_shared",
        "attributes",
        "channel",
        "vehicle_code",
        "drafted_at",
    }


def test_the_way_of_a_complaint_is_told_step_by_step():
    complaint = a_complaint(
        status=Status.RESOLVED,
        version=5,
        assignments=(an_assignment(1), an_assignment(2, agency="semarang-dlh", rule="operator")),
    )
    timeline = [
        an_entry(version=3, action=Action.ASSIGN, status=Status.ASSIGNED, to_agency="semarang-dlh"),
        an_entry(version=4, action=Action.ACCEPT, agency="semarang-dlh"),
        an_entry(
            version=5,
            action=Action.RESOLVE,
            status=Status.RESOLVED,
            agency="semarang-dlh",
            public_note="Sudah diangkut.",
        ),
    ]
    view = views.public(complaint, timeline, SEMARANG, "id")
    told = [(e.action, e.status, e.agency and e.agency.code, e.note) for e in view.timeline]
    assert told == [
        ("submit", "received", None, None),
        ("route", "assigned", "semarang-dpu", "Jalan kota milik DPU."),
        ("assign", "assigned", "semarang-dlh", None),
        ("accept", "accepted", "semarang-dlh", None),
        ("resolve", "resolved", "semarang-dlh", "Sudah diangkut."),
    ]
    assert view.agency is not None
    assert (view.agency.code, view.agency.short_name) == ("semarang-dlh", "SEMARANG-DLH")


@pytest.mark.parametrize(("public_note", "steps"), [("Kami cek besok.", 3), (None, 2)])
def test_a_note_is_a_step_only_if_the_public_may_read_it(public_note, steps):
    note = an_entry(action=Action.NOTE, public_note=public_note, internal_note="Alat rusak")
    complaint = a_complaint(status=Status.ACCEPTED)
    assert len(views.public(complaint, [note], SEMARANG, "id").timeline) == steps


def test_a_complaint_not_yet_routed_has_no_agency_and_one_step():
    view = views.public(a_complaint(), [], SEMARANG, "id")
    assert (view.agency, view.because, view.status, view.version) == (None, None, "received", 1)
    assert [event.action for event in view.timeline] == ["submit"]


@pytest.mark.parametrize(
    ("language", "service", "because", "agency"),
    [
        ("id", "Jalan rusak", "Jalan kota milik DPU.", "semarang-dpu (id)"),
        ("en", "Damaged road", "City roads are DPU's.", "semarang-dpu (en)"),
    ],
)
def test_names_and_reasons_are_in_the_language_asked_for(language, service, because, agency):
    view = views.public(a_complaint(status=Status.ASSIGNED), [], SEMARANG, language)
    assert view.agency is not None
    assert (view.service_name, view.because, view.agency.name) == (service, because, agency)


def test_a_complaint_handed_over_is_shown_with_the_other_jurisdictions_agency():
    handed = a_complaint(status=Status.ASSIGNED, agency="jateng-sp4n")
    view = views.public(handed, [], SEMARANG, "id")
    assert view.agency is not None
    assert view.agency.code == "jateng-sp4n"


def test_a_category_that_is_no_longer_offered_has_no_name():
    view = views.public(a_complaint(service_code="telegram"), [], SEMARANG, "id")
    assert (view.service_code, view.service_name) == ("telegram", None)


def test_instants_are_shown_as_rfc_3339():
    shown: dict[str, Any] = views.public(
        a_complaint(created_at=NOW), [], SEMARANG, "id"
    ).model_dump(mode="json")
    assert shown["created_at"] == "2026-11-20T05:00:00Z"


def test_the_categories_are_offered_in_order_with_their_questions():
    shown = views.categories(SEMARANG, "en")
    assert (shown.jurisdiction_id, shown.name) == ("semarang", "Semarang City")
    assert [one.service_code for one in shown.categories] == [
        "jalan-rusak",
        "sampah",
        "pungli",
        "lainnya",
    ]
    road = shown.categories[0]
    assert (road.service_name, road.group, road.visibility) == ("Damaged road", "Roads", "public")
    assert road.keywords == ["jalan berlubang", "aspal"]
    assert [
        (question.code, question.datatype, question.values) for question in road.attributes
    ] == [
        ("pemilik_jalan", "singlevaluelist", {"kota": "Kota (en)", "provinsi": "Provinsi (en)"}),
        ("patokan", "string", {}),
    ]
