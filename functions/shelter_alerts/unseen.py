"""Asks of vehicles that were not seen for long whether they have left.

The question stands in the queue behind all that was told of them, so that a backlog expires nobody
who is there.
"""

from collections import defaultdict
from collections.abc import Iterator

from functions.shelter_alerts import fifo
from functions.shelter_alerts.messages import unseen_message
from functions.shelter_alerts.movement import SHARDS
from functions.shelter_alerts.presence import REFRESH_MS, UNSEEN_MS, watermark_of
from functions.shelter_alerts.store import VehicleStore

#: Vehicles in one question, which is then some 20 KB long.
_MOST_AT_ONCE = 400


def ask(store: VehicleStore, queue_url: str, now_ms: int) -> int:
    """Ask of all that were not seen since; return of how many."""
    asked = 0
    watermarks: dict[str, int] = {}

    def questions() -> Iterator[fifo.Grouped]:
        nonlocal asked
        for shard in range(SHARDS):
            by_provider: dict[str, list[str]] = defaultdict(list)
            for provider_id, device_id in store.unseen(shard, now_ms - UNSEEN_MS - REFRESH_MS):
                by_provider[provider_id].append(device_id)
            for provider_id, devices in by_provider.items():
                if provider_id not in watermarks:
                    told = store.watermarks(provider_id).values()
                    watermarks[provider_id] = watermark_of(told, now_ms)
                for start in range(0, len(devices), _MOST_AT_ONCE):
                    some = devices[start : start + _MOST_AT_ONCE]
                    asked += len(some)
                    yield fifo.Grouped(
                        group=fifo.group_of(shard),
                        repetition=f"unseen {provider_id} {shard} {now_ms // 60_000} {start}",
                        body=fifo.written(
                            unseen_message(provider_id, shard, watermarks[provider_id], some)
                        ),
                    )

    fifo.send_all(queue_url, questions())
    return asked
