"""The plain HTML form that a QR sticker opens: no script, small, in Indonesian."""

from collections.abc import Callable, Mapping
from html import escape
from http import HTTPStatus
from itertools import groupby
from string import Template
from urllib.parse import parse_qsl, urlencode
from uuid import uuid4

from aws_lambda_powertools.event_handler import Response
from pydantic import BaseModel, Field, ValidationError

from functions.complaint_intake import intake
from functions.complaint_intake.submission import Submission, SubmissionReceipt
from shared import config
from shared.clock import WIB
from shared.errors import InvalidInput, Problem
from shared.http import Request
from shared.jurisdiction import Jurisdiction
from shared.text import Text
from shared.validation import faults_of

Accept = Callable[..., tuple[SubmissionReceipt, HTTPStatus]]

_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self';"
        " frame-ancestors 'none'; base-uri 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_TEXT_FIELDS = ("service_code", "description", "address_string", "vehicle_code")
_CONTACT_FIELDS = ("name", "phone", "email")
_MOST_FIELDS = 40
_SENT_BEFORE = (
    "Formulir ini sudah terkirim dengan isi lain, dan laporan itu kami terima."
    " Tekan Kirim sekali lagi bila ini laporan baru."
)

_PAGE = Template("""<!doctype html>
<html lang="id"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>$title</title>
<style>
body{font:16px/1.5 sans-serif;margin:0 auto;max-width:36em;padding:1em;color:#111;background:#fff}
label{display:block;margin-top:1em;font-weight:bold}
input,select,textarea{font:inherit;width:100%;box-sizing:border-box;padding:.5em;border:1px solid #555}
input[type=checkbox]{width:auto;margin-right:.5em}
button{font:inherit;margin-top:1.5em;padding:.8em;width:100%;background:#0b5;color:#000;border:0;font-weight:bold}
small{display:block;font-weight:normal}
.error{color:#a00;font-weight:bold}.number{font:bold 1.4em monospace;overflow-wrap:anywhere}
fieldset{margin-top:1em;border:1px solid #999}
</style></head><body>
<h1>$title</h1>
$body
</body></html>
""")

_FORM = Template("""$notice<p>$invitation $others</p>
<form method="post" action="lapor">
<input type="hidden" name="key" value="$key">
<input type="hidden" name="jurisdiction_id" value="$jurisdiction_id">
<label for="d">Apa yang terjadi?</label>$description_error
<textarea id="d" name="description" rows="5" maxlength="4000" required>$description</textarea>
<label for="c">Tentang apa?</label>$service_code_error
<select id="c" name="service_code"><option value="">Tidak tahu, pilihkan</option>$categories</select>
<label for="a">Di mana?<small>Nama jalan, kelurahan, patokan</small></label>$address_string_error
<input id="a" name="address_string" maxlength="300" value="$address_string">
<label for="v">Kode kendaraan<small>Bila melapor dari kendaraan</small></label>$vehicle_code_error
<input id="v" name="vehicle_code" maxlength="32" value="$vehicle_code">
<fieldset><legend>Tentang Anda (boleh kosong)</legend>
<label><input type="checkbox" name="anonymous" value="1"$anonymous>Lapor tanpa nama;
data di bawah tidak disimpan</label>
<label for="n">Nama</label>$name_error<input id="n" name="name" maxlength="100" value="$name">
<label for="p">Nomor HP</label>$phone_error<input id="p" name="phone" type="tel" maxlength="30" value="$phone">
<label for="e">Surel</label>$email_error<input id="e" name="email" type="email" maxlength="254" value="$email">
<label><input type="checkbox" name="share" value="1"$share>Dinas boleh menghubungi saya</label>
</fieldset>
<button>Kirim laporan</button>
</form>
<p>Keadaan darurat? Hubungi <a href="tel:112">112</a>.</p>""")

_THANKS = Template("""<p>Laporan Anda sudah kami terima. Nomornya:</p>
<p class="number">$number</p>
<p>Kode pelacakan, hanya untuk Anda:</p>
<p class="number">$token</p>
<p>Catat atau foto halaman ini. Laporan diteruskan ke dinas paling lambat $due.</p>
<p><a href="lapor?jurisdiction_id=$jurisdiction_id">Lapor lagi</a></p>""")


class PostedForm(BaseModel, defer_build=True):
    """The fields of the form, for the API's document."""

    key: str = Field(description="UUID made with the form, so that sending twice counts once")
    jurisdiction_id: str
    description: str
    service_code: str = ""
    address_string: str = ""
    vehicle_code: str = ""
    anonymous: str = ""
    name: str = ""
    phone: str = ""
    email: str = ""
    share: str = ""


def page(request: Request) -> Response[str]:
    """Return the empty form; `v` fills the vehicle's code, `jurisdiction_id` picks the tenant."""
    values = {
        "jurisdiction_id": request.query.get("jurisdiction_id", ""),
        "vehicle_code": request.query.get("v", "")[:32],
    }
    return _form(values, {}, HTTPStatus.OK)


def submitted(request: Request, accept: Accept) -> Response[str]:
    """Take the posted form in; return the number, or the form again with what to mend."""
    values: dict[str, str] = {}
    try:
        values = _posted(request)
        key = intake.idempotency_key(values.get("key"), str(uuid4()))
        receipt, status = accept(_submission(values), key=key, channel="web")
    except intake.KeyReused as problem:
        del values["key"]  # a new one, so that this may be sent as a complaint of its own
        return _form(values, {"": _SENT_BEFORE}, problem.status)
    except Problem as problem:
        errors = {
            fault.field.removeprefix("contact."): fault.message.id for fault in problem.faults
        }
        if "Idempotency-Key" in errors:
            del values["key"]
        form = _form(values, errors or {"": (problem.detail or problem.title).id}, problem.status)
        form.headers |= problem.headers
        return form
    body = _THANKS.substitute(
        number=receipt.complaint_id,
        token=receipt.tracking_token,
        due=receipt.dispatch_due_at.astimezone(WIB).strftime("%d-%m-%Y pukul %H.%M WIB"),
        jurisdiction_id=escape(values["jurisdiction_id"]),
    )
    return _html("Terima kasih", body, status)


def _posted(request: Request) -> dict[str, str]:
    try:
        text = request.body.decode()
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError:
        raise InvalidInput(
            Text("Isian formulir tidak terbaca; muat ulang halaman.", "The form is unreadable.")
        ) from None
    return {name: value.strip() for name, value in pairs if value.strip()}


def _submission(values: Mapping[str, str]) -> Submission:
    contact = {name: values[name] for name in _CONTACT_FIELDS if name in values}
    body = {
        "jurisdiction_id": values.get("jurisdiction_id", ""),
        **{name: values[name] for name in _TEXT_FIELDS if name in values},
        "anonymous": "anonymous" in values,
        "contact": {**contact, "notify": True, "share_with_agency": "share" in values}
        if contact
        else None,
    }
    try:
        return Submission.model_validate(body)
    except ValidationError as error:
        raise InvalidInput(faults=faults_of(error, Submission)) from None


def _form(
    values: Mapping[str, str], errors: Mapping[str, str], status: HTTPStatus
) -> Response[str]:
    jurisdiction = _tenant(values.get("jurisdiction_id", ""))
    vehicle = {"v": values["vehicle_code"]} if values.get("vehicle_code") else {}
    named = (*_TEXT_FIELDS, *_CONTACT_FIELDS)
    unplaced = [message for field, message in errors.items() if field not in named]
    body = _FORM.substitute(
        {field: escape(values.get(field, "")) for field in named if field != "service_code"},
        **{f"{field}_error": _error(errors.get(field)) for field in named},
        notice="".join(map(_error, unplaced)),
        invitation=f"Laporan untuk {escape(jurisdiction.name.id)}.",
        others=" ".join(
            _link(one, vehicle) for one in config.jurisdiction_ids() if one != jurisdiction.id
        ),
        key=escape(values.get("key") or str(uuid4())),
        jurisdiction_id=jurisdiction.id,
        categories=_options(jurisdiction, values.get("service_code")),
        anonymous=" checked" if "anonymous" in values else "",
        share=" checked" if "share" in values else "",
    )
    return _html("Lapor", body, status)


def _tenant(jurisdiction_id: str) -> Jurisdiction:
    tenants = [config.load(one) for one in config.jurisdiction_ids()]
    return next(
        (one for one in tenants if one.id == jurisdiction_id),
        next((one for one in tenants if one.default), tenants[0]),
    )


def _link(jurisdiction_id: str, vehicle: Mapping[str, str]) -> str:
    url = "lapor?" + urlencode({"jurisdiction_id": jurisdiction_id, **vehicle})
    name = config.load(jurisdiction_id).name.id
    return f'<a href="{escape(url)}">Lapor ke {escape(name)}?</a>'


def _options(jurisdiction: Jurisdiction, chosen: str | None) -> str:
    options = []
    for group, members in groupby(jurisdiction.categories, key=lambda one: one.group.id):
        options.append(f'<optgroup label="{escape(group)}">')
        for category in members:
            selected = " selected" if category.service_code == chosen else ""
            options.append(
                f'<option value="{category.service_code}"{selected}>{escape(category.name.id)}</option>'
            )
        options.append("</optgroup>")
    return "".join(options)


def _error(message: str | None) -> str:
    return f'<p class="error">{escape(message)}</p>' if message else ""


def _html(title: str, body: str, status: HTTPStatus) -> Response[str]:
    return Response(
        status_code=status,
        content_type="text/html; charset=utf-8",
        body=_PAGE.substitute(title=escape(title), body=body),
        headers=_HEADERS,
    )
