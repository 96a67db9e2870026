"""Takes what a provider told: checks each item, and packs what is taken by shard for the queue."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from functions.shelter_alerts.fifo import Grouped, group_of
from functions.shelter_alerts.mds.bulk import Bulk, Error, Refusal
from functions.shelter_alerts.mds.checks import Checked
from functions.shelter_alerts.movement import MOST_IN_A_MESSAGE, shard_of, written

_UNREGISTERED = Refusal(Error.UNREGISTERED, ("device_id",))


class Known(NamedTuple):
    """What is asked of a registered vehicle for each movement."""

    vehicle_type: str
    shard: int


class Vehicles(Protocol):
    """What is known of registered vehicles."""

    def remembered(self, provider_id: str) -> Mapping[str, Known]:
        """Return those vehicles of a provider of which it is remembered."""

    def known(self, provider_id: str, device_ids: Sequence[str]) -> Mapping[str, Known]:
        """Return those vehicles of a provider that are registered, asking where it must."""


def take(
    items: Sequence[Any], check: Callable[[Any], Checked], provider_id: str, vehicles: Vehicles
) -> tuple[Bulk, Mapping[int, list[dict[str, Any]]]]:
    """Return what became of the items, and the movements that are taken, by shard."""
    bulk = Bulk(len(items))
    by_shard: dict[int, list[dict[str, Any]]] = defaultdict(list)
    remembered = vehicles.remembered(provider_id)
    unsure = []
    for item in items:
        movement = check(item)
        if isinstance(movement, Refusal):
            bulk.refuse(item, movement)
        elif (vehicle := remembered.get(movement["device_id"])) is not None:
            movement["vehicle_type"] = vehicle.vehicle_type
            by_shard[vehicle.shard].append(movement)
        else:
            unsure.append((item, movement))
    known = vehicles.known(provider_id, [one["device_id"] for _, one in unsure]) if unsure else {}
    for item, movement in unsure:
        device_id = movement["device_id"]
        if device_id in known:
            movement["vehicle_type"] = known[device_id].vehicle_type
        elif "vehicle_type" not in movement:  # CDS has no registry, and may tell the type itself
            bulk.refuse(item, _UNREGISTERED)
            continue
        by_shard[shard_of(provider_id, device_id)].append(movement)
    return bulk, by_shard


def grouped(
    provider_id: str, received_ms: int, by_shard: Mapping[int, list[dict[str, Any]]]
) -> Iterator[Grouped]:
    """Yield the messages for the queue. The same movements sent again are the same message."""
    for shard, movements in by_shard.items():
        for start in range(0, len(movements), MOST_IN_A_MESSAGE):
            some = movements[start : start + MOST_IN_A_MESSAGE]
            told = ",".join([one["event_id"] for one in some])
            yield Grouped(
                group=group_of(shard),
                repetition=f"{provider_id} {shard} {told}",
                body=_body(provider_id, shard, received_ms, some),
            )


def _body(
    provider_id: str, shard: int, received_ms: int, movements: Sequence[Mapping[str, Any]]
) -> str:
    """Return the body of a message `fleet_movements.v1`."""
    told = ",".join([written(one) for one in movements])
    return (
        f'{{"type":"fleet_movements.v1","provider_id":"{provider_id}","shard":{shard},'
        f'"received_ms":{received_ms},"movements":[{told}]}}'
    )
