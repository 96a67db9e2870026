"""What late tax costs besides: by months begun, and the rule of the day and channel of payment."""

import calendar
from collections.abc import Iterable
from datetime import date
from typing import Final

from functions.payment_webhooks.configuration import Penalty

_WHOLE: Final = 10_000  #: basis points
_MONTHS: Final = 12


def penalty_of(
    principal: int, due_on: date, paid_on: date, channel: str, rules: Iterable[Penalty]
) -> int:
    """Return the penalty (rupiah) on a principal that was due on a day (WIB) and is paid on one.

    The first rule that holds on the day of payment for its channel counts; without one there is
    no penalty. Each month begun counts whole; half a rupiah is rounded up.
    """
    months = months_late(due_on, paid_on)
    if not months:
        return 0
    for rule in rules:
        if rule.holds_on(paid_on) and (not rule.channels or channel in rule.channels):
            share = principal * rule.basis_points * min(months, rule.months_at_most)
            return (2 * share + _WHOLE) // (2 * _WHOLE)
    return 0


def months_late(due_on: date, paid_on: date) -> int:
    """Return how many months have begun since a day: 0 until its end.

    The first lasts until the same day of the next month, or the last that month has. From the
    last day of a month on, months are those of the calendar.
    """
    if paid_on <= due_on:
        return 0
    between = (paid_on.year - due_on.year) * _MONTHS + paid_on.month - due_on.month
    last = _last_day(paid_on.year, paid_on.month)
    ends = last if due_on.day == _last_day(due_on.year, due_on.month) else min(due_on.day, last)
    return between + (paid_on.day > ends)


def _last_day(year: int, month: int) -> int:
    return calendar.monthrange(year, month)[1]
