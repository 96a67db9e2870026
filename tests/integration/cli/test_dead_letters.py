"""A look into a dead-letter queue: what failed, none of what citizens wrote, and nothing is moved."""

import json

import pytest

from cli.dlq import letters
from shared import aws
from tests.aws_double import AGENCY_QUEUES, messages

pytestmark = pytest.mark.usefixtures("aws_double")

QUEUE = f"{AGENCY_QUEUES}semarang-dpu"


def test_it_says_of_what_each_message_is_and_leaves_it_there() -> None:
    body = {"type": "complaint_assigned.v1", "complaint_id": "SMG-1", "description": "rahasia"}
    aws.sqs().send_message(QueueUrl=QUEUE, MessageBody=json.dumps(body))

    (first,) = letters(aws.sqs(), QUEUE, 10)
    (second,) = letters(aws.sqs(), QUEUE, 10)

    assert (first.complaint_id, first.type) == ("SMG-1", "complaint_assigned.v1")
    assert first.since == second.since
    assert second.received_count == "2"
    assert "rahasia" not in str(first)
    assert len(messages(QUEUE)) == 1


@pytest.mark.parametrize("body", ["no JSON", "[]", "{}"])
def test_what_is_no_message_of_ours_is_told_as_such(body: str) -> None:
    aws.sqs().send_message(QueueUrl=QUEUE, MessageBody=body)

    (letter,) = letters(aws.sqs(), QUEUE, 10)

    assert (letter.complaint_id, letter.type) == (None, None)
