"""Every minute: makes the totals anew of the days that entries were posted for since the last."""

import os
from functools import cache

from aws_lambda_powertools import Logger

from functions.payment_webhooks.books.balances import bring_up_to_date
from functions.payment_webhooks.books.journal import Journal
from shared import config
from shared.clock import now
from shared.errors import described

logger = Logger(service="payment_webhooks")


class NotUpToDate(Exception):
    """Some jurisdictions' totals could not be made; others were. The next minute tries again."""


@cache
def journal() -> Journal:
    return Journal(os.environ["LEDGER_TABLE"], os.environ["PAYMENTS_TABLE"])


def handler(_event: object, _context: object) -> dict[str, list[str]]:
    """Bring every jurisdiction's totals up to date; return the days that were made anew.

    Raises:
        NotUpToDate: of some it failed; the log says why.
    """
    made: dict[str, list[str]] = {}
    failed = []
    for jurisdiction_id in config.jurisdiction_ids():
        try:
            days = list(bring_up_to_date(jurisdiction_id, journal=journal(), clock=now))
        except Exception as error:  # noqa: BLE001 (logged, and told at the end)
            # One city's trouble must not keep another's figures back.
            logger.error("not up to date", jurisdiction_id=jurisdiction_id, **described(error))
            failed.append(jurisdiction_id)
        else:
            made[jurisdiction_id] = [day.isoformat() for day in days]
    if failed:
        raise NotUpToDate(", ".join(failed))
    logger.info("totals", days=made)
    return made
