"""How pages speak of statuses and steps: in words that a citizen uses."""

from collections.abc import Mapping
from datetime import datetime

from shared.clock import WIB
from shared.complaints.law import Action, Status
from shared.text import Text

STATUSES: Mapping[str, Text] = {
    Status.RECEIVED: Text("Diterima, sedang diteruskan", "Received, being forwarded"),
    Status.ASSIGNED: Text("Diteruskan ke dinas", "Forwarded to the agency"),
    Status.ACCEPTED: Text("Diterima dinas", "Accepted by the agency"),
    Status.IN_PROGRESS: Text("Sedang dikerjakan", "Being worked on"),
    Status.NEEDS_INFORMATION: Text("Menunggu jawaban pelapor", "Waiting for the reporter's answer"),
    Status.RETURNED: Text("Dikembalikan dinas", "Given back by the agency"),
    Status.REOPENED: Text("Dibuka kembali", "Opened again"),
    Status.RESOLVED: Text("Dinyatakan selesai", "Said to be resolved"),
    Status.CLOSED: Text("Ditutup", "Closed"),
    Status.WITHDRAWN: Text("Ditarik pelapor", "Withdrawn by the reporter"),
}
#: Steps of a complaint's way, besides the law's those by which it came and was forwarded.
STEPS: Mapping[str, Text] = {
    "submit": Text("Laporan diterima", "Report received"),
    "route": Text("Diteruskan", "Forwarded"),
    Action.ACCEPT: Text("Diterima dinas", "Accepted"),
    Action.START: Text("Mulai dikerjakan", "Work began"),
    Action.NOTE: Text("Catatan", "Note"),
    Action.ASK: Text("Dinas bertanya", "The agency asked"),
    Action.RESOLVE: Text("Dinyatakan selesai", "Said to be resolved"),
    Action.RETURN: Text("Dikembalikan", "Given back"),
    Action.ASSIGN: Text("Dialihkan", "Handed on"),
    Action.ANSWER: Text("Pelapor menjawab", "The reporter answered"),
    Action.CONFIRM: Text("Pelapor membenarkan selesai", "The reporter confirmed"),
    Action.REOPEN: Text("Pelapor: belum selesai", "The reporter: not done"),
    Action.WITHDRAW: Text("Ditarik pelapor", "Withdrawn"),
    Action.REROUTE: Text("Pelapor memilih kategori lain", "The reporter chose another category"),
    Action.NOT_FIXED: Text("Warga lain: belum selesai", "Others: not done"),
    Action.LAPSE: Text("Batas waktu jawaban lewat", "The time to answer ran out"),
}


def status(code: str, language: str = "id") -> str:
    """Return a status in a reader's language."""
    return STATUSES[code].in_language(language)


def step(action: str, language: str = "id") -> str:
    """Return a step of a complaint's way in a reader's language."""
    return STEPS[action].in_language(language)


def day(at: datetime) -> str:
    """Return the day of an instant in western Indonesia."""
    return f"{at.astimezone(WIB):%d-%m-%Y}"


def minute(at: datetime) -> str:
    """Return an instant to the minute, in western Indonesia's time."""
    return f"{at.astimezone(WIB):%d-%m-%Y %H.%M} WIB"
