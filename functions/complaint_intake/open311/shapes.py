"""What GeoReport v2 answers of requests, and the two extensions that are used in the wild.

Fields and their order are those of http://wiki.open311.org/GeoReport_v2; ids and codes are texts.
The update extension is mySociety's (FixMyStreet), `attributes`, `notes` and `extended_attributes`
are those that endpoints answer to `extensions=true`.
"""

from typing import Literal

from shared.models import View

#: An instant in the W3C's profile of ISO 8601, to the second.
Instant = str


class RequestReceipt(View):
    """That a request was taken, and under which id."""

    service_request_id: str
    service_notice: str | None
    account_id: None = None


class TokenAnswer(View):
    """The id that a token stands for."""

    service_request_id: str
    token: str


class ServiceRequest(View):
    """A request as anyone may read it."""

    service_request_id: str
    status: Literal["open", "closed"]
    status_notes: str | None
    service_name: str | None
    service_code: str
    description: str | None
    agency_responsible: str | None
    service_notice: str | None
    requested_datetime: Instant
    updated_datetime: Instant
    expected_datetime: Instant | None
    address: str | None
    address_id: None = None
    zipcode: None = None
    lat: float | None
    long: float | None
    media_url: str | None


class Answer(View):
    """What was answered to a question with a list of choices."""

    label: str
    code: str
    name: str
    value: str


class Note(View):
    """One step of a request's way."""

    datetime: Instant
    type: str
    description: str


class MoreOfRequest(View):
    """What the standard has no field for."""

    detailed_status: str
    supporters: int
    photos: list[str]


class ExtendedRequest(ServiceRequest):
    """A request with what `extensions=true` adds."""

    attributes: list[Answer]
    extended_attributes: MoreOfRequest
    notes: list[Note]


class RequestUpdate(View):
    """A change of a request, as FixMyStreet fetches it."""

    update_id: str
    service_request_id: str
    status: str
    updated_datetime: Instant
    description: str
    media_url: str | None
    external_status_code: str


class UpdateReceipt(View):
    """That an update was taken, and under which id it would be fetched."""

    update_id: str


class Error(View):
    """What is wrong with a request."""

    code: int
    description: str
