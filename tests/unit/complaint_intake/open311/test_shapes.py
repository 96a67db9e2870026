"""Whatever a complaint holds, its JSON has the standard's shape and its XML says the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.complaint_intake.open311.requests import (
    extended_request,
    request_update,
    service_request,
)
from functions.complaint_intake.open311.services import discovery
from functions.complaint_intake.open311.shapes import Error, RequestReceipt, TokenAnswer
from tests import georeport_schemas as schemas
from tests.small_config import JURISDICTIONS, SEMARANG
from tests.strategies import complaints, entries
from tests.unit.complaint_intake.open311.reading import check

pytestmark = pytest.mark.usefixtures("small_config")

languages = st.sampled_from(["id", "en"])


@given(st.lists(complaints(), max_size=3), languages)
def test_requests(some, language):
    answered = [service_request(one, SEMARANG, language) for one in some]
    check("service_requests", answered, schemas.REQUESTS)


@given(complaints(), st.lists(entries(), max_size=3), languages)
def test_extended_requests(complaint, timeline, language):
    answered = [extended_request(complaint, SEMARANG, language, timeline=timeline)]
    check("service_requests", answered, schemas.EXTENDED_REQUESTS)


@given(complaints(), st.lists(entries(), max_size=3), languages)
def test_updates(complaint, steps, language):
    answered = [request_update(complaint, entry, language) for entry in steps]
    check("service_request_updates", answered, schemas.UPDATES)


def test_discovery():
    base = "https://api.example.id/v1/open311/v2"
    found = discovery(base, list(JURISDICTIONS.values()), kind="test", language="id")
    check("discovery", found, schemas.DISCOVERY)


def test_receipts_tokens_and_errors():
    notice = RequestReceipt(service_request_id="SMG-1", service_notice="Ditangani 3 hari.")
    check("service_requests", [notice], schemas.RECEIPT)
    token = TokenAnswer(service_request_id="SMG-1", token="SMG-1")
    check("service_requests", [token], schemas.TOKEN)
    check("errors", [Error(code=404, description="Tidak ditemukan")], schemas.ERRORS)
