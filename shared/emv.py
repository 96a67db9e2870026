"""EMVCo's text of QR codes: fields of tag, length and value, and the checksum at the end."""

import binascii
import re
from collections.abc import Iterable, Mapping
from typing import Final

_CHECKSUM: Final = "6304"
_CHECKSUM_LENGTH: Final = len(_CHECKSUM) + 4
_LONGEST: Final = 99
_PRINTABLE: Final = re.compile(r"[ -~]+")
#: The longest that a field may be made, where the standard says less than a length can tell.
_LIMITS: Final[Mapping[str, int]] = {"59": 25, "60": 15, "61": 10}


class InvalidQris(ValueError):
    """A text that is no QRIS code, or values that make none. Says which field and why."""


def checksum(text: str) -> str:
    """Return a text's CRC-16 (polynomial 1021, from FFFF) as four hexadecimal digits."""
    return f"{binascii.crc_hqx(text.encode('utf-8', 'surrogatepass'), 0xFFFF):04X}"


def without_checksum(text: str) -> str:
    """Return a code's text without its checksum, which must be the right one.

    Raises:
        InvalidQris: there is none at its end, or another.
    """
    body, end = text[:-_CHECKSUM_LENGTH], text[-_CHECKSUM_LENGTH:]
    if len(end) < _CHECKSUM_LENGTH or not end.startswith(_CHECKSUM):
        raise InvalidQris("63: no checksum at the end")
    if checksum(body + _CHECKSUM) != end[-4:].upper():
        raise InvalidQris("63: the checksum is another; the code is damaged")
    return body


def with_checksum(text: str) -> str:
    """Return a code's text with its checksum."""
    return text + _CHECKSUM + checksum(text + _CHECKSUM)


def taken_apart(text: str, where: str) -> dict[str, str]:
    """Return the fields of a text by tag, in its order.

    Raises:
        InvalidQris: a field is cut short, empty, or stands there twice.
    """
    found: dict[str, str] = {}
    place = 0
    while place < len(text):
        tag, length = text[place : place + 2], text[place + 2 : place + 4]
        if not is_digits(tag + length, 4):
            raise InvalidQris(f"{where}: no tag and length at character {place + 1}")
        value = text[place + 4 : place + 4 + int(length)]
        if len(value) < int(length):
            raise InvalidQris(f"{where}: field {tag} is cut short")
        if not value:
            raise InvalidQris(f"{where}: field {tag} is empty")
        if tag in found:
            raise InvalidQris(f"{where}: field {tag} stands there twice")
        found[tag] = value
        place += 4 + int(length)
    return found


def put_together(parts: Iterable[tuple[str, str]]) -> str:
    """Return the text of fields, in the order given.

    Raises:
        InvalidQris: a tag is none or stands there twice; a value is too long or not printable.
    """
    written = []
    seen = set()
    for tag, value in parts:
        if not is_digits(tag, 2) or tag in seen:
            raise InvalidQris(f"{tag}: no tag, or one that stands there twice")
        if not _PRINTABLE.fullmatch(value):
            raise InvalidQris(f"{tag}: empty, or not printable ASCII")
        if len(value) > _LIMITS.get(tag, _LONGEST):
            raise InvalidQris(f"{tag}: over {_LIMITS.get(tag, _LONGEST)} characters")
        seen.add(tag)
        written.append(f"{tag}{len(value):02}{value}")
    return "".join(written)


def is_digits(text: str, length: int) -> bool:
    """Tell whether a text is so many digits, 0 to 9."""
    return len(text) == length and text.isascii() and text.isdigit()
