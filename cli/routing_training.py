"""Trains the text classifier from labelled texts, and finds out how sure it may be."""

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from cli.routing_calibration import Held, calibrated
from cli.routing_vectors import Vector, separator
from functions.agency_routing.classifier import (
    RARITY_PARTS,
    Classifier,
    Header,
    share_of,
)
from functions.agency_routing.features import Feature, features
from functions.agency_routing.text import read
from shared.jurisdiction import Language

#: The most bytes of a model's weights.
LARGEST = 900_000
#: Into how many parts texts are split, to see how sure a model may be of what it has not read.
FOLDS = 3
#: In how many texts a word (or a piece of one) must occur, and two words in a row.
SEEN_WORD, SEEN_PAIR = 2, 3
#: What an error costs in the training, beside the size of the weights.
COST = 1.0
#: Weights are whole steps from -127 to 127.
_STEPS = 127
_MOST_RARITY = 255


@dataclass(frozen=True, slots=True)
class Example:
    """A text and its label."""

    text: str
    label: str
    weight: float = 1.0  #: how much it counts beside the others
    written: bool = True  #: by people, in their own words: only these tell how sure one may be


class CannotTrain(ValueError):
    """Nothing can be learned from these texts; says why."""


def rounds(examples: Sequence[Example]) -> int:
    """Return how often training reports progress."""
    return len({example.label for example in examples}) * (FOLDS + 1)


def train(
    examples: Sequence[Example],
    language: Language,
    *,
    pieces: bool = False,
    points: Callable[[str], Mapping[str, float]] = lambda _: {},
    progress: Callable[[], None] = lambda: None,
) -> Classifier:
    """Return a model that tells the examples' labels apart, calibrated on texts held out.

    `points` are what the keywords of configuration give to labels; calibration then says what
    one is worth beside the model's own scores.

    Raises:
        CannotTrain: there are fewer than two labels, or no word occurs often enough.
    """
    labels = tuple(sorted({example.label for example in examples}))
    if len(labels) < 2:  # noqa: PLR2004 (of one there is nothing to tell apart)
        raise CannotTrain("fewer than two labels")
    found = [features_of(example.text, language, pieces=pieces) for example in examples]

    def fitted(chosen: Sequence[int]) -> Classifier:
        texts, known = [found[one] for one in chosen], [examples[one] for one in chosen]
        return _fitted(texts, known, labels, progress, pieces=pieces)

    held = []
    everyone = range(len(examples))
    written = [one for one in everyone if examples[one].written]
    for fold in range(FOLDS):
        out = written[fold::FOLDS]
        model = fitted(sorted(set(everyone).difference(out)))
        for one in out:
            scores = model.scores(model.weighed(found[one]))
            held.append(Held(scores, points(examples[one].text), examples[one].label))
    whole = fitted(everyone)
    slope, worth = calibrated(held)
    return replace(whole, header=replace(whole.header, slope=slope, keywords=worth))


def features_of(text: str, language: Language, *, pieces: bool) -> list[Feature]:
    """Return the features of a text."""
    return features(read(text, language.spelling), language.stop_words, pieces=pieces)


def _fitted(
    texts: Sequence[Sequence[Feature]],
    examples: Sequence[Example],
    labels: Sequence[str],
    progress: Callable[[], None],
    *,
    pieces: bool,
) -> Classifier:
    rarities = _rarities(texts)
    column_of = {key: column for column, key in enumerate(rarities)}
    made = [_vector(text, rarities, column_of) for text in texts]
    known = [(one, example) for one, example in zip(made, examples, strict=True) if one]
    if not known:
        raise CannotTrain("no word occurs often enough")
    counts = Counter(example.label for _, example in known)
    columns = []
    for label in labels:
        signs = [1 if example.label == label else -1 for _, example in known]
        balance = math.sqrt(len(known) / (len(labels) * max(1, counts[label])))
        costs = [
            COST * example.weight * (balance if sign > 0 else 1.0)
            for (_, example), sign in zip(known, signs, strict=True)
        ]
        columns.append(separator([one for one, _ in known], signs, costs, len(rarities) + 1))
        progress()
    return _packed(columns, rarities, labels, texts=len(texts), pieces=pieces)


def _rarities(texts: Sequence[Sequence[Feature]]) -> dict[int, int]:
    """Return the rarity of each feature that occurs often enough, by key, sorted."""
    seen = Counter(one.key for text in texts for one in text)
    pairs = {one.key for text in texts for one in text if " " in one.said}
    return {
        key: min(_MOST_RARITY, round(RARITY_PARTS * (1 + math.log((1 + len(texts)) / (1 + count)))))
        for key, count in sorted(seen.items())
        if count >= (SEEN_PAIR if key in pairs else SEEN_WORD)
    }


def _vector(
    text: Sequence[Feature], rarities: Mapping[int, int], column_of: Mapping[int, int]
) -> Vector | None:
    """Return a text as numbers, the last column of which is the same in all."""
    known = [one for one in text if one.key in rarities]
    if not known:
        return None
    shares = [share_of(one, rarities[one.key]) for one in known]
    length = math.hypot(*shares)
    return Vector.of(
        [*(column_of[one.key] for one in known), len(rarities)],
        [*(share / length for share in shares), 1.0],
    )


def _packed(
    columns: Sequence[Sequence[float]],
    rarities: Mapping[int, int],
    labels: Sequence[str],
    *,
    texts: int,
    pieces: bool,
) -> Classifier:
    """Return the model with its weights in whole steps, without the features that say least."""
    scales = [max(map(abs, column[:-1]), default=0.0) / _STEPS or 1.0 for column in columns]
    steps = [
        [round(weight / scale) for weight in column[:-1]]
        for column, scale in zip(columns, scales, strict=True)
    ]
    rows = [
        (max(map(abs, row)), key, row)
        for key, row in zip(rarities, zip(*steps, strict=True), strict=True)
        if any(row)
    ]
    most = LARGEST // (len(labels) + 5)
    kept = sorted(sorted(rows, key=lambda one: (-one[0], one[1]))[:most], key=lambda one: one[1])
    header = Header(
        labels=tuple(labels),
        scales=tuple(round(scale, 9) for scale in scales),
        biases=tuple(round(column[-1], 6) for column in columns),
        pieces=pieces,
        texts=texts,
    )
    return Classifier(
        header,
        [key for _, key, _ in kept],
        [rarities[key] for _, key, _ in kept],
        [weight for _, _, row in kept for weight in row],
    )
