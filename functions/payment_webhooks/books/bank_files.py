"""Reads a bank account's statement: the lines by which money came in, columns by their names."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import BinaryIO, Final

from functions.payment_webhooks.books import cells
from functions.payment_webhooks.books.columns import Aliases, Line, lines, refused_cell, says_a_sum
from shared.text import Text

#: Our columns and what banks call them; a jurisdiction may add names of its own.
ALIASES: Final[Mapping[str, Sequence[str]]] = {
    "day": (
        "date", "posting date", "post date", "transaction date", "value date", "entry date",
        "tanggal", "tgl", "tanggal transaksi", "tanggal mutasi", "tanggal buku", "tgl transaksi",
    ),
    "credit": ("kredit", "credit amount", "cr", "amount credit", "mutasi kredit", "masuk"),
    "debit": ("debet", "debit amount", "db", "amount debit", "mutasi debet", "keluar"),
    "amount": ("jumlah", "mutasi", "nominal", "nilai", "transaction amount", "amount idr"),
    "sign": ("type", "tipe", "jenis", "d/k", "db/cr", "cr/db", "dc", "debit/credit"),
    "description": (
        "keterangan", "uraian", "remark", "remarks", "narrative", "details", "berita",
        "transaction description", "deskripsi",
    ),
    "reference": (
        "ref", "reference no", "reference number", "no referensi", "nomor referensi", "no ref",
        "referensi", "bank reference", "journal no",
    ),
}  # fmt: skip

#: Of each group, one column must be there.
REQUIRED: Final = (("day",), ("credit", "amount"), ("description", "reference"))

#: What shows that a line is a provider's payout, where it names no payout that we know.
PROVIDERS_NAMES: Final = (
    "midtrans", "veritrans", "gopay", "gobiz", "goto", "dompet anak bangsa", "qris", "settlement",
)  # fmt: skip

_SIDE: Final = re.compile(r"\s*(CR|DB|K|D|C)\.?\s*$", re.IGNORECASE)
_CREDIT: Final = frozenset({"cr", "c", "k", "kredit", "credit", "+", "masuk"})
_AMOUNT: Final = Text("bukan jumlah rupiah", "is not an amount of rupiah")
_DATE: Final = Text(
    "bukan tanggal (contoh 2026-11-20 atau 20/11/2026)",
    "is not a date (as 2026-11-20 or 20/11/2026)",
)


@dataclass(frozen=True, slots=True)
class BankLine:
    """Money that came in: on which day (WIB), how much in sen, and what the bank says of it."""

    number: int  #: of the file's line
    day: date
    amount_sen: int
    reference: str
    description: str
    kept_as: str = ""  #: its key, where it was kept until something explains it

    @property
    def identity(self) -> str:
        """What the same line of an overlapping statement is known by."""
        return f"{self.day} {self.amount_sen} {self.reference} {self.description}"

    @property
    def text(self) -> str:
        """All that may name a payout."""
        return f"{self.reference} {self.description}"


def bank_lines(file: BinaryIO, aliases: Aliases = ALIASES) -> Iterator[BankLine]:
    """Yield what came in. Lines of money going out, of sums, and without a date, are passed over.

    Raises:
        UnreadableFile: a column is missing, or a cell cannot be read; says which.
    """
    for line in lines(file, aliases, REQUIRED):
        if not line.get("day") or says_a_sum(line.get("day")):
            continue
        if (amount := _credited(line)) <= 0:
            continue
        try:
            day = cells.day_of(cells.moment(line.get("day")))
        except ValueError:
            raise refused_cell(line.number, "day", line.get("day"), _DATE) from None
        yield BankLine(line.number, day, amount, line.get("reference"), line.get("description"))


def with_names(more: Mapping[str, Sequence[str]]) -> Aliases:
    """Return the columns' names with further ones, as a jurisdiction's configuration gives them."""
    return {column: (*names, *more.get(column, ())) for column, names in ALIASES.items()}


def _credited(line: Line) -> int:
    """Return what came in by a line, in sen; nothing or less if it went out."""
    if written := line.get("credit"):
        return _sen(line, "credit", written)
    written = line.get("amount")
    if not written or written == "-":
        return 0
    side = line.get("sign").lower()
    if behind := _SIDE.search(written):
        side, written = side or behind[1].lower(), written[: behind.start()]
    amount = _sen(line, "amount", written)
    return amount if not side or side in _CREDIT else -abs(amount)


def _sen(line: Line, column: str, written: str) -> int:
    try:
        return 0 if written == "-" else cells.sen(written)
    except ValueError:
        raise refused_cell(line.number, column, line.get(column), _AMOUNT) from None
