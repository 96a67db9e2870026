"""Two hundred scans of one ticket at the same moment: one lets in, all others learn which.

They are made beneath the API. A function's container answers one request at a time, and its
resolver keeps the one that it answers: threads that share a resolver read each other's request, and
scans that bear no id of their own then have the same one, and count as one scan sent again.
"""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest

from functions.payment_webhooks import tickets
from functions.payment_webhooks.configuration import payments_of
from functions.payment_webhooks.orders import redeeming
from functions.payment_webhooks.orders.redeeming import Outcome, Scanned, scans_of
from functions.payment_webhooks.orders.store import OrderDesk
from shared import aws
from shared.dynamo import from_item
from tests.aws_double import PAYMENTS, items, one_write_at_a_time
from tests.selling import NOON, SECRETS, tell, the_order
from tests.unit.payment_webhooks.orders import an_order

CROWD = 200
AT_ONCE = 16
TICKET = "SMG-TSP-7K3F9Q2M1XWZ4"


@pytest.fixture(autouse=True)
def _aws_with_one_write_at_a_time(aws_double: None) -> Iterator[None]:
    with one_write_at_a_time():
        yield


def a_paid_ticket() -> str:
    """Return the token of a ticket that was paid for and is good at noon."""
    order = an_order(
        order_id=TICKET,
        product="tiket-sam-poo-kong",
        kind="ticket",
        site="sam-poo-kong",
        created_at=NOON,
    )
    OrderDesk(PAYMENTS).create(order)
    tell(TICKET)
    (ticket,) = tickets.tickets_of(the_order(TICKET))
    return tickets.issued(ticket, tickets.signing_key(SECRETS["tickets"]))


def scanned_by_all(token: str) -> list[Scanned]:
    """Let the crowd scan a ticket, as many at one moment as there are threads."""
    desk, all_there = OrderDesk(PAYMENTS), Barrier(AT_ONCE, timeout=60)
    known = tickets.verifying_keys(SECRETS["tickets"])
    gate = payments_of("semarang").client_by_id["semarang-gerbang-sam-poo-kong"]
    aws.dynamodb()  # made once, before the crowd asks for it

    def scan(number: int) -> Scanned:
        if number < AT_ONCE:
            all_there.wait()
        return redeeming.scan(
            token,
            scan_id=f"scan-{number}",
            gate=f"G{number % 4}",
            at=NOON + timedelta(seconds=number),
            redeemer=gate,
            jurisdiction_id="semarang",
            keys=lambda: known,
            store=desk,
        )

    with ThreadPoolExecutor(AT_ONCE) as crowd:
        return list(crowd.map(scan, range(CROWD)))


def test_of_two_hundred_at_once_exactly_one_is_let_in():
    found = scanned_by_all(a_paid_ticket())
    assert Counter(one.outcome for one in found) == {
        Outcome.REDEEMED: 1,
        Outcome.DUPLICATE: CROWD - 1,
    }
    (first,) = (one for one in found if one.outcome is Outcome.REDEEMED)
    assert the_order(TICKET).redeemed["1"]["scan_id"] == first.scan_id
    earlier = {one.earlier["scan_id"] for one in found if one is not first and one.earlier}
    assert earlier == {first.scan_id}

    partition = scans_of("semarang", "sam-poo-kong", "2026-11-23")
    kept = [one for one in map(from_item, items(PAYMENTS)) if one["pk"] == partition]
    assert Counter(one["outcome"] for one in kept) == Counter(str(one.outcome) for one in found)
