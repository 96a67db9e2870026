"""Finds the configured keywords of a text, and counts what they say for each category."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from functions.agency_routing import text
from functions.agency_routing.text import Words
from shared.jurisdiction import Jurisdiction

#: Which categories list a keyword: in what spellings, and with what weight.
Listed = dict[str, tuple[list[str], float]]
#: What a keyword counts for when it is found only by its root ("sehat" for "kesehatan") …
BY_ROOT = 0.5
#: … and what one of two words counts for when others stand between them.
APART = 0.5
#: How much more a decisive keyword counts than another.
DECISIVE = 2.0


@dataclass(frozen=True, slots=True)
class Pointed:
    """How strongly keywords point to a category, and which do, the longest first."""

    points: float
    words: tuple[str, ...]


def pointed(words: Words, jurisdiction: Jurisdiction) -> dict[str, Pointed]:
    """Return the categories that any keyword points to, by service code.

    A keyword weighs as many points as it has words, shared among the categories that list it:
    "lampu jalan" says more than "jalan", and a word of one category more than one of five.
    Stop words do not count, affixes hardly, nor how often a keyword occurs.
    """
    by_roots, as_written = _index(jurisdiction)
    roots = text.roots(words.tokens, jurisdiction.language.stop_words)
    hits = [(phrase, 1.0, by_roots[phrase]) for phrase in roots.phrases if phrase in by_roots]
    apart = roots.apart - roots.phrases
    hits += [(pair, APART, by_roots[pair]) for pair in apart if pair in by_roots]
    hits += [(said, 1.0, whose) for said, whose in as_written.items() if words.matches(said)]
    points: defaultdict[str, float] = defaultdict(float)
    found: defaultdict[str, set[str]] = defaultdict(set)
    for phrase, share, whose in sorted(hits, key=lambda hit: hit[:2]):
        for service_code, (keywords, weight) in whose.items():
            said = words.found(keywords)
            exact = said or " " in phrase
            points[service_code] += weight * share * (1 if exact else BY_ROOT) / len(whose)
            found[service_code].add(said[0] if said else keywords[0])
    return {
        code: Pointed(score, tuple(sorted(found[code], key=lambda word: (-len(word), word))))
        for code, score in points.items()
    }


@cache
def _index(jurisdiction: Jurisdiction) -> tuple[Mapping[str, Listed], Mapping[str, Listed]]:
    """Return who lists a keyword: by its roots, and as written where roots would not do.

    They do not for a wildcard, nor for a phrase of which stop words would leave one word.
    """
    by_roots: defaultdict[str, Listed] = defaultdict(dict)
    as_written: defaultdict[str, Listed] = defaultdict(dict)
    stop_words = jurisdiction.language.stop_words
    for category in jurisdiction.categories:
        for keyword in category.keywords:
            said = [word for word in keyword.split() if word not in stop_words]
            weight = float(max(len(said), min(2, 1 + keyword.count(" "))))
            if keyword.endswith("*") or len(said) < weight:
                whose = as_written[keyword]
            else:
                whose = by_roots[" ".join(map(text.root, said))]
            weight *= DECISIVE if keyword in category.decisive else 1
            keywords, heaviest = whose.get(category.service_code, ([], 0.0))
            whose[category.service_code] = ([*keywords, keyword], max(weight, heaviest))
    return dict(by_roots), dict(as_written)
