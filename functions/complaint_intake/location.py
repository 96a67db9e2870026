"""Reads a place out of what people paste: coordinates, or a link that a map application shared.

Nothing is ever fetched. A short link says its place only to who opens it, so it is refused with
what to do instead.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from functions.complaint_intake import map_links
from shared.errors import InvalidInput
from shared.text import Text

#: Longer texts are no place; the longest links of maps have about a thousand characters.
LONGEST = 2000

#: Degrees with decimals: whole numbers beside each other are rather a house and its street.
_NUMBER = r"[-+]?\d{1,3}\.\d{2,20}"
_PAIR = re.compile(rf"(?<![\d.])({_NUMBER})(?:\s*[,;/]\s*|\s+)({_NUMBER})(?![\d.]*\d)")
#: The same with decimals behind a comma, as they are written in Indonesia.
_COMMA_PAIR = re.compile(r"([-+]?\d{1,3}),(\d{2,20})(?:\s*[;,/]\s*|\s+)([-+]?\d{1,3}),(\d{2,20})")
#: Degrees, and minutes and seconds if there are any; a point of the compass behind or before.
_ANGLE = (
    r"(\d{1,3}(?:[.,]\d{1,20})?)\s*°?\s*(?:(\d{1,2}(?:[.,]\d{1,20})?)\s*'\s*)?"
    r"(?:(\d{1,2}(?:[.,]\d{1,20})?)\s*(?:\"|'')\s*)?"
)
_ANGLES = (
    re.compile(rf"(?<![\d.,]){_ANGLE}(?P<point>LS|LU|BT|BB|[NSEWUTB])\b"),
    re.compile(rf"\b(?P<point>LS|LU|BT|BB|[NSEWUTB])\s*{_ANGLE}"),
)
#: Which axis a point of the compass is on, and its sign; Indonesian (lintang, bujur) and English.
_COMPASS: Mapping[str, tuple[str, int]] = {
    **dict.fromkeys(("N", "U", "LU"), ("lat", 1)),
    **dict.fromkeys(("S", "LS"), ("lat", -1)),
    **dict.fromkeys(("E", "T", "BT"), ("long", 1)),
    **dict.fromkeys(("W", "B", "BB"), ("long", -1)),
}
_TYPOGRAPHY = str.maketrans({"−": "-", "–": "-", "′": "'", "’": "'", "″": '"', "”": '"', "º": "°"})
_LINK = re.compile(r"\b(?:https?://|geo:)\S+", re.IGNORECASE)
_BARE_LINK = re.compile(r"(?<!\S)(?:[\w-]+\.)+[a-z]{2,10}/\S+", re.IGNORECASE)
_LABELS = re.compile(
    r"\b(?:lat(?:itude)?|lintang|lon|lng|long(?:itude)?|bujur)\b\s*[:=]?", re.IGNORECASE
)

_FARTHEST_LAT, _FARTHEST_LONG = 90.0, 180.0


@dataclass(frozen=True, slots=True)
class Place:
    """A point on the earth, in degrees."""

    lat: float
    long: float


_HOW = Text(
    "Tempel koordinat seperti -6.9839, 110.4093, atau tautan dari tombol Bagikan aplikasi peta.",
    "Paste coordinates such as -6.9839, 110.4093, or the link that a map's Share button gives.",
)
_SHORT = Text(
    "Tautan pendek ini tidak memuat koordinat. Buka tautannya, tekan lama titiknya di peta, lalu"
    " salin koordinat yang muncul (misalnya -6.9839, 110.4093) ke sini.",
    "This short link does not hold the coordinates. Open it, press the point on the map for a"
    " while, and copy the coordinates that appear (such as -6.9839, 110.4093).",
)
_NO_PLACE_IN_LINK = Text(
    f"Tautan ini tidak memuat koordinat. {_HOW.id}",
    f"This link does not hold coordinates. {_HOW.en}",
)
_UNREADABLE = Text(f"Tempat ini tidak terbaca. {_HOW.id}", f"This is not readable. {_HOW.en}")


def read(text: str, *, field: str = "location") -> Place:
    """Return the place that a pasted text names; of several, the first.

    Raises:
        InvalidInput: none is found (code `unreadable_location`), or the text is a short link
            that would have to be opened (`short_link`). The fault stands at `field`.
    """
    if len(text) > LONGEST:
        raise InvalidInput.at(field, "unreadable_location", _UNREADABLE)
    text = " ".join(text.split())
    links = _LINK.findall(text) or _BARE_LINK.findall(text)
    for lat, long in _all_points(text, links):
        if place := _checked(lat, long):
            return place
    if any(map_links.is_short(link) for link in links):
        raise InvalidInput.at(field, "short_link", _SHORT)
    raise InvalidInput.at(field, "unreadable_location", _NO_PLACE_IN_LINK if links else _UNREADABLE)


def _all_points(text: str, links: Sequence[str]) -> Iterator[tuple[float, float]]:
    for link in links:
        yield from map_links.points(link)
        text = text.replace(link, " ")
    yield from _typed(text)


def _typed(text: str) -> Iterator[tuple[float, float]]:
    """Yield the pairs of degrees that a text without links may mean, the likeliest first."""
    plain = text.translate(_TYPOGRAPHY)
    for pattern in _ANGLES:
        axes: dict[str, float] = {}
        for angle in pattern.finditer(plain.upper()):
            axis, sign = _COMPASS[angle["point"]]
            axes.setdefault(axis, sign * _degrees(angle))
        if len(axes) == len(("lat", "long")):
            yield axes["lat"], axes["long"]
    unlabelled = _LABELS.sub(" ", plain).strip(" ()[]")
    if commas := _COMMA_PAIR.fullmatch(unlabelled):
        yield float(f"{commas[1]}.{commas[2]}"), float(f"{commas[3]}.{commas[4]}")
    for pair in _PAIR.finditer(unlabelled):
        yield float(pair[1]), float(pair[2])


def _degrees(angle: re.Match[str]) -> float:
    parts = [part or "0" for part in angle.groups() if part != angle["point"]]
    whole, minutes, seconds = (float(part.replace(",", ".")) for part in parts)
    return whole + minutes / 60 + seconds / 3600


def _checked(lat: float, long: float) -> Place | None:
    """Return a pair as a place, turned round where only that makes sense; None if it is none.

    Nobody complains from 0, 0: it is what applications write that know no place.
    """
    if abs(lat) > _FARTHEST_LAT and abs(long) <= _FARTHEST_LAT:
        lat, long = long, lat
    if abs(lat) > _FARTHEST_LAT or abs(long) > _FARTHEST_LONG or (lat, long) == (0, 0):
        return None
    return Place(lat, long)
