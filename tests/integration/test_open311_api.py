"""GeoReport v2 through its handler: gateway event in, tables read and written, answer out."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest

from functions.complaint_intake import api as citizens
from functions.complaint_intake.open311 import api
from shared.clock import now
from shared.complaints.law import Action, Status
from shared.complaints.photos import PhotoStore
from shared.complaints.store import ComplaintStore
from shared.dynamo import from_item
from shared.errors import Busy
from tests import aws_double
from tests.builders import (
    CONTEXT,
    a_complaint,
    a_key,
    a_number,
    a_submission,
    an_api_event,
    an_assignment,
    an_entry,
)
from tests.integration.geo_report import KEY, call, get, give_keys, post
from tests.metering import metered
from tests.small_config import JURISDICTIONS

FORMATS = ("xml", "json")


@pytest.fixture(autouse=True)
def _a_stage(small_config: None, aws_double: None) -> None:
    for remembered in (api.complaints, api.listings, api.keys, api.photos):
        remembered.cache_clear()
    give_keys()


def a_request(**changes: str) -> dict[str, str]:
    return {
        "api_key": KEY,
        "jurisdiction_id": "semarang",
        "service_code": "jalan-rusak",
        "lat": "-6.9966",
        "long": "110.4439",
        "description": "Jalan berlubang di depan pasar",
        **changes,
    }


def sent(**changes: str) -> str:
    """Send a request and return its id."""
    answer = post("/requests.json", a_request(**changes))
    assert answer.status == 200, answer.body
    number: str = answer.said[0]["service_request_id"]
    return number


def stored(**changes: Any) -> str:
    """Store a complaint of the last hour and return its number."""
    at = now() - timedelta(hours=1)
    complaint = a_complaint(**({"created_at": at, "updated_at": at} | changes))
    assert api.complaints().submit(complaint) is None
    return complaint.complaint_id


def complaints() -> list[dict[str, Any]]:
    held = map(from_item, aws_double.items(aws_double.COMPLAINTS))
    return [one for one in held if one["sk"] == "RECORD"]


# --- services


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


# --- the jurisdiction


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


# --- errors


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


# --- discovery


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


# --- posting


@pytest.mark.parametrize("written", FORMATS)
def test_a_posted_request_has_its_id_at_once(written):
    answer = post(f"/requests.{written}", a_request())
    assert answer.status == 200
    ((receipt),) = answer.said
    assert receipt == {
        "service_request_id": complaints()[0]["complaint_id"],
        "service_notice": None,
        "account_id": None,
    }
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_posted_request_is_the_same_thing_as_a_submission():
    sent(email="tutik@example.id", first_name="Tutik", phone="081200000063")
    body = a_submission(
        lat=-6.9966,
        long=110.4439,
        contact={"name": "Tutik", "email": "tutik@example.id", "phone": "+6281200000063"},
    )
    citizens.handler(an_api_event("POST", "/complaints", body=body), CONTEXT)
    ours = {"channel": "mobile"}
    theirs = {"channel": "open311", "client": "kota-lain"}
    drawn = {"pk", "complaint_id", "key_hash", "undelivered_shard"}
    drawn |= {"created_at", "updated_at", "dispatch_due_at", "due_at", "undelivered_since"}
    drawn |= {"received_bucket", "updated_bucket", "cell_key", "language"}
    first, second = (
        {name: value for name, value in one.items() if name not in drawn} for one in complaints()
    )
    posted, submitted = (first, second) if "client" in first else (second, first)
    assert posted == submitted | theirs
    assert submitted["channel"] == ours["channel"]
    contacts = [
        {name: value for name, value in from_item(one).items() if name != "pk"}
        for one in aws_double.items(aws_double.REPORTERS)
    ]
    assert contacts[0] == contacts[1]


def test_a_picture_is_linked_for_the_agency_and_shown_to_nobody_else():
    number = sent(media_url="https://kota.example.id/1.jpg")
    assert complaints()[0]["media_url"] == "https://kota.example.id/1.jpg"
    assert "kota.example.id" not in get(f"/requests/{number}.json").body


@pytest.mark.parametrize(
    ("key", "status"), [("", 403), ("wrong", 403), ("x" * 5000, 403), ("kunci ñ", 403), (KEY, 200)]
)
@pytest.mark.parametrize("written", FORMATS)
def test_who_posts_needs_a_key(key, status, written):
    answer = post(f"/requests.{written}", a_request(api_key=key))
    assert answer.status == status
    if status == 403:
        assert answer.said == [
            {"code": 403, "description": "api_key was not provided or is not valid."}
        ]
        assert complaints() == []


def test_a_revoked_key_counts_no_more():
    (revoked, *_) = api.keys().all()
    for key in api.keys().all():
        api.keys().revoke(key.digest, now())
    assert post("/requests.xml", a_request()).status == 403
    assert revoked.revoked_at is None


def test_a_key_may_come_in_the_query():
    fields = a_request()
    del fields["api_key"], fields["jurisdiction_id"]
    answer = call(
        "POST",
        "/requests.json",
        query={"api_key": KEY, "jurisdiction_id": "semarang"},
        body="&".join(f"{name}={quote(value)}" for name, value in fields.items()),
        headers={"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"},
    )
    assert answer.status == 200


@pytest.mark.parametrize(
    ("change", "status", "field"),
    [
        ({"jurisdiction_id": ""}, 400, "jurisdiction_id"),
        ({"jurisdiction_id": "solo"}, 404, "jurisdiction_id"),
        ({"service_code": ""}, 400, "service_code"),
        ({"service_code": "rob"}, 404, "service_code"),
        ({"lat": "utara"}, 400, "lat"),
        ({"lat": "91"}, 400, "lat"),
        ({"long": "timur"}, 400, "long"),
        ({"lat": "", "long": ""}, 400, "lat"),
        ({"address_string": "x" * 301}, 400, "address_string"),
        ({"address_id": "x" * 256}, 400, "address_id"),
        ({"email": "surel"}, 400, "email"),
        ({"device_id": "x" * 129}, 400, "device_id"),
        ({"account_id": "x" * 256}, 400, "account_id"),
        ({"first_name": "x" * 51}, 400, "first_name"),
        ({"last_name": "x" * 51}, 400, "last_name"),
        ({"phone": "nomor"}, 400, "phone"),
        ({"description": "x" * 4001}, 400, "description"),
        ({"media_url": "javascript:alert(1)"}, 400, "media_url"),
        ({"attribute[pemilik_jalan]": "desa"}, 400, "attribute[pemilik_jalan]"),
        ({"attribute[lain]": "x"}, 400, "attribute[lain]"),
    ],
)
@pytest.mark.parametrize("written", FORMATS)
def test_bad_input_in_any_field_is_told_with_its_name(change, status, field, written):
    answer = post(f"/requests.{written}", a_request(**change))
    assert (answer.status, answer.faults) == (status, [field])
    assert [error["code"] for error in answer.said] == [status]
    assert complaints() == []


def test_brackets_may_arrive_escaped_and_characters_as_utf8():
    body = (
        f"api_key={quote(KEY)}&jurisdiction_id=semarang&service_code=jalan-rusak"
        "&lat=-6.99&long=110.42&attribute%5Bpemilik_jalan%5D=kota&description=Jalan+%E2%80%9Crob%E2%80%9D"
    )
    answer = call(
        "POST",
        "/requests.json",
        body=body,
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )
    assert answer.status == 200
    (complaint,) = complaints()
    assert complaint["attributes"] == {"pemilik_jalan": "kota"}
    assert complaint["description"] == "Jalan “rob”"


def test_brackets_may_arrive_as_they_are():
    fields = "&".join(f"{name}={quote(value)}" for name, value in a_request().items())
    body = fields + "&attribute[pemilik_jalan]=kota"
    assert call("POST", "/requests.json", body=body).status == 200
    assert complaints()[0]["attributes"] == {"pemilik_jalan": "kota"}


@pytest.mark.parametrize(
    ("body", "content_type", "field"),
    [
        ('{"service_code": "jalan-rusak"}', "application/json", "Content-Type"),
        ("--x", "multipart/form-data; boundary=x", "Content-Type"),
        ("description=%ff", "application/x-www-form-urlencoded", "description"),
        ("&".join(["a=1"] * 201), "application/x-www-form-urlencoded", "Send at most 200 fields."),
    ],
)
def test_what_is_no_form_in_utf8_is_refused(body, content_type, field):
    headers = {"Content-Type": content_type, "Accept-Language": "en"}
    answer = call("POST", "/requests.xml", body=body, headers=headers)
    assert (answer.status, answer.faults) == (400, [field])


def test_a_body_that_is_too_large_is_413_in_the_standards_form():
    answer = post("/requests.xml", a_request(description="x" * 70_000))
    assert (answer.status, answer.said[0]["code"]) == (413, 413)


def test_the_same_request_again_is_the_same_complaint():
    assert sent() == sent()
    assert sent(description="Lain") != sent()
    assert len(complaints()) == 2


def test_the_key_of_a_repeat_may_be_the_clients_own():
    key = a_key()
    answers = [
        post("/requests.json", a_request(), Idempotency_Key=one) for one in (key, key, a_key())
    ]
    first, again, other = (one.said[0]["service_request_id"] for one in answers)
    assert first == again != other


def test_a_weak_or_reused_key_is_refused():
    key = a_key()
    post("/requests.json", a_request(), Idempotency_Key=key)
    reused = post("/requests.json", a_request(description="Lain"), Idempotency_Key=key)
    linked = a_request(media_url="https://kota.example.id/lain.jpg")
    another_link = post("/requests.json", linked, Idempotency_Key=key)
    weak = post("/requests.json", a_request(), Idempotency_Key="1")
    assert (reused.status, another_link.status, weak.status) == (400, 400, 400)
    assert weak.faults == ["Idempotency-Key"]


def test_an_accepted_request_costs_a_key_and_a_write():
    sent()
    with metered() as bill:
        sent(description="Lain")
    assert bill.calls == ["GetItem", "PutItem"]
    with metered() as bill:
        sent(description="Lagi", email="tutik@example.id")
    assert bill.calls == ["GetItem", "TransactWriteItems"]


# --- reading requests


@pytest.mark.parametrize("written", FORMATS)
def test_a_public_request_is_read_by_its_id(written):
    number = sent()
    for query in ({}, {"jurisdiction_id": "semarang"}):
        answer = get(f"/requests/{number}.{written}", **query)
        ((found),) = answer.said
        assert answer.status == 200
        assert found["service_request_id"] == number
        assert found["status"] == "open"
        assert found["lat"] == -6.9966
    assert get(f"/requests/{number.lower()}.{written}").status == 200


@pytest.mark.parametrize("written", FORMATS)
def test_what_is_not_public_or_elsewhere_is_not_found(written):
    private = stored(visibility="private")
    for number in (private, a_number(), "nothing", sent(service_code="pungli")):
        answer = get(f"/requests/{number}.{written}")
        assert (answer.status, answer.faults) == (404, ["service_request_id"])
    elsewhere = get(f"/requests/{sent()}.{written}", jurisdiction_id="jateng")
    assert elsewhere.status == 404
    assert get(f"/jateng/requests/{sent()}.{written}").status == 404


def test_a_request_whose_category_is_open_shows_only_how_it_stands():
    number = sent(service_code="lainnya", description="Rahasia?")
    (found,) = get(f"/requests/{number}.json").said
    assert (found["status"], found["description"], found["lat"]) == ("open", None, None)
    assert get("/requests.json", jurisdiction_id="semarang").said == []


def test_requests_are_listed_newest_first_and_private_ones_are_not():
    hour = timedelta(hours=1)
    older, newer = (stored(created_at=now() - n * hour) for n in (3, 2))
    stored(visibility="private")
    stored(suspicion="honeypot")
    stored(jurisdiction_id="jateng", complaint_id=a_number("JTG"))
    found = get("/requests.json", jurisdiction_id="semarang").said
    assert [one["service_request_id"] for one in found] == [newer, older]
    assert get("/semarang/requests.xml").said == found


def test_requests_are_found_by_service_status_and_time():
    closed = stored(status=Status.RESOLVED)
    waste = stored(service_code="sampah", created_at=now() - timedelta(days=10))

    def found(**query: str) -> list[str]:
        rows = get("/semarang/requests.json", **query).said
        return [one["service_request_id"] for one in rows]

    assert found(status="closed") == [closed]
    assert found(service_code="sampah") == [waste]
    week = f"{now() - timedelta(days=7):%Y-%m-%dT%H:%M:%SZ}"
    assert found(start_date=week) == [closed]
    assert found(end_date=week) == [waste]
    assert set(found(updated_after=week)) == {closed, waste}
    assert found(page_size="1", page="2") == [waste]
    assert found(status="", service_code="") == [closed, waste]


@pytest.mark.parametrize(
    ("query", "status", "field"),
    [
        ({"status": "done"}, 400, "status"),
        ({"service_code": "rob"}, 404, "service_code"),
        ({"start_date": "2026-11-20"}, 400, "start_date"),
        ({"end_date": "x"}, 400, "end_date"),
        (
            {"start_date": "2026-01-01T00:00:00Z", "end_date": "2026-06-01T00:00:00Z"},
            400,
            "start_date",
        ),
        ({"updated_after": "x"}, 400, "updated_after"),
        ({"updated_before": "x"}, 400, "updated_before"),
        ({"page": "x"}, 400, "page"),
        ({"page_size": "1001"}, 400, "page_size"),
    ],
)
@pytest.mark.parametrize("written", FORMATS)
def test_a_wrong_query_is_told_with_the_parameters_name(query, status, field, written):
    answer = get(f"/semarang/requests.{written}", **query)
    assert (answer.status, answer.faults) == (status, [field])


def test_ids_override_all_else_and_are_read_at_once():
    numbers = [stored() for _ in range(3)]
    private = stored(visibility="secret")
    asked = ",".join([numbers[2], private, a_number(), numbers[0], "nothing"])
    with metered() as bill:
        answer = get("/requests.json", service_request_id=asked, status="done", start_date="x")
    assert [one["service_request_id"] for one in answer.said] == [numbers[2], numbers[0]]
    assert bill.calls == ["BatchGetItem"]
    elsewhere = get("/jateng/requests.json", service_request_id=asked)
    assert elsewhere.said == []
    too_many = ",".join(a_number() for _ in range(201))
    refused = get("/requests.xml", service_request_id=too_many)
    assert (refused.status, refused.faults) == (400, ["service_request_id"])


def test_a_thousand_requests_are_read_in_few_queries():
    at = now() - timedelta(minutes=5)
    for n in range(1001):
        stored(created_at=at - timedelta(seconds=n), description="Jalan berlubang " * 20)
    with metered() as bill:
        answer = get(
            "/semarang/requests.json", start_date=f"{at - timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}"
        )
    assert len(answer.said) == 1000
    assert set(bill.calls) == {"Query"}
    assert len(bill.calls) <= 16


def test_an_answer_that_lambda_could_not_hand_over_is_refused():
    for n in range(30):
        stored(created_at=now() - timedelta(minutes=n + 1), description="\U0001f6a7" * 60_000)
    answer = get("/semarang/requests.xml")
    assert (answer.status, answer.faults) == (400, ["page_size"])
    assert get("/semarang/requests.xml", page_size="5").status == 200


def test_extensions_tell_the_steps_and_the_chosen_answers():
    complaint = a_complaint(
        status=Status.ASSIGNED,
        created_at=now(),
        attributes={"pemilik_jalan": "kota", "patokan": "rumah Bu Tutik"},
    )
    api.complaints().submit(complaint)
    after = replace(complaint, status=Status.ACCEPTED, version=3)
    entry = an_entry(public_note="Kami cek.", internal_note="Alat rusak")
    api.complaints().record_action(complaint, after, entry)
    one = get(f"/requests/{complaint.complaint_id}.json", extensions="true").said
    assert one[0]["extended_attributes"]["detailed_status"] == "accepted"
    assert [note["type"] for note in one[0]["notes"]] == ["submit", "route", "accept"]
    assert [answer["code"] for answer in one[0]["attributes"]] == ["kota"]
    assert "Alat rusak" not in json.dumps(one)
    assert get("/semarang/requests.json", extensions="true").said == one
    by_id = get("/requests.json", service_request_id=complaint.complaint_id, extensions="true")
    assert by_id.said == one
    assert "notes" not in get("/semarang/requests.json").said[0]


def test_a_closed_request_says_why():
    complaint = a_complaint(status=Status.IN_PROGRESS, created_at=now())
    api.complaints().submit(complaint)
    after = replace(complaint, status=Status.RESOLVED, version=3)
    entry = an_entry(action=Action.RESOLVE, status=Status.RESOLVED, public_note="Sudah ditambal.")
    api.complaints().record_action(complaint, after, entry)
    (found,) = get(f"/requests/{complaint.complaint_id}.json").said
    assert (found["status"], found["status_notes"]) == ("closed", "Sudah ditambal.")


def test_a_photo_is_linked_once_anyone_may_see_it(monkeypatch):
    monkeypatch.setenv("OPEN311_URL", "https://api.example.id/v1/open311/v2")
    ready, unready = "0" * 25 + "A", "0" * 25 + "B"
    numbers = [stored(photo_ids=(one,)) for one in (ready, unready)]
    hidden = stored(photo_ids=(ready,), visibility="private")
    store = PhotoStore(aws_double.COMPLAINTS, aws_double.PHOTOS_BUCKET)
    store.looked_at(ready, now())
    store.claim(ready, numbers[0], now())
    link = f"https://api.example.id/v1/complaints/{numbers[0]}/photos/{ready}"
    with metered() as bill:
        found = get("/semarang/requests.json").said
    assert bill.calls.count("BatchGetItem") == 1
    assert {one["service_request_id"]: one["media_url"] for one in found} == {
        numbers[0]: link,
        numbers[1]: None,
    }
    assert get(f"/requests/{numbers[0]}.xml").said[0]["media_url"] == link
    extended = get(f"/requests/{numbers[0]}.xml", extensions="true").said[0]
    assert extended["extended_attributes"]["photos"] == [link]
    assert get(f"/requests/{hidden}.json").status == 404


# --- tokens


@pytest.mark.parametrize("written", FORMATS)
def test_an_id_is_its_own_token(written):
    number = sent()
    answer = get(f"/tokens/{number}.{written}")
    assert answer.said == [{"service_request_id": number, "token": number}]
    assert get(f"/tokens/{number}.{written}", jurisdiction_id="jateng").status == 404


def test_a_token_that_stands_for_nothing_public_is_not_found():
    for token in ("x", a_number(), stored(visibility="private")):
        answer = get(f"/tokens/{token}.xml")
        assert (answer.status, answer.faults) == (404, ["token"])


def test_no_tracking_token_is_ever_in_an_answer():
    number = sent()
    complaint = api.complaints().get(number)
    assert complaint is not None
    from functions.complaint_intake.intake import receipt
    from tests.builders import TOKEN_SECRET

    secret = receipt(complaint, TOKEN_SECRET).tracking_token
    answers = [
        post("/requests.json", a_request()),
        get(f"/requests/{number}.json", extensions="true"),
        get(f"/tokens/{number}.json"),
        get("/semarang/requests.json"),
    ]
    assert all(secret not in one.body for one in answers)
    assert get(f"/tokens/{secret}.json").status == 404


# --- updates


def moved(complaint: Any, version: int, status: Status, **entry: Any) -> Any:
    after = replace(complaint, status=status, version=version, updated_at=now())
    step = an_entry(version=version, status=status, at=now(), **entry)
    api.complaints().record_action(complaint, after, step)
    return after


@pytest.mark.parametrize("written", FORMATS)
def test_steps_are_fetched_as_updates(written):
    complaint = a_complaint(status=Status.ASSIGNED, created_at=now())
    api.complaints().submit(complaint)
    accepted = moved(complaint, 3, Status.ACCEPTED)
    noted = moved(accepted, 4, Status.ACCEPTED, action=Action.NOTE, internal_note="Alat rusak")
    moved(noted, 5, Status.RESOLVED, action=Action.RESOLVE, public_note="Beres.")
    answer = get(f"/semarang/servicerequestupdates.{written}")
    number = complaint.complaint_id
    assert [(one["update_id"], one["status"], one["description"]) for one in answer.said] == [
        (f"{number}:3", "investigating", "Accepted by the agency."),
        (f"{number}:5", "fixed", "Beres."),
    ]
    assert "Alat rusak" not in answer.body


def test_the_steps_of_a_private_request_are_nobodys():
    complaint = a_complaint(status=Status.ASSIGNED, created_at=now(), visibility="private")
    api.complaints().submit(complaint)
    moved(complaint, 3, Status.ACCEPTED, public_note="x")
    assert get("/semarang/servicerequestupdates.json").said == []


def test_a_key_given_for_updates_must_be_good():
    assert get("/semarang/servicerequestupdates.json", api_key=KEY).status == 200
    assert get("/semarang/servicerequestupdates.json", api_key="").status == 200
    assert get("/semarang/servicerequestupdates.json", api_key="x").status == 403


@pytest.mark.parametrize("field", ["start_date", "end_date", "page", "page_size"])
def test_a_wrong_query_for_updates_is_told_with_the_parameters_name(field):
    answer = get("/semarang/servicerequestupdates.xml", **{field: "x"})
    assert (answer.status, answer.faults) == (400, [field])


def test_a_routed_request_names_its_agency():
    number = stored(status=Status.ASSIGNED, assignments=(an_assignment(),))
    (found,) = get(f"/requests/{number}.json").said
    assert found["agency_responsible"] == "semarang-dpu (en)"
