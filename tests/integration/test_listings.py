"""Lists by time, by place and by what is due: what they find, in which order, and what they cost."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

import pytest

from shared import aws
from shared.complaints import listings
from shared.complaints.clocks import ANSWER, RETENTION
from shared.complaints.law import Action, Status
from shared.complaints.listings import ComplaintListings
from shared.complaints.record import Complaint
from shared.complaints.store import ComplaintStore
from tests.aws_double import COMPLAINTS
from tests.builders import NOW, a_complaint, a_number, an_entry, assign
from tests.metering import metered

YEAR = (NOW - timedelta(days=300), NOW + timedelta(days=60))
SIMPANG_LIMA = (-6.9903, 110.4229)


@pytest.fixture
def table(aws_double: None) -> ComplaintStore:
    return ComplaintStore(COMPLAINTS)


@pytest.fixture
def lists(table: ComplaintStore) -> ComplaintListings:
    return ComplaintListings(COMPLAINTS)


def stored(table: ComplaintStore, *complaints: Complaint) -> list[Complaint]:
    for one in complaints:
        assert table.submit(one) is None
    return list(complaints)


def days_ago(days: float, **changes: Any) -> Complaint:
    at = NOW - timedelta(days=days)
    return a_complaint(created_at=at, updated_at=at, **changes)


def numbers(complaints: Any) -> list[str]:
    return [one.complaint_id for one in complaints]


class TestReceived:
    def test_they_come_newest_first_over_months_and_shards(self, table, lists, monkeypatch):
        monkeypatch.setattr(listings, "_PAGE", 3)
        made = stored(table, *(days_ago(days) for days in range(0, 120, 3)))
        assert numbers(lists.received("semarang", *YEAR)) == numbers(made)

    def test_a_time_is_from_its_start_to_its_end(self, table, lists):
        made = stored(table, *(days_ago(days) for days in (1, 2, 3, 4)))
        start, end = made[2].created_at, made[1].created_at
        assert numbers(lists.received("semarang", start, end)) == numbers(made[1:3])

    def test_only_what_is_public_is_there_and_each_jurisdiction_has_its_own(self, table, lists):
        stored(
            table,
            days_ago(1, visibility="private"),
            days_ago(1, visibility="secret"),
            days_ago(1, suspicion="honeypot"),
        )
        (other,) = stored(
            table, days_ago(1, jurisdiction_id="jateng", complaint_id=a_number("JTG"))
        )
        assert list(lists.received("semarang", *YEAR)) == []
        assert list(lists.received("jateng", *YEAR)) == [other]

    def test_what_becomes_public_appears_and_what_is_hidden_goes(self, table, lists):
        (complaint,) = stored(table, days_ago(1, visibility="private", visibility_chosen=False))
        settled = {"visibility": "public"}
        decided = assign(table, complaint, settled=settled, public=True)
        assert list(lists.received("semarang", *YEAR)) == [decided]
        hidden = replace(decided, visibility="private", version=3)
        table.change(decided, hidden)
        assert list(lists.received("semarang", *YEAR)) == []


class TestUpdated:
    def test_they_come_by_their_last_change(self, table, lists):
        old, new = stored(table, days_ago(60), days_ago(1))
        assert numbers(lists.updated("semarang", *YEAR)) == numbers([new, old])
        assign(table, old)
        assert numbers(lists.updated("semarang", *YEAR)) == numbers([old, new])
        recent = (NOW - timedelta(hours=1), NOW + timedelta(hours=1))
        assert numbers(lists.updated("semarang", *recent)) == [old.complaint_id]

    def test_steps_come_as_they_were_taken_and_none_that_is_nobodys_business(self, table, lists):
        (complaint,) = stored(table, a_complaint(status=Status.ASSIGNED))
        steps = [
            an_entry(version=3, at=NOW + timedelta(hours=1)),
            an_entry(version=4, at=NOW + timedelta(hours=2), action=Action.NOTE, internal_note="x"),
            an_entry(version=5, at=NOW + timedelta(hours=3), action=Action.NOTE, public_note="y"),
        ]
        for step in steps:
            after = replace(complaint, version=step.version, updated_at=step.at)
            table.record_action(complaint, after, step)
            complaint = after
        found = list(lists.updates("semarang", *YEAR))
        assert found == [(complaint, steps[0]), (complaint, steps[2])]
        hidden = replace(complaint, visibility="secret", version=6)
        table.change(complaint, hidden)
        assert list(lists.updates("semarang", *YEAR)) == []


class TestNear:
    def at(self, north_m: float, **changes: Any) -> Complaint:
        lat = round(SIMPANG_LIMA[0] + north_m / 111_195, 7)
        return a_complaint(lat=lat, long=SIMPANG_LIMA[1], **changes)

    def test_what_lies_within_the_radius_comes_nearest_first(self, table, lists):
        far, near, nearest = stored(table, self.at(251), self.at(-249), self.at(10))
        found = list(lists.near(*SIMPANG_LIMA, 250, "jalan-rusak"))
        assert numbers(one for one, _ in found) == numbers([nearest, near])
        assert [round(away_m) for _, away_m in found] == [10, 249]
        assert far.complaint_id in numbers(one for one, _ in lists.near(*SIMPANG_LIMA, 260))

    def test_a_category_finds_its_own_and_none_finds_all(self, table, lists):
        road, waste = stored(table, self.at(1), self.at(2, service_code="sampah"))
        assert numbers(one for one, _ in lists.near(*SIMPANG_LIMA, 50, "sampah")) == numbers(
            [waste]
        )
        both = lists.near(*SIMPANG_LIMA, 50)
        assert numbers(one for one, _ in both) == numbers([road, waste])

    def test_what_is_not_public_or_has_no_place_is_never_near(self, table, lists):
        stored(table, self.at(1, visibility="private"), a_complaint())
        assert list(lists.near(*SIMPANG_LIMA, 100)) == []

    def test_it_costs_four_queries_and_a_read_of_many_for_each_sixty_asked_for(self, table, lists):
        stored(table, *(self.at(metres) for metres in range(70)))
        for asked, reads in ((60, 1), (61, 2)):
            with metered() as bill:
                found = list(islice(lists.near(*SIMPANG_LIMA, 250, "jalan-rusak"), asked))
            assert len(found) == asked
            assert bill.calls.count("Query") <= 4
            assert bill.calls.count("BatchGetItem") == reads
            assert set(bill.calls) == {"Query", "BatchGetItem"}

    def test_no_category_is_lost_behind_a_crowd_of_another(self, table, lists, monkeypatch):
        monkeypatch.setattr(listings, "_MOST_OF_A_CATEGORY", 5)
        stored(table, *(self.at(metres, service_code="sampah") for metres in range(10)))
        (road,) = stored(table, self.at(20))
        assert road.complaint_id in numbers(one for one, _ in lists.near(*SIMPANG_LIMA, 50))
        assert len(list(lists.near(*SIMPANG_LIMA, 50, "sampah"))) == 5


class TestMany:
    def test_they_come_in_the_order_asked_for_without_the_unknown(self, table, lists):
        made = stored(table, *(days_ago(day) for day in range(120)))
        asked = [*numbers(reversed(made)), a_number(), made[0].complaint_id]
        assert lists.many(asked) == list(reversed(made))

    def test_what_dynamodb_leaves_for_later_is_asked_for_again(self, table, lists):
        made = stored(table, *(days_ago(day) for day in range(3)))
        client = aws.dynamodb()
        rounds: list[Any] = []

        def hold_back(parsed: Any, **_: Any) -> None:
            rounds.append(parsed)
            if len(rounds) == 1:
                kept = parsed["Responses"][COMPLAINTS].pop()
                key = {name: kept[name] for name in ("pk", "sk")}
                parsed["UnprocessedKeys"] = {COMPLAINTS: {"Keys": [key]}}

        client.meta.events.register("after-call.dynamodb.BatchGetItem", hold_back)
        try:
            assert lists.many(numbers(made)) == made
        finally:
            client.meta.events.unregister("after-call.dynamodb.BatchGetItem", hold_back)
        assert len(rounds) == 2

    def test_nothing_is_asked_for_nothing(self, lists):
        with metered() as bill:
            assert lists.many([]) == []
        assert bill.calls == []


class TestDue:
    def test_what_ran_out_comes_the_longest_ago_first(self, table, lists):
        ran_out: Sequence[Complaint] = [
            a_complaint(status=Status.NEEDS_INFORMATION, clock=ANSWER, clock_at=at)
            for at in (NOW - timedelta(days=day) for day in range(9, 0, -1))
        ]
        stored(
            table,
            *ran_out,
            a_complaint(status=Status.NEEDS_INFORMATION, clock=ANSWER, clock_at=NOW),
            a_complaint(status=Status.CLOSED, clock=RETENTION, clock_at=NOW - timedelta(days=1)),
        )
        assert list(lists.due(ANSWER, NOW)) == numbers(ran_out)


def test_a_month_is_counted_in_utc_and_a_year_turns():
    start, end = datetime(2026, 11, 30, 23, tzinfo=UTC), datetime(2027, 1, 1, 1, tzinfo=UTC)
    assert [f"{one:%Y-%m}" for one in listings._months(start, end)] == [
        "2026-11",
        "2026-12",
        "2027-01",
    ]
