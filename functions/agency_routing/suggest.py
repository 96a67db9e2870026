"""Names the categories that a complaint's words point to, with how likely each is.

Two witnesses are heard: the keywords of configuration, which anyone may mend in a file, and the
classifier, which has read labelled texts. What each is worth was fitted on texts held out.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from functions.agency_routing import keywords
from functions.agency_routing.classifier import Classifier, Weighed, likelihoods
from functions.agency_routing.features import features
from functions.agency_routing.keywords import Pointed
from functions.agency_routing.text import Words
from shared.jurisdiction import Jurisdiction

#: A category that configuration has and the classifier has not learned yet starts at what any
#: text scores of what it is not, and gains by keywords alone, up to what a sure text scores.
UNLEARNED, BY_KEYWORD, MOST = -1.0, 0.5, 1.0
#: How much of the doubt is left by each word that says something: one alone is never sure.
DOUBT = 0.5
#: How likely a category must be for its words to be looked for, and how many of them are told.
LIKELY, WORDS_TOLD = 0.02, 5


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A category, how likely it is (0 to 1), and the words that point to it, strongest first."""

    service_code: str
    confidence: float
    words: tuple[str, ...]


def ranked(words: Words, jurisdiction: Jurisdiction, model: Classifier) -> list[Suggestion]:
    """Return all categories, the likeliest first; none if no word says anything.

    Exactly one category is taken to be right: were all words of the text known and many, their
    confidences would sum to one. The fewer say something, the less.
    """
    listed = keywords.pointed(words, jurisdiction)
    language = jurisdiction.language
    known = model.weighed(features(words, language.stop_words, pieces=model.header.pieces))
    if not listed and not known:
        return []
    scores = model.scores(known)
    prior = _prior(jurisdiction)
    log_odds = {}
    for code in jurisdiction.category_by_code:
        points = listed[code].points if code in listed else 0.0
        score = scores.get(code, min(MOST, UNLEARNED + BY_KEYWORD * points))
        head = model.header
        log_odds[code] = head.slope * score + head.keywords * points + prior[code]

    def words_for(code: str) -> tuple[str, ...]:
        if code in listed:
            return listed[code].words[:WORDS_TOLD]
        if likely[code] < LIKELY or code not in scores:
            return ()
        return tuple(said for said, _ in model.decisive(known, code)[:WORDS_TOLD])

    telling = _telling(known, listed)
    sure = 1 - DOUBT ** len(telling)
    likely = {code: sure * share for code, share in likelihoods(log_odds).items()}
    ordered = sorted(likely, key=lambda code: (-likely[code], code))
    return [Suggestion(code, likely[code], words_for(code)) for code in ordered]


def _telling(known: Sequence[Weighed], listed: Mapping[str, Pointed]) -> set[str]:
    """Return the words that the model or any keyword knows."""
    said = [one.feature.said for one in known]
    said += [phrase.removesuffix("*") for one in listed.values() for phrase in one.words]
    return {word for phrase in said for word in phrase.split()}


@cache
def _prior(jurisdiction: Jurisdiction) -> Mapping[str, float]:
    """Return what is added to each category's log-odds before a text is read."""
    prior = jurisdiction.text.prior
    return {
        category.service_code: math.log(prior.get(category.laporgub_class, 1.0))
        for category in jurisdiction.categories
    }


def by_class(suggestions: Sequence[Suggestion], jurisdiction: Jurisdiction) -> dict[str, float]:
    """Return how likely each of LaporGub's subject classes is, the likeliest first."""
    sums: dict[str, float] = {}
    for one in suggestions:
        subject = jurisdiction.category_by_code[one.service_code].laporgub_class
        sums[subject] = sums.get(subject, 0.0) + one.confidence
    return dict(sorted(sums.items(), key=lambda item: (-item[1], item[0])))
