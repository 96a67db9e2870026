"""Tells how likely each label is for a text, by a linear model that was trained elsewhere.

A model is a file of bytes, little-endian: a line of JSON (`Header`), then of each feature, sorted
by key, the key (4 bytes), then of each its rarity (1 byte), then of each the weights of all labels
(1 signed byte each). It takes the standard library, and well under a millisecond, to read it.
"""

import json
import math
import sys
from array import array
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Final

from functions.agency_routing.features import Feature

#: The form of the file. A reader refuses any other.
FORM: Final = "simpul-text-1"
#: Into how many parts one of a feature's rarity (its inverse document frequency) is divided.
RARITY_PARTS: Final = 16


class UnreadableModel(ValueError):
    """The bytes are no model, or one of another release."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What a model's file begins with; `scales` and `biases` are in the order of the labels."""

    labels: tuple[str, ...]
    scales: tuple[float, ...]  #: what one step of a label's weights is worth
    biases: tuple[float, ...]  #: what a label scores before any word is read
    pieces: bool  #: whether pieces of words are features too
    texts: int  #: on how many it was trained
    slope: float = 1.0  #: turns scores into log-odds, fitted on texts that were held out …
    keywords: float = 0.0  #: … and one point of a configured keyword
    form: str = FORM


@dataclass(frozen=True, slots=True)
class Weighed:
    """A feature that a model knows: its row there, and its share of the text."""

    feature: Feature
    row: int
    share: float


@dataclass(frozen=True, slots=True)
class Classifier:
    """A trained model. `keys` are sorted; `weights` has a row of all labels for each key."""

    header: Header
    keys: Sequence[int]
    rarities: Sequence[int]
    weights: Sequence[int]

    def weighed(self, found: Sequence[Feature]) -> list[Weighed]:
        """Return those features of a text that the model knows, with their shares of it.

        The shares are tf-idf: rare words count more, and again less than the first time. Their
        squares sum to one, so that long texts and short ones are alike.
        """
        known: list[tuple[Feature, int, float]] = []
        for one in found:
            row = bisect_left(self.keys, one.key)
            if row < len(self.keys) and self.keys[row] == one.key:
                known.append((one, row, share_of(one, self.rarities[row])))
        length = math.hypot(*(share for _, _, share in known))
        return [Weighed(feature, row, share / length) for feature, row, share in known]

    def scores(self, weighed: Sequence[Weighed]) -> dict[str, float]:
        """Return each label's score: above zero where the model believes in it."""
        head, count = self.header, len(self.header.labels)
        sums = [0.0] * count
        for one in weighed:
            row = self.weights[one.row * count : (one.row + 1) * count]
            sums = [total + one.share * weight for total, weight in zip(sums, row, strict=True)]
        rows = zip(head.labels, sums, head.scales, head.biases, strict=True)
        return {label: total * scale + bias for label, total, scale, bias in rows}

    def decisive(self, weighed: Sequence[Weighed], label: str) -> list[tuple[str, float]]:
        """Return the words that speak for a label, strongest first, and what each adds to its score.

        What the pieces of a word add is the word's.
        """
        column, count = self.header.labels.index(label), len(self.header.labels)
        added: dict[str, float] = {}
        for one in weighed:
            weight = self.weights[one.row * count + column] * self.header.scales[column]
            added[one.feature.said] = added.get(one.feature.said, 0.0) + one.share * weight
        found = [(said, value) for said, value in added.items() if value > 0]
        return sorted(found, key=lambda one: (-one[1], one[0]))


def share_of(feature: Feature, rarity: int) -> float:
    """Return the tf-idf of a feature: a second time counts less than the first."""
    return (1 + math.log(feature.count)) * rarity / RARITY_PARTS


def likelihoods(log_odds: Mapping[str, float]) -> dict[str, float]:
    """Return how likely each label is, exactly one being right: they sum to one."""
    highest = max(log_odds.values(), default=0.0)
    raised = {label: math.exp(value - highest) for label, value in log_odds.items()}
    total = sum(raised.values())
    return {label: value / total for label, value in raised.items()}


def from_bytes(model: bytes) -> Classifier:
    """Read a model.

    Raises:
        UnreadableModel: the bytes are none, or one of another release, or cut short.
    """
    line, _, body = model.partition(b"\n")
    try:
        header = _header(json.loads(line))
    except (ValueError, KeyError, TypeError):
        raise UnreadableModel("not a model of this release") from None
    keys = array("I")
    count, rest = divmod(len(body), keys.itemsize + 1 + len(header.labels))
    if rest:
        raise UnreadableModel("the model is cut short")
    at = count * keys.itemsize
    keys.frombytes(body[:at])
    _turned(keys)
    return Classifier(header, keys, body[at : at + count], memoryview(body)[at + count :].cast("b"))


def to_bytes(model: Classifier) -> bytes:
    """Write a model: the same bytes on every machine."""
    line = json.dumps(asdict(model.header), ensure_ascii=False, sort_keys=True)
    keys = array("I", model.keys)
    _turned(keys)
    weights = array("b", model.weights)
    return b"".join([line.encode(), b"\n", keys, bytes(model.rarities), weights])


def _header(values: Mapping[str, object]) -> Header:
    if values["form"] != FORM:
        raise ValueError(values["form"])
    tuples = {
        name: tuple(value) if isinstance(value, list) else value for name, value in values.items()
    }
    return Header(**tuples)  # type: ignore[arg-type]


def _turned(keys: "array[int]") -> None:
    """Turn keys from little-endian to this machine's order, or back."""
    if sys.byteorder == "big":
        keys.byteswap()
