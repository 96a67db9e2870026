"""A thousand vehicles for ten minutes: the deployment says what is true, and tells Dishub once."""

import json
import subprocess
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import boto3
import pytest
from gbfs.client import GBFSClient
from gbfs_validator.feed import GBFS

from cli.fleet_simulating import Simulated, simulated
from cli.fleet_world import Crowd
from cli.surroundings import ROOT, Surroundings
from shared.messengers.leases import LEASE
from tests.e2e.citizen import eventually
from tests.e2e.killing import Killer
from tests.gbfs_checks import mistakes

MINUTES, SPEED = 10.0, 5.0
#: More than there are places, until Dishub has heard of it.
CROWDS = (Crowd("semarang-kota-lama", 40, 0.0), Crowd("jateng-terminal-bawen", 33, 0.0))
DISHUB = {"semarang-kota-lama": "semarang-dishub", "jateng-terminal-bawen": "jateng-dishub"}
#: The functions that work for fleets, each from its own queue.
WORKERS = ("shelter-alerts-on-movement", "shelter-alerts-on-timer", "shelter-alerts-on-alert")
_JUDGE = """
const GBFS = require('@entur/gbfs-validator');
new GBFS(process.argv[1], {docked: true}).validation()
  .then(found => console.log(JSON.stringify(found.summary)));
"""


@dataclass
class Dishub:
    """What the transport agencies hear on their queues, each by its own role."""

    around: Surroundings
    heard: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    _queues: dict[str, Any] = field(default_factory=dict)

    def listen(self) -> Mapping[str, list[dict[str, Any]]]:
        """Receive what is there; return all that was ever heard, by shelter."""
        for agency in set(DISHUB.values()):
            for alert in self.received(agency, agency):
                self.heard[alert["shelter_id"]].append(alert)
        return self.heard

    def hears_of(self, shelter_id: str, action: str) -> bool:
        """Tell whether an alert of a shelter with this action was heard by now."""
        return any(one["action"] == action for one in self.listen()[shelter_id])

    def received(self, reader: str, agency: str) -> Iterator[dict[str, Any]]:
        """Yield the alerts in an agency's queue, read and deleted by an agency's own role."""
        url, sqs = self.around.outputs.agency(agency).queue_url, self._as(reader)
        while found := sqs.receive_message(
            QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=0
        ).get("Messages"):
            for message in found:
                body = json.loads(message["Body"])
                if body.get("type") == "shelter_alert.v1":
                    sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
                    yield body

    def _as(self, reader: str) -> Any:
        if reader not in self._queues:
            agency = self.around.outputs.agency(reader)
            given = self.around.sts.assume_role(
                RoleArn=agency.role_arn or "",
                RoleSessionName="e2e",
                ExternalId=agency.external_id,
            )["Credentials"]
            self._queues[reader] = boto3.client(
                "sqs",
                region_name=self.around.outputs.region,
                endpoint_url=self.around.outputs.endpoint_url,
                aws_access_key_id=given["AccessKeyId"],
                aws_secret_access_key=given["SecretAccessKey"],
                aws_session_token=given["SessionToken"],
            )
        return self._queues[reader]


@dataclass(frozen=True)
class Played:
    """A simulation, what Dishub heard meanwhile, and how many processes were killed."""

    simulated: Simulated
    dishub: Dishub
    killed: Mapping[str, int]


@pytest.fixture(scope="module")
def played(surroundings: Surroundings) -> Played:
    """A thousand vehicles; meanwhile the processes that work for them are killed at their work."""
    dishub, killer = Dishub(surroundings), Killer(surroundings)
    queues = surroundings.outputs.queues
    # As deployed, a killed teller's lease has run out when what it had comes again.
    after_its_lease = LEASE.seconds + 5
    come_again = (
        (queues.movements, 15),
        (queues.evaluation, 15),
        (queues.shelter_alerts, after_its_lease),
    )
    with killer.at_work(dict(zip(WORKERS, come_again, strict=True)), times=1):
        found = simulated(
            surroundings,
            vehicles=1000,
            minutes=MINUTES,
            speed=SPEED,
            seed=7,
            crowds=CROWDS,
            noticed=lambda shelter_id: dishub.hears_of(shelter_id, "trigger"),
        )
    return Played(found, dishub, killer.killed)


def test_every_shelter_holds_who_is_really_there_though_workers_were_killed(played: Played) -> None:
    found = played.simulated
    assert found.different == {}
    assert len(found.truth) >= 24
    assert found.sent["twice"] > 100
    assert found.sent["late"] > 100
    assert found.vanished > 0
    assert sum(sum(one.values()) for one in found.truth.values()) > 100
    assert {entry for entry, processes in played.killed.items() if processes} == set(WORKERS)


def test_the_feeds_of_at_least_24_stations_say_the_same_to_every_reader(
    surroundings: Surroundings, played: Played
) -> None:
    truth = _truth(played.simulated)
    url = surroundings.outputs.gbfs_url
    eventually(lambda: _disabled(surroundings, url) == truth)
    twin = url.replace("/3.0/", "/2.3/")
    for each in (url, twin):
        report = GBFS(each, docked=True).validation()
        assert not report["summary"]["hasErrors"], report
    assert mistakes(_feeds(surroundings, url)) == []
    client = GBFSClient(twin, "id")
    stations = client.request_feed("station_status")["data"]["stations"]
    assert {one["station_id"]: one["num_bikes_disabled"] for one in stations} == truth
    judged = subprocess.run(
        ["node", "-e", _JUDGE, twin], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert json.loads(judged.stdout)["hasErrors"] is False


def test_each_planted_crowd_is_raised_once_and_cleared_once_and_only_dishub_reads_it(
    surroundings: Surroundings, played: Played
) -> None:
    dishub, last = played.dishub, [time.monotonic()]

    def cleared() -> bool:
        if time.monotonic() - last[0] > 30.0:  # of a silent fleet nothing is taken back
            last[0] = time.monotonic()
            played.simulated.tell_again()
        return all(dishub.hears_of(shelter, "resolve") for shelter in DISHUB)

    eventually(cleared, within_s=300.0)
    for shelter in DISHUB:
        news = {one["seq"]: one for one in dishub.heard[shelter]}  # as receivers know repetitions
        actions = [news[seq]["action"] for seq in sorted(news)]
        assert actions[0] == "trigger", actions
        assert actions[-1] == "resolve", actions
        assert set(actions[1:-1]) <= {"update"}, actions
        assert sorted(news) == list(range(min(news), max(news) + 1))
    said = [one for each in dishub.heard.values() for one in each]
    once = {(one["dedup_key"], one["seq"]) for one in said}
    assert len(said) - len(once) <= played.killed["shelter-alerts-on-alert"]
    with pytest.raises(Exception, match=r"AccessDenied|not authorized"):
        list(dishub.received("semarang-dpu", "semarang-dishub"))


def _truth(played: Simulated) -> dict[str, int]:
    return {name: sum(counts.values()) for name, counts in played.truth.items()}


def _feeds(around: Surroundings, url: str) -> dict[str, Any]:
    listed = around.http.get(url).json()["data"]["feeds"]
    return {one["name"]: around.http.get(one["url"]).json() for one in listed}


def _disabled(around: Surroundings, url: str) -> dict[str, int]:
    status = _feeds(around, url)["station_status"]["data"]["stations"]
    return {one["station_id"]: one["num_vehicles_disabled"] for one in status}
