"""Stickers: printed pages of the right size, whose QR code a camera reads."""

import pypdfium2
import pytest
import zxingcpp

from cli.fleet_registry import Vehicle
from cli.fleet_stickers import Sheet, link
from shared import config

ADDRESS = "https://abcdefghij.execute-api.ap-southeast-3.amazonaws.com/v1"
DPI, MM = 150, 25.4
#: What a printer and a guillotine do not notice.
TOLERANCE_MM = 0.5


def some(count):
    return [Vehicle(code=f"GJK-A234{number}", label=f"H {number} AB") for number in range(count)]


def sheet(vehicles, *, four_on_a4=False, jurisdiction="semarang", address=ADDRESS):
    made = Sheet(address=address, jurisdiction=config.load(jurisdiction), four_on_a4=four_on_a4)
    assert len(list(made.add(vehicles))) == len(vehicles)
    return made


def pages(made):
    document = pypdfium2.PdfDocument(made.pdf())
    return [document[number] for number in range(len(document))]


def seen(page):
    """Return what a camera reads on a page."""
    image = page.render(scale=DPI / 72).to_pil()
    return {found.text for found in zxingcpp.read_barcodes(image)}


def words(page):
    return page.get_textpage().get_text_range()


def size_mm(page):
    return [side * MM / 72 for side in page.get_size()]


def test_one_sticker_a_page_of_a6_and_its_code_is_read_back():
    vehicles = some(3)
    made = sheet(vehicles)
    assert made.pages == len(pages(made)) == 3
    for vehicle, page in zip(vehicles, pages(made), strict=True):
        assert size_mm(page) == pytest.approx([105, 148], abs=TOLERANCE_MM)
        assert seen(page) == {link(ADDRESS, vehicle.code, "semarang")}
        assert vehicle.code in words(page)
        assert vehicle.label in words(page)


def test_four_on_a4_with_the_rest_on_a_page_of_its_own():
    vehicles = some(6)
    made = sheet(vehicles, four_on_a4=True)
    first, second = pages(made)
    assert size_mm(first) == pytest.approx([210, 297], abs=TOLERANCE_MM)
    assert seen(first) == {link(ADDRESS, one.code, "semarang") for one in vehicles[:4]}
    assert seen(second) == {link(ADDRESS, one.code, "semarang") for one in vehicles[4:]}


def test_each_of_four_lies_in_its_own_quarter():
    (page,) = pages(sheet(some(4), four_on_a4=True))
    image = page.render(scale=DPI / 72).to_pil()
    wide, high = image.size
    for number, one in enumerate(some(4)):
        row, column = divmod(number, 2)
        left, top = column * wide // 2, row * high // 2
        quarter = image.crop((left, top, left + wide // 2, top + high // 2))
        (found,) = zxingcpp.read_barcodes(quarter)
        assert found.text == link(ADDRESS, one.code, "semarang")


def test_the_sheet_of_four_is_marked_where_to_cut_and_the_single_sticker_is_not():
    def dark(four_on_a4):
        (page,) = pages(sheet(some(1), four_on_a4=four_on_a4))
        image = page.render(scale=DPI / 72).to_pil().convert("L")
        at = round(2 * DPI / MM), round(148 * DPI / MM)
        box = image.crop((0, at[1] - 4, at[0], min(at[1] + 4, image.height)))
        return box.getextrema()[0] < 200

    assert dark(four_on_a4=True)
    assert not dark(four_on_a4=False)


@pytest.mark.parametrize(("jurisdiction", "name"), [("semarang", "Semarang"), ("jateng", "Jawa")])
def test_a_sticker_says_in_both_languages_what_to_do_and_for_whom_it_is(jurisdiction, name):
    (page,) = pages(sheet(some(1), jurisdiction=jurisdiction))
    said = words(page)
    for part in ("Pindai kode ini", "Scan with your phone", "112", f"{ADDRESS}/lapor", name):
        assert part in said
    assert seen(page) == {link(ADDRESS, "GJK-A2340", jurisdiction)}


def test_the_longest_code_and_a_label_in_any_script_stay_on_the_sticker():
    long = Vehicle(code="ABCDEFGH-ABCDEFGH-ABCDEFGH-ABCDE", label="ꦲ" + "x" * 99)
    (page,) = pages(sheet([long]))
    assert seen(page) == {link(ADDRESS, long.code, "semarang")}
    assert long.code in words(page)
    right_mm = max(page.get_textpage().get_charbox(at)[2] for at in range(300)) * MM / 72
    assert right_mm < 105 - 5


def test_nothing_runs_into_the_last_line():
    (page,) = pages(sheet([Vehicle(code="GJK-A2345", label="H 1 AB")]))
    text = page.get_textpage()
    found = text.search("Gratis")
    index, _ = found.get_next()
    last_mm = text.get_charbox(index)[3] * MM / 72
    index, _ = text.search("type the code").get_next()
    before_mm = text.get_charbox(index)[1] * MM / 72
    assert before_mm > last_mm


def test_a_codes_own_characters_are_escaped_in_the_link():
    assert link("https://a.id/v1", "A&B", "x y") == (
        "https://a.id/v1/lapor?v=A%26B&jurisdiction_id=x+y"
    )


def test_the_fonts_are_pdfs_own_so_nothing_is_fetched():
    made = sheet(some(1)).pdf()
    assert b"/FontFile" not in made
    assert b"Helvetica" in made
