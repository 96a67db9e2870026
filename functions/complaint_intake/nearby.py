"""Similar complaints around a place, shown before another one is submitted."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Final, Protocol

from functions.complaint_intake import intake, subject
from shared.complaints.law import DONE, Status
from shared.complaints.record import Complaint
from shared.errors import InvalidInput
from shared.jurisdiction import Category, Jurisdiction
from shared.masking import masked
from shared.models import View
from shared.text import Text

#: More than these nobody compares with their own.
MOST: Final = 20
#: Enough of a description to know the same trouble by.
_SHORT = 200
_DEGREES = re.compile(r"[+-]?[0-9]{1,3}(\.[0-9]{1,20})?")


class NearbyComplaint(View):
    """A public complaint close to the place asked about."""

    complaint_id: str
    service_code: str | None
    service_name: str | None
    description: str
    status: str
    distance_m: int
    supporters: int
    created_at: datetime
    lat: float | None
    long: float | None


class Nearby(View):
    """Similar complaints, the nearest first."""

    jurisdiction_id: str
    radius_m: int
    complaints: list[NearbyComplaint]


class Listings(Protocol):
    """What is needed of the lists of complaints."""

    def near(
        self, lat: float, long: float, radius_m: float, service_code: str | None = None
    ) -> Iterable[tuple[Complaint, float]]:
        """Return public complaints within a radius, and how far each is (m), nearest first."""
        ...


def nearby(query: Mapping[str, str], *, language: str, now: datetime, listings: Listings) -> Nearby:
    """Return the complaints similar to one that would be submitted here: open, or closed lately.

    `query` has `jurisdiction_id`, `lat`, `lng` (or `long`) and perhaps a `category`.

    Raises:
        InvalidInput: one of them is missing or is not possible; says which.
    """
    jurisdiction = intake.jurisdiction_named(query.get("jurisdiction_id", ""))
    lat = _degrees(query, ("lat",), 90)
    long = _degrees(query, ("lng", "long"), 180)
    category = _category(query.get("category"), jurisdiction)
    radius_m = category.radius_m if category else Category.model_fields["radius_m"].default
    found = listings.near(lat, long, radius_m, category.service_code if category else None)
    similar = (
        _shown(complaint, away_m, jurisdiction, language)
        for complaint, away_m in found
        if complaint.jurisdiction_id == jurisdiction.id
        and _still_counts(complaint, now, jurisdiction)
    )
    return Nearby(
        jurisdiction_id=jurisdiction.id, radius_m=radius_m, complaints=list(islice(similar, MOST))
    )


def _degrees(query: Mapping[str, str], names: Sequence[str], most: float) -> float:
    name = next((one for one in names if one in query), names[0])
    if name not in query:
        raise InvalidInput.at(name, "missing", Text("Wajib diisi.", "This is required."))
    given = query[name].strip()
    if not _DEGREES.fullmatch(given) or abs(float(given)) > most:
        raise InvalidInput.at(
            name,
            "out_of_range",
            Text(
                f"Isi derajat desimal dari -{most} sampai {most}.",
                f"Give decimal degrees from -{most} to {most}.",
            ),
        )
    return float(given)


def _category(code: str | None, jurisdiction: Jurisdiction) -> Category | None:
    if code is None:
        return None
    return subject.category_named(code, jurisdiction, field="category")


def _still_counts(complaint: Complaint, now: datetime, jurisdiction: Jurisdiction) -> bool:
    """Tell whether a complaint is one to compare with: at work, or done not long ago."""
    if complaint.status is Status.WITHDRAWN:
        return False
    term = timedelta(weeks=jurisdiction.dialogue.nearby_weeks)
    return complaint.status not in DONE or (complaint.closed_at or now) >= now - term


def _shown(
    complaint: Complaint, away_m: float, jurisdiction: Jurisdiction, language: str
) -> NearbyComplaint:
    category = jurisdiction.category_by_code.get(complaint.service_code or "")
    return NearbyComplaint(
        complaint_id=complaint.complaint_id,
        service_code=complaint.service_code,
        service_name=category.name.in_language(language) if category else None,
        description=shortened(masked(complaint.public_description or complaint.description)),
        status=complaint.status,
        distance_m=round(away_m),
        supporters=complaint.supporters,
        created_at=complaint.created_at,
        lat=complaint.lat,
        long=complaint.long,
    )


def shortened(text: str) -> str:
    """Return a text on one line, cut after a word where it is long."""
    line = " ".join(text.split())
    if len(line) <= _SHORT:
        return line
    return f"{line[:_SHORT].rsplit(' ', 1)[0]}…"
