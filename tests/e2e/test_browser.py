"""The pages in a real browser: what their policies allow works, and they forbid the rest."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from PIL import Image

from cli.surroundings import Surroundings
from tests.e2e import chromium
from tests.e2e.chromium import Tab
from tests.e2e.citizen import Street

pytestmark = pytest.mark.skipif(
    chromium.installed() is None, reason="no Chromium here: apt-get install chromium"
)

FRAME = "document.querySelector('iframe').contentDocument"


@pytest.fixture(scope="module")
def street(surroundings: Surroundings) -> Street:
    return Street(surroundings)


@pytest.fixture(scope="module")
def browser() -> Iterator[Tab]:
    with chromium.a_tab() as tab:
        yield tab


@pytest.fixture
def tab(browser: Tab) -> Iterator[Tab]:
    browser.violations.clear()
    yield browser
    assert browser.violations == []


def test_a_notices_link_opens_the_report_and_leaves_no_trace_of_the_code(
    street: Street, tab: Tab
) -> None:
    given: dict[str, Any] = street.submit(f"Lampu mati {uuid4()}", service_code="lampu-jalan")
    tab.open(street.around.outputs.api_url + given["links"]["track"])
    tab.until(f"document.querySelector('h1').innerText == '{given['complaint_id']}'")
    token = given["tracking_token"]
    assert token not in tab.run("location.href")
    history = tab.tell("Page.getNavigationHistory")["entries"]
    assert not [entry["url"] for entry in history if token in entry["url"]]
    tab.press("Tarik laporan ini")
    tab.until("document.body.innerText.includes('Ditarik pelapor')")
    assert street.see(given)["status"] == "withdrawn"


def test_a_wrong_link_says_so_and_sends_nothing_again(street: Street, tab: Tab) -> None:
    tab.open(street.around.outputs.api_url + "/lacak#SMG-0000000000000.nonsense")
    tab.until("!!document.querySelector('.error')")
    assert tab.run("document.querySelector('#f-complaint_id').value") == "SMG-0000000000000"


def test_a_link_pasted_where_the_page_is_open_already_works_too(street: Street, tab: Tab) -> None:
    given = street.submit(f"Lampu mati {uuid4()}", service_code="lampu-jalan")
    tab.open(street.around.outputs.api_url + "/lacak")
    tab.run(f"location.hash = {given['links']['track'].partition('#')[2]!r}")
    tab.until(f"document.querySelector('h1').innerText == '{given['complaint_id']}'")


def test_a_report_with_a_photo_sent_from_its_frame(
    street: Street, tab: Tab, tmp_path: Path
) -> None:
    photo = tmp_path / "foto.jpg"
    Image.new("RGB", (320, 240), "teal").save(photo)
    tab.open(street.around.outputs.api_url + "/lapor?jurisdiction_id=semarang&v=gjk-4821")
    tab.fill("description", f"Lampu padam {uuid4()}")
    tab.press("Kirim laporan")
    tab.until("document.querySelector('h1').innerText == 'Terima kasih'")
    number, token = tab.run("[...document.querySelectorAll('.number')].map(o => o.innerText)")
    tab.until(f"{FRAME}.querySelector('input[type=file]')?.name")
    tab.choose_file(f"{FRAME}.querySelector('input[type=file]')", photo)
    tab.press("Kirim foto", FRAME)
    tab.until(f"{FRAME}.body?.innerText.includes('Foto terkirim: 1 dari 5.')")
    # The page around the frame is where it was, with number and code.
    assert tab.run("document.querySelector('.number').innerText") == number
    seen = street.see({"complaint_id": number, "tracking_token": token})
    assert len(seen["photos"]) == 1
    assert seen["channel"] == "fleet"


def test_enter_in_a_question_sends_the_report(street: Street, tab: Tab) -> None:
    tab.open(street.around.outputs.api_url + "/lapor?jurisdiction_id=semarang")
    tab.fill("description", f"Lampu padam {uuid4()}")
    tab.fill("service_code", "lampu-jalan")
    tab.press("Kirim laporan")
    tab.until("document.querySelector('h1').innerText == 'Sebelum dikirim'")
    tab.run("document.getElementsByName('a.nomor_tiang')[0].focus()")
    tab.tell("Input.insertText", text="12")
    for kind in ("keyDown", "keyUp"):
        tab.tell("Input.dispatchKeyEvent", type=kind, key="Enter", code="Enter", text="\r")
    tab.until("document.querySelector('h1').innerText == 'Terima kasih'")


def test_a_script_that_is_not_the_pages_own_does_not_run(street: Street, browser: Tab) -> None:
    browser.open(street.around.outputs.api_url + "/lacak")
    browser.run(
        "(() => { const added = document.createElement('script');"
        " added.textContent = 'window.mischief = true'; document.body.append(added) })()"
    )
    browser.until("1")
    assert browser.run("window.mischief") is None
    assert any("script-src" in one for one in browser.violations)
