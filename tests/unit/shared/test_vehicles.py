"""Vehicles' codes: as they are compared, and the made-up ones that show when they are mistyped."""

from hypothesis import assume, given
from hypothesis import strategies as st

from shared import vehicles

PREFIXES = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=1, max_size=8)
BODIES = st.text(vehicles.clear_characters(), min_size=5, max_size=5)
ANY = st.sampled_from("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")


def test_codes_are_compared_in_capitals():
    assert vehicles.canonical(" gjk-4821 ") == "GJK-4821"
    assert vehicles.key("gjk-4821") == {"pk": "V#GJK-4821", "sk": "VEHICLE"}
    assert vehicles.listing_key("gojek", "gjk-4821") == {"pk": "FLEET#gojek", "sk": "V#GJK-4821"}


def test_a_code_is_found_however_a_person_types_it():
    for typed in (
        "gjk 4821",
        "GJK\u20134821",
        "\uff27\uff2a\uff2b - 4821",
        ".GJK_4821.",
        "GJK-4821",
    ):
        assert vehicles.as_typed(typed) == "GJK-4821"
    assert vehicles.as_typed("h 1234 ab") == "H-1234-AB"
    assert vehicles.as_typed(" \u2026 ") == ""


@given(st.text("ABZ019-", min_size=1, max_size=32))
def test_a_code_that_a_partner_may_have_is_typed_as_it_stands(code):
    assert vehicles.as_typed(code) == code == vehicles.as_typed(code.lower())


@given(st.text())
def test_whatever_is_typed_becomes_a_code_or_nothing_or_is_too_long(text):
    code = vehicles.as_typed(text)
    assert not code or len(code) > 32 or vehicles.CODE.fullmatch(code)
    assert vehicles.as_typed(code) == code


def test_a_partners_id_is_one_short_word_with_dashes():
    assert all(map(vehicles.is_partner, ("gojek", "blue-bird", "a1", "a" * 32)))
    assert not any(map(vehicles.is_partner, ("", "Gojek", "a b", "-a", "a-", "a#b", "a" * 33)))


@given(PREFIXES, BODIES)
def test_a_made_up_code_is_sound_and_has_no_character_that_reads_as_another(prefix, body):
    code = vehicles.checked(prefix, body)
    assume(code)
    assert code is not None
    assert code.startswith(f"{prefix}-{body}")
    assert vehicles.is_sound(code)
    assert vehicles.CODE.fullmatch(code)
    assert not set(code.split("-")[1]) & set("01ILOU")


@given(PREFIXES, BODIES, st.data())
def test_one_wrong_character_or_two_that_changed_places_always_show(prefix, body, data):
    code = vehicles.checked(prefix, body)
    assume(code)
    assert code is not None
    characters = list(code.replace("-", ""))
    at = data.draw(st.integers(0, len(characters) - 1))
    other = data.draw(st.integers(0, len(characters) - 1))
    wrong = [*characters]
    wrong[at] = data.draw(ANY)
    turned = [*characters]
    turned[at], turned[other] = turned[other], turned[at]
    for typed in (wrong, turned):
        assert vehicles.is_sound("".join(typed)) == (typed == characters)


def test_some_bodies_have_no_clear_check():
    bodies = ["".join((a, b, "222")) for a in "2345" for b in vehicles.clear_characters()]
    checks = [vehicles.checked("GJK", body) for body in bodies]
    assert None in checks
    assert any(checks)


def test_a_code_that_was_made_up_by_hand_is_hardly_ever_sound():
    assert not vehicles.is_sound("GJK-4821")
