"""Settlement and bank files as they come: by names of columns, and refused with what is missing."""

import io
from datetime import date, datetime

import pytest

from functions.payment_webhooks.books import bank_files, settlement_files
from functions.payment_webhooks.books.bank_files import bank_lines
from functions.payment_webhooks.books.columns import UnreadableFile
from functions.payment_webhooks.books.settlement_files import provider_lines
from shared.clock import WIB

HEADER = (
    "Order ID,Transaction ID,Transaction Time,Gross Amount,Fee,Net,Status,Settlement Date,Payout ID"
)
LINE = "SMG-1,t-1,2026-11-20 12:00:00,3500,24,3476,settlement,2026-11-23,PO-1"


def provider(text, encoding="utf-8", aliases=settlement_files.ALIASES):
    content = text if isinstance(text, bytes) else text.encode(encoding)
    return list(provider_lines(io.BytesIO(content), aliases))


def bank(text, aliases=bank_files.ALIASES):
    return list(bank_lines(io.BytesIO(text.encode()), aliases))


def test_a_line_is_read():
    (line,) = provider(f"{HEADER}\n{LINE}\n")
    assert (line.number, line.kind, line.status) == (2, "payment", "paid")
    assert (line.order_id, line.transaction_id, line.batch) == ("SMG-1", "t-1", "PO-1")
    assert line.paid_at == datetime(2026, 11, 20, 12, tzinfo=WIB)
    assert (line.amount, line.fee_sen, line.net_sen) == (3_500, 24_00, 3_476_00)
    assert (line.day, line.settled_on) == (date(2026, 11, 20), date(2026, 11, 23))
    assert line.paid_out_sen == 3_476_00


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_the_encoding_and_line_ends_do_not_matter(encoding):
    assert provider(f"{HEADER}\r\n{LINE}\r\n", encoding) == provider(f"{HEADER}\n{LINE}\n")


@pytest.mark.parametrize("mark", [";", "\t", "|"])
def test_what_parts_the_cells_does_not_matter(mark):
    assert provider(f"{HEADER}\n{LINE}".replace(",", mark)) == provider(f"{HEADER}\n{LINE}")


def test_semicolons_come_with_commas_for_decimals():
    text = (
        "Nomor Order;ID Transaksi;Waktu Transaksi;Nominal;Biaya;Tipe\n"
        'SMG-1;t-1;20/11/2026 12:00;"154.600,00";1.082,20;Pembayaran\n'
    )
    (line,) = provider(text)
    assert (line.amount, line.fee_sen, line.day) == (154_600, 1_082_20, date(2026, 11, 20))
    assert (line.settled_on, line.batch, line.net_sen) == (None, "", None)
    assert line.paid_out_sen == 153_517_80


def test_quoted_thousands_are_one_cell():
    text = 'Order ID,Time,Amount,Fee\nSMG-1,2026-11-20,"154,600.00","1,082"\n'
    (line,) = provider(text)
    assert (line.amount, line.fee_sen, line.paid_at) == (154_600, 1_082_00, date(2026, 11, 20))


def test_the_order_of_columns_their_case_and_unknown_ones_do_not_matter():
    text = "added since,GROSS_AMOUNT,fee,order-id,Date\nx,3500,24,SMG-1,2026-11-20\n"
    assert provider(text)[0].amount == 3_500


def test_titles_before_the_header_and_totals_at_the_end_are_passed_over():
    titles, totals = (
        "Settlement report\nPeriod,20 Nov\n\n",
        ",,,3500,24,3476,,,\nTotal,,,3500,,,,,\nTotal,3500\nJumlah transaksi: 1\nSub-total,1,,3500\n",
    )
    text = f"{titles}{HEADER}\n{LINE}\n,,,,,,,,\n{totals}"
    (line,) = provider(text)
    assert line.number == 5


def test_a_configured_name_of_a_column_is_known():
    text = "Ref,Kapan,Berapa,Fee\nt-1,2026-11-20,3500,24\n"
    more = {"transaction_id": ("Ref",), "paid_at": ("kapan",), "amount": ("BERAPA",)}
    assert provider(text, aliases=settlement_files.with_names(more))[0].transaction_id == "t-1"
    text = "Kapan,Kredit,Berita\n2026-11-20,3500,PO-1\n"
    assert bank(text, bank_files.with_names({"day": ("kapan",)}))[0].amount_sen == 3_500_00


def test_a_missing_column_is_named_with_what_was_found():
    with pytest.raises(UnreadableFile) as refused:
        provider("Order ID,Time,Colour,\nSMG-1,2026-11-20,red,\n")
    told = refused.value.told
    assert told.en == (
        "Column `amount`, `fee` or `net` is missing; found: `Order ID`, `Time`, `Colour`."
    )
    assert told.id.startswith("Kolom `amount`, `fee` atau `net` tidak ada; yang ditemukan")


def test_the_columns_found_are_those_of_the_likeliest_header():
    with pytest.raises(UnreadableFile, match="found: `Order ID`, `Time`, `Fee`"):
        provider("A title,of,many,words\nOrder ID,Time,Fee\nSMG-1,2026-11-20,24\n")
    with pytest.raises(UnreadableFile, match="found: –"):
        provider(" , \n , \n")


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_refused(content):
    with pytest.raises(UnreadableFile, match="empty"):
        provider(content)


@pytest.mark.parametrize("content", [b"PK\x03\x04\0\0\0\0", b'a,"b\n' + b"x" * 200_000])
def test_what_is_no_csv_is_refused(content):
    with pytest.raises(UnreadableFile, match=r"no CSV|is missing"):
        provider(content)


@pytest.mark.parametrize("begins", ["settlement", "SMG-1"])
def test_a_quote_that_is_never_closed_does_not_swallow_the_lines_below(begins):
    text = f"{HEADER}\n{LINE.replace(begins, chr(34) + begins)}\n{LINE}\n"
    with pytest.raises(UnreadableFile, match=r"after line 1 .*unexpected end of data"):
        provider(text)


def test_a_line_that_names_a_transaction_but_no_day_is_not_a_total():
    with pytest.raises(UnreadableFile, match="Line 2, column `paid_at`"):
        provider(f"{HEADER}\nSMG-1,t-1,,3500,24,3476,settlement,,\n")


@pytest.mark.parametrize(
    ("column", "cell", "told"),
    [
        ("3500", "3500.5", "Line 2, column `amount`: `3500.5` is not an amount of whole rupiah."),
        ("3500", "lots", "Line 2, column `amount`: `lots` is not an amount"),
        ("24", "x", "Line 2, column `fee`: `x` is not an amount of rupiah."),
        (
            "2026-11-20 12:00:00",
            "11/20/2026",
            "Line 2, column `paid_at`: `11/20/2026` is not a date",
        ),
        ("2026-11-23", "soon", "Line 2, column `settled_on`: `soon` is not a date"),
    ],
)
def test_a_cell_that_cannot_be_read_is_named_with_its_line(column, cell, told):
    with pytest.raises(UnreadableFile) as refused:
        provider(f"{HEADER}\n{LINE.replace(column, cell)}\n")
    assert str(refused.value).startswith(told)


@pytest.mark.parametrize(
    ("status", "kind", "read"),
    [
        ("Settlement", "payment", "paid"),
        ("SUCCESS", "payment", "paid"),
        ("", "payment", "paid"),
        ("Refund", "refund", "paid"),
        ("partial-refund", "refund", "paid"),
        ("Chargeback", "chargeback", "paid"),
        ("pending", "payment", "pending"),
        ("deny", "payment", "failed"),
        ("adjusted", "payment", "adjusted"),
    ],
)
def test_the_status_is_read_in_many_words(status, kind, read):
    (line,) = provider(f"{HEADER}\n{LINE.replace('settlement', status)}\n")
    assert (line.kind, line.status) == (kind, read)


@pytest.mark.parametrize(
    ("beside", "status", "kind", "read"),
    [
        ("Payment", "Settlement", "payment", "paid"),
        ("off-us", "deny", "payment", "failed"),
        ("Refund", "Settlement", "refund", "paid"),
        ("Payment", "partial_refund", "refund", "paid"),
        ("Refund", "", "refund", "paid"),
        ("QRIS", "", "payment", "paid"),
        ("Expired", "", "payment", "failed"),
    ],
)
def test_the_kind_of_a_transaction_may_stand_beside_its_status(beside, status, kind, read):
    head = "Transaction type,Order ID,Status,Date & Time,Amount,Fee"
    text = f"{head}\n{beside},SMG-1,{status},2026-11-20,5,0\n"
    (line,) = provider(text)
    assert (line.kind, line.status) == (kind, read)


def test_of_two_names_of_a_column_the_plainer_one_counts():
    head = "Reference No,Date,Total,Amount,Transaction ID,Transaction Time,Fee"
    text = f"{head}\nr,2020-01-01,9,5,t-1,2026-11-20,0\n"
    (line,) = provider(text)
    assert (line.transaction_id, line.amount, line.day) == ("t-1", 5, date(2026, 11, 20))


def test_less_than_nothing_is_a_refund_and_is_taken_off_the_payout():
    (line,) = provider("Order ID,Time,Amount,Net\nSMG-1,2026-11-20,-3500,-3500\n")
    assert (line.kind, line.amount, line.fee_sen, line.paid_out_sen) == (
        "refund", 3_500, 0, -3_500_00,
    )  # fmt: skip


def test_the_fee_follows_from_the_net_and_may_be_left_open():
    (line,) = provider("Order ID,Time,Amount,Net\nSMG-1,2026-11-20,3500,3476\n")
    assert line.fee_sen == 24_00
    (line,) = provider("Order ID,Time,Amount,Fee\nSMG-1,2026-11-20,3500,-\n")
    assert (line.fee_sen, line.paid_out_sen) == (None, 3_500_00)


def test_bank_lines_are_what_came_in():
    text = (
        "Tanggal,Keterangan,No Referensi,Debet,Kredit,Saldo\n"
        '20/11/2026,MIDTRANS PO-1,FT1,,"3.476,00","9.999,00"\n'
        '20/11/2026,BIAYA ADM,,"6.500,00",,1\n'
        "20/11/2026,NIHIL,,,-,1\n"
        ",SALDO AKHIR,,,5,\n"
        'Total,,,"6.500,00","3.476,00",\n'
        "Saldo Akhir,,,,5,\n"
        "Jumlah Mutasi Kredit : 1,,,,3476,\n"
    )
    (line,) = bank(text)
    assert (line.number, line.day, line.amount_sen) == (2, date(2026, 11, 20), 3_476_00)
    assert line.text == "FT1 MIDTRANS PO-1"


@pytest.mark.parametrize(
    ("cells", "amount"),
    [
        ("3.476.00 CR", None),
        ("3476.00 CR,", 3_476_00),
        ("3476.00 DB,", None),
        ("3476.00,K", 3_476_00),
        ("3476.00,Debet", None),
        ("3476.00,", 3_476_00),
        ("-3476.00,", None),
        ("-,", None),
        (",", None),
    ],
)
def test_one_column_of_amounts_says_which_side_by_a_word_or_a_sign(cells, amount):
    text = f"Date,Description,Amount,Type\n2026-11-20,PO-1,{cells}\n"
    if cells.startswith("3.476.00"):
        with pytest.raises(UnreadableFile, match="not an amount"):
            bank(text)
        return
    assert [line.amount_sen for line in bank(text)] == ([amount] if amount else [])


def test_a_bank_line_without_a_day_that_can_be_read_is_named():
    with pytest.raises(UnreadableFile, match="Line 2, column `day`"):
        bank("Date,Description,Amount\nsoon,PO-1,5\n")
    with pytest.raises(UnreadableFile, match="Column `description` or `reference` is missing"):
        bank("Date,Amount\n2026-11-20,5\n")
