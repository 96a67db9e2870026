"""What processing has around it: its table, its provider, and configuration; made once a container."""

import os
from functools import cache

from functions.payment_webhooks.attribution import Attributing
from functions.payment_webhooks.configuration import payments_of
from functions.payment_webhooks.processing import Surroundings
from functions.payment_webhooks.provider_client import provider_client
from functions.payment_webhooks.store import PaymentStore
from shared import config


@cache
def payment_store() -> PaymentStore:
    """Return the orders and the journal."""
    return PaymentStore(os.environ["PAYMENTS_TABLE"], os.environ["LEDGER_TABLE"])


def _holidays(jurisdiction_id: str) -> frozenset[str]:
    return frozenset(config.load(jurisdiction_id).holidays)


@cache
def surroundings() -> Surroundings:
    """Return what processing needs of the world."""
    attributing = Attributing(
        payments={each: payments_of(each) for each in config.jurisdiction_ids()},
        holidays=_holidays,
        bill=payment_store().bill,
    )
    return Surroundings(
        store=payment_store(),
        ask=provider_client().confirmation,
        place=attributing.order_for,
        fee=attributing.fee,
    )


def raw_bucket() -> str:
    """Return the name of the bucket that keeps what providers sent."""
    return os.environ["RAW_BUCKET"]
