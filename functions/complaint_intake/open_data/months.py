"""Calendar months as open data counts them: in the cities' own time (WIB)."""

import re
from datetime import datetime, timedelta

from shared.clock import WIB

#: A month as people and addresses write it.
_MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")


def span(month: str) -> tuple[datetime, datetime]:
    """Return when a month ("2026-11") begins, and when the next one does.

    Raises:
        ValueError: it is not written so.
    """
    if (written := _MONTH.fullmatch(month)) is None:
        raise ValueError(f"{month!r} is not a month like 2026-11")
    start = datetime(int(written[1]), int(written[2]), 1, tzinfo=WIB)
    return start, (start + timedelta(days=31)).replace(day=1)


def month_before(now: datetime) -> str:
    """Return the month before the present one, as it is in the cities."""
    first = now.astimezone(WIB).replace(day=1)
    return f"{first - timedelta(days=1):%Y-%m}"


def key_of(jurisdiction_id: str, month: str) -> str:
    """Return where in the bucket a jurisdiction's month lies."""
    return f"{jurisdiction_id}/{month}.csv"
