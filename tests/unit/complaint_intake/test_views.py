"""What the public, the reporter and the agency may read of a complaint, and what never."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.complaint_intake import offered, views
from shared.complaints.law import Action, Actor, Status
from shared.complaints.record import Complaint, TimelineEntry
from shared.jurisdiction import Jurisdiction
from shared.text import Text
from tests.builders import NOW, a_complaint, an_assignment, an_entry
from tests.small_config import SEMARANG
from tests.strategies import complaints, entries

pytestmark = pytest.mark.usefixtures("small_config")

languages = st.sampled_from(["id", "en"])


def reporters(
    complaint: Complaint,
    timeline: Sequence[TimelineEntry],
    jurisdiction: Jurisdiction,
    language: str,
) -> views.ReportersComplaint:
    """Return the reporter's view of a complaint as of now."""
    return views.reporters(complaint, timeline, jurisdiction, language, NOW)


#: Marks put where secrets are, to be looked for in what is shown.
SECRET = re.compile("SECRET-[a-z]+")


@given(
    complaints(),
    st.lists(entries(), max_size=3),
    st.sampled_from([views.public, reporters]),
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


MASKED = ("description", "address_string")


@given(complaints(), st.lists(entries(), max_size=3), languages)
def test_the_reporter_reads_all_that_the_public_reads(complaint, timeline, language):
    public = views.public(complaint, timeline, SEMARANG, language).model_dump()
    public |= {name: getattr(complaint, name) for name in MASKED if public[name] is not None}
    own = reporters(complaint, timeline, SEMARANG, language).model_dump()
    hidden = {name for name, value in public.items() if value is None} | {"timeline"}
    assert {**own, **public} == own or not complaint.is_public
    assert {name: own[name] for name in public.keys() - hidden} == {
        name: public[name] for name in public.keys() - hidden
    }
    assert set(own) - set(public) == {
        "visibility",
        "hidden",
        "public_description",
        "anonymous",
        "contact_shared",
        "attributes",
        "channel",
        "vehicle_code",
        "vehicle_known",
        "drafted_at",
        "possible",
        "question",
        "answer_due_at",
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
    shown = offered.categories(SEMARANG, "en")
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
    assert not any(question.required or question.stops for question in road.attributes)
    assert (road.notice, road.radius_m) == (None, 250)


def test_a_category_says_what_to_read_first_and_which_answers_belong_elsewhere():
    attribute = SEMARANG.attributes[0]
    stop = attribute.values[1].model_copy(update={"stop": Text("Ke provinsi.", "To the province.")})
    asked = attribute.model_copy(update={"required": True, "values": (attribute.values[0], stop)})
    road = SEMARANG.categories[0].model_copy(
        update={"notice": Text("Darurat? 112.", "An emergency? 112."), "radius_m": 100}
    )
    changes = {"attributes": (asked, SEMARANG.attributes[1]), "categories": (road,)}
    changed = SEMARANG.model_copy(update=changes)
    vars(changed).pop("attribute_by_code", None)  # the copy's own is made of its attributes
    ((shown,),) = [offered.categories(changed, "en").categories]
    assert (shown.notice, shown.radius_m) == ("An emergency? 112.", 100)
    assert [(one.required, one.stops) for one in shown.attributes] == [
        (True, {"provinsi": "To the province."}),
        (False, {}),
    ]
    assert list(shown.attributes[0].values) == ["kota", "provinsi"]


def test_how_many_have_spoken_is_everyones_to_read():
    view = views.public(a_complaint(supporters=3, not_fixed=2), [], SEMARANG, "id")
    assert (view.supporters, view.not_fixed) == (3, 2)


class TestReporter:
    ASKED = a_complaint(
        status=Status.NEEDS_INFORMATION, clock="answer", clock_at=NOW + timedelta(days=10)
    )

    def test_what_was_asked_last_and_until_when_to_answer_is_told_while_it_is_awaited(self):
        timeline = [
            an_entry(version=2, action=Action.ASK, public_note="Tiang nomor berapa?"),
            an_entry(version=3, action=Action.ANSWER, public_note="Tidak tahu."),
            an_entry(version=4, action=Action.ASK, public_note="Di depan rumah siapa?"),
            an_entry(version=5, action=Action.NOTE, internal_note="Tunggu."),
        ]
        view = reporters(self.ASKED, timeline, SEMARANG, "id")
        assert view.question == "Di depan rumah siapa?"
        assert view.answer_due_at == NOW + timedelta(days=10)
        going_on = replace(self.ASKED, status=Status.IN_PROGRESS, clock=None, clock_at=None)
        view = reporters(going_on, timeline, SEMARANG, "id")
        assert (view.question, view.answer_due_at) == (None, None)

    def test_a_clock_of_another_kind_is_not_the_reporters(self):
        done = a_complaint(status=Status.RESOLVED, clock="retention", clock_at=NOW)
        assert reporters(done, [], SEMARANG, "id").answer_due_at is None

    def test_what_the_reporter_may_do_now_is_told(self):
        assert reporters(self.ASKED, [], SEMARANG, "id").possible == ["answer", "withdraw"]
        done = a_complaint(status=Status.RESOLVED, closed_at=NOW)
        assert reporters(done, [], SEMARANG, "id").possible == ["confirm", "reopen"]
        long_done = replace(done, closed_at=NOW - timedelta(days=29))
        assert reporters(long_done, [], SEMARANG, "id").possible == ["confirm"]


def test_a_complaint_decided_anew_tells_of_each_decision_in_its_place():
    hours = [NOW + timedelta(hours=at) for at in range(6)]
    complaint = a_complaint(
        status=Status.ASSIGNED,
        assignments=(
            an_assignment(1, at=hours[0]),
            an_assignment(2, "semarang-diskominfo", rule="returned", at=hours[1]),
            an_assignment(3, "semarang-dlh", rule="sampah", at=hours[3]),
            an_assignment(4, "semarang-dlh", rule="reopened", at=hours[5]),
        ),
    )
    timeline = [
        an_entry(
            version=3,
            at=hours[1],
            action=Action.RETURN,
            status=Status.RETURNED,
            to_agency="semarang-diskominfo",
        ),
        an_entry(
            version=4,
            at=hours[2],
            action=Action.REROUTE,
            status=Status.RECEIVED,
            agency="semarang-diskominfo",
        ),
        an_entry(version=6, at=hours[4], action=Action.RESOLVE, agency="semarang-dlh"),
        an_entry(version=7, at=hours[5], action=Action.REOPEN, agency="semarang-dlh"),
    ]
    view = views.public(complaint, timeline, SEMARANG, "id")
    assert [(one.action, one.agency and one.agency.code) for one in view.timeline] == [
        ("submit", None),
        ("route", "semarang-dpu"),
        ("return", "semarang-diskominfo"),
        ("reroute", "semarang-diskominfo"),
        ("route", "semarang-dlh"),
        ("resolve", "semarang-dlh"),
        ("reopen", "semarang-dlh"),
    ]


def test_what_anyone_says_of_a_done_complaint_is_no_step_of_its_way():
    said = an_entry(action=Action.NOT_FIXED, status=Status.RESOLVED, internal_note="Masih gelap")
    view = views.public(a_complaint(status=Status.RESOLVED), [said], SEMARANG, "id")
    assert [one.action for one in view.timeline] == ["submit", "route"]


def test_a_step_before_any_agency_had_it_has_none():
    withdrawn = an_entry(action=Action.WITHDRAW, status=Status.WITHDRAWN, agency=None)
    view = views.public(a_complaint(status=Status.WITHDRAWN), [withdrawn], SEMARANG, "id")
    assert view.timeline[-1].agency is None


@pytest.mark.parametrize(
    ("changes", "seen", "told"),
    [
        ({}, True, True),
        ({"visibility": "private"}, False, False),
        ({"visibility": "secret"}, False, False),
        ({"suspicion": "honeypot"}, False, False),
        ({"visibility": "private", "visibility_chosen": False}, False, False),
        ({"visibility": "private", "visibility_chosen": False, "service_code": None}, True, False),
        ({"visibility": "private", "service_code": None}, False, False),
        (
            {"visibility": "private", "visibility_chosen": False, "service_code": "lainnya"},
            True,
            False,
        ),
        (
            {
                "visibility": "private",
                "visibility_chosen": False,
                "service_code": None,
                "suspicion": "device_flood",
            },
            False,
            False,
        ),
    ],
)
def test_who_passes_by_sees_what_is_public_and_of_what_may_become_so_only_how_it_stands(
    changes, seen, told
):
    complaint = a_complaint(status=Status.ASSIGNED, **changes)
    assert views.seen_by_all(complaint, SEMARANG) == seen
    view = views.public(complaint, [an_entry(public_note="Kami cek.")], SEMARANG, "id")
    assert (view.description is not None) == told
    assert (view.because is not None) == told
    assert ([one.note for one in view.timeline if one.note] != []) == told


@pytest.mark.parametrize(
    ("action", "note", "shown"),
    [
        (
            Action.REOPEN,
            "Hubungi 081234567890, rusak lagi",
            "Hubungi [nomor disamarkan], rusak lagi",
        ),
        (Action.ANSWER, "Di depan pasar", "Di depan pasar"),
        (Action.RESOLVE, "Hubungi kami di 081234567890", "Hubungi kami di 081234567890"),
        (Action.CONFIRM, None, None),
    ],
)
def test_of_the_reporters_words_the_public_reads_nothing_that_finds_a_person(action, note, shown):
    role = Actor.AGENCY if action is Action.RESOLVE else Actor.REPORTER
    said = an_entry(action=action, public_note=note, role=role)
    complaint = a_complaint(status=Status.REOPENED)
    assert views.public(complaint, [said], SEMARANG, "id").timeline[-1].note == shown
    assert reporters(complaint, [said], SEMARANG, "id").timeline[-1].note == note


def test_a_description_and_an_address_are_masked_for_the_public_alone():
    complaint = a_complaint(
        status=Status.ASSIGNED,
        description="Jalan rusak, hubungi 081234567890",
        address_string="Jl. Merpati No. 12",
    )
    view = views.public(complaint, [], SEMARANG, "id")
    assert view.description == "Jalan rusak, hubungi [nomor disamarkan]"
    assert view.address_string is not None
    assert "12" not in view.address_string
    own = reporters(complaint, [], SEMARANG, "id")
    assert (own.description, own.address_string) == (
        complaint.description,
        complaint.address_string,
    )


def test_a_rejection_is_told_with_its_reason_and_the_law_it_stands_on():
    rejected = a_complaint(status=Status.REJECTED, rejected_for="proses-hukum")
    step = an_entry(
        action=Action.REJECT, status=Status.REJECTED, code="proses-hukum", public_note="Maaf."
    )
    for view in (
        views.public(rejected, [step], SEMARANG, "en"),
        reporters(rejected, [step], SEMARANG, "en"),
    ):
        assert view.rejected_for is not None
        assert view.rejected_for.model_dump() == {
            "code": "proses-hukum",
            "text": "Di pengadilan (en)",
            "basis": "Lingkup SP4N (en)",
        }
        assert view.timeline[-1].because == view.rejected_for


def test_an_outcome_is_told_and_a_code_that_is_no_more_is_not():
    done = a_complaint(status=Status.RESOLVED)
    step = an_entry(action=Action.RESOLVE, status=Status.RESOLVED, code="diganti", public_note="x")
    told = views.public(done, [step], SEMARANG, "id").timeline[-1].because
    assert told is not None
    assert told.model_dump() == {"code": "diganti", "text": "Diganti (id)", "basis": None}
    gone = replace(step, code="gone")
    assert views.public(done, [gone], SEMARANG, "id").timeline[-1].because is None


def test_of_a_complaint_that_may_be_private_no_reason_is_told():
    unsettled = a_complaint(
        status=Status.REJECTED,
        service_code=None,
        visibility="private",
        visibility_chosen=False,
        rejected_for="proses-hukum",
    )
    step = an_entry(action=Action.REJECT, status=Status.REJECTED, code="proses-hukum")
    seen = views.public(unsettled, [step], SEMARANG, "id")
    assert (seen.rejected_for, seen.timeline[-1].because) == (None, None)


def test_a_day_that_was_named_is_told():
    day = NOW + timedelta(days=7)
    planned = a_complaint(status=Status.IN_PROGRESS, planned_at=day)
    step = an_entry(action=Action.SCHEDULE, status=Status.IN_PROGRESS, until=day)
    seen = views.public(planned, [step], SEMARANG, "id")
    assert (seen.planned_at, seen.timeline[-1].until, seen.owed_by) == (day, day, None)


def test_the_public_reads_what_the_desk_left_of_the_words_and_the_reporter_their_own():
    redacted = a_complaint(status=Status.ASSIGNED, public_description="Telepon 081234567890")
    seen = views.public(redacted, [], SEMARANG, "id").description
    assert seen is not None
    assert seen.startswith("Telepon")
    assert "081234567890" not in seen
    own = reporters(redacted, [], SEMARANG, "id")
    assert (own.description, own.public_description) == (
        redacted.description,
        "Telepon 081234567890",
    )


def test_what_the_desk_hides_the_public_is_not_told_of():
    assert not views.seen_by_all(a_complaint(hidden=True), SEMARANG)
    assert views.seen_by_all(a_complaint(), SEMARANG)
