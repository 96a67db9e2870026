"""Follows vehicles: what was told of them, into what the table holds of them."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from functions.shelter_alerts import presence
from functions.shelter_alerts.movement import Kind, Movement
from functions.shelter_alerts.presence import Fences
from functions.shelter_alerts.store import Identity, Outdated, VehicleStore
from functions.shelter_alerts.vehicle import Vehicle

#: How often a vehicle is read again that was changed meanwhile. Its shard is worked through by one
#: function at a time, so mostly it was itself that wrote, and did not hear that it had.
_MOST_READINGS = 5


@dataclass
class Tally:
    """What was done."""

    arrived: int = 0
    left: int = 0
    late: int = 0


@dataclass
class Follower:
    """Works through movements; `known` holds the vehicles as last read or written."""

    store: VehicleStore
    fences: Fences
    known: dict[Identity, Vehicle] = field(default_factory=dict)
    tally: Tally = field(default_factory=Tally)

    def learn(self, identities: Iterable[Identity]) -> None:
        """Read the vehicles that are to be followed (a call per hundred)."""
        self.known |= self.store.get_all(identities)

    def follow(self, movements: Iterable[Movement], received_ms: int) -> None:
        """Work through movements that came in together, each vehicle's in their order."""
        by_vehicle: dict[Identity, list[Movement]] = defaultdict(list)
        for one in sorted(movements, key=lambda movement: movement.moment):
            by_vehicle[one.provider_id, one.device_id].append(one)
        for identity, own in by_vehicle.items():
            self._change(identity, lambda now, own=own: self._steps(now, own, received_ms))  # type: ignore[misc]

    def expire(self, identities: Iterable[Identity], watermark_ms: int) -> None:
        """Let those leave that were not seen for five minutes before a time."""
        for identity in identities:
            self._change(identity, lambda now: self._step(now, presence.expire(now, watermark_ms)))

    def _change(self, identity: Identity, work: Callable[[Vehicle], Vehicle]) -> None:
        provider_id, device_id = identity
        unknown = Vehicle(provider_id=provider_id, device_id=device_id)
        for _ in range(_MOST_READINGS):
            try:
                self.known[identity] = work(self.known.get(identity, unknown))
            except Outdated as found:
                self.known[identity] = found.vehicle
            else:
                return
        raise RuntimeError("a vehicle changes faster than it can be followed")

    def _steps(self, stored: Vehicle, movements: list[Movement], received_ms: int) -> Vehicle:
        """Write each arrival and departure, and at the end what else has changed."""
        now = stored
        for movement in movements:
            change = presence.move(now, movement, self.fences, received_ms)
            now = change.after
            if change.late:
                self._too_late(movement, received_ms)
            elif change.moves:
                now = stored = self._write(stored, now)
        return now if now is stored else self._write(stored, now)

    def _step(self, stored: Vehicle, change: presence.Change) -> Vehicle:
        return self._write(stored, change.after) if change.moves else stored

    def _write(self, stored: Vehicle, now: Vehicle) -> Vehicle:
        written = self.store.write(stored, now)
        if presence.session_of(stored) != presence.session_of(now):
            self.tally.left += stored.stay is not None
            self.tally.arrived += now.stay is not None
        return written

    def _too_late(self, movement: Movement, received_ms: int) -> None:
        self.tally.late += 1
        if movement.kind in {Kind.ENTER, Kind.EXIT} and movement.place:
            self.store.keep_late(movement, received_ms)
