"""How complaints lie in the table: nothing is lost, and the index keys follow from the state."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.complaints import items
from shared.complaints.law import OPEN, Status
from shared.dynamo import from_item, to_item
from tests.builders import NOW, a_complaint, an_assignment, an_entry
from tests.strategies import complaints, entries


@given(complaints())
def test_a_complaint_comes_back_from_the_table_as_it_went(complaint):
    stored = from_item(to_item(items.complaint_values(complaint)))
    assert items.complaint_from(stored) == complaint


@given(entries())
def test_a_timeline_entry_comes_back_from_the_table_as_it_went(entry):
    complaint = a_complaint()
    stored = from_item(to_item(items.entry_values(complaint, entry)))
    assert items.entry_from(stored) == entry
    assert stored["pk"] == f"C#{complaint.complaint_id}"


@given(complaints())
def test_a_whole_degree_stays_a_fraction_in_the_views(complaint):
    stored = from_item(to_item(items.complaint_values(replace(complaint, lat=-7.0, long=110.0))))
    whole = stored | {"lat": -7, "long": 110}  # as DynamoDB returns them
    read = items.complaint_from(whole)
    assert [repr(read.lat), repr(read.long)] == ["-7.0", "110.0"]


def test_what_a_later_version_adds_is_passed_over():
    complaint = a_complaint()
    stored = to_item(items.complaint_values(complaint) | {"satisfaction": 5})
    assert items.complaint_from(from_item(stored)) == complaint


def test_an_entry_is_found_by_its_action():
    entry = an_entry()
    assert items.entry_values(a_complaint(), entry)["sk"] == f"ACTION#{entry.action_id}"


def test_a_complaint_is_on_no_work_list_until_it_is_assigned():
    keys = items.index_keys(a_complaint())
    assert (keys["worklist"], keys["worklist_key"]) == (None, None)


@pytest.mark.parametrize("status", OPEN)
def test_open_work_lies_by_its_due_date(status):
    complaint = a_complaint(status=status, due_at=NOW, updated_at=NOW + timedelta(days=1))
    keys = items.index_keys(complaint)
    assert keys["worklist"] == f"semarang-dpu#{status}"
    assert keys["worklist_key"] == f"2026-11-20T05:00:00.000Z#{complaint.complaint_id}"


def test_resolved_work_lies_by_when_it_was_resolved():
    complaint = a_complaint(status=Status.RESOLVED, due_at=NOW + timedelta(days=1), updated_at=NOW)
    assert str(items.index_keys(complaint)["worklist_key"]).startswith("2026-11-20T05:00:00.000Z#")


def test_work_is_the_current_assignments():
    moved = a_complaint(
        status=Status.ASSIGNED,
        assignments=(an_assignment(1), an_assignment(2, agency="semarang-dlh")),
    )
    assert items.index_keys(moved)["worklist"] == "semarang-dlh#assigned"


def test_only_a_marked_complaint_is_in_the_index_of_the_undelivered():
    marked, delivered = a_complaint(), a_complaint(undelivered_since=None)
    assert items.index_keys(marked)["undelivered_shard"] == items.undelivered_shard(
        marked.complaint_id
    )
    assert items.index_keys(delivered)["undelivered_shard"] is None


@given(st.integers(0, 10_000))
def test_every_number_has_one_of_the_shards_that_the_sweep_reads(serial):
    shards = [f"U#{shard}" for shard in range(items.UNDELIVERED_SHARDS)]
    assert items.undelivered_shard(f"SMG-{serial}") in shards


def test_no_shard_is_left_empty():
    shards = {items.undelivered_shard(f"SMG-{serial}") for serial in range(500)}
    assert len(shards) == items.UNDELIVERED_SHARDS


def test_a_new_assignment_changes_the_mark_even_at_the_same_instant():
    assert items.undelivered_mark(NOW, 1) != items.undelivered_mark(NOW, 2)
