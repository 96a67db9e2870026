"""Which requests a query finds, within the standard's bounds and ours."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.complaint_intake.open311 import listing
from functions.complaint_intake.open311.listing import (
    LONGEST_SPAN,
    Page,
    Period,
    found,
    numbers_of,
    page_of,
    period_of,
    query_of,
    updates_of,
)
from functions.complaint_intake.open311.parameters import Parameters
from shared.complaints.items import complaint_values
from shared.complaints.law import Status
from shared.dynamo import from_item, to_item
from shared.errors import InvalidInput, NotFound
from tests.builders import NOW, a_complaint, a_number, an_entry
from tests.small_config import SEMARANG

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


class Lists:
    """The lists of complaints, from those that a test names."""

    def __init__(self, *complaints, steps=()):
        self.complaints = complaints
        self.steps = steps
        self.asked = []

    def received_values(self, jurisdiction_id, start, end):
        self.asked.append((jurisdiction_id, start, end))
        held = sorted(self.complaints, key=lambda one: one.created_at, reverse=True)
        return (
            from_item(to_item(complaint_values(one)))
            for one in held
            if start <= one.created_at <= end
        )

    def updated(self, jurisdiction_id, start, end):
        self.asked.append((jurisdiction_id, start, end))
        held = sorted(self.complaints, key=lambda one: one.updated_at, reverse=True)
        return (one for one in held if start <= one.updated_at <= end)

    def updates(self, jurisdiction_id, start, end):
        self.asked.append((jurisdiction_id, start, end))
        return (step for step in self.steps if start <= step[1].at <= end)


def asking(**values: object) -> Parameters:
    return Parameters.of((name, str(value)) for name, value in values.items())


def w3c(instant: datetime) -> str:
    return instant.isoformat(timespec="seconds")


def ask(lists: Lists, **values: object) -> list[str]:
    rows = found(query_of(asking(**values), SEMARANG, NOW), "semarang", lists)
    return [one.complaint_id for one in rows]


def refused(**values: object) -> str:
    with pytest.raises(InvalidInput) as refusal:
        query_of(asking(**values), SEMARANG, NOW)
    (fault,) = refusal.value.faults
    return fault.field


def test_without_any_dates_it_is_the_last_90_days():
    recent, old = a_complaint(created_at=NOW - 89 * DAY), a_complaint(created_at=NOW - 91 * DAY)
    lists = Lists(recent, old)
    assert ask(lists) == [recent.complaint_id]
    assert lists.asked == [("semarang", NOW - LONGEST_SPAN, NOW + SECOND)]


def test_the_newest_come_first():
    ages = [a_complaint(created_at=NOW - days * DAY) for days in (3, 1, 2)]
    assert ask(Lists(*ages)) == [ages[1].complaint_id, ages[2].complaint_id, ages[0].complaint_id]


def test_what_has_no_category_yet_is_found_by_the_service_as_which_it_is_shown():
    (other,) = (one.service_code for one in SEMARANG.categories if one.other)
    none, named, road = (
        a_complaint(service_code=code, created_at=NOW - days * DAY)
        for days, code in enumerate((None, other, "jalan-rusak"), start=1)
    )
    lists = Lists(none, named, road)
    assert ask(lists, service_code=other) == [none.complaint_id, named.complaint_id]
    assert ask(lists, service_code="jalan-rusak") == [road.complaint_id]
    assert ask(lists, service_code=other, updated_after=w3c(NOW - 9 * DAY)) == [
        none.complaint_id,
        named.complaint_id,
    ]


@given(st.integers(0, 89), st.integers(0, 89))
def test_between_two_dates_both_seconds_are_included(first, second):
    start, end = NOW - max(first, second) * DAY, NOW - min(first, second) * DAY
    within = [
        a_complaint(created_at=start),
        a_complaint(created_at=end + timedelta(milliseconds=999)),
    ]
    without = [a_complaint(created_at=start - SECOND), a_complaint(created_at=end + SECOND)]
    rows = ask(Lists(*within, *without), start_date=w3c(start), end_date=w3c(end))
    assert set(rows) == {one.complaint_id for one in within}


def test_one_date_alone_reaches_as_far_as_is_allowed():
    start = NOW - 200 * DAY
    assert period_of(asking(start_date=w3c(start)), ("start_date", "end_date"), NOW) == Period(
        start, start + LONGEST_SPAN
    )
    assert period_of(asking(end_date=w3c(start)), ("start_date", "end_date"), NOW) == Period(
        start - LONGEST_SPAN, start
    )
    recent = asking(start_date=w3c(NOW - DAY))
    assert period_of(recent, ("start_date", "end_date"), NOW) == Period(NOW - DAY, NOW)


def test_a_time_yet_to_come_holds_nothing_and_is_no_mistake():
    later = NOW + 5 * DAY
    assert ask(Lists(a_complaint()), start_date=w3c(later)) == []
    assert ask(Lists(a_complaint()), end_date=w3c(later)) != []
    lists = Lists()
    ask(lists, start_date=w3c(later), end_date=w3c(later + DAY))
    assert lists.asked[-1][1] <= lists.asked[-1][2]


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"start_date": NOW - 91 * DAY, "end_date": NOW}, "start_date"),
        ({"start_date": NOW, "end_date": NOW - DAY}, "start_date"),
        ({"updated_after": NOW - 91 * DAY, "updated_before": NOW}, "updated_after"),
        ({"updated_after": NOW, "updated_before": NOW - DAY}, "updated_after"),
    ],
)
def test_a_span_that_is_too_long_or_backwards_is_refused_by_name(asked, field):
    assert refused(**{name: w3c(at) for name, at in asked.items()}) == field


def test_exactly_90_days_are_allowed():
    assert query_of(
        asking(start_date=w3c(NOW - LONGEST_SPAN), end_date=w3c(NOW)), SEMARANG, NOW
    ).period == Period(NOW - LONGEST_SPAN, NOW)


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"start_date": "kemarin"}, "start_date"),
        ({"end_date": "2026-11-20"}, "end_date"),
        ({"updated_after": "x"}, "updated_after"),
        ({"updated_before": "x"}, "updated_before"),
        ({"status": "done"}, "status"),
        ({"page": "0"}, "page"),
        ({"page_size": "1001"}, "page_size"),
        ({"extensions": "true", "page_size": "51"}, "page_size"),
        ({"page": "21"}, "page"),
    ],
)
def test_a_parameter_that_is_wrong_is_named(asked, field):
    assert refused(**asked) == field


def test_a_service_that_is_not_there_is_not_found():
    with pytest.raises(NotFound, match="service_code"):
        query_of(asking(service_code="sampah,rob"), SEMARANG, NOW)


def test_services_and_statuses_are_lists():
    road = a_complaint(status=Status.RESOLVED)
    waste = a_complaint(service_code="sampah")
    levy = a_complaint(service_code="pungli")
    lists = Lists(road, waste, levy)
    assert set(ask(lists, service_code="jalan-rusak,sampah")) == {
        road.complaint_id,
        waste.complaint_id,
    }
    assert ask(lists, status="closed") == [road.complaint_id]
    assert len(ask(lists, status="open,closed")) == 3
    assert ask(lists, status="closed", service_code="sampah") == []


def test_by_change_it_does_not_matter_when_they_came():
    old = a_complaint(created_at=NOW - 300 * DAY, updated_at=NOW - DAY)
    rested = a_complaint(created_at=NOW - DAY, updated_at=NOW - 10 * DAY)
    lists = Lists(old, rested)
    since = w3c(NOW - 2 * DAY)
    assert ask(lists, updated_after=since) == [old.complaint_id]
    assert ask(lists, updated_before=since) == [rested.complaint_id]
    assert ask(lists, updated_after=since, start_date=since) == []
    assert ask(lists, updated_after=since, status="closed") == []
    assert ask(lists, updated_after=since, service_code="sampah") == []
    exact = replace(old, updated_at=NOW - 2 * DAY + timedelta(milliseconds=1))
    assert ask(Lists(exact), updated_after=since, updated_before=since) == [old.complaint_id]


def test_pages_follow_each_other_and_end():
    ages = [a_complaint(created_at=NOW - n * SECOND) for n in range(5)]
    pages = [ask(Lists(*ages), page=page, page_size=2) for page in (1, 2, 3, 4)]
    assert [len(page) for page in pages] == [2, 2, 1, 0]
    assert [number for page in pages for number in page] == [one.complaint_id for one in ages]


def test_a_page_has_a_thousand_rows_unless_asked_otherwise():
    assert page_of(asking(), 1000) == Page(0, 1000)
    assert page_of(asking(page=3), 1000) == Page(2000, 1000)
    assert page_of(asking(page=4, page_size=10), 1000) == Page(30, 10)
    extended = query_of(asking(extensions="true"), SEMARANG, NOW)
    assert extended.page == Page(0, 50)


def test_what_would_take_too_long_to_find_is_refused(monkeypatch):
    monkeypatch.setattr(listing, "MOST_LOOKED_AT", 3)
    many = [a_complaint(created_at=NOW - n * SECOND) for n in range(4)]
    assert len(ask(Lists(*many[:3]), page_size=1, status="closed")) == 0
    with pytest.raises(InvalidInput, match="shorter time"):
        ask(Lists(*many), page_size=1, status="closed")


def test_ids_are_read_as_people_write_them_and_each_counts_once():
    number = a_number()
    asked = asking(service_request_id=f"{number}, {number.lower()},nothing,")
    assert numbers_of(asked) == (number,)
    assert numbers_of(asking(service_request_id="nothing")) == ()
    assert numbers_of(asking(service_request_id=",")) is None
    assert numbers_of(asking()) is None


@pytest.mark.parametrize(("most", "extensions"), [(200, "false"), (50, "true")])
def test_too_many_ids_are_refused_by_name(most, extensions):
    numbers = [a_number() for _ in range(most + 1)]

    def ask_for(some):
        return numbers_of(asking(service_request_id=",".join(some), extensions=extensions))

    assert ask_for(numbers[:most]) == tuple(numbers[:most])
    with pytest.raises(InvalidInput) as refusal:
        ask_for(numbers)
    assert refusal.value.faults[0].field == "service_request_id"


def step(at, **more):
    return a_complaint(status=Status.ACCEPTED), an_entry(at=at, **more)


def test_updates_are_those_of_the_time_asked_for_to_the_second():
    start = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
    steps = [
        step(start - timedelta(milliseconds=1)),
        step(start),
        step(NOW + timedelta(milliseconds=999)),
        step(NOW + SECOND),
    ]
    lists = Lists(steps=steps)
    rows = updates_of(
        asking(start_date=w3c(start), end_date=w3c(NOW)), "semarang", lists, now=NOW + DAY
    )
    assert rows == steps[1:3]


def test_updates_of_no_time_are_those_of_the_last_day():
    steps = [step(NOW - 2 * DAY), step(NOW - SECOND)]
    assert updates_of(asking(), "semarang", Lists(steps=steps), now=NOW) == steps[1:]


def test_a_client_is_not_told_what_it_told_us():
    steps = [step(NOW, actor="open311:kota-lain"), step(NOW)]
    lists = Lists(steps=steps)
    known = updates_of(asking(), "semarang", lists, now=NOW, without="open311:kota-lain")
    assert known == steps[1:]
    assert updates_of(asking(), "semarang", lists, now=NOW) == steps


def test_updates_come_in_pages_too():
    steps = [step(NOW - n * SECOND) for n in (3, 2, 1)]
    lists = Lists(steps=steps)
    assert updates_of(asking(page=2, page_size=2), "semarang", lists, now=NOW) == steps[2:]
