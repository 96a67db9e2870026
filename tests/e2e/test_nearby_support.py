"""Similar complaints before one is submitted, and the voices of those who have the same trouble."""

import random
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest

from cli.surroundings import Surroundings
from tests.e2e.citizen import Street, eventually

AGENCY = "semarang-disperkim"


@pytest.fixture(scope="module")
def street(surroundings: Surroundings) -> Street:
    return Street(surroundings)


@pytest.fixture
def place() -> dict[str, float]:
    """A place where no other test complains."""
    return {
        "lat": round(random.uniform(-7.1, -6.9), 4),
        "long": round(random.uniform(110.3, 110.5), 4),
    }


@pytest.fixture
def receipt(street: Street, place: dict[str, float]) -> dict[str, Any]:
    given = street.submit("Lampu jalan mati", service_code="lampu-jalan", **place)
    street.assigned(given, AGENCY)
    return given


def near(
    street: Street, place: dict[str, float], north_m: float = 0, **query: str
) -> list[dict[str, Any]]:
    lat = place["lat"] + north_m / 111_195
    asked = {"jurisdiction_id": "semarang", "lat": f"{lat:.6f}", "lng": str(place["long"]), **query}
    answer = street.call(
        "GET", "/complaints/nearby?" + "&".join(f"{k}={v}" for k, v in asked.items())
    )
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["complaints"]
    return found


def say(street: Street, receipt: dict[str, Any], what: str, device: str, **more: Any) -> Any:
    path = f"/complaints/{receipt['complaint_id']}/{what}"
    return street.call("POST", path, {"device_id": device, **more})


def test_similar_complaints_around_a_place_are_found_and_no_others(
    street: Street, place: dict[str, Any], receipt: dict[str, Any]
) -> None:
    number = receipt["complaint_id"]
    hidden = street.submit(service_code="lampu-jalan", visibility="private", **place)
    ((found,),) = [eventually(lambda: near(street, place, 60, category="lampu-jalan"))]
    assert (found["complaint_id"], found["distance_m"]) == (number, 60)
    assert (found["service_name"], found["supporters"]) == ("Lampu penerangan jalan", 0)
    assert (
        near(street, place, 140, category="lampu-jalan") == []
    )  # a street light's radius is 100 m
    assert [one["complaint_id"] for one in near(street, place, 140)] == [number]  # else 250 m
    assert near(street, place, category="sampah") == []
    assert hidden["complaint_id"] not in str(near(street, place))


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("lat=-6.99&lng=110.42", "jurisdiction_id"),
        ("jurisdiction_id=solo&lat=-6.99&lng=110.42", "jurisdiction_id"),
        ("jurisdiction_id=semarang&lng=110.42", "lat"),
        ("jurisdiction_id=semarang&lat=91&lng=110.42", "lat"),
        ("jurisdiction_id=semarang&lat=-6.99", "lng"),
        ("jurisdiction_id=semarang&lat=-6.99&lng=timur", "lng"),
        ("jurisdiction_id=semarang&lat=-6.99&long=200", "long"),
        ("jurisdiction_id=semarang&lat=-6.99&lng=110.42&category=x", "category"),
    ],
)
def test_a_question_that_cannot_be_answered_says_which_parameter_it_is(
    street: Street, query: str, field: str
) -> None:
    answer = street.call("GET", f"/complaints/nearby?{query}")
    assert answer.status_code == 400
    assert [one["field"] for one in answer.json()["errors"]] == [field]


def test_a_device_counts_once_and_fifty_at_once_are_fifty(
    street: Street, place: dict[str, float], receipt: dict[str, Any]
) -> None:
    mine = str(uuid4())
    answers = [say(street, receipt, "support", mine) for _ in range(10)]
    assert [one.status_code for one in answers] == [201] + [200] * 9
    assert {one.json()["supporters"] for one in answers} == {1}
    with ThreadPoolExecutor(10) as pool:
        done = list(pool.map(lambda _: say(street, receipt, "support", str(uuid4())), range(50)))
    assert {one.status_code for one in done} == {201}
    token = street.machine(AGENCY)
    work = street.call(
        "GET", f"/agencies/{AGENCY}/complaints/{receipt['complaint_id']}", token=token
    ).json()
    assert work["supporters"] == 51
    public = street.call("GET", f"/complaints/{receipt['complaint_id']}").json()
    assert (public["supporters"], public["version"]) == (51, work["version"])
    assert near(street, place)[0]["supporters"] == 51
    # The version that the agency saw at first is still the present one.
    assert street.act(receipt, "accept", work["version"], token).status_code == 200


def test_anyone_says_that_it_is_not_done_and_the_agency_hears_it(
    street: Street, receipt: dict[str, Any]
) -> None:
    early = say(street, receipt, "not-fixed", "gawai-1")
    assert (early.status_code, early.json()["code"]) == (409, "illegal_action")
    token, version = street.machine(AGENCY), street.see(receipt)["version"]
    for action in ("accept", "resolve"):
        done = street.act(receipt, action, version, token, public_note="Sudah diganti.")
        version = done.json()["version"]
    late = say(street, receipt, "support", "gawai-1")
    assert late.status_code == 409
    assert "not-fixed" in late.json()["detail"]
    answers = [say(street, receipt, "not-fixed", "gawai-1", note="Masih gelap.") for _ in range(2)]
    assert [one.status_code for one in answers] == [201, 200]
    assert {one.json()["not_fixed"] for one in answers} == {1}
    message = street.heard(AGENCY, receipt, action="not_fixed")
    assert (message["note"], message["not_fixed"]) == ("Masih gelap.", 1)
    public = street.call("GET", f"/complaints/{receipt['complaint_id']}")
    assert public.json()["not_fixed"] == 1
    assert "Masih gelap" not in public.text


def test_of_a_crowd_the_agency_hears_five_and_sees_how_many_they_are(
    street: Street, receipt: dict[str, Any]
) -> None:
    token, version = street.machine(AGENCY), street.see(receipt)["version"]
    for action in ("accept", "resolve"):
        done = street.act(receipt, action, version, token, public_note="Sudah diganti.")
        version = done.json()["version"]
    for one in range(8):
        assert say(street, receipt, "not-fixed", f"gawai-{one}").status_code == 201
    path = f"/agencies/{AGENCY}/complaints/{receipt['complaint_id']}"
    work = street.call("GET", path, token=token).json()
    assert work["not_fixed"] == 8
    assert [step["action"] for step in work["timeline"]].count("not_fixed") == 5


@pytest.mark.parametrize("visibility", ["private", "secret"])
def test_nobody_speaks_of_what_is_not_public(street: Street, visibility: str) -> None:
    hidden = street.submit(service_code="lampu-jalan", visibility=visibility)
    for what in ("support", "not-fixed"):
        assert say(street, hidden, what, "gawai-1").status_code == 404
    assert say(street, {"complaint_id": "SMG-0000000000000"}, "support", "x").status_code == 404
