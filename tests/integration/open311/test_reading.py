"""Public requests, read one by one and in lists, and the tokens that stand for them."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from functions.complaint_intake.open311 import api
from shared.clock import now
from shared.complaints.law import Action, Status
from shared.complaints.photos import PhotoStore
from tests import aws_double
from tests.builders import (
    a_complaint,
    a_number,
    an_entry,
)
from tests.integration.geo_report import get, post
from tests.integration.open311.requests import FORMATS, a_request, sent, stored
from tests.metering import metered


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
