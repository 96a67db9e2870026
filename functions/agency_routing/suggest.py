"""Names the category that a complaint's words point to, when the citizen named none."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from functions.agency_routing import text
from functions.agency_routing.text import Words
from shared.jurisdiction import Jurisdiction

#: How many words a keyword has, and how each category that lists it spells it.
Entry = tuple[int, dict[str, str]]
#: What a keyword of two words counts for when others stand between them.
APART = 0.5


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A category, how strongly words point to it, and which words do."""

    service_code: str
    score: float
    words: tuple[str, ...]


def ranked(words: Words, jurisdiction: Jurisdiction) -> list[Suggestion]:
    """Return the categories that any word points to, strongest first.

    A keyword weighs as many points as it has words, shared among the categories that list it:
    "lampu jalan" says more than "jalan", and a word of one category more than one of five.
    Affixes do not count ("diaspal" is "pengaspalan"), nor how often a keyword occurs.
    """
    index, wildcards = _index(jurisdiction)
    roots = text.roots(words.tokens, jurisdiction.language.stop_words)
    hits = [(1.0, index[phrase]) for phrase in roots.phrases if phrase in index]
    hits += [(APART, index[pair]) for pair in roots.apart - roots.phrases if pair in index]
    hits += [(1.0, keywords) for wild, keywords in wildcards.items() if words.matches(wild)]
    scores: defaultdict[str, float] = defaultdict(float)
    found: defaultdict[str, list[str]] = defaultdict(list)
    for share, (length, keywords) in hits:
        for service_code, keyword in keywords.items():
            scores[service_code] += share * length / len(keywords)
            found[service_code].append(keyword)
    suggestions = [
        Suggestion(code, score, tuple(sorted(found[code], key=lambda word: (-len(word), word))))
        for code, score in scores.items()
    ]
    return sorted(suggestions, key=lambda one: (-one.score, one.service_code))


def clear(suggestions: Sequence[Suggestion], jurisdiction: Jurisdiction) -> Suggestion | None:
    """Return the first suggestion if it is strong enough and well ahead of the second."""
    if not suggestions or suggestions[0].score < jurisdiction.text.minimum:
        return None
    second = suggestions[1].score if len(suggestions) > 1 else 0.0
    return suggestions[0] if suggestions[0].score - second >= jurisdiction.text.margin else None


@cache
def _index(jurisdiction: Jurisdiction) -> tuple[Mapping[str, Entry], Mapping[str, Entry]]:
    """Return the keywords by their roots, and those with a wildcard by themselves."""
    by_roots: dict[str, Entry] = {}
    wildcards: dict[str, Entry] = {}
    stop_words = jurisdiction.language.stop_words
    for category in jurisdiction.categories:
        for keyword in category.keywords:
            phrase = keyword
            table = wildcards
            if not keyword.endswith("*"):
                phrase = " ".join(
                    map(text.root, (w for w in keyword.split() if w not in stop_words))
                )
                table = by_roots
            length = 1 + phrase.count(" ")
            table.setdefault(phrase, (length, {}))[1].setdefault(category.service_code, keyword)
    return by_roots, wildcards
