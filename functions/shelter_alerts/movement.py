"""What a provider told of a vehicle, whichever standard it was told in."""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any, Final

#: How many groups the fleet's movements are queued in; each vehicle's are in one, in order.
SHARDS: Final = 32
#: Movements that one message of the queue carries at most.
MOST_IN_A_MESSAGE: Final = 50

#: A movement's place in the order of a vehicle's history: its time in milliseconds, then its id.
Moment = tuple[int, str]
#: Before everything.
NEVER: Final[Moment] = (0, "")


class Kind(StrEnum):
    """What a movement tells."""

    TELEMETRY = "telemetry"  #: where the vehicle was
    EVENT = "event"  #: what state it came into, and where
    ENTER = "enter"  #: it is in a shelter
    EXIT = "exit"  #: it is no more in a shelter, or in none at all
    COMMS_LOST = "comms_lost"  #: nobody hears it any more


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """One thing told of one vehicle. Times are milliseconds since 1970 (UTC), as in MDS."""

    provider_id: str
    device_id: str
    event_id: str
    at_ms: int
    kind: Kind
    lat: float | None = None
    lng: float | None = None
    accuracy_m: float | None = None
    speed_mps: float | None = None
    place: str | None = None  #: the shelter that was named; of an exit none: wherever it was
    vehicle_state: str | None = None
    vehicle_type: str | None = None

    @property
    def moment(self) -> Moment:
        """Its place in the order of the vehicle's history."""
        return self.at_ms, self.event_id


_FIELDS: Final = tuple(one.name for one in fields(Movement) if one.name != "provider_id")


def shard_of(provider_id: str, device_id: str) -> int:
    """Return the group (0 to 31) in which a vehicle's movements are queued."""
    return zlib.crc32(f"{provider_id}#{device_id}".encode()) % SHARDS


def as_message(movement: Movement) -> dict[str, Any]:
    """Return a movement as a message carries it: what is absent is left out, and the provider."""
    found = {name: getattr(movement, name) for name in _FIELDS}
    return {name: value for name, value in found.items() if value is not None}


def from_message(provider_id: str, told: Mapping[str, Any]) -> Movement:
    """Return the movement that a message carries.

    Raises:
        KeyError, TypeError, ValueError: it is none.
    """
    kind = Kind(told["kind"])
    if not isinstance(told["at_ms"], int) or not isinstance(told["event_id"], str):
        raise TypeError("a movement's place in the history is a whole number and a text")
    return Movement(provider_id=provider_id, **{**told, "kind": kind})
