"""MDS's and CDS's items are accepted and refused as schemas written from the specifications say."""

import copy
import json
from functools import partial
from http import HTTPStatus
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from functions.shelter_alerts.cds.checks import curb_event
from functions.shelter_alerts.mds.bulk import Bulk, Error, Refusal
from functions.shelter_alerts.mds.checks import event, telemetry, wrong_in_vehicle
from functions.shelter_alerts.mds.intake import Known, grouped, take
from functions.shelter_alerts.mds.words import EARLIEST_MS
from functions.shelter_alerts.movement import Kind, from_message
from shared.text import Text
from tests import mobility_schemas as schemas
from tests.unit.shelter_alerts.fleet import DEVICE, NOON, OTHER_PROVIDER, PROVIDER

ID = "0e1f2a3b-0000-4000-8000-00000000000A"
ZONE = "a7d3fec6-ccbd-5135-a4a9-2f234f490ca5"
ZONES = {ZONE: "semarang-tugu-muda", "semarang-tugu-muda": "semarang-tugu-muda"}
LOCATION = {"lat": -6.9846, "lng": 110.4086, "speed": 1.5, "horizontal_accuracy": 8}
TELEMETRY = {
    "device_id": DEVICE,
    "provider_id": PROVIDER,
    "telemetry_id": ID,
    "timestamp": NOON,
    "trip_ids": None,
    "journey_id": None,
    "stop_id": ZONE,
    "location": LOCATION,
}
EVENT = {
    "device_id": DEVICE,
    "provider_id": PROVIDER,
    "event_id": ID,
    "vehicle_state": "available",
    "event_types": ["trip_end"],
    "timestamp": NOON,
    "trip_ids": [ID],
    "location": LOCATION,
}
VEHICLE = {
    "device_id": DEVICE,
    "provider_id": PROVIDER,
    "vehicle_id": "H 1234 AB",
    "vehicle_type": "motorcycle",
    "propulsion_types": ["combustion"],
}
CURB_EVENT = {
    "event_id": ID,
    "event_type": "park_start",
    "event_time": NOON,
    "event_publication_time": NOON,
    "data_source_type": "data_feed",
    "data_source_device_id": DEVICE,
    "curb_zone_id": ZONE,
    "event_session_id": ID,
    "event_purpose": "ride_hail",
    "vehicle_type": "moped",
    "event_location": {"type": "Point", "coordinates": [110.4086, -6.9846]},
}
#: What may stand where it should not.
ODD = st.sampled_from(
    [
        None,
        True,
        0,
        -1,
        1.5,
        91,
        181,
        float(NOON),
        EARLIEST_MS - 1,
        EARLIEST_MS,
        1e9,
        "",
        "x",
        ID,
        f"{ID}\n",
        "x" * 256,
        "available",
        "moped",
        "enter_area",
        [],
        [ID],
        ["x"],
        [None],
        ["combustion", "steam"],
        {},
        {"lat": 1, "lng": 2},
        {"lat": "1", "lng": 2},
        {"lat": 1, "lng": 2, "speed": -1},
        {"lat": 1, "lng": 2, "speed": None, "horizontal_accuracy": True},
        {"lat": True, "lng": 2},
        {"type": "Point", "coordinates": [181, 0]},
        {"type": "Point", "coordinates": [1, 2, 3]},
        {"type": "Point", "coordinates": [1]},
        {"type": "Feature", "geometry": {"type": "Point", "coordinates": [1, 2]}},
        {"type": "Feature", "geometry": None},
    ]
)


def check_telemetry(item: Any) -> Any:
    return told_by(telemetry(item, PROVIDER, NOON))


def check_event(item: Any) -> Any:
    return told_by(event(item, PROVIDER, NOON))


def check_curb_event(item: Any) -> Any:
    return told_by(curb_event(item, PROVIDER, NOON, ZONES))


def told_by(checked: Any) -> Any:
    """Return a refusal, or a movement as the queue's reader will see it."""
    if isinstance(checked, Refusal):
        return checked
    device_id, event_id, members, vehicle_type = checked
    told = json.loads(f"{{{members}}}")
    assert (told["device_id"], told["event_id"]) == (device_id, event_id)
    return told | ({"vehicle_type": vehicle_type} if vehicle_type else {})


CHECKS: dict[str, tuple[Any, Any, Any]] = {
    "telemetry": (TELEMETRY, schemas.TELEMETRY, check_telemetry),
    "event": (EVENT, schemas.EVENT, check_event),
    "curb event": (CURB_EVENT, schemas.CURB_EVENT, check_curb_event),
}
#: Of which more is asked than a schema can say.
NOT_IN_SCHEMA = {"provider_id", "curb_zone_id"}


@pytest.mark.parametrize("kind", CHECKS)
@given(data=st.data())
def test_an_item_is_accepted_if_and_only_if_its_schema_says_so(kind, data):
    item, schema, check = CHECKS[kind]
    item = copy.deepcopy(item)
    for name in data.draw(st.sets(st.sampled_from(sorted(item)), max_size=2)) - NOT_IN_SCHEMA:
        if data.draw(st.booleans()):
            del item[name]
        else:
            item[name] = data.draw(ODD)
    fits = Draft202012Validator(schema).is_valid(item) and not _too_subtle(item)
    assert (not isinstance(check(item), Refusal)) is fits, item


def _too_subtle(item: Any) -> bool:
    """Tell whether an item has what schemas take for fitting: 1.5e12 as an integer, a line's end."""
    times = ("timestamp", "event_time", "event_publication_time")
    ids = [value for name, value in item.items() if name.endswith("_id") and name != "vehicle_id"]
    ends = any(isinstance(value, str) and value.endswith("\n") for value in ids)
    return ends or any(isinstance(item.get(name), float) for name in times)


@pytest.mark.parametrize("check", [check_telemetry, check_event, check_curb_event])
@pytest.mark.parametrize("item", [None, [], "x", 7])
def test_what_is_no_object_is_refused(check, item):
    assert check(item) == Refusal(Error.BAD_PARAM, ("item",))


@pytest.mark.parametrize("kind", CHECKS)
def test_every_missing_field_is_named(kind):
    _, schema, check = CHECKS[kind]
    refusal = check({})
    assert refusal.error is Error.MISSING_PARAM
    assert {*refusal.fields} >= {*schema["required"]}


def test_every_field_at_fault_is_named():
    wrong = {"lat": 91, "lng": None, "speed": "fast", "horizontal_accuracy": -1}
    spoilt = dict.fromkeys(TELEMETRY, 7) | {"location": wrong}
    assert {*check_telemetry(spoilt).fields} == {
        *TELEMETRY.keys() - {"location"},
        *(f"location.{name}" for name in wrong),
    }
    assert check_telemetry(TELEMETRY | {"location": []}).fields == ("location",)
    assert {*check_event(dict.fromkeys(EVENT, 7)).fields} == {*EVENT}
    assert {*check_curb_event(dict.fromkeys(CURB_EVENT, 7)).fields} == {*CURB_EVENT}


@pytest.mark.parametrize("ahead_ms", [0, 120_000, 120_001])
def test_a_time_may_be_two_minutes_ahead(ahead_ms):
    for item, check, name in (
        (TELEMETRY, check_telemetry, "timestamp"),
        (EVENT, check_event, "timestamp"),
        (CURB_EVENT, check_curb_event, "event_time"),
    ):
        found = check(item | {name: NOON + ahead_ms})
        assert isinstance(found, Refusal) is (ahead_ms > 120_000)


def test_another_providers_id_is_refused_and_its_own_may_be_in_capitals():
    for item, check, name in (
        (TELEMETRY, check_telemetry, "provider_id"),
        (EVENT, check_event, "provider_id"),
        (CURB_EVENT, check_curb_event, "data_source_operator_id"),
    ):
        assert check(item | {name: OTHER_PROVIDER}).fields == (name,)
        assert not isinstance(check(item | {name: PROVIDER.upper()}), Refusal)
    assert wrong_in_vehicle(VEHICLE | {"provider_id": OTHER_PROVIDER}, PROVIDER) == ["provider_id"]


@given(data=st.data())
def test_a_vehicle_is_registered_if_and_only_if_its_schema_says_so(data):
    name = data.draw(st.sampled_from(sorted(VEHICLE.keys() - NOT_IN_SCHEMA)))
    item = VEHICLE | {name: data.draw(ODD)}
    fits = Draft202012Validator(schemas.VEHICLE).is_valid(item) and not _too_subtle(item)
    assert wrong_in_vehicle(item, PROVIDER) == ([] if fits else [name])


def test_telemetry_tells_where_a_vehicle_was():
    assert check_telemetry(TELEMETRY) == {
        "device_id": DEVICE,
        "event_id": ID.lower(),
        "at_ms": NOON,
        "kind": "telemetry",
        "lat": -6.9846,
        "lng": 110.4086,
        "accuracy_m": 8,
        "speed_mps": 1.5,
    }
    bare = check_telemetry(TELEMETRY | {"location": {"lat": 1, "lng": 2}})
    assert "speed_mps" not in bare
    assert "accuracy_m" not in bare


def test_an_event_tells_its_state_and_place_if_it_has_one():
    assert check_event(EVENT)["vehicle_state"] == "available"
    nowhere = {name: value for name, value in EVENT.items() if name != "location"}
    told = check_event(nowhere | {"event_geographies": [ID]})
    assert "lat" not in told
    assert check_event(nowhere | {"event_geographies": "x"}).fields == ("event_geographies",)


@pytest.mark.parametrize(
    ("event_type", "kind"),
    [
        ("enter_area", "enter"),
        ("park_start", "enter"),
        ("exit_area", "exit"),
        ("park_end", "exit"),
        ("scheduled_report", "telemetry"),
        ("comms_lost", "comms_lost"),
        ("comms_restored", "telemetry"),
        ("decommissioned", "event"),
    ],
)
def test_a_curb_event_tells_a_movement(event_type, kind):
    told = check_curb_event(CURB_EVENT | {"event_type": event_type})
    assert (told["kind"], told["vehicle_type"]) == (kind, "moped")
    assert told.get("place") == ("semarang-tugu-muda" if kind in {"enter", "exit"} else None)
    assert told.get("vehicle_state") == ("removed" if kind == "event" else None)
    assert from_message(PROVIDER, told).kind is Kind(kind)


def test_a_zone_may_be_named_by_the_shelters_own_id_and_must_exist():
    told = check_curb_event(CURB_EVENT | {"curb_zone_id": "semarang-tugu-muda"})
    assert told["place"] == "semarang-tugu-muda"
    assert check_curb_event(CURB_EVENT | {"curb_zone_id": ID}).fields == ("curb_zone_id",)


def test_who_enters_an_area_without_a_name_is_where_it_says_or_nowhere():
    unnamed = {name: value for name, value in CURB_EVENT.items() if name != "curb_zone_id"}
    assert check_curb_event(unnamed)["kind"] == "telemetry"
    nowhere = {name: value for name, value in unnamed.items() if name != "event_location"}
    assert check_curb_event(nowhere) == Refusal(Error.MISSING_PARAM, ("curb_zone_id",))
    left = check_curb_event(nowhere | {"event_type": "park_end", "vehicle_type": "unspecified"})
    assert "place" not in left
    assert "vehicle_type" not in left


class Fleet:
    """One vehicle that is remembered, and one that must be asked for."""

    def remembered(self, _provider_id):
        return {DEVICE: Known("motorcycle", 28)}

    def known(self, _provider_id, device_ids):
        return {one: Known("car", 3) for one in device_ids if one == ID.lower()}


def test_what_is_taken_is_packed_by_shard_and_what_is_not_is_told():
    items = [
        TELEMETRY,
        TELEMETRY | {"device_id": ID},
        TELEMETRY | {"device_id": OTHER_PROVIDER},
        {},
        *[TELEMETRY | {"timestamp": NOON + n} for n in range(60)],
    ]
    bulk, by_shard = take(items, lambda one: telemetry(one, PROVIDER, NOON), PROVIDER, Fleet())
    assert (bulk.total, bulk.success) == (64, 62)
    assert [refusal.error for _, refusal in bulk.failures] == ["missing_param", "unregistered"]
    assert bulk.failures[1][1].fields == ("device_id",)
    messages = list(grouped(PROVIDER, NOON, by_shard))
    bodies = [json.loads(one.body) for one in messages]
    assert [
        (one.group, len(body["movements"])) for one, body in zip(messages, bodies, strict=True)
    ] == [
        ("28", 50),
        ("28", 11),
        (messages[2].group, 1),
    ]
    assert {each["vehicle_type"] for each in bodies[0]["movements"]} == {"motorcycle"}
    assert bodies[2]["movements"][0]["vehicle_type"] == "car"
    assert bodies[0]["received_ms"] == NOON
    again = list(grouped(PROVIDER, NOON + 5, by_shard))
    assert [one.repetition for one in again] == [one.repetition for one in messages]
    assert len({one.repetition for one in messages}) == 3


def test_one_id_for_movements_of_two_vehicles_makes_no_repetition_of_the_second():
    class Two(Fleet):
        def remembered(self, _provider_id):
            return {one.lower(): Known("motorcycle", 3) for one in (ID, OTHER_PROVIDER)}

    def told(device_id):
        items = [TELEMETRY | {"device_id": device_id}]
        _, by_shard = take(items, lambda one: telemetry(one, PROVIDER, NOON), PROVIDER, Two())
        (message,) = grouped(PROVIDER, NOON, by_shard)
        return message.repetition

    assert told(ID) != told(OTHER_PROVIDER)


def test_a_curb_event_of_a_vehicle_that_is_not_registered_may_tell_its_type():
    stranger = CURB_EVENT | {"data_source_device_id": OTHER_PROVIDER}
    untyped = {name: value for name, value in stranger.items() if name != "vehicle_type"}
    check = partial(curb_event, provider_id=PROVIDER, now_ms=NOON, zones=ZONES)
    bulk, by_shard = take([stranger, untyped], check, PROVIDER, Fleet())
    ((item, refusal),) = bulk.failures
    assert item == untyped
    assert refusal.error is Error.UNREGISTERED
    assert refusal.fields == ("data_source_device_id", "vehicle_type")
    ((_, (told,)),) = by_shard.values()
    assert json.loads(told)["vehicle_type"] == "moped"


@pytest.mark.parametrize(
    ("errors", "status"),
    [
        ([], 201),
        ([Error.BAD_PARAM], 201),
        ([Error.BAD_PARAM, Error.UNREGISTERED], 400),
        ([Error.UNREGISTERED] * 2, 404),
        ([Error.ALREADY_REGISTERED] * 2, 409),
        ([Error.ALREADY_REGISTERED, Error.BAD_PARAM], 400),
    ],
)
def test_the_status_is_that_of_the_whole(errors, status):
    bulk = Bulk(2)
    for one in errors:
        bulk.refuse({}, Refusal(one))
    assert bulk.status(HTTPStatus.CREATED, unknown=HTTPStatus.NOT_FOUND) == status


def test_each_failure_names_its_device_and_says_what_to_do_in_the_language_asked_for():
    bulk = Bulk(3)
    bulk.refuse(TELEMETRY, Refusal(Error.UNREGISTERED, ("device_id",)))
    bulk.refuse({"device_id": 7}, Refusal(Error.BAD_PARAM, (), Text("salah", "wrong")))
    bulk.refuse(None, Refusal(Error.BAD_PARAM, ("item",)))
    body = bulk.body("en")
    Draft202012Validator(schemas.BULK).validate(body)
    assert body["failures"][0] == {
        "item": TELEMETRY,
        "error": "unregistered",
        "error_description": f"device_id {DEVICE}: not registered",
        "error_details": ["device_id"],
    }
    assert body["failures"][1]["error_description"] == "item: wrong"
    assert bulk.body("id")["failures"][2]["error_description"].endswith("tidak dapat diterima")


@pytest.mark.parametrize(
    ("spoilt", "field"),
    [
        ({"lat": 90.5}, "lat"),
        ({"lng": "110"}, "lng"),
        ({"horizontal_accuracy": -1}, "horizontal_accuracy"),
        ({"horizontal_accuracy": True}, "horizontal_accuracy"),
        ({"speed": "fast"}, "speed"),
        ({"speed": 1e8}, "speed"),
    ],
)
def test_a_single_fault_of_a_location_is_named(spoilt, field):
    assert check_telemetry(TELEMETRY | {"location": LOCATION | spoilt}).fields == (
        f"location.{field}",
    )


@pytest.mark.parametrize(
    "where",
    [
        7,
        {"type": "Polygon", "coordinates": []},
        {"type": "Feature", "geometry": {"type": "LineString"}},
        {"type": "Point", "coordinates": [110.4]},
        {"type": "Point", "coordinates": [110.4, -91]},
    ],
)
def test_the_place_of_a_curb_event_is_a_point(where):
    assert check_curb_event(CURB_EVENT | {"event_location": where}).fields == ("event_location",)
    feature = {"type": "Feature", "geometry": CURB_EVENT["event_location"]}
    told = check_curb_event(CURB_EVENT | {"event_location": feature})
    assert (told["lat"], told["lng"]) == (-6.9846, 110.4086)
