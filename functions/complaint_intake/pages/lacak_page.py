"""How the tracking page shows a report: how it stands, its photos and history, and what to do now."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING
from uuid import uuid4

from aws_lambda_powertools.event_handler import Response

from functions.complaint_intake.pages import fields, photo_frame, shell, words
from functions.complaint_intake.pages.fields import Values
from functions.complaint_intake.related_views import RelatedComplaint
from functions.complaint_intake.views import PublicComplaint, ReportersComplaint
from shared import config
from shared.complaints.law import Action
from shared.complaints.record import Complaint
from shared.text import Text

if TYPE_CHECKING:
    from functions.complaint_intake.pages.office import Office

_DUE = Text("Dijanjikan selesai paling lambat {day}.", "Promised to be done by {day}.")
_PLANNED = Text("Dijadwalkan paling lambat {day}.", "Planned to be done by {day}.")
_OWED = Text("Sisanya dijanjikan paling lambat {day}.", "The rest is promised by {day}.")
_BASIS = Text("Dasar hukum: {basis}", "Legal basis: {basis}")
_WITH = Text("Ada pada {agency}: {because}", "With {agency}: {because}")
_JOINED = Text("{count} warga lain juga mengalaminya.", "{count} others say “me too”.")
_UNKNOWN_VEHICLE = Text(
    "Kode kendaraan {code} belum kami kenal, mungkin salah ketik. Laporan Anda tetap diproses.",
    "We do not know the vehicle code {code}; it may be mistyped. Your report goes on all the same.",
)
_QUESTION = Text("Dinas bertanya (jawab paling lambat {day}):", "The agency asks (by {day}):")
_PHOTOS = Text("Foto", "Photos")
_WAITING = Text("Sedang diperiksa", "Being checked")
_HISTORY = Text("Riwayat", "History")
_RELATED = Text("Laporan terkait", "Related reports")
_RELATIONS: Mapping[str, Text] = {
    "part": Text("bagian dari laporan ini", "a part of this report"),
    "whole": Text("laporan ini bagian darinya", "this report is a part of it"),
    "same": Text("laporan ini digabung dengannya", "this report is merged into it"),
}
_YOURS = Text("Laporan Anda", "Your report")
_NOW = Text("Yang bisa Anda lakukan", "What you can do now")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Choice:
    """What is asked with an action: the words of its field (none: no field) and its button."""

    button: Text
    note: Text | None = None
    must: bool = False


_CHOICES: Mapping[str, _Choice] = {
    Action.ANSWER: _Choice(
        note=Text("Jawaban Anda", "Your answer"),
        must=True,
        button=Text("Kirim jawaban", "Send the answer"),
    ),
    Action.CONFIRM: _Choice(button=Text("Ya, sudah selesai", "Yes, it is done")),
    Action.REOPEN: _Choice(
        note=Text("Apa yang belum selesai?", "What is not done?"),
        must=True,
        button=Text("Belum selesai", "It is not done"),
    ),
    Action.REROUTE: _Choice(
        button=Text("Kirim dengan kategori ini", "Send it in this category"),
    ),
    Action.WITHDRAW: _Choice(
        note=Text("Alasan (boleh kosong)", "Reason (may be left empty)"),
        button=Text("Tarik laporan ini", "Withdraw this report"),
    ),
}
_REROUTE_LABEL = Text("Kategori yang tepat", "The right category")


@dataclass(frozen=True, slots=True)
class Seen:
    """A report as its reporter sees it now, and what just became of a form."""

    complaint: Complaint
    view: ReportersComplaint
    token: str
    told: str
    errors: Values  #: by action
    typed: Values


def page(seen: Seen, office: "Office", status: int, language: str) -> Response[str]:
    """Return the page."""

    def say(text: Text, **filled: object) -> str:
        return text.in_language(language).format(**filled)

    view = seen.view
    frame, origins = photo_frame.embedded(view.complaint_id, seen.token, office, language)
    body = (
        (f'<p class="told" role="status">{escape(seen.told)}</p>\n' if seen.told else "")
        + standing(view, say, language)
        + _vehicle(view, say)
        + _choices(seen, say, language)
        + _photos(view, say)
        + (frame if office.room_for_photos(seen.complaint) else "")
        + _related(view, say, language)
        + history(view, say, language)
        + f"<section><h2>{say(_YOURS)}</h2>\n<p>{lines(view.description or '')}</p>\n"
        + (f"<p>{escape(view.address_string)}</p>\n" if view.address_string else "")
        + "</section>"
    )
    images = sorted({photo_frame.origin(one.url) for one in view.photos if one.url})
    leave = shell.Leave(frames=origins, images=images)
    return shell.page(view.complaint_id, body, status, language=language, leave=leave)


Say = Callable[..., str]


def standing(view: PublicComplaint, say: Say, language: str) -> str:
    """Return how a report stands: with whom, until when."""
    told = [f"<strong>{escape(words.status(view.status, language))}</strong>"]
    if view.agency:
        named = {"agency": view.agency.name, "because": view.because or ""}
        told.append(escape(say(_WITH, **named)))
    told.append(say(_DUE, day=words.day(view.due_at)))
    if view.planned_at:
        told.append(say(_PLANNED, day=words.day(view.planned_at)))
    if view.owed_by:
        told.append(say(_OWED, day=words.day(view.owed_by)))
    if view.rejected_for:
        basis = view.rejected_for.basis
        told.append(escape(view.rejected_for.text))
        told += [escape(say(_BASIS, basis=basis))] if basis else []
    if view.supporters:
        told.append(say(_JOINED, count=view.supporters))
    return "".join(f"<p>{line}</p>\n" for line in told)


def _vehicle(view: ReportersComplaint, say: Say) -> str:
    if view.vehicle_known is not False:
        return ""
    return f"<p>{escape(say(_UNKNOWN_VEHICLE, code=view.vehicle_code))}</p>\n"


def _choices(seen: Seen, say: Say, language: str) -> str:
    forms = [
        _form(action, _CHOICES[action], seen, say, language)
        for action in _CHOICES
        if action in seen.view.possible
    ]
    asked = ""
    if seen.view.question and seen.view.answer_due_at:
        until = say(_QUESTION, day=words.day(seen.view.answer_due_at))
        asked = f"<p><strong>{until}</strong><br>{lines(seen.view.question)}</p>\n"
    # What failed although it is not possible any more has no form to stand in.
    lost = [said for action, said in seen.errors.items() if action not in seen.view.possible]
    failed = "".join(map(fields.error, lost))
    if not forms:
        return failed
    return f"{failed}<section><h2>{say(_NOW)}</h2>\n{asked}{''.join(forms)}</section>\n"


def _form(action: str, choice: _Choice, seen: Seen, say: Say, language: str) -> str:
    carried = {
        "complaint_id": seen.view.complaint_id,
        "token": seen.token,
        "action": action,
        "action_id": str(uuid4()),
    }
    failed = seen.errors.get(action)
    typed = seen.typed if failed else {}
    inside = fields.error(failed) + fields.hidden(carried)
    if action == Action.REROUTE:
        options = _categories(seen, language, typed.get("service_code"))
        inside += fields.choice("service_code", say(_REROUTE_LABEL), options, {}, more=" required")
    if choice.note:
        required = " required" if choice.must else ""
        inside += fields.area(
            "note", say(choice.note), typed, {}, longest=4000, more=required, within=action
        )
    button = say(choice.button)
    minor = ' class="minor"' if action == Action.WITHDRAW else ""
    form = f'<form method="post" action="lacak">\n{inside}<button{minor}>{button}</button></form>\n'
    if action != Action.WITHDRAW:
        return form
    opened = " open" if failed else ""
    return f"<details{opened}><summary>{button}</summary>\n{form}</details>\n"


def _categories(seen: Seen, language: str, chosen: str | None) -> str:
    jurisdiction = config.load(seen.view.jurisdiction_id)
    return fields.option("", "–") + "".join(
        fields.option(
            one.service_code, one.name.in_language(language), chosen=one.service_code == chosen
        )
        for one in jurisdiction.categories
        if one.service_code != seen.view.service_code
    )


def _photos(view: ReportersComplaint, say: Say) -> str:
    shown: Sequence[str] = [
        f'<a href="{escape(one.url)}"><img src="{escape(one.thumbnail_url)}" alt="{number}"></a>'
        if one.url and one.thumbnail_url
        else f"<p>{number}: {escape(one.reason or say(_WAITING))}</p>"
        for number, one in (
            (f"{say(_PHOTOS)} {place}", one) for place, one in enumerate(view.photos, start=1)
        )
    ]
    return f"<section><h2>{say(_PHOTOS)}</h2>\n{''.join(shown)}</section>\n" if shown else ""


def _related(view: ReportersComplaint, say: Say, language: str) -> str:
    """Return the parts of a report, and what it follows; who may be read by all is linked."""
    shown = "".join(
        f"<li>{_linked(one)}: {say(_RELATIONS[one.relation])}"
        f"<small>{escape(words.status(one.status, language))}"
        + (f", {escape(one.agency.short_name)}" if one.agency else "")
        + "</small></li>\n"
        for one in view.related
    )
    return f"<section><h2>{say(_RELATED)}</h2>\n<ul>\n{shown}</ul></section>\n" if shown else ""


def _linked(one: RelatedComplaint) -> str:
    number = escape(one.complaint_id)
    return f'<a href="lacak/{number}">{number}</a>' if one.public else number


def history(view: PublicComplaint, say: Say, language: str) -> str:
    """Return the steps of a report's way that a reader may see."""
    steps = "".join(
        f"<li>{escape(words.step(event.action, language))}"
        + (f", {escape(event.agency.short_name)}" if event.agency else "")
        + f"<small>{words.minute(event.at)}</small>"
        + (f"<p>{lines(event.note)}</p>" if event.note else "")
        + "</li>\n"
        for event in view.timeline
    )
    return f"<section><h2>{say(_HISTORY)}</h2>\n<ol>\n{steps}</ol></section>\n"


def lines(text: str) -> str:
    """Return a text of several lines as markup."""
    return escape(text).replace("\n", "<br>")
