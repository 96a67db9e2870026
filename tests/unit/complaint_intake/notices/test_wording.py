"""What a reporter reads."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.complaint_intake.notices.wording import Happening, email, links, sms, until_of
from shared.complaints.law import Status
from shared.notices import Occasion
from tests.builders import NOW, a_complaint, an_assignment, an_entry
from tests.small_config import JATENG, NOTICES, SEMARANG

pytestmark = pytest.mark.usefixtures("small_config")

NUMBER = "SMG-7ZK3Q9M4T0XWH"
LINKS = links("https://aduan.example/v1", NUMBER, "token", "stop-token")
FOLLOW = f"https://aduan.example/v1/lacak#{NUMBER}.token"
STOP = f"https://aduan.example/v1/notices/unsubscribe?c={NUMBER}&t=stop-token"


def a_happening(occasion=Occasion.RESOLVED, *, note="Lubang ditambal.", **changes):
    complaint = a_complaint(
        **{
            "complaint_id": NUMBER,
            "status": Status.RESOLVED,
            "closed_at": NOW,
            "clock_at": datetime(2026, 11, 30, 17, 0, tzinfo=UTC),
            "description": "RAHASIA",
            **changes,
        }
    )
    return Happening(
        occasion=occasion,
        complaint=complaint,
        jurisdiction=SEMARANG,
        notices=NOTICES,
        entry=an_entry(version=2, public_note=note, internal_note="INTERN") if note else None,
    )


def test_links_carry_the_token_as_a_fragment_only_and_the_way_to_stop_opens_nothing():
    assert LINKS.follow == FOLLOW
    assert LINKS.stop == STOP
    assert "token" not in LINKS.follow.split("#")[0]


def test_an_email_tells_what_it_is_about_how_to_go_on_and_how_to_stop():
    told = email(a_happening(), LINKS, "en")
    assert told.subject == f"resolved {NUMBER} (en)"
    assert told.text == (
        f"resolved {NUMBER} until 18 December 2026 (en)\n\n"
        "category Damaged road\nagency semarang-dpu (en)\nnote Lubang ditambal. (en)\n\n"
        f"follow {FOLLOW} (en)\n\n"
        f"-- \nstop {STOP} (en)\n"
    )


def test_dates_are_written_in_the_language_and_in_semarangs_time():
    asked = a_happening(Occasion.QUESTION)
    assert "until 1 Desember 2026 (id)" in email(asked, LINKS, "id").text
    assert "until 1 December 2026 (en)" in email(asked, LINKS, "en").text
    assert "until 01-12-2026 " in (sms(asked, LINKS, "id") or "")


@pytest.mark.parametrize("visibility", ["private", "secret"])
@pytest.mark.parametrize("occasion", Occasion)
@pytest.mark.parametrize("language", ["id", "en"])
def test_of_a_complaint_that_is_not_public_only_number_and_status_are_told(
    visibility, occasion, language
):
    happening = a_happening(occasion, visibility=visibility)
    told = email(happening, LINKS, language)
    everything = f"{told.subject}{told.text}{sms(happening, LINKS, language)}"
    for matter in ("Jalan", "road", "semarang-dpu", "Lubang"):
        assert matter not in everything
    assert NUMBER in told.subject
    assert FOLLOW in told.text


@pytest.mark.parametrize("occasion", Occasion)
def test_nothing_that_the_submitter_typed_is_told_nor_what_agencies_note_for_themselves(occasion):
    happening = a_happening(occasion, address_string="ALAMAT", attributes={"x": "JAWABAN"})
    told = email(happening, LINKS, "id")
    everything = f"{told.subject}{told.text}{sms(happening, LINKS, 'id')}"
    for typed in ("RAHASIA", "ALAMAT", "JAWABAN", "INTERN"):
        assert typed not in everything


@pytest.mark.parametrize("occasion", Occasion)
def test_a_subject_and_a_text_message_never_tell_the_matter(occasion):
    happening = a_happening(occasion)
    told = f"{email(happening, LINKS, 'id').subject}{sms(happening, LINKS, 'id')}"
    for matter in ("Jalan", "semarang-dpu", "Lubang"):
        assert matter not in told


def test_a_line_about_what_is_not_known_is_left_out():
    complaint = {"status": Status.RECEIVED, "service_code": None, "visibility": "public"}
    told = email(a_happening(Occasion.RECEIVED, note=None, **complaint), LINKS, "id").text
    assert "category" not in told
    assert "agency" not in told
    assert "\n\n\n" not in told


def test_an_agency_of_another_jurisdiction_is_named():
    assignments = (an_assignment(agency="jateng-sp4n"),)
    told = email(a_happening(assignments=assignments), LINKS, "id").text
    assert f"agency {JATENG.agency_by_code['jateng-sp4n'].name.id}" in told


def test_an_occasion_without_a_text_message_gives_none():
    assert sms(a_happening(Occasion.ASSIGNED), LINKS, "id") is None


def test_the_first_text_message_tells_how_to_stop():
    assert STOP in (sms(a_happening(Occasion.RECEIVED), LINKS, "id") or "")


def test_each_occasion_has_the_date_that_counts_for_it():
    def until(occasion, **changes):
        return until_of(a_happening(occasion, **changes))

    complaint = a_happening().complaint
    assert until(Occasion.RECEIVED) == complaint.dispatch_due_at
    assert until(Occasion.ASSIGNED) == until(Occasion.REOPENED) == complaint.due_at
    assert until(Occasion.QUESTION) == complaint.clock_at
    assert (until(Occasion.RESOLVED) - NOW).days == SEMARANG.dialogue.reopen_days
    assert until(Occasion.CLOSED) == until(Occasion.RESOLVED)
    assert until(Occasion.RESOLVED, closed_at=None) is None
    assert until(Occasion.REJECTED) == until(Occasion.RESOLVED)
    assert until(Occasion.SCHEDULED, planned_at=NOW) == NOW
    assert until(Occasion.RESOLVED_CONDITIONALLY, owed_by=NOW) == NOW
    assert until(Occasion.WITHDRAWN) is None


def test_a_date_that_is_not_known_leaves_its_place_empty():
    happening = a_happening(Occasion.QUESTION, clock_at=None)
    assert sms(happening, LINKS, "id") == f"question {NUMBER} until  {FOLLOW} (id)"
    assert f"question {NUMBER} until " in email(happening, LINKS, "id").text


@given(note=st.text(max_size=200))
def test_whatever_an_agency_writes_is_told_as_it_is(note):
    told = email(a_happening(note=note), LINKS, "id")
    assert told.subject == f"resolved {NUMBER} (id)"
    assert note.strip() in told.text
    assert told.text.endswith(f"-- \nstop {STOP} (id)\n")
