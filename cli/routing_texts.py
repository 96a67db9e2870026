"""Reads labelled texts: from a CSV file, and those that the project itself ships."""

import csv
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from cli.routing_training import Example
from cli.screen import CannotContinue, one_line
from cli.surroundings import ROOT
from shared.jurisdiction import Jurisdiction

#: Texts that were written to be learned from: text, laporgub_class, service_code, set.
TEXTS: Final = ROOT / "events" / "samples" / "texts.csv"
COMPLAINTS: Final = ROOT / "events" / "samples" / "complaints.jsonl"
#: What a keyword, and a category's name or description, counts for beside a text of people.
KEYWORD, DESCRIPTION = 0.3, 0.6


def labelled(path: Path) -> list[Example]:
    """Return the texts of a CSV file with the columns `text` and `label`.

    Raises:
        CannotContinue: the file is not there, is no such CSV, lacks a column or a value, or is empty.
    """
    found = [Example(row["text"], row["label"]) for row in rows(path, ("text", "label"))]
    if not found:
        raise CannotContinue(
            f"{path} tidak berisi; tulis teks dan labelnya. / It has no rows: add labelled texts."
        )
    return found


def shipped(jurisdictions: Sequence[Jurisdiction]) -> list[Example]:
    """Return what the shipped model learns from: configuration, and the samples' open half.

    The frozen half only measures, so nothing of it is here.
    """
    return [*_configured(jurisdictions), *_samples(), *_texts()]


def _configured(jurisdictions: Sequence[Jurisdiction]) -> list[Example]:
    """Return each category's name, description and keywords, once for all jurisdictions."""
    said: dict[tuple[str, str], float] = {}
    for category in (one for each in jurisdictions for one in each.categories):
        code = category.service_code
        said |= {(text, code): DESCRIPTION for text in (category.name.id, category.description.id)}
        said |= {(keyword.removesuffix("*"), code): KEYWORD for keyword in category.keywords}
    return [
        Example(text, code, weight=weight, written=False) for (text, code), weight in said.items()
    ]


def _samples() -> list[Example]:
    lines = map(json.loads, COMPLAINTS.read_text(encoding="utf-8").splitlines())
    return [
        Example(one["submission"]["description"], one["expected_category"])
        for one in lines
        if one["set"] == "open"
    ]


def _texts() -> list[Example]:
    columns = ("text", "service_code", "set")
    return [
        Example(row["text"], row["service_code"])
        for row in rows(TEXTS, columns)
        if row["set"] == "open"
    ]


def rows(path: Path, columns: Sequence[str]) -> Iterator[Mapping[str, str]]:
    """Yield the rows of a CSV file that has at least these columns, each with a value.

    Comma, semicolon and tab may separate; capitals and spaces in the header do not count.

    Raises:
        CannotContinue: it is not there, is no such CSV, or lacks a column or a value.
    """
    csv.field_size_limit(sys.maxsize)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            head = file.readline()
            delimiter = max(",;\t", key=head.count)
            file.seek(0)
            reader = csv.DictReader(file, delimiter=delimiter, strict=True)
            there = [name.strip().lower() for name in reader.fieldnames or ()]
            _check_columns(path, columns, there)
            reader.fieldnames = there
            yield from _checked(path, columns, reader)
    except OSError as error:
        raise CannotContinue(
            f"{path} tidak dapat dibaca ({error.strerror}). / It cannot be read."
        ) from None
    except UnicodeDecodeError:
        raise CannotContinue(
            f"{path} bukan CSV dalam UTF-8; simpan ulang. / It is no CSV in UTF-8: save it anew."
        ) from None


def _checked(
    path: Path, columns: Sequence[str], reader: "csv.DictReader[str]"
) -> Iterator[Mapping[str, str]]:
    try:
        for row in reader:
            _check_values(path, columns, row, reader.line_num)
            yield row
    except csv.Error as error:
        raise CannotContinue(
            f"{path}, sekitar baris {reader.line_num}: bukan CSV yang sah ({error}); periksa tanda kutipnya. "
            "/ This is not valid CSV: look at its quotes."
        ) from None


def _check_columns(path: Path, columns: Sequence[str], there: Sequence[str]) -> None:
    if missing := [name for name in columns if name not in there]:
        raise CannotContinue(
            f"{path}: kolom `{'`, `'.join(missing)}` tidak ada (yang ada: {', '.join(there)}); "
            "perbaiki baris judulnya. / A column is missing: mend the header."
        )


def _check_values(
    path: Path, columns: Sequence[str], row: Mapping[str | None, Any], line: int
) -> None:
    if beyond := row.get(None):
        raise CannotContinue(
            f"{path}, baris {line}: ada isi di luar kolom (`{one_line(' '.join(beyond).strip())}`); "
            "beri tanda kutip bila isinya memuat pemisah. / Quote what holds a separator."
        )
    for name in columns:
        if not (row[name] or "").strip():
            raise CannotContinue(
                f"{path}, baris {line}: kolom `{name}` kosong; isi, atau hapus barisnya. "
                "/ The column is empty: fill it in, or remove the line."
            )
