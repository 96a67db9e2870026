"""Measures how often predicted labels are right, and how often a prediction is sure enough."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Told:
    """What a text is, what it was taken for, and with what confidence (0 to 1)."""

    label: str
    predicted: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Measured:
    """How often one label is right where it was predicted, and was found where it is."""

    precision: float
    recall: float
    f1: float
    n: int


def figures(told: Sequence[Told], threshold: float) -> dict[str, Any]:
    """Return the figures of a run over at least one text, as `--json` prints them.

    `macro_f1` is over every label that a text has or was taken for; `coverage` is the share of
    texts whose prediction is at least as sure as `threshold`; `confusion` counts the predictions
    of each label.
    """
    by_label = measured(told)
    confusion: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for one in told:
        confusion[one.label][one.predicted] += 1
    return {
        "n": len(told),
        "accuracy": _rounded(sum(one.label == one.predicted for one in told) / len(told)),
        "macro_f1": _rounded(sum(one.f1 for one in by_label.values()) / len(by_label)),
        "coverage": _rounded(sum(one.confidence >= threshold for one in told) / len(told)),
        "threshold": threshold,
        "confusion": {
            label: dict(sorted(counts.items())) for label, counts in sorted(confusion.items())
        },
    }


def measured(told: Sequence[Told]) -> Mapping[str, Measured]:
    """Return the figures of each label that a text has or was taken for, the most frequent first."""
    there = Counter(one.label for one in told)
    predicted = Counter(one.predicted for one in told)
    right = Counter(one.label for one in told if one.label == one.predicted)
    labels = sorted(there | predicted, key=lambda label: (-there[label], label))
    return {
        label: Measured(
            precision=_share(right[label], predicted[label]),
            recall=_share(right[label], there[label]),
            f1=_share(2 * right[label], there[label] + predicted[label]),
            n=there[label],
        )
        for label in labels
    }


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def _rounded(share: float) -> float:
    return round(share, 4)
