"""What intake's API keeps from request to request: its stores, made once a container."""

from collections.abc import Callable
from functools import cache, partial
from http import HTTPStatus
from typing import TYPE_CHECKING

from functions.complaint_intake.reporters import ReporterStore
from functions.complaint_intake.settings import settings
from shared import aws
from shared.clock import now
from shared.complaints.store import ComplaintStore

if TYPE_CHECKING:
    from functions.complaint_intake.submission import SubmissionReceipt
    from shared.complaints.listings import ComplaintListings


@cache
def complaints() -> ComplaintStore:
    """Return the complaints."""
    return ComplaintStore(settings().complaints_table)


@cache
def listings() -> "ComplaintListings":
    """Return the lists of complaints by time and place; no submission needs them."""
    from shared.complaints.listings import ComplaintListings

    return ComplaintListings(settings().complaints_table)


@cache
def reporters() -> ReporterStore:
    """Return the reporters' contact data."""
    return ReporterStore(settings().reporters_table)


def acceptor(language: str) -> Callable[..., tuple["SubmissionReceipt", HTTPStatus]]:
    """Return what takes submissions in, with all that the stage and this moment determine."""
    from functions.complaint_intake import intake

    names = settings()
    return partial(
        intake.accept,
        language=language,
        now=now(),
        id_secret=aws.secret(names.id_secret),
        token_secret=aws.secret(names.token_secret),
        store=complaints(),
        reporters_table=names.reporters_table,
    )
