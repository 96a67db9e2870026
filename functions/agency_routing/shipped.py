"""The text classifier that ships with routing, read from its file when a text first needs it."""

from functools import cache
from pathlib import Path

from functions.agency_routing.classifier import Classifier, from_bytes

FILE = Path(__file__).with_name("text.model")


@cache
def classifier() -> Classifier:
    """Return the shipped model. `simpul routing train` without a CSV makes its file."""
    return from_bytes(FILE.read_bytes())
