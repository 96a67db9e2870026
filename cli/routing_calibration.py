"""Finds how sure a classifier may be, from how it scores texts that were held out of its training."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from functions.agency_routing.classifier import likelihoods

#: Between which values the slope is sought, and the worth of a keyword's point.
SLOPES, WORTHS = (0.0, 15.0), (0.0, 6.0)
#: How finely, and how often each in turn.
FINEST, TURNS = 0.01, 3
#: No label is taken to be less likely than this, so that one text never outweighs all others.
_LEAST = 1e-9
_GOLDEN = (math.sqrt(5) - 1) / 2


@dataclass(frozen=True, slots=True)
class Held:
    """How a text that was held out scores, what keywords give it, and what it is."""

    scores: Mapping[str, float]
    points: Mapping[str, float]  #: of the keywords that configuration lists
    label: str


def calibrated(held: Sequence[Held]) -> tuple[float, float]:
    """Return the slope and the worth of a keyword's point that make the texts' labels likeliest."""
    worth = 0.0
    for _ in range(TURNS):
        slope = _lowest(_by_slope(held, worth), *SLOPES)
        worth = _lowest(_by_worth(held, slope), *WORTHS) if any(one.points for one in held) else 0.0
    return round(slope, 3), round(worth, 3)


def _by_slope(held: Sequence[Held], worth: float) -> Callable[[float], float]:
    return lambda slope: _surprise(held, slope, worth)


def _by_worth(held: Sequence[Held], slope: float) -> Callable[[float], float]:
    return lambda worth: _surprise(held, slope, worth)


def _surprise(held: Sequence[Held], slope: float, worth: float) -> float:
    """Return the mean negative log-likelihood of the labels."""
    return -fmean(math.log(max(_LEAST, _likelihood(one, slope, worth))) for one in held)


def _likelihood(held: Held, slope: float, worth: float) -> float:
    """Return how likely a text's own label is taken to be."""
    points = held.points
    log_odds = {
        label: slope * score + worth * points.get(label, 0.0)
        for label, score in held.scores.items()
    }
    return likelihoods(log_odds)[held.label]


def _lowest(cost: Callable[[float], float], low: float, high: float) -> float:
    """Return where a cost that has one valley is least, by golden section."""
    left, right = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
    at_left, at_right = cost(left), cost(right)
    while high - low > FINEST:
        if at_left < at_right:
            high, right, at_right = right, left, at_left
            left = high - _GOLDEN * (high - low)
            at_left = cost(left)
        else:
            low, left, at_left = left, right, at_right
            right = low + _GOLDEN * (high - low)
            at_right = cost(right)
    return (low + high) / 2
