"""Each row of the store's table of access patterns, on DynamoDB and on the in-memory twin."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError

from shared import aws
from shared.clock import to_text
from shared.complaints import items
from shared.complaints.acting import ActionRepeated, StaleVersion
from shared.complaints.deliveries import Deliveries
from shared.complaints.law import OPEN, Action, Status
from shared.complaints.record import Complaint
from shared.complaints.store import ComplaintStore
from shared.dynamo import from_item
from shared.errors import Busy
from tests import aws_double
from tests.aws_double import COMPLAINTS, REPORTERS, answering
from tests.builders import NOW, a_complaint, a_number, an_assignment, an_entry, assign
from tests.twins import ComplaintStoreTwin

Store = ComplaintStore | ComplaintStoreTwin


def stored(store: Store, *complaints: Complaint) -> Complaint:
    for complaint in complaints:
        assert store.submit(complaint) is None
    return complaints[0]


def on_time(days: int, **changes: Any) -> Complaint:
    """Return an assigned complaint that is due in so many days."""
    return a_complaint(
        **{"status": Status.ASSIGNED, "due_at": NOW + timedelta(days=days), **changes}
    )


class TestSubmit:
    def test_a_new_number_is_stored(self, store):
        complaint = a_complaint(lat=-6.99, long=110.42)
        assert store.submit(complaint) is None
        assert store.get(complaint.complaint_id) == complaint

    def test_a_number_that_is_taken_returns_what_holds_it(self, store):
        first = stored(store, a_complaint())
        second = a_complaint(complaint_id=first.complaint_id, description="Lain")
        assert store.submit(second) == first
        assert store.get(first.complaint_id) == first

    def test_with_contact_data_both_are_stored_or_neither(self, store):
        first = stored(store, a_complaint())
        reporter = (REPORTERS, {"name": "Bu Tutik"})
        again = a_complaint(complaint_id=first.complaint_id)
        assert store.submit(again, reporter=reporter) == first
        if isinstance(store, ComplaintStoreTwin):
            assert store.reporters == {}
        else:
            assert aws_double.items(REPORTERS) == []

    def test_a_complaint_that_is_not_there_is_none(self, store):
        assert store.get(a_number()) is None
        assert store.action(a_number(), an_entry().action_id) is None
        assert store.with_timeline(a_number()) is None


class TestTimeline:
    def test_it_is_read_with_the_complaint_oldest_first(self, store):
        before = stored(store, a_complaint(status=Status.ASSIGNED))
        entries = []
        for version in range(3, 8):
            after = replace(before, version=version)
            entries.append(an_entry(version=version, public_note=f"{version}"))
            store.record_action(before, after, entries[-1])
            before = after
        assert store.with_timeline(before.complaint_id, consistent=True) == (before, entries)

    def test_an_entry_without_a_record_is_no_complaint(self, store):
        missing = a_complaint(status=Status.ASSIGNED)
        with pytest.raises(StaleVersion):
            store.record_action(missing, replace(missing, version=3), an_entry())
        assert store.with_timeline(missing.complaint_id) is None


class TestFirstDecision:
    def test_it_is_recorded_once(self, store):
        complaint = stored(store, a_complaint(service_code=None))
        first, second = an_assignment(), an_assignment(agency="semarang-dlh")
        decided = assign(store, complaint, first, service_code="jalan-rusak")
        assert decided == store.get(complaint.complaint_id)
        assert decided.assignments == (first,)
        assert (decided.version, decided.status, decided.service_code) == (
            2,
            Status.ASSIGNED,
            "jalan-rusak",
        )
        assert assign(store, complaint, second, service_code="sampah") == decided

    def test_what_it_settles_is_kept(self, store):
        complaint = stored(store, a_complaint(visibility="private"))
        settled = {"visibility": "public", "vehicle_known": True, "vehicle_partner": "armada"}
        decided = assign(store, complaint, settled=settled, public=True)
        assert decided == store.get(complaint.complaint_id)
        assert {name: getattr(decided, name) for name in settled} == settled

    def test_another_is_recorded_when_the_complaint_is_received_again(self, store):
        complaint = stored(store, a_complaint())
        first = assign(store, complaint)
        again = replace(first, status=Status.RECEIVED, version=3)
        store.change(first, again)
        decided = assign(store, again, an_assignment(2, "semarang-dlh"))
        assert [one.agency for one in decided.assignments] == ["semarang-dpu", "semarang-dlh"]
        assert (decided.version, decided.status) == (4, Status.ASSIGNED)

    def test_a_withdrawn_complaint_is_not_decided(self, store):
        complaint = stored(store, a_complaint())
        withdrawn = replace(complaint, status=Status.WITHDRAWN, version=2)
        store.change(complaint, withdrawn)
        assert assign(store, complaint) == store.get(complaint.complaint_id) == withdrawn

    def test_it_may_be_made_without_a_category(self, store):
        complaint = stored(store, a_complaint(service_code=None))
        assert assign(store, complaint).service_code is None

    def test_it_makes_no_complaint_where_there_is_none(self, store):
        missing = a_complaint()
        assert assign(store, missing) is None
        assert store.get(missing.complaint_id) is None

    def test_it_keeps_the_mark_until_it_is_delivered(self, store):
        complaint = stored(store, a_complaint())
        assign(store, complaint)
        assert store.get(complaint.complaint_id).undelivered_since == complaint.undelivered_since
        store.delivered(complaint.complaint_id, complaint.undelivered_since)
        assert store.get(complaint.complaint_id).undelivered_since is None

    def test_it_says_when_its_assignment_was_queued(self, store):
        complaint = stored(store, a_complaint())
        assign(store, complaint)
        queued = (1, NOW + timedelta(seconds=2))
        store.delivered(complaint.complaint_id, complaint.undelivered_since, queued=queued)
        store.delivered(complaint.complaint_id, "another mark", queued=(1, NOW))
        after = store.get(complaint.complaint_id)
        assert after.assignments == (an_assignment(queued_at=queued[1]),)

    def test_an_older_assignments_delivery_leaves_the_mark(self, store):
        moved = (an_assignment(1), an_assignment(2, "semarang-dlh"))
        mark = items.undelivered_mark(NOW, 2)
        complaint = stored(
            store, a_complaint(status=Status.ASSIGNED, assignments=moved, undelivered_since=mark)
        )
        store.delivered(complaint.complaint_id, items.undelivered_mark(NOW, 1))
        assert store.get(complaint.complaint_id) == complaint


class TestAction:
    def test_change_and_entry_are_written_together(self, store):
        before = stored(store, a_complaint(status=Status.ASSIGNED))
        after = replace(before, status=Status.ACCEPTED, version=3, updated_at=NOW)
        entry = an_entry(internal_note="Tim A")
        store.record_action(before, after, entry)
        assert store.get(before.complaint_id) == after
        assert store.action(before.complaint_id, entry.action_id) == entry

    def test_one_that_is_recorded_already_is_told_from_a_stale_version(self, store):
        before = stored(store, a_complaint(status=Status.ASSIGNED))
        after, entry = replace(before, version=3), an_entry()
        store.record_action(before, after, entry)
        with pytest.raises(ActionRepeated):
            store.record_action(after, replace(after, version=4), entry)
        with pytest.raises(ActionRepeated):
            store.record_action(before, after, entry)
        with pytest.raises(StaleVersion):
            store.record_action(before, after, an_entry())
        found = store.with_timeline(before.complaint_id, consistent=True)
        assert found == (after, [entry])

    def test_a_move_marks_the_complaint_and_a_resolution_takes_it_off_the_open_list(self, store):
        before = stored(store, a_complaint(status=Status.ACCEPTED))
        moved = replace(
            before,
            status=Status.RETURNED,
            version=3,
            assignments=(*before.assignments, an_assignment(2, "semarang-diskominfo")),
            undelivered_since=items.undelivered_mark(NOW, 2),
        )
        store.record_action(before, moved, an_entry(action=Action.RETURN))
        assert store.work("semarang-dpu", OPEN, limit=9)[0] == []
        assert store.work("semarang-diskominfo", OPEN, limit=9)[0] == [moved]
        shards = range(items.UNDELIVERED_SHARDS)
        later = NOW + timedelta(hours=1)
        found = [number for shard in shards for number in store.undelivered(shard, later)]
        assert found == [before.complaint_id]
        resolved = replace(moved, status=Status.RESOLVED, version=4)
        store.record_action(moved, resolved, an_entry(action=Action.RESOLVE))
        assert store.work("semarang-diskominfo", OPEN, limit=9)[0] == []
        assert store.work("semarang-diskominfo", [Status.RESOLVED], limit=9)[0] == [resolved]


class TestWorkList:
    def test_it_is_by_due_date_over_all_statuses(self, store):
        work = [on_time(days, status=OPEN[days % len(OPEN)]) for days in (5, 3, 1, 4, 2)]
        stored(store, *work, on_time(0, agency="semarang-dlh"), on_time(0, status=Status.RESOLVED))
        found, place = store.work("semarang-dpu", OPEN, limit=9)
        assert [one.due_at for one in found] == sorted(one.due_at for one in work)
        assert place is None

    @pytest.mark.parametrize("limit", [1, 2, 3, 7, 8])
    def test_pages_hold_all_of_it_once_and_in_order(self, store, limit):
        work = [on_time(days // 2, status=OPEN[days % 3]) for days in range(7)]
        stored(store, *work)
        pages, place = [], ""
        while place is not None:
            page, place = store.work("semarang-dpu", OPEN, after=place, limit=limit)
            pages.append([one.complaint_id for one in page])
        keys = sorted((to_text(one.due_at), one.complaint_id) for one in work)
        assert [number for page in pages for number in page] == [number for _, number in keys]
        assert all(len(page) == limit for page in pages[:-1])
        assert 0 < len(pages[-1]) <= limit

    def test_an_agency_without_work_has_an_empty_list(self, store):
        assert store.work("semarang-dpu", OPEN, limit=5) == ([], None)


class TestUndelivered:
    def test_the_oldest_marks_of_a_shard_come_first(self, store):
        waiting = [
            a_complaint(undelivered_since=items.undelivered_mark(NOW + timedelta(minutes=n), 0))
            for n in range(40)
        ]
        stored(store, *waiting)
        before = NOW + timedelta(minutes=30)
        for shard in range(items.UNDELIVERED_SHARDS):
            old = [
                one.complaint_id
                for one in waiting[:30]
                if items.undelivered_shard(one.complaint_id) == f"U#{shard}"
            ]
            assert list(store.undelivered(shard, before)) == old

    def test_what_is_delivered_is_not_among_them(self, store):
        stored(store, a_complaint(status=Status.ASSIGNED))
        shards = range(items.UNDELIVERED_SHARDS)
        for shard in shards:
            assert not list(store.undelivered(shard, NOW + timedelta(days=1)))


@pytest.fixture
def table(aws_double: None) -> ComplaintStore:
    """The store on DynamoDB alone, for what the twin does not have."""
    return ComplaintStore(COMPLAINTS)


def test_the_index_attributes_follow_the_state_through_every_write(table):
    complaint = stored(table, a_complaint())
    decided = assign(table, complaint)
    table.delivered(complaint.complaint_id, complaint.undelivered_since)
    after = table.get(complaint.complaint_id)
    moved = replace(
        after,
        status=Status.RETURNED,
        version=3,
        assignments=(*after.assignments, an_assignment(2, "semarang-diskominfo")),
        undelivered_since=items.undelivered_mark(NOW, 2),
    )
    for before, then in ((None, decided), (after, moved), (moved, replace(moved, version=4))):
        if before is not None:
            table.record_action(before, then, an_entry())
            (item,) = [one for one in aws_double.items(COMPLAINTS) if one["sk"]["S"] == "RECORD"]
            wanted = items.complaint_values(then)
            assert from_item(item) == {k: v for k, v in wanted.items() if v is not None}


def test_a_query_goes_on_through_all_its_pages(table):
    complaint = stored(table, a_complaint(status=Status.ASSIGNED, description="a" * 4000))
    before = complaint
    for version in range(3, 9):
        after = replace(before, version=version)
        table.record_action(before, after, an_entry(version=version, public_note="b" * 3000))
        before = after
    with limited_pages(2) as pages:
        _, timeline = table.with_timeline(complaint.complaint_id)
    assert len(timeline) == 6
    assert len(pages) == 4


@contextmanager
def limited_pages(most: int) -> Iterator[list[Any]]:
    """Let each query return at most so many items, as 1 MB would with large ones."""
    queries: list[Any] = []

    def limit(params: Any, **_: Any) -> Any:
        queries.append(params)
        return params | {"Limit": most}

    with answering(aws.dynamodb(), "provide-client-params.dynamodb.Query", limit):
        yield queries


def test_a_page_of_work_may_come_in_several_pieces(table):
    work = [on_time(days) for days in range(5)]
    stored(table, *work)
    with limited_pages(2):
        found, place = table.work("semarang-dpu", [Status.ASSIGNED], limit=4)
    assert list(found) == work[:4]
    assert place is not None


@contextmanager
def refusing(operation: str, *answers: dict[str, Any]) -> Iterator[list[None]]:
    """Let DynamoDB refuse an operation with one answer a call; then let it through."""
    left = list(answers)
    calls: list[None] = []

    def answer(**_: Any) -> Any:
        calls.append(None)
        return (SimpleNamespace(status_code=400), left.pop(0)) if left else None

    with answering(aws.dynamodb(), f"before-call.dynamodb.{operation}", answer):
        yield calls


def cancelled(*codes: str) -> dict[str, Any]:
    return {
        "Error": {"Code": "TransactionCanceledException", "Message": "cancelled"},
        "CancellationReasons": [{"Code": code} for code in codes],
    }


FAILED = {"Error": {"Code": "InternalServerError", "Message": "sorry"}}
CONFLICT = cancelled("None", "TransactionConflict")


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that the store would have waited."""
    waited: list[float] = []
    monkeypatch.setattr("shared.writes.time.sleep", waited.append)
    return waited


REPORTER = (REPORTERS, {"name": "Bu Tutik"})


@pytest.mark.parametrize("conflicts", [1, 2, 3])
def test_a_transaction_in_conflict_waits_a_little_longer_each_time(table, waits, conflicts):
    complaint = a_complaint()
    with refusing("TransactWriteItems", *[CONFLICT] * conflicts) as calls:
        assert table.submit(complaint, reporter=REPORTER) is None
    assert len(calls) == conflicts + 1
    assert waits == [0.05, 0.2, 0.5][:conflicts]
    assert table.get(complaint.complaint_id) == complaint


def test_a_conflict_that_does_not_end_is_told_as_busy(table, waits):
    complaint = a_complaint()
    with refusing("TransactWriteItems", *[CONFLICT] * 9), pytest.raises(Busy) as caught:
        table.submit(complaint, reporter=REPORTER)
    assert caught.value.status == 503
    assert caught.value.headers == {"Retry-After": "1"}
    assert sum(waits) < 1
    assert table.get(complaint.complaint_id) is None


def test_an_action_in_conflict_is_tried_again_too(table, waits):
    before = stored(table, a_complaint(status=Status.ASSIGNED))
    with refusing("TransactWriteItems", cancelled("TransactionConflict", "None")):
        table.record_action(before, replace(before, version=3), an_entry())
    assert table.get(before.complaint_id).version == 3


def test_a_repeat_met_while_in_conflict_is_found_after_it(table, waits):
    first = stored(table, a_complaint())
    with refusing("TransactWriteItems", cancelled("ConditionalCheckFailed", "TransactionConflict")):
        assert table.submit(first, reporter=REPORTER) == first
    assert len(waits) == 1


@pytest.mark.parametrize("code", ["ThrottlingException", "TransactionConflictException"])
def test_a_table_out_of_breath_is_told_as_busy(table, waits, code):
    with refusing("PutItem", *[{"Error": {"Code": code}}] * 9), pytest.raises(Busy):
        table.submit(a_complaint())
    with (
        refusing("TransactWriteItems", *[cancelled("None", "ThrottlingError")] * 9),
        pytest.raises(Busy),
    ):
        table.submit(a_complaint(), reporter=REPORTER)
    assert waits == [0.05, 0.2, 0.5] * 2


def test_a_refusal_that_names_no_complaint_is_an_error_and_not_a_success(table):
    refusal = {"Error": {"Code": "ConditionalCheckFailedException"}}
    with refusing("PutItem", refusal), pytest.raises(ClientError):
        table.submit(a_complaint())


def test_what_dynamodb_does_not_take_is_left_to_fail(table):
    complaint = stored(table, a_complaint(status=Status.ASSIGNED))
    number = complaint.complaint_id
    invalid = cancelled("None", "ValidationError")
    with refusing("PutItem", FAILED), pytest.raises(ClientError):
        table.submit(a_complaint())
    with refusing("TransactWriteItems", invalid), pytest.raises(ClientError):
        table.submit(a_complaint(), reporter=REPORTER)
    with refusing("TransactWriteItems", invalid), pytest.raises(ClientError):
        table.record_action(complaint, replace(complaint, version=3), an_entry())
    with refusing("UpdateItem", FAILED), pytest.raises(ClientError):
        assign(table, replace(complaint, status=Status.RECEIVED))
    with refusing("UpdateItem", FAILED), pytest.raises(ClientError):
        table.change(complaint, replace(complaint, version=3))
    with refusing("UpdateItem", FAILED), pytest.raises(ClientError):
        table.delivered(number, items.undelivered_mark(NOW, 1))
    assert table.get(number) == complaint


class TestWhatIsKnownOfADelivery:
    def test_what_a_program_took_is_known_from_the_first_time(self, table):
        number = stored(table, a_complaint(status=Status.ASSIGNED)).complaint_id
        Deliveries(COMPLAINTS).received(number, 1, "semarang-dpu", NOW)
        Deliveries(COMPLAINTS).received(number, 1, "semarang-dpu", NOW + timedelta(hours=1))
        assert table.get(number).assignments == (an_assignment(received_at=NOW),)

    @pytest.mark.parametrize(("no", "agency"), [(2, "semarang-dpu"), (1, "semarang-dlh")])
    def test_nothing_is_known_of_what_is_not_the_agencys(self, table, no, agency):
        complaint = stored(table, a_complaint(status=Status.ASSIGNED))
        Deliveries(COMPLAINTS).received(complaint.complaint_id, no, agency, NOW)
        assert table.get(complaint.complaint_id) == complaint

    def test_nothing_is_known_of_a_complaint_that_is_not_there(self, table):
        missing = a_number()
        Deliveries(COMPLAINTS).received(missing, 1, "semarang-dpu", NOW)
        assert table.get(missing) is None

    def test_an_action_leaves_what_was_learned_of_the_delivery_meanwhile(self, table):
        mark = items.undelivered_mark(NOW, 2)
        before = stored(table, a_complaint(status=Status.ASSIGNED, undelivered_since=mark))
        known = an_assignment(acknowledged_at=NOW)
        after = replace(
            before, version=3, assignments=(known, an_assignment(no=2, agency="semarang-dlh"))
        )
        table.delivered(before.complaint_id, mark, queued=(1, NOW))
        Deliveries(COMPLAINTS).received(before.complaint_id, 1, "semarang-dpu", NOW)
        table.record_action(before, after, an_entry())
        first, second = table.get(before.complaint_id).assignments
        assert first == replace(known, queued_at=NOW, received_at=NOW)
        assert second == after.assignments[1]

    def test_only_what_is_stuck_is_listed_as_such(self, table):
        stuck = a_complaint(
            status=Status.ASSIGNED, assignments=(an_assignment(resends=3, stuck_at=NOW),)
        )
        stored(table, stuck, a_complaint(status=Status.ASSIGNED))
        listed = Deliveries(COMPLAINTS).stuck
        assert listed("semarang", limit=9) == ([stuck], None)
        assert listed("jateng", limit=9) == ([], None)
        assert Deliveries(COMPLAINTS).count_stuck("semarang") == 1
        acknowledged = replace(
            stuck, version=3, assignments=(replace(stuck.assignments[0], acknowledged_at=NOW),)
        )
        table.record_action(stuck, acknowledged, an_entry())
        assert listed("semarang", limit=9) == ([], None)
        assert Deliveries(COMPLAINTS).count_stuck("semarang") == 0

    def test_what_is_stuck_is_listed_page_after_page(self, table):
        stuck = [
            a_complaint(
                status=Status.ASSIGNED,
                assignments=(an_assignment(stuck_at=NOW + timedelta(hours=n // 2)),),
            )
            for n in range(5)
        ]
        stored(table, *stuck)
        found: list[list[str]] = []
        place: str | None = ""
        while place is not None:
            page, place = Deliveries(COMPLAINTS).stuck("semarang", after=place, limit=2)
            found.append([one.complaint_id for one in page])
        assert [len(page) for page in found] == [2, 2, 1]
        assert {one for page in found for one in page} == {one.complaint_id for one in stuck}
