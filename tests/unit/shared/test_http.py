"""The one HTTP resolver: requests read, errors mapped once, a line a request."""

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict

from shared.errors import Busy, Conflict, Fault, Forbidden, InvalidInput, NotFound, Problem
from shared.http import MAX_BODY_BYTES, ApiResolver, Request, cacheable, reply
from shared.text import Text
from tests.builders import CONTEXT, an_api_event
from tests.strategies import json_values

ENGLISH = {"Accept-Language": "en"}


class Echo(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    text: str


class OutOfTea(Conflict):
    code = "out_of_tea"
    title = Text("Teh habis", "Out of tea")


@pytest.fixture(scope="module")
def api() -> ApiResolver:
    """An API of a few routes, each of which shows one thing."""
    app = ApiResolver("test-http")

    @app.post("/echo")
    def echo():
        return reply(app.incoming.parse(Echo), status=201, headers={"Location": "/echo/1"})

    @app.get("/cached")
    def cached():
        text = Text("halo", "hello").in_language(app.incoming.language)
        return cacheable(Echo(text=text), app.incoming, cache_control="public, max-age=5")

    @app.get("/problem/<name>")
    def problem(name: str):
        raise PROBLEMS[name]

    @app.get("/broken")
    def broken():
        raise RuntimeError("Bu Tutik, +628120000063")

    return app


PROBLEMS: dict[str, Problem] = {
    "plain": NotFound(),
    "named": OutOfTea(Text("Tunggu air mendidih.", "Wait for the kettle.")),
    "faults": InvalidInput(
        faults=[
            Fault("lat", "missing", Text("Wajib diisi.", "This is required.")),
            Fault("long", "missing", Text("Wajib diisi.", "This is required.")),
        ]
    ),
    "whole": InvalidInput(
        faults=[Fault("", "json_invalid", Text("Bukan JSON.", "This is no JSON."))]
    ),
    "busy": Busy(headers={"Retry-After": "1"}),
    "forbidden": Forbidden(),
}


def call(api: ApiResolver, method: str, path: str, **event: Any) -> dict[str, Any]:
    return api.lambda_handler(an_api_event(method, path, **event), CONTEXT)


def header(answer: dict[str, Any], name: str) -> str | None:
    single = {key.lower(): value for key, value in (answer.get("headers") or {}).items()}
    multi = {k.lower(): v[-1] for k, v in (answer.get("multiValueHeaders") or {}).items()}
    return (single | multi).get(name.lower())


def problem_of(answer: dict[str, Any]) -> dict[str, Any]:
    assert header(answer, "Content-Type") == "application/problem+json"
    found: dict[str, Any] = json.loads(answer["body"])
    assert found["status"] == answer["statusCode"]
    return found


def test_a_model_is_answered_as_json_with_its_headers(api):
    answer = call(api, "POST", "/echo", body={"text": "halo"})
    assert answer["statusCode"] == 201
    assert json.loads(answer["body"]) == {"text": "halo"}
    assert header(answer, "Content-Type") == "application/json"
    assert header(answer, "Location") == "/echo/1"
    assert header(answer, "Cache-Control") == "no-store"


def test_a_base64_body_is_read_like_any_other(api):
    event = an_api_event("POST", "/echo", body=base64.b64encode(b'{"text": "halo"}').decode())
    answer = api.lambda_handler(event | {"isBase64Encoded": True}, CONTEXT)
    assert json.loads(answer["body"]) == {"text": "halo"}


@pytest.mark.parametrize("body", ["%%%", "a", "é"])
def test_a_broken_base64_body_is_a_bad_request(api, body):
    event = an_api_event("POST", "/echo", body=body) | {"isBase64Encoded": True}
    assert problem_of(api.lambda_handler(event, CONTEXT))["errors"][0]["code"] == "json_invalid"


@pytest.mark.parametrize("body", [None, "", "{", "nul", "\x00", "[" * 5000, '{"text": "\\ud800"}'])
def test_a_body_that_is_no_json_is_a_bad_request(api, body):
    found = problem_of(call(api, "POST", "/echo", body=body))
    assert (found["status"], found["code"]) == (400, "invalid_input")
    assert found["errors"][0]["code"] == "json_invalid"


@given(st.text() | json_values.map(json.dumps))
def test_no_body_at_all_is_an_error_of_ours(api, body):
    assert call(api, "POST", "/echo", body=body)["statusCode"] in (201, 400)


@pytest.mark.parametrize(("extra", "status"), [(0, 201), (1, 413)])
def test_a_body_may_have_64_kb_and_not_a_byte_more(api, extra, status):
    text = "é" * ((MAX_BODY_BYTES - len('{"text": ""}')) // 2)
    body = json.dumps({"text": text}, ensure_ascii=False) + " " * extra
    assert len(body.encode()) == MAX_BODY_BYTES + extra
    answer = call(api, "POST", "/echo", body=body, headers=ENGLISH)
    assert answer["statusCode"] == status
    if status == 413:
        found = problem_of(answer)
        assert found["code"] == "body_too_large"
        assert found["detail"] == "The request body may have at most 64 KB."


def test_a_problem_has_the_format_of_rfc_9457(api):
    answer = call(api, "GET", "/problem/named", headers=ENGLISH)
    assert problem_of(answer) == {
        "type": "urn:simpul:problem:out_of_tea",
        "title": "Out of tea",
        "status": 409,
        "code": "out_of_tea",
        "detail": "Wait for the kettle.",
        "request_id": "a-request-id",
    }
    assert header(answer, "Content-Language") == "en"
    assert header(answer, "Cache-Control") == "no-store"


def test_a_problem_names_each_fault_and_tells_the_first(api):
    found = problem_of(call(api, "GET", "/problem/faults"))
    assert found["detail"] == "lat: Wajib diisi."
    assert found["errors"] == [
        {"field": "lat", "code": "missing", "message": "Wajib diisi."},
        {"field": "long", "code": "missing", "message": "Wajib diisi."},
    ]


@pytest.mark.parametrize(
    ("name", "status", "detail"),
    [
        ("plain", 404, "Not found"),
        ("whole", 400, "This is no JSON."),
        ("forbidden", 403, "Not allowed"),
    ],
)
def test_a_problem_always_has_a_detail(api, name, status, detail):
    found = problem_of(call(api, "GET", f"/problem/{name}", headers=ENGLISH))
    assert (found["status"], found["detail"]) == (status, detail)


def test_a_problem_brings_its_headers(api):
    assert header(call(api, "GET", "/problem/busy"), "Retry-After") == "1"


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        (None, "id"),
        ("", "id"),
        ("en", "en"),
        ("EN-us", "en"),
        ("id-ID,id;q=0.9,en-US;q=0.8", "id"),
        ("en-US,en;q=0.9,id;q=0.8", "en"),
        ("jv,en;q=0.5", "en"),
        ("jv", "id"),
        ("*", "id"),
        ("en;q=0.1,id;q=0.9", "id"),
        ("en;q=0,id", "id"),
        ("en;q=0", "id"),
        ("en;q=much", "id"),
        ("en;q=0.9, id ; q=0.95", "id"),
        ("id;q=0.5,en;q=0.5", "id"),
        ("enm,ido", "id"),
    ],
)
def test_the_language_is_the_one_preferred_of_the_two(api, accepted, language):
    headers = {} if accepted is None else {"accept-language": accepted}
    answer = call(api, "GET", "/problem/plain", headers=headers)
    assert header(answer, "Content-Language") == language


def test_an_unknown_route_is_404_in_the_same_format(api):
    assert problem_of(call(api, "GET", "/tidak/ada"))["code"] == "not_found"


def test_an_unexpected_error_is_a_500_that_says_nothing_of_it(api):
    answer = call(api, "GET", "/broken", headers=ENGLISH)
    found = problem_of(answer)
    assert (found["status"], found["code"]) == (500, "internal_error")
    assert found["request_id"] == "a-request-id"
    assert "Tutik" not in json.dumps(answer)


def test_an_unexpected_error_is_logged_without_its_words(api, capsys):
    call(api, "GET", "/broken")
    logged = capsys.readouterr().out
    assert "Tutik" not in logged


@pytest.mark.parametrize(
    ("known", "status"),
    [
        ("{etag}", 304),
        ("W/{etag}", 304),
        ('"other", {etag}', 304),
        ('"other",W/{etag}', 304),
        ("*", 304),
        (" * ", 304),
        ('"other"', 200),
        ("", 200),
        ("W/", 200),
    ],
)
def test_a_client_that_has_it_already_is_told_so(api, known, status):
    first = call(api, "GET", "/cached")
    etag = header(first, "ETag")
    headers = {"If-None-Match": known.format(etag=etag)}
    answer = call(api, "GET", "/cached", headers=headers)
    assert answer["statusCode"] == status
    assert header(answer, "ETag") == etag
    assert header(answer, "Cache-Control") == "public, max-age=5"
    assert header(answer, "Vary") == "Accept-Language"
    assert bool(answer["body"]) == (status == 200)


def test_another_language_is_another_etag(api):
    indonesian, english = call(api, "GET", "/cached"), call(api, "GET", "/cached", headers=ENGLISH)
    assert header(indonesian, "ETag") != header(english, "ETag")
    assert (header(indonesian, "Content-Language"), header(english, "Content-Language")) == (
        "id",
        "en",
    )


def test_a_path_may_begin_with_the_stage_as_it_does_under_a_domain_of_the_citys_own(api):
    assert call(api, "GET", "/v1/cached")["statusCode"] == 200


@pytest.mark.parametrize("headers", [{}, {"Origin": "https://lapor.example.id"}])
@pytest.mark.parametrize("path", ["/cached", "/problem/plain", "/tidak/ada", "/broken"])
def test_any_page_may_read_the_answer_whatever_it_is_and_whoever_asked_first(api, path, headers):
    answer = call(api, "GET", path, headers=headers)
    assert header(answer, "Access-Control-Allow-Origin") == "*"
    assert header(answer, "Access-Control-Expose-Headers") == (
        "Content-Language, ETag, Location, Retry-After"
    )
    assert header(answer, "Content-Type")


def test_a_request_leaves_one_log_line_without_its_content(capsys):
    app = ApiResolver("test-http-log")

    @app.post("/complaints/<complaint_id>/actions")
    def act(complaint_id: str):
        return reply(Echo(text="rahasia jawaban"))

    call(
        app,
        "POST",
        "/complaints/SMG-9QYRQW3H95CDB/actions",
        body={"text": "rahasia isi"},
        headers={"X-Tracking-Token": "rahasia token"},
        query={"nama": "rahasia nama"},
        claims={"sub": "rahasia orang"},
    )
    (line,) = capsys.readouterr().out.splitlines()
    logged = json.loads(line)
    assert "rahasia" not in line
    assert "203.0.113.7" not in line
    assert {
        name: logged[name] for name in ("message", "method", "route", "status", "request_id")
    } == {
        "message": "request",
        "method": "POST",
        "route": "/complaints/{complaint_id}/actions",
        "status": 200,
        "request_id": "a-request-id",
    }


def test_an_unexpected_error_is_logged_with_its_trace(capsys):
    app = ApiResolver("test-http-error")

    @app.get("/broken")
    def broken():
        raise RuntimeError("a bug")

    call(app, "GET", "/broken")
    error, request = map(json.loads, capsys.readouterr().out.splitlines())
    assert (error["level"], error["message"], error["exception_name"]) == (
        "ERROR",
        "unhandled",
        "RuntimeError",
    )
    assert (request["message"], request["status"]) == ("request", 500)


def test_a_request_without_headers_or_query_is_read_as_having_none():
    request = Request({"headers": None, "queryStringParameters": None, "body": None})
    assert (dict(request.headers), dict(request.query), request.body) == ({}, {}, b"")
    assert (request.id, request.language) == ("", "id")


def test_an_empty_query_parameter_is_as_good_as_none():
    assert Request({"queryStringParameters": {"status": "", "limit": "5"}}).query == {"limit": "5"}
