"""MDS's bulk replies: what became of each item of an array, and the status of the whole."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from http import HTTPStatus
from typing import Any, Final

from shared.text import Text

#: Items that one request may carry.
MOST_ITEMS: Final = 200


class Error(StrEnum):
    """MDS's words for what is wrong with an item."""

    BAD_PARAM = "bad_param"
    MISSING_PARAM = "missing_param"
    UNREGISTERED = "unregistered"
    ALREADY_REGISTERED = "already_registered"


_SAID: Final[Mapping[Error, Text]] = {
    Error.BAD_PARAM: Text("nilai tidak dapat diterima", "a value cannot be accepted"),
    Error.MISSING_PARAM: Text("ada isian wajib yang kurang", "a required parameter is missing"),
    Error.UNREGISTERED: Text("belum terdaftar", "not registered"),
    Error.ALREADY_REGISTERED: Text("sudah terdaftar", "already registered"),
}
#: What an item may be known by, the best first.
_NAMES: Final = ("device_id", "data_source_device_id", "stop_id")


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an item is not taken: MDS's error, and the names of the fields at fault."""

    error: Error
    fields: tuple[str, ...] = ()
    because: Text | None = None


@dataclass(slots=True)
class Bulk:
    """What became of the items of one request."""

    total: int
    failures: list[tuple[Any, Refusal]] = field(default_factory=list)

    def refuse(self, item: Any, refusal: Refusal) -> None:
        """Note that an item is not taken."""
        self.failures.append((item, refusal))

    @property
    def success(self) -> int:
        """How many were taken."""
        return self.total - len(self.failures)

    def status(self, taken: HTTPStatus, *, unknown: HTTPStatus) -> HTTPStatus:
        """Return the status: `taken` if any was; `unknown` if all are not registered."""
        if self.success:
            return taken
        errors = {refusal.error for _, refusal in self.failures}
        if errors == {Error.ALREADY_REGISTERED}:
            return HTTPStatus.CONFLICT
        return unknown if errors == {Error.UNREGISTERED} else HTTPStatus.BAD_REQUEST

    def body(self, language: str) -> dict[str, Any]:
        """Return the reply's object."""
        return {
            "success": self.success,
            "total": self.total,
            "failures": [_failure(item, refusal, language) for item, refusal in self.failures],
        }


def missing(item: Mapping[str, Any], names: Sequence[str]) -> Refusal:
    """Return the refusal of an item that lacks some of these fields."""
    return Refusal(Error.MISSING_PARAM, tuple(name for name in names if name not in item))


def bad(*names: str, because: Text | None = None) -> Refusal:
    """Return the refusal of an item with values that cannot be accepted."""
    return Refusal(Error.BAD_PARAM, names, because)


def _failure(item: Any, refusal: Refusal, language: str) -> dict[str, Any]:
    said = (refusal.because or _SAID[refusal.error]).in_language(language)
    return {
        "item": item,
        "error": str(refusal.error),
        "error_description": f"{_name(item)}: {said}",
        "error_details": list(refusal.fields),
    }


def _name(item: Any) -> str:
    if isinstance(item, dict):
        for name in _NAMES:
            if isinstance(found := item.get(name), str):
                return f"{name} {found[:64]}"
    return "item"
