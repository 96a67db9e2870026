"""What marketplaces tell of their sales."""

import base64
import json
from datetime import UTC, date, datetime
from typing import Any

import pytest

from functions.payment_webhooks import reading
from functions.payment_webhooks.configuration import payments_of
from functions.payment_webhooks.order_ids import is_order_number
from functions.payment_webhooks.providers import marketplace

KNOWN = {name: payments_of(name) for name in ("jateng", "semarang")}


def an_event(kind: str = "ticket.sold", **data: Any) -> dict[str, Any]:
    told = {
        "sale_id": "L-1",
        "sku": "SPK-UMUM",
        "quantity": 2,
        "amount": 40_000,
        "currency": "IDR",
        "sold_at": "2026-11-23T13:00:00+07:00",
    } | data
    return {"type": kind, "timestamp": "2026-11-23T06:00:01Z", "data": told}


def notice(body: dict[str, Any]) -> Any:
    return marketplace.notice(body, "marketplace:loket", KNOWN)


def test_a_sale_says_what_was_sold_and_when_it_is_for():
    sale = marketplace.sale_in(an_event(visit_on="2026-12-01"))
    assert sale is not None
    assert (sale.sale_id, sale.sku, sale.quantity, sale.amount) == ("L-1", "SPK-UMUM", 2, 40_000)
    assert sale.visit_on == date(2026, 12, 1)


@pytest.mark.parametrize(
    ("data", "quantity", "visit_on"),
    [
        ({"quantity": None}, 1, None),
        ({"quantity": "3"}, 3, None),
        ({"quantity": "two"}, 0, None),
        ({"quantity": 0, "visit_on": "soon"}, 0, None),
    ],
)
def test_what_a_sale_does_not_say_is_the_usual(data, quantity, visit_on):
    sale = marketplace.sale_in(an_event(**data))
    assert sale is not None
    assert (sale.quantity, sale.visit_on) == (quantity, visit_on)


@pytest.mark.parametrize("body", [{}, {"data": []}, {"data": {"sku": "x"}}, {"data": "x"}])
def test_an_event_without_its_sale_is_none(body):
    assert marketplace.sale_in(body) is None
    told = notice(body | {"type": "ticket.sold"})
    assert (told.status, told.transaction_id) == ("unknown:ticket.sold", "")


def test_a_sale_is_a_settlement_of_its_own_order():
    told = notice(an_event())
    assert (told.status, told.amount, told.proven) == ("settlement", 40_000, True)
    assert told.paid_at == datetime(2026, 11, 23, 6, tzinfo=UTC)
    assert is_order_number(told.order_ref)
    assert told.order_ref.startswith("SMG-TIX-")
    assert notice(an_event("ticket.cancelled")).order_ref == told.order_ref
    assert notice(an_event(sale_id="L-2")).order_ref != told.order_ref


def test_a_refund_is_of_an_amount_and_a_cancellation_of_all():
    refunded = notice(an_event("ticket.refunded", amount=20_000, refund_id="R-1"))
    assert (refunded.status, refunded.amount) == ("partial_refund", None)
    ((key, amount, confirmed),) = [(r.key, r.amount, r.confirmed) for r in refunded.refunds]
    assert (key, amount, confirmed) == ("R-1", 20_000, True)
    unnamed = notice(an_event("ticket.refunded", amount=20_000))
    assert unnamed.refunds[0].key == "L-1:20000"
    cancelled = notice(an_event("ticket.cancelled"))
    assert (cancelled.status, cancelled.refunds) == ("cancel", ())


def test_an_event_nobody_knows_is_kept_as_unknown():
    assert notice(an_event("ticket.moved")).status == "unknown:ticket.moved"
    assert not marketplace.is_known("ticket.moved")
    assert marketplace.is_known("ticket.sold")


def test_an_article_is_found_in_whichever_jurisdiction_sells_it():
    found = marketplace.article_of("loket", "spk-anak", KNOWN)
    assert found is not None
    assert (found.jurisdiction_id, found.sold.fare_class) == ("semarang", "child")
    assert marketplace.article_of("loket", "KREO", KNOWN) is None
    assert marketplace.article_of("nobody", "SPK-ANAK", KNOWN) is None
    assert notice(an_event(sku="?")).order_ref is None


def test_the_queues_message_of_a_sale_is_read():
    body = base64.b64encode(json.dumps(an_event()).encode()).decode()
    message = {"provider": "marketplace:loket", "path": "/payments/marketplace/loket", "body": body}
    assert reading.from_message(message) == notice(an_event())
