"""A stage of Open311, with keys that were given to others."""

import pytest

from functions.complaint_intake.open311 import api
from tests.integration.geo_report import give_keys


@pytest.fixture(autouse=True)
def _a_stage(small_config: None, aws_double: None) -> None:
    for remembered in (api.complaints, api.listings, api.keys, api.photos):
        remembered.cache_clear()
    give_keys()
