"""Adding photos without script: a small page in a frame, whose form goes straight to S3.

S3 sends the browser back to this page, which ties the photo to its complaint and offers the next
form. The page around the frame, with the number and the tracking code, stays where it is.
"""

from dataclasses import dataclass
from datetime import timedelta
from html import escape
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

from aws_lambda_powertools.event_handler import Response

from functions.complaint_intake import ticket
from functions.complaint_intake.pages import fields, shell
from functions.complaint_intake.submission import MOST_PHOTOS
from shared.complaints.record import Complaint
from shared.errors import Problem
from shared.http import Request
from shared.text import Text

if TYPE_CHECKING:
    from functions.complaint_intake.pages.office import Office

#: As long as a person may take to find a picture, on a slow network.
_GOOD_FOR = timedelta(hours=1)
_PATH = "lapor/foto"

_TITLE = Text("Tambah foto", "Add photos")
_TRY_AGAIN = Text("Foto gagal terkirim? Mulai lagi", "Did a photo fail? Begin again")
_TOO_LATE = Text(
    "Waktu untuk menambah foto di sini sudah lewat. Buka lagi halaman laporan Anda.",
    "The time for adding photos here is over. Open the page of your report again.",
)
_HAVE = Text("Foto terkirim: {count} dari {most}.", "Photos sent: {count} of {most}.")
_CHOOSE = Text(
    "Pilih foto (JPEG, PNG, atau WebP, paling besar {size} MB)",
    "Choose a photo (JPEG, PNG or WebP, at most {size} MB)",
)
_SEND = Text("Kirim foto", "Send the photo")
_CLEAN = Text(
    "Foto diperiksa dulu; keterangan tempat dan gawai di dalamnya dibuang.",
    "Photos are checked first; the place and device noted in them are removed.",
)


def embedded(
    number: str, token: str, office: "Office", language: str
) -> tuple[str, tuple[str, ...]]:
    """Return a frame for a complaint's photos as markup, and the origins that it shows."""
    good = ticket.made(token, number, office.now + _GOOD_FOR)
    source = escape(f"{_PATH}?{urlencode({'ticket': good, 'lang': language})}")
    title = _TITLE.in_language(language)
    markup = (
        f'<iframe name="foto" title="{title}" src="{source}"></iframe>\n'
        f'<p><a href="{source}" target="foto">{_TRY_AGAIN.in_language(language)}</a></p>'
    )
    return markup, ("'self'", origin(office.offer(None).upload.url))


def shown(request: Request, office: "Office") -> Response[str]:
    """Return the page in the frame; if S3 sent the browser here, with the photo that it took."""
    language = "en" if request.query.get("lang") == "en" else "id"
    frame = _Frame(request.query.get("ticket", ""), language, office)
    complaint = office.complaint(ticket.complaint_of(frame.ticket))
    if complaint is None or not ticket.admits(
        frame.ticket, office.token_of(complaint), complaint.complaint_id, office.now
    ):
        return frame.page(fields.error(frame.say(_TOO_LATE)), HTTPStatus.FORBIDDEN)
    failed, status = "", HTTPStatus.OK
    if uploaded := request.query.get("key"):
        try:
            complaint = office.add_photo(complaint, uploaded.rpartition("/")[2])
        except Problem as problem:
            told = fields.errors_of(problem, frame.language).values()
            failed, status = fields.error(" ".join(told)), problem.status
    return frame.next(complaint, failed, status)


@dataclass(frozen=True, slots=True)
class _Frame:
    """The page, in one language, that a ticket opened."""

    ticket: str
    language: str
    office: "Office"

    def next(self, complaint: Complaint, failed: str, status: int) -> Response[str]:
        """Return how many photos there are, and the form for another while there is room."""
        room = self.office.room_for_photos(complaint)
        count = min(len(complaint.photo_ids), MOST_PHOTOS - room)  # rejected ones aside
        told = self.say(_HAVE).format(count=count, most=MOST_PHOTOS)
        body = failed + (f'<p class="told" role="status">{told}</p>\n' if count else "")
        if not room:
            return self.page(body, status)
        back = urlencode({"ticket": self.ticket, "lang": self.language})
        offer = self.office.offer(f"{self.office.address}/{_PATH}?{back}")
        label = self.say(_CHOOSE).format(size=offer.max_bytes // 1024**2)
        body += (
            f'<form method="post" action="{escape(offer.upload.url)}"'
            f' enctype="multipart/form-data">\n{fields.hidden(offer.upload.fields)}'
            f'<label for="f">{label}</label>\n'
            '<input id="f" name="file" type="file" accept="image/jpeg,image/png,image/webp"'
            f" required>\n<button>{self.say(_SEND)}</button>\n</form>\n"
            f"<p><small>{self.say(_CLEAN)}</small></p>"
        )
        return self.page(body, status, origin(offer.upload.url))

    def page(self, body: str, status: int, *forms: str) -> Response[str]:
        """Return a page whose forms may be sent to some origins."""
        leave = shell.Leave(forms=forms, framed=True)
        return shell.page(self.say(_TITLE), body, status, language=self.language, leave=leave)

    def say(self, text: Text) -> str:
        """Return a text in the page's language."""
        return text.in_language(self.language)


def origin(url: str) -> str:
    """Return the origin of an address, as a policy names it."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
