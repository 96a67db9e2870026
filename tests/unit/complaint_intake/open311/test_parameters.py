"""Parameters as other systems really send them."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.complaint_intake.open311.parameters import Parameters, instant, unknown
from shared.errors import InvalidInput


def parameters(**values: str) -> Parameters:
    return Parameters.of(values.items())


def test_an_empty_parameter_equals_an_absent_one():
    given = Parameters.of([("status", ""), ("service_code", "  "), ("page", "1")])
    assert given == parameters(page="1")
    assert given.text("status") is None
    assert given.listed("service_code") == ()


def test_of_a_repeated_parameter_the_last_counts_and_a_list_takes_all():
    given = Parameters.of([("a", "1"), ("a", "2,3"), ("a", "2")])
    assert given.text("a") == "2"
    assert given.listed("a") == ("1", "2", "3")


def test_a_missing_required_parameter_is_named():
    with pytest.raises(InvalidInput) as refusal:
        parameters().required("jurisdiction_id")
    assert [one.field for one in refusal.value.faults] == ["jurisdiction_id"]
    assert parameters(jurisdiction_id=" jateng ").required("jurisdiction_id") == "jateng"


def test_a_choice_that_is_none_is_named_with_those_that_are():
    assert parameters(status="open, closed").chosen("status", ("open", "closed")) == (
        "open",
        "closed",
    )
    with pytest.raises(InvalidInput, match=r"Choose from: open, closed\."):
        parameters(status="open,done").chosen("status", ("open", "closed"))


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("2026-11-20T05:00:00Z", 5),
        ("2026-11-20T12:00:00+07:00", 5),
        ("2026-11-20T12:00:00 07:00", 5),  # a + that nobody escaped
        ("2026-11-20T12:00:00+0700", 5),
        ("2026-11-19T21:00:00-08:00", 5),
        ("2026-11-20T05:00Z", 5),
        ("2026-11-20T05:00:00.000Z", 5),
    ],
)
def test_an_instant_is_read_with_its_offset(text, hour):
    expected = datetime(2026, 11, 20, hour, tzinfo=UTC)
    assert parameters(start_date=text).instant("start_date") == expected


def test_no_instant_is_none():
    assert parameters().instant("start_date") is None


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-20",
        "2026-11-20T05:00:00",
        "20261120T050000Z",
        "2026-13-20T05:00:00Z",
        "2026-11-20T05:00:00+25:00",
        "0001-01-01T00:00:00+14:00",
        "1970-12-31T23:59:59Z",
        "9999-01-01T00:00:00Z",
        "kemarin",
        "٢٠٢٦-11-20T05:00:00Z",
    ],
)
def test_what_is_no_instant_or_hides_its_offset_is_refused_by_name(text):
    with pytest.raises(InvalidInput) as refusal:
        parameters(end_date=text).instant("end_date")
    assert [one.field for one in refusal.value.faults] == ["end_date"]


@given(
    st.datetimes(datetime(1972, 1, 1), datetime(9998, 1, 1)),  # noqa: DTZ001 (zoned below)
    st.integers(-23 * 60, 23 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes))),
)
def test_every_instant_of_our_days_is_read_back_from_what_the_standard_writes(at, zone):
    written = at.replace(tzinfo=zone, microsecond=0)
    assert instant(written.isoformat(timespec="seconds"), "x") == written


@pytest.mark.parametrize(("text", "number"), [("1", 1), ("007", 7), ("1000", 1000)])
def test_a_whole_number_is_read(text, number):
    assert parameters(page=text).whole_number("page", most=1000) == number


def test_no_number_is_none():
    assert parameters().whole_number("page", most=9) is None


@pytest.mark.parametrize("text", ["0", "1001", "-1", "1.5", "satu", "9" * 40, "١"])
def test_a_number_out_of_bounds_is_refused_by_name(text):
    with pytest.raises(InvalidInput, match="from 1 to 1000") as refusal:
        parameters(page=text).whole_number("page", most=1000)
    assert refusal.value.faults[0].field == "page"


@pytest.mark.parametrize(
    ("text", "on"), [("true", True), ("TRUE", True), ("1", True), ("false", False), ("yes", False)]
)
def test_a_switch_is_on_when_it_says_so(text, on):
    assert parameters(extensions=text).is_true("extensions") is on
    assert not parameters().is_true("extensions")


def test_an_unknown_name_is_told_its_nearest():
    assert unknown("jalan-rusk", ["jalan-rusak", "sampah"]).en.endswith("“jalan-rusak”?")
    assert unknown("x" * 10_000, ["jalan-rusak"]).en == "Not found."
