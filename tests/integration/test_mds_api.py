"""Fleets' API in MDS 2.0's and CDS 1.1's manners, from the token to the queue."""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count
from typing import Any
from uuid import UUID

import pytest
from jsonschema import Draft202012Validator
from pydantic import TypeAdapter

from functions.shelter_alerts import configuration, on_movement
from functions.shelter_alerts.mds import api, registry, shapes
from functions.shelter_alerts.mds.registry import Registry
from infra.contracts import FOLDER
from infra.routes.fleets import FLEETS_ROUTES
from shared import aws
from tests import mobility_schemas as schemas
from tests.aws_double import MOVEMENTS_QUEUE, SHELTERS, messages
from tests.builders import CONTEXT, an_api_event, client_claims
from tests.metering import metered
from tests.movements import HERE, everything, present, work_off
from tests.unit.shelter_alerts.fleet import NOON
from tests.unit.shelter_alerts.test_checks import CURB_EVENT, EVENT, TELEMETRY, VEHICLE

pytestmark = pytest.mark.usefixtures("aws_double")

PROVIDER = "5f1c9b1e-6a3d-4d0b-9f43-2b7f0a6c1e11"
OTHER = "5f1c9b1e-6a3d-4d0b-9f43-2b7f0a6c1e12"
MDS = "application/vnd.mds+json;version=2.0"
CDS = "application/vnd.cds+json;version=1.1"
STOP_ID = configuration.all_shelters()[HERE].stop_id
STANDING = {"lat": -6.9846, "lng": 110.4086, "speed": 0, "horizontal_accuracy": 8}


@pytest.fixture(autouse=True)
def _a_new_container_at_noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "now", lambda: datetime.fromtimestamp(NOON / 1000, UTC))
    api.registry.cache_clear()
    on_movement.noted.clear()


def a_device(number: int) -> str:
    return str(UUID(int=number, version=4))


def call(
    method: str,
    path: str,
    body: Any = None,
    *,
    accept: str | None = MDS,
    client: str = "client-of-fleet",
    query: Mapping[str, str] | None = None,
    language: str = "en",
) -> tuple[int, Any]:
    headers = {"Accept-Language": language, **({"Accept": accept} if accept else {})}
    claims = client_claims(client, "fleet/telemetry")
    event = an_api_event(method, path, body=body, headers=headers, query=query, claims=claims)
    answer = api.handler(event, CONTEXT)
    return answer["statusCode"], json.loads(answer["body"])


def mine(item: Mapping[str, Any], number: int = 1, **changes: Any) -> dict[str, Any]:
    """Return an item of one of the provider's vehicles."""
    named = {**item, "device_id": a_device(number), "provider_id": PROVIDER}
    return {**named, **changes}


class Died(BaseException):
    """The function's process is gone."""


@contextmanager
def dying(client: Any, when: str, call_no: int) -> Iterator[None]:
    """Let the process die before or after a client's numbered call."""
    numbers = count(1)

    def strike(**_: Any) -> None:
        if next(numbers) == call_no:
            raise Died

    client.meta.events.register_first(f"{when}.*.*", strike)
    try:
        yield
    finally:
        client.meta.events.unregister(f"{when}.*.*", strike)


def register(*numbers: int) -> None:
    vehicles = [mine(VEHICLE, number) for number in numbers]
    assert call("POST", "/mds/vehicles", vehicles)[0] == 201


def curb(**changes: Any) -> dict[str, Any]:
    return CURB_EVENT | {"data_source_device_id": a_device(1), **changes}


@pytest.mark.parametrize(
    ("accept", "spoken"),
    [
        (MDS, True),
        ("application/vnd.mds+json; version=2.0.2", True),
        ('text/html, application/vnd.mds+json;q=0.5;version="2.0"', True),
        ("APPLICATION/VND.MDS+JSON;VERSION=2.0", True),
        (None, False),
        ("*/*", False),
        ("application/json", False),
        ("application/vnd.mds+json", False),
        ("application/vnd.mds+json;version=1.2", False),
        ("application/vnd.mds+json;version=2.1", False),
        (CDS, False),
    ],
)
def test_a_version_must_be_asked_for_that_is_spoken_here(accept, spoken):
    for method, path in (("GET", "/mds/stops"), ("POST", "/mds/telemetry"), ("PUT", "/mds/stops")):
        status, body = call(method, path, [{}] if method != "GET" else None, accept=accept)
        assert (status != 406) is spoken
        if not spoken:
            Draft202012Validator(schemas.ERROR).validate(body)
            assert (body["error"], body["error_details"]) == ("not_acceptable", ["2.0"])


@pytest.mark.parametrize(
    ("accept", "status"),
    [
        (CDS, 201),
        (None, 201),
        ("*/*", 201),
        ("application/json", 201),
        (MDS, 201),
        ("application/vnd.cds+json", 201),
        ("application/vnd.cds+json;version=2.0", 406),
        ("application/vnd.cds+json;version=2.0, application/vnd.cds+json;version=1.0", 201),
    ],
)
def test_curb_events_come_in_the_newest_version_unless_another_is_asked_for(accept, status):
    assert call("POST", "/cds/events/events", [curb()], accept=accept)[0] == status


def test_an_answer_says_in_which_version_it_is():
    claims = client_claims("client-of-fleet", "fleet/telemetry")
    for accept in (MDS, "application/vnd.mds+json;version=1.0"):
        event = an_api_event("GET", "/mds/stops", headers={"Accept": accept}, claims=claims)
        headers = api.handler(event, CONTEXT)["multiValueHeaders"]
        assert headers["Content-Type"] == [MDS]


@pytest.mark.parametrize("body", ["", "{", "[]", "{}", "7", "[NaN]", "[" * 100_000, [{}] * 201])
@pytest.mark.parametrize("path", ["/mds/telemetry", "/mds/events", "/mds/vehicles", "/mds/stops"])
def test_a_body_is_an_array_of_one_to_two_hundred_items(path, body):
    status, told = call("POST", path, body)
    assert (status, told["error"], told["error_details"]) == (400, "bad_param", ["body"])
    Draft202012Validator(schemas.ERROR).validate(told)


def test_a_body_of_over_512_kilobytes_is_too_large():
    assert call("POST", "/mds/telemetry", [mine(TELEMETRY, x="x" * 600_000)])[0] == 413


@pytest.mark.parametrize("client", ["client-of-dpu", "client-of-former-fleet", "nobody"])
def test_a_token_that_is_no_fleets_is_forbidden(client):
    assert call("POST", "/mds/telemetry", [mine(TELEMETRY)], client=client)[0] == 403
    assert call("GET", "/mds/stops", client=client)[0] == 403
    assert call("GET", f"/mds/vehicles/{a_device(1)}", client=client)[0] == 403


def test_telemetry_of_two_hundred_vehicles_is_four_calls_and_writes_nothing():
    register(*range(200))
    items = [mine(TELEMETRY, number) for number in range(200)]
    with metered() as bill:
        status, body = call("POST", "/mds/telemetry", items)
    assert (status, body) == (201, {"success": 200, "total": 200, "failures": []})
    assert bill.calls == ["SendMessageBatch"] * 4
    assert bill.write_units == 0
    contract = json.loads((FOLDER / "fleet_movements.v1.json").read_text(encoding="utf-8"))
    queued = messages(MOVEMENTS_QUEUE)
    for message in queued:
        Draft202012Validator(contract).validate(message)
    assert sum(len(one["movements"]) for one in queued) == 200
    assert {one["provider_id"] for one in queued} == {PROVIDER}


def test_vehicles_that_a_container_does_not_know_are_looked_up_a_hundred_a_call():
    register(*range(150))
    api.registry.cache_clear()
    items = [mine(TELEMETRY, number) for number in range(150)]
    for calls in (["BatchGetItem"] * 2, []):
        with metered() as bill:
            assert call("POST", "/mds/telemetry", items)[1]["success"] == 150
        assert [one for one in bill.calls if one == "BatchGetItem"] == calls
    assert bill.read_units == 0


def test_what_a_container_knows_it_forgets_after_a_while():
    register(1)
    registry = api.registry()
    assert registry.remembered(PROVIDER)
    registry._forget_at = 0.0
    assert not registry.remembered(PROVIDER)


def test_a_mixed_batch_is_taken_as_far_as_it_is_good():
    register(1)
    items = [
        mine(TELEMETRY),
        mine(TELEMETRY, 2),
        mine(TELEMETRY, timestamp=1),
        {"device_id": a_device(1)},
        mine(TELEMETRY, provider_id=OTHER),
    ]
    status, body = call("POST", "/mds/telemetry", items)
    Draft202012Validator(schemas.BULK).validate(body)
    assert (status, body["success"], body["total"]) == (201, 1, 5)
    assert [(one["error"], one["error_details"]) for one in body["failures"]] == [
        ("bad_param", ["timestamp"]),
        (
            "missing_param",
            ["provider_id", "telemetry_id", "timestamp", "trip_ids", "journey_id", "location"],
        ),
        ("bad_param", ["provider_id"]),
        ("unregistered", ["device_id"]),
    ]
    assert body["failures"][3]["item"] == items[1]
    assert a_device(2) in body["failures"][3]["error_description"]
    assert len(messages(MOVEMENTS_QUEUE)) == 1


def test_a_batch_of_which_nothing_is_good_is_a_bad_request():
    status, body = call("POST", "/mds/telemetry", [mine(TELEMETRY)], language="id")
    assert (status, body["success"]) == (400, 0)
    assert body["failures"][0]["error_description"].endswith("belum terdaftar")
    assert messages(MOVEMENTS_QUEUE) == []


def test_a_duplicate_is_a_success_and_is_queued_once():
    register(1)
    for _ in range(2):
        assert call("POST", "/mds/telemetry", [mine(TELEMETRY)])[0] == 201
    assert len(messages(MOVEMENTS_QUEUE)) == 1


@pytest.mark.parametrize("when", ["before-call", "after-call"])
def test_wherever_the_api_dies_what_is_sent_again_is_queued_once(when):
    register(*range(200))
    items = [mine(TELEMETRY, number) for number in range(200)]
    call("POST", "/mds/telemetry", items[:1])  # and who is registered is known
    messages(MOVEMENTS_QUEUE)
    for call_no in range(1, 5):
        sent = [
            {**one, "telemetry_id": a_device(1000 * call_no + n)} for n, one in enumerate(items)
        ]
        with pytest.raises(Died), dying(aws.sqs(), when, call_no):
            call("POST", "/mds/telemetry", sent)
        assert call("POST", "/mds/telemetry", sent)[1]["success"] == 200
        queued = [each for one in messages(MOVEMENTS_QUEUE) for each in one["movements"]]
        assert sorted(one["event_id"] for one in queued) == sorted(
            one["telemetry_id"] for one in sent
        )


def test_what_is_told_leads_to_presence():
    register(1, 2)
    items = [
        mine(TELEMETRY, location=STANDING),
        mine(TELEMETRY, 2, location=STANDING | {"speed": 9}),
    ]
    assert call("POST", "/mds/telemetry", items)[0] == 201
    work_off(MOVEMENTS_QUEUE)
    assert present(HERE) == {a_device(1)}
    gone = mine(EVENT, vehicle_state="removed", timestamp=NOON + 1)
    assert call("POST", "/mds/events", [gone])[0] == 201
    work_off(MOVEMENTS_QUEUE)
    assert present(HERE) == set()


@pytest.mark.parametrize("path", ["/cds/events/events", "/cds/events/event"])
@pytest.mark.parametrize("alone", [False, True])
def test_curb_events_lead_to_presence_at_both_paths(path, alone):
    for event_type, there in (("park_start", {a_device(1)}), ("park_end", set())):
        later = {"event_time": NOON + (event_type == "park_end"), "event_type": event_type}
        item = curb(**later, event_id=a_device(7 + (not there)))
        assert call("POST", path, item if alone else [item], accept=CDS)[0] == 201
        work_off(MOVEMENTS_QUEUE)
        assert present(HERE) == there


def test_a_vehicle_is_registered_once_and_shown_to_its_provider_alone():
    more: dict[str, Any] = {"vehicle_attributes": {"color": "hijau"}, "maximum_speed": 90}
    status, body = call("POST", "/mds/vehicles", [mine(VEHICLE, **more), {}, "x", mine(VEHICLE)])
    Draft202012Validator(schemas.BULK).validate(body)
    assert (status, body["success"]) == (201, 1)
    errors = [one["error"] for one in body["failures"]]
    assert errors == ["missing_param", "bad_param", "already_registered"]
    status, body = call("POST", "/mds/vehicles", [mine(VEHICLE, vehicle_id="another")])
    assert (status, body["failures"][0]["error"]) == (409, "already_registered")
    path = f"/mds/vehicles/{a_device(1).upper()}"
    status, body = call("GET", path)
    assert (status, body["version"], body["vehicles"]) == (200, "2.0.0", [mine(VEHICLE, **more)])
    Draft202012Validator(schemas.VEHICLE).validate(body["vehicles"][0])
    status, body = call("GET", path, client="client-of-other-fleet")
    assert (status, body["error"]) == (404, "not_found")
    theirs = mine(VEHICLE, provider_id=OTHER)
    assert call("POST", "/mds/vehicles", [theirs], client="client-of-other-fleet")[0] == 201
    assert len([one for one in everything() if one["sk"] == "REGISTRATION"]) == 2


def pages(path: str, name: str) -> Iterator[list[Any]]:
    """Yield the pages of a list, following its links."""
    query: dict[str, str] = {}
    while True:
        body = call("GET", path, query=query)[1]
        yield body[name]
        if "links" not in body:
            return
        query = {"cursor": body["links"]["next"].removeprefix("?cursor=")}


def test_a_provider_lists_all_of_its_own_vehicles_page_by_page(monkeypatch):
    monkeypatch.setattr(registry, "_MOST_IN_A_READ", 2)
    register(*range(1, 6))
    theirs = mine(VEHICLE, 9, provider_id=OTHER)
    assert call("POST", "/mds/vehicles", [theirs], client="client-of-other-fleet")[0] == 201
    found = list(pages("/mds/vehicles", "vehicles"))
    assert [len(page) for page in found] == [2, 2, 1]
    listed = [one for page in found for one in page]
    assert listed == sorted(
        (mine(VEHICLE, number) for number in range(1, 6)), key=lambda one: one["device_id"]
    )
    for one in listed:
        Draft202012Validator(schemas.VEHICLE).validate(one)
    others = call("GET", "/mds/vehicles", client="client-of-other-fleet")[1]
    assert others["vehicles"] == [theirs]


def test_a_page_of_vehicles_is_one_query_however_many_there_are():
    register(*range(1, 121))
    with metered() as bill:
        body = call("GET", "/mds/vehicles")[1]
    assert len(body["vehicles"]) == 100
    assert bill.calls == ["Query"]
    assert bill.read_units < 8


def test_a_changed_vehicle_is_listed_once_and_as_it_is():
    register(1)
    call("PUT", "/mds/vehicles", [{"device_id": a_device(1), "vehicle_id": "H 1 A"}])
    assert list(pages("/mds/vehicles", "vehicles")) == [[mine(VEHICLE, vehicle_id="H 1 A")]]


def test_a_provider_lists_the_states_of_those_that_were_told_of(monkeypatch):
    monkeypatch.setattr(registry, "_MOST_IN_A_READ", 1)
    register(1, 2)
    call("POST", "/mds/events", [mine(EVENT, location=STANDING, event_id=a_device(9))])
    work_off(MOVEMENTS_QUEUE)
    found = [one for page in pages("/mds/vehicles/status", "vehicles_status") for one in page]
    (alone,) = call("GET", f"/mds/vehicles/status/{a_device(1)}")[1]["vehicles_status"]
    assert found == [alone]
    others = call("GET", "/mds/vehicles/status", client="client-of-other-fleet")[1]
    assert others["vehicles_status"] == []


@pytest.mark.parametrize("path", ["/mds/vehicles", "/mds/vehicles/status"])
@pytest.mark.parametrize("cursor", ["x", "9" * 3000])
def test_a_cursor_that_is_none_of_ours_is_a_bad_request(path, cursor):
    status, body = call("GET", path, query={"cursor": cursor})
    assert (status, body["error"], body["error_details"]) == (400, "bad_param", ["cursor"])
    Draft202012Validator(schemas.ERROR).validate(body)


def test_what_else_is_told_of_a_vehicle_may_not_be_long():
    status, body = call("POST", "/mds/vehicles", [mine(VEHICLE, x="x" * 3000)])
    assert (status, body["failures"][0]["error_details"]) == (400, ["item"])


def test_a_registered_vehicle_may_be_changed():
    register(1)
    change = {"device_id": a_device(1), "vehicle_type": "car"}
    status, body = call("PUT", "/mds/vehicles", [change, change | {"vehicle_id": "H 1 A"}])
    assert (status, body["success"]) == (200, 2)
    shown = call("GET", f"/mds/vehicles/{a_device(1)}")[1]["vehicles"][0]
    assert (shown["vehicle_type"], shown["vehicle_id"]) == ("car", "H 1 A")
    assert call("POST", "/mds/telemetry", [mine(TELEMETRY, location=STANDING)])[0] == 201
    (queued,) = messages(MOVEMENTS_QUEUE)
    assert queued["movements"][0]["vehicle_type"] == "car"


def test_a_change_of_what_is_not_registered_or_not_right_is_refused():
    assert call("PUT", "/mds/vehicles", [mine(VEHICLE)])[0] == 404
    register(1)
    wrong = {"device_id": a_device(1), "vehicle_type": "sampan"}
    status, body = call("PUT", "/mds/vehicles", [wrong, {}, None])
    assert status == 400
    assert [one["error"] for one in body["failures"]] == ["bad_param", "missing_param", "bad_param"]
    others = call(
        "PUT", "/mds/vehicles", [{"device_id": a_device(1)}], client="client-of-other-fleet"
    )
    assert others[0] == 404


def test_a_registration_that_is_gone_or_came_meanwhile_is_noticed():
    registered = Registry(SHELTERS)
    vehicle = mine(VEHICLE)
    assert not registered.put(vehicle, new=False)
    assert registered.put(vehicle, new=True)
    assert not registered.put(vehicle, new=True)


def test_a_vehicles_status_is_what_was_last_written():
    register(1, 2)
    state = mine(EVENT, location=STANDING, event_id=a_device(9))
    call("POST", "/mds/events", [state])
    work_off(MOVEMENTS_QUEUE)
    status, body = call("GET", f"/mds/vehicles/status/{a_device(1)}")
    (shown,) = body["vehicles_status"]
    assert status == 200
    assert shown["last_event"]["vehicle_state"] == "available"
    telemetry = {"location": shown["last_telemetry"]["location"]}
    assert telemetry["location"] == {"lat": -6.9846, "lng": 110.4086}
    Draft202012Validator(schemas.TELEMETRY).validate(shown["last_telemetry"])
    assert call("GET", f"/mds/vehicles/status/{a_device(2)}")[0] == 404
    other = call("GET", f"/mds/vehicles/status/{a_device(1)}", client="client-of-other-fleet")
    assert other[0] == 404
    call("POST", "/cds/events/events", [curb(data_source_device_id=a_device(3))], accept=CDS)
    work_off(MOVEMENTS_QUEUE)
    shown = call("GET", f"/mds/vehicles/status/{a_device(3)}")[1]["vehicles_status"][0]
    assert {*shown} == {"device_id", "provider_id"}


def test_stops_are_the_shelters_with_who_is_there_now():
    register(1)
    call("POST", "/mds/telemetry", [mine(TELEMETRY, location=STANDING)])
    work_off(MOVEMENTS_QUEUE)
    status, body = call("GET", f"/mds/stops/{STOP_ID}")
    (stop,) = body["stops"]
    Draft202012Validator(schemas.STOP).validate(stop)
    assert (status, stop["capacity"]) == (200, {"motorcycle": 40, "car": 6})
    assert stop["num_vehicles_disabled"] == {"motorcycle": 1, "car": 0}
    assert stop["num_places_available"] == {"motorcycle": 39, "car": 6}
    assert stop["devices"] == [a_device(1)]
    others = call("GET", f"/mds/stops/{STOP_ID}", client="client-of-other-fleet")[1]["stops"][0]
    assert (others["devices"], others["num_vehicles_disabled"]["motorcycle"]) == ([], 1)


def test_all_stops_are_listed_page_by_page(monkeypatch):
    monkeypatch.setattr(api, "_STOPS_ON_A_PAGE", 12)
    found: list[str] = []
    query: dict[str, str] = {}
    while True:
        body = call("GET", "/mds/stops", query=query)[1]
        found += [one["stop_id"] for one in body["stops"]]
        for one in body["stops"]:
            Draft202012Validator(schemas.STOP).validate(one)
        if "links" not in body:
            break
        query = {"cursor": body["links"]["next"].removeprefix("?cursor=")}
    assert sorted(found) == sorted(one.stop_id for one in configuration.all_shelters().values())


def test_stops_are_the_citys_to_set():
    stop = call("GET", f"/mds/stops/{STOP_ID}")[1]["stops"][0]
    assert call("POST", "/mds/stops", [stop])[0] == 409
    status, body = call("POST", "/mds/stops", [stop | {"stop_id": a_device(1)}])
    assert (status, body["failures"][0]["error"]) == (400, "bad_param")
    assert "transport agency" in body["failures"][0]["error_description"]
    for item, error in (({}, "missing_param"), ("x", "bad_param"), ({"stop_id": 1}, "bad_param")):
        status, body = call("PUT", "/mds/stops", [item])
        assert (status, body["failures"][0]["error"]) == (400, error)
    assert call("PUT", "/mds/stops", [{"stop_id": a_device(1)}])[0] == 404
    assert call("PUT", "/mds/stops", [{"stop_id": STOP_ID}])[0] == 400


@pytest.mark.parametrize("path", ["/mds/vehicles/x", "/mds/stops/x", f"/mds/stops/{a_device(1)}"])
def test_what_is_not_there_is_not_found(path):
    status, body = call("GET", path)
    assert status == 404
    Draft202012Validator(schemas.ERROR).validate(body)


def test_the_document_describes_the_items_that_are_accepted():
    for model, item in (
        (shapes.Telemetry, mine(TELEMETRY)),
        (shapes.Event, mine(EVENT)),
        (shapes.Vehicle, mine(VEHICLE)),
        (shapes.CurbEvent, curb()),
        (shapes.Stop, call("GET", f"/mds/stops/{STOP_ID}")[1]["stops"][0]),
    ):
        TypeAdapter(model).validate_python(item)


def test_the_api_serves_exactly_its_routes():
    routes = [*api.app._static_routes, *api.app._dynamic_routes]
    served = {(one.method, re.sub(r"<(\w+)>", r"{\1}", one.path)) for one in routes}
    assert served == {(one.method, one.path) for one in FLEETS_ROUTES}
    assert {one.scopes for one in FLEETS_ROUTES} == {("fleet/telemetry",)}
    for one in FLEETS_ROUTES:
        models = [one.request, *(reply.model for reply in one.replies.values())]
        for model in filter(None, models):
            assert hasattr(shapes, model.partition(":")[2])


def test_a_queue_that_refuses_is_our_fault_and_may_be_told_again():
    from tests.integration.test_queues import refusing

    register(1)
    with refusing(1):
        status, body = call("POST", "/mds/telemetry", [mine(TELEMETRY)])
    assert (status, body["error"]) == (500, "internal_error")
    assert call("POST", "/mds/telemetry", [mine(TELEMETRY)])[0] == 201
