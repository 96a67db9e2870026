"""Seals every jurisdiction's closed hours, wherever the schedule or the command runs it."""

import os
from datetime import datetime
from typing import TYPE_CHECKING, Final

from functions.payment_webhooks.books.files import BookFiles
from functions.payment_webhooks.books.journal import Journal
from functions.payment_webhooks.books.sealing import seal_closed
from shared import config
from shared.errors import described

if TYPE_CHECKING:
    from aws_lambda_powertools import Logger

#: Counted for each entry that did not fit its hash when it was sealed: an alarm is on it.
ALTERED: Final = "LedgerEntryAltered"


class NotSealed(Exception):
    """Some jurisdictions' hours could not be sealed; others were. The next hour tries again."""


def close_hours(now: datetime, logger: "Logger") -> tuple[int, int]:
    """Seal what can be sealed; return how many hours, and how many entries did not fit their hash.

    Raises:
        NotSealed: of some jurisdictions it failed; the log says why.
    """
    journal = Journal(os.environ["LEDGER_TABLE"], os.environ["PAYMENTS_TABLE"])
    files = BookFiles(os.environ["RAW_BUCKET"])
    hours = altered = 0
    failed = []
    for jurisdiction_id in config.jurisdiction_ids():
        try:
            for seal in seal_closed(jurisdiction_id, journal=journal, manifests=files, now=now):
                hours += 1
                altered += len(seal.altered)
                for entry_id in seal.altered:
                    logger.error("entry altered", entry_id=entry_id, hour=seal.values["hour"])
        except Exception as error:  # noqa: BLE001 (logged, and told at the end)
            # One city's trouble must not keep another's journal unsealed.
            logger.error("not sealed", jurisdiction_id=jurisdiction_id, **described(error))
            failed.append(jurisdiction_id)
    if failed:
        raise NotSealed(", ".join(failed))
    return hours, altered
