"""Numbers, keys and tokens: what a citizen types, and what nobody can guess."""

from itertools import islice

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from shared import ids

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

hashes = st.text(max_size=8).map(lambda key: ids.keyed_hash(b"secret", key))
prefixes = st.sampled_from(["SMG", "JTG"])
numbers = st.builds(lambda prefix, key: next(ids.complaint_numbers(prefix, key)), prefixes, hashes)


@given(numbers, st.data())
def test_a_number_is_read_however_a_person_writes_it(number, data):
    misread = {"0": "0Oo", "1": "1IiLl"}
    typed = number[:3]
    for character in number[4:]:
        typed += data.draw(st.sampled_from(["", "-", " "]))
        typed += data.draw(st.sampled_from(misread.get(character, character)))
    typed = data.draw(st.sampled_from([typed, typed.lower(), f"  {typed}\n"]))
    assert ids.read_complaint_number(typed) == number


@given(numbers, st.data())
def test_any_single_wrong_character_is_noticed(number, data):
    place = data.draw(st.integers(4, len(number) - 1))
    wrong = data.draw(st.sampled_from(ALPHABET + "U"))
    assume(wrong != number[place])
    assert ids.read_complaint_number(number[:place] + wrong + number[place + 1 :]) is None


@given(numbers, st.integers(4, 14))
def test_two_neighbours_that_changed_places_are_noticed(number, place):
    left, right = number[place], number[place + 1]
    assume(left != right)
    swapped = number[:place] + right + left + number[place + 2 :]
    assert ids.read_complaint_number(swapped) is None


@given(st.text(max_size=30))
def test_whatever_is_typed_is_a_canonical_number_or_none(text):
    read = ids.read_complaint_number(text)
    assert read is None or ids.read_complaint_number(read) == read


@pytest.mark.parametrize("text", ["", "SMG", "SMG-", "SMG-7ZK3Q9M4T0X", "7ZK3Q9M4T0XWH", "ß" * 9])
def test_a_text_of_another_form_is_no_number(text):
    assert ids.read_complaint_number(text) is None


def test_a_known_hash_keeps_its_number_for_ever():
    key_hash = ids.keyed_hash(b"secret", "semarang", "0b3f5b1c-9f0a-4a3e-8d51-0b9a6f1f2c3d")
    assert next(ids.complaint_numbers("SMG", key_hash)) == "SMG-9QYRQW3H95CDB"


@given(hashes)
def test_a_collision_moves_on_to_numbers_that_are_all_different(key_hash):
    drawn = list(islice(ids.complaint_numbers("SMG", key_hash), 12))
    assert len(set(drawn)) == len(drawn)
    assert drawn == list(islice(ids.complaint_numbers("SMG", key_hash), 12))
    assert all(ids.read_complaint_number(number) == number for number in drawn)


def test_a_number_whose_check_character_cannot_be_read_out_is_passed_over():
    for attempt in range(200):
        number = next(ids.complaint_numbers("SMG", ids.keyed_hash(b"s", str(attempt))))
        assert number.replace("-", "").isalnum()


@pytest.mark.parametrize(
    "key",
    [
        "0b3f5b1c-9f0a-4a3e-8d51-0b9a6f1f2c3d",
        "0B3F5B1C-9F0A-4A3E-8D51-0B9A6F1F2C3D",
        "0b3f5b1c9f0a4a3e8d510b9a6f1f2c3d",
        "8TQ7GJKXKDWEK_abcdef-0",
        "abcdef" * 6,  # just different enough
    ],
)
def test_a_key_of_128_random_bits_is_accepted(key):
    assert ids.is_random_key(key)


@pytest.mark.parametrize(
    "key",
    [
        "",
        "1",
        "laporan-saya",
        "00000000-0000-0000-0000-000000000000",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "12121212-1212-1212-1212-121212121212",
        "abcde" * 7,
        "0b3f5b1c-9f0a-4a3e-8d51-0b9a6f1f2c3d\n",
        "8TQ7GJKXKDWEK abcdef 0",
        "8TQ7GJKXKDWEKabcdefgh",
        "8TQ7" * 40,
    ],
)
def test_a_key_that_could_be_guessed_or_repeated_by_chance_is_refused(key):
    assert not ids.is_random_key(key)


@given(st.binary(min_size=1), st.lists(st.text(max_size=8), min_size=1), st.data())
def test_no_part_of_what_is_hashed_runs_into_the_next(secret, parts, data):
    joined = "".join(parts)
    cut = data.draw(st.integers(0, len(joined)))
    other = [joined[:cut], joined[cut:]]
    assume(other != parts)
    assert ids.keyed_hash(secret, *parts) != ids.keyed_hash(secret, *other)


@given(numbers, st.integers(0, 50), st.integers(0, 50))
def test_raising_the_epoch_revokes_a_token(number, epoch, later):
    token = ids.tracking_token(b"secret", number, epoch)
    assert len(token) == 22
    assert ids.same(token, ids.tracking_token(b"secret", number, later)) == (epoch == later)


@given(numbers, numbers)
def test_a_token_opens_one_complaint_only(number, other):
    assume(number != other)
    assert ids.tracking_token(b"secret", number, 0) != ids.tracking_token(b"secret", other, 0)


def test_a_token_cannot_be_made_without_the_secret():
    number = "SMG-8TQ7GJKXKDWEK"
    assert ids.tracking_token(b"one", number, 0) != ids.tracking_token(b"two", number, 0)


@given(st.integers(0, 50))
def test_the_token_that_stops_notices_opens_nothing_and_stops_no_others(epoch):
    number, other = "SMG-7ZK3Q9M4T0XWH", "SMG-7ZK3Q9M4T0XWJ"
    token = ids.stop_token(b"secret", number)
    assert len(token) == 22
    assert token != ids.tracking_token(b"secret", number, epoch)
    assert token != ids.stop_token(b"secret", other)
    assert token != ids.stop_token(b"another", number)


@given(st.integers(0, 2**ids.PHOTO_BITS - 1))
def test_a_photos_id_is_26_characters_for_130_bits(bits):
    written = ids.photo_id(bits)
    assert ids.is_photo_id(written)
    value = 0
    for character in written:
        value = value * 32 + ALPHABET.index(character)
    assert (len(written), value) == (26, bits)


@pytest.mark.parametrize(
    "text", ["", "0" * 25, "0" * 27, "0" * 25 + "I", "a" * 26, "0" * 26 + "\n"]
)
def test_other_texts_are_no_photos_id(text):
    assert not ids.is_photo_id(text)


def test_an_alert_is_named_by_address_and_area_and_tells_neither():
    name = ids.alert_id(b"a secret", "tutik@example.id", "area")
    assert ids.is_alert_id(name)
    assert ids.alert_id(b"a secret", "tutik@example.id", "area") == name
    other_area = ids.alert_id(b"a secret", "tutik@example.id", "other")
    assert other_area.split("-")[0] == name.split("-")[0]
    assert other_area != name
    assert ids.alert_id(b"a secret", "lain@example.id", "area").split("-")[0] != name.split("-")[0]
    assert ids.alert_id(b"another", "tutik@example.id", "area") != name


@pytest.mark.parametrize(
    "typed", ["", "A#x", "7ZK3Q9M4T0XWH7ZK3Q9M4T0XWH", "x" * 16 + "-" + "0" * 10]
)
def test_what_is_no_alerts_name_is_known_as_such(typed):
    assert not ids.is_alert_id(typed)


def test_an_alerts_tokens_do_one_thing_each():
    name = ids.alert_id(b"a secret", "tutik@example.id", "area")
    tokens = {ids.alert_token(b"a secret", name, purpose) for purpose in ("confirm", "stop")}
    assert len(tokens) == 2
    assert ids.stop_token(b"a secret", name) not in tokens
