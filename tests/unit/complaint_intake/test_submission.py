"""What a citizen submits: each field, its limits, how texts are cleaned, and what is refused."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.complaint_intake.submission import Submission
from shared.cleaning import cleaned
from shared.errors import InvalidInput
from shared.http import Request
from tests.builders import a_contact, a_submission
from tests.strategies import json_values


def parsed(body: Any) -> Submission:
    text = body if isinstance(body, str) else json.dumps(body)
    return Request({"body": text}).parse(Submission)


def refused(**changes: Any) -> list[tuple[str, str]]:
    with pytest.raises(InvalidInput) as caught:
        parsed(a_submission(**changes))
    return [(fault.field, fault.code) for fault in caught.value.faults]


def refused_contact(**changes: Any) -> list[tuple[str, str]]:
    return refused(contact=a_contact(**changes))


def test_a_submission_needs_a_jurisdiction_and_a_description_and_no_more():
    submission = parsed({"jurisdiction_id": "semarang", "description": "Lampu mati"})
    assert submission.kind == "complaint"
    assert not submission.anonymous
    assert submission.contact is None
    assert submission.visibility is None


@pytest.mark.parametrize("field", ["jurisdiction_id", "description"])
def test_what_is_needed_is_asked_for(field):
    body = a_submission()
    del body[field]
    with pytest.raises(InvalidInput) as caught:
        parsed(body)
    assert [(fault.field, fault.code) for fault in caught.value.faults] == [(field, "missing")]


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("  Lampu mati \n", "Lampu mati"),
        ("Lampu\r\nmati", "Lampu\nmati"),
        ("Lampu\x00 \x07mati\x1b[31m", "Lampu mati[31m"),
        ("Lampu\u202emati\ufeff", "Lampumati"),
        ("Lampu\tmati", "Lampu\tmati"),
        ("cafe\u0301", "café"),
        ("cafe\u200b\u0301", "café"),
        ("Lampu 💡 mati", "Lampu 💡 mati"),
    ],
)
def test_a_text_is_composed_trimmed_and_freed_of_what_nobody_sees(text, clean):
    assert parsed(a_submission(description=text)).description == clean


@given(st.text())
def test_a_cleaned_text_is_clean(text):
    assert cleaned(cleaned(text)) == cleaned(text)


@pytest.mark.parametrize("empty", ["", "   ", "\u200b", "\x00\x00"])
def test_a_description_of_nothing_is_refused(empty):
    assert refused(description=empty) == [("description", "string_too_short")]


@pytest.mark.parametrize(
    ("field", "longest"),
    [("description", 4000), ("address_string", 300), ("vehicle_code", 32)],
)
def test_a_text_may_be_so_long_and_no_longer(field, longest):
    assert getattr(parsed(a_submission(**{field: "7" * longest})), field) == "7" * longest
    assert refused(**{field: "a" * (longest + 1)}) == [(field, "string_too_long")]


@pytest.mark.parametrize(("field", "longest"), [("name", 100), ("email", 254), ("phone", 30)])
def test_contact_data_may_be_so_long_and_no_longer(field, longest):
    assert refused_contact(**{field: "a" * (longest + 1)}) == [
        (f"contact.{field}", "string_too_long")
    ]


def test_there_may_be_twenty_attributes():
    answers = {f"pertanyaan_{number}": "ya" for number in range(20)}
    assert parsed(a_submission(attributes=answers)).attributes == answers
    assert refused(attributes=answers | {"satu_lagi": "ya"}) == [("attributes", "too_long")]


def test_an_answer_may_have_500_characters():
    longest = {"patokan": "a" * 500}
    assert parsed(a_submission(attributes=longest)).attributes == longest
    assert refused(attributes={"patokan": "a" * 501}) == [("attributes.patokan", "string_too_long")]
    assert refused(attributes={"patokan": " "}) == [("attributes.patokan", "string_too_short")]


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("081234567890", "+6281234567890"),
        ("0812-3456-7890", "+6281234567890"),
        ("(0812) 3456 7890", "+6281234567890"),
        ("6281234567890", "+6281234567890"),
        ("+62 812.3456.7890", "+6281234567890"),
        ("+65 6123 4567", "+6561234567"),
        (" +6281234567890 ", "+6281234567890"),
    ],
)
def test_a_phone_number_is_kept_in_e_164(written, number):
    contact = parsed(a_submission(contact={"phone": written})).contact
    assert contact is not None
    assert contact.phone == number


@pytest.mark.parametrize(
    "written",
    [
        "0",
        "0812",
        "halo",
        "81234567890",
        "+0812345678",
        "+62812345678901234",
        "０８１２３４５６７８９０",
    ],
)
def test_what_is_no_phone_number_is_refused(written):
    assert refused_contact(phone=written) == [("contact.phone", "invalid_phone")]


@pytest.mark.parametrize("address", ["tutik@example.id", "a.b+c@mail.semarangkota.go.id", "x@y.z"])
def test_an_email_address_is_kept_as_it_is(address):
    contact = parsed(a_submission(contact={"email": f" {address}\n"})).contact
    assert contact is not None
    assert contact.email == address


@pytest.mark.parametrize(
    "address",
    [
        *("tutik", "tutik@", "@example.id", "tutik@example", "a b@example.id", "a@b@c.id"),
        *("a@.id", "a@example..id", "a@example.id.", f"{'a' * 65}@example.id"),
    ],
)
def test_what_is_no_email_address_is_refused(address):
    assert refused_contact(email=address) == [("contact.email", "invalid_email")]


@pytest.mark.parametrize(
    ("notify", "channels"),
    [
        (True, ["email", "sms"]),
        (False, []),
        ([], []),
        (["email"], ["email"]),
        (["sms", "email"], ["sms", "email"]),
    ],
)
def test_the_reporter_chooses_how_to_be_told(notify, channels):
    contact = parsed(a_submission(contact=a_contact(notify=notify))).contact
    assert contact is not None
    assert contact.notify == channels


@pytest.mark.parametrize("notify", ["email", ["pigeon"], 1, None, {"email": True}, ["sms"] * 3])
def test_there_are_two_channels_and_true_for_both(notify):
    faults = refused_contact(notify=notify)
    assert {field.split(".")[:2] == ["contact", "notify"] for field, _ in faults} == {True}
    assert not any("[" in field for field, _ in faults)


@pytest.mark.parametrize("point", [{"lat": -6.99}, {"long": 110.42}, {"lat": 1.0, "long": None}])
def test_a_point_has_both_coordinates(point):
    assert refused(**point) == [("", "incomplete_location")]


def test_a_point_is_kept_to_a_centimetre():
    submission = parsed(a_submission(lat=-6.98765432109, long=110))
    assert (submission.lat, repr(submission.long)) == (-6.9876543, "110.0")


@pytest.mark.parametrize(
    ("point", "fault"),
    [
        ({"lat": 90.001, "long": 0}, ("lat", "less_than_equal")),
        ({"lat": -90.001, "long": 0}, ("lat", "greater_than_equal")),
        ({"lat": 0, "long": 180.001}, ("long", "less_than_equal")),
        ({"lat": 0, "long": -180.001}, ("long", "greater_than_equal")),
        ({"lat": "-6.99", "long": 0}, ("lat", "float_type")),
        ({"lat": float("nan"), "long": 0}, ("lat", "finite_number")),
        ({"lat": 0, "long": float("inf")}, ("long", "finite_number")),
        ({"lat": True, "long": 0}, ("lat", "float_type")),
    ],
)
def test_a_point_lies_on_the_earth(point, fault):
    assert refused(**point) == [fault]


@pytest.mark.parametrize(
    "code", ["gjk 4821", "GJK_4821", "GJK \u2013 4821", "GJK.4821.", "&ndash;GJK/4821"]
)
def test_a_vehicles_code_is_taken_however_it_was_typed(code):
    assert parsed(a_submission(vehicle_code=code)).vehicle_code == "GJK-4821"


@pytest.mark.parametrize("code", ["?", "- \u2014 -", "\u043c\u043e"])
def test_a_vehicles_code_of_which_nothing_is_left_counts_as_absent(code):
    assert parsed(a_submission(vehicle_code=code)).vehicle_code is None


def test_a_vehicles_code_is_a_text():
    assert refused(vehicle_code=4821) == [("vehicle_code", "string_type")]


@pytest.mark.parametrize("blank", ["", "  ", "\n"])
def test_what_was_left_empty_counts_as_absent(blank):
    fields = ("service_code", "address_string", "vehicle_code")
    contact = dict.fromkeys(("name", "phone", "email"), blank)
    submission = parsed(a_submission(**dict.fromkeys(fields, blank), contact=contact))
    assert [getattr(submission, field) for field in fields] == [None, None, None]
    assert submission.contact is not None
    assert submission.contact.is_empty


@pytest.mark.parametrize(
    ("drafted_at", "code"),
    [
        ("2026-11-22T08:00:00", "timezone_aware"),
        ("kemarin", "datetime_parsing"),
        (1_700_000_000, "datetime_type"),
        ("0001-01-01T00:00:00+07:00", "too_long_ago"),
        ("1999-12-31T23:59:59Z", "too_long_ago"),
    ],
)
def test_a_drafts_time_has_a_zone_and_is_of_our_days(drafted_at, code):
    ((field, found),) = refused(drafted_at=drafted_at)
    assert (field, found) == ("drafted_at", code)


def test_the_first_instant_of_our_days_is_one_of_them():
    drafted_at = parsed(a_submission(drafted_at="2000-01-01T00:00:00Z")).drafted_at
    assert drafted_at == datetime(2000, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"anonymous": "yes"}, ("anonymous", "bool_type")),
        ({"anonymous": 1}, ("anonymous", "bool_type")),
        ({"description": 7}, ("description", "string_type")),
        ({"kind": "keluhan"}, ("kind", "literal_error")),
        ({"visibility": "hidden"}, ("visibility", "literal_error")),
        ({"attributes": []}, ("attributes", "dict_type")),
        ({"attributes": {"patokan": 7}}, ("attributes.patokan", "string_type")),
        ({"contact": "081234567890"}, ("contact", "model_type")),
        ({"photo_ids": ["0" * 26] * 6}, ("photo_ids", "too_long")),
        ({"photo_ids": ["1"]}, ("photo_ids.0", "string_pattern_mismatch")),
        ({"descripton": "x"}, ("descripton", "unknown_field")),
        ({"contact": {"fone": "x"}}, ("contact.fone", "unknown_field")),
    ],
)
def test_nothing_is_guessed_converted_or_passed_over(change, fault):
    assert refused(**change) == [fault]


FIELDS = list(Submission.model_fields)
near_submissions = st.builds(
    lambda changes: a_submission(**changes),
    st.dictionaries(
        st.sampled_from(FIELDS),
        json_values | st.fixed_dictionaries({"phone": json_values, "notify": json_values}),
        max_size=3,
    ),
)


@given(st.text() | (json_values | near_submissions).map(json.dumps))
def test_any_body_whatsoever_is_a_submission_or_invalid_input(text):
    try:
        outcome: Any = parsed(text)
    except InvalidInput as refusal:
        outcome = refusal.faults
    assert isinstance(outcome, Submission) or len(outcome) > 0
