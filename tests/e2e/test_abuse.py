"""Abuse on the running deployment: what may be spam waits at the desk, hidden, and nothing is lost."""

import re
from typing import Any
from uuid import uuid4

import pytest

from cli.surroundings import Surroundings
from tests.e2e.citizen import Street, eventually

AGENCY, DESK = "semarang-disperkim", "semarang-diskominfo"
FLOOD, MOST = 15, 10


@pytest.fixture(scope="module")
def street(surroundings: Surroundings) -> Street:
    return Street(surroundings)


def routed(street: Street, receipt: dict[str, Any]) -> dict[str, Any]:
    """Wait until a complaint has an agency and return the reporter's view."""
    view: dict[str, Any] = eventually(lambda: (seen := street.see(receipt))["agency"] and seen)
    return view


def public_status(street: Street, receipt: dict[str, Any]) -> int:
    return street.call("GET", f"/complaints/{receipt['complaint_id']}").status_code


def rule(street: Street, receipt: dict[str, Any]) -> tuple[str, str | None]:
    """Return the rule and the suspicion that the desk sees."""
    path = f"/agencies/{DESK}/complaints/{receipt['complaint_id']}"
    answer = street.call("GET", path, token=street.officer("operator:semarang"))
    assert answer.status_code == 200, answer.text
    shown = answer.json()
    return shown["assignment"]["rule"], shown["suspicion"]


def test_of_a_flood_from_one_device_the_first_ten_go_on_and_the_rest_waits(street: Street) -> None:
    device = str(uuid4())
    receipts = [
        street.submit(f"Lampu mati {number}", service_code="lampu-jalan", device_id=device)
        for number in range(FLOOD)
    ]
    agencies = [routed(street, receipt)["agency"]["code"] for receipt in receipts]
    assert agencies == [AGENCY] * MOST + [DESK] * (FLOOD - MOST)
    assert {public_status(street, receipt) for receipt in receipts[:MOST]} == {200}
    assert {public_status(street, receipt) for receipt in receipts[MOST:]} == {404}
    assert rule(street, receipts[-1]) == ("suspected-spam", "device_flood")
    other = street.submit(service_code="lampu-jalan", device_id=str(uuid4()))
    assert routed(street, other)["agency"]["code"] == AGENCY


def test_an_operator_who_assigns_what_was_suspected_makes_it_a_complaint_like_any(
    street: Street,
) -> None:
    receipt = street.submit("Main slot gacor di sini", service_code="lampu-jalan")
    seen = routed(street, receipt)
    assert seen["agency"]["code"] == DESK
    assert rule(street, receipt) == ("suspected-spam", "blocked_words")
    assert public_status(street, receipt) == 404
    answer = street.act(
        receipt, "assign", seen["version"], street.officer("operator:semarang"), agency=AGENCY
    )
    assert answer.status_code == 200, answer.text
    assert public_status(street, receipt) == 200
    assert street.heard(AGENCY, receipt)["description"] == "Main slot gacor di sini"


def test_who_fills_the_trap_is_answered_like_anyone(street: Street) -> None:
    receipt = street.submit(service_code="lampu-jalan", website="https://example.com")
    assert routed(street, receipt)["agency"]["code"] == DESK
    assert rule(street, receipt) == ("suspected-spam", "honeypot")
    assert public_status(street, receipt) == 404


def test_the_form_has_the_trap_too_where_people_do_not_see_it(street: Street) -> None:
    page = street.call("GET", "/lapor").text
    assert 'name="website"' in page
    form = {"key": str(uuid4()), "jurisdiction_id": "semarang", "description": "Lampu mati"}
    url = street.around.outputs.api_url + "/lapor"
    posted = {**form, "website": "https://example.com"}
    answer = street.around.http.post(url, data=posted)
    assert answer.status_code == 201
    found = re.search(r"SMG-[0-9A-Z]{13}", answer.text)
    assert found
    path = f"/agencies/{DESK}/complaints/{found[0]}"
    token = street.officer("operator:semarang")
    eventually(lambda: street.call("GET", path, token=token).status_code == 200)
    assert rule(street, {"complaint_id": found[0]}) == ("suspected-spam", "honeypot")


def test_html_and_numbers_of_people_are_no_part_of_what_the_public_reads(street: Street) -> None:
    said = "<b>Lampu</b> mati, suhu <5 derajat &amp; gelap, hub 081200000081 Jl. Merpati No. 12"
    receipt = street.submit(said, service_code="lampu-jalan")
    kept = "Lampu mati, suhu <5 derajat & gelap, hub 081200000081 Jl. Merpati No. 12"
    assert street.see(receipt)["description"] == kept
    shown = street.call("GET", f"/complaints/{receipt['complaint_id']}").json()
    assert shown["description"] == (
        "Lampu mati, suhu <5 derajat & gelap, hub [nomor disamarkan] Jl. Merpati [alamat disamarkan]"
    )
    assert street.heard(AGENCY, receipt)["description"] == kept
