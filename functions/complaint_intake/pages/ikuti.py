"""`/ikuti`: follow a place by a plain form. The same as `POST /alerts`, for a browser without script."""

import json
from collections.abc import Callable
from html import escape
from http import HTTPStatus

from aws_lambda_powertools.event_handler import Response
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from functions.complaint_intake import location
from functions.complaint_intake.alerts.asking import AlertAsked, AlertRequest, terms_of
from functions.complaint_intake.pages import fields, shell
from functions.complaint_intake.pages.fields import Values
from functions.complaint_intake.pages.report import Report
from shared.alerts import Alerts
from shared.complaints.visibility import PUBLIC
from shared.errors import InvalidInput, Problem
from shared.http import Request
from shared.jurisdiction import Jurisdiction
from shared.text import Text
from shared.validation import faults_of

#: How far around a place is offered, in metres; as far as the jurisdiction allows.
_RADII = (250, 500, 1000, 2000, 4000)
_USUAL_RADIUS = "500"
_FIELDS = ("location", "radius_m", "service_code", "email", "phone")

_TITLE = Text("Ikuti laporan di sekitar", "Follow complaints near a place")
_WHY = Text(
    "Kami kabari setiap ada laporan baru yang terbuka untuk umum ({place}).",
    "We tell you of each new public complaint ({place}).",
)
_WHERE = Text("Di mana?", "Where?")
_HOW = Text(
    "Tempel koordinat atau tautan dari tombol Bagikan di aplikasi peta",
    "Paste coordinates, or the link that a map's Share button gives",
)
_RADIUS = Text("Dalam jarak", "Within")
_ABOUT = Text("Tentang apa?", "About what?")
_EMAIL = Text("Surel", "E-mail")
_OR_PHONE = Text("… atau nomor HP", "… or a telephone number")
_FOLLOW = Text("Ikuti", "Follow")
_SENT = Text(
    "Periksa surel atau pesan Anda: di situ ada tautan untuk menyetujui, yang berlaku {hours} jam."
    " Sebelum itu tidak ada kabar yang dikirim.",
    "See your e-mail or messages: a link there confirms it, within {hours} hours. Nothing else is"
    " sent before that.",
)
_NOT_FOR_YOU = Text("Jangan diisi", "Leave this empty")


class PostedFollowing(BaseModel):
    """The fields of the form, for the API's document."""

    model_config = ConfigDict(defer_build=True, extra="allow")

    jurisdiction_id: str
    location: str = Field(description="Coordinates, or a map's link")
    radius_m: str = _USUAL_RADIUS
    service_code: str = ""
    email: str = ""
    phone: str = ""
    website: str = Field(default="", description="A trap for programs; people leave it empty")


def opened(request: Request) -> Response[str]:
    """Return the empty form; `jurisdiction_id` picks the tenant."""
    values = {"jurisdiction_id": request.query.get("jurisdiction_id", "")}
    try:
        return _form(values, {}, HTTPStatus.OK, request.language)
    except Problem as problem:
        return _refused(problem, request.language)


def submitted(request: Request, ask: Callable[[AlertRequest], AlertAsked]) -> Response[str]:
    """Have an address asked, or return the form with what to mend."""
    language, values = request.language, {}
    try:
        values = fields.posted(request)
        wanted = _wanted(values, language)
        # A program that fills whatever it finds is told the same, and nobody is asked.
        hours = terms_of(Report(values).jurisdiction)[0].confirm_hours
        if "website" not in values:
            hours = ask(wanted).confirm_within_hours
    except InvalidInput as problem:
        said = fields.errors_of(problem, language)
        errors = {name or "email": told for name, told in said.items()}
        return _form(values, errors, problem.status, language)
    except Problem as problem:
        return _refused(problem, language)
    body = f"<p>{_SENT.in_language(language).format(hours=hours)}</p>"
    return shell.page(_TITLE.in_language(language), body, language=language)


def _wanted(values: Values, language: str) -> AlertRequest:
    place = location.read(values.get("location", ""))
    body = {
        "jurisdiction_id": Report(values).jurisdiction.id,
        "lat": place.lat,
        "long": place.long,
        "radius_m": int(values["radius_m"]) if values.get("radius_m", "").isdecimal() else None,
        **{name: values.get(name) for name in ("service_code", "email", "phone")},
        "language": language,
    }
    try:
        return AlertRequest.model_validate_json(json.dumps(body))
    except ValidationError as error:
        raise InvalidInput(faults=faults_of(error, AlertRequest)) from None


def _form(values: Values, errors: Values, status: int, language: str) -> Response[str]:
    jurisdiction = Report(values).jurisdiction
    terms, _ = terms_of(jurisdiction)

    def say(text: Text, **filled: object) -> str:
        return text.in_language(language).format(**filled)

    place = jurisdiction.name.in_language(language)
    body = (
        f"<p>{escape(say(_WHY, place=place))}</p>\n"
        + fields.unplaced(errors, _FIELDS)
        + '<form method="post" action="ikuti">\n'
        + fields.hidden({"jurisdiction_id": jurisdiction.id})
        + fields.line(
            "location", say(_WHERE), values, errors, longest=2000, hint=say(_HOW), more=" required"
        )
        + fields.choice("radius_m", say(_RADIUS), _radii(values, terms), errors)
        + fields.choice(
            "service_code", say(_ABOUT), _categories(values, jurisdiction, terms, language), errors
        )
        + fields.line("email", say(_EMAIL), values, errors, longest=254, more=_MAIL)
        + fields.line("phone", say(_OR_PHONE), values, errors, longest=30, more=_TELEPHONE)
        + f'<p class="away" aria-hidden="true"><label>{say(_NOT_FOR_YOU)}<input name="website"'
        ' tabindex="-1" autocomplete="off"></label></p>\n'
        f"<button>{say(_FOLLOW)}</button>\n</form>\n"
    )
    return shell.page(say(_TITLE), body, status, language=language)


_MAIL = ' type="email" autocomplete="email"'
_TELEPHONE = ' type="tel" autocomplete="tel"'


def _radii(values: Values, terms: Alerts) -> str:
    chosen = values.get("radius_m", _USUAL_RADIUS)
    offered = [str(one) for one in _RADII if one <= terms.largest_radius_m]
    return "".join(fields.option(one, f"{one} m", chosen=one == chosen) for one in offered)


def _categories(values: Values, jurisdiction: Jurisdiction, terms: Alerts, language: str) -> str:
    chosen = values.get("service_code")
    return fields.option("", terms.all_categories.in_language(language)) + "".join(
        fields.option(
            one.service_code, one.name.in_language(language), chosen=one.service_code == chosen
        )
        for one in jurisdiction.categories
        if one.visibility == PUBLIC and not one.other
    )


def _refused(problem: Problem, language: str) -> Response[str]:
    said = " ".join(fields.errors_of(problem, language).values())
    return shell.page(
        _TITLE.in_language(language), fields.error(said), problem.status, language=language
    )
