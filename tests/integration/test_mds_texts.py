"""What Python reads and JSON does not know, in fleets' bodies: numbers without end, half characters."""

import json
from typing import Any

import pytest

from functions.shelter_alerts.mds import api
from tests.builders import CONTEXT, an_api_event, client_claims
from tests.integration.test_mds_api import MDS, a_device, mine, register
from tests.unit.shelter_alerts.test_checks import TELEMETRY, VEHICLE

pytestmark = pytest.mark.usefixtures("aws_double")

MARK = 123454321


def exactly(method: str, path: str, body: str | None = None) -> tuple[int, dict[str, Any]]:
    """Return the answer to a body, read as strictly as other systems read."""

    def refuse(name: str) -> None:
        raise AssertionError(f"{name} is no JSON")

    claims = client_claims("client-of-fleet", "fleet/telemetry")
    event = an_api_event(method, path, body=body, headers={"Accept": MDS}, claims=claims)
    answer = api.handler(event, CONTEXT)
    answer["body"].encode()
    return answer["statusCode"], json.loads(answer["body"], parse_constant=refuse)


@pytest.fixture(autouse=True)
def _a_new_container():
    api.registry.cache_clear()


@pytest.mark.parametrize("number", ["1e400", "-1e400", "1" * 400 + ".0"])
def test_a_number_without_end_is_refused_and_shown_as_nothing(number):
    item = json.dumps([mine(TELEMETRY, location={"lat": MARK, "lng": 110.4})])
    status, body = exactly("POST", "/mds/telemetry", item.replace(str(MARK), number))
    assert status == 400
    (failure,) = body["failures"]
    assert failure["error_details"] == ["location.lat"]
    assert failure["item"]["location"] == {"lat": None, "lng": 110.4}


def test_a_vehicle_with_a_number_without_end_is_not_registered():
    item = json.dumps([mine(VEHICLE, maximum_speed=MARK)]).replace(str(MARK), "1e400")
    status, body = exactly("POST", "/mds/vehicles", item)
    assert (status, body["failures"][0]["error_details"]) == (400, ["item"])
    assert exactly("GET", f"/mds/vehicles/{a_device(1)}")[0] == 404


def test_a_vehicles_list_of_motors_may_not_be_long():
    item = json.dumps([mine(VEHICLE, propulsion_types=["electric"] * 400)])
    status, body = exactly("POST", "/mds/vehicles", item)
    assert (status, body["failures"][0]["error_details"]) == (400, ["item"])


@pytest.mark.parametrize("half", [r"\ud800", r"\uDFFF", r"\udc00\ud800"])
@pytest.mark.parametrize(("path", "item"), [("telemetry", TELEMETRY), ("vehicles", VEHICLE)])
def test_half_a_character_is_no_text(path, item, half):
    register(1)
    body = json.dumps([mine(item, 2, vehicle_id=MARK)]).replace(str(MARK), f'"{half}"')
    status, told = exactly("POST", f"/mds/{path}", body)
    assert (status, told["error_details"]) == (400, ["body"])


def test_a_character_in_two_halves_is_one():
    body = json.dumps([mine(VEHICLE, vehicle_id="🛵")])
    assert r"\ud83d" in body
    assert exactly("POST", "/mds/vehicles", body)[0] == 201
    shown = exactly("GET", f"/mds/vehicles/{a_device(1)}")[1]
    assert shown["vehicles"][0]["vehicle_id"] == "🛵"


def test_what_is_told_of_a_vehicle_bit_by_bit_may_not_be_long_either():
    register(1)
    parts = [{"device_id": a_device(1), f"part_{number}": "x" * 700} for number in range(4)]
    status, body = exactly("PUT", "/mds/vehicles", json.dumps(parts))
    assert (status, body["success"]) == (200, 2)
    assert {one["error_details"][0] for one in body["failures"]} == {"item"}
