"""Early on the first of a month: publishes the month before as open data; any month on demand."""

import os
from collections.abc import Mapping
from typing import Any

from aws_lambda_powertools import Logger

from functions.complaint_intake.open_data.months import month_before
from functions.complaint_intake.open_data.publishing import Published, publish
from shared import config
from shared.clock import now
from shared.complaints.listings import ComplaintListings
from shared.errors import described

logger = Logger(service="complaint_intake")


class NotPublished(Exception):
    """Some jurisdictions' months could not be published; others were. It may be done again."""


def handler(event: Mapping[str, Any], _context: object) -> dict[str, list[Published]]:
    """Publish the month that the event names, or the one before; of its jurisdiction, or of all.

    Raises:
        NotPublished: of some it failed; the log says why.
    """
    month = event.get("month") or month_before(now())
    wanted = event.get("jurisdiction_id")
    listings = ComplaintListings(os.environ["COMPLAINTS_TABLE"])
    published = []
    failed = []
    for jurisdiction_id in [wanted] if wanted else config.jurisdiction_ids():
        try:
            done = publish(jurisdiction_id, month, listings=listings, now=now())
        except Exception as error:  # noqa: BLE001 (logged, and told at the end)
            # One city's trouble must not keep another's data back.
            logger.error("not published", jurisdiction_id=jurisdiction_id, **described(error))
            failed.append(jurisdiction_id)
        else:
            logger.info("published", **done)
            published.append(done)
    if failed:
        raise NotPublished(f"{', '.join(map(str, failed))} of {month}")
    return {"published": published}
