"""Reads the CSV file in which a partner lists its vehicles, and says what to mend in it."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from cli.screen import CannotContinue, one_line
from shared import vehicles

CODE, PLATE, LABEL = "vehicle_code", "plate", "label"
COLUMNS = (CODE, PLATE, LABEL)
#: Enough to mend a file by; a wrong column spoils every row.
_MOST_FAULTS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A vehicle as the file has it: its line (from 1, the head included), code and label."""

    line: int
    code: str | None
    label: str | None


def read(path: Path, *, coded: bool = False) -> Sequence[Row]:
    """Return the vehicles of a file; with `coded`, each must have its code.

    Raises:
        CannotContinue: the file or something in it is wrong: row, column and remedy of each.
    """
    rows: list[Row] = []
    faults: list[str] = []
    first: dict[str, int] = {}
    for line, values, beyond in _lines(path):
        code = vehicles.canonical(values.get(CODE, "")) or None
        label = one_line(values.get(PLATE) or values.get(LABEL) or "") or None
        row = Row(line=line, code=code, label=label)
        name = code or (label and labelled(label)) or ""
        faults.extend(_faults(row, coded=coded, before=first.get(name)))
        if beyond:
            faults.append(
                f"baris {line}: ada isi di luar kolom (`{one_line(beyond)}`); beri tanda kutip bila "
                "isinya memuat pemisah. / Quote what holds a separator."
            )
        first.setdefault(name, line)
        rows.append(row)
    if not rows and not faults:
        raise CannotContinue(f"{path} tidak berisi kendaraan. / There is no vehicle in it.")
    if faults:
        shown = faults[:_MOST_FAULTS]
        rest = f"\n… dan {len(faults) - len(shown)} lagi / more" if len(faults) > len(shown) else ""
        raise CannotContinue(
            f"{path}: tidak ada yang didaftarkan / nothing was taken:\n" + ("\n".join(shown) + rest)
        )
    return rows


def labelled(label: str) -> str:
    """Return a label as it is compared: `H 1234 AB` and `h1234ab` are one plate."""
    return " " + "".join(label.upper().split())  # no code begins with a space


def _lines(path: Path) -> Iterator[tuple[int, Mapping[str, str], str]]:
    """Yield each row that is not blank: its line, the columns by their names, what is beyond them."""
    text = _text(path)
    head = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        names = [name.strip().lower() for name in next(reader, [])]
        _check_head(path, names)
        for cells in reader:
            if any(cell.strip() for cell in cells):
                named = dict(zip(names, map(str.strip, cells), strict=False))
                yield reader.line_num, named, " ".join(cells[len(names) :]).strip()
    except csv.Error as error:
        raise CannotContinue(
            f"{path}, baris {reader.line_num}: bukan CSV yang sah ({error}); simpan ulang sebagai "
            "CSV. / This is not valid CSV: save it as CSV again."
        ) from None


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise CannotContinue(
            f"{path} tidak terbaca: {error.strerror}. / The file cannot be read."
        ) from None
    except UnicodeDecodeError:
        raise CannotContinue(
            f"{path} bukan UTF-8; simpan ulang sebagai “CSV UTF-8”. / Save it as “CSV UTF-8”."
        ) from None


def _check_head(path: Path, names: Sequence[str]) -> None:
    twice = next((name for name in COLUMNS if names.count(name) > 1), None)
    if twice:
        raise CannotContinue(
            f"{path}: kolom `{twice}` ada dua; sisakan satu. / This column is there twice: keep one."
        )
    for name in names:
        near = get_close_matches(name, COLUMNS, n=1, cutoff=0.75)
        if name not in COLUMNS and near and near[0] not in names:
            raise CannotContinue(
                f"{path}: kolom `{one_line(name)}` tidak dikenal; maksudnya `{near[0]}`? "
                "/ Unknown column: is it misspelt?"
            )
    if not set(COLUMNS) & set(names):
        raise CannotContinue(
            f"{path}: baris pertama harus menamai kolom {', '.join(COLUMNS)} (salah satu cukup). "
            "/ The first row must name one of these columns."
        )


def _faults(row: Row, *, coded: bool, before: int | None) -> Iterator[str]:
    where = f"baris {row.line}, kolom {CODE if row.code or coded else f'{PLATE}/{LABEL}'}"
    if row.code and not vehicles.CODE.fullmatch(row.code):
        yield (
            f"{where}: `{one_line(row.code)}` hanya boleh huruf, angka, dan tanda hubung, paling "
            "banyak 32. / Letters, digits and dashes only, at most 32."
        )
    elif coded and not row.code:
        yield (
            f"{where}: kode kosong; daftarkan dulu dengan `simpul fleet register`. "
            "/ No code: register the file first."
        )
    elif before:
        yield (
            f"{where}: sama dengan baris {before}; sisakan satu. / The same as in that row: keep one."
        )
    elif not row.code and not row.label:
        yield (
            f"{where}: isi kode, atau nomor polisi atau label agar kodenya tetap sama bila diulang. "
            "/ Give a code, or a plate or label by which its made-up code is found again."
        )
    if row.label and len(row.label) > vehicles.LONGEST_LABEL:
        yield (
            f"baris {row.line}, kolom {PLATE}/{LABEL}: paling banyak {vehicles.LONGEST_LABEL} "
            "huruf; ringkaslah. / Too long: shorten it."
        )
