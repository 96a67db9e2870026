"""`/lacak`: how a report stands, and what its reporter may do now, for number and tracking code.

The code travels in the body of a form only. Links of notices carry it as a fragment, which no
server sees; a few lines of script put it into the form, and without script it is typed.
"""

import json
from http import HTTPStatus
from typing import TYPE_CHECKING

from aws_lambda_powertools.event_handler import Response
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from functions.complaint_intake.pages import fields, lacak_page, shell
from functions.complaint_intake.pages.fields import Values
from functions.complaint_intake.replies import Reply
from shared.errors import InvalidInput, Problem
from shared.http import Request
from shared.text import Text
from shared.validation import faults_of

if TYPE_CHECKING:
    from functions.complaint_intake.pages.office import Office

#: Reads `#<number>.<token>`, takes it out of the address and the history, and sends the form.
SCRIPT = (
    "function go(){var m=/^#([^.]+)[.](.+)$/.exec(location.hash),f=document.forms[0];"
    'if(m){history.replaceState(null,"",location.pathname);'
    "f.complaint_id.value=decodeURIComponent(m[1]);f.token.value=decodeURIComponent(m[2]);"
    'f.submit()}}go();addEventListener("hashchange",go)'
)

_TITLE = Text("Lihat laporan", "See your report")
_NO_MATCH = Text(
    "Nomor dan kode pelacakan ini tidak cocok; periksa lagi tulisannya.",
    "This number and this tracking code do not belong together; check the spelling.",
)
_DONE = Text("Terkirim. Laporan Anda diperbarui.", "Sent. Your report is up to date.")
_NUMBER = Text("Nomor laporan", "Number of the report")
_CODE = Text("Kode pelacakan", "Tracking code")
_SEE = Text("Lihat", "See it")
_ANEW = Text("Belum melapor? Tulis laporan", "No report yet? Write one")


class PostedTracking(BaseModel):
    """The fields of the tracking page's forms, for the API's document."""

    model_config = ConfigDict(defer_build=True, extra="allow")

    complaint_id: str
    token: str
    action: str = Field(default="", description="What the reporter does, as in …/replies")
    action_id: str = Field(default="", description="UUID made with the form")
    note: str = ""
    service_code: str = ""


def asked(request: Request) -> Response[str]:
    """Return the page that asks for number and code."""
    return _form({}, "", HTTPStatus.OK, request.language)


def answered(request: Request, office: "Office") -> Response[str]:
    """Return how a report stands, after what its reporter did with a form of this page."""
    language = request.language
    try:
        values = fields.posted(request)
    except Problem as problem:
        said = " ".join(fields.errors_of(problem, language).values())
        return _form({}, said, problem.status, language)
    number, token = values.get("complaint_id", ""), values.get("token", "")
    if office.opened(number, token) is None:
        return _form(values, _NO_MATCH.in_language(language), HTTPStatus.FORBIDDEN, language)
    told, errors, status = "", {}, HTTPStatus.OK
    if action := values.get("action"):
        try:
            office.reply(number, _reply(values))
            told = _DONE.in_language(language)
        except Problem as problem:
            status = problem.status
            errors = {action: " ".join(fields.errors_of(problem, language).values())}
    found = office.opened(number, token)
    if found is None:  # erased, or its tokens revoked, by what was just done
        return _form(values, _NO_MATCH.in_language(language), HTTPStatus.FORBIDDEN, language)
    seen = lacak_page.Seen(*found, token=token, told=told, errors=errors, typed=values)
    return lacak_page.page(seen, office, status, language)


def _reply(values: Values) -> Reply:
    said = {
        name: values[name]
        for name in ("action", "action_id", "note", "service_code")
        if name in values
    }
    try:
        return Reply.model_validate_json(json.dumps(said))
    except ValidationError as error:
        raise InvalidInput(faults=faults_of(error, Reply)) from None


def _form(values: Values, failed: str, status: int, language: str) -> Response[str]:
    def say(text: Text) -> str:
        return text.in_language(language)

    body = (
        fields.error(failed)
        + '<form method="post" action="lacak">\n'
        + fields.line("complaint_id", say(_NUMBER), values, {}, longest=32, more=_AS_IT_IS)
        + fields.line("token", say(_CODE), values, {}, longest=64, more=_AS_IT_IS)
        + f"<button>{say(_SEE)}</button>\n</form>\n"
        f'<p><a href="lapor">{say(_ANEW)}</a></p>'
    )
    leave = shell.Leave(script="" if failed else SCRIPT)
    return shell.page(say(_TITLE), body, status, language=language, leave=leave)


_AS_IT_IS = ' required autocomplete="off" autocapitalize="off" spellcheck="false"'
