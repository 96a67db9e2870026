"""A file of tax bills: read row by row, and what is wrong is told by line and column."""

from collections.abc import Iterator
from datetime import date
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli.bill_file import BillFault, BillRow, bills_in

NOP = "337401000100100010"
HEAD = "nop,tahun,pokok,jatuh_tempo,nama\n"


def read(text: str) -> list[BillRow | BillFault]:
    return list(bills_in(text.splitlines(keepends=True), "semarang", ["3374"]))


def bills(text: str) -> list[BillRow]:
    found = read(text)
    assert all(isinstance(one, BillRow) for one in found), found
    return [one for one in found if isinstance(one, BillRow)]


def fault(text: str) -> BillFault:
    (found,) = (one for one in read(text) if isinstance(one, BillFault))
    return found


def test_a_bill_is_read_and_its_taxpayers_name_masked():
    (row,) = bills(HEAD + f"{NOP},2024,100000,2024-09-30,Budi Santoso\n")
    assert row.line == 2
    assert (row.bill.nop, row.bill.year, row.bill.principal) == (NOP, 2024, 100_000)
    assert (row.bill.due_on, row.bill.taxpayer) == (date(2024, 9, 30), "B*** S******")
    assert (row.bill.jurisdiction_id, row.bill.status) == ("semarang", "unpaid")


@pytest.mark.parametrize(
    "text",
    [
        "\ufeffNOP;Tahun Pajak;Pokok;Tgl Jatuh Tempo\n33.74.010.001.001-0001.0;2024;100.000,00;30/09/2024\n",
        f"due_date\tlain\tprincipal\tyear\tnop\n30-9-2024\tx\tRp 100.000\t2024\t{NOP}\n",
        f'year,nop,tagihan,due_on\n2024,"{NOP}","100,000.00",2024-09-30',
        f"year,nop,tagihan,due_on\r\n\r\n ,,,\r\n2024, {NOP} ,100000.00,30.09.2024\r\n",
    ],
)
def test_columns_go_by_name_and_values_by_their_usual_spellings(text):
    (row,) = bills(text)
    bill = row.bill
    assert (bill.nop, bill.year, bill.principal, bill.due_on) == (
        NOP,
        2024,
        100_000,
        date(2024, 9, 30),
    )
    assert bill.taxpayer == ""


@pytest.mark.parametrize(
    ("row", "column", "said"),
    [
        ("1,2024,1,2024-09-30,", "nop", "`1`: NOP terdiri atas 18 angka."),
        ("3.374E+17,2024,1,2024-09-30,", "nop", "sebagai teks"),
        ("337401000100100011,2024,1,2024-09-30,", "nop", "0, 7"),
        ("357401000100100010,2024,1,2024-09-30,", "nop", "another region's"),
        (f"{NOP},24,1,2024-09-30,", "year", "`24`"),
        (f"{NOP},x,1,2024-09-30,", "year", "`x`"),
        (f"{NOP},2024,0,2024-09-30,", "principal", "`0`"),
        (f"{NOP},2024,-5,2024-09-30,", "principal", "`-5`"),
        (f"{NOP},2024,1000.50,2024-09-30,", "principal", "`1000.50`"),
        (f"{NOP},2024,1000.000,2024-09-30,", "principal", "`1000.000`"),
        (f"{NOP},2024,,2024-09-30,", "principal", "``"),
        (f"{NOP},2024,9999999999999,2024-09-30,", "principal", "not an amount"),
        (f"{NOP},2024,1,2024-13-30,", "due_on", "`2024-13-30`"),
        (f"{NOP},2024,1,31/09/2024,", "due_on", "`31/09/2024`"),
        (f"{NOP},2024,1,,", "due_on", "not a date"),
        (f"{NOP}", "year", "``"),
        (f"{NOP},2024,1,2024-09-30,Budi,Jl. X", "6", "quote"),
    ],
)
def test_what_is_wrong_is_named_by_line_and_column(row, column, said):
    found = fault(HEAD + f"{NOP},2023,1,2023-09-30,\n" + row + "\n")
    assert (found.line, found.column) == (3, column)
    assert said in found.message


@pytest.mark.parametrize(
    ("text", "column", "said"),
    [
        ("", "", "kosong"),
        ("\n", "", "kosong"),
        ("nop,tahun,pokok\n", "due_on", "due_on / jatuh_tempo"),
        ("nop,yaer,pokok,jatuh_tempo\n", "year", "maksudnya `yaer`?"),
        ("nop,nop,year,pokok,jatuh_tempo\n", "nop", "ada dua"),
        ("nop,tahun,year,pokok,jatuh_tempo\n", "year", "ada dua"),
        ('"nop,tahun\n', "", ""),
    ],
)
def test_what_is_wrong_with_the_columns_is_told_before_any_row(text, column, said):
    found = read(text + "x\n" if text.strip() else text)
    assert all(isinstance(one, BillFault) and one.line == 1 for one in found)
    assert any(
        isinstance(one, BillFault) and column in (one.column, "") and said in one.message
        for one in found
    )


def test_a_quote_that_never_ends_is_told():
    found = fault(HEAD + f'"{NOP},2024,1,2024-09-30,\n')
    assert "not valid CSV" in found.message


def test_a_bill_that_stands_there_twice_is_taken_once_and_two_that_differ_are_told():
    row = f"{NOP},2024,100000,2024-09-30,Budi\n"
    assert len(bills(HEAD + row * 3)) == 1
    found = fault(HEAD + row + row.replace("100000", "1"))
    assert (found.line, found.column) == (3, "nop")
    assert "baris 2" in found.message
    assert len(bills(HEAD + row + row.replace(",2024,", ",2023,"))) == 2


def test_a_file_is_read_as_it_comes_and_not_kept():
    def endless() -> Iterator[str]:
        yield HEAD
        for number in range(10**9):
            yield f"3374{number:013d}0,2024,1,2024-09-30,\n"

    assert len(list(islice(bills_in(endless(), "semarang"), 1000))) == 1000


@given(st.text())
def test_no_text_breaks_the_reading(text):
    for one in read(HEAD + text):
        assert one.line >= 2
