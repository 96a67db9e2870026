"""Tells a text's label as routing would: by a model, by the text step, or by the whole decision."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Literal

from cli.routing_training import features_of
from cli.screen import CannotContinue
from functions.agency_routing import suggest
from functions.agency_routing.classifier import (
    Classifier,
    UnreadableModel,
    from_bytes,
    likelihoods,
)
from functions.agency_routing.decide import Facts, decide
from functions.agency_routing.text import read
from shared import config
from shared.jurisdiction import Jurisdiction

#: What labels are: agencies' codes, service codes, or LaporGub's subject classes.
By = Literal["agency", "category", "laporgub_class"]
#: Returns a text's likeliest label and its share of one.
Teller = Callable[[str], tuple[str, float]]


def jurisdiction_called(name: str) -> Jurisdiction:
    """Return a jurisdiction.

    Raises:
        CannotContinue: there is none of this name.
    """
    if name in config.jurisdiction_ids():
        return config.load(name)
    raise CannotContinue(
        f"Wilayah `{name}` tidak ada; pilih: {', '.join(config.jurisdiction_ids())}. "
        "/ There is no such jurisdiction."
    )


def read_model(path: Path) -> Classifier:
    """Read a model's file.

    Raises:
        CannotContinue: it is not there, or no model of this release.
    """
    try:
        return from_bytes(path.read_bytes())
    except OSError as error:
        raise CannotContinue(
            f"{path} tidak dapat dibaca ({error.strerror}). / It cannot be read."
        ) from None
    except UnreadableModel as error:
        raise CannotContinue(
            f"{path} bukan model versi ini; latih lagi dengan `simpul routing train`. "
            f"/ It is no model of this release ({error}): train it anew."
        ) from None


def by_model(model: Classifier, jurisdiction: Jurisdiction, by: By | None) -> Teller:
    """Return what tells a text's label by a model alone; service codes become what `by` says."""
    language, head = jurisdiction.language, model.header
    categories = jurisdiction.category_by_code

    def called(label: str) -> str:
        named = by == "laporgub_class" and label in categories
        return categories[label].laporgub_class if named else label

    def tell(text: str) -> tuple[str, float]:
        found = model.weighed(features_of(text, language, pieces=head.pieces))
        scores = model.scores(found)
        likely = likelihoods({label: head.slope * score for label, score in scores.items()})
        sums: dict[str, float] = {}
        for label, share in likely.items():
            sums[called(label)] = sums.get(called(label), 0.0) + share
        return likeliest(sums)

    return tell


def by_text_step(model: Classifier, jurisdiction: Jurisdiction, by: By) -> Teller:
    """Return what tells a text's category, or its class, as routing does: by keywords and model."""

    def tell(text: str) -> tuple[str, float]:
        words = read(text, jurisdiction.language.spelling)
        ranked = suggest.ranked(words, jurisdiction, model)
        if by == "laporgub_class":
            return likeliest(suggest.by_class(ranked, jurisdiction))
        return likeliest({one.service_code: one.confidence for one in ranked})

    return tell


def by_decision(model: Classifier, jurisdiction: Jurisdiction) -> Teller:
    """Return what tells a text's agency by the whole decision; of triage nothing is sure."""

    def tell(text: str) -> tuple[str, float]:
        decision = decide(facts_of(text), jurisdiction, lambda: model)
        sure = decision.agency != jurisdiction.triage
        return decision.agency, 1.0 if sure else 0.0

    return tell


def labels_told(jurisdiction: Jurisdiction, by: By) -> frozenset[str]:
    """Return the labels that configuration has for what `by` says."""
    if by == "agency":
        own = (one.code for one in jurisdiction.agencies)
        return frozenset((*own, *jurisdiction.handoffs))
    categories = jurisdiction.categories
    named = by == "laporgub_class"
    return frozenset(one.laporgub_class if named else one.service_code for one in categories)


def facts_of(
    text: str,
    *,
    service_code: str | None = None,
    kind: str = "complaint",
    attributes: Mapping[str, str] | None = None,
    lat: float | None = None,
    long: float | None = None,
) -> Facts:
    """Return the facts of a complaint of which little more than the text is known."""
    return Facts(
        service_code=service_code,
        kind=kind,
        description=text,
        address_string=None,
        attributes=attributes or {},
        lat=lat,
        long=long,
    )


def likeliest(likely: Mapping[str, float]) -> tuple[str, float]:
    """Return the likeliest label, the first by name of several, and "-" of none."""
    return min(likely.items(), key=lambda item: (-item[1], item[0]), default=("-", 0.0))
