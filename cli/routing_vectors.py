"""Trains linear separators: support vector machines by dual coordinate descent, without a library.

The solver is that of LIBLINEAR (Hsieh et al., "A dual coordinate descent method for large-scale
linear SVM", ICML 2008) for the squared hinge loss, one label against the rest, each text
weighted. The same texts give the same weights: sums are taken one by one, in order, and not by
`sum`, whose rounding differs between releases of Python.
"""

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add, itemgetter, mul

#: When no text's gradient is further from zero than this, or after so many rounds, it is enough.
TOLERANCE = 0.05
MOST_ROUNDS = 200


@dataclass(frozen=True, slots=True)
class Vector:
    """A text as numbers: columns that are not zero and their values; at least two columns."""

    columns: tuple[int, ...]
    values: tuple[float, ...]
    pick: Callable[[Sequence[float]], Sequence[float]]  #: takes these columns out of the weights
    square: float

    @classmethod
    def of(cls, columns: Sequence[int], values: Sequence[float]) -> "Vector":
        """Return a text as a vector."""
        square = sum(map(mul, values, values))
        return cls(tuple(columns), tuple(values), itemgetter(*columns), square)


def separator(
    vectors: Sequence[Vector], signs: Sequence[int], costs: Sequence[float], columns: int
) -> list[float]:
    """Return the weights of the columns that tell texts of sign 1 from those of sign -1.

    They make the least of half their own square and `costs` × the squared hinge loss of each.
    """
    weights = [0.0] * columns
    duals = [0.0] * len(vectors)
    slack = [0.5 / cost for cost in costs]
    chance = random.Random(0)  # noqa: S311 (the order in which texts are looked at)
    active, bound = list(range(len(vectors))), math.inf
    for _ in range(MOST_ROUNDS):
        chance.shuffle(active)
        kept, widest, highest = [], 0.0, 0.0
        for one in active:
            vector, dual, sign = vectors[one], duals[one], signs[one]
            told = reduce(add, map(mul, vector.pick(weights), vector.values))
            gradient = sign * told - 1 + dual * slack[one]
            if dual == 0 and gradient >= 0:
                if gradient <= bound:  # beyond it, a text is rarely worth another look
                    kept.append(one)
                continue
            kept.append(one)
            widest = max(widest, abs(gradient))
            highest = max(highest, gradient)
            duals[one] = max(dual - gradient / (vector.square + slack[one]), 0.0)
            step = (duals[one] - dual) * sign
            for column, value in zip(vector.columns, vector.values, strict=True):
                weights[column] += step * value
        if widest > TOLERANCE:
            active, bound = kept, highest or math.inf
        elif len(active) == len(vectors):
            break
        else:
            active, bound = list(range(len(vectors))), math.inf  # look at them all once more
    return weights
