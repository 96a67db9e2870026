"""A request posted by another system: taken once, with a key, or refused by its fields."""

from urllib.parse import quote

import pytest

from functions.complaint_intake import api as citizens
from functions.complaint_intake.open311 import api
from shared.clock import now
from shared.dynamo import from_item
from tests import aws_double
from tests.builders import (
    CONTEXT,
    a_key,
    a_submission,
    an_api_event,
)
from tests.integration.geo_report import KEY, call, get, post
from tests.integration.open311.requests import FORMATS, a_request, complaints, sent
from tests.metering import metered


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
