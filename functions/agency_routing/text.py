"""Reads the words of a complaint: normalises them and finds phrases among them."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from shared.jurisdiction import LONGEST_PHRASE

_WORD = re.compile(r"[a-z0-9]+")
_REPEATED = re.compile(r"(?<=[a-z])([a-z])\1{2,}")  # not at the start: "PPPK" is a word
_DOUBLED = re.compile(r"^([a-z]{3,})2$")
#: How many words may stand between the two of a keyword that is read loosely.
WIDEST_GAP = 3
#: What must be left of a word for an affix to have been one: two syllables.
_SHORTEST_ROOT = 4
_CLITICS = ("lah", "kah", "nya", "ne")
_SUFFIXES = ("an", "i", "e")
#: Prefixes with the consonant that a root regains after them ("menanam" is "tanam").
_PREFIXES = (
    ("meny", "s"), ("peny", "s"), ("meng", ""), ("peng", ""), ("mem", "p"), ("pem", "p"),
    ("men", "t"), ("pen", "t"), ("ber", ""), ("ter", ""), ("per", ""), ("di", ""), ("ke", ""),
    ("me", ""), ("pe", ""),
)  # fmt: skip
_VOWELS = tuple("aeiou")
_AFTER_ME = tuple("lmnrwy")
_ROOT = re.compile(r"(ng|ny|sy|kh|[bcdfghjklmnprstwyz][lr]?)?[aeiou]")
#: "mengirim" is "kirim" but "mengambil" "ambil"; "perawat" is "rawat" but "peralatan" "alat".
_UNSURE_START = re.compile(r"^[kr](?=[aeiou].{2,4}$)")


@dataclass(frozen=True, slots=True)
class Words:
    """A text as the rules see it: every run of one to four words, in the usual spelling."""

    phrases: frozenset[str]
    tokens: tuple[str, ...]

    def matches(self, keyword: str) -> bool:
        """Tell whether `keyword` (a word or phrase; a trailing * takes any ending) occurs."""
        if keyword.endswith("*"):
            return any(phrase.startswith(keyword[:-1]) for phrase in self._of_length(keyword))
        return keyword in self.phrases

    def found(self, keywords: Iterable[str]) -> list[str]:
        """Return the keywords that occur, in the order given."""
        return [keyword for keyword in keywords if self.matches(keyword)]

    def _of_length(self, keyword: str) -> Collection[str]:
        spaces = keyword.count(" ")
        if not spaces:
            return self.tokens
        return [phrase for phrase in self.phrases if phrase.count(" ") == spaces]


def read(text: str, spelling: Mapping[str, str]) -> Words:
    """Return the words of `text`, lower-cased, with slang in its usual spelling.

    Letters repeated three times or more count once ("panaaas" is "panas"), and Indonesian
    repetition written with a 2 is dropped ("lubang2" is "lubang").
    """
    tokens: list[str] = []
    for raw in _WORD.findall(_REPEATED.sub(r"\1", text.lower())):
        word = _DOUBLED.sub(r"\1", raw)
        tokens.extend(spelling.get(word, word).split())
    return Words(_runs(tokens), tuple(tokens))


@dataclass(frozen=True, slots=True)
class Roots:
    """A text as suggestions see it: its words without affixes and without stop words."""

    phrases: frozenset[str]
    apart: frozenset[str]  #: pairs of words, in order, with a few others between


def roots(tokens: Sequence[str], stop_words: Collection[str]) -> Roots:
    """Return the roots of `tokens`: raw texts and already stemmed ones come out alike."""
    found = [root(token) for token in tokens if token not in stop_words]
    apart = {
        f"{word} {found[later]}"
        for index, word in enumerate(found)
        for later in range(index + 2, min(index + 2 + WIDEST_GAP, len(found)))
    }
    return Roots(_runs(found), frozenset(apart))


@lru_cache(maxsize=8192)
def root(word: str) -> str:
    """Return `word` without Indonesian affixes and the Javanese -e and -ne.

    A light stemmer without a dictionary: it need not find the true root, only the same one
    for every form of a word, so it also drops a first k or r that a prefix may have swallowed.
    """
    word = _without_ending(word, _CLITICS)
    bare = _without_prefix(word)
    if bare.startswith("per") and word.startswith(("memper", "diper")):
        bare = _without_prefix(bare)
    word = bare
    while (shorter := _without_ending(word, _SUFFIXES)) != word:
        word = shorter
    # -kan is -an and a k, which "duduk" then loses too
    return _without_ending(_UNSURE_START.sub("", word), ("k",))


def _without_ending(word: str, endings: Sequence[str]) -> str:
    for ending in endings:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_ROOT:
            return word[: -len(ending)]
    return word


def _without_prefix(word: str) -> str:
    for prefix, regained in _PREFIXES:
        if not word.startswith(prefix) or (prefix == "ke" and not word.endswith("an")):
            continue
        rest = word[len(prefix) :]
        if prefix == "me" and not rest.startswith(_AFTER_ME):
            continue
        if rest.startswith(_VOWELS):
            rest = regained + rest
        if len(rest) >= _SHORTEST_ROOT and _ROOT.match(rest):
            return rest
    return word


def _runs(tokens: Sequence[str]) -> frozenset[str]:
    return frozenset(
        " ".join(tokens[start : start + length])
        for length in range(1, LONGEST_PHRASE + 1)
        for start in range(len(tokens) - length + 1)
    )
