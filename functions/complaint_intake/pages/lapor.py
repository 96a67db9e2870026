"""`/lapor`: a report by plain forms. Nothing that was typed is lost on the way, and no script runs."""

from html import escape
from http import HTTPStatus
from typing import TYPE_CHECKING
from uuid import uuid4

from aws_lambda_powertools.event_handler import Response
from pydantic import BaseModel, ConfigDict, Field

from functions.complaint_intake import intake
from functions.complaint_intake.pages import (
    device,
    fields,
    photo_frame,
    report_form,
    report_step,
    shell,
    words,
)
from functions.complaint_intake.pages.report import ANSWER, FIRST_PAGE, Report, field_of
from functions.complaint_intake.pages.report_step import Shown
from functions.complaint_intake.submission import SubmissionReceipt
from shared.errors import KeyReused, Problem
from shared.http import Request

if TYPE_CHECKING:
    from functions.complaint_intake.pages.office import Office

_SENT_BEFORE = (
    "Formulir ini sudah terkirim dengan isi lain, dan laporan itu kami terima."
    " Tekan Kirim sekali lagi bila ini laporan baru."
)
_THANKS_FOR_JOINING = "Terima kasih, dukungan Anda untuk laporan {number} tercatat."
#: A sticker's code is never longer; what a link says besides is not typed by anyone.
_LONGEST_CODE = 32


class PostedForm(BaseModel):
    """The fields of the forms, for the API's document. Answers are called `a.<code>`."""

    model_config = ConfigDict(defer_build=True, extra="allow")

    key: str = Field(description="UUID made with the form, so that sending twice counts once")
    jurisdiction_id: str
    description: str
    service_code: str = ""
    address_string: str = ""
    location: str = Field(default="", description="Coordinates, or a map's link")
    vehicle_code: str = ""
    anonymous: str = ""
    name: str = ""
    phone: str = ""
    email: str = ""
    share: str = ""
    website: str = Field(default="", description="A trap for programs; people leave it empty")
    sure: str = Field(default="", description="The second page was seen")
    edit: str = Field(default="", description="Back to the first page")
    support: str = Field(default="", description="The number of a similar complaint to join")
    supported: str = Field(default="", description="Those joined already, by commas")


def opened(request: Request) -> Response[str]:
    """Return the empty form; `v` fills the vehicle's code, `jurisdiction_id` picks the tenant."""
    values = {
        "jurisdiction_id": request.query.get("jurisdiction_id", ""),
        "vehicle_code": request.query.get("v", "")[:_LONGEST_CODE],
    }
    known = device.device_of(request)
    left = {} if known else device.cookie(device.new_device(), request)
    return report_form.page(Report(values), str(uuid4()), headers=left)


def submitted(request: Request, office: "Office") -> Response[str]:
    """Take a posted form in: the number, the second page, or the form again with what to mend."""
    report = Report({})
    try:
        report = Report(fields.posted(request))
        if "edit" in report.values:
            return report_form.page(report, _key(report))
        if "support" in report.values:
            return _joined(report, request, office)
        return _taken(report, request, office)
    except KeyReused as problem:
        # With a new key it may be sent as a complaint of its own.
        return report_form.page(report, str(uuid4()), {"": _SENT_BEFORE}, problem.status)
    except Problem as problem:
        return _to_mend(report, problem)


def _taken(report: Report, request: Request, office: "Office") -> Response[str]:
    submission = report.submission(device.device_of(request))
    key = intake.idempotency_key(_key(report), "")
    if "sure" not in report.values:
        intake.check(submission, intake.jurisdiction_named(submission.jurisdiction_id), office.now)
        shown = Shown(similar=office.similar(submission))
        if shown.is_called_for(report):
            return report_step.page(report, key, shown)
    receipt, status = office.accept(submission, key=key, channel="web")
    return _thanks(receipt, status, report, office)


def _joined(report: Report, request: Request, office: "Office") -> Response[str]:
    """Count the person for a similar complaint, and show the second page again."""
    submission = report.submission(None)
    number = report.values["support"]
    known = device.device_of(request)
    voice = known or device.new_device()
    errors, told, status = {}, "", HTTPStatus.OK
    try:
        office.support(number, voice)
    except Problem as problem:
        errors, status = fields.errors_of(problem), problem.status
        errors = {"": " ".join(errors.values())}
    else:
        told = _THANKS_FOR_JOINING.format(number=number)
        joined = ",".join(dict.fromkeys((*report.supported, number)))
        report = Report({**report.values, "supported": joined})
    shown = Shown(similar=office.similar(submission), told=told)
    left = {} if known else device.cookie(voice, request)
    return report_step.page(report, _key(report), shown, errors, status, left)


def _to_mend(report: Report, problem: Problem) -> Response[str]:
    """Return the page on which a problem can be mended, with all that was typed."""
    errors = {field_of(name): said for name, said in fields.errors_of(problem).items()}
    key = str(uuid4()) if "Idempotency-Key" in errors else _key(report)
    on_second = "sure" in report.values or any(name.startswith(ANSWER) for name in errors)
    if on_second and not set(errors) & set(FIRST_PAGE):
        return report_step.page(report, key, Shown(), errors, problem.status, problem.headers)
    return report_form.page(report, key, errors, problem.status, problem.headers)


def _key(report: Report) -> str:
    return report.values.get("key") or str(uuid4())


def _thanks(
    receipt: SubmissionReceipt, status: HTTPStatus, report: Report, office: "Office"
) -> Response[str]:
    number, token = receipt.complaint_id, receipt.tracking_token
    frame, origins = photo_frame.embedded(number, token, office, "id")
    body = (
        "<p>Laporan Anda sudah kami terima. Nomornya:</p>\n"
        f'<p class="number">{number}</p>\n'
        "<p>Kode pelacakan, hanya untuk Anda:</p>\n"
        f'<p class="number">{token}</p>\n'
        "<p>Catat atau foto halaman ini. Laporan diteruskan ke dinas paling lambat"
        f" {words.minute(receipt.dispatch_due_at)}.</p>\n"
        f'<p><a href="lacak#{number}.{token}">Lihat laporan ini</a></p>\n'
        f"{frame}\n"
        f'<p><a href="lapor?jurisdiction_id={escape(report.jurisdiction.id)}">Lapor lagi</a></p>'
    )
    leave = shell.Leave(frames=origins)
    return shell.page("Terima kasih", body, status, leave=leave)
