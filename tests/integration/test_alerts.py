"""Who follows a place is told of what is near: once, not too often, and of nothing that is not public."""

from dataclasses import replace
from datetime import timedelta

import pytest

from functions.complaint_intake.alerts import store
from functions.complaint_intake.alerts.showing import shown
from functions.complaint_intake.on_progress import alerter, handler
from shared import clock
from shared.clock import to_text
from shared.complaints.store import ComplaintStore
from shared.messengers import leases
from tests.aws_double import COMPLAINTS, NOTICES_QUEUE, messages
from tests.builders import CONTEXT, an_sqs_event
from tests.following import (
    ADDRESS,
    PLACE,
    a_neighbour,
    call,
    follow,
    followed,
    link_in,
    tell,
    text_of,
    work,
)
from tests.messengers import as_text
from tests.metering import metered

pytestmark = pytest.mark.usefixtures("small_config", "aws_double", "alerts_made_anew")


def test_who_follows_a_place_is_asked_first_and_then_told_of_what_is_near(sent):
    assert follow()["statusCode"] == 202
    (asked,) = sent.emails
    assert asked["Destination"] == {"ToAddresses": [ADDRESS]}
    tell(a_neighbour())
    assert len(sent.emails) == 1  # nothing before it is confirmed
    confirm = link_in(text_of(asked), "confirm")
    page = call("GET", "/alerts/confirm", query=confirm)
    assert (page["statusCode"], '<form method="post">' in page["body"]) == (200, True)
    tell(a_neighbour())
    assert len(sent.emails) == 1  # opening the page is not confirming
    assert call("POST", "/alerts/confirm", query=confirm)["statusCode"] == 200
    complaint = a_neighbour(description="Lubang, hub 081200000081")
    tell(complaint)
    email = sent.emails[-1]
    assert f"https://aduan.example/v1/lacak/{complaint.complaint_id}" in text_of(email)
    assert "Lubang, hub [nomor disamarkan]" in text_of(email)
    headers = {one["Name"]: one["Value"] for one in email["Content"]["Simple"]["Headers"]}
    stop = link_in(text_of(email), "stop")
    assert headers["List-Unsubscribe"].endswith(f"/alerts/stop?a={stop['a']}&t={stop['t']}>")
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_text_messages_are_asked_for_and_sent_alike(sent):
    followed(sent, email=None, phone="0812 0000 063", language="en")
    complaint = a_neighbour()
    tell(complaint)
    (text,) = sent.texts
    assert text["PhoneNumber"] == "+628120000063"
    assert text["Message"].startswith("new Damaged road ")
    assert complaint.description not in text["Message"]


@pytest.mark.parametrize(
    ("wanted", "changes"),
    [
        ({}, {"visibility": "private"}),
        ({}, {"visibility": "secret"}),
        ({}, {"hidden": True}),
        ({}, {"suspicion": "flood"}),
        ({}, {"lat": -6.98}),  # farther than 500 m
        ({}, {"lat": None, "long": None}),
        ({}, {"jurisdiction_id": "jateng"}),
        ({"service_code": "sampah"}, {}),
    ],
)
def test_what_is_not_public_near_or_wished_is_not_told(sent, wanted, changes):
    followed(sent, **wanted)
    tell(a_neighbour(**changes))
    assert sent.emails == []


def test_what_was_hidden_meanwhile_is_not_told(sent):
    followed(sent)
    complaint = a_neighbour()
    due = work([shown(complaint)])
    ComplaintStore(COMPLAINTS).change(
        complaint, replace(complaint, hidden=True, version=complaint.version + 1)
    )
    work(due)
    assert sent.emails == []


@pytest.mark.parametrize("days", [4, 15])
def test_what_is_long_ago_is_not_told(sent, days):
    followed(sent)
    at = clock.now() - timedelta(days=days)
    complaint = a_neighbour(created_at=at)
    event = shown(complaint) | ({"at": to_text(at)} if days < 14 else {})
    tell(complaint, event)
    assert sent.emails == []


def test_what_comes_again_is_told_once(sent):
    followed(sent)
    complaint = a_neighbour()
    due = work([shown(complaint), shown(complaint)])
    assert len(due) == 2
    work([*due, *due])
    assert len(sent.emails) == 1


def test_no_message_on_the_queue_and_no_log_names_an_address(sent, capsys):
    assert call("POST", "/alerts", {**PLACE, "email": ADDRESS})["statusCode"] == 202
    due = messages(NOTICES_QUEUE)
    work(due)
    confirm = link_in(text_of(sent.emails[-1]), "confirm")
    call("POST", "/alerts/confirm", query=confirm)
    further = work([shown(a_neighbour())])
    work(further)
    assert ADDRESS not in as_text([due, further]) + capsys.readouterr().out


def test_a_subscriber_is_told_so_often_a_day_and_the_last_says_so(sent):
    followed(sent)
    for _ in range(4):
        tell(a_neighbour())
    assert ["last (id)" in text_of(one) for one in sent.emails] == [False, True]


def test_on_the_next_day_it_goes_on(sent, later):
    followed(sent)
    for _ in range(3):
        tell(a_neighbour())
    later(days=1)
    tell(a_neighbour())
    assert len(sent.emails) == 3


def test_many_subscribers_of_a_place_are_told_page_by_page(sent, monkeypatch):
    monkeypatch.setattr(store, "PAGE", 3)
    for number in range(8):
        followed(sent, email=f"warga-{number}@example.id")
    complaint = a_neighbour()
    first = work([shown(complaint)])
    assert [one["type"] for one in first] == ["alert_due.v1"] * 3 + ["alerts_due.v1"]
    tell(complaint)
    told = [one["Destination"]["ToAddresses"][0] for one in sent.emails]
    assert sorted(told) == [f"warga-{number}@example.id" for number in range(8)]


def test_what_can_never_be_sent_is_tried_once(sent):
    followed(sent)
    sent.refusing = ("MessageRejected", "no")
    complaint = a_neighbour()
    due = work([shown(complaint)])
    work(due)
    sent.refusing = None
    tries = len(sent.emails)
    work(due)
    assert len(sent.emails) == tries


def test_what_passes_comes_again(sent, monkeypatch):
    monkeypatch.setattr(leases, "LEASE", timedelta(seconds=-1))
    followed(sent)
    due = work([shown(a_neighbour())])
    sent.refusing = ("TooManyRequestsException", "later")
    failed = handler(an_sqs_event(due[0]), CONTEXT)
    assert failed["batchItemFailures"]
    sent.refusing = None
    sent.emails.clear()
    work(due)
    assert len(sent.emails) == 1


@pytest.mark.parametrize("step", ["asking", "telling"])
def test_a_channel_that_the_stage_does_not_serve_is_left_alone(sent, step):
    silent = replace(alerter(), settings=replace(alerter().settings, email_sender=""))
    if step == "asking":
        call("POST", "/alerts", {**PLACE, "email": ADDRESS})
        (due,) = messages(NOTICES_QUEUE)
        assert silent.ask(due, clock.now()) == "not served"
    else:
        followed(sent)
        (due,) = work([shown(a_neighbour())])
        assert silent.tell(due, clock.now()) == "not served"
    assert sent.emails == []


def test_who_is_near_is_found_by_a_query_for_each_cell_and_told_for_three_units(sent):
    followed(sent)
    complaint = a_neighbour()
    with metered() as bill:
        due = work([shown(complaint)])
    queries = bill.calls.count("Query")
    assert 3 <= queries <= 12
    assert bill.calls[0] == "GetItem"
    with metered() as bill:
        work(due)
    told = [call for call in bill.calls if call != "ReceiveMessage"]
    assert told == ["GetItem", "GetItem", "UpdateItem", "UpdateItem", "UpdateItem"]
    assert bill.write_units == 3
