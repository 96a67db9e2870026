"""Fleets' vehicles are sent where there is room, and keep their place while they drive."""

from datetime import timedelta
from typing import Any

import pytest

from functions.shelter_alerts.configuration import all_shelters
from functions.shelter_alerts.feeds import api, looking
from functions.shelter_alerts.items import instant
from functions.shelter_alerts.redirects import api as redirects_api
from functions.shelter_alerts.redirects.store import RedirectStore
from functions.shelter_alerts.store import VehicleStore
from tests.aws_double import SHELTERS
from tests.integration.test_feeds_api import FLEET, MITRA, called, come, get, reported
from tests.movements import HERE, MINUTE
from tests.unit.shelter_alerts.fleet import NOON

pytestmark = pytest.mark.usefixtures("aws_double")


@pytest.fixture(autouse=True)
def _at_noon(monkeypatch: pytest.MonkeyPatch) -> None:
    looking.forget()
    looking.board.cache_clear()
    redirects_api.redirects.cache_clear()
    for module in (api, redirects_api):
        monkeypatch.setattr(module, "now", lambda: instant(NOON + MINUTE))


def redirect(device: str, **changes: Any) -> Any:
    body = {"device_id": device, "vehicle_type": "car", "lat": -6.9846, "lng": 110.4086, **changes}
    return called(redirects_api.handler, "POST", "/fleet/redirects", body=body, claims=FLEET)


def test_each_place_is_given_to_one_vehicle_of_a_fleet():
    reported()
    come(*(f"c{n}" for n in range(4)), vehicle_type="car")
    first = [redirect(f"d{n}")[1]["shelters"][0]["shelter_id"] for n in range(3)]
    assert first[:2] == [HERE, HERE]
    assert first[2] != HERE
    assert redirect("d9")[1]["passed_over"][0]["reason"] == "promised"


def test_who_asks_again_is_sent_anew_and_keeps_no_second_place():
    reported()
    come(*(f"c{n}" for n in range(5)), vehicle_type="car")
    for _ in range(3):
        status, body, headers = redirect("d1")
        assert (status, body["shelters"][0]["shelter_id"]) == (200, HERE)
    assert headers["Cache-Control"] == "no-store"
    assert body["kept_until"] == "2026-11-20T05:06:00Z"


def test_after_five_minutes_or_once_it_is_there_a_place_is_kept_no_more(monkeypatch):
    reported()
    come(*(f"c{n}" for n in range(5)), vehicle_type="car")
    redirect("d1")
    assert redirect("d2")[1]["shelters"][0]["shelter_id"] != HERE
    VehicleStore(SHELTERS).worked_through(MITRA, 1, NOON + 6 * MINUTE)
    looking.forget()
    monkeypatch.setattr(redirects_api, "now", lambda: instant(NOON + 6 * MINUTE) + timedelta(0))
    assert redirect("d2")[1]["shelters"][0]["shelter_id"] == HERE


def test_who_has_arrived_takes_no_second_place():
    reported()
    come(*(f"c{n}" for n in range(4)), vehicle_type="car")
    redirect("d1")
    come("d1", vehicle_type="car")
    assert redirect("d2")[1]["shelters"][0]["shelter_id"] == HERE


def test_a_place_that_another_was_given_meanwhile_is_not_given_twice(monkeypatch):
    reported()
    come(*(f"c{n}" for n in range(5)), vehicle_type="car")
    sent: list[str] = []
    send = RedirectStore.send

    def overtaken(store: RedirectStore, provider_id: str, device_id: str, *more: Any) -> int:
        if not sent:
            send(store, provider_id, "a-vehicle", *more)
        sent.append(more[0])
        return send(store, provider_id, device_id, *more)

    monkeypatch.setattr(RedirectStore, "send", overtaken)
    _, body, _ = redirect("d1")
    assert body["shelters"][0]["shelter_id"] == sent[-1] != HERE
    assert [one["reason"] for one in body["passed_over"]] == ["promised"]
    assert sent == [HERE, sent[-1]]
    assert redirect("d1")[1]["shelters"][0]["shelter_id"] == sent[-1]


def test_where_others_took_every_place_meanwhile_nobody_is_sent(monkeypatch):
    reported()
    looked: list[int] = []

    def crowded(*_: Any, **__: Any) -> dict[str, int]:
        looked.append(0)
        return dict.fromkeys(all_shelters(), 1000) if looked[1:] else {}

    monkeypatch.setattr(RedirectStore, "promised", crowded)
    status, body, _ = redirect("d1")
    assert (status, body["shelters"], body["kept_until"]) == (200, [], None)


def test_a_vehicle_is_the_same_in_capitals():
    reported()
    come(*(f"c{n}" for n in range(4)), vehicle_type="car")
    assert redirect("D1")[1]["device_id"] == "d1"
    assert redirect("d1")[1]["shelters"][0]["free"] == 2
    redirect("E1")
    come("e1", vehicle_type="car")
    assert redirect("d1")[1]["shelters"][0]["shelter_id"] == HERE


def test_what_others_were_promised_and_the_public_asked_takes_nothing_from_a_fleet():
    reported()
    come(*(f"c{n}" for n in range(5)), vehicle_type="car")
    query = {"lat": "-6.9846", "lng": "110.4086", "vehicle_type": "car"}
    for _ in range(3):
        assert get("/shelters/nearest", query)[1]["shelters"][0]["shelter_id"] == HERE
    assert redirect("d1")[1]["shelters"][0]["shelter_id"] == HERE
    assert get("/shelters/nearest", query)[1]["shelters"][0]["shelter_id"] == HERE


def test_a_token_of_another_kind_sends_nobody():
    body = {"device_id": "d", "vehicle_type": "car", "lat": 0.0, "lng": 0.0}
    for claims in (
        {"scope": "officer/desk", "sub": "x"},
        {"scope": "fleet/telemetry", "client_id": "?"},
    ):
        status, _, _ = called(
            redirects_api.handler, "POST", "/fleet/redirects", body=body, claims=claims
        )
        assert status == 403


def test_where_nobody_reports_nobody_is_sent():
    status, body, _ = redirect("d1")
    assert (status, body["shelters"], body["kept_until"]) == (200, [], None)
