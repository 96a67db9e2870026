"""What something costs: by its dated table, the payer's class and the day's place in the calendar."""

from collections.abc import Collection
from datetime import date
from typing import Final

from functions.payment_webhooks.configuration import DayKind, Product, Tariff
from shared.errors import InvalidInput
from shared.text import Text

_WEEKDAYS: Final[tuple[DayKind, ...]] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def price(product: Product, fare_class: str, day: date, holidays: Collection[str]) -> int:
    """Return what one of a product costs on a day (WIB), in rupiah.

    `holidays` are public holidays as ISO dates. Of several tariffs that hold, the one that began
    last counts, so a new price is added to the table and the old one may stay as it is.

    Raises:
        InvalidInput: there is no such class, or no price for it on that day.
    """
    of_class = [tariff for tariff in product.tariffs if tariff.fare_class == fare_class]
    if not of_class:
        known = ", ".join(classes_of(product)) or "-"
        raise InvalidInput.at(
            "fare_class",
            "unknown",
            Text(
                f"Golongan tarif ini tidak ada; pilih: {known}.",
                f"There is no such fare class; choose: {known}.",
            ),
        )
    holding = [tariff for tariff in of_class if _holds(tariff, day, holidays)]
    if not holding:
        raise InvalidInput.at(
            "fare_class",
            "no_tariff",
            Text(
                f"Tidak ada tarif golongan ini pada {day.isoformat()}.",
                f"There is no tariff of this class on {day.isoformat()}.",
            ),
        )
    return max(holding, key=lambda tariff: tariff.valid_from).amount


def is_price(product: Product, amount: int, day: date, holidays: Collection[str]) -> bool:
    """Tell whether an amount (rupiah) is what a number of one class of a product costs on a day.

    A product without tariffs costs what it costs, within its bounds.
    """
    if not product.tariffs:
        return product.lowest <= amount <= product.highest
    prices = {tariff.amount for tariff in product.tariffs if _holds(tariff, day, holidays)}
    return amount > 0 and any(
        one and amount % one == 0 and amount // one <= product.most for one in prices
    )


def classes_of(product: Product) -> tuple[str, ...]:
    """Return the fare classes of a product, in the order of its table."""
    return tuple(dict.fromkeys(tariff.fare_class for tariff in product.tariffs))


def kinds_of(day: date, holidays: Collection[str]) -> frozenset[DayKind]:
    """Return what a day is by the calendar: its weekday, and a holiday if it is one."""
    weekday: DayKind = _WEEKDAYS[day.weekday()]
    return frozenset((weekday, "holiday") if day.isoformat() in holidays else (weekday,))


def _holds(tariff: Tariff, day: date, holidays: Collection[str]) -> bool:
    kinds = kinds_of(day, holidays)
    return (
        tariff.holds_on(day)
        and not kinds.intersection(tariff.not_on)
        and (not tariff.only_on or bool(kinds.intersection(tariff.only_on)))
    )
