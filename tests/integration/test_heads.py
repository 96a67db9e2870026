"""What an agency's head is told of a complaint that is overdue: once, and nothing of its matter."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest

from functions.agency_routing.clockwork import ring
from functions.complaint_intake import outbox
from functions.complaint_intake.on_progress import handler, head_teller
from shared import clock
from shared.complaints import clocks, events
from shared.complaints.law import Status
from shared.complaints.record import Level
from shared.complaints.store import ComplaintStore
from shared.messengers.leases import LEASE, NoticeLeases
from tests.aws_double import COMPLAINTS, NOTICES_QUEUE, REPORTERS, messages
from tests.builders import (
    CONTEXT,
    a_complaint,
    a_stream_event,
    a_stream_record,
    an_assignment,
    an_sqs_event,
)
from tests.messengers import Messengers, as_text
from tests.small_config import SEMARANG

pytestmark = pytest.mark.usefixtures("small_config", "aws_double")

FAILED = {"batchItemFailures": [{"itemIdentifier": "m0"}]}
DONE: dict[str, list[str]] = {"batchItemFailures": []}


@pytest.fixture
def sent():
    with Messengers().standing_in() as messengers:
        yield messengers


def overdue(agency="semarang-dlh", **changes):
    """Store a complaint of an agency that is due just now, and was warned of."""
    now = clock.now()
    given = an_assignment(agency=agency, at=now - timedelta(days=3), acknowledged_at=now)
    made = clocks.wound(
        a_complaint(
            **{
                "status": Status.ACCEPTED,
                "version": 4,
                "assignments": (given,),
                "created_at": now - timedelta(days=3),
                "updated_at": now,
                "due_at": now - timedelta(seconds=1),
                "escalation": int(Level.WARNED),
                "description": "Sampah di depan rumah Bu Tutik",
                **changes,
            }
        ),
        SEMARANG,
    )
    store = ComplaintStore(COMPLAINTS)
    assert store.submit(made) is None
    return made


def escalated(complaint):
    """Let the complaint's clock ring, and return what its stream's reader makes of that."""
    store = ComplaintStore(COMPLAINTS)
    assert ring(clocks.OVERDUE, complaint.complaint_id, now=clock.now(), store=store)
    after = store.get(complaint.complaint_id)
    assert after is not None
    outbox.handler(a_stream_event(a_stream_record(after, complaint)), CONTEXT)
    (event,) = messages(NOTICES_QUEUE)
    return event


def tell(event):
    return handler(an_sqs_event(event), CONTEXT)


def test_the_head_is_sent_number_agency_day_and_link_and_nothing_of_the_matter(sent):
    complaint = overdue()
    event = escalated(complaint)
    assert event["type"] == "complaint_escalated.v1"
    assert tell(event) == DONE
    (email,) = sent.emails
    assert email["Destination"] == {"ToAddresses": ["kepala@dlh.example"]}
    number = complaint.complaint_id
    link = f"https://aduan.example/v1/agencies/semarang-dlh/complaints/{number}"
    indonesian, english = sent.text_of_email().strip().split("\n\n")
    assert indonesian.startswith(f"semarang-dlh (id) {number} ")
    assert english.startswith(f"semarang-dlh (en) {number} ")
    assert link in indonesian
    assert link in english
    assert sent.headers_of_email() == {"Auto-Submitted": "auto-generated"}
    for matter in ("Sampah", "Tutik", "sampah"):
        assert matter not in as_text(email)


def test_an_event_that_comes_again_is_sent_only_once(sent):
    event = escalated(overdue())
    assert [tell(event), tell(event)] == [DONE, DONE]
    assert len(sent.emails) == 1


def test_what_a_crash_left_is_sent_again_when_the_lease_has_run_out(sent):
    event = escalated(overdue())
    notice = (event["complaint_id"], str(event["version"]), "head")
    now, told = clock.now(), {"occasion": "overdue"}
    NoticeLeases(REPORTERS).take(*notice, told=told, now=now)
    assert tell(event) == FAILED
    assert sent.emails == []
    head_teller().tell(event, now + LEASE + timedelta(seconds=1))
    assert len(sent.emails) == 1


def test_where_no_head_is_configured_the_agency_hears_of_it_alone(sent):
    complaint = overdue(agency="semarang-dpu")
    assert tell(escalated(complaint)) == DONE
    assert sent.emails == []
    after = ComplaintStore(COMPLAINTS).get(complaint.complaint_id)
    assert after is not None
    assert after.undelivered_action  # told at the agency's queue


@pytest.mark.parametrize(
    "meanwhile",
    [
        {"status": Status.RESOLVED},
        {"status": Status.NEEDS_INFORMATION},
        {"erasure_requested_at": clock.now()},
        {"assignments": (an_assignment(agency="semarang-dlh"), an_assignment(no=2))},
    ],
)
def test_what_is_no_longer_so_is_not_told(sent, meanwhile):
    event = escalated(overdue())
    store = ComplaintStore(COMPLAINTS)
    before = store.get(event["complaint_id"])
    assert before is not None
    store.change(before, replace(before, version=before.version + 1, **meanwhile))
    assert tell(event) == DONE
    assert sent.emails == []


def test_what_is_days_old_or_of_nobody_is_not_told(sent):
    event = escalated(overdue())
    assert head_teller().tell(event, clock.now() + timedelta(days=4)) == "too late"
    assert head_teller().tell(event | {"complaint_id": "SMG-0"}, clock.now()) == "no news"
    assert head_teller().tell(event | {"level": "triage"}, clock.now()) == "no news"
    assert sent.emails == []


def test_an_address_that_takes_no_mail_is_marked_and_left(sent):
    event = escalated(overdue())
    sent.refusing = ("MessageRejected", "no such address")
    assert head_teller().tell(event, clock.now()) == "refused: MessageRejected"
    assert head_teller().tell(event, clock.now()) == "sent before"


def test_only_the_step_that_reaches_the_head_is_an_event_of_its_own():
    steps = [Level.NONE, Level.WARNED, Level.HEAD, Level.HEAD, Level.TRIAGE, Level.PUBLIC]
    made = [
        a_complaint(status=Status.ACCEPTED, escalation=int(level), version=number)
        for number, level in enumerate(steps, start=1)
    ]
    same = [replace(one, complaint_id=made[0].complaint_id) for one in made]
    records = [a_stream_record(new, old) for old, new in pairwise(same)]
    outbox.handler(a_stream_event(*records), CONTEXT)
    assert messages(NOTICES_QUEUE) == [events.escalated(same[2])]
