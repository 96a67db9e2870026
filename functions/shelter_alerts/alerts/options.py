"""Where else there is room: what an alert says of the shelters around."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from functions.shelter_alerts import configuration
from functions.shelter_alerts.alerts.messages import AlertSaidV1, OptionV1
from functions.shelter_alerts.alerts.payload import worst_type
from functions.shelter_alerts.configuration import Shelter
from functions.shelter_alerts.feeds import looking
from functions.shelter_alerts.feeds.standing import Option
from functions.shelter_alerts.nearest import Choice, Reason, nearest
from functions.shelter_alerts.redirects.store import RedirectStore
from functions.shelter_alerts.vehicle import CountedType
from shared import config

_NAMED: Final = 3


class Options:
    """Finds other shelters with room as all who ask are told of them: from the boards.

    It is for everyone, and so net of what every fleet was given: a Query for each provider.
    """

    def __init__(self, table: str) -> None:
        self._redirects = RedirectStore(table)

    def around(self, said: AlertSaidV1, shelter: Shelter, now: datetime) -> Sequence[OptionV1]:
        """Return the nearest shelters with room for the type that fares worst."""
        wanted = worst_type(said["levels"], said["capacity"])
        found = nearest(
            (
                Option(one, wanted)
                for one in looking.standings_of_all(None, now)
                if one.shelter.id != shelter.id
            ),
            shelter.centre,
            promised=self._promised(wanted, now),
            most=_NAMED,
        )
        return [_option(one, wanted) for one in found.named]

    def _promised(self, vehicle_type: CountedType, now: datetime) -> Counter[str]:
        """Return how many of all fleets were sent to each shelter and are not there yet."""
        now_ms = round(now.timestamp() * 1000)
        promised: Counter[str] = Counter()
        for jurisdiction_id in config.jurisdiction_ids():
            for provider_id in configuration.shelters_of(jurisdiction_id).provider_ids:
                promised.update(self._redirects.promised(provider_id, vehicle_type, now_ms))
        return promised


def _option(one: Choice, vehicle_type: CountedType) -> OptionV1:
    return {
        "id": one.id,
        "name": configuration.all_shelters()[one.id].name.id,
        "vehicle_type": vehicle_type,
        "distance_m": one.distance_m,
        "free": one.free,
        # The message knows no word for those after the first: they are the next nearest.
        "reason": "nearer_full" if one.reason is Reason.NEARER_FULL else "nearest",
    }
