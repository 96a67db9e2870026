"""The world of the crash tests: made once a module, with the handlers' environment and clients."""

from collections.abc import Iterator
from uuid import uuid4

import boto3
import pytest

from cli.surroundings import Surroundings
from shared import aws
from tests.e2e.crashes.world import World


@pytest.fixture(scope="module")
def built(surroundings: Surroundings) -> World:
    outputs = surroundings.outputs
    session = boto3.Session(
        aws_access_key_id="test", aws_secret_access_key="test", region_name=outputs.region
    )
    assert outputs.endpoint_url
    world = World(f"crash-{uuid4().hex[:8]}", session, outputs.endpoint_url)
    world.build()
    return world


@pytest.fixture
def world(built: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    for name, value in built.environment.items():
        monkeypatch.setenv(name, value)
    built.death = None
    built.seen.clear()
    aws._client.cache_clear()
    for service in ("dynamodb", "sqs", "secretsmanager", "ssm"):
        aws._client(service)  # unconnected as yet, so that forked processes may have it as theirs
    yield built
    aws._client.cache_clear()
    built.waiting("routing")
