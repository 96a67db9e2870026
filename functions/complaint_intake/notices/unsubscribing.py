"""What the reporter decides about notices: by the tracking token, or by the link in each of them."""

from html import escape
from http import HTTPStatus
from string import Template
from typing import Final

from aws_lambda_powertools.event_handler import Response

from functions.complaint_intake.notices.messages import Channel
from functions.complaint_intake.notices.wishes import NoticeWishes
from functions.complaint_intake.reporters import ReporterStore
from functions.complaint_intake.settings import settings
from shared import aws, ids
from shared.clock import now
from shared.errors import Conflict
from shared.http import Request
from shared.models import Body, View
from shared.text import Text

#: Where each channel's address is in the contact.
_ADDRESS: Final[dict[Channel, str]] = {"email": "email", "sms": "phone"}

_HEADERS: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self';"
        " frame-ancestors 'none'; base-uri 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}
_PAGE: Final = Template("""<!doctype html>
<html lang="$language"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>$title</title>
<style>
body{font:16px/1.5 sans-serif;margin:0 auto;max-width:36em;padding:1em;color:#111;background:#fff}
button{font:inherit;padding:.8em;width:100%;background:#0b5;color:#000;border:0;font-weight:bold}
</style></head><body>
<h1>$title</h1>
$body
</body></html>
""")
_ASK: Final = Text(
    "<p>Berhenti mengirim surel dan pesan tentang laporan $number? Laporannya sendiri tetap"
    ' berjalan.</p><form method="post"><button>Berhenti</button></form>',
    "<p>Stop sending e-mails and messages about report $number? The report itself goes on.</p>"
    '<form method="post"><button>Stop</button></form>',
)
_STOPPED: Final = Text(
    "<p>Anda tidak akan dikabari lagi tentang laporan $number. Laporannya tetap berjalan, dan"
    " kabar dapat dinyalakan lagi di halaman laporan.</p>",
    "<p>You will hear no more about report $number. The report goes on, and you can turn notices"
    " on again on the report's page.</p>",
)
_WRONG: Final = Text(
    "<p>Tautan ini tidak lengkap atau tidak berlaku lagi. Salin seluruhnya dari surel atau pesan"
    " yang Anda terima.</p>",
    "<p>This link is not whole, or no longer valid. Copy all of it from the e-mail or message"
    " that you received.</p>",
)
_TITLE: Final = Text("Berhenti menerima kabar", "Stop notices")


class NoticeSettingsBody(Body):
    """The body of `PUT /complaints/{complaint_id}/notices`."""

    email: bool
    sms: bool


class NoticeSettingsView(View):
    """By which channels the reporter is told."""

    email: bool
    sms: bool


class NoAddress(Conflict):
    """There is no address for a channel that was asked for."""

    code = "no_address"
    title = Text(
        "Laporan ini tidak punya alamat untuk kabar itu.",
        "This complaint has no address for such notices.",
    )


def wishes() -> NoticeWishes:
    """Return the store of wishes."""
    names = settings()
    return NoticeWishes(
        complaints_table=names.complaints_table, reporters_table=names.reporters_table
    )


def change(complaint_id: str, wanted: NoticeSettingsBody) -> NoticeSettingsView:
    """Tell a complaint's reporter by these channels from now on.

    Raises:
        NoAddress: a channel was asked for of which the contact has no address, or there is none.
    """
    chosen = wanted.model_dump()
    channels: list[Channel] = [channel for channel in _ADDRESS if chosen[channel]]
    contact = ReporterStore(settings().reporters_table).contact(complaint_id) or {}
    if any(_ADDRESS[channel] not in contact for channel in channels):
        raise NoAddress
    if contact:
        wishes().change(complaint_id, channels, by="tracking token", now=now())
    return NoticeSettingsView(email="email" in channels, sms="sms" in channels)


def page(request: Request) -> Response[str]:
    """Return the page that asks whether to stop. It changes nothing: programs follow links too."""
    number = _number(request)
    return _wrong(request) if number is None else _html(request, _ASK, HTTPStatus.OK, number)


def stop(request: Request) -> Response[str]:
    """Stop a complaint's notices: by the page's button, or a mail program's own (RFC 8058)."""
    number = _number(request)
    if number is None:
        return _wrong(request)
    wishes().change(number, (), by="unsubscribe link", now=now())  # no contact any more: as well
    return _html(request, _STOPPED, HTTPStatus.OK, number)


def _number(request: Request) -> str | None:
    """Return the number of the complaint whose notices the link's token can stop."""
    number = ids.read_complaint_number(request.query.get("c", ""))
    if number is None:
        return None
    expected = ids.stop_token(aws.secret(settings().token_secret), number)
    return number if ids.same(expected, request.query.get("t", "")) else None


def _wrong(request: Request) -> Response[str]:
    return _html(request, _WRONG, HTTPStatus.FORBIDDEN, "")


def _html(request: Request, body: Text, status: HTTPStatus, number: str) -> Response[str]:
    language = request.language
    filled = Template(body.in_language(language)).substitute(number=escape(number))
    return Response(
        status_code=status,
        content_type="text/html; charset=utf-8",
        body=_PAGE.substitute(title=_TITLE.in_language(language), language=language, body=filled),
        headers={**_HEADERS, "Content-Language": language},
    )
