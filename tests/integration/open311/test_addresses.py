"""Where Open311 is spoken: services, jurisdictions, discovery, and what is answered elsewhere."""

import json
from typing import Any

import pytest

from functions.complaint_intake.open311 import api
from shared.complaints.store import ComplaintStore
from shared.errors import Busy
from tests import aws_double
from tests.builders import (
    CONTEXT,
    a_number,
    an_api_event,
)
from tests.integration.geo_report import call, get, post
from tests.integration.open311.requests import FORMATS, a_request
from tests.small_config import JURISDICTIONS


@pytest.mark.parametrize("written", FORMATS)
@pytest.mark.parametrize("jurisdiction", JURISDICTIONS)
def test_the_services_of_each_jurisdiction_are_listed(written, jurisdiction):
    answer = get(f"/services.{written}", jurisdiction_id=jurisdiction)
    assert answer.status == 200
    codes = [one["service_code"] for one in answer.said]
    assert codes == [one.service_code for one in JURISDICTIONS[jurisdiction].categories]
    assert answer.headers["Cache-Control"] == "public, max-age=60"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_each_format_has_its_content_type():
    found = [
        get(f"/services.{one}", jurisdiction_id="jateng").headers["Content-Type"] for one in FORMATS
    ]
    assert found == ["text/xml; charset=utf-8", "application/json; charset=utf-8"]


@pytest.mark.parametrize("written", FORMATS)
def test_a_service_is_defined_by_its_questions(written):
    answer = get(f"/services/jalan-rusak.{written}", jurisdiction_id="semarang")
    assert answer.said["service_code"] == "jalan-rusak"
    assert [one["code"] for one in answer.said["attributes"]] == ["pemilik_jalan", "patokan"]


def test_texts_come_in_the_language_asked_for_and_indonesian_else():
    path = "/open311/v2/services.json"
    event = an_api_event("GET", path, query={"jurisdiction_id": "semarang"})
    answer = api.handler(event, CONTEXT)
    assert json.loads(answer["body"])[0]["service_name"] == "Jalan rusak"
    assert answer["multiValueHeaders"]["Content-Language"] == ["id"]
    english = get("/services.json", jurisdiction_id="semarang")
    assert english.said[0]["service_name"] == "Damaged road"
    assert english.headers["Vary"] == "Accept-Language"


@pytest.mark.parametrize(
    "path", ["/services", "/services/sampah", "/requests", "/servicerequestupdates"]
)
@pytest.mark.parametrize("written", FORMATS)
def test_a_jurisdiction_must_be_named_and_known(path, written):
    missing, unknown, empty = (
        get(f"{path}.{written}"),
        get(f"{path}.{written}", jurisdiction_id="semarag"),
        get(f"{path}.{written}", jurisdiction_id=""),
    )
    assert (missing.status, unknown.status, empty.status) == (400, 404, 400)
    assert missing.faults == unknown.faults == ["jurisdiction_id"]
    assert unknown.said == [
        {"code": 404, "description": "jurisdiction_id: Not found; did you mean “semarang”?"}
    ]
    assert missing.said[0]["code"] == 400


def test_each_jurisdiction_has_an_address_where_it_need_not_be_named():
    own = get("/jateng/services.json")
    assert own.said == get("/services.json", jurisdiction_id="jateng").said
    assert get("/jateng/services.json", jurisdiction_id="jateng").status == 200
    other = get("/jateng/services.json", jurisdiction_id="semarang")
    assert (other.status, other.faults) == (404, ["jurisdiction_id"])
    assert get("/solo/services.json").status == 404


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/nothing.xml"),
        ("GET", "/services"),
        ("GET", "/services.html"),
        ("POST", "/services.xml"),
        ("GET", "/requests/a/b.xml"),
        ("POST", "/tokens/x.xml"),
    ],
)
def test_an_address_that_is_not_there_is_told_in_the_standards_form(method, path):
    answer = call(method, path)
    assert answer.status == 404
    assert answer.headers["Content-Type"] == "text/xml; charset=utf-8"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.body.startswith(
        '<?xml version="1.0" encoding="utf-8"?>\n<errors><error><code>404</code><description>'
    )


def test_an_address_that_is_not_there_is_told_in_json_if_asked_so():
    said = "There is no such address; every address ends in .xml or .json."
    assert get("/nothing.json").said == [{"code": 404, "description": said}]


def test_what_breaks_is_told_in_the_standards_form_without_details(monkeypatch):
    monkeypatch.setattr(api, "complaints", lambda: ComplaintStore("no-such-table"))
    answer = get(f"/requests/{a_number()}.json")
    assert (answer.status, answer.said[0]["code"]) == (500, 500)
    assert "no-such-table" not in answer.body


def test_a_busy_table_is_503_with_the_time_to_wait(monkeypatch):
    class BusyStore(ComplaintStore):
        def submit(self, *_: Any, **__: Any) -> Any:
            raise Busy(headers={"Retry-After": "1"})

    monkeypatch.setattr(api, "complaints", lambda: BusyStore(aws_double.COMPLAINTS))
    answer = post("/requests.xml", a_request())
    assert (answer.status, answer.headers["Retry-After"]) == (503, "1")


@pytest.mark.parametrize(("stage", "kind"), [("prod", "production"), ("dev", "test")])
@pytest.mark.parametrize("written", FORMATS)
def test_discovery_tells_the_addresses(monkeypatch, stage, kind, written):
    monkeypatch.setenv("STAGE", stage)
    monkeypatch.setenv("OPEN311_URL", "https://api.example.id/v1/open311/v2")
    answer = get(f"/discovery.{written}")
    assert (
        answer.headers["Content-Type"]
        == f"{'text' if written == 'xml' else 'application'}/{written}"
    )
    assert [one["url"] for one in answer.said["endpoints"]] == [
        "https://api.example.id/v1/open311/v2",
        "https://api.example.id/v1/open311/v2/jateng",
        "https://api.example.id/v1/open311/v2/semarang",
    ]
    assert {one["type"] for one in answer.said["endpoints"]} == {kind}
    assert answer.said["endpoints"][0]["formats"] == ["text/xml", "application/json"]


def test_discovery_finds_its_own_address_where_none_is_known_beforehand():
    event = an_api_event("GET", "/open311/v2/jateng/discovery.json")
    event["requestContext"] |= {"domainName": "x1.execute-api.ap-southeast-3.amazonaws.com"}
    endpoints = json.loads(api.handler(event, CONTEXT)["body"])["endpoints"]
    assert (
        endpoints[0]["url"] == "https://x1.execute-api.ap-southeast-3.amazonaws.com/v1/open311/v2"
    )
