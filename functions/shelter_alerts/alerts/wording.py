"""What offices are told of a district's shelters: an e-mail, and a text message of one page."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from functions.shelter_alerts.configuration import Shelter
from shared.messengers.mail import Email
from shared.text import Text

#: Shelters that a text message names.
_NAMED: Final = 3
_STATES: Final = {
    "normal": Text("normal kembali", "normal again"),
    "warning": Text("hampir penuh", "nearly full"),
    "full": Text("penuh", "full"),
    "over": Text("MELEBIHI KAPASITAS", "OVER CAPACITY"),
    "unknown": Text("tidak diketahui", "unknown"),
}
_SUBJECT: Final = Text("Titik kumpul {district}: {first}", "Shelters in {district}: {first}")
_MORE: Final = Text("dan {n} lagi", "and {n} more")
_LINE: Final = Text(
    "{name}: {state}, {occupancy} dari {capacity} tempat",
    "{name}: {state}, {occupancy} of {capacity} places",
)
_FOOT: Final = Text(
    "Pesan ini dari Simpul untuk petugas titik kumpul. Rincian: {url}",
    "Sent by Simpul to those who watch shelters. Details: {url}",
)

#: What is told of one shelter: `state`, `occupancy`, `capacity`.
Item = Mapping[str, Any]


def email(
    district: str, items: Sequence[tuple[Shelter, Item]], *, language: str, url: str
) -> Email:
    """Return what happened to a district's shelters as an e-mail; the worst come first."""
    lines = [_line(shelter, item, language) for shelter, item in items]
    shelter, item = items[0]
    first = f"{shelter.name.in_language(language)} {_state(item, language)}"
    if len(items) > 1:
        first += f" {_MORE.in_language(language).format(n=len(items) - 1)}"
    subject = _SUBJECT.in_language(language).format(district=district, first=first)
    foot = _FOOT.in_language(language).format(url=url)
    return Email(subject=subject, text="\n".join(lines) + f"\n\n{foot}\n")


def sms(district: str, items: Sequence[tuple[Shelter, Item]], *, language: str) -> str:
    """Return the same as a text message."""
    told = [
        f"{shelter.name.in_language(language)} {_state(item, language)} "
        f"{item['occupancy']}/{item['capacity']}"
        for shelter, item in items[:_NAMED]
    ]
    if len(items) > _NAMED:
        told.append(_MORE.in_language(language).format(n=len(items) - _NAMED))
    return f"Simpul {district}: {'; '.join(told)}."


def _line(shelter: Shelter, item: Item, language: str) -> str:
    return _LINE.in_language(language).format(
        name=shelter.name.in_language(language),
        state=_state(item, language),
        occupancy=item["occupancy"],
        capacity=item["capacity"],
    )


def _state(item: Item, language: str) -> str:
    return _STATES[item["state"]].in_language(language)
