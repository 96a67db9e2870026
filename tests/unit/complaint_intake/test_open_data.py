"""Open data: the bulk format's columns, read back as they were written, and nothing to reckon with."""

import csv
import io
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.complaint_intake.open311.requests import service_request
from functions.complaint_intake.open_data import parts
from functions.complaint_intake.open_data.months import key_of, month_before, span
from functions.complaint_intake.open_data.rows import COLUMNS, lines, neutral, row
from shared import aws
from shared.clock import WIB
from shared.complaints.law import Status
from tests.builders import NOW, a_complaint, an_assignment
from tests.small_config import SEMARANG
from tests.strategies import complaints

pytestmark = pytest.mark.usefixtures("small_config")


def read(content: bytes) -> list[dict[str, str]]:
    """Read a file back with Python's own reader."""
    return list(csv.DictReader(io.StringIO(content.decode(), newline="")))


def written(*found: Any) -> list[dict[str, str]]:
    return read(b"".join(lines(found, SEMARANG)))


def test_a_row_says_how_a_complaint_stands() -> None:
    complaint = a_complaint(
        complaint_id="SMG-0000000000000",
        status=Status.RESOLVED,
        lat=-6.99,
        long=110.42,
        address_string="Jl. Pandanaran",
        channel="fleet",
        closed_at=NOW + timedelta(days=1),
    )
    (found,) = written(complaint)
    assert found == {
        "service_request_id": "SMG-0000000000000",
        "requested_datetime": "2026-11-20T12:00:00+07:00",
        "updated_datetime": "2026-11-20T12:00:00+07:00",
        "closed_date": "2026-11-21T12:00:00+07:00",
        "status_description": "closed",
        "status_notes": "Selesai ditangani.",
        "source": "fleet",
        "service_name": SEMARANG.category_by_code["jalan-rusak"].name.id,
        "service_subtype": "pengaduan",
        "description": "Jalan berlubang di depan pasar",
        "agency_responsible": SEMARANG.agency_by_code["semarang-dpu"].name.id,
        "address": "Jl. Pandanaran",
        "lat": "-6.99",
        "long": "110.42",
    }


def test_the_columns_are_the_bulk_formats_and_stand_there_always() -> None:
    content = b"".join(lines([], SEMARANG))
    assert content == (
        b"service_request_id,requested_datetime,updated_datetime,closed_date,status_description,"
        b"status_notes,source,service_name,service_subtype,description,agency_responsible,address,"
        b"lat,long\r\n"
    )
    assert tuple(content.decode().strip().split(",")) == COLUMNS


@given(st.lists(complaints(), max_size=5))
def test_what_is_read_back_is_what_the_public_reads_and_nothing_else(found: list[Any]) -> None:
    back = written(*found)
    public = [one for one in found if one.is_public]
    assert [one["service_request_id"] for one in back] == [one.complaint_id for one in public]
    for cells, complaint in zip(back, public, strict=True):
        shown = service_request(complaint, SEMARANG, "id")
        assert cells["description"] == neutral(shown.description or "")
        assert cells["address"] == neutral(shown.address or "")
        assert cells["agency_responsible"] == (shown.agency_responsible or "")
        assert (cells["lat"], cells["long"]) == tuple(
            "" if one is None else repr(one) for one in (shown.lat, shown.long)
        )
        assert [float(cells[name]) for name in ("lat", "long") if cells[name]] == [
            one for one in (complaint.lat, complaint.long) if one is not None
        ]


@pytest.mark.parametrize(
    "hidden", [{"visibility": "private"}, {"visibility": "secret"}, {"suspicion": "honeypot"}]
)
def test_what_is_not_public_is_left_out(hidden: dict[str, str]) -> None:
    assert written(a_complaint(**hidden)) == []


def test_what_finds_a_person_is_masked() -> None:
    (found,) = written(
        a_complaint(
            description="Hubungi saya di 0812-3456-7890",
            address_string="Jl. Melati Raya No. 12 RT 03 RW 05",
        )
    )
    assert "3456" not in found["description"]
    assert "12" not in found["address"]


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+62",
        "-2",
        "@SUM(A1)",
        "＝1",
        "＋1",
        "－1",
        "＠1",
        "=cmd|' /C calc'!A0",
    ],
)
def test_no_text_is_read_as_a_formula(text: str) -> None:
    assert neutral(text) == f"'{text}"
    (found,) = written(a_complaint(description=text, lat=-6.5, long=110.0))
    assert found["description"][:1] not in ("=", "+", "-", "@", "\t", "\r", "\n")
    assert found["lat"] == "-6.5"  # a number, which must stay one


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("mati;=1+1;lagi", "mati;'=1+1;lagi"),
        ("mati\n@SUM(A1)", "mati\n'@SUM(A1)"),
        ("\t=1", "\t'=1"),
        ("\r=1", "\r'=1"),
        ('mati;"=1+1', "mati;\"'=1+1"),
        ("mati;＝1", "mati;'＝1"),
    ],
)
def test_nor_is_any_part_that_a_reader_of_semicolons_takes_for_a_cell(
    text: str, shown: str
) -> None:
    assert neutral(text) == shown


@pytest.mark.parametrize(
    "text", ["", "Jalan 1+1", "a=b", "'kata", "–", "rusak; parah", "satu\ndua", "RT 1,-2"]
)
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert neutral(text) == text


def test_quotes_commas_and_lines_survive() -> None:
    text = 'Kata "dia", begini:\nbaris dua'
    (found,) = written(a_complaint(description=text))
    assert found["description"] == text


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("complaint", "pengaduan"),
        ("aspiration", "aspirasi"),
        ("information", "permintaan informasi"),
    ],
)
def test_the_subtype_is_the_kind(kind: str, said: str) -> None:
    assert (
        dict(zip(COLUMNS, row(a_complaint(kind=kind), SEMARANG), strict=True))["service_subtype"]
        == said
    )


def test_what_is_open_has_no_closing_date_and_what_is_not_routed_no_agency() -> None:
    received, assigned = written(
        a_complaint(), replace(a_complaint(), assignments=(an_assignment(),))
    )
    assert (received["closed_date"], received["agency_responsible"]) == ("", "")
    assert (received["status_description"], received["lat"], received["address"]) == (
        "open",
        "",
        "",
    )
    assert assigned["agency_responsible"]


class TestMonths:
    def test_a_month_is_the_citys_own(self) -> None:
        assert span("2026-11") == (
            datetime(2026, 10, 31, 17, tzinfo=UTC),
            datetime(2026, 11, 30, 17, tzinfo=UTC),
        )
        assert span("2026-12")[1] == datetime(2027, 1, 1, tzinfo=WIB)

    @given(st.dates(date(2000, 1, 1), date(2099, 11, 30)))
    def test_months_follow_each_other_without_a_gap(self, day: Any) -> None:
        start, end = span(f"{day:%Y-%m}")
        assert start <= datetime(day.year, day.month, day.day, tzinfo=WIB) < end
        assert span(f"{end:%Y-%m}")[0] == end
        assert month_before(end) == f"{day:%Y-%m}"
        assert month_before(end - timedelta(milliseconds=1)) != f"{day:%Y-%m}"

    def test_early_on_the_first_it_is_the_month_before_that_is_over(self) -> None:
        assert month_before(datetime(2026, 11, 30, 21, tzinfo=UTC)) == "2026-11"
        assert month_before(datetime(2027, 1, 1, tzinfo=WIB)) == "2026-12"

    @pytest.mark.parametrize(
        "text", ["", "2026-13", "2026-00", "1999-12", "2026-1", "2026-11\n", "x"]
    )
    def test_what_is_no_month_is_refused(self, text: str) -> None:
        with pytest.raises(ValueError, match="not a month"):
            span(text)

    def test_a_file_is_named_by_its_jurisdiction_and_month(self) -> None:
        assert key_of("semarang", "2026-11") == "semarang/2026-11.csv"


class FakeS3:
    """Takes parts and forgets them at once, as only their sizes matter; may fail at one."""

    def __init__(self, fail_at: str = "") -> None:
        self.sizes: list[int] = []
        self.ended = ""
        self.completed: Any = None
        self.fail_at = fail_at

    def create_multipart_upload(self, **_: Any) -> Any:
        return {"UploadId": "u"}

    def upload_part(self, *, Body: bytes, PartNumber: int, **_: Any) -> Any:
        if self.fail_at == f"part {PartNumber}":
            raise ConnectionError
        self.sizes.append(len(Body))
        return {"ETag": f"e{PartNumber}"}

    def complete_multipart_upload(self, *, MultipartUpload: Any, **_: Any) -> None:
        if self.fail_at == "complete":
            raise ConnectionError
        self.ended, self.completed = "complete", MultipartUpload

    def abort_multipart_upload(self, **_: Any) -> None:
        self.ended = "abort"


def sent(pieces: Iterator[bytes], monkeypatch: pytest.MonkeyPatch, fake: FakeS3) -> int:
    monkeypatch.setattr(aws, "s3", lambda: fake)
    return parts.write("b", "k", pieces, headers={})


def test_a_file_of_any_length_takes_the_memory_of_one_part(monkeypatch: pytest.MonkeyPatch) -> None:
    complaint = a_complaint(description="Jalan rusak " * 300)
    many = 20_000
    line = next(iter(list(lines([complaint], SEMARANG))[1:]))
    fake = FakeS3()
    tracemalloc.start()
    try:
        total = sent((line for _ in range(many)), monkeypatch, fake)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert total == sum(fake.sizes) == many * len(line) > 8 * parts.PART_BYTES
    assert peak < 3 * parts.PART_BYTES
    assert all(size >= 5 * 1024 * 1024 for size in fake.sizes[:-1])
    assert fake.ended == "complete"
    assert [one["PartNumber"] for one in fake.completed["Parts"]] == list(
        range(1, len(fake.sizes) + 1)
    )


@pytest.mark.parametrize("pieces", [[], [b""], [b"a", b"b"]])
def test_a_short_file_is_one_part(pieces: list[bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    fake = FakeS3()
    assert sent(iter(pieces), monkeypatch, fake) == len(b"".join(pieces))
    assert fake.sizes == [len(b"".join(pieces))]


def test_a_file_that_ends_with_a_part_has_no_empty_one(monkeypatch: pytest.MonkeyPatch) -> None:
    fake = FakeS3()
    sent(iter([bytes(parts.PART_BYTES)] * 2), monkeypatch, fake)
    assert fake.sizes == [parts.PART_BYTES] * 2


@pytest.mark.parametrize("fail_at", ["part 1", "part 2", "complete", "reading"])
def test_what_fails_half_way_is_given_up(fail_at: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def pieces() -> Iterator[bytes]:
        yield bytes(parts.PART_BYTES)
        if fail_at == "reading":
            raise ConnectionError
        yield b"the rest"

    fake = FakeS3(fail_at)
    with pytest.raises(ConnectionError):
        sent(pieces(), monkeypatch, fake)
    assert fake.ended == "abort"
