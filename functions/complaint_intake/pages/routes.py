"""The routes of pages. Each imports its page when it is asked for, so that no other start pays."""

from typing import TYPE_CHECKING

from aws_lambda_powertools import Logger
from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router

from functions.complaint_intake.settings import settings
from functions.complaint_intake.stores import acceptor, complaints, listings
from shared import aws
from shared.clock import now
from shared.http import Request

if TYPE_CHECKING:
    from functions.complaint_intake.pages.office import Office

router = Router()  # type: ignore[no-untyped-call]
logger = Logger(service="complaint_intake", child=True)


@router.get("/lapor")
def form() -> Response[str]:
    """Return the first page of a report."""
    from functions.complaint_intake.pages import lapor

    return lapor.opened(_request())


@router.post("/lapor")
def submit_form() -> Response[str]:
    """Take a page of a report in."""
    from functions.complaint_intake.pages import lapor

    request = _request()
    return lapor.submitted(request, _office(request))


@router.get("/lapor/foto")
def photo_form() -> Response[str]:
    """Return the frame in which photos are added."""
    from functions.complaint_intake.pages import photo_frame

    request = _request()
    return photo_frame.shown(request, _office(request))


@router.get("/lacak")
def tracking_form() -> Response[str]:
    """Return the page that asks for number and token."""
    from functions.complaint_intake.pages import lacak

    return lacak.asked(_request())


@router.get("/lacak/<complaint_id>")
def public_report(complaint_id: str) -> Response[str]:
    """Show a public report to anyone."""
    from functions.complaint_intake.pages import public_page

    return public_page.shown(complaint_id, _office(_request()))


@router.post("/lacak")
def track() -> Response[str]:
    """Show a report to its reporter, and do what they say."""
    from functions.complaint_intake.pages import lacak

    request = _request()
    return lacak.answered(request, _office(request))


def _request() -> Request:
    return Request(router.current_event.raw_event)


def _office(request: Request) -> "Office":
    """Return what a page asks of the rest of intake."""
    from functions.complaint_intake.pages.office import Office
    from functions.complaint_intake.voices import VoiceStore

    names = settings()
    return Office(
        request=request,
        now=now(),
        accept=acceptor(request.language),
        complaints=complaints(),
        listings=listings(),
        counts=VoiceStore(names.complaints_table),
        id_secret=aws.secret(names.id_secret),
        token_secret=aws.secret(names.token_secret),
        logger=logger,
    )
