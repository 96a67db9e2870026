from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.payment_webhooks.books.cells import day_of, moment, rupiah, sen
from shared.clock import WIB


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        ("154600", 154_600_00),
        ("154600.00", 154_600_00),
        ("154600,00", 154_600_00),
        ("154.600,00", 154_600_00),
        ("154,600.00", 154_600_00),
        ("154.600", 154_600_00),
        ("154,600", 154_600_00),
        ("1.154.600", 1_154_600_00),
        ("1.154.600,5", 1_154_600_50),
        ("1'154'600", 1_154_600_00),
        ("1'154'600.00", 1_154_600_00),
        ("Rp 154.600,00", 154_600_00),
        ("Rp154.600,-", 154_600_00),
        ("IDR 154600.-", 154_600_00),
        ("154600 IDR", 154_600_00),
        ("Rp. 154.600", 154_600_00),
        ("-154.600,00", -154_600_00),
        ("154.600,00-", -154_600_00),
        ("(154.600)", -154_600_00),
        ("−3.500", -3_500_00),
        ("-Rp3.500", -3_500_00),
        ("+3.500", 3_500_00),
        ("24.5", 24_50),
        ("24,50", 24_50),
        ("24.5000", 24_50),
        ("0", 0),
        ("0.00", 0),
        (" 7 ", 7_00),
        ("1 154 600", 1_154_600_00),
        ("1234.567", None),
        ("1.23.4", None),
        ("1.154.600.00", None),
        ("12.3456", None),
        ("", None),
        ("-", None),
        (".", None),
        ("1..000", None),
        ("abc", None),
        ("1e5", None),
        ("٣", None),
        ("3.٣", None),
    ],
)
def test_an_amount_is_read_as_indonesians_and_machines_write_it(written, amount):
    if amount is None:
        with pytest.raises(ValueError, match="is not an amount"):
            sen(written)
    else:
        assert sen(written) == amount


@given(st.integers(-(10**12), 10**12))
def test_every_amount_is_read_in_every_style(amount):
    plain = f"{amount}.00"
    english = f"{amount:,}.00"
    indonesian = english.replace(",", "_").replace(".", ",").replace("_", ".")
    assert {sen(plain), sen(english), sen(indonesian)} == {amount * 100}


def test_whole_rupiah_are_asked_for_where_an_amount_has_to_be_whole():
    assert rupiah("154.600,00") == 154_600
    with pytest.raises(ValueError, match="whole"):
        rupiah("24.50")


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2026-11-20", date(2026, 11, 20)),
        ("2026/11/20", date(2026, 11, 20)),
        ("20261120", date(2026, 11, 20)),
        ("20/11/2026", date(2026, 11, 20)),
        ("05/11/2026", date(2026, 11, 5)),
        ("5-11-26", date(2026, 11, 5)),
        ("20.11.2026", date(2026, 11, 20)),
        ("20 Nov 2026", date(2026, 11, 20)),
        ("20-Nov-26", date(2026, 11, 20)),
        ("20 November 2026", date(2026, 11, 20)),
        ("17 Agustus 2026", date(2026, 8, 17)),
        ("1 Mei 2026", date(2026, 5, 1)),
    ],
)
def test_a_day_is_read_with_the_day_before_the_month(written, day):
    assert moment(f" {written} ") == day
    assert day_of(moment(written)) == day


@pytest.mark.parametrize(
    ("written", "at"),
    [
        ("2026-11-20 14:05:11", datetime(2026, 11, 20, 14, 5, 11, tzinfo=WIB)),
        ("2026-11-20T14:05:11", datetime(2026, 11, 20, 14, 5, 11, tzinfo=WIB)),
        ("2026-11-20T14:05:11.123+07:00", datetime(2026, 11, 20, 14, 5, 11, tzinfo=WIB)),
        ("2026-11-20T07:05:11Z", datetime(2026, 11, 20, 14, 5, 11, tzinfo=WIB)),
        ("2026-11-20 14:05:11 +0700", datetime(2026, 11, 20, 14, 5, 11, tzinfo=WIB)),
        ("20/11/2026 14.05", datetime(2026, 11, 20, 14, 5, tzinfo=WIB)),
        ("20/11/2026 14:05 WIB", datetime(2026, 11, 20, 14, 5, tzinfo=WIB)),
        ("20 Nov 2026, 14:05", datetime(2026, 11, 20, 14, 5, tzinfo=WIB)),
        ("20261120140511", datetime(2026, 11, 20, 14, 5, 11, tzinfo=WIB)),
    ],
)
def test_a_time_without_an_offset_is_western_indonesias(written, at):
    assert moment(written) == at


def test_an_instant_falls_on_the_day_that_it_has_in_western_indonesia():
    assert day_of(datetime(2026, 11, 20, 23, tzinfo=timezone(timedelta()))) == date(2026, 11, 21)


@pytest.mark.parametrize(
    "written",
    ["", "x", "2026-13-01", "31/02/2026", "11/20/2026", "1 Foo 2026", "2026-11-20 25:00",
     "2026-11-20 noon", "2026-11-20 12:00 WITA"],
)  # fmt: skip
def test_what_is_no_day_or_time_is_refused(written):
    with pytest.raises(ValueError, match=r"not a|month|day|hour|time"):
        moment(written)
