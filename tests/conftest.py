"""Sockets are closed everywhere but in the layers that talk to a local cloud or a browser."""

from pathlib import Path

import pytest

LAYERS_WITH_NETWORK = ("e2e", "browser")


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
