"""Turns the words of a complaint into the features that a text classifier weighs."""

import zlib
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from functions.agency_routing.text import Words, root

#: Lengths of the pieces that words are cut into: typing errors leave most of a word's pieces whole.
PIECES = (3, 4, 5)
#: What bounds a word in its pieces, and what two words are joined by.
_EDGE, _JOINT = "_", " "


@dataclass(frozen=True, slots=True)
class Feature:
    """Something a text has: a word, two words in a row, or a piece of a word."""

    key: int  #: 32 bits, the same on every machine and in every release of Python
    said: str  #: the words it was found in, as written
    count: int = 1


def features(words: Words, stop_words: Collection[str], *, pieces: bool) -> list[Feature]:
    """Return the features of a text, each once, in the order of its words.

    Words count by their roots and without stop words and bare numbers, so that a raw text and
    one that was lower-cased, stemmed and stripped of stop words before come out alike.
    """
    said = [token for token in words.tokens if token not in stop_words and not token.isdigit()]
    counts: Counter[str] = Counter()
    first: dict[str, str] = {}
    for name, written in _named(said, pieces=pieces):
        counts[name] += 1
        first.setdefault(name, written)
    return [Feature(key_of(name), first[name], count) for name, count in counts.items()]


def key_of(name: str) -> int:
    """Return the key of a feature's name. That two names share one is rare, and no harm."""
    return zlib.crc32(name.encode())


def _named(said: Sequence[str], *, pieces: bool) -> Iterator[tuple[str, str]]:
    """Yield the name of each feature, with the words as written."""
    roots = [root(token) for token in said]
    for index, (one, written) in enumerate(zip(roots, said, strict=True)):
        yield one, written
        if index:
            yield roots[index - 1] + _JOINT + one, f"{said[index - 1]} {written}"
        if pieces:
            bounded = _EDGE + one + _EDGE
            for length in PIECES:
                for start in range(len(bounded) - length + 1):
                    yield f"{length}{bounded[start : start + length]}", written
