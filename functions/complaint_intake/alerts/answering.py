"""What a subscriber decides about alerts: by the links in what they are sent, which only ask first."""

from dataclasses import dataclass
from html import escape
from http import HTTPStatus
from typing import Final

from aws_lambda_powertools.event_handler import Response

from functions.complaint_intake.alerts import wording
from functions.complaint_intake.alerts.asking import terms_of
from functions.complaint_intake.alerts.held import AlertForgotten, AlertHeld, all_held
from functions.complaint_intake.alerts.store import AlertStore
from functions.complaint_intake.alerts.subscription import Subscription, ends_at
from functions.complaint_intake.pages import shell
from functions.complaint_intake.settings import settings
from shared import aws, config, ids
from shared.clock import now
from shared.errors import Forbidden, NotFound
from shared.http import Request
from shared.text import Text

_CONFIRM, _STOP = "confirm", "stop"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A page that asks before it does something: what, with which button, and what is said then."""

    purpose: str
    title: Text
    question: Text
    button: Text
    done: Text


CONFIRM: Final = Asked(
    purpose=_CONFIRM,
    title=Text("Ikuti laporan di sekitar", "Follow complaints near a place"),
    question=Text("Kabari saya tentang laporan baru:", "Tell me of new complaints:"),
    button=Text("Ya, kabari saya", "Yes, tell me"),
    done=Text(
        "Anda akan dikabari tentang laporan baru di sekitar tempat ini. Setiap kabar memuat tautan"
        " untuk berhenti.",
        "You will be told of new complaints near this place. Each message has a link to stop them.",
    ),
)
STOP: Final = Asked(
    purpose=_STOP,
    title=Text("Berhenti mengikuti", "Stop following"),
    question=Text(
        "Berhenti mengabari saya, dan hapus alamat saya:", "Stop telling me, and forget my address:"
    ),
    button=Text("Berhenti", "Stop"),
    done=Text(
        "Anda tidak akan dikabari lagi tentang tempat ini, dan alamat Anda untuk itu sudah dihapus.",
        "You will hear no more about this place, and your address is forgotten for it.",
    ),
)
_WRONG: Final = Text(
    "Tautan ini tidak lengkap atau tidak berlaku lagi. Salin seluruhnya dari surel atau pesan yang"
    " Anda terima.",
    "This link is not whole, or no longer valid. Copy all of it from the e-mail or message that"
    " you received.",
)
_WITHIN: Final = Text("dalam {radius} m dari {lat}, {long}", "within {radius} m of {lat}, {long}")


def store() -> AlertStore:
    """Return the subscriptions."""
    return AlertStore(settings().reporters_table)


def page(request: Request, asked: Asked) -> Response[str]:
    """Return the page that asks. It changes nothing: programs follow links too."""
    alert_id = _named(request, asked.purpose)
    one = store().get(alert_id) if alert_id else None
    if one is None or now() >= one.until:
        return _wrong(request, asked)
    language = request.language
    body = (
        f"<p>{escape(asked.question.in_language(language))}</p>"
        f"<p><strong>{escape(_about(one, language))}</strong></p>"
        f'<form method="post"><button>{escape(asked.button.in_language(language))}</button></form>'
    )
    return shell.page(asked.title.in_language(language), body, language=language)


def confirmed(request: Request) -> Response[str]:
    """Let a subscription run from now on."""
    alert_id = _named(request, _CONFIRM)
    one = store().get(alert_id) if alert_id else None
    if one is None:
        return _wrong(request, CONFIRM)
    terms, _ = terms_of(config.load(one.jurisdiction_id))
    at = now()
    if not store().confirm(one, ends_at(at, terms), at):
        return _wrong(request, CONFIRM)
    return _done(request, CONFIRM)


def stopped(request: Request) -> Response[str]:
    """End a subscription; one that has ended is answered alike."""
    alert_id = _named(request, _STOP)
    if alert_id is None:
        return _wrong(request, STOP)
    store().end(alert_id, now())
    return _done(request, STOP)


def held(alert_id: str, request: Request) -> AlertHeld:
    """Return what is held of a subscriber.

    Raises:
        Forbidden: the token is not that of the link to stop.
        NotFound: nothing is held.
    """
    one = store().get(_opened(alert_id, request))
    if one is None:
        raise NotFound
    return all_held(one, _shortened(one.address), store().told(one))


def forgotten(alert_id: str, request: Request) -> AlertForgotten:
    """Forget a subscriber; may be repeated.

    Raises:
        Forbidden: the token is not that of the link to stop.
    """
    store().end(_opened(alert_id, request), now())
    return AlertForgotten()


def _opened(alert_id: str, request: Request) -> str:
    token = request.headers.get("x-tracking-token", "")
    if not _fits(alert_id, token, _STOP):
        raise Forbidden
    return alert_id


def _named(request: Request, purpose: str) -> str | None:
    """Return the alert for which a link's token is good."""
    alert_id = request.query.get("a", "")
    return alert_id if _fits(alert_id, request.query.get("t", ""), purpose) else None


def _fits(alert_id: str, token: str, purpose: str) -> bool:
    if not ids.is_alert_id(alert_id):
        return False
    expected = ids.alert_token(aws.secret(settings().token_secret), alert_id, purpose)
    return ids.same(expected, token)


def _about(one: Subscription, language: str) -> str:
    jurisdiction = config.load(one.jurisdiction_id)
    terms, _ = terms_of(jurisdiction)
    category = wording.category_name(one.service_code, jurisdiction, terms, language)
    within = _WITHIN.in_language(language)
    return f"{category}, {within.format(radius=one.radius_m, lat=one.lat, long=one.long)}"


def _shortened(address: str) -> str:
    """Return enough of an address for its owner to know it by: links may stand in others' logs."""
    name, at, host = address.partition("@")
    return f"{name[:1]}…{at}{host}" if at else f"{address[:3]}…{address[-3:]}"


def _done(request: Request, asked: Asked) -> Response[str]:
    body = f"<p>{escape(asked.done.in_language(request.language))}</p>"
    title = asked.title.in_language(request.language)
    return shell.page(title, body, language=request.language)


def _wrong(request: Request, asked: Asked) -> Response[str]:
    body = f"<p>{escape(_WRONG.in_language(request.language))}</p>"
    title = asked.title.in_language(request.language)
    return shell.page(title, body, HTTPStatus.FORBIDDEN, language=request.language)
