"""The alphabet of text messages (GSM 03.38) and what a text costs in it."""

from typing import Final

_BASIC: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
#: Each takes two places: an escape and itself.
_EXTENDED: Final = frozenset("^{}\\[~]|€")
#: Places in a message alone, and in each of several, which say how they belong together.
_ALONE: Final = 160
_OF_SEVERAL: Final = 153


def unsendable(text: str) -> str:
    """Return the characters of a text that the alphabet lacks; one makes each message half as long."""
    return "".join(one for one in text if one not in _BASIC | _EXTENDED)


def segments(text: str) -> int:
    """Return how many messages a text in the alphabet is sent, and paid, as."""
    places = [2 if one in _EXTENDED else 1 for one in text]
    if sum(places) <= _ALONE:
        return 1
    messages, left = 1, _OF_SEVERAL
    for width in places:
        if width > left:
            messages, left = messages + 1, _OF_SEVERAL
        left -= width
    return messages
