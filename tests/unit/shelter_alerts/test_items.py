"""A vehicle comes back from the table as it went in, and its keys are those that others query."""

import pytest

from functions.shelter_alerts import indexes, items
from functions.shelter_alerts.movement import Kind, shard_of
from functions.shelter_alerts.vehicle import Reason
from shared.dynamo import from_item, to_item
from tests.metering import size_of
from tests.unit.shelter_alerts.fleet import DEVICE, NOON, PROVIDER, a_movement, a_stay, a_vehicle


def through_the_table(vehicle):
    return items.vehicle_from(from_item(to_item(items.vehicle_values(vehicle))))


def test_a_bare_vehicle_comes_back():
    assert through_the_table(a_vehicle()) == a_vehicle()


def test_a_vehicle_with_all_that_it_can_have_comes_back():
    vehicle = a_vehicle(
        vehicle_type="moped",
        state="available",
        stated=(NOON - 9, "s"),
        lat=-6.984,
        lng=110.409,
        fixed=(NOON, "f"),
        entered=(NOON - 1, "e"),
        exits={"semarang-johar": (NOON + 1, "x"), "*": (NOON + 2, "y")},
        inside="semarang-johar",
        outside=1,
        seen_ms=NOON + 3,
        stay=a_stay(),
        left=a_stay("semarang-johar", left_ms=NOON - 5, reason=Reason.MOVED),
        revision=7,
    )
    assert through_the_table(vehicle) == vehicle


def test_only_a_vehicle_that_is_somewhere_is_in_the_index_of_the_seen():
    absent = items.vehicle_values(a_vehicle(seen_ms=NOON))
    index = next(one for one in indexes.SHELTERS_INDEXES if one.name == indexes.BY_SEEN)
    assert absent[index.partition] is None
    assert absent[index.sort] is None
    present = items.vehicle_values(a_vehicle(seen_ms=NOON, stay=a_stay()))
    assert present[index.partition] == items.stale_partition(shard_of(PROVIDER, DEVICE))
    assert present[index.sort] == "2026-11-20T05:00"
    assert indexes.key_attributes(indexes.SHELTERS_INDEXES) == (
        "pk",
        "sk",
        "stale_shard",
        "seen_minute",
        "due_shard",
        "due_at",
        "registered_by",
        "device_id",
    )


def test_an_item_of_a_vehicle_that_may_also_move_stays_within_a_kilobyte():
    stay = a_stay("s" * 40, session_id="0" * 20)
    vehicle = a_vehicle(
        vehicle_type="scooter_standing",
        state="non_operational",
        stated=(NOON, DEVICE),
        lat=-6.98412345678901,
        lng=110.40912345678901,
        fixed=(NOON, DEVICE),
        entered=(NOON, DEVICE),
        exits={"s" * 40: (NOON, DEVICE), "*": (NOON, DEVICE)},
        inside="s" * 40,
        outside=1,
        seen_ms=NOON,
        stay=stay,
        left=a_stay("s" * 40, session_id="0" * 20, left_ms=NOON, reason=Reason.REMOVED),
        revision=1_000_000,
    )
    assert size_of(to_item(items.vehicle_values(vehicle))) <= 1024


def test_who_is_in_a_shelter_lies_under_its_key():
    values = items.present_values(a_vehicle(), a_stay())
    assert values == {
        "pk": "S#semarang-tugu-muda",
        "sk": f"P#{PROVIDER}#{DEVICE}",
        "vehicle_type": "motorcycle",
        "arrived_at": "2026-11-20T05:00:00.000Z",
        "session_id": "s-1",
    }


def test_a_stay_that_is_over_lies_under_each_day_that_it_saw_in_semarang():
    evening = NOON + 12 * 3_600_000 + 1_234  # 00:00 WIB on the next day
    first, second = items.session_values(a_stay(left_ms=evening, reason=Reason.EXIT))
    assert first == second | {"pk": "H#semarang-tugu-muda#2026-11-20"}
    assert second == {
        "pk": "H#semarang-tugu-muda#2026-11-21",
        "sk": "2026-11-20T17:00:01.234Z#s-1",
        "arrived_at": "2026-11-20T05:00:00.000Z",
        "left_at": "2026-11-20T17:00:01.234Z",
        "vehicle_type": "motorcycle",
        "reason": "exit",
        "expires_at": evening // 1000 + 402 * 86_400,
    }
    at_once = items.session_values(a_stay(left_ms=NOON, reason=Reason.EXIT))
    assert [one["pk"] for one in at_once] == ["H#semarang-tugu-muda#2026-11-20"]


@pytest.mark.parametrize("place", ["semarang-tugu-muda", None])
def test_what_was_told_too_late_lies_in_the_history_of_the_day_it_tells_of(place):
    late = a_movement(kind=Kind.ENTER, place=place, event_id="e")
    assert items.late_values(late, NOON + 1_000_000) == {
        "pk": f"H#{place or ''}#2026-11-20",
        "sk": f"LATE#2026-11-20T05:00:00.000Z#{PROVIDER}#{DEVICE}#e",
        "kind": "enter",
        "at": "2026-11-20T05:00:00.000Z",
        "received_at": "2026-11-20T05:16:40.000Z",
        "expires_at": NOON // 1000 + 402 * 86_400,
    }


def test_keys_of_registrations_and_watermarks():
    registration = items.registration_key("p", "d")
    assert registration == {"pk": "V#p#d", "sk": "REGISTRATION"}
    assert items.vehicle_key("p", "d") == {"pk": "V#p#d", "sk": "VEHICLE"}
    assert items.watermark_key("p", 3) == {"pk": "W#p", "sk": "03"}


def test_a_time_comes_back_to_the_millisecond():
    for at_ms in (NOON, NOON + 1, NOON + 999, 1_514_764_800_001):
        assert items.milliseconds(items.as_text(at_ms)) == at_ms
