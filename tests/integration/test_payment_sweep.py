"""Payments of which nothing was heard are asked after, by the same way as what is told."""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest

from functions.payment_webhooks import checking, every_hour
from functions.payment_webhooks.calling import ProviderUnavailable
from functions.payment_webhooks.surroundings import payment_store, surroundings
from shared.clock import now, to_text
from tests.aws_double import NOTIFICATIONS_QUEUE, messages
from tests.dying import Died, dying
from tests.integration.played_provider import (
    Context,
    a_body,
    a_message,
    balances,
    deliver,
    kinds,
    played,
    sweep,
    the_order,
)
from tests.unit.payment_webhooks.orders import FARES, ORDER_ID, an_order

HOUR_AGO = now() - timedelta(hours=1)


@pytest.fixture(name="provider", autouse=True)
def _provider(aws_double: None):
    with played() as provider:
        payment_store().create(
            an_order(created_at=HOUR_AGO, stale_at=HOUR_AGO, expires_at=HOUR_AGO)
        )
        yield provider


def a_check(order_id: str = ORDER_ID):
    return {"type": "payment_check.v1", "order_id": order_id, "at": to_text(now())}


def test_what_is_stale_is_put_on_the_queue_and_settled_from_there(provider):
    provider.knows(a_body())
    assert sweep()["asked"] == 1
    assert sweep()["asked"] == 1  # until an answer comes
    checks = messages(NOTIFICATIONS_QUEUE)
    assert [one["order_id"] for one in checks] == [ORDER_ID] * 2
    assert deliver(*checks) == []
    assert the_order().status == "paid"
    assert the_order().stale_at is None
    assert balances() == {"clearing:midtrans": 3_500, FARES: -3_500}
    assert sweep()["asked"] == 0
    assert deliver(a_message(a_body())) == []
    assert kinds() == ["sale"]


def test_an_order_that_has_ended_is_not_asked_after(provider):
    provider.knows(a_body())
    deliver(a_message(a_body()))
    provider.asked.clear()
    assert deliver(a_check(), a_check("SMG-BRT-0000000000001")) == []
    assert provider.asked == []


@pytest.mark.parametrize("known", [True, False])
def test_what_is_still_open_is_asked_after_later(provider, known):
    if known:
        provider.knows(a_body("pending"))
    assert deliver(a_check()) == []
    assert the_order().status == ("pending" if known else "created")
    assert the_order().stale_at > now() + timedelta(minutes=59)
    assert sweep()["asked"] == 0


def test_what_has_run_out_at_the_provider_is_expired(provider):
    provider.knows(a_body("expire"))
    assert deliver(a_check()) == []
    assert (the_order().status, the_order().stale_at) == ("expired", None)


def test_what_nobody_began_to_pay_is_given_up_after_a_day(provider):
    old = the_order()
    days_ago = now() - timedelta(days=2)
    payment_store().change(old, replace(old, version=2, expires_at=days_ago))
    assert deliver(a_check(), a_check()) == []
    assert (the_order().status, the_order().stale_at) == ("expired", None)
    provider.knows(a_body())
    assert deliver(a_message(a_body())) == []
    assert (the_order().status, the_order().held_reason) == ("expired", "late")
    assert kinds() == ["late", "sale"]


def test_a_provider_that_does_not_answer_is_asked_again(provider):
    provider.fails = [ProviderUnavailable("ReadTimeoutError")]
    provider.knows(a_body())
    assert deliver(a_check()) == []  # no dead letter: the mark is still there
    assert the_order().status == "created"
    assert sweep()["asked"] == 1
    assert deliver(a_check()) == []
    assert the_order().status == "paid"


def test_an_order_that_changes_while_it_is_given_up_is_left_alone(provider):
    store = payment_store()
    order = replace(the_order(), version=7, expires_at=now() - timedelta(days=2))
    asking = checking.Checking(store=store, status=lambda _: None, world=surroundings())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store, "get", lambda _: order)
        assert asking.check(ORDER_ID, now()).outcome == "ended"
    assert the_order().status == "created"


def test_with_no_time_left_nothing_is_asked_after():
    assert every_hour.handler({}, Context(left_ms=1_000))["asked"] == 0


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("call", range(6))
def test_a_check_that_dies_comes_again(provider, call, when):
    provider.knows(a_body())
    with dying(call, when), suppress(Died):
        deliver(a_check())
    assert deliver(a_check()) == []
    assert kinds() == ["sale"]
    assert the_order().stale_at is None
