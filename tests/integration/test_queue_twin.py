"""An agency's queue over HTTP: received, acknowledged, kept for longer."""

import json

import pytest

from functions.agency_routing import twin
from shared import aws
from shared.complaints.law import Status
from tests import aws_double
from tests.aws_double import AGENCY_QUEUES
from tests.builders import (
    a_complaint,
    client_claims,
    officer_claims,
)
from tests.integration.routing_calls import (
    ACK,
    EXTEND,
    OPERATOR,
    QUEUE,
    RECEIVE,
    call,
    fault_of,
    json_of,
    present,
    stored,
    waiting,
)

pytestmark = pytest.mark.usefixtures("small_config", "aws_double")


class TestQueueTwin:
    def test_what_waits_is_received_acknowledged_and_gone(self):
        aws.sqs().send_message(QueueUrl=QUEUE, MessageBody='{"complaint_id": "SMG-1"}')
        received = call("POST", RECEIVE, body={})
        ((message),) = json_of(received)["messages"]
        assert message["message"] == {"complaint_id": "SMG-1"}
        assert message["received_count"] == 1
        assert message["message_id"]
        assert "Retry-After" not in received["headers"]
        done = call("POST", ACK, body={"receipt": message["receipt"]})
        assert (done["statusCode"], json_of(done)) == (200, {"done": True})
        assert aws_double.messages(QUEUE) == []

    def test_what_a_program_takes_is_received_and_what_it_acknowledges_has_arrived(self):
        number = waiting()
        ((message),) = json_of(call("POST", RECEIVE, body={}))["messages"]
        (received,) = present(number).assignments
        call("POST", ACK, body={"receipt": message["receipt"]})
        after = present(number)
        (acknowledged,) = after.assignments
        assert received.received_at
        assert not received.acknowledged_at
        assert acknowledged.acknowledged_at
        assert after.version == message["message"]["version"]
        assert aws_double.messages(QUEUE) == []

    def test_an_acknowledgement_counts_once(self):
        number = waiting()
        ((message),) = json_of(call("POST", RECEIVE, body={}))["messages"]
        call("POST", ACK, body={"receipt": message["receipt"]})
        before = present(number)
        assert call("POST", ACK, body={"receipt": message["receipt"]})["statusCode"] == 200
        assert present(number) == before

    @pytest.mark.parametrize("of", ["{number}:2", "{number}:1", "SMG-0000000000000:1"])
    def test_an_acknowledgement_of_what_is_not_the_agencys_records_nothing(self, of):
        others = stored(a_complaint(status=Status.ASSIGNED, agency="semarang-dlh"))
        before = present(others)
        aws.sqs().send_message(QueueUrl=QUEUE, MessageBody="{}")
        ((message),) = json_of(call("POST", RECEIVE, body={}))["messages"]
        forged = f"{of.format(number=others)}|{message['receipt']}"
        assert call("POST", ACK, body={"receipt": forged})["statusCode"] == 200
        assert present(others) == before

    def test_a_message_is_kept_longer_by_the_receipt_that_was_given(self):
        waiting()
        ((message),) = json_of(call("POST", RECEIVE, body={}))["messages"]
        body = {"receipt": message["receipt"], "seconds": 600}
        assert call("POST", EXTEND, body=body)["statusCode"] == 200

    def test_no_more_is_received_than_asked_for(self):
        for number in range(5):
            aws.sqs().send_message(QueueUrl=QUEUE, MessageBody=json.dumps({"n": number}))
        assert len(json_of(call("POST", RECEIVE, body={"max": 2}))["messages"]) == 2

    def test_an_empty_queue_says_when_to_ask_again(self, monkeypatch):
        monkeypatch.setattr(twin, "WAIT_S", 0)
        answer = call("POST", RECEIVE, body={})
        assert (answer["statusCode"], json_of(answer)) == (200, {"messages": []})
        assert answer["headers"]["Retry-After"] == "10"

    def test_a_message_is_kept_for_longer_or_given_back(self):
        aws.sqs().send_message(QueueUrl=QUEUE, MessageBody="{}")
        (first,) = json_of(call("POST", RECEIVE, body={}))["messages"]
        body = {"receipt": first["receipt"], "seconds": 600}
        assert call("POST", EXTEND, body=body)["statusCode"] == 200
        assert call("POST", EXTEND, body=body | {"seconds": 0})["statusCode"] == 200
        (again,) = json_of(call("POST", RECEIVE, body={}))["messages"]
        assert (again["message_id"], again["received_count"]) == (first["message_id"], 2)

    @pytest.mark.parametrize("path", [ACK, EXTEND])
    def test_a_receipt_of_nothing_is_a_bad_request(self, path):
        body = {"receipt": "not-a-receipt"} | ({"seconds": 1} if path == EXTEND else {})
        assert fault_of(call("POST", path, body=body)) == (400, "receipt", "invalid_receipt")

    def test_a_message_that_is_gone_cannot_be_kept(self):
        aws.sqs().send_message(QueueUrl=QUEUE, MessageBody="{}")
        ((message),) = json_of(call("POST", RECEIVE, body={}))["messages"]
        call("POST", ACK, body={"receipt": message["receipt"]})
        body = {"receipt": message["receipt"], "seconds": 60}
        assert fault_of(call("POST", EXTEND, body=body)) == (400, "receipt", "invalid_receipt")

    @pytest.mark.parametrize("path", [ACK, EXTEND])
    def test_a_queue_that_is_missing_is_our_mistake_and_not_the_clients(self, path, monkeypatch):
        monkeypatch.setenv("AGENCY_QUEUE_URL_PREFIX", f"{AGENCY_QUEUES}gone-")
        body = {"receipt": "r"} | ({"seconds": 1} if path == EXTEND else {})
        assert call("POST", path, body=body)["statusCode"] == 500

    @pytest.mark.parametrize("path", [RECEIVE, ACK, EXTEND])
    @pytest.mark.parametrize(
        "claims",
        [
            client_claims("client-of-dpubmck"),
            client_claims("nobody"),
            OPERATOR,
            officer_claims("agency:semarang-dlh"),
        ],
    )
    def test_another_agencys_queue_is_forbidden(self, path, claims):
        aws.sqs().send_message(QueueUrl=QUEUE, MessageBody="{}")
        answer = call("POST", path, claims, body={"receipt": "r", "seconds": 1})
        assert answer["statusCode"] == 403
        assert len(aws_double.messages(QUEUE)) == 1

    def test_an_officer_of_the_agency_and_the_triage_desk_have_theirs(self, monkeypatch):
        monkeypatch.setattr(twin, "WAIT_S", 0)
        triage = "/agencies/semarang-diskominfo/messages/receive"
        officer = officer_claims("agency:semarang-dpu")
        assert call("POST", RECEIVE, officer, body={})["statusCode"] == 200
        assert call("POST", triage, OPERATOR, body={})["statusCode"] == 200

    def test_a_bad_body_is_told_by_field(self):
        assert fault_of(call("POST", RECEIVE, body={"max": 0}))[1:] == ("max", "greater_than_equal")
