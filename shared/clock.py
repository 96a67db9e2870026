"""Instants as the platform speaks of them: aware UTC inside, RFC 3339 outside."""

from datetime import UTC, datetime, timedelta, timezone

#: Western Indonesian Time, the calendar of every rule about days. It has no daylight saving.
WIB = timezone(timedelta(hours=7), "WIB")


def now() -> datetime:
    """Return the present instant, to the millisecond, in UTC."""
    instant = datetime.now(UTC)
    return instant.replace(microsecond=instant.microsecond // 1000 * 1000)


def to_text(instant: datetime) -> str:
    """Return an instant as RFC 3339 in UTC with milliseconds; such texts sort by time."""
    return instant.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def from_text(text: str) -> datetime:
    """Return the instant that `to_text` wrote."""
    return datetime.fromisoformat(text)
