"""Prices: dated tables, classes of payers, and the calendar."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.payment_webhooks.configuration import Product, payments_of
from functions.payment_webhooks.tariffs import classes_of, is_price, kinds_of, price
from shared import config
from shared.errors import InvalidInput
from shared.text import Text

BRT = payments_of("semarang").product_by_code["brt"]
TRANS_JATENG = payments_of("jateng").product_by_code["brt"]
TICKET = payments_of("semarang").product_by_code["tiket-sam-poo-kong"]
HOLIDAYS = config.load("semarang").holidays
MONDAY, SUNDAY = date(2026, 11, 23), date(2026, 11, 22)
CHRISTMAS = date(2026, 12, 25)  # a Friday
DAYS = st.dates(date(2022, 7, 1), date(2030, 12, 31))


def a_product(*tariffs: dict[str, object], **changes: object) -> Product:
    return Product.model_validate(
        {
            "code": "x",
            "order_code": "OTH",
            "kind": "other",
            "name": Text("x", "x"),
            "account": "x",
            "tariffs": tariffs,
            **changes,
        }
    )


def test_trans_semarang_costs_3500_without_cash_and_1000_at_the_special_fare():
    assert price(BRT, "general", MONDAY, HOLIDAYS) == 3500
    assert price(BRT, "special", SUNDAY, HOLIDAYS) == 1000


@pytest.mark.parametrize(
    ("day", "fare"), [(MONDAY, 1000), (SUNDAY, 3500), (CHRISTMAS, 3500), (date(2026, 12, 24), 1000)]
)
def test_pupils_pay_the_special_fare_but_on_sundays_and_holidays(day, fare):
    assert price(BRT, "student", day, HOLIDAYS) == fare


@given(DAYS)
def test_a_pupil_pays_one_of_two_fares_on_every_day(day):
    free = day.weekday() == 6 or day.isoformat() in HOLIDAYS
    assert price(BRT, "student", day, HOLIDAYS) == (3500 if free else 1000)


@given(DAYS)
def test_every_class_of_every_fare_has_one_price_on_every_day(day):
    for fare_class in classes_of(BRT):
        one = price(BRT, fare_class, day, HOLIDAYS)
        assert one > 0
        assert is_price(BRT, one, day, HOLIDAYS)
        assert is_price(BRT, one * BRT.most, day, HOLIDAYS)


def test_trans_jateng_costs_5000_since_the_fifteenth_of_may_2025():
    assert price(TRANS_JATENG, "general", date(2025, 5, 15), HOLIDAYS) == 5000
    with pytest.raises(InvalidInput) as caught:
        price(TRANS_JATENG, "general", date(2025, 5, 14), HOLIDAYS)
    (fault,) = caught.value.faults
    assert (fault.field, fault.code) == ("fare_class", "no_tariff")
    assert "2025-05-14" in fault.message.en
    assert "2025-05-14" in fault.message.id


def test_a_class_that_does_not_exist_is_told_which_do():
    with pytest.raises(InvalidInput) as caught:
        price(BRT, "dog", MONDAY, HOLIDAYS)
    (fault,) = caught.value.faults
    assert (fault.field, fault.code) == ("fare_class", "unknown")
    assert fault.message.en == "There is no such fare class; choose: general, special, student."
    assert fault.message.id == "Golongan tarif ini tidak ada; pilih: general, special, student."
    with pytest.raises(InvalidInput, match="choose: -"):
        price(a_product(), "general", MONDAY, HOLIDAYS)


def test_entrance_costs_more_at_weekends():
    prices = [price(TICKET, "general", MONDAY + timedelta(n), HOLIDAYS) for n in range(7)]
    assert prices == [20000] * 5 + [25000] * 2


def test_of_several_prices_that_hold_the_one_that_began_last_counts():
    old = {"amount": 5, "valid_from": date(2020, 1, 1)}
    new = {"amount": 7, "valid_from": date(2021, 1, 1)}
    for product in (a_product(old, new), a_product(new, old)):
        assert price(product, "general", date(2020, 12, 31), ()) == 5
        assert price(product, "general", date(2021, 1, 1), ()) == 7


@pytest.mark.parametrize(
    ("amount", "fits"),
    [(0, False), (-3500, False), (1000, True), (3500, True), (7000, True), (1001, False),
     (10_000, True), (35_000, True), (38_500, False), (36_000, False)],
)  # fmt: skip
def test_a_fare_paid_without_an_order_is_a_number_of_one_fare(amount, fits):
    assert is_price(BRT, amount, MONDAY, HOLIDAYS) is fits


def test_what_has_no_tariff_costs_anything_within_its_bounds():
    product = a_product(lowest=10, highest=20)
    assert [is_price(product, amount, MONDAY, ()) for amount in (9, 10, 20, 21)] == [
        False, True, True, False,
    ]  # fmt: skip


def test_something_free_is_no_price_to_pay():
    free = a_product({"amount": 0, "valid_from": date(2020, 1, 1)})
    assert price(free, "general", MONDAY, ()) == 0
    assert not is_price(free, 0, MONDAY, ())
    assert not is_price(free, 5, MONDAY, ())


def test_a_day_is_a_weekday_and_may_be_a_holiday():
    assert kinds_of(MONDAY, ()) == {"mon"}
    assert kinds_of(CHRISTMAS, HOLIDAYS) == {"fri", "holiday"}
