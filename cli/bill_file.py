"""Reads a CSV file of tax bills row by row, however long it is, and says what to mend in it."""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import Final

from functions.payment_webhooks import pbb
from functions.payment_webhooks.pbb import FIRST_YEAR, TaxBill
from shared.errors import InvalidInput

#: Columns by what they hold, with the names they go by; the last may be left out.
COLUMNS: Final[Mapping[str, Sequence[str]]] = {
    "nop": ("nop",),
    "year": ("year", "tahun", "tahun_pajak", "tax_year"),
    "principal": ("principal", "pokok", "pbb_terhutang", "tagihan"),
    "due_on": ("due_on", "jatuh_tempo", "tgl_jatuh_tempo", "due_date"),
    "taxpayer": ("taxpayer", "nama", "nama_wp", "name"),
}
_OPTIONAL: Final = ("taxpayer",)
_LAST_YEAR: Final = 2100
_MOST_RUPIAH: Final = 10**12
#: As spreadsheets of here write a date: 30/09/2024.
_DAY_FIRST: Final = ("/", "-", ".")
_NEARLY: Final = 0.75


@dataclass(frozen=True, slots=True)
class BillFault:
    """Something wrong in a file: in which line (from 1, the head included) and column, and what."""

    line: int
    column: str
    message: str


@dataclass(frozen=True, slots=True)
class BillRow:
    """A bill, and the line that it comes from."""

    line: int
    bill: TaxBill


def bills_in(
    lines: Iterable[str], jurisdiction_id: str, prefixes: Sequence[str] = ()
) -> Iterator[BillRow | BillFault]:
    """Yield each bill of a file, or what is wrong with it; nothing of the file is kept.

    The first line names the columns, in any order and case; the separator is a comma, a semicolon
    or a tab. Columns that are not known are passed over. A bill that stands there again alike is
    yielded once; one that stands there otherwise is a fault.
    """
    rows = iter(lines)
    head = next(rows, "").removeprefix("\ufeff")
    if not head.strip():
        yield BillFault(1, "", "berkas kosong / the file is empty")
        return
    delimiter = max(",;\t", key=head.count)
    names = [name.strip().lower().replace(" ", "_") for name in _cells(head, delimiter)]
    places, faults = _places(names)
    if faults:
        yield from faults
        return
    reader = csv.reader(rows, delimiter=delimiter, strict=True)
    seen: dict[int, tuple[int, int]] = {}
    try:
        for cells in reader:
            line = reader.line_num + 1
            if not any(cell.strip() for cell in cells):
                continue
            read = _row(cells, len(names), places, line, jurisdiction_id, prefixes)
            found = _once(read, seen) if isinstance(read, BillRow) else read
            if found is not None:
                yield found
    except csv.Error as error:
        line = reader.line_num + 1
        yield BillFault(line, "", f"bukan CSV yang sah / not valid CSV ({error})")


def _once(row: BillRow, seen: dict[int, tuple[int, int]]) -> BillRow | BillFault | None:
    """Return a bill that was not there before; None if it is the same again."""
    bill = row.bill
    key = int(bill.nop) * 10_000 + bill.year
    content = hash((bill.principal, bill.due_on))
    before = seen.setdefault(key, (row.line, content))
    if before[0] == row.line:
        return row
    if before[1] == content:
        return None
    return BillFault(
        row.line,
        "nop",
        f"tagihan ini sudah ada di baris {before[0]} dengan isi lain; sisakan satu "
        "/ this bill stands in that line too, otherwise: keep one",
    )


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter, strict=True), [])
    except csv.Error:
        return line.split(delimiter)


def _places(names: Sequence[str]) -> tuple[dict[str, int], list[BillFault]]:
    """Return where each column is, and what is wrong with the names."""
    places: dict[str, int] = {}
    faults = []
    for column, known in COLUMNS.items():
        found = [place for place, name in enumerate(names) if name in known]
        if len(found) > 1:
            faults.append(BillFault(1, column, "kolom ini ada dua / this column is there twice"))
        elif found:
            places[column] = found[0]
        elif column not in _OPTIONAL:
            near = get_close_matches(column, names, n=1, cutoff=_NEARLY)
            hint = f"; maksudnya `{near[0]}`? / is it that one?" if near else ""
            said = " / ".join(known)
            faults.append(
                BillFault(1, column, f"kolom tidak ada ({said}){hint} / this column is missing")
            )
    return places, faults


def _row(
    cells: Sequence[str],
    width: int,
    places: Mapping[str, int],
    line: int,
    jurisdiction_id: str,
    prefixes: Sequence[str],
) -> BillRow | BillFault:
    if len(cells) > width and any(cell.strip() for cell in cells[width:]):
        return BillFault(
            line,
            f"{width + 1}",
            "ada isi di luar kolom; beri tanda kutip bila isinya memuat pemisah "
            "/ there is more than the columns: quote what holds a separator",
        )
    values = {
        column: cells[place].strip() if place < len(cells) else ""
        for column, place in places.items()
    }
    try:
        bill = TaxBill(
            jurisdiction_id=jurisdiction_id,
            nop=_nop(values["nop"], prefixes),
            year=_year(values["year"]),
            principal=_principal(values["principal"]),
            due_on=_due_on(values["due_on"]),
            taxpayer=pbb.masked(values.get("taxpayer", ""))[:100],
        )
    except _Wrong as wrong:
        return BillFault(line, wrong.column, wrong.message)
    return BillRow(line, bill)


class _Wrong(Exception):
    def __init__(self, column: str, message: str) -> None:
        super().__init__(message)
        self.column = column
        self.message = message


def _nop(text: str, prefixes: Sequence[str]) -> str:
    try:
        return pbb.nop_of(text, prefixes).digits
    except InvalidInput as wrong:
        said = wrong.faults[0].message
        hint = " Simpan kolom ini sebagai teks. / Keep this column as text." if "E" in text else ""
        raise _Wrong("nop", f"`{text}`: {said.id} / {said.en}{hint}") from None


def _year(text: str) -> int:
    if text.isascii() and text.isdigit() and FIRST_YEAR <= int(text) <= _LAST_YEAR:
        return int(text)
    raise _Wrong("year", f"`{text}`: tahun pajak tidak sah / not a tax year")


def _principal(text: str) -> int:
    """Return an amount: 100000, 100.000, 100,000 or 100000.00; spaces and Rp do not matter."""
    bare = text.upper().removeprefix("RP").replace(" ", "").strip(".")
    for mark in ",.":
        whole, _, cents = bare.rpartition(mark)
        if whole and cents == "00":
            bare = whole
    groups = bare.replace(",", ".").split(".")
    # Thousands are told from cents by their three digits.
    grouped = len(groups) == 1 or (
        0 < len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:])  # noqa: PLR2004
    )
    digits = "".join(groups)
    fits = (
        grouped and digits.isascii() and digits.isdigit() and len(digits) <= len(str(_MOST_RUPIAH))
    )
    if not fits or not 0 < int(digits) <= _MOST_RUPIAH:
        raise _Wrong("principal", f"`{text}`: jumlah rupiah tidak sah / not an amount of rupiah")
    return int(digits)


def _due_on(text: str) -> date:
    """Return a date: 2024-09-30, or as it is written here, 30/09/2024."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        pass
    for mark in _DAY_FIRST:
        parts = text.split(mark)
        if len(parts) == 3 and all(part.isascii() and part.isdigit() for part in parts):  # noqa: PLR2004
            day, month, year = map(int, parts)
            try:
                return date(year, month, day)
            except ValueError:
                break
    raise _Wrong("due_on", f"`{text}`: bukan tanggal (2024-09-30) / not a date")
