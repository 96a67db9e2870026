"""A complaint moved, is overdue, or can be read by all: tells those who are to know.

The stream's event becomes a message for each (channel, partner) on the same queue, which come
back here one by one: so each has tries and a dead letter of its own, and nobody is told again,
or waits, because another cannot be reached (docs/adr/0021).
"""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from aws_lambda_powertools import Logger

from functions.complaint_intake.notices import fanning
from functions.complaint_intake.notices.calling import Caller
from functions.complaint_intake.notices.heads import HEAD, HeadTeller
from functions.complaint_intake.notices.messages import Channel
from functions.complaint_intake.notices.recipients import Recipients
from functions.complaint_intake.notices.registry import PartnerStore
from functions.complaint_intake.notices.settings import settings
from functions.complaint_intake.notices.telling import Teller
from functions.complaint_intake.reporters import ReporterStore
from shared import config
from shared.clock import from_text, now
from shared.complaints.store import ComplaintStore
from shared.messengers.leases import FIRST_WAIT_S, NoticeLeases
from shared.queues import send_all, work_through

if TYPE_CHECKING:
    from functions.complaint_intake.alerts.telling import AlertTeller

logger = Logger(service="complaint_intake")

#: When what failed comes again: two and a half hours in all, then it is a dead letter.
WAITS_S: Final = (FIRST_WAIT_S, 5 * 60, 30 * 60, 2 * 60 * 60, 0)


@cache
def teller() -> Teller:
    names = settings()
    return Teller(
        complaints=ComplaintStore(names.complaints_table),
        reporters=ReporterStore(names.reporters_table),
        leases=NoticeLeases(names.reporters_table),
        recipients=Recipients(names.complaints_table),
        settings=names,
    )


@cache
def caller() -> Caller:
    names = settings()
    return Caller(
        complaints=ComplaintStore(names.complaints_table),
        partners=PartnerStore(names.complaints_table, names.partner_secret_prefix),
        leases=NoticeLeases(names.reporters_table),
        loopback=names.loopback,
    )


@cache
def head_teller() -> HeadTeller:
    names = settings()
    return HeadTeller(
        complaints=ComplaintStore(names.complaints_table),
        leases=NoticeLeases(names.reporters_table),
        settings=names,
    )


@cache
def alerter() -> "AlertTeller":
    from functions.complaint_intake.alerts import telling
    from functions.complaint_intake.alerts.store import AlertStore

    names = settings()
    return telling.AlertTeller(
        complaints=ComplaintStore(names.complaints_table),
        alerts=AlertStore(names.reporters_table),
        leases=telling.leases_of(names.reporters_table),
        recipients=Recipients(names.complaints_table),
        settings=names,
    )


def channels(complaint_id: str) -> tuple[Channel, ...]:
    contact = teller().reporters.contact(complaint_id)
    return fanning.channels_of(contact, settings().channels)


def of_progress(event: Any) -> Iterator[Mapping[str, Any]]:
    notices = config.load(event["jurisdiction_id"]).notices
    if event["notify"] and notices:
        yield from fanning.notices_of(event, notices, channels(event["complaint_id"]))
    yield from fanning.webhooks_of(event, caller().partners.all())


def of_photo(event: Any) -> Iterator[Mapping[str, Any]]:
    complaint = teller().complaints.get(event["complaint_id"])
    notices = config.load(complaint.jurisdiction_id).notices if complaint else None
    if complaint and complaint.notify and notices:
        number = complaint.complaint_id
        at = from_text(event["at"])
        yield from fanning.notices_of_photo(number, notices, channels(number), at)


def of_shown(event: Any) -> Iterator[Mapping[str, Any]]:
    if config.load(event["jurisdiction_id"]).alerts:
        yield from alerter().of_shown(event, now())


def work(message: Any) -> None:
    match message["type"]:
        case "complaint_progressed.v1":
            send_all(settings().queue_url, of_progress(message))
        case "photo_rejected.v1":
            send_all(settings().queue_url, of_photo(message))
        case "complaint_escalated.v1":
            _log(message | {"channel": HEAD}, head_teller().tell(message, now()))
        case "notice_due.v1":
            _log(message, teller().tell(message, now()))
        case "webhook_due.v1":
            _log(message, caller().call(message, now()))
        case "complaint_shown.v1":
            send_all(settings().queue_url, of_shown(message))
        case "alerts_due.v1":
            send_all(settings().queue_url, alerter().of_page(message, now()))
        case "alert_due.v1":
            _log_alert(message, alerter().tell(message, now()))
        case "alert_asked.v1":
            _log_alert(message, alerter().ask(message, now()))
        case unknown:
            raise ValueError(f"no message of type {unknown}")


def _log(due: Any, outcome: str) -> None:
    logger.info(
        "notice",
        complaint_id=due["complaint_id"],
        version=due["version"],
        to=due.get("partner") or due["channel"],
        outcome=outcome,
    )


def _log_alert(due: Any, outcome: str) -> None:
    about = due.get("complaint_id")
    logger.info("alert", alert=due["alert"], complaint_id=about, outcome=outcome)


def handler(event: Mapping[str, Any], _context: object) -> dict[str, Any]:
    return work_through(event, work, logger, waits_s=WAITS_S, queue_url=settings().queue_url)
