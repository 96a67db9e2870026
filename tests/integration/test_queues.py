"""Messages sent in batches and worked through, so that a failure repeats and nothing is lost."""

from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest
from aws_lambda_powertools import Logger
from hypothesis import given
from hypothesis import strategies as st

from shared import aws, queues
from tests.aws_double import ROUTING_QUEUE, answering, messages
from tests.builders import an_sqs_event
from tests.metering import metered

pytestmark = pytest.mark.usefixtures("aws_double")

logger = Logger(service="test-queues")


def test_one_message_is_one_call():
    with metered() as bill:
        queues.send(ROUTING_QUEUE, {"description": "Jalan berlubang — “parah”"})
    assert bill.calls == ["SendMessage"]
    assert messages(ROUTING_QUEUE) == [{"description": "Jalan berlubang — “parah”"}]


@pytest.mark.parametrize(("number", "calls"), [(0, 0), (1, 1), (10, 1), (11, 2), (25, 3)])
def test_messages_are_sent_ten_a_call(number, calls):
    sent = [{"number": one} for one in range(number)]
    with metered() as bill:
        queues.send_all(ROUTING_QUEUE, sent)
    assert bill.calls == ["SendMessageBatch"] * calls
    assert sorted(messages(ROUTING_QUEUE), key=lambda one: one["number"]) == sent


def test_large_messages_are_sent_in_smaller_batches():
    with metered() as bill:
        queues.send_all(ROUTING_QUEUE, ({"text": "é" * 50_000, "n": n} for n in range(5)))
    assert len(bill.calls) == 3
    assert len(messages(ROUTING_QUEUE)) == 5


@given(st.lists(st.integers(0, 300_000), max_size=30))
def test_every_message_is_in_one_batch_in_order_and_none_is_too_large(sizes):
    bodies = ["a" * size for size in sizes]
    batches = list(queues._batches(bodies))
    assert [body for batch in batches for body in batch] == bodies
    assert all(1 <= len(batch) <= 10 for batch in batches)
    assert all(len(batch) == 1 or sum(map(len, batch)) <= 240 * 1024 for batch in batches)


@contextmanager
def refusing(number: int) -> Iterator[None]:
    """Let SQS refuse the first messages of each batch."""

    def answer(**_: Any) -> Any:
        failed = [
            {"Id": str(n), "Code": "InternalError", "SenderFault": False} for n in range(number)
        ]
        return SimpleNamespace(status_code=200), {"Successful": [], "Failed": failed}

    with answering(aws.sqs(), "before-call.sqs.SendMessageBatch", answer):
        yield


def test_a_message_that_sqs_refuses_fails_the_whole_sending():
    sent = [{"number": n} for n in range(3)]
    with refusing(2), pytest.raises(queues.SendFailed, match="2 of 3 messages: InternalError"):
        queues.send_all(ROUTING_QUEUE, sent)


def test_only_the_message_that_failed_comes_again():
    done = []

    def work(message: Any) -> None:
        if message == "bad":
            raise ValueError("bad")
        done.append(message)

    answer = queues.work_through(an_sqs_event('"a"', '"bad"', '"b"', "{no json"), work, logger)
    assert answer == {"batchItemFailures": [{"itemIdentifier": "m1"}, {"itemIdentifier": "m3"}]}
    assert done == ["a", "b"]


def test_a_batch_that_went_well_reports_nothing():
    answer = queues.work_through(an_sqs_event({"n": 1}), lambda _: None, logger)
    assert answer == {"batchItemFailures": []}
