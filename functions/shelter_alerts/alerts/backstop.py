"""What the sweep of each minute does for alerts: whatever rang unheard, and who fell silent."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from functions.shelter_alerts import configuration
from functions.shelter_alerts.alerts import items
from functions.shelter_alerts.alerts.evaluate import is_silent
from functions.shelter_alerts.alerts.messages import DistrictDueV1, ShelterTimerV1, timer_message
from functions.shelter_alerts.alerts.store import AlertStore, Reporting
from functions.shelter_alerts.items import as_text, instant
from functions.shelter_alerts.messages import ShelterChangedV1
from functions.shelter_alerts.store import VehicleStore
from shared import config
from shared.queues import send_all


def ring(store: AlertStore, queue_url: str, now_ms: int) -> int:
    """Ask for a look at each shelter whose alert is due; return how many there are."""
    return _send(queue_url, _timers(store, now_ms))


def remind(store: AlertStore, queue_url: str, now_ms: int) -> int:
    """Ask that the subscribers of each district that is due be told; return how many there are."""
    return _send(queue_url, _districts(store, now_ms))


def look_around(store: AlertStore, vehicles: VehicleStore, queue_url: str, now_ms: int) -> int:
    """Ask for a look wherever somebody fell silent or spoke again, or the capacity changed.

    Any fleet's vehicles may be in any jurisdiction's shelters, so each hears of all.

    Who is silent is noted before looks are asked for, so that the first of them sees it; that they
    were asked for is noted after it: who dies in between asks again.
    """
    asked = 0
    known = {each: configuration.shelters_of(each) for each in config.jurisdiction_ids()}
    silent = frozenset(
        each
        for each in frozenset[str]().union(*(one.provider_ids for one in known.values()))
        if is_silent(vehicles.watermarks(each).values(), now_ms)
    )
    for jurisdiction_id, shelters in known.items():
        before = store.reporting(jurisdiction_id)
        then, now = instant(before.looked_ms), instant(now_ms)
        changed = [
            one.id
            for one in shelters.shelters
            if silent != before.asked or one.capacity_at(then) != one.capacity_at(now)
        ]
        if silent != before.silent:
            store.note(jurisdiction_id, replace(before, silent=silent))
        asked += _send(queue_url, (_changed(each, now_ms) for each in changed))
        store.note(jurisdiction_id, Reporting(silent, silent, now_ms))
    return asked


def _timers(store: AlertStore, now_ms: int) -> Iterator[ShelterTimerV1]:
    for _, sort_key in store.due(items.ALERTS_DUE, now_ms):
        yield timer_message(items.shelter_in(sort_key))


def _districts(store: AlertStore, now_ms: int) -> Iterator[DistrictDueV1]:
    for partition, district in store.due(items.DISTRICTS_DUE, now_ms):
        jurisdiction_id = partition.partition("#")[2]
        yield {
            "type": "district_due.v1",
            "jurisdiction_id": jurisdiction_id,
            "district": district,
        }


def _changed(shelter_id: str, now_ms: int) -> ShelterChangedV1:
    return {"type": "shelter_changed.v1", "shelter_id": shelter_id, "at": as_text(now_ms)}


def _send(queue_url: str, messages: Iterable[Mapping[str, Any]]) -> int:
    listed = list(messages)
    send_all(queue_url, listed)
    return len(listed)
