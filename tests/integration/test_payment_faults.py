"""Whatever fails or comes again: nothing is posted twice, nothing is lost."""

from contextlib import suppress
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.exceptions import ClientError

from functions.payment_webhooks.calling import ProviderUnavailable
from functions.payment_webhooks.surroundings import payment_store
from shared import aws, writes
from tests.aws_double import answering
from tests.dying import Died, dying
from tests.integration.played_provider import (
    a_body,
    a_message,
    a_refund,
    balances,
    deliver,
    kinds,
    played,
    the_order,
)
from tests.unit.payment_webhooks.orders import FARES, an_order

CLEARING = "clearing:midtrans"
CONFIRMED = [a_refund("r-1", 1_000, confirmed=True)]
#: What the provider tells, in the order in which it happened.
STORIES = {
    "paid": [a_body("pending"), a_body()],
    "late": [a_body("expire"), a_body()],
    "reversed": [a_body(), a_body("deny")],
    "refunded": [
        a_body(),
        a_body("partial_refund", refunds=[a_refund("r-1", 1_000)]),
        a_body("partial_refund", refunds=CONFIRMED),
    ],
    "refund first": [a_body("partial_refund", refunds=CONFIRMED), a_body()],
    "charged back": [a_body(), a_body("chargeback")],
}


@pytest.fixture(name="provider", autouse=True)
def _provider(aws_double: None, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(writes, "_WAITS_S", (0, 0, 0))
    with played() as provider:
        payment_store().create(an_order())
        yield provider


def outcome() -> Any:
    order = the_order()
    return order.status, order.paid_amount, order.refunded_amount, kinds(), balances()


def told(provider, story, times=1):
    final: dict[str, Any] = {}
    for body in STORIES[story]:
        final |= body
    provider.knows(STORIES[story][0] if story == "refund first" else final)
    for body in STORIES[story]:
        for _ in range(times):
            assert deliver(a_message(body)) == []


#: What each story comes to: posted by hand, so that the tests below are not true of nothing.
EXPECTED = {
    "paid": ("paid", 3_500, 0, ["sale"], {CLEARING: 3_500, FARES: -3_500}),
    "late": ("expired", 3_500, 0, ["late", "sale"], {CLEARING: 3_500, "suspense:late": -3_500}),
    "reversed": ("reversed", 0, 0, ["reversal", "sale"], {}),
    "refunded": (
        "partially_refunded",
        3_500,
        1_000,
        ["refund_pending", "refund_settled", "sale"],
        {CLEARING: 2_500, FARES: -2_500},
    ),
    "refund first": (
        "partially_refunded",
        3_500,
        1_000,
        ["refund_pending", "refund_settled", "sale"],
        {CLEARING: 2_500, FARES: -2_500},
    ),
    "charged back": ("charged_back", 3_500, 3_500, ["chargeback", "sale"], {}),
}


@pytest.mark.parametrize("story", STORIES)
def test_everything_three_times_comes_to_the_same(provider, story):
    told(provider, story, times=3)
    assert outcome() == EXPECTED[story]


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("call", range(12))
@pytest.mark.parametrize("story", STORIES)
def test_a_process_that_dies_at_an_aws_call_loses_and_repeats_nothing(provider, story, call, when):
    with dying(call, when), suppress(Died):
        told(provider, story)
    told(provider, story)  # the queue brings everything again
    assert outcome() == EXPECTED[story]


def test_each_story_makes_fewer_calls_than_there_are_deaths(provider):
    with dying() as made:
        told(provider, "refund first")
    assert made[:3] == ["PutObject", "GetItem", "TransactWriteItems"]
    for story in STORIES:
        with dying() as made:
            told(provider, story)
        assert len(made) <= 12


def cancelled(*codes: str) -> Any:
    def answer(**_: Any) -> Any:
        return (
            AWSResponse("", 400, HTTPHeaders(), None),
            {
                "Error": {"Code": "TransactionCanceledException", "Message": ""},
                "CancellationReasons": [{"Code": code} for code in codes],
            },
        )

    return answer


def some(times: int, answer: Any) -> Any:
    left = iter(range(times))
    return lambda **given: answer(**given) if next(left, None) is not None else None


def throttled(**_: Any) -> Any:
    return AWSResponse("", 400, HTTPHeaders(), None), {
        "Error": {"Code": "ThrottlingException", "Message": ""}
    }


@pytest.mark.parametrize(
    "answer", [cancelled("None", "TransactionConflict"), cancelled("ThrottlingError"), throttled]
)
@pytest.mark.parametrize(("times", "failed"), [(1, []), (3, []), (4, ["0"])])
def test_a_conflict_is_waited_for_and_then_comes_again(provider, answer, times, failed):
    provider.knows(a_body())
    event = "before-call.dynamodb.TransactWriteItems"
    with answering(aws.dynamodb(), event, some(times, answer)):
        assert deliver(a_message(a_body())) == failed
    assert deliver(a_message(a_body())) == []
    assert outcome() == EXPECTED["paid"]


def test_an_order_that_was_written_meanwhile_is_read_again(provider):
    provider.knows(a_body())
    event = "before-call.dynamodb.TransactWriteItems"
    stale = cancelled("None", "ConditionalCheckFailed", "None")
    with answering(aws.dynamodb(), event, some(2, stale)):
        assert deliver(a_message(a_body())) == []
    assert outcome() == EXPECTED["paid"]
    assert len(provider.asked) == 3
    with answering(aws.dynamodb(), event, some(9, stale)):
        provider.knows(a_body("chargeback"))
        assert deliver(a_message(a_body("chargeback"))) == ["0"]
    assert outcome() == EXPECTED["paid"]


def test_an_event_that_another_recorded_meanwhile_is_left_alone(provider):
    provider.knows(a_body())
    event = "before-call.dynamodb.TransactWriteItems"
    with answering(aws.dynamodb(), event, some(1, cancelled("ConditionalCheckFailed", "None"))):
        assert deliver(a_message(a_body())) == []
    assert kinds() == []


def test_what_dynamodb_refuses_otherwise_is_not_swallowed(provider):
    provider.knows(a_body())
    event = "before-call.dynamodb.TransactWriteItems"
    refused = cancelled("None", "None", "ConditionalCheckFailed")
    with answering(aws.dynamodb(), event, some(1, refused)):
        assert deliver(a_message(a_body())) == ["0"]
    assert deliver(a_message(a_body())) == []


def test_a_batch_that_cannot_be_kept_comes_again_as_a_whole(provider):
    provider.knows(a_body())

    def down(**_: Any) -> Any:
        return AWSResponse("", 400, HTTPHeaders(), None), {
            "Error": {"Code": "AccessDenied", "Message": ""}
        }

    with (
        answering(aws.s3(), "before-call.s3.PutObject", down),
        pytest.raises(ClientError),
    ):
        deliver(a_message(a_body()))
    assert kinds() == []


def test_status_time_outs_hold_and_then_post_once(provider):
    provider.knows(a_body())
    provider.fails = [ProviderUnavailable("ReadTimeoutError")] * 3
    failed = [deliver(a_message(a_body())) for _ in range(5)]
    assert failed == [["0"], ["0"], ["0"], [], []]
    assert outcome() == EXPECTED["paid"]


def test_two_consumers_at_once_post_once(provider):
    """The second reads before the first has written, and writes after it."""
    provider.knows(a_body())
    store = payment_store()
    read = store.get
    done: list[Any] = []

    def slow(order_id: str) -> Any:
        found = read(order_id)
        if not done:
            done.append(None)
            assert deliver(a_message(a_body())) == []
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store, "get", slow)
        assert deliver(a_message(a_body())) == []
    assert outcome() == EXPECTED["paid"]
