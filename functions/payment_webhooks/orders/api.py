"""Sellers', gates' and treasurers' API: orders, refunds, tickets, tax bills, marketplaces' sales."""

import hashlib
import json
from collections.abc import Collection
from functools import cache, partial
from http import HTTPStatus
from typing import Any, Final
from uuid import uuid4

from aws_lambda_powertools.event_handler import Response

from functions.payment_webhooks import pbb, settings, tickets
from functions.payment_webhooks.configuration import Client, Payments, payments_of
from functions.payment_webhooks.keys import Keys, Unavailable
from functions.payment_webhooks.order_ids import read_order_number
from functions.payment_webhooks.orders import refunding, views
from functions.payment_webhooks.orders import settings as orders_settings
from functions.payment_webhooks.orders.store import OrderDesk
from functions.payment_webhooks.record import Order, OrderStatus
from functions.payment_webhooks.tickets import Ticket
from shared import aws, config
from shared.access import GATE_SCOPE, ORDERS_SCOPE, Caller
from shared.clock import now
from shared.days import day_of
from shared.errors import Busy, Forbidden, NotFound
from shared.http import JSON, ApiResolver, cacheable, reply

_WITH_TICKETS: Final = frozenset({OrderStatus.PAID, OrderStatus.PARTIALLY_REFUNDED})
_INQUIRY: Final = settings.SNAP_PREFIX + "/v1.0/transfer-va/inquiry"
_PAYMENT: Final = settings.SNAP_PREFIX + "/v1.0/transfer-va/payment"

app = ApiResolver("payment_webhooks")


def _without_secret(_: Unavailable) -> Response[str]:
    return app.refused(Busy(headers={"Retry-After": "30"}), app.incoming)


app.exception_handler(Unavailable)(_without_secret)


@cache
def desk() -> OrderDesk:
    return OrderDesk(orders_settings.payments_table())


@cache
def keys(name: str) -> Keys:
    """Return a secret of payments, the same object as long as the container lives."""
    return Keys(settings.secret_name(name))


def caller() -> Caller:
    return app.incoming.caller(orders_settings.clients_parameter_prefix())


@app.post("/orders")
def create() -> Response[str]:
    from functions.payment_webhooks.orders import selling
    from functions.payment_webhooks.orders.charging import charge
    from functions.payment_webhooks.orders.requests import OrderRequest
    from functions.payment_webhooks.provider_client import provider_client

    seller, jurisdiction_id, payments = _machine(ORDERS_SCOPE)
    request = app.incoming.parse(OrderRequest)
    if request.jurisdiction_id not in (None, jurisdiction_id):
        raise Forbidden
    at = now()
    order, status = selling.stored_once(
        request,
        key=selling.idempotency_key(app.incoming.headers.get("idempotency-key"), str(uuid4())),
        secret=aws.secret(settings.secret_name("order-id")),
        jurisdiction_id=jurisdiction_id,
        seller=seller,
        payments=payments,
        holidays=partial(_holidays, jurisdiction_id),
        bills=desk().bill,
        now=at,
        store=desk(),
    )
    again = partial(desk().order, consistent=True)
    asked = partial(charge, client=provider_client(), again=again, now=at)
    order = selling.charged(order, charge=asked, store=desk(), now=at)
    where = {"Location": f"orders/{order.order_id}"}
    return reply(_shown(order), status=status, headers=where)


@app.get("/orders/<order_id>")
def show(order_id: str) -> Response[str]:
    return reply(_shown(_readable(order_id, caller())))


@app.post("/orders/<order_id>/refunds")
def refund(order_id: str) -> Response[str]:
    from functions.payment_webhooks.orders import selling
    from functions.payment_webhooks.orders.charging import give_back
    from functions.payment_webhooks.orders.requests import RefundRequest
    from functions.payment_webhooks.provider_client import provider_client

    treasurer = caller()
    order = _order(order_id)
    if not treasurer.may_refund(order.jurisdiction_id):
        raise Forbidden
    request = app.incoming.parse(RefundRequest)
    given = selling.idempotency_key(app.incoming.headers.get("idempotency-key"), "")
    key = None if given else refunding.unanswered(request.amount, desk().refunds(order.order_id))
    key = (
        key
        or f"{order.order_id}-{hashlib.sha256((given or str(uuid4())).encode()).hexdigest()[:16]}"
    )
    amount, outcome = refunding.refund(
        order,
        request.amount,
        key=key,
        reason=request.reason,
        by=treasurer.id,
        even_if_redeemed=request.even_if_redeemed,
        payments=payments_of(order.jurisdiction_id),
        now=now(),
        store=desk(),
        ask=partial(give_back, client=provider_client()),
    )
    view = views.RefundView(order_id=order.order_id, refund_key=key, amount=amount, outcome=outcome)
    return reply(view, status=HTTPStatus.ACCEPTED)


@app.post("/tickets/redemptions")
def redeem() -> Response[str]:
    from functions.payment_webhooks.orders import gate
    from functions.payment_webhooks.orders.requests import RedemptionRequest

    redeemer, jurisdiction_id, _ = _machine(GATE_SCOPE)
    return reply(
        gate.redeemed(
            app.incoming.parse(RedemptionRequest),
            fallback_scan_id=app.incoming.id or str(uuid4()),
            redeemer=redeemer,
            jurisdiction_id=jurisdiction_id,
            keys=lambda: tickets.verifying_keys(keys("tickets").current()),
            store=desk(),
            now=now(),
        )
    )


@app.get("/tickets/keys")
def ticket_keys() -> Response[str]:
    listed = tickets.key_set(tickets.verifying_keys(keys("tickets").current()))
    view = views.KeySet(keys=[views.KeyView(**one) for one in listed])
    return cacheable(view, app.incoming, cache_control="public, max-age=300")


@app.get("/pbb/<nop>/<year>")
def tax_bill(nop: str, year: str) -> Response[str]:
    from functions.payment_webhooks.orders.ordering import NoSuchBill

    _, _, payments = _machine(ORDERS_SCOPE)
    for product in payments.products:
        if product.kind == "tax":
            digits = pbb.nop_of(nop, product.nop_prefixes).digits
            found = desk().bill(digits, int(year)) if _is_year(year) else None
            if found is None:
                raise NoSuchBill
            channel = app.incoming.query.get("channel", "qris")
            owed = pbb.owed(found, day_of(now()), channel, product.penalties)
            return reply(views.tax_view(found, owed, channel))
    raise NotFound


@app.post(_INQUIRY)
def inquire() -> Response[str]:
    from functions.payment_webhooks.orders import inquiring

    return _exactly(*inquiring.answer(app.incoming, keys("snap"), desk().bill, app.logger))


@app.post(_PAYMENT)
def virtual_account_paid() -> Response[str]:
    from functions.payment_webhooks.orders import paying

    return _exactly(
        *paying.answer(
            app.incoming,
            keys("snap"),
            store=desk(),
            queue_url=settings.notifications_queue(),
            logger=app.logger,
        )
    )


@app.post("/payments/marketplace/<partner>")
def marketplace_sold(partner: str) -> Response[str]:
    from functions.payment_webhooks.orders import marketing

    taken = marketing.take(
        app.incoming,
        partner,
        secrets=keys("marketplaces"),
        holidays=_holidays,
        store=desk(),
        queue_url=settings.notifications_queue(),
        now=now(),
    )
    view = views.SaleView(
        order_id=taken.order.order_id if taken.order else None,
        outcome=taken.outcome,
        tickets=_tickets(taken.order) if taken.order and taken.has_tickets else [],
    )
    return reply(view)


def _machine(scope: str) -> tuple[Client, str, Payments]:
    """Return the configuration of the machine client that calls, if it may do this at all."""
    client = caller().client
    payments = payments_of(client.jurisdiction_id) if client else None
    found = payments.client_by_id.get(client.id) if client and payments else None
    # Its token and what configuration says now must both allow it.
    if not (client and payments and found) or not {scope} <= client.scopes & {*found.scopes}:
        raise Forbidden
    return found, client.jurisdiction_id, payments


def _order(order_id: str) -> Order:
    number = read_order_number(order_id)
    order = desk().order(number, consistent=True) if number else None
    if order is None:
        raise NotFound
    return order


def _readable(order_id: str, reader: Caller) -> Order:
    """Return an order that somebody may read: who sells its product, or its treasurer."""
    client = reader.client
    if client is None and not reader.treasuries:
        raise Forbidden
    order = _order(order_id)
    if reader.may_refund(order.jurisdiction_id):
        return order
    if client is None or not reader.may_order(order.jurisdiction_id):
        raise NotFound
    seller = payments_of(order.jurisdiction_id).client_by_id.get(client.id)
    if seller is None or order.product not in seller.products:
        raise NotFound
    return order


def _shown(order: Order) -> views.OrderView:
    paid = order.status in _WITH_TICKETS and not order.revoked
    return views.order_view(order, _tickets(order) if paid else ())


def _tickets(order: Order) -> list[views.TicketView]:
    """Return an order's tickets that still let in, or did."""
    found = [
        one
        for one in tickets.tickets_of(order)
        if order.refunded_amount <= tickets.most_refunded(order, one.number)
    ]
    if not found:
        return []
    key = tickets.signing_key(keys("tickets").current())
    return [_ticket(one, order, tickets.issued(one, key)) for one in found]


def _ticket(ticket: Ticket, order: Order, token: str) -> views.TicketView:
    return views.TicketView(
        ticket_id=ticket.id,
        token=token,
        valid_from=ticket.valid_from,
        valid_until=ticket.valid_until,
        redeemed_at=order.redeemed.get(str(ticket.number), {}).get("at"),
    )


def _holidays(jurisdiction_id: str) -> Collection[str]:
    return config.load(jurisdiction_id).holidays


def _is_year(text: str) -> bool:
    return len(text) == len("2024") and text.isascii() and text.isdigit()


def _exactly(status: HTTPStatus, body: Any, headers: dict[str, str]) -> Response[str]:
    return Response(
        status_code=status,
        content_type=JSON,
        body=json.dumps(body, ensure_ascii=False, separators=(",", ":")),
        headers={"Cache-Control": "no-store", **headers},
    )


handler = app.lambda_handler
