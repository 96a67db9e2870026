"""Reads where a GeoReport request goes: its format from the suffix, its tenant from an alias."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final, Literal

Format = Literal["xml", "json"]

BASE: Final = "/open311/v2"
#: A domain of the city's own has the stage's name in the path; API Gateway's own has not.
_STAGE: Final = "/v1"
_FORMATS: Final[dict[str, Format]] = {"xml": "xml", "json": "json"}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a request goes: `path` without alias and suffix, as the router knows it."""

    path: str
    format: Format
    jurisdiction_id: str | None = None  #: which the alias names, if it is one's own address


def read(path: str, jurisdiction_ids: Collection[str]) -> Place:
    """Return where a path leads; one without a format is nowhere, and answered in XML."""
    steps = path.removeprefix(_STAGE).removeprefix(BASE).strip("/").split("/")
    jurisdiction_id = None
    if len(steps) > 1 and steps[0] in jurisdiction_ids:
        jurisdiction_id, *steps = steps
    resource, _, suffix = steps[-1].rpartition(".")
    written = _FORMATS.get(suffix)
    if written is None or not resource:
        return Place(BASE, "xml", jurisdiction_id)
    return Place("/".join([BASE, *steps[:-1], resource]), written, jurisdiction_id)
