"""A vehicle's sticker, the form it opens without script, photos, neighbours, and the way back."""

import json
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pypdfium2
import pytest
import zxingcpp
from PIL import Image
from typer.testing import CliRunner

from cli.main import app
from cli.surroundings import Surroundings
from shared import vehicles
from tests.e2e.citizen import Street, eventually
from tests.plain_browser import Browser, Page

AGENCY = "semarang-disperkim"
PARTNER = f"mitra-{uuid4().hex[:6]}"
LAMP = {"service_code": "lampu-jalan"}


@pytest.fixture(scope="module")
def street(surroundings: Surroundings) -> Street:
    return Street(surroundings)


@pytest.fixture
def phone() -> Iterator[Browser]:
    with httpx.Client(timeout=30, follow_redirects=True) as http:
        yield Browser(http)


@pytest.fixture(scope="module")
def simpul(surroundings: Surroundings) -> Any:
    def run(*arguments: Any) -> str:
        done = CliRunner().invoke(app, [str(one) for one in arguments], obj=surroundings)
        assert done.exit_code == 0, done.output
        return done.stdout

    return run


@pytest.fixture(scope="module")
def sticker(simpul: Any, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Register a vehicle, print its sticker, and return its code and what a camera reads on it."""
    folder: Path = tmp_path_factory.mktemp("fleet")
    file, made = folder / "armada.csv", folder / "stiker.pdf"
    file.write_text("plate\nH 1234 AB\n")
    simpul("fleet", "register", file, "--partner", PARTNER)
    (one,) = json.loads(simpul("fleet", "list", "--partner", PARTNER, "--json"))
    simpul("fleet", "stickers", "--partner", PARTNER, "--out", made, "-j", "semarang")
    image = pypdfium2.PdfDocument(made)[0].render(scale=150 / 72).to_pil()
    (read,) = zxingcpp.read_barcodes(image)
    return {"code": one["vehicle_code"], "url": read.text}


def form_with(page: Page, button: str) -> Any:
    return next(form for form in page.forms if button in form.buttons)


def receipt(page: Page) -> dict[str, str]:
    """Return number and token from the thanks, as its link carries them."""
    (link,) = [str(one["href"]) for one in page.all("a") if "#" in str(one["href"])]
    number, _, token = link.partition("#")[2].partition(".")
    return {"complaint_id": number, "tracking_token": token}


def sent(phone: Browser, page: Page, **fields: Any) -> Page:
    """Send the form, and the second page if there is one."""
    page = phone.send(page.form, **fields)
    assert phone.status in {200, 201}, page.text
    return phone.send(page.form, "Kirim laporan saya") if phone.status == 200 else page


def tracked(phone: Browser, street: Street, given: dict[str, str]) -> Page:
    asked = phone.open(street.around.outputs.api_url + "/lacak")
    return phone.send(asked.form, complaint_id=given["complaint_id"], token=given["tracking_token"])


def worked_on(street: Street, given: dict[str, str]) -> dict[str, Any]:
    """Return the agency's own view of a complaint."""
    path = f"/agencies/{AGENCY}/complaints/{given['complaint_id']}"
    view: dict[str, Any] = street.call("GET", path, token=street.machine(AGENCY)).json()
    return view


def test_from_the_sticker_to_the_agency_with_a_vehicle_that_is_known(
    street: Street, phone: Browser, sticker: dict[str, str]
) -> None:
    assert vehicles.is_sound(sticker["code"])
    page = phone.open(sticker["url"])
    assert page.form.values["vehicle_code"] == sticker["code"]
    given = receipt(sent(phone, page, description="Lampu mati di jalan ini", **LAMP))
    street.assigned(given, AGENCY)
    view = worked_on(street, given)
    assert (view["channel"], view["vehicle_code"]) == ("fleet", sticker["code"])
    assert (view["vehicle_known"], view["vehicle_partner"]) == (True, PARTNER)
    shown = tracked(phone, street, given)
    assert "belum kami kenal" not in shown.text


def test_an_unknown_code_is_taken_and_everyone_who_works_on_it_sees_that(
    street: Street, phone: Browser
) -> None:
    page = phone.open(street.around.outputs.api_url + "/lapor?v=xyz-999")
    given = receipt(sent(phone, page, description="Lampu mati juga di sini", **LAMP))
    street.assigned(given, AGENCY)
    view = worked_on(street, given)
    assert (view["vehicle_code"], view["vehicle_known"]) == ("XYZ-999", False)
    sqs, queue = street.agency_queue(AGENCY), street.around.outputs.agency(AGENCY).queue_url

    def told() -> Any:
        found = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10, VisibilityTimeout=5)
        bodies = [json.loads(one["Body"]) for one in found.get("Messages", [])]
        return next((one for one in bodies if one["complaint_id"] == given["complaint_id"]), None)

    message = eventually(told)
    assert (message["vehicle_code"], message["vehicle_known"]) == ("XYZ-999", False)
    assert "XYZ-999 belum kami kenal" in tracked(phone, street, given).text


def test_a_batch_is_answered_draft_by_draft_and_may_be_repeated(
    street: Street, sticker: dict[str, str]
) -> None:
    def draft(number: int, **changes: Any) -> dict[str, Any]:
        return {
            "key": str(uuid4()),
            "jurisdiction_id": "semarang",
            "description": f"Lampu mati, tiang {number}",
            "drafted_at": "2026-11-20T11:00:00+07:00",
            "vehicle_code": sticker["code"],
            **LAMP,
            **changes,
        }

    first = draft(1, contact={"phone": "+6281200000031"})
    drafts = [first, draft(2, service_code="lampu-jaln"), first, draft(3)]
    for statuses in ([201, 400, 200, 201], [200, 400, 200, 200]):
        answer = street.call("POST", "/complaints/batch", {"drafts": drafts})
        assert answer.status_code == 200
        results = answer.json()["results"]
        assert [one["status"] for one in results] == statuses
        assert results[0]["receipt"] == results[2]["receipt"]
    assert results[1]["problem"]["errors"][0]["field"] == "service_code"
    for place in (0, 3):
        street.assigned(results[place]["receipt"], AGENCY)
        assert worked_on(street, results[place]["receipt"])["vehicle_known"] is True
    assert street.call("POST", "/complaints/batch", {"drafts": []}).status_code == 400
    large = {"drafts": [draft(9, website="x" * 600_000)]}
    assert street.call("POST", "/complaints/batch", large).status_code == 413


def a_photo() -> bytes:
    """Return a picture as a phone takes it, with the place in its metadata."""
    picture, written = Image.new("RGB", (640, 480), "orange"), BytesIO()
    exif = Image.Exif()
    exif[0x8825] = {1: "S", 2: (6.0, 59.0, 2.0)}
    picture.save(written, "JPEG", exif=exif)
    return written.getvalue()


def test_a_report_with_a_photo_and_a_neighbour_who_says_me_too(
    street: Street, phone: Browser
) -> None:
    # Somewhere no other test reports from.
    place = f"-7.{uuid4().int % 9000 + 1000}, 110.{uuid4().int % 9000 + 1000}"
    here: dict[str, Any] = {
        **LAMP,
        "location": f"https://maps.google.com/?q={place.replace(' ', '')}",
    }
    address = street.around.outputs.api_url + "/lapor?jurisdiction_id=semarang"
    thanks = sent(phone, phone.open(address), description="Lampu padam di tikungan", **here)
    given = receipt(thanks)
    assert given["tracking_token"] not in phone.url
    (frame,) = thanks.all("iframe")
    framed = phone.open(str(frame["src"]))
    after = phone.send(framed.form, file=("foto.jpg", a_photo(), "image/jpeg"))
    assert phone.status == 200, phone.markup
    assert "Foto terkirim: 1 dari 5." in after.text
    assert "/lapor/foto" in phone.url
    assert given["tracking_token"] not in phone.url

    def with_photo() -> Page | None:
        page = tracked(phone, street, given)
        return page if page.all("img") else None

    shown = eventually(with_photo)
    (image,) = shown.all("img")
    picture = phone.http.get(str(image["src"]))
    assert picture.headers["Content-Type"] == "image/jpeg"
    assert not Image.open(BytesIO(picture.content)).getexif()

    street.assigned(given, AGENCY)
    with httpx.Client(timeout=30, follow_redirects=True) as http:
        other = Browser(http)

        def similar() -> Page | None:
            page = other.send(other.open(address).form, description="Lampu mati", **here)
            assert other.status == 200
            return page if given["complaint_id"] in page.text else None

        page = eventually(similar)
        for _ in range(2):
            joined = other.send(page.form, f"Saya juga mengalami {given['complaint_id']}")
            assert "tercatat" in joined.text
        assert worked_on(street, given)["supporters"] == 1
        own = receipt(other.send(joined.form, "Kirim laporan saya"))
        assert own["complaint_id"] != given["complaint_id"]


def test_the_tracking_page_opens_with_its_own_code_only_and_takes_replies(
    street: Street, phone: Browser
) -> None:
    given = street.submit("Lampu kedip-kedip", **LAMP)
    assert given["links"]["track"] == f"/lacak#{given['complaint_id']}.{given['tracking_token']}"
    street.assigned(given, AGENCY)
    other = street.submit("rahasia", visibility="private")
    wrong = tracked(phone, street, {**given, "tracking_token": other["tracking_token"]})
    assert phone.status == 403
    assert "Lampu kedip-kedip" not in wrong.text
    version = street.see(given)["version"]
    ask = {"public_note": "Tiang nomor berapa?"}
    asked = street.act(given, "ask", version, street.machine(AGENCY), **ask)
    assert asked.status_code == 200, asked.text
    page = tracked(phone, street, given)
    assert phone.status == 200
    assert phone.headers["Cache-Control"] == "no-store"
    assert phone.headers["Referrer-Policy"] == "no-referrer"
    assert given["tracking_token"] not in phone.url
    assert "Tiang nomor berapa?" in page.text
    after = phone.send(form_with(page, "Kirim jawaban"), note="Nomor 12")
    assert "Nomor 12" in after.text
    assert street.see(given)["status"] == "in_progress"
    resolve = {"public_note": "Sudah diganti."}
    version = street.see(given)["version"]
    done = street.act(given, "resolve", version, street.machine(AGENCY), **resolve)
    assert done.status_code == 200, done.text
    page = tracked(phone, street, given)
    phone.send(form_with(page, "Belum selesai"), note="Masih kedip")
    assert street.see(given)["status"] == "reopened"


def test_a_spoilt_ticket_opens_no_frame(street: Street, phone: Browser) -> None:
    given = street.submit("Lampu mati lagi", **LAMP)
    address = street.around.outputs.api_url + "/lapor/foto?ticket="
    for ticket in ("", f"{given['complaint_id']}.9999999999.{'0' * 32}"):
        assert not phone.open(address + ticket).forms
        assert phone.status == 403
