"""Days of the WIB calendar: as the instants at which they end, and as people read them."""

from datetime import UTC, date, datetime, time
from typing import Final

from shared.clock import WIB

_END_OF_DAY: Final = time(23, 59, 59)
_MONTHS: Final = {
    "id": (
        "Januari", "Februari", "Maret", "April", "Mei", "Juni",
        "Juli", "Agustus", "September", "Oktober", "November", "Desember",
    ),
    "en": (
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ),
}  # fmt: skip


def end_of(day: date) -> datetime:
    """Return the last second of a day in western Indonesia, in UTC."""
    return datetime.combine(day, _END_OF_DAY, tzinfo=WIB).astimezone(UTC)


def day_of(at: datetime) -> date:
    """Return the day on which an instant falls in western Indonesia."""
    return at.astimezone(WIB).date()


def long_date(at: datetime, language: str) -> str:
    """Return the day of an instant in words: "20 November 2026"; Indonesian unless it is "en"."""
    day = day_of(at)
    return f"{day.day} {_MONTHS['en' if language == 'en' else 'id'][day.month - 1]} {day.year}"
