"""Under which address the API was called."""

from typing import Any

from functions.complaint_intake.address import of_api
from shared.http import Request


def called(resource: str, path: str, name: str, whole: str) -> Request:
    context: dict[str, Any] = {"domainName": name, "path": whole}
    return Request({"resource": resource, "path": path, "requestContext": context})


def test_it_is_where_the_request_arrived():
    own = "abc.execute-api.ap-southeast-3.amazonaws.com"
    assert (
        of_api(called("/lapor/foto", "/lapor/foto", own, "/v1/lapor/foto")) == f"https://{own}/v1"
    )
    domain = called("/lacak", "/v1/lacak", "aduan.example.id", "/v1/lacak")
    assert of_api(domain) == "https://aduan.example.id/v1"


def test_the_stage_may_say_another(monkeypatch):
    told = "http://localhost:4566/_aws/execute-api/simpul/v1"
    monkeypatch.setenv("API_URL", told)
    assert of_api(called("/lapor", "/lapor", "x", "/v1/lapor")) == told
