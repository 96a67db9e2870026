"""`/lacak/{complaint_id}`: a public report as anyone may read it, where alerts of neighbours lead."""

from collections.abc import Sequence
from html import escape
from http import HTTPStatus
from typing import TYPE_CHECKING

from aws_lambda_powertools.event_handler import Response

from functions.complaint_intake import views
from functions.complaint_intake.pages import lacak_page, shell
from shared import config, ids
from shared.complaints.record import Complaint, TimelineEntry
from shared.text import Text

if TYPE_CHECKING:
    from functions.complaint_intake.pages.office import Office

_NOT_THERE = Text("Laporan tidak ditemukan", "No such report")
_MAYBE = Text(
    "Nomornya keliru, atau laporan ini tidak terbuka untuk umum.",
    "The number is wrong, or this report is not public.",
)
_REPORT = Text("Laporan", "The report")


def shown(complaint_id: str, office: "Office") -> Response[str]:
    """Return a report's page; one that is not public is answered like one that does not exist."""
    language = office.request.language

    def say(text: Text, **filled: object) -> str:
        return text.in_language(language).format(**filled)

    found = _public(complaint_id, office)
    if found is None:
        body = f"<p>{say(_MAYBE)}</p>"
        return shell.page(say(_NOT_THERE), body, HTTPStatus.NOT_FOUND, language=language)
    complaint, timeline = found
    jurisdiction = config.load(complaint.jurisdiction_id)
    view = views.public(complaint, timeline, jurisdiction, language)
    body = (
        f"<p>{escape(view.complaint_id)}</p>\n"
        + lacak_page.standing(view, say, language)
        + f"<section><h2>{say(_REPORT)}</h2>\n<p>{lacak_page.lines(view.description or '')}</p>\n"
        + (f"<p>{escape(view.address_string)}</p>\n" if view.address_string else "")
        + "</section>\n"
        + lacak_page.history(view, say, language)
    )
    heading = view.service_name or say(_REPORT)
    return shell.page(heading, body, language=language)


def _public(
    complaint_id: str, office: "Office"
) -> tuple[Complaint, Sequence[TimelineEntry]] | None:
    number = ids.read_complaint_number(complaint_id)
    found = office.complaints.with_timeline(number, consistent=False) if number else None
    return found if found and found[0].is_public else None
