"""Reads the cells of other people's CSV files: amounts and days as Indonesians and machines write them."""

import re
from datetime import date, datetime
from functools import lru_cache
from typing import Final

from shared.clock import WIB

_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            ("jan", "januari", "january"),
            ("feb", "februari", "february", "peb"),
            ("mar", "maret", "march"),
            ("apr", "april"),
            ("mei", "may"),
            ("jun", "juni", "june"),
            ("jul", "juli", "july"),
            ("agu", "ags", "agt", "agustus", "aug", "august"),
            ("sep", "sept", "september"),
            ("okt", "oct", "oktober", "october"),
            ("nov", "nop", "november", "nopember"),
            ("des", "dec", "desember", "december"),
        ),
        start=1,
    )
    for name in names
}
_CURRENCY: Final = re.compile(r"^(?:rp\.?|idr)|(?:rp\.?|idr)$", re.IGNORECASE)
_SPACES: Final = re.compile(r"\s+")
_GROUPED: Final = re.compile(r"\d{1,3}(?P<mark>[.,'])\d{3}(?:(?P=mark)\d{3})*")
_ISO: Final = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]+(.*))?")
_COMPACT: Final = re.compile(r"(\d{4})(\d{2})(\d{2})(?:[T ]?(\d.*))?")
_DAY_FIRST: Final = re.compile(
    r"(\d{1,2})[-/. ](\d{1,2}|[A-Za-z]{3,9})[-/., ]+(\d{4}|\d{2})(?:[T ,]+(.*))?"
)
_TIME: Final = re.compile(
    r"(\d{1,2})[:.]?(\d{2})(?:[:.]?(\d{2})(?:[.,]\d+)?)?\s*(Z|[+-]\d{2}:?\d{2}|WIB)?", re.IGNORECASE
)
_SEN: Final = 100


@lru_cache(maxsize=4096)
def sen(text: str) -> int:
    """Return an amount of rupiah in sen, its hundredths: `154.600,00`, `154,600.00`, `Rp154600`.

    A single mark before exactly three digits parts thousands, since nobody writes three decimals
    of a rupiah; parentheses and a sign before or behind mean less than nothing.

    Raises:
        ValueError: it is not an amount.
    """
    written = _SPACES.sub("", text)
    negative = False
    if written.startswith("(") and written.endswith(")"):
        negative, written = True, written[1:-1]
    written = _CURRENCY.sub("", written).removesuffix(",-").removesuffix(".-")
    for sign in ("-", "\u2212", "+"):
        if written.startswith(sign) or written.endswith(sign):
            negative ^= sign != "+"
            written = written.removeprefix(sign).removesuffix(sign)
            break
    written = _CURRENCY.sub("", written)
    amount = _whole_and_decimals(written)
    if amount is None:
        raise ValueError(f"{text!r} is not an amount")
    return -amount if negative else amount


def rupiah(text: str) -> int:
    """Return an amount of whole rupiah.

    Raises:
        ValueError: it is not an amount, or has a part of a rupiah.
    """
    amount, rest = divmod(sen(text), _SEN)
    if rest:
        raise ValueError(f"{text!r} is not whole rupiah")
    return amount


def _whole_and_decimals(written: str) -> int | None:
    """Return digits with their marks in sen; None if the marks make no number."""
    last = max(written.rfind("."), written.rfind(","))
    if _GROUPED.fullmatch(written):
        whole, decimals = written, ""
    elif last >= 0:
        whole, decimals = written[:last], written[last + 1 :]
        if _GROUPED.fullmatch(whole) and written[last] in whole:
            return None
    else:
        whole, decimals = written, ""
    digits = re.sub(r"[.,']", "", whole) if _GROUPED.fullmatch(whole) else whole
    if not (digits.isascii() and digits.isdigit()) or (decimals and not _decimals(decimals)):
        return None
    return int(digits) * _SEN + int(decimals[:2].ljust(2, "0") if decimals else 0)


def _decimals(text: str) -> bool:
    """Tell whether digits behind a mark are hundredths: two, or more of which the rest is nothing."""
    return text.isascii() and text.isdigit() and not text[2:].strip("0")


@lru_cache(maxsize=4096)
def moment(text: str) -> datetime | date:
    """Return when a cell says something was: an instant (WIB unless it says an offset), or a day.

    Days come before months, as in Indonesia: 05/11/2026 is 5 November.

    Raises:
        ValueError: it is neither.
    """
    written = text.strip()
    day, rest = _day_in(written)
    clock = rest.strip()
    if not clock:
        return day
    if (time := _TIME.fullmatch(clock)) is None:
        raise ValueError(f"{text!r} is not a time")
    hour, minute, second, zone = time.groups()
    naive = datetime(  # noqa: DTZ001 (its zone comes with the next line)
        day.year, day.month, day.day, int(hour), int(minute), int(second or 0)
    )
    if zone is None or zone.upper() == "WIB":
        return naive.replace(tzinfo=WIB)
    return datetime.fromisoformat(f"{naive.isoformat()}{zone.upper()}")


def day_of(when: datetime | date) -> date:
    """Return the WIB day of what `moment` returned."""
    return when.astimezone(WIB).date() if isinstance(when, datetime) else when


def _day_in(written: str) -> tuple[date, str]:
    """Return the day that a text begins with, and what follows it."""
    for pattern in (_ISO, _COMPACT):
        if found := pattern.fullmatch(written):
            year, month, day, rest = found.groups()
            return _day(int(year), int(month), int(day)), rest or ""
    if found := _DAY_FIRST.fullmatch(written):
        day, month, year, rest = found.groups()
        number = int(month) if month.isdigit() else _MONTHS.get(month.lower(), 0)
        return _day(int(year) + (2000 if len(year) == 2 else 0), number, int(day)), rest or ""  # noqa: PLR2004
    raise ValueError(f"{written!r} is not a date")


@lru_cache(maxsize=1024)
def _day(year: int, month: int, day: int) -> date:
    return date(year, month, day)
