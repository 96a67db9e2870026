"""What routing sends to, played."""

import pytest

from tests.unit.agency_routing.queues import Queues


@pytest.fixture
def queues() -> Queues:
    return Queues()
