"""Sockets are closed everywhere but in the layers that talk to a local cloud or a browser."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from shared import config
from shared.complaints.store import ComplaintStore
from tests import aws_double
from tests.small_config import JURISDICTIONS
from tests.twins import ComplaintStoreTwin

# The command's tables are as wide as the terminal: tests have one width wherever they are run.
# Rich reads it when the command is imported, which is after this.
os.environ["COLUMNS"] = "200"

LAYERS_WITH_NETWORK = ("e2e", "browser")

settings.register_profile(
    "fast", max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("quick", parent=settings.get_profile("fast"), max_examples=10)
settings.register_profile("thorough", parent=settings.get_profile("fast"), max_examples=2000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "fast"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Open sockets for the tests of the layers that need them."""
    here = Path(__file__).parent
    for item in items:
        if item.path.relative_to(here).parts[0] in LAYERS_WITH_NETWORK:
            item.add_marker(pytest.mark.enable_socket)


@pytest.fixture(autouse=True)
def _no_real_account(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep a developer's own AWS credentials and profile out of every test."""
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setenv("AWS_REGION", "ap-southeast-3")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "ap-southeast-3")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")


@pytest.fixture(scope="module")
def small_config() -> Iterator[None]:
    """Let a module's tests work with the small jurisdictions instead of those in `config/`."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(config, "load", JURISDICTIONS.__getitem__)
        patch.setattr(config, "jurisdiction_ids", lambda: tuple(sorted(JURISDICTIONS)))
        yield


@pytest.fixture(name="aws_double")
def _aws_double() -> Iterator[None]:
    """Give a test empty tables and queues, secrets and parameters, inside this process."""
    with aws_double.opened():
        yield


@pytest.fixture(params=["twin", "dynamodb"])
def store(request: pytest.FixtureRequest) -> ComplaintStore | ComplaintStoreTwin:
    """Run a test against the store's in-memory twin, then against the store itself."""
    if request.param == "twin":
        return ComplaintStoreTwin()
    request.getfixturevalue("aws_double")
    return ComplaintStore(aws_double.COMPLAINTS)
