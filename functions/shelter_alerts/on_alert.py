"""The queue of what is said of shelters: tells Dishub, partners' servers and a district's offices."""

import json
import os
from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from aws_lambda_powertools import Logger

from functions.shelter_alerts import settings
from functions.shelter_alerts.alerts.caps import CapStore
from functions.shelter_alerts.alerts.districts import DistrictStore
from functions.shelter_alerts.alerts.options import Options
from functions.shelter_alerts.alerts.telling import Channels, Teller
from shared import aws
from shared.clock import now
from shared.messengers.leases import FIRST_WAIT_S, NoticeLeases
from shared.queues import work_through

logger = Logger(service="shelter_alerts")

#: When what failed comes again: what is told of a shelter is soon old.
WAITS_S: Final = (FIRST_WAIT_S, 5 * 60, 15 * 60, 30 * 60, 0)


def later(message: Mapping[str, Any], delay_s: int) -> None:
    aws.sqs().send_message(
        QueueUrl=settings.alerts_queue_url(),
        MessageBody=json.dumps(message, ensure_ascii=False),
        DelaySeconds=delay_s,
    )


@cache
def teller() -> Teller:
    table = settings.shelters_table()
    return Teller(
        leases=NoticeLeases(table, lambda partition: partition),
        caps=CapStore(table),
        districts=DistrictStore(table),
        channels=Channels.from_environment(
            agency_queue_prefix=os.environ["AGENCY_QUEUE_URL_PREFIX"]
        ),
        nearest=Options(table).around,
        later=later,
    )


def work(message: Any) -> None:
    match message["type"]:
        case "alert_said.v1":
            outcome = teller().tell(message, now())
            about = {"shelter_id": message["shelter_id"], "seq": message["seq"]}
        case "shelter_webhook_due.v1":
            outcome = teller().call(message, now())
            alert = message["alert"]
            about = {"shelter_id": alert["shelter_id"], "seq": alert["seq"]}
        case "district_due.v1":
            outcome = teller().tell_district(message, now())
            about = {"district": message["district"]}
        case unknown:
            raise ValueError(f"no message of type {unknown}")
    logger.info("told", type=message["type"], outcome=outcome, **about)


def handler(event: Mapping[str, Any], _context: object) -> dict[str, Any]:
    queue_url = settings.alerts_queue_url()
    return work_through(event, work, logger, waits_s=WAITS_S, queue_url=queue_url)
