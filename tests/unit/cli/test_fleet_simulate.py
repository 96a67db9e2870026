"""`simpul fleet simulate`: what it plays, and how it compares a deployment with the truth."""

import json
import time
from collections import Counter, defaultdict
from functools import partial

import httpx
import pytest

from cli import outputs
from cli.fleet_simulating import simulated
from cli.surroundings import Surroundings
from functions.shelter_alerts.configuration import all_fences, all_shelters
from tests.unit.cli.conftest import OUTPUTS, FakeCloud

CROWDED = "semarang-kota-lama"
FLEETS = {
    name: outputs.Client(
        jurisdiction_id=name.partition("-")[0], client_id=name, scopes=("fleet/telemetry",)
    )
    for name in ("semarang-mitra-armada", "jateng-mitra-armada")
}


class FleetCloud(FakeCloud):
    """A deployment that believes the newest that was told of each vehicle."""

    def __init__(self):
        super().__init__()
        self.cognito.groups.add("shelter_officer")
        self.types = {}  #: of registered vehicles
        self.told = []  #: each item, as it came
        self.requests = []  #: paths, and how many items each had
        self.newest = {}
        self.deaf_to = self.watched_state = None
        self.refusing = False

    def handle(self, request):
        path = request.url.path.removeprefix("/v1")
        if path.startswith(("/mds", "/cds")):
            return self._take(path, json.loads(request.content))
        if path == "/shelters":
            listed = [{"shelter_id": one, "occupancy": self.there(one)} for one in all_shelters()]
            return httpx.Response(200, json={"shelters": listed})
        if path == "/shelters/watch":
            return httpx.Response(200, json={"shelters": [self.watched(CROWDED)]})
        if path == "/shelters/nearest":
            room = {"shelter_id": "semarang-pasar-johar", "name": "Pasar Johar"}
            near = room | {"free": 35, "distance_m": 412}
            return httpx.Response(200, json={"shelters": [near]})
        return super().handle(request)

    def _take(self, path, items):
        self.requests.append((path, len(items)))
        if self.refusing:
            return httpx.Response(400, json={"failures": [{"error": "bad_param"}]})
        if path == "/mds/vehicles" and any(one["device_id"] in self.types for one in items):
            known = [one for one in items if one["device_id"] in self.types]
            failures = [{"item": one, "error": "already_registered"} for one in known]
            return httpx.Response(409, json={"failures": failures})
        for item in items:
            if path == "/mds/vehicles":
                self.types[item["device_id"]] = item["vehicle_type"]
            else:
                self.told.append(item)
                self._believe(item)
        return httpx.Response(201, json={"failures": []})

    def _believe(self, item):
        stops = {one.stop_id: name for name, one in all_shelters().items()}
        if "telemetry_id" in item:
            device, at = item["device_id"], item["timestamp"]
            shelter = all_fences().at(item["location"]["lat"], item["location"]["lng"])
            believed = (at, shelter, self.types[device])
        else:
            if item["event_type"] in {"scheduled_report", self.deaf_to}:
                return
            device, at = item["data_source_device_id"], item["event_time"]
            there = item["event_type"] == "enter_area"
            believed = (at, stops[item["curb_zone_id"]] if there else None, item["vehicle_type"])
        if at >= self.newest.get(device, (0,))[0]:
            self.newest[device] = believed

    def there(self, shelter_id):
        return Counter(kind for _, where, kind in self.newest.values() if where == shelter_id)

    def watched(self, shelter_id):
        capacity, there = all_shelters()[shelter_id].capacity, self.there(shelter_id)
        state = self.watched_state or (
            "over" if there["motorcycle"] > capacity["motorcycle"] else "normal"
        )
        numbers = {"occupancy": there, "capacity": capacity}
        return {"shelter_id": shelter_id, "state": state, "seq": 1, **numbers}


@pytest.fixture
def cloud():
    return FleetCloud()


@pytest.fixture
def around(tmp_path, cloud, monkeypatch):
    where = OUTPUTS.model_copy(update={"fleets": FLEETS})
    outputs.save(where, tmp_path / "outputs.json")
    quick = partial(simulated, sleep=lambda _: time.sleep(0.002), settles_within_s=0.5)
    monkeypatch.setattr("cli.fleet_simulate.simulated", quick)
    monkeypatch.setattr("cli.fleet_simulating._NOTICED_WITHIN_S", 10.0)
    return Surroundings(
        state_dir=tmp_path,
        outputs_path=tmp_path / "outputs.json",
        make_client=cloud.client,
        http=httpx.Client(transport=httpx.MockTransport(cloud.handle)),
    )


@pytest.fixture
def simulate(simpul):
    return lambda *more: simpul("fleet", "simulate", "--vehicles", "200", "--minutes", "8", *more)


def test_a_deployment_that_says_what_is_true_passes(simulate, cloud):
    ran = simulate()
    assert ran.exit_code == 0, ran.output
    assert f"Hunian {len(all_shelters())} titik kumpul sama dengan kebenarannya" in ran.stdout
    assert "kata sistem / told" in ran.stdout
    assert "08:00" in ran.stdout  # the table's last moment
    assert sum(sum(cloud.there(one).values()) for one in all_shelters()) > 20


def test_a_machine_reads_what_was_played(simulate, cloud):
    told = json.loads(simulate("--vehicles", "500", "--json").stdout)
    assert told["different"] == {}
    assert told["present"] == sum(sum(cloud.there(one).values()) for one in all_shelters())
    assert told["shelters"] == len(all_shelters())
    assert told["vanished"] > 0
    assert told["sent"]["items"] == sum(count for _, count in cloud.requests)
    assert told["sent"]["requests"] == len(cloud.requests)


def test_a_deployment_that_misses_departures_fails_by_name(simulate, cloud):
    cloud.deaf_to = "exit_area"
    ran = simulate("--json")
    assert ran.exit_code == 1
    different = json.loads(ran.stdout)["different"]
    assert different
    for shelter_id, counts in different.items():
        assert counts["told"] == cloud.there(shelter_id) != counts["truth"]
    shown = simulate()
    assert shown.exit_code == 1
    assert any(f"{shelter_id}: {{" in shown.stdout for shelter_id in different)
    assert "sama dengan kebenarannya" not in shown.stdout


def test_the_same_seed_plays_the_same(simulate, cloud):
    def devices(seed):
        cloud.types.clear()
        simulate("--minutes", "1", "--seed", seed)
        return set(cloud.types)

    assert devices("3") == devices("3") != devices("4")


def test_the_same_may_be_played_again_at_once(simulate):
    assert simulate().exit_code == 0
    again = simulate("--minutes", "1")
    assert again.exit_code == 0, again.output


def test_a_standards_error_is_told_too(simulate, cloud, monkeypatch):
    answer = httpx.Response(401, json={"error": "unauthorized", "error_description": "x"})
    monkeypatch.setattr(cloud, "_take", lambda *_: answer)
    ran = simulate()
    assert ran.exit_code == 1
    assert "/mds/vehicles: 401" in ran.stderr


def test_some_is_told_twice_some_late_and_out_of_order_in_batches_that_are_taken(simulate, cloud):
    told = json.loads(simulate("--json").stdout)["sent"]
    ids = Counter(one.get("telemetry_id") or one["event_id"] for one in cloud.told)
    assert sum(count - 1 for count in ids.values()) == told["twice"] > 20
    assert max(count for _, count in cloud.requests) <= 200
    times = defaultdict(list)
    for one in cloud.told:
        if ids[one.get("telemetry_id") or one["event_id"]] == 1:
            device = one.get("device_id") or one["data_source_device_id"]
            times[device].append(one.get("timestamp") or one["event_time"])
    disordered = [device for device, told_at in times.items() if told_at != sorted(told_at)]
    assert told["late"] >= len(disordered) > 20


def test_who_speaks_mds_is_registered_and_who_speaks_cds_is_not(simulate, cloud):
    simulate()
    by_mds = {one["device_id"] for one in cloud.told if "telemetry_id" in one}
    by_cds = {one["data_source_device_id"] for one in cloud.told if "telemetry_id" not in one}
    assert by_mds == set(cloud.types)
    assert by_cds.isdisjoint(by_mds)
    assert len(by_mds | by_cds) == 200


def test_a_crowd_stays_until_dishub_is_told_and_it_is_said_where_there_is_room(simulate, cloud):
    ran = simulate("--crowd", CROWDED)
    assert ran.exit_code == 0, ran.output
    assert "motor di 30 tempat, Dishub diberi tahu" in ran.stdout
    assert "Pasar Johar (35 kosong / free, 412 m)" in ran.stdout
    assert cloud.there(CROWDED)["motorcycle"] == 0


def test_a_machine_reads_what_was_said_of_a_crowd(simulate):
    crowd = json.loads(simulate("--crowd", CROWDED, "--json").stdout)["crowd"]
    assert (crowd["shelter_id"], crowd["state"], crowd["seq"]) == (CROWDED, "over", 1)
    assert crowd["motorcycles"] > crowd["capacity"] == 30
    near = {"shelter_id": "semarang-pasar-johar", "distance_m": 412, "free": 35}
    assert crowd["instead"] == [near]


def test_a_crowd_that_nobody_is_told_of_fails(simulate, cloud):
    cloud.watched_state = "normal"
    ran = simulate("--crowd", CROWDED)
    assert ran.exit_code == 1
    assert "tidak diumumkan" in ran.stdout
    assert json.loads(simulate("--crowd", CROWDED, "--json").stdout)["crowd"] is None


def test_an_alert_that_stood_before_the_crowd_came_is_not_taken_for_its_own(simulate, cloud):
    cloud.watched_state = "over"
    crowd = json.loads(simulate("--crowd", CROWDED, "--json").stdout)["crowd"]
    assert crowd["motorcycles"] >= crowd["capacity"]


def test_a_crowd_needs_a_shelter(simulate):
    ran = simulate("--crowd", "semarang-nirwana")
    assert ran.exit_code == 1
    assert "semarang-nirwana" in ran.stderr


def test_an_api_that_refuses_is_told(simulate, cloud):
    cloud.refusing = True
    ran = simulate()
    assert ran.exit_code == 1
    assert "/mds/vehicles: 400" in ran.stderr


def test_only_a_local_cloud_is_simulated_against(simulate, around):
    vars(around)["outputs"] = around.outputs.model_copy(update={"endpoint_url": None})
    ran = simulate()
    assert ran.exit_code == 1
    assert "awan lokal" in ran.stderr
