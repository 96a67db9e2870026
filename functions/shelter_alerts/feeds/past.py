"""Reads a day of a shelter: its stays, and when nobody reported."""

from collections.abc import Iterator
from datetime import date, datetime

from functions.shelter_alerts import configuration, settings
from functions.shelter_alerts.board import Board
from functions.shelter_alerts.feeds.history import Spell
from functions.shelter_alerts.items import instant
from functions.shelter_alerts.sessions import SessionStore
from functions.shelter_alerts.store import VehicleStore
from shared.clock import from_text


class Past:
    """A day of a shelter: a Query for its stays, and one for who is there."""

    def __init__(self, board: Board) -> None:
        self._board = board

    def spells(self, shelter_id: str, day: date) -> Iterator[Spell]:
        """Yield the stays that a day can have seen: those over, and those that go on."""
        sessions = SessionStore(settings.shelters_table())
        for item in sessions.of_day(shelter_id, day.isoformat()):
            yield Spell(
                vehicle_type=item["vehicle_type"],
                began=from_text(item["arrived_at"]),
                ended=from_text(item["left_at"]),
            )
        for one in VehicleStore(settings.shelters_table()).present(shelter_id):
            yield Spell(vehicle_type=one.vehicle_type, began=from_text(one.arrived_at))

    def silent_minutes(self, jurisdiction_id: str, day: date) -> set[str]:
        """Return the minutes of a day in which no provider of a jurisdiction reported."""
        silent = [
            self._board.silent_minutes(each, day.isoformat())
            for each in _providers(jurisdiction_id)
        ]
        return set.intersection(*silent) if silent else set()

    def known(self, jurisdiction_id: str) -> tuple[datetime, datetime] | None:
        """Return since when and up to when anything was reported; None: nothing ever was."""
        heard_ms = self._board.heard_ms(_providers(jurisdiction_id))
        return None if heard_ms is None else (instant(heard_ms[0]), instant(heard_ms[1]))


def _providers(jurisdiction_id: str) -> list[str]:
    return [str(one.provider_id) for one in configuration.shelters_of(jurisdiction_id).providers]
