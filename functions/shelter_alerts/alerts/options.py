"""Where else there is room: what an alert says of the shelters around."""

from collections.abc import Sequence
from typing import Final

from functions.shelter_alerts import configuration
from functions.shelter_alerts.alerts.messages import AlertSaidV1, OptionV1
from functions.shelter_alerts.alerts.payload import worst_type
from functions.shelter_alerts.configuration import Shelter, jurisdiction_of
from functions.shelter_alerts.geometry import distance_m
from functions.shelter_alerts.items import instant
from functions.shelter_alerts.store import VehicleStore

#: So many are named, of so many that are looked at.
_NAMED: Final = 3
_LOOKED_AT: Final = 8


class Options:
    """Finds other shelters with room; each that is looked at is counted (1 read / 4 KB)."""

    def __init__(self, table: str) -> None:
        self._vehicles = VehicleStore(table)

    def around(self, said: AlertSaidV1, shelter: Shelter) -> Sequence[OptionV1]:
        """Return the nearest shelters with room for the type that fares worst."""
        at = instant(said["at_ms"])
        wanted = worst_type(said["levels"], said["capacity"])
        others = [
            (distance_m(shelter.centre, one.centre), one)
            for one in configuration.shelters_of(jurisdiction_of(shelter.id)).shelters
            if one.id != shelter.id
        ]
        found: list[OptionV1] = []
        passed = False
        for away_m, one in sorted(others, key=lambda other: other[0])[:_LOOKED_AT]:
            capacity = {**one.capacity_at(at)}
            counted = [
                each for each in self._vehicles.present(one.id) if each.vehicle_type == wanted
            ]
            for each, places in capacity.items():
                free = places - len(counted)
                if each != wanted or free <= 0:
                    continue
                found.append(
                    {
                        "id": one.id,
                        "name": one.name.id,
                        "vehicle_type": each,
                        "distance_m": round(away_m),
                        "free": free,
                        "reason": "nearer_full" if passed and not found else "nearest",
                    }
                )
                break
            else:
                passed = True
            if len(found) == _NAMED:
                break
        return found
