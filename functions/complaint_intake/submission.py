"""What a citizen submits: the fields, their limits, and how each text is cleaned."""

import re
from datetime import UTC, datetime
from typing import Annotated, Any, Literal, NoReturn, get_args

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BeforeValidator,
    Field,
    model_validator,
)
from pydantic_core import PydanticCustomError

from shared import vehicles
from shared.cleaning import Blank, Cleaned, cleaned
from shared.jurisdiction import Kind, Visibility
from shared.models import Body, View

_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+")
_PHONE = re.compile(r"\+[1-9][0-9]{7,14}")
_PHONE_PUNCTUATION = re.compile(r"[\s().-]")
_INDONESIA = "+62"
#: Before it nobody drafted a complaint here; a clock that says so is wrong.
_EARLIEST_DRAFT = datetime(2000, 1, 1, tzinfo=UTC)


def refuse(code: str, indonesian: str, english: str) -> NoReturn:
    """Reject a value with a message in both languages."""
    raise PydanticCustomError(
        "fault", english.replace("{", "{{"), {"code": code, "id": indonesian, "en": english}
    )


def _e164(text: str) -> str:
    """Return a phone number in E.164; a leading 0 or 62 is Indonesia's."""
    digits = _PHONE_PUNCTUATION.sub("", text)
    if digits.startswith("0"):
        digits = _INDONESIA + digits[1:]
    elif digits.startswith("62"):
        digits = "+" + digits
    if not _PHONE.fullmatch(digits):
        refuse(
            "invalid_phone",
            "Tulis nomor seperti 081234567890 atau +6281234567890.",
            "Write the number as 081234567890 or +6281234567890.",
        )
    return digits


def _address(text: str) -> str:
    if not _EMAIL.fullmatch(text):
        refuse(
            "invalid_email",
            "Tulis alamat surel seperti nama@contoh.id.",
            "Write the address as name@example.id.",
        )
    return text.lower()  # as every mail server reads it, so that it is found by any spelling


def _of_our_days(instant: datetime) -> datetime:
    if instant < _EARLIEST_DRAFT:
        refuse(
            "too_long_ago",
            "Waktu ini terlalu lama berlalu; periksa jam gawai.",
            "This is too long ago; check the clock.",
        )
    return instant


def _to_a_centimetre(degrees: float) -> float:
    """Round to 1e-7 degree, about a centimetre: more is noise, and DynamoDB has limits."""
    return round(degrees, 7)


def _code_as_typed(text: Any) -> Any:
    """Return the vehicle's code that a text means, None if it means none."""
    return vehicles.as_typed(cleaned(text)) or None if isinstance(text, str) else text


def _both_or_none(notify: Any) -> Any:
    """Return the channels that true and false stand for; anything else as it is."""
    return list(get_args(Channel)) if notify is True else [] if notify is False else notify


Channel = Literal["email", "sms"]
# A text is cleaned first and measured then: validators before run from the last to the first.
Code = Annotated[str, Field(max_length=48)]
Name = Annotated[str, Field(min_length=1, max_length=100), Cleaned]
ShortText = Annotated[str, Field(max_length=300), Cleaned]
Answer = Annotated[str, Field(min_length=1, max_length=500), Cleaned]
Phone = Annotated[str, Field(max_length=30), Cleaned, AfterValidator(_e164)]
Email = Annotated[str, Field(max_length=254), Cleaned, AfterValidator(_address)]
VehicleCode = Annotated[str, Field(max_length=32)]
PhotoId = Annotated[str, Field(pattern=r"^[0-9A-HJKMNP-TV-Z]{26}$")]
DeviceId = Annotated[str, Field(min_length=1, max_length=128)]
#: Photos that come with one step, a submission or a reply …
MOST_PHOTOS = 5
#: … and that a complaint may name in all: with those that came later, or in a rejected one's place.
MOST_NAMED = 3 * MOST_PHOTOS
Latitude = Annotated[
    float, Field(ge=-90, le=90, allow_inf_nan=False), AfterValidator(_to_a_centimetre)
]
Longitude = Annotated[
    float, Field(ge=-180, le=180, allow_inf_nan=False), AfterValidator(_to_a_centimetre)
]


class Contact(Body):
    """How to reach the reporter. It is kept apart from the complaint, for intake's eyes only."""

    name: Annotated[Name | None, Blank] = None
    phone: Annotated[Phone | None, Blank] = Field(default=None, examples=["+6281200000001"])
    email: Annotated[Email | None, Blank] = Field(default=None, examples=["warga@example.id"])
    language: Literal["id", "en"] = "id"
    #: The channels by which to tell of progress; true stands for both.
    notify: Annotated[list[Channel], Field(max_length=2), BeforeValidator(_both_or_none)] = Field(
        default_factory=list, examples=[["sms"]]
    )
    #: Let the agency that works the complaint see this contact.
    share_with_agency: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether it names nobody and nothing to reach them by."""
        return not (self.name or self.phone or self.email)


class Submission(Body):
    """The body of `POST /complaints`."""

    jurisdiction_id: Code = Field(examples=["semarang"])
    service_code: Annotated[Code | None, Blank] = Field(default=None, examples=["jalan-rusak"])
    kind: Kind = "complaint"
    description: Annotated[str, Field(min_length=1, max_length=4000), Cleaned] = Field(
        examples=["Lampu jalan mati di depan gang"]
    )
    lat: Latitude | None = Field(default=None, examples=[-6.99])
    long: Longitude | None = Field(default=None, examples=[110.42])
    address_string: Annotated[ShortText | None, Blank] = None
    attributes: dict[Code, Answer] = Field(
        default_factory=dict, max_length=20, examples=[{"pemilik_jalan": "kota"}]
    )
    visibility: Visibility | None = None
    anonymous: bool = False
    contact: Contact | None = None
    #: As it was typed: spaces and other signs count as dashes.
    vehicle_code: Annotated[VehicleCode | None, BeforeValidator(_code_as_typed)] = Field(
        default=None, examples=["GJK-4821"]
    )
    drafted_at: Annotated[AwareDatetime, AfterValidator(_of_our_days)] | None = Field(
        default=None, examples=["2026-11-22T08:00:00+07:00"]
    )
    #: What `POST /photos` gave for each photo that was uploaded.
    photo_ids: list[PhotoId] = Field(default_factory=list, max_length=MOST_PHOTOS)
    #: The same for all that a device sends; only a pseudonym of the day is kept.
    device_id: Annotated[DeviceId | None, Blank] = None
    #: A trap for programs that fill whatever they find: people do not see it.
    website: Annotated[str | None, Field(max_length=300), Blank] = None

    @model_validator(mode="after")
    def _a_point_has_both_coordinates(self) -> "Submission":
        if (self.lat is None) != (self.long is None):
            refuse(
                "incomplete_location",
                "Isi lat dan long dua-duanya, atau kosongkan keduanya.",
                "Give both lat and long, or neither.",
            )
        return self


class Links(View):
    """Where to go on, relative to the API's address: for a program, and for the reporter.

    `track` is the page that shows the complaint; it carries number and token as a fragment.
    """

    self: str
    track: str


class SubmissionReceipt(View):
    """Proof that a complaint was taken: its number, and the token that only the reporter has."""

    complaint_id: str = Field(examples=["SMG-7ZK3Q9M4T0XWH"])
    tracking_token: str
    status: Literal["received"] = "received"
    dispatch_due_at: datetime
    links: Links
