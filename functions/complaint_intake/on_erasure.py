"""The erasures queue: forgets the reporters of complaints, each until nothing of them is left."""

import os
from functools import cache
from typing import Any

from aws_lambda_powertools import Logger

from functions.complaint_intake.rights.erasure import Eraser
from functions.complaint_intake.rights.stores import complaints, photos, register
from shared.clock import now
from shared.queues import work_through

logger = Logger(service="complaint_intake")


@cache
def eraser() -> Eraser:
    return Eraser(
        table=os.environ["COMPLAINTS_TABLE"],
        complaints=complaints(),
        register=register(),
        photos=photos(),
    )


def work(event: Any) -> None:
    if event["type"] != "erasure_requested.v1":
        raise ValueError(f"unknown event {event['type']!r}")
    complaint_id, reason = event["complaint_id"], event["reason"]
    done = eraser().forget(complaint_id, reason, now=now)
    logger.info("erasure", complaint_id=complaint_id, reason=reason, done=done)


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Forget the reporters that a batch names; what fails comes again."""
    return work_through(event, work, logger)
