"""GBFS as its own validators and clients read it, and the mistakes that they do not notice."""

import copy
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from gbfs.client import GBFSClient
from gbfs_validator.feed import GBFS

from functions.shelter_alerts.feeds import gbfs, gbfs_twin
from functions.shelter_alerts.feeds.gbfs import Crowded, System
from shared.text import Text
from tests.gbfs_checks import mistakes
from tests.unit.shelter_alerts.standings import NOON, NOON_MS, a_shelter, standing

HERE = a_shelter("semarang-satu")
THERE = a_shelter("semarang-dua", lat=-6.99, motorcycle=30)
COUNTS = {"semarang-satu": {"motorcycle": 12, "car": 1}, "semarang-dua": {"motorcycle": 7}}


def a_system(base_url: str = "https://api.example/v1/gbfs/3.0") -> System:
    return System(
        system_id="simpul-semarang",
        name=Text("Titik kumpul Kota Semarang", "Shelters of Semarang City"),
        operator="Dinas Perhubungan",
        contact="dishub@semarang.example",
        base_url=base_url,
        manifest_url=f"{base_url}/manifest.json",
    )


def feeds(base_url: str = "https://api.example/v1/gbfs/3.0") -> dict[str, dict[str, Any]]:
    stands = standing(HERE, THERE, counts=COUNTS)
    system = a_system(base_url)
    data = {
        "gbfs": gbfs.discovery(system),
        "manifest": gbfs.manifest([("s", {"3.0": f"{base_url}/gbfs.json"})]),
        "system_information": gbfs.system_information(system),
        "vehicle_types": gbfs.vehicle_types(),
        "station_information": gbfs.station_information(stands),
        "station_status": gbfs.station_status(stands),
        "system_alerts": gbfs.system_alerts(
            [Crowded(alert_id="a", standing=stands[0], at_ms=NOON_MS - 60_000)]
        ),
    }
    return {name: gbfs.feed(name, one, NOON) for name, one in data.items()}


def twins(base_url: str, language: str = "id") -> dict[str, dict[str, Any]]:
    system = a_system(base_url)
    found = {
        name: gbfs_twin.twin_of(name, feed, language)
        for name, feed in feeds(base_url).items()
        if name not in {"gbfs", "manifest"}
    }
    about = gbfs.feed("gbfs", gbfs_twin.discovery(system), NOON)
    last_updated = int(NOON.timestamp())
    return {**found, "gbfs": {**about, "version": "2.3", "last_updated": last_updated}}


def written(folder: Path, found: dict[str, dict[str, Any]]) -> str:
    for name, feed in found.items():
        (folder / f"{name}.json").write_text(json.dumps(feed))
    return (folder / "gbfs.json").as_uri()


def errors(url: str) -> list[Any]:
    report = GBFS(url, docked=True).validation()
    assert report["summary"]["hasErrors"] in (True, False)
    return [one for one in report["files"] if one.get("hasErrors")]


def test_the_validator_finds_no_error_in_version_3(tmp_path):
    url = written(tmp_path, feeds(tmp_path.as_uri()))
    assert errors(url) == []


def test_the_validator_finds_no_error_in_the_twin(tmp_path):
    found = twins(tmp_path.as_uri())
    found["gbfs"]["data"] = {"id": found["gbfs"]["data"]["id"]}  # a file has no query
    assert errors(written(tmp_path, found)) == []


def test_the_validator_would_find_one(tmp_path):
    found = feeds(tmp_path.as_uri())
    del found["station_status"]["data"]["stations"][0]["is_renting"]
    assert errors(written(tmp_path, found))


def test_nothing_is_wrong_that_validators_do_not_notice():
    assert mistakes(feeds()) == []


def broken(name: str) -> dict[str, dict[str, Any]]:
    found = copy.deepcopy(feeds())
    station = found["station_status"]["data"]["stations"][0]
    match name:
        case "type":
            station["vehicle_docks_available"][0]["vehicle_type_ids"] = ["motorcycle", "boat"]
        case "station":
            station["station_id"] = "semarang-nowhere"
        case "docks":
            station["num_docks_available"] = 500
        case "time":
            station["last_reported"] = "2026-11-20T11:59:00"
        case "alert":
            found["system_alerts"]["data"]["alerts"][0]["station_ids"] = ["semarang-nowhere"]
    return found


@pytest.mark.parametrize("name", ["type", "station", "docks", "time", "alert"])
def test_each_of_those_mistakes_would_be_noticed(name):
    assert mistakes(broken(name))


def test_a_client_reads_the_twin(tmp_path):
    class Files:
        def fetch(self, url):
            return json.loads(Path(url.removeprefix("file://").partition("?")[0]).read_text())

    url = written(tmp_path, twins(tmp_path.as_uri()))
    client = GBFSClient(url, "id", json_fetcher=Files())
    assert set(client.feed_names) == set(gbfs.LISTED)
    status = client.request_feed("station_status")
    assert {
        one["station_id"]: (one["num_docks_available"], one["num_bikes_disabled"])
        for one in status["data"]["stations"]
    } == {"semarang-satu": (1, 13), "semarang-dua": (23, 7)}


def test_a_full_shelter_has_no_place_and_still_takes_vehicles():
    (one, other) = gbfs.station_status(standing(HERE, THERE, counts=COUNTS))["stations"]
    assert (one["num_docks_available"], one["num_vehicles_disabled"]) == (1, 13)
    assert one["vehicle_docks_available"] == [
        {"vehicle_type_ids": ["motorcycle"], "count": 0},
        {"vehicle_type_ids": ["car"], "count": 1},
    ]
    assert (one["is_returning"], one["is_renting"]) == (True, False)
    assert one["last_reported"] == "2026-11-20T11:59:40+07:00"
    assert other["num_docks_available"] == 23


def test_of_what_nobody_ever_reported_no_status_is_told():
    stands = standing(HERE, reported_ms=None)
    assert gbfs.station_status(stands) == {"stations": []}
    assert len(gbfs.station_information(stands)["stations"]) == 1


def test_a_fence_is_drawn_counterclockwise_whichever_way_it_was_walked():
    back = HERE.model_copy(update={"fence": HERE.fence[::-1]})
    rings = [
        one["station_area"]["coordinates"][0][0]
        for one in gbfs.station_information(standing(HERE, back))["stations"]
    ]
    assert rings[0] == rings[1]
    assert rings[0][0] == [110.4095, -6.9805]
    assert rings[0][1] == [110.4105, -6.9805]


def test_names_are_told_in_both_languages_and_by_the_twin_in_the_one_asked_for():
    assert feeds()["station_information"]["data"]["stations"][0]["name"] == [
        {"text": "Titik semarang-satu", "language": "id"},
        {"text": "Point semarang-satu", "language": "en"},
    ]
    english = twins("https://x/v1/gbfs/2.3", "en")
    assert english["station_information"]["data"]["stations"][0]["name"] == "Point semarang-satu"
    assert english["system_information"]["data"]["language"] == "en"
    assert english["vehicle_types"]["data"]["vehicle_types"][0]["name"] == "Motorcycle"
    assert english["system_alerts"]["data"]["alerts"][0]["summary"].startswith("Point")
    listed = english["gbfs"]["data"]
    assert listed["id"]["feeds"][0]["url"].endswith("/gbfs/2.3/system_information.json")
    assert listed["en"]["feeds"][0]["url"].endswith("/gbfs/2.3/system_information.json?lang=en")


def test_the_twin_tells_the_same_in_seconds():
    three, two = feeds(), twins("https://x/v1/gbfs/2.3")
    for name in ("station_status", "system_alerts"):
        assert (
            two[name]["last_updated"]
            == datetime.fromisoformat(three[name]["last_updated"]).timestamp()
        )
    status = two["station_status"]["data"]["stations"][0]
    assert status["last_reported"] == NOON_MS // 1000 - 20
    assert status["num_bikes_disabled"] == 13
    station = two["station_information"]["data"]["stations"][1]
    assert station["vehicle_type_capacity"] == {"motorcycle": 30}
    assert two["system_alerts"]["data"]["alerts"][0]["times"] == [{"start": NOON_MS // 1000 - 60}]


def test_the_manifest_lists_each_version_of_each_system():
    listed = gbfs.manifest([("simpul-semarang", {"2.3": "https://a", "3.0": "https://b"})])
    assert listed["datasets"] == [
        {
            "system_id": "simpul-semarang",
            "versions": [
                {"version": "2.3", "url": "https://a"},
                {"version": "3.0", "url": "https://b"},
            ],
        }
    ]
