"""Tells a deployment what made-up vehicles tell, as fleets do: in batches, twice, late, out of order."""

import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

import httpx

from cli.fleet_access import send
from cli.fleet_world import Told, Vehicle
from cli.screen import CannotContinue
from functions.shelter_alerts.configuration import Shelter

_MOST_ITEMS: Final = 200
#: Of a hundred items, so many are sent twice, and so many later than others that were told after
#: them, by up to so many tellings.
_TWICE_PERCENT: Final = 4
_LATE_PERCENT: Final = 5
_LATEST: Final = 6
#: Registered when the same was played before.
_ALREADY: Final = "already_registered"
_CDS: Final[Mapping[str, str]] = {
    "enter": "enter_area",
    "exit": "exit_area",
    "seen": "scheduled_report",
}


#: What is sent: whose jurisdiction's, to which path, and the standard's item.
Item = tuple[str, str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Fleet:
    """A provider of one jurisdiction, with its client's token."""

    provider_id: str
    token: str


@dataclass
class Teller:
    """Sends what is told. Times told are the clock's own, whatever the simulation's pace."""

    api_url: str
    fleets: Mapping[str, Fleet]  #: by jurisdiction
    shelters: Mapping[str, Shelter]
    random: Random
    http: httpx.Client
    sent: Counter[str] = field(default_factory=Counter)
    _late: list[tuple[int, Item]] = field(default_factory=list)  #: after so many tellings

    def register(self, vehicles: Iterable[Vehicle]) -> None:
        """Register the vehicles that speak MDS; CDS knows no registry."""
        items = [
            (
                one.jurisdiction_id,
                "/mds/vehicles",
                {
                    "device_id": one.device_id,
                    "provider_id": self.fleets[one.jurisdiction_id].provider_id,
                    "vehicle_id": f"SIM-{one.device_id[:8]}",
                    "vehicle_type": one.vehicle_type,
                    "propulsion_types": ["combustion"],
                },
            )
            for one in vehicles
            if not one.explicit
        ]
        self._send(items)

    def tell(self, told: Iterable[tuple[Told, int]]) -> None:
        """Send what was told, each with its time (ms); some of it twice, some only later."""
        items = [self._item(one, at_ms) for one, at_ms in told]
        late = [item for left, item in self._late if left <= 1]
        self._late = [(left - 1, item) for left, item in self._late if left > 1]
        now = []
        for item in items:
            if self.random.uniform(0, 100) < _LATE_PERCENT:
                self._late.append((self.random.randint(1, _LATEST), item))
                self.sent["late"] += 1
                continue
            now.append(item)
            if self.random.uniform(0, 100) < _TWICE_PERCENT:
                now.append(item)
                self.sent["twice"] += 1
        self.random.shuffle(now)
        self._send([*now, *late])

    def settle(self, told: Iterable[tuple[Told, int]]) -> None:
        """Send what was told in its order, after all that was late."""
        late, self._late = self._late, []
        self._send([item for _, item in late])
        self._send([self._item(one, at_ms) for one, at_ms in told])

    def _item(self, told: Told, at_ms: int) -> Item:
        vehicle = told.vehicle
        event_id = str(uuid.uuid4())  # another one when the same is played again
        lat, lng = told.place
        if told.kind == "fix":
            return (
                vehicle.jurisdiction_id,
                "/mds/telemetry",
                {
                    "device_id": vehicle.device_id,
                    "provider_id": self.fleets[vehicle.jurisdiction_id].provider_id,
                    "telemetry_id": event_id,
                    "timestamp": at_ms,
                    "trip_ids": None,
                    "journey_id": None,
                    "location": {
                        "lat": lat,
                        "lng": lng,
                        "speed": told.speed_mps,
                        "horizontal_accuracy": told.accuracy_m,
                    },
                },
            )
        item = {
            "event_id": event_id,
            "event_type": _CDS[told.kind],
            "event_time": at_ms,
            "event_publication_time": at_ms,
            "event_purpose": "ride_hail",
            "data_source_type": "data_feed",
            "data_source_device_id": vehicle.device_id,
            "vehicle_type": vehicle.vehicle_type,
        }
        if told.shelter_id:
            item["curb_zone_id"] = self.shelters[told.shelter_id].stop_id
        return vehicle.jurisdiction_id, "/cds/events/events", item

    def _send(self, items: Iterable[Item]) -> None:
        grouped: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
        for jurisdiction_id, path, item in items:
            grouped[jurisdiction_id, path].append(item)
        for (jurisdiction_id, path), some in grouped.items():
            for start in range(0, len(some), _MOST_ITEMS):
                self._post(jurisdiction_id, path, some[start : start + _MOST_ITEMS])

    def _post(self, jurisdiction_id: str, path: str, items: list[dict[str, Any]]) -> None:
        answer = send(self.http, self.api_url + path, self.fleets[jurisdiction_id].token, items)
        told = answer.json()
        refused = [one for one in told.get("failures", [told]) if one.get("error") != _ALREADY]
        if refused:
            raise CannotContinue(
                f"{path}: {answer.status_code} {str(refused)[:300]} / The API refused items."
            )
        self.sent["items"] += len(items)
        self.sent["requests"] += 1
