"""Reads providers' settlement files: one line a transaction, columns by their names."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import BinaryIO, Final

from functions.payment_webhooks.books import cells
from functions.payment_webhooks.books.columns import Aliases, Line, lines, refused_cell, says_a_sum
from shared.text import Text

PAYMENT, REFUND, CHARGEBACK = "payment", "refund", "chargeback"
PAID, PENDING, FAILED = "paid", "pending", "failed"

#: Our columns and what files call them; a jurisdiction may add names of its own.
ALIASES: Final[Mapping[str, Sequence[str]]] = {
    "order_id": (
        "order no", "order number", "merchant order id", "merchant ref no", "merchant reference",
        "partner reference no", "original partner reference no", "invoice", "invoice number",
        "no order", "nomor order", "nomor pesanan", "id order", "id pesanan",
    ),
    "transaction_id": (
        "trx id", "transaction no", "transaction reference", "reference no", "reference number",
        "original reference no", "payment id", "provider transaction id", "id transaksi",
        "no transaksi", "nomor transaksi", "nomor referensi", "no referensi",
    ),
    "paid_at": (
        "transaction time", "transaction date", "transaction datetime", "payment time",
        "payment date", "paid time", "date", "time", "date time", "created at", "waktu",
        "tanggal", "waktu transaksi", "tanggal transaksi", "waktu pembayaran", "tanggal bayar",
    ),
    "amount": (
        "gross amount", "gross", "transaction amount", "payment amount", "amount idr", "nominal",
        "jumlah", "nilai", "nilai transaksi", "nominal transaksi", "jumlah kotor", "bruto",
        "gross sales", "total amount", "total",
    ),
    "fee": (
        "mdr", "mdr amount", "mdr fee", "fee amount", "total fee", "merchant fee",
        "transaction fee", "biaya", "biaya mdr", "biaya transaksi", "potongan", "potongan mdr",
        "service fee", "admin fee", "fee idr", "mdr rp", "biaya layanan", "biaya admin",
    ),
    "net": (
        "net amount", "nett", "nett amount", "amount net", "settlement amount", "settled amount",
        "payout amount", "amount received", "bersih", "jumlah bersih", "neto", "netto",
    ),
    "status": ("transaction status", "payment status", "status transaksi", "settlement status"),
    "kind": ("transaction type", "type", "tipe", "tipe transaksi", "jenis", "jenis transaksi"),
    "settled_on": (
        "settlement date", "settlement time", "settled at", "settled date", "payout date",
        "disbursement date", "tanggal settlement", "tanggal penyelesaian", "tanggal cair",
    ),
    "batch": (
        "batch id", "batch no", "settlement id", "settlement batch", "settlement batch id",
        "payout id", "payout no", "payout batch", "payout reference", "disbursement id",
        "no batch", "nomor batch",
    ),
    "provider": ("payment provider", "penyedia"),
    "method": ("payment type", "payment method", "channel", "metode", "metode pembayaran"),
}  # fmt: skip

#: Of each group, one column must be there.
REQUIRED: Final = (("transaction_id", "order_id"), ("paid_at",), ("amount",), ("fee", "net"))

_STATUSES: Final[Mapping[str, tuple[str, str]]] = {
    **dict.fromkeys(
        (
            "", "settlement", "settled", "capture", "captured", "paid", "payment", "success",
            "successful", "completed", "complete", "done", "00", "0", "sale", "credit",
            "berhasil", "sukses", "lunas", "selesai", "pembayaran",
        ),
        (PAYMENT, PAID),
    ),
    **dict.fromkeys(("pending", "03", "authorize", "authorized", "menunggu"), (PAYMENT, PENDING)),
    **dict.fromkeys(
        (
            "deny", "denied", "cancel", "cancelled", "canceled", "expire", "expired", "failure",
            "failed", "rejected", "reversed", "reversal", "void", "voided", "05", "06", "08", "09",
            "gagal", "batal", "dibatalkan", "kedaluwarsa", "ditolak",
        ),
        (PAYMENT, FAILED),
    ),
    **dict.fromkeys(
        (
            "refund", "refunded", "partial refund", "partial_refund", "partially refunded", "04",
            "pengembalian", "dikembalikan",
        ),
        (REFUND, PAID),
    ),
    **dict.fromkeys(
        ("chargeback", "charged back", "partial chargeback", "partial_chargeback"),
        (CHARGEBACK, PAID),
    ),
}  # fmt: skip

_AMOUNT: Final = Text("bukan jumlah rupiah bulat", "is not an amount of whole rupiah")
_FEE: Final = Text("bukan jumlah rupiah", "is not an amount of rupiah")
_DATE: Final = Text(
    "bukan tanggal (contoh 2026-11-20 atau 20/11/2026)",
    "is not a date (as 2026-11-20 or 20/11/2026)",
)


@dataclass(frozen=True, slots=True)
class ProviderLine:
    """A transaction as the provider's file has it. A refund's or chargeback's amount is positive."""

    number: int  #: of the file's line
    kind: str  #: payment, refund or chargeback
    status: str  #: paid, pending, failed, or as the file says if it says something else
    order_id: str
    transaction_id: str
    paid_at: datetime | date
    amount: int  #: rupiah, gross
    fee_sen: int | None  #: hundredths of a rupiah
    net_sen: int | None
    settled_on: date | None
    batch: str
    provider: str

    @property
    def day(self) -> date:
        """The day (WIB) of the payment."""
        return cells.day_of(self.paid_at)

    @property
    def paid_out_sen(self) -> int:
        """What the provider pays out for it, in sen; less than nothing for what it takes back."""
        if self.net_sen is not None:
            net = abs(self.net_sen) if self.kind != PAYMENT else self.net_sen
        else:
            net = self.amount * 100 - (self.fee_sen or 0)
        return net if self.kind == PAYMENT else -net


def provider_lines(file: BinaryIO, aliases: Aliases = ALIASES) -> Iterator[ProviderLine]:
    """Yield a file's transactions; lines that name none, as totals at the end, are passed over.

    Raises:
        UnreadableFile: a column is missing, or a cell cannot be read; says which.
    """
    for line in lines(file, aliases, REQUIRED):
        if _names_a_transaction(line):
            yield _read(line)


def _names_a_transaction(line: Line) -> bool:
    order_id, transaction_id = line.get("order_id"), line.get("transaction_id")
    if line.get("paid_at"):
        return bool(order_id or transaction_id)
    return bool(transaction_id) and not any(map(says_a_sum, (order_id, transaction_id)))


def with_names(more: Mapping[str, Sequence[str]]) -> Aliases:
    """Return the columns' names with further ones, as a jurisdiction's configuration gives them."""
    return {column: (*names, *more.get(column, ())) for column, names in ALIASES.items()}


def _read(line: Line) -> ProviderLine:
    amount = _rupiah(line, "amount")
    kind, status = _kind_and_status(line)
    if amount < 0 and kind == PAYMENT:
        kind = REFUND
    fee = _sen(line, "fee")
    net = _sen(line, "net")
    if fee is None and net is not None:
        fee = abs(amount) * 100 - abs(net)
    settled = line.get("settled_on")
    return ProviderLine(
        number=line.number,
        kind=kind,
        status=status,
        order_id=line.get("order_id"),
        transaction_id=line.get("transaction_id"),
        paid_at=_when(line, "paid_at"),
        amount=abs(amount),
        fee_sen=None if fee is None else abs(fee),
        net_sen=net,
        settled_on=cells.day_of(_when(line, "settled_on")) if settled else None,
        batch=line.get("batch"),
        provider=line.get("provider").lower(),
    )


def _kind_and_status(line: Line) -> tuple[str, str]:
    """Return what a line is, and what became of it, by its status and the kind beside it."""
    word, beside = (
        line.get(column).lower().replace("-", " ").strip() for column in ("status", "kind")
    )
    kind, status = _STATUSES.get(word, (PAYMENT, word))
    # Kinds have words of their own ("off-us"), which say nothing of what became of it.
    other, theirs = _STATUSES.get(beside, (PAYMENT, PAID))
    return (other if kind == PAYMENT else kind), (status if word else theirs)


def _rupiah(line: Line, column: str) -> int:
    try:
        return cells.rupiah(line.get(column))
    except ValueError:
        raise refused_cell(line.number, column, line.get(column), _AMOUNT) from None


def _sen(line: Line, column: str) -> int | None:
    written = line.get(column)
    if written in {"", "-"}:
        return None
    try:
        return cells.sen(written)
    except ValueError:
        raise refused_cell(line.number, column, written, _FEE) from None


def _when(line: Line, column: str) -> datetime | date:
    try:
        return cells.moment(line.get(column))
    except ValueError:
        raise refused_cell(line.number, column, line.get(column), _DATE) from None
