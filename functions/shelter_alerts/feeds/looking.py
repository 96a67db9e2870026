"""Reads how shelters stand, for all who ask within a few seconds at once."""

import time
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Final

from functions.shelter_alerts import configuration, settings
from functions.shelter_alerts.board import Board
from functions.shelter_alerts.feeds.gbfs import LIVE_S
from functions.shelter_alerts.feeds.standing import Standing, standings
from shared import config

#: For so long a container answers from what it read; what it answers may be kept as long again.
_READ_AGAIN_S: Final = LIVE_S / 2

_read: dict[str, tuple[float, Sequence[Standing]]] = {}


@cache
def board() -> Board:
    """Return the board, made once a container."""
    return Board(settings.shelters_table())


def standings_of(jurisdiction_id: str, now: datetime) -> Sequence[Standing]:
    """Return how a jurisdiction's shelters stand, as they did some seconds ago at most.

    Two calls and one more for each provider, if they were not made just before.
    """
    known = _read.get(jurisdiction_id)
    if known and known[0] > time.monotonic():
        return known[1]
    shelters = configuration.shelters_of(jurisdiction_id)
    # Asked first, so that what was counted is never older than what is said of it.
    reported_ms = board().reported_ms(str(one.provider_id) for one in shelters.providers)
    found = standings(shelters.shelters, board().counts(jurisdiction_id), reported_ms, now)
    _read[jurisdiction_id] = (time.monotonic() + _READ_AGAIN_S, found)
    return found


def standings_of_all(jurisdiction_ids: Sequence[str] | None, now: datetime) -> list[Standing]:
    """Return how the shelters of some jurisdictions stand, or of all."""
    asked = config.jurisdiction_ids() if jurisdiction_ids is None else jurisdiction_ids
    return [one for each in asked for one in standings_of(each, now)]


def forget() -> None:
    """Forget what was read."""
    _read.clear()
