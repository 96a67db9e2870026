"""Whatever is altered, removed or slipped in, the verification finds it and names it."""

from collections.abc import Mapping
from copy import deepcopy
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.payment_webhooks.books.verifying import Fault, verify
from functions.payment_webhooks.entry import Line, content_hash, entry_values
from tests.journals import FARES, NOON, an_entry, in_turns, sealed, stored

HOURS = 5
#: All hours of the entries are sealed by then.
LATER = NOON + timedelta(hours=HOURS + 2)


def a_journal() -> tuple[list[dict[str, Any]], list[dict[str, Any]], dict[Any, Any]]:
    entries = stored(in_turns(20, NOON, timedelta(minutes=HOURS * 3)))
    return entries, *sealed(entries, LATER)


ENTRIES, SEALS, MANIFESTS = a_journal()


def found(entries, seals=SEALS, manifests=MANIFESTS, now=LATER, **more):
    def manifest_of(jurisdiction_id, hour):
        return manifests.get((jurisdiction_id, hour))

    return verify(entries, seals, manifest_of, now=now, **more)


def named(verified) -> set[tuple[Fault, str | None]]:
    return {(one.fault, one.entry_id) for one in verified.findings}


def test_a_journal_as_it_was_posted_and_sealed_has_no_finding():
    verified = found(ENTRIES)
    assert verified.findings == []
    assert (verified.entries, verified.sealed, verified.seals) == (20, 20, len(SEALS))
    assert verified.sums == {"semarang": 0}


def test_an_empty_journal_has_none_either():
    assert found([], [], {}).findings == []


def altered(entry: Mapping[str, Any], name: str) -> dict[str, Any]:
    spoilt = deepcopy(dict(entry))
    match name:
        case "lines":
            spoilt["lines"][0]["amount"] += 1
            spoilt["lines"][-1]["amount"] -= 1
        case "site":
            spoilt.pop("site")
        case "note":
            spoilt["note"] = "added"
        case _:
            spoilt[name] = f"{spoilt[name]}x"
    return spoilt


ATTRIBUTES = [
    name
    for name in ENTRIES[0]
    if name not in {"pk", "sk", "posted_shard", "posted_key", "hash", "jurisdiction_id"}
]


@given(
    place=st.integers(0, len(ENTRIES) - 1),
    name=st.sampled_from([*ATTRIBUTES, "note", "jurisdiction_id"]),
    covers_up=st.booleans(),
)
def test_any_alteration_of_any_entry_is_named(place, name, covers_up):
    entries = list(ENTRIES)
    entries[place] = altered(ENTRIES[place], name)
    if covers_up:
        entries[place]["hash"] = content_hash(entries[place])
    findings = found(entries).findings
    assert {one.entry_id for one in findings} == {ENTRIES[place]["entry_id"]}
    assert {one.fault for one in findings} <= {Fault.ALTERED, Fault.MISPLACED}


@given(st.sets(st.integers(0, len(ENTRIES) - 1), min_size=1))
def test_any_entries_that_are_removed_are_named(places):
    entries = [one for place, one in enumerate(ENTRIES) if place not in places]
    assert named(found(entries)) == {
        (Fault.MISSING, ENTRIES[place]["entry_id"]) for place in places
    }


@given(
    minutes=st.integers(-300, HOURS * 60 + 59),
    amount=st.integers(1, 10**9),
    transaction=st.text("abcdef0123456789", min_size=1, max_size=12),
)
def test_any_entry_slipped_into_a_sealed_hour_is_named(minutes, amount, transaction):
    lines = (Line("bank", amount), Line(FARES, -amount))
    at = NOON + timedelta(minutes=minutes)
    more = entry_values(an_entry(f"x-{transaction}", lines=lines, occurred_at=at, posted_at=at))
    assert named(found([*ENTRIES, more])) == {(Fault.INSERTED, more["entry_id"])}


@given(st.integers(0, len(ENTRIES) - 1), st.sampled_from(["posted_shard", "posted_key", "pk"]))
def test_an_entry_put_where_the_sealer_does_not_look_is_named(place, key):
    entries = deepcopy(ENTRIES)
    entries[place][key] = "J#semarang#2020-01-01#0" if key == "pk" else "elsewhere"
    assert named(found(entries)) == {(Fault.MISPLACED, ENTRIES[place]["entry_id"])}


def test_a_copy_under_another_day_is_named_and_the_right_one_is_not_missing():
    copy = deepcopy(ENTRIES[3]) | {"pk": "J#semarang#2020-01-01#0"}
    verified = found([copy, *ENTRIES])
    assert named(verified) == {(Fault.MISPLACED, ENTRIES[3]["entry_id"])}
    assert verified.sealed == 20


def test_lines_that_do_not_balance_are_named_and_so_is_the_sum_of_all():
    spoilt = deepcopy(ENTRIES[0])
    spoilt["lines"][0]["amount"] += 7
    spoilt["hash"] = content_hash(spoilt)
    faults = named(found([spoilt, *ENTRIES[1:]]))
    assert faults == {(Fault.UNBALANCED, spoilt["entry_id"]), (Fault.SUM, None)}


@pytest.mark.parametrize("lines", [None, "x", [], [1, 2], [{"amount": "1"}]])
def test_an_entry_whose_lines_cannot_be_read_is_named(lines):
    spoilt = ENTRIES[0] | {"lines": lines}
    assert (Fault.ALTERED, spoilt["entry_id"]) in named(found([spoilt, *ENTRIES[1:]]))


def test_an_entry_without_a_hash_is_named():
    spoilt = {name: value for name, value in ENTRIES[0].items() if name != "hash"}
    assert named(found([spoilt, *ENTRIES[1:]])) == {(Fault.ALTERED, ENTRIES[0]["sk"])}


@pytest.mark.parametrize("gone", ["entry_id", "day", "posted_at", "jurisdiction_id"])
def test_an_entry_that_lacks_an_attribute_is_named(gone):
    spoilt = {name: value for name, value in ENTRIES[0].items() if name != gone}
    assert (Fault.ALTERED, ENTRIES[0]["sk"]) in named(found([spoilt, *ENTRIES[1:]]))
    spoilt["hash"] = content_hash(spoilt)
    assert ENTRIES[0]["sk"] in {one.entry_id for one in found([spoilt, *ENTRIES[1:]]).findings}


def test_what_has_no_keys_like_ours_is_named():
    stray = {"pk": "J", "sk": "stray"}
    assert "stray" in {one.entry_id for one in found([stray, *ENTRIES]).findings}


def test_an_old_entry_without_a_seal_is_named_and_a_young_one_is_not():
    entries = stored([an_entry()])
    assert found(entries, [], {}, now=NOON + timedelta(hours=3)).findings == []
    old = found(entries, [], {}, now=NOON + timedelta(hours=4))
    assert named(old) == {(Fault.UNSEALED, entries[0]["entry_id"])}


@given(st.integers(0, len(SEALS) - 1), st.sampled_from(["root", "entries", "previous", "chain"]))
def test_an_altered_seal_is_found(place, name):
    seals = deepcopy(SEALS)
    seals[place][name] = 7 if name == "entries" else "ab" * 32
    verified = found(ENTRIES, seals)
    assert (Fault.CHAIN, SEALS[place]["hour"]) in {
        (one.fault, one.hour) for one in verified.findings
    }


@pytest.mark.parametrize("gone", ["root", "hour"])
def test_a_seal_that_cannot_be_read_is_found(gone):
    seals = deepcopy(SEALS)
    del seals[1][gone]
    assert Fault.CHAIN in {one.fault for one in found(ENTRIES, seals).findings}


def test_a_seal_taken_out_is_found():
    verified = found(ENTRIES, [*SEALS[:2], *SEALS[3:]])
    assert (Fault.GAP, SEALS[3]["hour"]) in {(one.fault, one.hour) for one in verified.findings}
    assert (Fault.CHAIN, SEALS[3]["hour"]) in {(one.fault, one.hour) for one in verified.findings}


def test_seals_taken_off_the_end_are_found_by_what_was_published():
    assert {one.fault for one in found(ENTRIES, SEALS[:-1], published=SEALS).findings} == {
        Fault.PUBLISHED
    }


def test_a_journal_sealed_anew_throughout_is_found_by_what_was_published():
    entries = deepcopy(ENTRIES)
    entries[0] = entry_values(an_entry("t-0", product="other", posted_at=NOON))
    seals, manifests = sealed(entries, LATER)
    assert found(entries, seals, manifests).findings == []
    hours = {one.hour for one in found(entries, seals, manifests, published=SEALS).findings}
    assert hours == {seal["hour"] for seal in SEALS}
    of_others = [seal | {"jurisdiction_id": "jateng"} for seal in SEALS]
    findings = found(entries, seals, manifests, published=of_others).findings
    assert {one.jurisdiction_id for one in findings} == {"jateng"}


@pytest.mark.parametrize(
    "spoilt", [None, "x", {"leaves": 1}, {"leaves": [["one"]]}, {"leaves": ["x"]}]
)
def test_a_manifest_that_is_gone_or_no_manifest_is_found_and_accuses_no_entry(spoilt):
    hour = SEALS[1]["hour"]
    verified = found(ENTRIES, manifests=MANIFESTS | {("semarang", hour): spoilt})
    assert [(one.fault, one.entry_id, one.hour) for one in verified.findings] == [
        (Fault.MANIFEST, None, hour)
    ]


def test_an_altered_manifest_is_found_by_the_root():
    key = ("semarang", SEALS[0]["hour"])
    spoilt = deepcopy(MANIFESTS[key])
    removed = spoilt["leaves"].pop()
    faults = named(found(ENTRIES, manifests=MANIFESTS | {key: spoilt}))
    assert faults == {(Fault.MANIFEST, None), (Fault.INSERTED, removed[0])}


def test_a_seal_without_its_key_is_of_the_jurisdiction_that_it_says():
    seals = [{name: value for name, value in one.items() if name != "pk"} for one in SEALS]
    assert found(ENTRIES, seals).findings == []
