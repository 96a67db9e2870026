"""Splitting and merging on the real deployment: what follows moves, and everyone hears of it."""

from typing import Any

import pytest

from cli.surroundings import Surroundings
from tests.e2e.citizen import Street, eventually

LAMPS, WASTE, TRIAGE = "semarang-disperkim", "semarang-dlh", "semarang-diskominfo"


@pytest.fixture(scope="module")
def street(surroundings: Surroundings) -> Street:
    return Street(surroundings)


def reported(street: Street, description: str = "Lampu jalan mati dan sampah menumpuk") -> Any:
    """Return the receipt of a complaint that its agency has."""
    receipt = street.submit(description, service_code="lampu-jalan")
    street.assigned(receipt, LAMPS)
    return receipt


def act(street: Street, receipt: Any, action: str, token: str, **more: Any) -> Any:
    """Act on a complaint as it stands; return how it stands then."""
    version = street.call("GET", f"/complaints/{receipt['complaint_id']}").json()["version"]
    answer = street.act(receipt, action, version, token, **more)
    assert answer.status_code == 200, answer.text
    return answer.json()


def worked(street: Street, number: str, agency: str, note: str) -> None:
    """Let an officer of an agency do its part to the end."""
    token = street.officer(f"agency:{agency}")
    for action in ("accept", "start", "resolve"):
        act(street, {"complaint_id": number}, action, token, public_note=note)


def stands(street: Street, receipt: Any, status: str) -> Any:
    """Wait until a complaint is in a status; return it as its reporter sees it."""

    def look() -> Any:
        seen = street.see(receipt)
        return seen if seen["status"] == status else None

    return eventually(look)


def test_the_last_of_its_parts_ends_a_complaint_and_says_how_each_ended(street: Street) -> None:
    receipt = reported(street)
    desk = street.officer("operator:semarang")
    parts = [
        {"agency": LAMPS},
        {"agency": WASTE, "service_code": "sampah", "description": "Sampah menumpuk"},
    ]
    refused = street.act(receipt, "split", 2, street.machine(LAMPS), parts=parts)
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
    lamps, waste = act(street, receipt, "split", desk, parts=parts)["related"]
    for number, agency in ((lamps, LAMPS), (waste, WASTE)):
        message = street.heard(agency, {"complaint_id": number}, type="complaint_assigned.v1")
        assert message["anonymous"]
    version = street.see(receipt)["version"]
    early = street.act(receipt, "resolve", version, desk, public_note="Beres.")
    assert (early.status_code, early.json()["code"]) == (409, "illegal_action")

    worked(street, lamps, LAMPS, "Lampu diganti.")
    worked(street, waste, WASTE, "Sampah diangkut.")
    seen = stands(street, receipt, "resolved")
    assert {one["complaint_id"]: one["status"] for one in seen["related"]} == {
        lamps: "resolved",
        waste: "resolved",
    }
    note = seen["timeline"][-1]["note"]
    assert "Lampu diganti." in note
    assert "Sampah diangkut." in note
    street.heard(TRIAGE, receipt, type="complaint_changed.v1", action="follow")


def test_parts_are_withdrawn_with_what_they_are_parts_of(street: Street) -> None:
    receipt = reported(street)
    desk = street.officer("operator:semarang")
    parts = [{"agency": LAMPS}, {"agency": WASTE}]
    numbers = act(street, receipt, "split", desk, parts=parts)["related"]
    assert street.reply(receipt, "withdraw").status_code == 200
    for number, agency in zip(numbers, (LAMPS, WASTE), strict=True):
        heard = street.heard(agency, {"complaint_id": number}, type="complaint_changed.v1")
        assert (heard["action"], heard["status"]) == ("withdraw", "withdrawn")


def test_parts_are_hidden_and_redacted_with_what_they_are_parts_of(street: Street) -> None:
    receipt = reported(street)
    desk = street.officer("operator:semarang")
    parts = [{"agency": LAMPS}, {"agency": WASTE, "description": "Sampah menumpuk"}]
    same, other = act(street, receipt, "split", desk, parts=parts)["related"]
    covered = {"public_description": "Lampu jalan mati", "internal_note": "Ada nama orang"}
    act(street, receipt, "redact", desk, **covered)

    def public(number: str) -> Any:
        return street.call("GET", f"/complaints/{number}")

    read = "Lampu jalan mati"
    assert eventually(lambda: public(same).json()["description"] == read)
    assert public(other).json()["description"] == "Sampah menumpuk"
    act(street, receipt, "hide", desk, internal_note="Ada nama orang")
    for number, agency in ((same, LAMPS), (other, WASTE)):

        def gone(number: str = number) -> bool:
            return bool(public(number).status_code == 404)

        assert eventually(gone)
        path = f"/agencies/{agency}/complaints/{number}"
        view = street.call("GET", path, token=street.officer(f"agency:{agency}")).json()
        assert (view["hidden"], view["status"]) == (True, "assigned")


def test_duplicates_are_resolved_with_what_they_follow(street: Street) -> None:
    first, second, third = (reported(street, "Lampu jalan mati") for _ in range(3))
    desk = street.officer("operator:semarang")
    for one in (second, third):
        act(street, one, "merge", desk, into=first["complaint_id"])
        heard = street.heard(LAMPS, one, type="complaint_changed.v1")
        assert (heard["action"], heard["status"]) == ("merge", "duplicate")
    assert street.see(first)["duplicates"] == 2
    chained = street.act(first, "merge", 2, desk, into=reported(street)["complaint_id"])
    assert (chained.status_code, chained.json()["code"]) == (409, "illegal_action")
    act(street, third, "unmerge", desk)
    worked(street, first["complaint_id"], LAMPS, "Lampu diganti.")
    seen = stands(street, second, "resolved")
    assert seen["timeline"][-1]["note"].endswith("Lampu diganti.")
    assert seen["related"][0]["complaint_id"] == first["complaint_id"]
    assert street.see(third)["status"] == "returned"


def test_duplicates_of_what_is_withdrawn_go_back_to_the_desk(street: Street) -> None:
    first, second = reported(street), reported(street)
    desk = street.officer("operator:semarang")
    act(street, second, "merge", desk, into=first["complaint_id"])
    assert street.reply(first, "withdraw").status_code == 200
    stands(street, second, "returned")
    message = street.heard(TRIAGE, second, type="complaint_assigned.v1")
    assert message["rule"] == "unmerged"
