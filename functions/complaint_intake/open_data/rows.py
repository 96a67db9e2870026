"""Complaints as rows of a CSV file, in the columns of Open311's bulk format.

What a row says is what the public reads of the complaint through Open311: one place decides what
that is, and masks what finds a person.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from functions.complaint_intake.open311.requests import service_request, to_second
from shared.complaints.record import Complaint
from shared.jurisdiction import Jurisdiction

#: The columns and their order, as the bulk format lists them.
COLUMNS: Final = (
    "service_request_id",
    "requested_datetime",
    "updated_datetime",
    "closed_date",
    "status_description",
    "status_notes",
    "source",
    "service_name",
    "service_subtype",
    "description",
    "agency_responsible",
    "address",
    "lat",
    "long",
)
#: The kind of a complaint, which is what its service's subtype is here.
_SUBTYPES: Final[Mapping[str, str]] = {
    "complaint": "pengaduan",
    "aspiration": "aspirasi",
    "information": "permintaan informasi",
}
#: Where a spreadsheet would read a formula: at the first sign of a text, in the East Asian width
#: too, and of any part of it, since readers of semicolons (as in Indonesia) part cells elsewhere
#: than quotation marks say.
_BEGINS_A_FORMULA: Final = re.compile(r"(?<![^;\t\r\n\"])(?=[=+\-@＝＋－＠])")
_LANGUAGE: Final = "id"


def lines(complaints: Iterable[Complaint], jurisdiction: Jurisdiction) -> Iterator[bytes]:
    """Yield the lines of the file in UTF-8, the header first; those of what is not public left out."""
    yield _line(COLUMNS)
    for complaint in complaints:
        if complaint.is_public:
            yield _line(row(complaint, jurisdiction))


def row(complaint: Complaint, jurisdiction: Jurisdiction) -> tuple[str, ...]:
    """Return a public complaint's cells. Numbers stay numbers; no text can be read as a formula."""
    said = service_request(complaint, jurisdiction, _LANGUAGE)
    cells = {
        "service_request_id": said.service_request_id,
        "requested_datetime": to_second(complaint.created_at),
        "updated_datetime": to_second(complaint.updated_at),
        "closed_date": to_second(complaint.closed_at) if complaint.closed_at else None,
        "status_description": said.status,
        "status_notes": said.status_notes,
        "source": complaint.channel,
        "service_name": said.service_name,
        "service_subtype": _SUBTYPES.get(complaint.kind, complaint.kind),
        "description": said.description,
        "agency_responsible": said.agency_responsible,
        "address": said.address,
        "lat": said.lat,
        "long": said.long,
    }
    return tuple(_cell(cells[name]) for name in COLUMNS)


def neutral(text: str) -> str:
    """Return a text that a spreadsheet shows as it is, and never reckons with."""
    return _BEGINS_A_FORMULA.sub("'", text)


def _cell(value: str | float | None) -> str:
    match value:
        case None:
            return ""
        case str():
            return neutral(value)
        case _:
            return repr(value)


def _line(cells: Iterable[str]) -> bytes:
    written = io.StringIO()
    csv.writer(written).writerow(cells)
    return written.getvalue().encode()
