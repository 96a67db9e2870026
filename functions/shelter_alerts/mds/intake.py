"""Takes what a provider told: checks each item, and packs what is taken by shard for the queue."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from functions.shelter_alerts.fifo import Grouped, group_of
from functions.shelter_alerts.mds.bulk import Bulk, Error, Refusal
from functions.shelter_alerts.mds.checks import Checked, Taken
from functions.shelter_alerts.movement import MOST_IN_A_MESSAGE, shard_of


class Shard(NamedTuple):
    """The movements of one shard that are taken: whose and which they are, and their JSON."""

    ids: list[str]
    objects: list[str]


_UNREGISTERED = Refusal(Error.UNREGISTERED, ("device_id",))
#: CDS has no registry: its items may tell the type themselves.
_UNTYPED = Refusal(Error.UNREGISTERED, ("data_source_device_id", "vehicle_type"))


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
) -> tuple[Bulk, Mapping[int, Shard]]:
    """Return what became of the items, and the movements that are taken, by shard."""
    bulk = Bulk(len(items))
    by_shard: dict[int, Shard] = defaultdict(lambda: Shard([], []))
    remembered = vehicles.remembered(provider_id)
    unsure: list[tuple[Any, Taken]] = []
    for item in items:
        checked = check(item)
        if isinstance(checked, Refusal):
            bulk.refuse(item, checked)
            continue
        device_id, event_id, members, _ = checked
        if (vehicle := remembered.get(device_id)) is not None:
            ids, objects = by_shard[vehicle.shard]
            ids.append(f"{device_id}/{event_id}")
            objects.append(f'{{{members},"vehicle_type":"{vehicle.vehicle_type}"}}')
        else:
            unsure.append((item, checked))
    known = vehicles.known(provider_id, [one[0] for _, one in unsure]) if unsure else {}
    for item, (device_id, event_id, members, told) in unsure:
        found = known.get(device_id)
        vehicle_type = found.vehicle_type if found else told
        if vehicle_type is None:
            bulk.refuse(item, _UNREGISTERED if "device_id" in item else _UNTYPED)
        else:
            ids, objects = by_shard[shard_of(provider_id, device_id)]
            ids.append(f"{device_id}/{event_id}")
            objects.append(f'{{{members},"vehicle_type":"{vehicle_type}"}}')
    return bulk, by_shard


def grouped(provider_id: str, received_ms: int, by_shard: Mapping[int, Shard]) -> Iterator[Grouped]:
    """Yield the messages for the queue. The same movements sent again are the same message."""
    for shard, (ids, objects) in by_shard.items():
        for start in range(0, len(ids), MOST_IN_A_MESSAGE):
            some = slice(start, start + MOST_IN_A_MESSAGE)
            yield Grouped(
                group=group_of(shard),
                repetition=f"{provider_id} {shard} {','.join(ids[some])}",
                body=f'{{"type":"fleet_movements.v1","provider_id":"{provider_id}",'
                f'"shard":{shard},"received_ms":{received_ms},'
                f'"movements":[{",".join(objects[some])}]}}',
            )
