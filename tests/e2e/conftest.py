"""One local cloud for the whole session, with IAM enforced."""

from collections.abc import Iterator

import pytest
from schemathesis.pytest.plugin import SchemathesisFunction

from cli.api import Api
from cli.outputs import Outputs
from cli.surroundings import Surroundings
from tests.cloud import running_cloud

#: What takes minutes begins first, so that no cloud is left to one of them in the end. A thousand
#: vehicles come first of all: they want shelters in which no other test has left any.
FIRST = ("test_shelters.py", "test_openapi.py", "test_family.py", "test_payments.py")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the long ones first, and name Schemathesis' tests apart.

    pytest-xdist takes those with one node id for one test.
    """
    order = {name: number for number, name in enumerate(FIRST)}
    items.sort(key=lambda item: order.get(item.path.name, len(FIRST)))
    for item in items:
        if isinstance(item, SchemathesisFunction):
            item._id = item.id.with_params(item.operation_label)


@pytest.fixture(scope="session")
def surroundings() -> Iterator[Surroundings]:
    """Clients of the account's own user on the tests' cloud, and where everything is."""
    with running_cloud() as around:
        yield around


@pytest.fixture(scope="session")
def outputs(surroundings: Surroundings) -> Outputs:
    """What `.local/outputs.json` says."""
    return surroundings.outputs


@pytest.fixture(scope="session")
def api(surroundings: Surroundings) -> Api:
    """Simpul's own API."""
    return Api(surroundings.outputs.api_url, surroundings.http)
