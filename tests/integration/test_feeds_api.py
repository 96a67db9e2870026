"""The public's reading of shelters, over the API as it is called."""

import json
from collections import defaultdict
from typing import Any

import pytest

from functions.shelter_alerts import on_movement
from functions.shelter_alerts.alerts.evaluate import Evaluator
from functions.shelter_alerts.alerts.store import AlertStore
from functions.shelter_alerts.feeds import api, looking
from functions.shelter_alerts.items import instant, watermark_key
from functions.shelter_alerts.messages import packed
from functions.shelter_alerts.movement import as_message, shard_of
from functions.shelter_alerts.sessions import SessionStore
from functions.shelter_alerts.store import VehicleStore
from shared import aws
from shared.dynamo import to_item
from tests.aws_double import SHELTERS
from tests.builders import CONTEXT
from tests.metering import metered
from tests.movements import HERE, MINUTE, THERE, a_batch, enter
from tests.unit.shelter_alerts.fleet import NOON

pytestmark = pytest.mark.usefixtures("aws_double")
#: The provider that semarang's configuration names, and its machine client.
MITRA = "5f1c9b1e-6a3d-4d0b-9f43-2b7f0a6c1e11"
CLIENT = "client-of-fleet"
FLEET = {"scope": "fleet/telemetry", "client_id": CLIENT}


@pytest.fixture(autouse=True)
def _at_noon(monkeypatch: pytest.MonkeyPatch) -> None:
    looking.forget()
    looking.board.cache_clear()
    monkeypatch.setattr(api, "now", lambda: instant(NOON + MINUTE))
    monkeypatch.setenv("API_URL", "https://api.example/v1")


def called(handler: Any, method: str, path: str, **more: Any) -> tuple[int, Any, dict[str, str]]:
    query = more.get("query")
    headers = more.get("headers") or {}
    event = {
        "resource": path,
        "path": path,
        "httpMethod": method,
        "headers": headers,
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "queryStringParameters": query,
        "multiValueQueryStringParameters": {k: [v] for k, v in (query or {}).items()},
        "requestContext": {
            "requestId": "r",
            "resourcePath": path,
            "httpMethod": method,
            "domainName": "titik.example",
            "path": f"/v1{path}",
            "authorizer": {"claims": more.get("claims", {})},
        },
        "body": json.dumps(more["body"]) if "body" in more else None,
        "isBase64Encoded": False,
    }
    answer = handler(event, CONTEXT)
    told = {name: values[-1] for name, values in answer["multiValueHeaders"].items()}
    is_json = "json" in (told.get("Content-Type") or "") and answer["body"]
    return answer["statusCode"], json.loads(answer["body"]) if is_json else answer["body"], told


def get(path: str, query: dict[str, str] | None = None, **headers: str) -> Any:
    return called(api.handler, "GET", path, query=query, headers=headers)


def reported(provider_id: str = MITRA) -> None:
    VehicleStore(SHELTERS).worked_through(provider_id, 1, NOON + MINUTE // 2)


def come(*devices: str, place: str = HERE, **more: Any) -> None:
    by_shard: dict[int, list[Any]] = defaultdict(list)
    for number, device in enumerate(devices):
        by_shard[shard_of(MITRA, device)].append(as_message(enter(number, place, device, **more)))
    batch = a_batch(*packed(MITRA, NOON + 20_000, by_shard))
    assert on_movement.handler(batch, CONTEXT) == {"batchItemFailures": []}
    Evaluator(
        AlertStore(SHELTERS),
        VehicleStore(SHELTERS),
        lambda *_: None,
        lambda: instant(NOON + 30_000),
    ).look(place)
    looking.forget()


def test_each_shelter_is_listed_as_it_stands():
    reported()
    come("a", "b")
    status, body, headers = get("/shelters", {"jurisdiction_id": "semarang"})
    assert status == 200
    assert headers["Cache-Control"] == "public, max-age=10"
    (one,) = (each for each in body["shelters"] if each["shelter_id"] == HERE)
    assert one["occupancy"] == {"motorcycle": 2, "car": 0}
    assert one["free"] == {"motorcycle": 38, "car": 6}
    assert one["state"] == "normal"
    assert {each["jurisdiction_id"] for each in body["shelters"]} == {"semarang"}


def test_of_a_jurisdiction_from_which_nobody_ever_reported_no_numbers_are_told():
    reported()
    _, body, _ = get("/shelters")
    (one,) = (each for each in body["shelters"] if each["shelter_id"] == "jateng-terminal-bawen")
    assert (one["state"], one["occupancy"], one["free"], one["reported_at"]) == (
        "unknown",
        None,
        None,
        None,
    )


def test_an_unknown_jurisdiction_is_refused():
    assert get("/shelters", {"jurisdiction_id": "bali"})[0] == 400


def test_who_asks_within_seconds_is_answered_from_one_reading():
    with metered() as bill:
        get("/shelters")
        get("/gbfs/3.0/station_status.json")
        get("/shelters/nearest", {"lat": "-6.98", "lng": "110.4", "vehicle_type": "car"})
    assert len(bill.calls) == 4  # a board and a provider's watermarks, of each jurisdiction


def test_a_shelter_is_shown_with_its_fence_and_unchanged_it_is_not_sent_again():
    reported()
    status, body, headers = get(f"/shelters/{HERE}", None, **{"Accept-Language": "en"})
    assert status == 200
    assert body["fence"]["coordinates"][0][0] == body["fence"]["coordinates"][0][-1]
    again = get(
        f"/shelters/{HERE}", None, **{"Accept-Language": "en", "If-None-Match": headers["ETag"]}
    )
    assert again[0] == 304
    assert get("/shelters/semarang-nowhere")[0] == 404


def test_a_shelter_too_full_says_so():
    reported()
    come(*(f"c{n}" for n in range(7)), vehicle_type="car")
    assert get(f"/shelters/{HERE}")[1]["state"] == "over"
    assert get(f"/shelters/{HERE}")[1]["free"]["car"] == 0


def test_who_is_sent_to_the_nearest_hears_why_not_to_a_nearer_one():
    reported()
    reported("8c0d5c9e-2f47-4d8c-bb0c-0f0a4f7e2d22")
    come(*(f"c{n}" for n in range(6)), vehicle_type="car")
    query = {"lat": "-6.9846", "lng": "110.4086", "vehicle_type": "car"}
    status, body, _ = get("/shelters/nearest", query)
    assert status == 200
    assert body["passed_over"][0]["shelter_id"] == HERE
    assert body["passed_over"][0]["reason"] == "full"
    assert body["shelters"][0]["reason"] == "nearer_full"
    assert body["shelters"][0]["free"] > 0


@pytest.mark.parametrize(
    "query",
    [
        {"lat": "-6.98", "lng": "110.4"},
        {"lat": "-6.98", "lng": "110.4", "vehicle_type": "boat"},
        {"lat": "nan", "lng": "110.4", "vehicle_type": "car"},
        {"lat": "-6.98", "lng": "181", "vehicle_type": "car"},
        {"lng": "110.4", "vehicle_type": "car"},
    ],
    ids=str,
)
def test_a_question_without_a_place_or_a_type_is_refused(query):
    assert get("/shelters/nearest", query)[0] == 400


def test_of_a_time_before_anybody_reported_no_history_is_told():
    path = f"/shelters/{HERE}/history"
    reported()
    for day, hours in (("2026-11-19", 24), ("2026-11-20", 12)):
        rows = get(path, {"date": day})[1]["hours"][: 2 * hours]
        assert len(rows) == 2 * hours
        assert {one["occupancy_percent"] for one in rows} == {-1}
    assert get(path)[1]["hours"][-1]["occupancy_percent"] == 0


def test_a_report_noted_without_when_the_first_was_is_of_no_beginning():
    noted = watermark_key(MITRA, 1) | {"processed_ms": NOON}
    aws.dynamodb().put_item(TableName=SHELTERS, Item=to_item(noted))
    rows = get(f"/shelters/{HERE}/history", {"date": "2026-11-19"})[1]["hours"]
    assert {one["occupancy_percent"] for one in rows} == {0}
    assert get("/shelters")[1]["shelters"][-1]["reported_at"] == "2026-11-20T05:00:00Z"


def test_a_days_history_is_told_as_json_and_as_csv():
    VehicleStore(SHELTERS).worked_through(MITRA, 1, NOON - 180 * MINUTE)
    reported()
    come("a")
    SessionStore(SHELTERS).keep(
        {
            "type": "shelter_left.v1",
            "shelter_id": HERE,
            "provider_id": MITRA,
            "device_id": "gone",
            "session_id": "s",
            "vehicle_type": "motorcycle",
            "arrived_ms": NOON - 90 * MINUTE,
            "left_ms": NOON - 30 * MINUTE,
            "reason": "exit",
        }
    )
    status, body, headers = get(f"/shelters/{HERE}/history")
    assert (status, headers["Cache-Control"]) == (200, "public, max-age=60")
    rows = {(one["hour"], one["vehicle_type"]): one for one in body["hours"]}
    assert body["day"] == "2026-11-20"
    eleven = rows["2026-11-20T11:00:00+07:00", "motorcycle"]
    assert (eleven["average_dwell_time"], eleven["total_sessions"]) == (3600, 0)
    assert eleven["occupancy_percent"] == pytest.approx(100 * 0.5 / 40, abs=0.06)
    assert rows["2026-11-20T12:00:00+07:00", "motorcycle"]["total_sessions"] == 1
    status, text, headers = get(f"/shelters/{HERE}/history", {"format": "csv"})
    assert headers["Content-Type"].startswith("text/csv")
    assert len(text.splitlines()) == 1 + 2 * 13


def test_a_day_that_is_over_may_be_kept_longer_and_one_to_come_is_refused():
    path = f"/shelters/{HERE}/history"
    assert get(path, {"date": "2026-11-19"})[2]["Cache-Control"] == "public, max-age=3600"
    for wrong in ("2026-11-21", "soon", "2024-01-01"):
        assert get(path, {"date": wrong})[0] == 400
    assert get(path, {"format": "xml"})[0] == 400
    assert get("/shelters/semarang-nowhere/history")[0] == 404


@pytest.mark.parametrize("version", ["3.0", "2.3"])
@pytest.mark.parametrize("below", ["", "/semarang"])
def test_each_feed_that_a_system_lists_is_there(version, below):
    reported()
    _, body, _ = get(f"/gbfs/{version}{below}/gbfs.json")
    listed = body["data"] if version == "3.0" else body["data"]["en"]
    for one in listed["feeds"]:
        path, _, query = one["url"].removeprefix("https://api.example/v1").partition("?")
        status, feed, headers = get(path, {"lang": query[5:]} if query else None)
        assert (status, feed["version"]) == (200, version)
        assert headers["Cache-Control"] == f"public, max-age={feed['ttl']}"


def test_a_feed_that_did_not_change_is_not_sent_again():
    reported()
    _, _, headers = get("/gbfs/3.0/station_status.json")
    looking.forget()
    again = get("/gbfs/3.0/station_status.json", None, **{"If-None-Match": headers["ETag"]})
    assert again[0] == 304


def test_the_manifest_leads_to_each_jurisdictions_systems():
    _, body, _ = get("/gbfs/3.0/manifest.json")
    for dataset in body["data"]["datasets"]:
        for one in dataset["versions"]:
            assert get(one["url"].removeprefix("https://api.example/v1"))[0] == 200
    _, body, _ = get("/gbfs/3.0/system_information.json")
    assert body["data"]["system_id"] == "simpul"


@pytest.mark.parametrize(
    "path",
    [
        "/gbfs/1.0/gbfs.json",
        "/gbfs/3.0/gbfs.xml",
        "/gbfs/3.0/free_bike_status.json",
        "/gbfs/3.0/bali/gbfs.json",
        "/gbfs/3.0/semarang/manifest.json",
        "/gbfs/2.3/manifest.json",
    ],
)
def test_what_is_no_feed_is_not_found(path):
    assert get(path)[0] == 404


def test_a_full_shelter_is_an_alert_of_the_system():
    reported()
    come(*(f"c{n}" for n in range(6)), vehicle_type="car")
    assert get("/gbfs/3.0/system_alerts.json")[1]["data"]["alerts"] == []
    come(*(f"m{n}" for n in range(40)))
    (one,) = get("/gbfs/3.0/system_alerts.json")[1]["data"]["alerts"]
    assert one["station_ids"] == [HERE]


def test_elsewhere_feeds_lead_to_the_name_under_which_they_were_asked_for(monkeypatch):
    monkeypatch.delenv("API_URL")
    _, body, _ = get("/gbfs/3.0/gbfs.json")
    assert body["data"]["feeds"][0]["url"].startswith("https://titik.example/v1/gbfs/3.0/")


def test_history_reads_no_more_than_a_days_stays_and_who_is_there():
    come("a", place=THERE)
    with metered() as bill:
        get(f"/shelters/{THERE}/history")
    assert len(bill.calls) == 4


def test_a_stay_of_several_days_is_in_the_history_of_each():
    VehicleStore(SHELTERS).worked_through(MITRA, 1, NOON - 4 * 24 * 60 * MINUTE)
    reported()
    SessionStore(SHELTERS).keep(
        {
            "type": "shelter_left.v1",
            "shelter_id": HERE,
            "provider_id": MITRA,
            "device_id": "parked",
            "session_id": "s",
            "vehicle_type": "motorcycle",
            "arrived_ms": NOON - 3 * 24 * 60 * MINUTE,
            "left_ms": NOON,
            "reason": "exit",
        }
    )

    def hours(day: str) -> list[Any]:
        rows = get(f"/shelters/{HERE}/history", {"date": day})[1]["hours"]
        return [one for one in rows if one["vehicle_type"] == "motorcycle"]

    assert sum(one["total_sessions"] for one in hours("2026-11-17")) == 1
    assert {one["occupancy_percent"] for one in hours("2026-11-18")} == {2.5}
    assert sum(one["average_dwell_time"] or 0 for one in hours("2026-11-18")) == 0
    assert hours("2026-11-20")[12]["average_dwell_time"] == 3 * 24 * 3600
