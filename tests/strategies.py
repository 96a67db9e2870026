"""Hypothesis strategies for the values that the platform holds."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from hypothesis import strategies as st

from shared.complaints.clocks import ANSWER, RETENTION
from shared.complaints.items import undelivered_mark
from shared.complaints.law import Action, Actor, Status
from shared.complaints.record import Assignment, Complaint, TimelineEntry
from shared.text import Text
from tests.builders import a_number

#: Any text that UTF-8 can carry.
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
filled = texts.filter(lambda text: bool(text.strip()))
instants = st.datetimes(
    min_value=datetime(2000, 1, 1),  # noqa: DTZ001 - the strategy adds the zone
    max_value=datetime(2100, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
).map(lambda instant: instant.replace(microsecond=instant.microsecond // 1000 * 1000))
zones = st.integers(-14, 14).map(lambda hours: timezone(timedelta(hours=hours)))
bilingual = st.builds(Text, filled, filled)
agencies = st.sampled_from(["semarang-dpu", "semarang-dlh", "semarang-diskominfo", "jateng-sp4n"])
photo_ids = st.text("0123456789ABCDEFGHJKMNPQRSTVWXYZ", min_size=26, max_size=26)
degrees = st.floats(min_value=-180, max_value=180, allow_nan=False).map(lambda d: round(d, 7))

#: Plain values that the tables hold, to any depth.
numbers = st.integers(-(10**15), 10**15) | degrees
plain = st.recursive(
    texts | st.booleans() | st.none() | numbers,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=8,
)

#: Any JSON value.
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner),
    max_leaves=10,
)


delivery: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {},
    optional={
        "suggestions": st.dictionaries(filled, st.sampled_from([0.25, 0.5, 1.0]), max_size=3),
        "said_in": filled,
        "queued_at": instants,
        "resends": st.integers(0, 9),
        "resent_at": instants,
        "stuck_at": instants,
        "received_at": instants,
        "acknowledged_at": instants,
        "accepted_at": instants,
    },
)


@st.composite
def assignments(draw: st.DrawFn) -> tuple[Assignment, ...]:
    """Draw the assignments of a complaint, numbered from 1."""
    return tuple(
        Assignment(no=no, agency=agency, rule=rule, because=because, at=at, **more)
        for no, (agency, rule, because, at, more) in enumerate(
            draw(st.lists(st.tuples(agencies, filled, bilingual, instants, delivery), max_size=3)),
            start=1,
        )
    )


@st.composite
def complaints(draw: st.DrawFn) -> Complaint:
    """Draw any complaint that can lie in the table."""
    given = draw(assignments())
    marked = draw(st.none() | instants)
    clock = draw(st.none() | st.sampled_from([ANSWER, RETENTION]))
    return Complaint(
        complaint_id=a_number(),
        jurisdiction_id="semarang",
        key_hash=draw(filled),
        fingerprint=draw(filled),
        token_epoch=draw(st.integers(0, 9)),
        version=draw(st.integers(1, 10**6)),
        status=draw(st.sampled_from(Status if given else [Status.RECEIVED, Status.WITHDRAWN])),
        kind=draw(st.sampled_from(["complaint", "aspiration", "information"])),
        service_code=draw(st.none() | st.sampled_from(["jalan-rusak", "sampah", "pungli"])),
        description=draw(filled),
        lat=draw(st.none() | degrees),
        long=draw(st.none() | degrees),
        address_string=draw(st.none() | filled),
        attributes=draw(st.dictionaries(filled, texts, max_size=3)),
        photo_ids=tuple(draw(st.lists(photo_ids, max_size=5, unique=True))),
        media_url=draw(st.none() | filled),
        visibility=draw(st.sampled_from(["public", "private", "secret"])),
        visibility_chosen=draw(st.booleans()),
        anonymous=draw(st.booleans()),
        contact_shared=draw(st.booleans()),
        notify=draw(st.booleans()),
        channel=draw(st.sampled_from(["mobile", "web", "fleet", "open311"])),
        client=draw(st.none() | filled),
        device=draw(st.none() | filled),
        vehicle_code=draw(st.none() | filled),
        vehicle_known=draw(st.none() | st.booleans()),
        vehicle_partner=draw(st.none() | filled),
        suspicion=draw(st.none() | st.sampled_from(["honeypot", "device_flood"])),
        language=draw(st.sampled_from(["id", "en"])),
        drafted_at=draw(st.none() | instants),
        created_at=draw(instants),
        updated_at=draw(instants),
        dispatch_due_at=draw(instants),
        due_at=draw(instants),
        legal_due_at=draw(st.none() | instants),
        paused_at=draw(st.none() | instants),
        escalation=draw(st.integers(0, 4)),
        planned_at=draw(st.none() | instants),
        owed_by=draw(st.none() | instants),
        rejected_for=draw(st.none() | filled),
        hidden=draw(st.booleans()),
        public_description=draw(st.none() | filled),
        part_of=draw(st.none() | filled),
        parts=tuple(draw(st.lists(filled, max_size=3))),
        duplicate_of=draw(st.none() | filled),
        closed_at=draw(st.none() | instants),
        clock=clock,
        clock_at=draw(instants) if clock else None,
        supporters=draw(st.integers(0, 10**6)),
        not_fixed=draw(st.integers(0, 10**6)),
        erasure_requested_at=draw(st.none() | instants),
        erased_at=draw(st.none() | instants),
        assignments=given,
        undelivered_since=undelivered_mark(marked, len(given)) if marked else None,
        undelivered_action=draw(st.none() | st.uuids().map(str)) if marked else None,
    )


@st.composite
def entries(draw: st.DrawFn) -> TimelineEntry:
    """Draw any timeline entry."""
    return TimelineEntry(
        action_id=str(draw(st.uuids())),
        fingerprint=draw(filled),
        version=draw(st.integers(2, 10**6)),
        at=draw(instants),
        action=draw(st.sampled_from(Action)),
        status=draw(st.sampled_from(Status)),
        agency=draw(st.none() | agencies),
        to_agency=draw(st.none() | agencies),
        actor=draw(filled),
        role=draw(st.sampled_from(Actor)),
        until=draw(st.none() | instants),
        code=draw(st.none() | filled),
        related=tuple(draw(st.lists(filled, max_size=3))),
        public_note=draw(st.none() | texts),
        internal_note=draw(st.none() | texts),
        replaced=draw(st.none() | texts),
        photo_ids=tuple(draw(st.lists(photo_ids, max_size=5, unique=True))),
    )
