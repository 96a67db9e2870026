"""Tells what a file is by its first bytes, and refuses what is no photo or not the one claimed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from shared.text import Text

#: The media types that a photo may have, and what people call them.
PHOTO_TYPES: Final[Mapping[str, str]] = {
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/webp": "WebP",
}
#: What an upload is declared as when nobody says what it is: a page without script cannot.
UNCLAIMED: Final = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Rejected:
    """Why a file is not taken as a photo: a stable code, and a reason for its sender."""

    code: str
    reason: Text


#: How files begin, and what they are; the first that fits. A dot stands for any byte.
_BEGINNINGS: Final = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"RIFF....WEBP", "image/webp"),
    (b"GIF8", "GIF"),
    (b"BM", "BMP"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"....ftyphei", "HEIC"),
    (b"....ftypmif", "HEIC"),
    (b"....ftypavi", "AVIF"),
    (b"....ftyp", "MP4"),
    (b"\x1aE\xdf\xa3", "WebM"),
    (b"%PDF", "PDF"),
    (b"PK\x03\x04", "ZIP"),
    (b"PK\x05\x06", "ZIP"),
    (b"<svg", "SVG"),
    (b"<?xml", "XML"),
    (b"<", "HTML"),
)
_LONGEST_BEGINNING: Final = max(len(pattern) for pattern, _ in _BEGINNINGS)

_EMPTY: Final = Rejected("empty", Text("Berkas kosong.", "The file is empty."))


def kind_of(content: bytes) -> str | None:
    """Return a photo's media type, another known file's usual name, or None."""
    start = content[:_LONGEST_BEGINNING]
    return next((kind for pattern, kind in _BEGINNINGS if _fits(start, pattern)), None)


def check_is_as_claimed(content: bytes, claimed: str) -> Rejected | None:
    """Return why a file is refused by its first bytes; None if it looks like what it claims."""
    if not content:
        return _EMPTY
    kind = kind_of(content)
    if kind is None or kind not in PHOTO_TYPES:
        return _not_a_photo(kind)
    if claimed not in (kind, UNCLAIMED):
        real, said = PHOTO_TYPES[kind], PHOTO_TYPES.get(claimed, claimed)
        return Rejected(
            "not_as_claimed",
            Text(
                f"Berkas ini {real}, tetapi dikirim sebagai {said}. Kirim ulang sebagai {real}.",
                f"This file is {real}, but was sent as {said}. Send it again as {real}.",
            ),
        )
    return None


def _not_a_photo(kind: str | None) -> Rejected:
    return Rejected(
        "not_a_photo",
        Text(
            f"Berkas ini {kind or 'tidak kami kenal'}. Kirim foto sebagai JPEG, PNG, atau WebP.",
            f"This file is {kind or 'unknown to us'}. Send the photo as JPEG, PNG or WebP.",
        ),
    )


def _fits(start: bytes, pattern: bytes) -> bool:
    return len(start) >= len(pattern) and all(
        wanted in (b"."[0], given) for given, wanted in zip(start, pattern, strict=False)
    )
