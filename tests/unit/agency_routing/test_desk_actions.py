"""What each desk action says and does: days, codes, templates, moderation, who speaks for whom."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from functions.agency_routing import work
from functions.agency_routing.requests import ActionRequest
from shared.complaints.acting import Change, IllegalAction, moved
from shared.complaints.law import Action, Actor, Status
from shared.complaints.marks import Untold, untold
from shared.complaints.record import Complaint
from shared.errors import Forbidden, InvalidInput
from tests.builders import (
    NOW,
    a_complaint,
    an_action,
    an_agency_caller,
    an_assignment,
    an_operator,
)
from tests.small_config import SEMARANG, changed

pytestmark = pytest.mark.usefixtures("small_config")

LATER = NOW + timedelta(hours=1)
AGENCY, DESK = frozenset({Actor.AGENCY}), frozenset({Actor.DESK})
#: The end of a day a week from now, in WIB.
IN_A_WEEK = datetime(2026, 11, 27, 16, 59, 59, tzinfo=UTC)
PROMISED: dict[str, Any] = {"public_note": "Kami jadwalkan.", "until": "2026-11-27"}
REJECTED: dict[str, Any] = {"public_note": "Sedang diperiksa pengadilan.", "reason": "proses-hukum"}


def take(
    complaint: Complaint,
    action: Action,
    roles: frozenset[Actor] = AGENCY,
    now: datetime = LATER,
    jurisdiction: Any = SEMARANG,
    **changes: Any,
) -> Change:
    body = an_action(action, complaint.version, **changes)
    request = ActionRequest.model_validate(body, strict=False)
    return work.apply(complaint, request, an_agency_caller(), roles, now, jurisdiction)


def refused(complaint: Complaint, action: Action, **changes: Any) -> list[tuple[str, str]]:
    with pytest.raises(InvalidInput) as caught:
        take(complaint, action, **changes)
    return [(fault.field, fault.code) for fault in caught.value.faults]


ACCEPTED = a_complaint(status=Status.ACCEPTED)


class TestDays:
    @pytest.mark.parametrize("status", [Status.ACCEPTED, Status.IN_PROGRESS])
    def test_what_is_scheduled_is_in_progress_and_planned_for_the_end_of_that_day(self, status):
        change = take(a_complaint(status=status), Action.SCHEDULE, until="2026-11-27")
        assert change.complaint.status is Status.IN_PROGRESS
        assert change.complaint.planned_at == change.entry.until == IN_A_WEEK

    def test_what_is_conditionally_resolved_is_owed_by_the_end_of_that_day(self):
        change = take(ACCEPTED, Action.RESOLVE_CONDITIONALLY, **PROMISED)
        assert change.complaint.status is Status.RESOLVED_CONDITIONALLY
        assert change.complaint.owed_by == change.entry.until == IN_A_WEEK
        assert change.complaint.closed_at is None

    def test_resolving_meets_what_was_owed(self):
        owed = take(ACCEPTED, Action.RESOLVE_CONDITIONALLY, **PROMISED).complaint
        met = take(owed, Action.RESOLVE, public_note="Sudah permanen.").complaint
        assert (met.status, met.owed_by, met.closed_at) == (Status.RESOLVED, None, LATER)

    @pytest.mark.parametrize("action", [Action.RESOLVE, Action.RETURN])
    def test_a_plan_ends_with_the_work(self, action):
        planned = take(ACCEPTED, Action.SCHEDULE, until="2026-11-27").complaint
        assert take(planned, Action.NOTE, public_note="x").complaint.planned_at == IN_A_WEEK
        assert take(planned, Action.ASK, public_note="?").complaint.planned_at == IN_A_WEEK
        assert take(planned, action, public_note="x").complaint.planned_at is None

    @pytest.mark.parametrize(
        ("action", "until", "may"),
        [
            (Action.SCHEDULE, "2026-11-20", True),
            (Action.SCHEDULE, "2026-11-19", False),
            (Action.SCHEDULE, "2027-11-20", True),
            (Action.SCHEDULE, "2027-11-21", False),
            (Action.RESOLVE_CONDITIONALLY, "2026-11-20", True),
            (Action.RESOLVE_CONDITIONALLY, "2026-12-20", True),
            (Action.RESOLVE_CONDITIONALLY, "2026-12-21", False),
        ],
    )
    def test_a_day_is_today_at_the_earliest_and_within_the_desks_term(self, action, until, may):
        words: dict[str, Any] = {"public_note": "Kami kerjakan.", "until": until}
        if may:
            take(ACCEPTED, action, **words)
        else:
            assert refused(ACCEPTED, action, **words) == [("until", "out_of_range")]

    def test_today_is_western_indonesias(self):
        past_midnight = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)
        words: dict[str, Any] = {"until": "2026-11-20"}
        with pytest.raises(InvalidInput):
            take(ACCEPTED, Action.SCHEDULE, now=past_midnight, **words)
        take(ACCEPTED, Action.SCHEDULE, now=past_midnight - timedelta(seconds=1), **words)

    @pytest.mark.parametrize("action", [Action.SCHEDULE, Action.RESOLVE_CONDITIONALLY])
    def test_a_day_is_needed(self, action):
        assert refused(ACCEPTED, action, public_note="x") == [("until", "missing")]


class TestCodes:
    @pytest.mark.parametrize("roles", [AGENCY, DESK])
    def test_a_rejection_keeps_its_legal_reason(self, roles):
        change = take(ACCEPTED, Action.REJECT, roles, **REJECTED)
        assert change.complaint.status is Status.REJECTED
        assert change.complaint.rejected_for == change.entry.code == "proses-hukum"
        assert change.complaint.closed_at == LATER

    def test_a_rejection_needs_a_reason_of_the_jurisdictions(self):
        for reason, code in ((None, "missing"), ("malas", "not_a_choice")):
            words: dict[str, Any] = {
                "public_note": "Tidak.",
                **({"reason": reason} if reason else {}),
            }
            assert refused(ACCEPTED, Action.REJECT, **words) == [("reason", code)]

    def test_a_rejection_needs_words_for_the_citizen(self):
        assert refused(ACCEPTED, Action.REJECT, reason="proses-hukum") == [
            ("public_note", "missing")
        ]

    def test_a_misspelt_code_is_refused_with_the_one_that_was_meant(self):
        with pytest.raises(InvalidInput) as caught:
            take(ACCEPTED, Action.REJECT, public_note="x", reason="proses-hukm")
        assert caught.value.faults[0].message.en == "Did you mean “proses-hukum”?"
        with pytest.raises(InvalidInput) as caught:
            take(ACCEPTED, Action.RESOLVE, public_note="x", outcome="zzz")
        assert caught.value.faults[0].message.en == "Choose one of: diperbaiki, diganti."

    def test_where_nothing_is_configured_nothing_can_be_chosen(self):
        from shared.desk import Desk

        bare = changed(SEMARANG, desk=Desk())
        with pytest.raises(InvalidInput) as caught:
            take(ACCEPTED, Action.REJECT, jurisdiction=bare, **REJECTED)
        assert caught.value.faults[0].message.en == "Choose one of: –."

    @pytest.mark.parametrize("outcome", ["diperbaiki", None])
    def test_an_outcome_is_kept_with_the_step(self, outcome):
        said: dict[str, Any] = {
            "public_note": "Sudah.",
            **({"outcome": outcome} if outcome else {}),
        }
        assert take(ACCEPTED, Action.RESOLVE, **said).entry.code == outcome

    @pytest.mark.parametrize(
        ("action", "field", "value"),
        [
            (Action.NOTE, "agency", "semarang-dlh"),
            (Action.RETURN, "agency", "semarang-dlh"),
            (Action.NOTE, "until", "2026-11-27"),
            (Action.RESOLVE, "until", "2026-11-27"),
            (Action.RESOLVE, "reason", "proses-hukum"),
            (Action.NOTE, "outcome", "diperbaiki"),
            (Action.NOTE, "public_description", "x"),
        ],
    )
    def test_what_goes_with_another_action_is_refused(self, action, field, value):
        assert refused(ACCEPTED, action, **{"public_note": "x", field: value}) == [
            (field, "not_with_this_action")
        ]


class TestTemplates:
    def test_a_template_writes_the_public_note_in_the_reporters_language(self):
        note = take(ACCEPTED, Action.RESOLVE, template="selesai").entry.public_note
        assert note == f"{ACCEPTED.complaint_id} (Jalan rusak) beres. SEMARANG-DPU"
        english = replace(ACCEPTED, language="en")
        note = take(english, Action.RESOLVE, template="selesai").entry.public_note
        assert note == f"{ACCEPTED.complaint_id} (Damaged road) done. SEMARANG-DPU"

    def test_a_template_names_the_day(self):
        promised: dict[str, Any] = {"template": "janji", "until": "2026-11-27"}
        note = take(ACCEPTED, Action.RESOLVE_CONDITIONALLY, **promised).entry.public_note
        assert note == "Paling lambat 27 November 2026. SEMARANG-DPU"

    def test_what_is_not_known_has_a_name_all_the_same(self):
        unknown = a_complaint(status=Status.ACCEPTED, agency="semarang-gone", service_code=None)
        note = take(unknown, Action.RESOLVE, template="selesai").entry.public_note
        assert note == f"{unknown.complaint_id} (hal yang Anda laporkan) beres. semarang-gone"

    def test_a_note_of_ones_own_comes_first(self):
        note = take(ACCEPTED, Action.RESOLVE, template="selesai", public_note="Beres.").entry
        assert note.public_note == "Beres."

    @pytest.mark.parametrize(("action", "code"), [(Action.NOTE, "selesai"), (Action.RESOLVE, "x")])
    def test_a_template_of_another_action_or_of_none_is_refused(self, action, code):
        assert refused(ACCEPTED, action, template=code, public_note="x") == [
            ("template", "not_a_choice")
        ]


class TestAcknowledging:
    def test_an_agency_says_that_it_has_arrived_and_moves_nothing(self):
        before = a_complaint(status=Status.ASSIGNED)
        change = take(before, Action.ACKNOWLEDGE)
        assert change.complaint.status is Status.ASSIGNED
        assert change.complaint.assignments[-1].acknowledged_at == LATER
        assert change.complaint.assignments[-1].accepted_at is None

    def test_any_first_action_says_so_too_and_later_ones_change_nothing(self):
        before = a_complaint(status=Status.ASSIGNED)
        asked = take(before, Action.ASK, public_note="?").complaint
        assert asked.assignments[-1].acknowledged_at == LATER
        later = LATER + timedelta(hours=1)
        noted = take(asked, Action.NOTE, now=later, public_note="x").complaint
        assert noted.assignments == asked.assignments

    def test_accepting_is_dated(self):
        accepted = take(a_complaint(status=Status.ASSIGNED), Action.ACCEPT).complaint
        assert accepted.assignments[-1].accepted_at == LATER

    def test_what_a_desk_does_acknowledges_nothing(self):
        before = a_complaint(status=Status.ASSIGNED)
        after = take(before, Action.HIDE, DESK, internal_note="x").complaint
        assert after.assignments == before.assignments


class TestInterimAnswers:
    @pytest.mark.parametrize("status", [Status.ASSIGNED, Status.RESOLVED_CONDITIONALLY])
    def test_an_agency_answers_and_the_complaint_stays_where_it_is(self, status):
        change = take(a_complaint(status=status), Action.ANSWER, public_note="Kami cek besok.")
        assert change.complaint.status is status
        assert change.entry.role is Actor.AGENCY

    def test_the_reporters_answer_is_not_the_agencys_to_give(self):
        with pytest.raises(IllegalAction):
            take(a_complaint(status=Status.NEEDS_INFORMATION), Action.ANSWER, public_note="x")


class TestDesk:
    def test_an_agency_hears_that_the_desk_rejected_what_it_had(self):
        change = take(ACCEPTED, Action.REJECT, DESK, **REJECTED)
        assert list(untold(change.complaint)) == [Untold(change.entry.action_id, assigns=False)]

    def test_an_agency_that_rejects_is_told_nothing(self):
        assert take(ACCEPTED, Action.REJECT, AGENCY, **REJECTED).complaint.undelivered_since is None

    @pytest.mark.parametrize(
        "status", [Status.RESOLVED, Status.CLOSED, Status.REJECTED, Status.RESOLVED_CONDITIONALLY]
    )
    def test_a_desk_opens_again_and_its_agency_has_it_with_what_was_said(self, status):
        done = replace(a_complaint(status=status), rejected_for="proses-hukum", owed_by=IN_A_WEEK)
        change = take(done, Action.REOPEN, DESK, public_note="Belum tuntas.")
        after = change.complaint
        assert after.status is Status.REOPENED
        assert (after.assignments[-1].agency, after.assignments[-1].rule) == (
            "semarang-dpu",
            "reopened",
        )
        assert after.assignments[-1].because.en == "Opened again by the desk: it is not done."
        assert (after.rejected_for, after.owed_by, after.closed_at) == (None, None, None)
        assert list(untold(after)) == [Untold(change.entry.action_id, assigns=True)]
        assert change.entry.to_agency == "semarang-dpu"
        assert after.due_at == done.due_at

    def test_what_a_retired_agency_had_is_opened_again_at_triage(self):
        done = a_complaint(status=Status.RESOLVED, agency="semarang-pasar")
        after = take(done, Action.REOPEN, DESK, public_note="Belum.").complaint
        assert after.assignments[-1].agency == "semarang-diskominfo"

    def test_what_is_handed_over_goes_on_with_its_clocks(self):
        after = take(ACCEPTED, Action.ASSIGN, DESK, agency="jateng-sp4n").complaint
        assert (after.status, after.due_at) == (Status.ASSIGNED, ACCEPTED.due_at)

    @pytest.mark.parametrize(
        ("operator", "may"), [(an_operator(), True), (an_operator("jateng"), False)]
    )
    def test_the_desk_speaks_for_the_external_agency_that_it_handed_over_to(self, operator, may):
        body = an_action(Action.RESOLVE, public_note="Selesai menurut SP4N.")
        request = ActionRequest.model_validate(body, strict=False)
        handed_over = a_complaint(status=Status.ACCEPTED, agency="jateng-sp4n")
        if may:
            assert work.authorize(handed_over, request, operator) == {Actor.AGENCY}
        else:
            with pytest.raises(Forbidden):
                work.authorize(handed_over, request, operator)

    @pytest.mark.parametrize("agency", ["semarang-dpu", "jateng-dpubmck", "jateng-gone"])
    def test_it_speaks_for_no_other(self, agency):
        body = an_action(Action.RESOLVE, public_note="x")
        request = ActionRequest.model_validate(body, strict=False)
        with pytest.raises(Forbidden):
            work.authorize(
                a_complaint(status=Status.ACCEPTED, agency=agency), request, an_operator()
            )


class TestModeration:
    @pytest.mark.parametrize("status", [Status.ASSIGNED, Status.CLOSED, Status.WITHDRAWN])
    def test_a_desk_hides_and_shows_again_with_the_reason(self, status):
        hiding = take(a_complaint(status=status), Action.HIDE, DESK, internal_note="Nama anak")
        assert hiding.complaint.hidden
        assert not hiding.complaint.is_public
        assert (hiding.entry.internal_note, hiding.entry.role) == ("Nama anak", Actor.DESK)
        shown = take(hiding.complaint, Action.SHOW, DESK, internal_note="Sudah ditutup").complaint
        assert (shown.hidden, shown.is_public, shown.status) == (False, True, status)

    def test_nothing_is_hidden_or_shown_twice(self):
        for hidden, action in ((True, Action.HIDE), (False, Action.SHOW)):
            with pytest.raises(IllegalAction):
                take(replace(ACCEPTED, hidden=hidden), action, DESK, internal_note="x")

    def test_a_redaction_is_what_the_public_reads_and_the_words_stay(self):
        said: dict[str, Any] = {
            "public_description": "Jalan berlubang",
            "internal_note": "Ada nama orang",
        }
        after = take(ACCEPTED, Action.REDACT, DESK, **said).complaint
        assert (after.public_description, after.description) == (
            "Jalan berlubang",
            ACCEPTED.description,
        )

    def test_what_a_second_redaction_replaces_is_kept_with_its_step(self):
        said: dict[str, Any] = {"internal_note": "Ada nama orang"}
        first = take(ACCEPTED, Action.REDACT, DESK, public_description="Jalan di X", **said)
        again = take(first.complaint, Action.REDACT, DESK, public_description="Jalan", **said)
        same = take(again.complaint, Action.REDACT, DESK, public_description="Jalan", **said)
        hidden = take(same.complaint, Action.HIDE, DESK, **said)
        kept = [made.entry.replaced for made in (first, again, same, hidden)]
        assert kept == [None, "Jalan di X", None, None]

    @pytest.mark.parametrize("blank", [None, "", "  "])
    def test_a_redaction_needs_what_the_public_is_to_read(self, blank):
        with pytest.raises(InvalidInput) as caught:
            take(ACCEPTED, Action.REDACT, DESK, public_description=blank, internal_note="x")
        assert [one.code for one in caught.value.faults] == ["missing"]

    def test_moderation_needs_a_reason(self):
        with pytest.raises(InvalidInput):
            take(ACCEPTED, Action.HIDE, DESK)


def test_what_was_planned_or_owed_goes_with_its_status_whoever_moves_it():
    said = replace(ACCEPTED, planned_at=NOW, owed_by=NOW, rejected_for="x")
    kept = {
        Status.IN_PROGRESS: (NOW, None, None),
        Status.NEEDS_INFORMATION: (NOW, None, None),
        Status.RESOLVED_CONDITIONALLY: (None, NOW, None),
        Status.REJECTED: (None, None, "x"),
    }
    for status in Status:
        after = moved(said, status, LATER)
        found = (after.planned_at, after.owed_by, after.rejected_for)
        assert found == kept.get(status, (None, None, None))


def test_a_former_assignment_is_left_as_it_was():
    two = a_complaint(
        status=Status.ASSIGNED, assignments=(an_assignment(1), an_assignment(2, "semarang-dlh"))
    )
    after = take(two, Action.ACCEPT).complaint
    assert after.assignments[0] == two.assignments[0]
    assert after.assignments[1].acknowledged_at == LATER
