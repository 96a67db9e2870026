"""The public lists of what is overdue, and of what is still owed: as pages, and as CSV."""

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final, Protocol

from functions.complaint_intake import intake
from functions.complaint_intake.related_views import AgencyName, agency_name
from shared.clock import to_text
from shared.complaints.items import DEBTS, OVERDUE
from shared.complaints.record import Complaint
from shared.cursors import cursor_to, page_size, place_at
from shared.errors import InvalidInput
from shared.jurisdiction import Jurisdiction
from shared.models import View
from shared.text import Text

#: The columns of the CSV and their order.
COLUMNS: Final = (
    "complaint_id", "status", "service_code", "service_name", "agency", "agency_name",
    "created_at", "due_at", "legal_due_at", "owed_by",
)  # fmt: skip


class LateComplaint(View):
    """A public complaint that is overdue, or of which something is still owed."""

    complaint_id: str
    status: str
    service_code: str | None
    service_name: str | None
    agency: AgencyName | None
    created_at: datetime
    due_at: datetime  #: by the jurisdiction's own promise
    legal_due_at: datetime | None  #: by the law
    owed_by: datetime | None  #: when the rest is promised to be done


class LateList(View):
    """A page, the longest due first; `cursor` asks for the next one, null at the end."""

    jurisdiction_id: str
    complaints: list[LateComplaint]
    cursor: str | None


class Listings(Protocol):
    """What is needed of the lists of complaints."""

    def late(
        self,
        jurisdiction_id: str,
        kinds: Sequence[str],
        *,
        agency: str | None = None,
        after: str = "",
        limit: int,
    ) -> tuple[Sequence[Complaint], str | None]:
        """Return a page of a jurisdiction's lists of late ones by date, and where to go on."""
        ...


def overdue(query: Mapping[str, str], *, language: str, listings: Listings) -> LateList:
    """Return the public complaints whose delay has come as far as everyone.

    `query` has `jurisdiction_id` and perhaps `agency`, `limit` and `cursor`.

    Raises:
        InvalidInput: one of them is missing or is not possible; says which.
    """
    return _page(OVERDUE, query, language, listings)


def debts(query: Mapping[str, str], *, language: str, listings: Listings) -> LateList:
    """Return the public complaints that were resolved on a condition which is not met yet.

    Raises:
        InvalidInput: as for `overdue`.
    """
    return _page(DEBTS, query, language, listings)


def table(page: LateList) -> str:
    """Return a page as CSV. No cell holds anything that a reporter wrote."""
    written = io.StringIO()
    rows = csv.writer(written)
    rows.writerow(COLUMNS)
    for one in page.complaints:
        cells = one.model_dump(exclude={"agency"}) | {
            "agency": one.agency and one.agency.code,
            "agency_name": one.agency and one.agency.name,
        }
        rows.writerow([_cell(cells[name]) for name in COLUMNS])
    return written.getvalue()


def wants_csv(query: Mapping[str, str]) -> bool:
    """Tell whether `format` asks for CSV rather than JSON.

    Raises:
        InvalidInput: it asks for something else.
    """
    asked = query.get("format", "json")
    if asked not in {"json", "csv"}:
        raise InvalidInput.at(
            "format",
            "not_a_choice",
            Text("Pilih salah satu: json, csv.", "Choose one of: json, csv."),
        )
    return asked == "csv"


def _page(kind: str, query: Mapping[str, str], language: str, listings: Listings) -> LateList:
    jurisdiction = intake.jurisdiction_named(query.get("jurisdiction_id", ""))
    found, place = listings.late(
        jurisdiction.id,
        (kind,),
        agency=query.get("agency"),
        after=place_at(query.get("cursor")),
        limit=page_size(query.get("limit")),
    )
    return LateList(
        jurisdiction_id=jurisdiction.id,
        complaints=[_shown(one, jurisdiction, language) for one in found],
        cursor=cursor_to(place),
    )


def _shown(complaint: Complaint, jurisdiction: Jurisdiction, language: str) -> LateComplaint:
    category = jurisdiction.category_by_code.get(complaint.service_code or "")
    agency = complaint.assignment and complaint.assignment.agency
    return LateComplaint(
        complaint_id=complaint.complaint_id,
        status=complaint.status,
        service_code=complaint.service_code,
        service_name=category.name.in_language(language) if category else None,
        agency=agency_name(agency, language) if agency else None,
        created_at=complaint.created_at,
        due_at=complaint.due_at,
        legal_due_at=complaint.legal_due_at,
        owed_by=complaint.owed_by,
    )


def _cell(value: str | datetime | None) -> str:
    return to_text(value) if isinstance(value, datetime) else value or ""
