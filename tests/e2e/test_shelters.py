"""A thousand vehicles for ten minutes: the deployment says what is true, and tells Dishub once."""

import json
import subprocess
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from gbfs.client import GBFSClient
from gbfs_validator.feed import GBFS

from cli.fleet_simulating import Simulated, simulated
from cli.fleet_world import Crowd
from cli.surroundings import ROOT, Surroundings
from tests.e2e.citizen import eventually
from tests.gbfs_checks import mistakes

MINUTES, SPEED = 10.0, 5.0
#: Fuller than it takes for a minute of the clock, then empty again.
CROWDS = (
    Crowd("semarang-kota-lama", 40, 0.0, 450.0),
    Crowd("jateng-terminal-bawen", 33, 0.0, 450.0),
)
DISHUB = {"semarang-kota-lama": "semarang-dishub", "jateng-terminal-bawen": "jateng-dishub"}
_JUDGE = """
const GBFS = require('@entur/gbfs-validator');
new GBFS(process.argv[1], {docked: true}).validation()
  .then(found => console.log(JSON.stringify(found.summary)));
"""


@pytest.fixture(scope="module")
def played(surroundings: Surroundings) -> Iterator[Simulated]:
    """A thousand vehicles; meanwhile the workers of one queue are killed once."""
    killer = threading.Timer(45.0, _kill, [surroundings])
    killer.start()
    yield simulated(
        surroundings, vehicles=1000, minutes=MINUTES, speed=SPEED, seed=7, crowds=CROWDS
    )
    killer.cancel()


def _kill(around: Surroundings) -> None:
    """Take the workers away for a while: what they had in hands comes again."""
    name = around.outputs.function("shelter-alerts-on-movement")
    for mapping in around.functions.list_event_source_mappings(FunctionName=name)[
        "EventSourceMappings"
    ]:
        around.functions.update_event_source_mapping(UUID=mapping["UUID"], Enabled=False)
        time.sleep(5)
        around.functions.update_event_source_mapping(UUID=mapping["UUID"], Enabled=True)


def test_every_shelter_holds_who_is_really_there(played: Simulated) -> None:
    assert played.different == {}
    assert played.sent["twice"] > 100
    assert played.sent["late"] > 100
    assert played.vanished > 0
    assert sum(sum(one.values()) for one in played.truth.values()) > 100


def test_the_feeds_of_at_least_24_stations_say_the_same_to_every_reader(
    surroundings: Surroundings, played: Simulated
) -> None:
    url = surroundings.outputs.gbfs_url
    eventually(lambda: _disabled(surroundings, url) == _truth(played))
    assert len(_truth(played)) >= 24
    twin = url.replace("/3.0/", "/2.3/")
    for each in (url, twin):
        report = GBFS(each, docked=True).validation()
        assert not report["summary"]["hasErrors"], report
    assert mistakes(_feeds(surroundings, url)) == []
    client = GBFSClient(twin, "id")
    stations = client.request_feed("station_status")["data"]["stations"]
    assert {one["station_id"]: one["num_bikes_disabled"] for one in stations} == _truth(played)
    judged = subprocess.run(
        ["node", "-e", _JUDGE, twin], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert json.loads(judged.stdout)["hasErrors"] is False


def test_each_planted_crowd_is_raised_once_and_cleared_once_and_only_dishub_reads_it(
    surroundings: Surroundings, played: Simulated
) -> None:
    heard: dict[str, list[dict[str, Any]]] = defaultdict(list)

    last = [time.monotonic()]

    def told() -> bool:
        if time.monotonic() - last[0] > 30.0:  # of a silent fleet nothing is taken back
            last[0] = time.monotonic()
            played.tell_again()
        for agency in set(DISHUB.values()):
            for alert in _received(surroundings, agency, agency):
                heard[alert["shelter_id"]].append(alert)
        return all(any(one["action"] == "resolve" for one in heard[shelter]) for shelter in DISHUB)

    eventually(told, within_s=300.0)
    for shelter in DISHUB:
        said = sorted(heard[shelter], key=lambda one: one["seq"])
        actions = [one["action"] for one in said]
        assert actions.count("trigger") == actions.count("resolve") == 1, said
        assert len({one["seq"] for one in said}) == len(said)
    with pytest.raises(Exception, match=r"AccessDenied|not authorized"):
        list(_received(surroundings, "semarang-dpu", "semarang-dishub"))


def _received(around: Surroundings, reader: str, agency: str) -> Iterator[dict[str, Any]]:
    """Yield the alerts in an agency's queue, read and deleted by an agency's own role."""
    as_reader, of = around.outputs.agency(reader), around.outputs.agency(agency)
    assumed = around.sts.assume_role(
        RoleArn=as_reader.role_arn or "",
        RoleSessionName="e2e",
        ExternalId=as_reader.external_id,
    )["Credentials"]
    sqs = boto3.client(
        "sqs",
        region_name=around.outputs.region,
        endpoint_url=around.outputs.endpoint_url,
        aws_access_key_id=assumed["AccessKeyId"],
        aws_secret_access_key=assumed["SecretAccessKey"],
        aws_session_token=assumed["SessionToken"],
    )
    while found := sqs.receive_message(
        QueueUrl=of.queue_url, MaxNumberOfMessages=10, WaitTimeSeconds=0
    ).get("Messages"):
        for message in found:
            body = json.loads(message["Body"])
            if body.get("type") == "shelter_alert.v1":
                sqs.delete_message(QueueUrl=of.queue_url, ReceiptHandle=message["ReceiptHandle"])
                yield body


def _truth(played: Simulated) -> dict[str, int]:
    return {name: sum(counts.values()) for name, counts in played.truth.items()}


def _feeds(around: Surroundings, url: str) -> dict[str, Any]:
    listed = around.http.get(url).json()["data"]["feeds"]
    return {one["name"]: around.http.get(one["url"]).json() for one in listed}


def _disabled(around: Surroundings, url: str) -> dict[str, int]:
    status = _feeds(around, url)["station_status"]["data"]["stations"]
    return {one["station_id"]: one["num_vehicles_disabled"] for one in status}
