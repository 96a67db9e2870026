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
    Status.RESOLVED_CONDITIONALLY: Text("Selesai bersyarat", "Resolved on a condition"),
    Status.RESOLVED: Text("Dinyatakan selesai", "Said to be resolved"),
    Status.REJECTED: Text("Tidak dapat ditindaklanjuti", "Cannot be acted upon"),
    Status.DUPLICATE: Text("Digabung dengan laporan lain", "Merged into another report"),
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
    Action.ANSWER: Text("Jawaban", "An answer"),
    Action.CONFIRM: Text("Pelapor membenarkan selesai", "The reporter confirmed"),
    Action.REOPEN: Text("Dibuka lagi: belum selesai", "Opened again: not done"),
    Action.WITHDRAW: Text("Ditarik pelapor", "Withdrawn"),
    Action.REROUTE: Text("Pelapor memilih kategori lain", "The reporter chose another category"),
    Action.NOT_FIXED: Text("Warga lain: belum selesai", "Others: not done"),
    Action.LAPSE: Text("Batas waktu lewat", "The time ran out"),
    Action.ACKNOWLEDGE: Text("Sampai di dinas", "It has reached the agency"),
    Action.SCHEDULE: Text("Dijadwalkan", "Scheduled"),
    Action.RESOLVE_CONDITIONALLY: Text("Selesai bersyarat", "Resolved on a condition"),
    Action.REJECT: Text("Tidak dapat ditindaklanjuti", "Cannot be acted upon"),
    Action.SPLIT: Text("Dibagi ke beberapa dinas", "Divided among agencies"),
    Action.MERGE: Text("Digabung dengan laporan lain", "Merged into another report"),
    Action.UNMERGE: Text("Dipisahkan lagi", "Taken apart again"),
    Action.HIDE: Text("Disembunyikan petugas", "Hidden by the desk"),
    Action.SHOW: Text("Ditampilkan lagi", "Shown again"),
    Action.REDACT: Text("Sebagian teks ditutup", "Part of the text was covered"),
    Action.RESEND: Text("Dikirim ulang ke dinas", "Sent to the agency again"),
    Action.WARN: Text("Hampir jatuh tempo", "Due soon"),
    Action.ESCALATE: Text("Terlambat: dilaporkan ke atasan", "Late: reported to superiors"),
    Action.FOLLOW: Text("Selesai bersama laporan terkait", "Done with the related reports"),
    Action.CLOSE: Text("Ditutup: tidak ada sanggahan", "Closed: nobody objected"),
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
