"""The law of presence: in which shelter a vehicle is, after what was told of it.

What was told comes late, twice and in any order. Explicit arrivals and departures give the same
presence in whatever order they come: the newest arrival decides, unless a newer departure from
there (or from everywhere) was told. Places settle it after two that came in order.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final, Protocol

from functions.shelter_alerts.movement import NEVER, Kind, Moment, Movement
from functions.shelter_alerts.vehicle import Reason, Stay, Vehicle, counted_as, session_id_of

#: A place is believed to be in a fence if it is known at least so well.
ACCURATE_M: Final = 50.0
#: Who is slower than this in a fence has come to stay; who is not, after two places in it.
SLOW_MPS: Final = 2.0
#: How far outside its fence a place must be to count as left; stationary phones jump.
BUFFER_M: Final = 20.0
FIXES_TO_LEAVE: Final = 2
#: What is older than this when it comes in changes nothing any more.
LATE_MS: Final = 15 * 60_000
#: A time further ahead than this is a mistake.
AHEAD_MS: Final = 2 * 60_000
#: That a vehicle was seen is written at most so often.
REFRESH_MS: Final = 60_000
#: Who is not seen for so long has left.
UNSEEN_MS: Final = 5 * 60_000
#: A provider that told nothing for so long (three heartbeats) is silent: who is there is unknown.
SILENT_MS: Final = 3 * 60_000
#: Until then its vehicles are held where they were; nothing is held for ever.
FORGOTTEN_MS: Final = 60 * 60_000

#: MDS vehicle_state: nobody hears it; it serves no more, or not here.
LOST: Final = "non_contactable"
GONE: Final = frozenset({"removed", "elsewhere"})
#: In `Vehicle.exits`: a departure from wherever it was.
ANYWHERE: Final = "*"
#: A departure so much older than the newest is forgotten: no arrival before it would be taken any
#: more, even if times are ahead and what came in first is worked through a little later.
_EXITS_KEPT_MS: Final = LATE_MS + 2 * AHEAD_MS


class Fences(Protocol):
    """Where the shelters are."""

    def at(self, lat: float, lng: float) -> str | None:
        """Return the shelter in whose fence a place is."""

    def is_near(self, shelter_id: str, lat: float, lng: float, *, within_m: float) -> bool:
        """Tell whether a place is in a shelter's fence or so near to it."""


@dataclass(frozen=True, slots=True)
class Change:
    """What a movement made of a vehicle; `after` is `before` where nothing is worth writing."""

    before: Vehicle
    after: Vehicle
    late: bool = False  #: it was too old to change anything

    @property
    def moves(self) -> bool:
        """Tell whether it arrived or left somewhere."""
        return session_of(self.before) != session_of(self.after)


def session_of(vehicle: Vehicle) -> str | None:
    """Return the id of the stay that goes on."""
    return vehicle.stay.session_id if vehicle.stay else None


def move(vehicle: Vehicle, movement: Movement, fences: Fences, now_ms: int) -> Change:
    """Return what a movement changes; `now_ms` is when it came in, however long it was queued."""
    if now_ms - movement.at_ms > LATE_MS:
        return Change(vehicle, vehicle, late=True)
    after = _seen(vehicle, movement)
    state = LOST if movement.kind is Kind.COMMS_LOST else movement.vehicle_state
    if state is not None and movement.moment > after.stated:
        after = replace(after, state=state, stated=movement.moment)
    if movement.kind is Kind.ENTER and movement.place is not None:
        after = _entered(after, movement.moment, movement.place)
    elif movement.kind is Kind.EXIT:
        after = _left(after, movement.moment, movement.place or ANYWHERE, Reason.EXIT)
    elif state in GONE:
        after = _left(after, movement.moment, ANYWHERE, Reason.REMOVED)
    elif state != LOST and movement.lat is not None and movement.lng is not None:
        after = _placed(after, movement, movement.lat, movement.lng, fences)
    return Change(vehicle, after if _is_worth_writing(vehicle, after) else vehicle)


def expire(vehicle: Vehicle, watermark_ms: int) -> Change:
    """Let a vehicle leave that was not seen for five minutes.

    `watermark_ms` is the time up to which all that was told of it has been worked through. A sight
    is written only once a minute, so one more is waited for.
    """
    if vehicle.stay is None or vehicle.seen_ms + UNSEEN_MS + REFRESH_MS > watermark_ms:
        return Change(vehicle, vehicle)
    left = _ended(vehicle.stay, vehicle.seen_ms + UNSEEN_MS, Reason.STALE)
    return Change(vehicle, replace(vehicle, stay=None, left=left, inside=None, outside=0))


def watermark_of(processed_ms: Iterable[int], now_ms: int) -> int:
    """Return up to when a provider's vehicles would have been seen, were they there.

    `processed_ms` tells up to when each shard was worked through. What a silent provider does not
    tell lets nobody leave, until it has been silent for an hour.
    """
    newest = max(processed_ms, default=0)
    return newest if SILENT_MS < now_ms - newest <= FORGOTTEN_MS else now_ms


def _seen(vehicle: Vehicle, movement: Movement) -> Vehicle:
    """Note that it was seen: a vehicle that is lost is so once, however often that is told."""
    lost = movement.kind is Kind.COMMS_LOST or movement.vehicle_state == LOST
    seen_ms = max(vehicle.seen_ms, movement.at_ms)
    return replace(
        vehicle,
        vehicle_type=movement.vehicle_type or vehicle.vehicle_type,
        seen_ms=vehicle.seen_ms if lost and vehicle.state == LOST else seen_ms,
    )


def _entered(vehicle: Vehicle, moment: Moment, place: str) -> Vehicle:
    if moment <= vehicle.entered:
        return vehicle  # told before, or a newer arrival was
    later = {there: left for there, left in vehicle.exits.items() if left > moment}
    after = replace(vehicle, entered=moment, exits=later, inside=None, outside=0)
    if vehicle.stay and vehicle.stay.shelter_id == place:
        return after
    if vehicle.stay:
        after = replace(after, left=_ended(vehicle.stay, moment[0], Reason.MOVED))
    if place in later or ANYWHERE in later:
        return replace(after, stay=None)
    stay = Stay(
        session_id=session_id_of(vehicle.provider_id, vehicle.device_id, moment),
        shelter_id=place,
        arrived_ms=moment[0],
        vehicle_type=counted_as(vehicle.vehicle_type),
    )
    return replace(after, stay=stay)


def _left(vehicle: Vehicle, moment: Moment, place: str, reason: Reason) -> Vehicle:
    if moment <= max(vehicle.entered, vehicle.exits.get(place, NEVER)):
        return vehicle  # told before, or it has arrived since
    exits = _newest({**vehicle.exits, place: moment})
    after = replace(vehicle, exits=exits, inside=None, outside=0)
    if vehicle.stay and place in {vehicle.stay.shelter_id, ANYWHERE}:
        after = replace(after, stay=None, left=_ended(vehicle.stay, moment[0], reason))
    return after


def _placed(
    vehicle: Vehicle, movement: Movement, lat: float, lng: float, fences: Fences
) -> Vehicle:
    """Return the vehicle after a place, unless a newer one or something newer is known."""
    told = max(vehicle.entered, *vehicle.exits.values(), NEVER)
    if movement.moment <= max(vehicle.fixed, told):
        return vehicle
    after = replace(vehicle, lat=lat, lng=lng, fixed=movement.moment)
    here = fences.at(lat, lng)
    if here is not None and here == vehicle.shelter_id:
        return replace(after, inside=None, outside=0)
    accurate = movement.accuracy_m is None or movement.accuracy_m <= ACCURATE_M
    if here is not None and accurate and (vehicle.inside == here or _stands(movement)):
        return _entered(after, movement.moment, here)
    after = replace(after, inside=here if accurate else vehicle.inside)
    if vehicle.stay is None:
        return after
    if fences.is_near(vehicle.stay.shelter_id, lat, lng, within_m=BUFFER_M):
        return replace(after, outside=0)
    return _outside(after, movement.moment, vehicle.stay)


def _outside(vehicle: Vehicle, moment: Moment, stay: Stay) -> Vehicle:
    """Return a vehicle once more seen outside the shelter it is in."""
    if vehicle.outside + 1 < FIXES_TO_LEAVE:
        return replace(vehicle, outside=vehicle.outside + 1)
    return replace(_left(vehicle, moment, stay.shelter_id, Reason.EXIT), inside=vehicle.inside)


def _stands(movement: Movement) -> bool:
    """Tell whether one place suffices: both its accuracy and the speed are known, and small."""
    return (
        movement.accuracy_m is not None
        and movement.speed_mps is not None
        and movement.speed_mps < SLOW_MPS
    )


def _is_worth_writing(before: Vehicle, after: Vehicle) -> bool:
    if after.stay is not None and after.seen_ms - before.seen_ms >= REFRESH_MS:
        return True
    return any(
        getattr(before, name) != getattr(after, name)
        for name in ("stay", "entered", "exits", "stated", "inside", "outside")
    )


def _ended(stay: Stay, at_ms: int, reason: Reason) -> Stay:
    return replace(stay, left_ms=max(at_ms, stay.arrived_ms), reason=reason)


def _newest(exits: Mapping[str, Moment]) -> Mapping[str, Moment]:
    oldest_ms = max(exits.values())[0] - _EXITS_KEPT_MS
    return {place: moment for place, moment in exits.items() if moment[0] >= oldest_ms}
