"""The routes of alerts by area. Each imports what it needs when asked, so that no other start pays."""

from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router

from functions.complaint_intake.settings import notices_queue, settings
from shared import aws
from shared.clock import now
from shared.http import Request, reply

if TYPE_CHECKING:
    from functions.complaint_intake.alerts.asking import AlertAsked, AlertRequest

router = Router()  # type: ignore[no-untyped-call]


@router.post("/alerts")
def follow() -> Response[str]:
    """Have somebody asked whether they wish to hear of what is new near a place."""
    from functions.complaint_intake.alerts import asking

    answer = _asker()(_request().parse(asking.AlertRequest))
    return reply(answer, status=HTTPStatus.ACCEPTED)


@router.get("/alerts/confirm")
def ask_to_confirm() -> Response[str]:
    """Return the page that asks; it changes nothing."""
    from functions.complaint_intake.alerts import answering

    return answering.page(_request(), answering.CONFIRM)


@router.post("/alerts/confirm")
def confirm() -> Response[str]:
    """Let alerts begin."""
    from functions.complaint_intake.alerts import answering

    return answering.confirmed(_request())


@router.get("/alerts/stop")
def ask_to_stop() -> Response[str]:
    """Return the page that asks; it changes nothing."""
    from functions.complaint_intake.alerts import answering

    return answering.page(_request(), answering.STOP)


@router.post("/alerts/stop")
def stop() -> Response[str]:
    """End alerts: by the page's button, or a mail program's own."""
    from functions.complaint_intake.alerts import answering

    return answering.stopped(_request())


@router.get("/alerts/<alert_id>")
def show(alert_id: str) -> Response[str]:
    """Show what is held of a subscriber."""
    from functions.complaint_intake.alerts import answering

    return reply(answering.held(alert_id, _request()))


@router.delete("/alerts/<alert_id>")
def forget(alert_id: str) -> Response[str]:
    """Forget a subscriber."""
    from functions.complaint_intake.alerts import answering

    return reply(answering.forgotten(alert_id, _request()))


@router.get("/ikuti")
def form() -> Response[str]:
    """Return the form by which somebody follows a place."""
    from functions.complaint_intake.pages import ikuti

    return ikuti.opened(_request())


@router.post("/ikuti")
def follow_by_form() -> Response[str]:
    """Take the form in."""
    from functions.complaint_intake.pages import ikuti

    return ikuti.submitted(_request(), _asker())


def _asker() -> Callable[["AlertRequest"], "AlertAsked"]:
    """Return what has an address asked, with all that the stage and this moment determine."""
    from functions.complaint_intake.alerts import asking
    from functions.complaint_intake.alerts.store import AlertStore

    names = settings()
    return partial(
        asking.asked,
        now=now(),
        secret=aws.secret(names.id_secret),
        store=AlertStore(names.reporters_table),
        queue_url=notices_queue(),
    )


def _request() -> Request:
    return Request(router.current_event.raw_event)
