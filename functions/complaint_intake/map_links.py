"""Reads coordinates out of the links of maps, by their spelling alone: no link is opened."""

import re
from collections.abc import Iterator

#: Hosts (with the start of a path) whose links say their place only to who opens them.
_SHORT = re.compile(
    r"^(?:https?://)?(?:www\.)?(?:maps\.app\.goo\.gl|goo\.gl|g\.co|share\.google|bit\.ly|s\.id|"
    r"t\.co|tinyurl\.com|is\.gd|cutt\.ly|shorturl\.at|maps\.apple/p|waze\.com/ul/h\w+)(?![\w-])",
    re.IGNORECASE,
)
_NUMBER = r"([-+]?\d{1,3}\.\d{1,20})"
_PAIR = rf"{_NUMBER}\s*[,~ ]\s*{_NUMBER}(?![\d.])"

#: In which parameters one map or another names a place, and in which only what it shows.
_PLACE = "q|query|ll|coordinate|daddr|destination|to"
_SHOWN = "sll|cp|center|viewpoint"


def _parameter(names: str) -> re.Pattern[str]:
    return re.compile(rf"[?&#](?:{names})=(?:loc:|ll\.)?\s*{_PAIR}", re.IGNORECASE)


#: `geo:` of RFC 5870; with `q`, as Android writes a pin, the pair before it says nothing.
_GEO = re.compile(r"geo:([-+]?\d{1,3}(?:\.\d{1,20})?),([-+]?\d{1,3}(?:\.\d{1,20})?)", re.IGNORECASE)
#: The pins of Google Maps, which come in two orders.
_PIN = re.compile(rf"!3d{_NUMBER}!4d{_NUMBER}")
_PIN_TURNED = re.compile(rf"!2d{_NUMBER}!3d{_NUMBER}")
_NAMED = _parameter(_PLACE)
#: Where a link says its place, then where it says what is shown around it.
_PATTERNS = (
    re.compile(rf"[?&#]mlat={_NUMBER}&mlon={_NUMBER}"),
    _NAMED,
    re.compile(rf"/(?:search|place|dir/[^/]*)/{_PAIR}"),
    re.compile(rf"[#&?]map=\d{{1,2}}(?:\.\d+)?/{_NUMBER}/{_NUMBER}"),
    _parameter(_SHOWN),
    re.compile(rf"/@{_PAIR}"),
)

_ESCAPE = re.compile(rb"%([0-9A-Fa-f]{2})")
_OSM_SHORT = re.compile(r"(?:osm\.org|openstreetmap\.org)/go/([A-Za-z0-9_~@]{1,16})")
_OSM_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_~"


def is_short(link: str) -> bool:
    """Tell whether a link is a short one, which must be opened to learn its place."""
    return _SHORT.match(link) is not None


def points(link: str) -> Iterator[tuple[float, float]]:
    """Yield the pairs (lat, long) in degrees that a link names, what is pinned before a view."""
    plain = _unescaped(link)
    if geo := _GEO.match(plain):
        if found := _NAMED.search(plain):
            yield _pair(found)
        yield _pair(geo)
        return
    if found := _PIN.search(plain):
        yield _pair(found)
    if found := _PIN_TURNED.search(plain):
        long, lat = _pair(found)
        yield lat, long
    for pattern in _PATTERNS:
        if found := pattern.search(plain):
            yield _pair(found)
    if found := _OSM_SHORT.search(plain):
        yield _osm_short(found[1])


def _pair(found: re.Match[str]) -> tuple[float, float]:
    return float(found[1]), float(found[2])


def _unescaped(link: str) -> str:
    """Return a link without percent escapes; a `+` for a space reads as a number's sign."""
    octets = _ESCAPE.sub(lambda found: bytes([int(found[1], 16)]), link.encode())
    return octets.decode("utf-8", "replace")


def _osm_short(code: str) -> tuple[float, float]:
    """Return the place of an OpenStreetMap short link, which holds its coordinates.

    Each character carries three bits of the longitude and three of the latitude in turns
    (https://wiki.openstreetmap.org/wiki/Shortlink).
    """
    x = y = 0
    for character in code.replace("@", "~"):
        bits = _OSM_ALPHABET.index(character)
        for shift in (4, 2, 0):
            x = x << 1 | bits >> shift + 1 & 1
            y = y << 1 | bits >> shift & 1
    size = 1 << 3 * len(code)
    return y * 180 / size - 90, x * 360 / size - 180
