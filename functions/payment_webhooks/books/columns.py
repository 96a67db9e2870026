"""Finds columns of a CSV file by their names, whatever their order, and says which one is missing.

Exports differ: a BOM, semicolons, lines of titles before the header, a total at the end, columns
that were added since. What counts is that the columns asked for are there under a known name.
"""

import codecs
import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import BinaryIO, Final

from shared.text import Text

#: A column's name → the names by which files call it.
Aliases = Mapping[str, Sequence[str]]
#: How far down a header may stand.
_LINES_BEFORE_HEADER: Final = 30
_DELIMITERS: Final = ",;\t|"
_NOT_OF_A_NAME: Final = re.compile(r"[^a-z0-9]+")
_MOST_SHOWN: Final = 40
#: How a line of sums begins, in whichever column that is.
_SUM: Final = re.compile(r"(grand|sub)?[ -]?total\b|jumlah\b|rekap|saldo\b", re.IGNORECASE)


class UnreadableFile(Exception):
    """A file that cannot be used; `told` says what is missing or wrong, and where."""

    def __init__(self, told: Text) -> None:
        super().__init__(told.en)
        self.told = told


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a file: its number as an editor counts, and its cells by our columns' names."""

    number: int
    cells: Mapping[str, str]

    def get(self, column: str) -> str:
        """Return a cell without the spaces around it; empty if there is none."""
        return self.cells.get(column, "")


def lines(file: BinaryIO, aliases: Aliases, required: Sequence[Sequence[str]]) -> Iterator[Line]:
    """Yield the lines below the header. Of each group in `required`, one column must be there.

    Raises:
        UnreadableFile: a column is missing, or the file is empty or no text.
    """
    rows = _rows(file)
    known = {
        _plain(name): (column, rank)
        for column, names in aliases.items()
        for rank, name in enumerate((column, *names))
    }
    places = _header(rows, known, required)
    for number, row in rows:
        cells = {column: row[place].strip() for column, place in places.items() if place < len(row)}
        if any(cells.values()):
            yield Line(number, cells)


def _header(
    rows: Iterator[tuple[int, list[str]]],
    known: Mapping[str, tuple[str, int]],
    required: Sequence[Sequence[str]],
) -> Mapping[str, int]:
    """Return where each known column stands, by the first row that has all that is required."""
    best: Mapping[str, int] = {}
    named: Sequence[str] = ()
    for _, (_, row) in zip(range(_LINES_BEFORE_HEADER), rows, strict=False):
        places = _places(row, known)
        if all(any(column in places for column in group) for group in required):
            return places
        if len(places) > len(best) or not named:
            best, named = places, row
    if not named:
        raise UnreadableFile(Text("Berkas ini kosong.", "The file is empty."))
    missing = [group for group in required if not any(column in best for column in group)]
    raise _lacking(missing, [cell.strip() for cell in named if cell.strip()])


def _places(row: Sequence[str], known: Mapping[str, tuple[str, int]]) -> Mapping[str, int]:
    """Return where each known column stands; of two of its names, the one that is listed first."""
    found: dict[str, tuple[int, int]] = {}
    for place, cell in enumerate(row):
        if named := known.get(_plain(cell)):
            column, rank = named
            found[column] = min(found.get(column, (rank, place)), (rank, place))
    return {column: place for column, (_, place) in found.items()}


def _lacking(missing: Sequence[Sequence[str]], found: Sequence[str]) -> UnreadableFile:
    shown = ", ".join(f"`{name[:_MOST_SHOWN]}`" for name in found[:_MOST_SHOWN]) or "–"
    id_ = ", ".join(" atau ".join(f"`{name}`" for name in group) for group in missing)
    en = ", ".join(" or ".join(f"`{name}`" for name in group) for group in missing)
    return UnreadableFile(
        Text(
            f"Kolom {id_} tidak ada; yang ditemukan: {shown}.",
            f"Column {en} is missing; found: {shown}.",
        )
    )


def refused_cell(number: int, column: str, cell: str, remedy: Text) -> UnreadableFile:
    """Return the refusal of a file for one cell that cannot be read."""
    shown = cell[:_MOST_SHOWN]
    return UnreadableFile(
        Text(
            f"Baris {number}, kolom `{column}`: `{shown}` {remedy.id}.",
            f"Line {number}, column `{column}`: `{shown}` {remedy.en}.",
        )
    )


def says_a_sum(cell: str) -> bool:
    """Tell whether a cell that should name something begins a line of sums instead."""
    return _SUM.match(cell) is not None


def _rows(file: BinaryIO) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows with the number of the line at which each ends; empty ones left out."""
    start = file.read(4)
    file.seek(0)
    wide = start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    text = io.TextIOWrapper(
        file, encoding="utf-16" if wide else "utf-8-sig", errors="replace", newline=""
    )
    number = 0
    try:
        sample = text.read(16 * 1024)
        if "\0" in sample:
            raise UnreadableFile(Text("Berkas ini bukan CSV.", "The file is no CSV."))
        text.seek(0)
        # Strict: else a quote that is never closed makes one cell of all the lines below it.
        reader = csv.reader(text, delimiter=_delimiter(sample), strict=True)
        for row in reader:
            number = reader.line_num
            if row:
                yield number, row
    except csv.Error as error:
        raise UnreadableFile(
            Text(
                f"Berkas ini bukan CSV, sesudah baris {number} ({error}).",
                f"The file is no CSV, after line {number} ({error}).",
            )
        ) from None
    finally:
        text.detach()


def _delimiter(sample: str) -> str:
    """Return what parts the cells: the mark that a line of names alone has most of.

    In lines of amounts a comma may be a decimal's; a header has no digits, or few.
    """
    parted = [re.sub(r'"[^"]*"', "", line) for line in sample.splitlines()[:_LINES_BEFORE_HEADER]]
    names = [line for line in parted if not re.search(r"\d{3}", line)] or parted[:1]
    return max(_DELIMITERS, key=lambda mark: max((line.count(mark) for line in names), default=0))


def _plain(name: str) -> str:
    return _NOT_OF_A_NAME.sub("", name.lower())
