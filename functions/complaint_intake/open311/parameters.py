"""Reads the parameters of a request: each is a text, and an empty one is an absent one."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from shared.errors import InvalidInput, NotFound
from shared.text import Text
from shared.validation import near

#: The W3C's profile of ISO 8601 from the minute on. A space stands for a + that was not escaped.
_INSTANT: Final = re.compile(
    r"(\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)(Z|[+ -]\d\d:?\d\d)"
)
#: Instants beyond these cannot be counted with, and are nobody's.
_YEARS: Final = range(1971, 9999)
#: Longer than any name that could have been meant.
_LONGEST_NAME: Final = 100
_WHOLE: Final = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class Parameters:
    """The parameters of a request by name, each with what was given, in order."""

    given: Mapping[str, Sequence[str]]

    @classmethod
    def of(cls, pairs: Iterable[tuple[str, str]]) -> "Parameters":
        """Return the parameters that pairs of names and values make."""
        given: dict[str, list[str]] = {}
        for name, value in pairs:
            if value.strip():
                given.setdefault(name, []).append(value.strip())
        return cls(given)

    def text(self, name: str) -> str | None:
        """Return a parameter; the last one where it is repeated."""
        return self.given[name][-1] if name in self.given else None

    def required(self, name: str) -> str:
        """Return a parameter.

        Raises:
            InvalidInput: it is missing.
        """
        found = self.text(name)
        if found is None:
            raise InvalidInput.at(name, "missing", Text("Wajib diisi.", "This was not provided."))
        return found

    def listed(self, name: str) -> tuple[str, ...]:
        """Return the values of a parameter that lists them, by commas or by being repeated."""
        values = ",".join(self.given.get(name, ())).split(",")
        return tuple(dict.fromkeys(value.strip() for value in values if value.strip()))

    def chosen(self, name: str, choices: Sequence[str]) -> tuple[str, ...]:
        """Return the values of a parameter that lists some of `choices`.

        Raises:
            InvalidInput: one is none of them.
        """
        values = self.listed(name)
        for value in values:
            if value not in choices:
                listed = ", ".join(choices)
                raise InvalidInput.at(
                    name,
                    "not_a_choice",
                    Text(f"Pilih dari: {listed}.", f"Choose from: {listed}."),
                )
        return values

    def instant(self, name: str) -> datetime | None:
        """Return a parameter that is an instant, in UTC.

        Raises:
            InvalidInput: it is none, or does not say its offset from UTC.
        """
        found = self.text(name)
        return None if found is None else instant(found, name)

    def whole_number(self, name: str, *, most: int) -> int | None:
        """Return a parameter that is a number from 1 to `most`.

        Raises:
            InvalidInput: it is not.
        """
        found = self.text(name)
        if found is None:
            return None
        if not _WHOLE.fullmatch(found) or not 1 <= int(found) <= most:
            raise InvalidInput.at(
                name,
                "out_of_range",
                Text(
                    f"Isilah dengan bilangan 1 sampai {most}.", f"Give a number from 1 to {most}."
                ),
            )
        return int(found)

    def is_true(self, name: str) -> bool:
        """Tell whether a switch is on."""
        return (self.text(name) or "").lower() in {"true", "1"}


def instant(text: str, field: str) -> datetime:
    """Return the instant that a text is, in UTC.

    Raises:
        InvalidInput: it is none, or does not say its offset from UTC; names `field`.
    """
    if found := _INSTANT.fullmatch(text):
        try:
            at = datetime.fromisoformat(found[1] + found[2].replace(" ", "+")).astimezone(UTC)
        except (ValueError, OverflowError):
            pass
        else:
            if at.year in _YEARS:
                return at
    raise InvalidInput.at(
        field,
        "invalid_datetime",
        Text(
            "Tulis waktu beserta zonanya, misalnya 2026-11-22T08:00:00+07:00.",
            "Write the time with its zone, as in 2026-11-22T08:00:00+07:00.",
        ),
    )


def unknown(given: str, known: Sequence[str]) -> Text:
    """Return what to say of a name that is none of `known`."""
    if meant := near(given[:_LONGEST_NAME], known):
        return Text(f"Tidak dikenal; maksudnya “{meant}”?", f"Not found; did you mean “{meant}”?")
    return Text("Tidak dikenal.", "Not found.")


def not_found(field: str, given: str, known: Sequence[str]) -> NotFound:
    """Return the problem of a name that is none of `known`; it says which field had it."""
    said = unknown(given, known)
    return NotFound(Text(f"{field}: {said.id}", f"{field}: {said.en}"))
