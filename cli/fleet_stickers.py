"""Draws the stickers that hang in vehicles: a QR code, the short code, and what to do with them.

The fonts are PDF's own, which every reader and printer has, and the QR code is drawn as vectors:
nothing is fetched, and nothing blurs in print. Lengths are millimetres.
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from urllib.parse import urlencode

import segno
from fpdf import FPDF
from fpdf.enums import Align

from cli.fleet_registry import Vehicle
from shared.jurisdiction import Jurisdiction

#: Told how many more are done.
Advance = Callable[[int], None]

#: ISO 216. Four of A6 are a little less than an A4, which is cut along their edges.
A6 = (105.0, 148.0)
A4 = (210.0, 297.0)
_MARGIN = 7.0
_QR_SIDE = 58.0
#: Modules of white that ISO/IEC 18004 wants around a code.
_QUIET = 4
_MARK = 5.0
_FONT = "helvetica"

_TITLE = ("Ada yang perlu dilaporkan?", "Something to report?")
_STEPS_ID = (
    "1. Pindai kode ini dengan kamera ponsel.",
    "2. Tulis apa yang terjadi. Tanpa nama juga boleh.",
    "3. Catat nomor laporannya untuk melihat jawaban.",
    "Tanpa jaringan? Foto stiker ini, laporkan nanti: buka alamat di atas, ketik kodenya.",
)
_STEPS_EN = (
    "Scan with your phone's camera, write what happened, keep the number of your report. "
    "No network? Take a photo of this sticker and report later: open the address, type the code."
)
_FREE = "Gratis - Free of charge.   Darurat - Emergency: 112"


def link(address: str, code: str, jurisdiction_id: str) -> str:
    """Return what a sticker's QR code says: the form, with the vehicle and the tenant filled in."""
    return f"{address}/lapor?" + urlencode({"v": code, "jurisdiction_id": jurisdiction_id})


class Sheet:
    """A PDF of stickers: one on each page of A6, or four on each of A4."""

    def __init__(self, *, address: str, jurisdiction: Jurisdiction, four_on_a4: bool) -> None:
        self._address = address
        self._jurisdiction = jurisdiction
        self._four = four_on_a4
        self._pdf = FPDF(unit="mm", format=A4 if four_on_a4 else A6)
        self._pdf.set_auto_page_break(False)
        self._pdf.set_margin(0)
        self._pdf.set_title(f"Stiker Lapor {jurisdiction.name.id}")
        self._pdf.set_creator("Simpul")
        self._pdf.set_lang("id")
        self._count = 0

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return int(self._pdf.page_no())

    def add(self, vehicles: Iterable[Vehicle]) -> Iterator[None]:
        """Draw a sticker for each vehicle; yield after each."""
        for vehicle in vehicles:
            left, top = self._next_place()
            self._sticker(vehicle, left, top)
            yield

    def pdf(self) -> bytes:
        """Return the finished file."""
        return bytes(self._pdf.output())

    def _next_place(self) -> tuple[float, float]:
        """Return the upper left corner of the next sticker, on a new page where one is due."""
        place = self._count % 4 if self._four else 0
        self._count += 1
        if place == 0:
            self._pdf.add_page()
            if self._four:
                self._cut_marks()
        row, column = divmod(place, 2)
        return column * A6[0], row * A6[1]

    def _cut_marks(self) -> None:
        """Mark where the stickers' edges meet, in the middle and at the sheet's own edges."""
        self._pdf.set_line_width(0.2)
        self._pdf.set_draw_color(120)
        (x, y), (right, bottom) = A6, (A4[0], 2 * A6[1])
        for line in (
            (x, 0, x, _MARK),
            (x, y - _MARK, x, y + _MARK),
            (x, bottom - _MARK, x, A4[1]),
            (0, y, _MARK, y),
            (x - _MARK, y, x + _MARK, y),
            (right - _MARK, y, right, y),
            (0, bottom, _MARK, bottom),
            (right - _MARK, bottom, right, bottom),
        ):
            self._pdf.line(*line)

    def _sticker(self, vehicle: Vehicle, left: float, top: float) -> None:
        self._line(left, top + _MARGIN, 8, 17, _TITLE[0], bold=True)
        self._line(left, top + 14.5, 5, 11, f"{_TITLE[1]} - {self._jurisdiction.name.id}")
        url = link(self._address, vehicle.code, self._jurisdiction.id)
        self._qr(url, left + (A6[0] - _QR_SIDE) / 2, top + 21)
        self._line(left, top + 81, 11, 30, vehicle.code, bold=True)
        if vehicle.label:
            self._line(left, top + 92, 4, 9, vehicle.label)
        self._line(left, top + 96, 4, 8, f"{self._address}/lapor")
        self._pdf.set_xy(left + _MARGIN, top + 101)
        self._pdf.set_font(_FONT, size=10)
        for step in _STEPS_ID:
            self._paragraph(left, step, 4.6)
        self._pdf.set_y(self._pdf.get_y() + 1.5)
        self._pdf.set_font(_FONT, "I", 8.5)
        self._paragraph(left, _STEPS_EN, 3.8)
        self._line(left, top + A6[1] - _MARGIN - 3, 4, 9, _FREE, bold=True)

    def _line(
        self, left: float, y: float, height: float, points: float, text: str, *, bold: bool = False
    ) -> None:
        """Write a line in the middle, smaller if it would not fit."""
        text, room = _printable(text), A6[0] - 2 * _MARGIN
        self._pdf.set_font(_FONT, "B" if bold else "", points)
        if (wide := self._pdf.get_string_width(text)) > room:
            self._pdf.set_font_size(points * room / wide)
        self._pdf.set_xy(left + _MARGIN, y)
        self._pdf.cell(room, height, text, align=Align.C)

    def _paragraph(self, left: float, text: str, height: float) -> None:
        self._pdf.set_x(left + _MARGIN)
        self._pdf.multi_cell(
            A6[0] - 2 * _MARGIN, height, text, align=Align.L, new_x="LEFT", new_y="NEXT"
        )

    def _qr(self, text: str, left: float, top: float) -> None:
        """Draw a QR code that may lose a quarter of itself, each run of dark modules as one bar."""
        rows = [list(row) for row in segno.make_qr(text, error="q", boost_error=True).matrix]
        module = _QR_SIDE / (len(rows) + 2 * _QUIET)
        self._pdf.set_fill_color(0)
        for row, modules in enumerate(rows, start=_QUIET):
            column = _QUIET
            for dark, run in groupby(modules):
                length = len(list(run))
                if dark:
                    self._pdf.rect(
                        left + column * module,
                        top + row * module,
                        length * module,
                        module,
                        style="F",
                    )
                column += length


def _printable(text: str) -> str:
    """Return a text in the characters that PDF's own fonts have; others become question marks."""
    return text.encode("latin-1", "replace").decode("latin-1")
