"""Takes in that somebody wishes to hear of new complaints near a place: they are asked to confirm."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Annotated, Literal

from pydantic import Field, model_validator

from functions.complaint_intake import intake, subject
from functions.complaint_intake.alerts.areas import rounded
from functions.complaint_intake.alerts.store import AlertStore
from functions.complaint_intake.alerts.subscription import Subscription, area_of, to_be_asked
from functions.complaint_intake.notices.messages import AlertAskedV1, Channel
from functions.complaint_intake.submission import (
    Code,
    Email,
    Latitude,
    Longitude,
    Phone,
    refuse,
)
from shared import ids
from shared.alerts import SMALLEST_RADIUS_M, Alerts
from shared.cleaning import Blank
from shared.clock import to_text
from shared.complaints.visibility import PUBLIC
from shared.errors import Conflict, InvalidInput
from shared.jurisdiction import Jurisdiction
from shared.messengers.addresses import takes_mail, takes_sms
from shared.models import Body, View
from shared.notices import Notices
from shared.queues import send
from shared.text import Text


class AlertRequest(Body):
    """The body of `POST /alerts`: a place, and an e-mail address or a telephone number."""

    jurisdiction_id: Code = Field(examples=["semarang"])
    lat: Latitude = Field(examples=[-6.99])
    long: Longitude = Field(examples=[110.42])
    radius_m: int = Field(default=500, ge=SMALLEST_RADIUS_M, examples=[500])
    #: Only of this category; of all where it is left out.
    service_code: Annotated[Code | None, Blank] = Field(default=None, examples=["jalan-rusak"])
    email: Annotated[Email | None, Blank] = Field(default=None, examples=["warga@example.id"])
    phone: Annotated[Phone | None, Blank] = None
    language: Literal["id", "en"] = "id"

    @model_validator(mode="after")
    def _one_address(self) -> "AlertRequest":
        if (self.email is None) == (self.phone is None):
            refuse(
                "one_address",
                "Isi email atau phone, salah satu saja.",
                "Give either email or phone, and not both.",
            )
        return self


class AlertAsked(View):
    """The same answer to everyone: it does not tell whether an address was known."""

    status: Literal["to_be_confirmed"] = "to_be_confirmed"
    #: So long the link in the message works.
    confirm_within_hours: int


class NotOffered(Conflict):
    """The jurisdiction offers no alerts."""

    code = "not_offered"
    title = Text("Kabar sekitar tidak tersedia di sini.", "Alerts by area are not offered here.")


def terms_of(jurisdiction: Jurisdiction) -> tuple[Alerts, Notices]:
    """Return how a jurisdiction tells of what is new near a place.

    Raises:
        NotOffered: it does not.
    """
    if jurisdiction.alerts is None or jurisdiction.notices is None:
        raise NotOffered
    return jurisdiction.alerts, jurisdiction.notices


def asked(
    wanted: AlertRequest, *, now: datetime, secret: bytes, store: AlertStore, queue_url: str
) -> AlertAsked:
    """Have an address asked whether it wishes to hear of what is new near a place.

    May be repeated: the message goes out once for each time that an address is asked.

    Raises:
        InvalidInput: the place, the category or the address is none that is served.
        NotOffered: the jurisdiction offers no alerts.
    """
    jurisdiction = intake.jurisdiction_named(wanted.jurisdiction_id)
    terms, notices = terms_of(jurisdiction)
    _check(wanted, jurisdiction, terms, notices)
    one = _subscription(wanted, terms, secret, now)
    standing, others = store.of_address(one.alert_id, now)
    if to_be_asked(standing, others, terms, now) and store.ask(one, standing):
        standing = one
    # Sent even if nobody is to be asked: whoever measures the answer learns nothing by it.
    message: AlertAskedV1 = {
        "type": "alert_asked.v1",
        "alert": one.alert_id,
        "asked_at": to_text((standing or one).asked_at),
    }
    send(queue_url, message)
    return AlertAsked(confirm_within_hours=terms.confirm_hours)


def _subscription(
    wanted: AlertRequest, terms: Alerts, secret: bytes, now: datetime
) -> Subscription:
    channel: Channel = "email" if wanted.email else "sms"
    lat, long = rounded(wanted.lat), rounded(wanted.long)
    one = Subscription(
        alert_id="",
        jurisdiction_id=wanted.jurisdiction_id,
        service_code=wanted.service_code,
        lat=lat,
        long=long,
        radius_m=wanted.radius_m,
        channel=channel,
        address=wanted.email or wanted.phone or "",
        language=wanted.language,
        asked_at=now,
        until=now + timedelta(hours=terms.confirm_hours),
    )
    area = area_of(one.jurisdiction_id, one.service_code, lat, long, one.radius_m)
    return replace(one, alert_id=ids.alert_id(secret, one.address, area))


def _check(
    wanted: AlertRequest, jurisdiction: Jurisdiction, terms: Alerts, notices: Notices
) -> None:
    if wanted.radius_m > terms.largest_radius_m:
        raise InvalidInput.at(
            "radius_m",
            "out_of_range",
            Text(
                f"Paling jauh {terms.largest_radius_m} meter.",
                f"At most {terms.largest_radius_m} metres.",
            ),
        )
    if wanted.service_code:
        category = subject.category_named(wanted.service_code, jurisdiction, field="service_code")
        if category.visibility != PUBLIC:
            raise InvalidInput.at("service_code", "not_public", _NOT_PUBLIC)
    if wanted.email and not takes_mail(wanted.email):
        raise InvalidInput.at("email", "invalid_email", _NO_MAIL)
    if wanted.phone and not takes_sms(wanted.phone, notices.sms_prefixes):
        raise InvalidInput.at("phone", "not_served", _NO_SMS)


_NOT_PUBLIC = Text(
    "Laporan kategori ini tidak terbuka untuk umum.",
    "Complaints of this category are not public.",
)
_NO_MAIL = Text(
    "Alamat surel ini tidak dapat kami kirimi.", "We cannot send e-mail to this address."
)
_NO_SMS = Text(
    "Nomor ini tidak dapat kami kirimi pesan.", "We cannot send text messages to this number."
)
