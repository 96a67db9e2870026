import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.payment_webhooks.books.merkle import NO_SEAL, chained, root

HASHES = st.lists(st.binary(min_size=32, max_size=32).map(bytes.hex), max_size=40)
SEAL = {
    "jurisdiction_id": "semarang",
    "hour": "2026-11-20T05",
    "entries": 2,
    "root": "ab" * 32,
    "previous": NO_SEAL,
}


def as_rfc_6962_says(hashes: list[str]) -> bytes:
    if not hashes:
        return hashlib.sha256(b"").digest()
    if len(hashes) == 1:
        return hashlib.sha256(b"\x00" + hashes[0].encode()).digest()
    split = 1
    while split * 2 < len(hashes):
        split *= 2
    left, right = as_rfc_6962_says(hashes[:split]), as_rfc_6962_says(hashes[split:])
    return hashlib.sha256(b"\x01" + left + right).digest()


@given(HASHES)
def test_the_tree_is_that_of_rfc_6962(hashes):
    assert root(hashes) == as_rfc_6962_says(hashes).hex()


@given(HASHES.filter(bool), st.data())
def test_any_other_list_of_hashes_has_another_root(hashes, data):
    place = data.draw(st.integers(0, len(hashes) - 1))
    change = data.draw(st.sampled_from(["drop", "repeat", "spoil"]))
    other = list(hashes)
    match change:
        case "drop":
            del other[place]
        case "repeat":
            other.insert(place, other[place])
        case _:
            other[place] = "00" * 32
    assert (root(other) == root(hashes)) == (other == hashes)


@pytest.mark.parametrize("name", SEAL)
def test_a_chain_covers_whose_and_which_hour_how_many_entries_their_root_and_the_seal_before(name):
    altered = SEAL | {name: 3 if name == "entries" else "x"}
    assert chained(altered) != chained(SEAL)


def test_when_it_was_sealed_is_not_covered_so_that_two_sealers_agree():
    assert chained(SEAL | {"sealed_at": "now"}) == chained(SEAL)
