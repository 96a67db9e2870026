"""CAP for everyone and the desk of shelter officers, through the API's handler."""

import json
from datetime import datetime
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from functions.shelter_alerts.alerts import api
from functions.shelter_alerts.alerts.store import AlertStore
from infra.routes.shelter_alerts import SHELTER_ALERTS_ROUTES
from shared import aws
from shared.clock import WIB
from tests.aws_double import AGENCY_QUEUES
from tests.builders import CONTEXT, an_api_event, officer_claims
from tests.movements import HERE
from tests.shelter_alerting import Scene

OFFICER = officer_claims("shelter_officer:semarang")
OTHER = "semarang-simpang-lima"


@pytest.fixture(name="scene")
def _scene(aws_double: None, monkeypatch: pytest.MonkeyPatch) -> Scene:
    scene = Scene(monkeypatch)
    aws.sqs().create_queue(QueueName=(AGENCY_QUEUES + "semarang-dishub").rsplit("/", 1)[-1])
    monkeypatch.setattr(api, "now", lambda: scene.now)
    api.alerts.cache_clear()
    api.caps.cache_clear()
    return scene


def ask(method: str, path: str, **more: Any) -> Any:
    return api.handler(an_api_event(method, path, **more), CONTEXT)


def body(answer: Any) -> Any:
    return json.loads(answer["body"])


def crowd(scene: Scene, number: int = 44) -> None:
    scene.there_are(number)
    scene.says(0)
    (said,) = scene.says(30)
    assert scene.tell(said) == []


def test_the_handler_serves_exactly_its_routes():
    served = {
        (route.method, route.rule.pattern)
        for route in api.app._static_routes + api.app._dynamic_routes
    }
    assert len(served) == len(SHELTER_ALERTS_ROUTES)
    assert {route.function for route in SHELTER_ALERTS_ROUTES} == {"shelter_alerts.alerts.api"}


def test_everyone_reads_the_feed_and_each_message(scene, monkeypatch):
    monkeypatch.setenv("API_URL", "https://aduan.example/v1")
    crowd(scene)
    answer = ask("GET", "/shelters/alerts")
    assert answer["statusCode"] == 200
    assert answer["multiValueHeaders"]["Content-Type"] == ["application/atom+xml; charset=utf-8"]
    root = ET.fromstring(answer["body"])  # noqa: S314 (written by us)
    (link,) = root.findall("{*}entry/{*}link")
    path = link.attrib["href"].removeprefix("https://aduan.example/v1")
    message = ask("GET", path)
    assert message["statusCode"] == 200
    assert message["multiValueHeaders"]["Content-Type"] == ["application/cap+xml; charset=utf-8"]
    etag = message["multiValueHeaders"]["ETag"][0]
    for known in (etag, f'"x", W/{etag}', "*"):
        again = ask("GET", path, headers={"If-None-Match": known})
        assert (again["statusCode"], again["body"]) == (304, "")


def test_the_feed_is_of_one_jurisdiction_if_asked_and_forgets_after_two_days(scene):
    crowd(scene)
    empty = ask("GET", "/shelters/alerts", query={"jurisdiction_id": "jateng"})
    assert "<entry" not in empty["body"]
    wrong = ask("GET", "/shelters/alerts", query={"jurisdiction_id": "solo"})
    assert (wrong["statusCode"], body(wrong)["code"]) == (400, "invalid_input")
    scene.there_are(0)
    scene.says(0)
    (said,) = scene.says(600)
    assert scene.tell(said) == []
    scene.wait(2 * 86_400 + 1)
    assert "<entry" not in ask("GET", "/shelters/alerts")["body"]


def test_the_feed_has_the_last_of_every_alert_that_is_open_however_long_ago_it_was(scene):
    crowd(scene)
    scene.wait(3 * 86_400)
    root = ET.fromstring(ask("GET", "/shelters/alerts")["body"])  # noqa: S314 (written by us)
    (link,) = root.findall("{*}entry/{*}link")
    path = link.attrib["href"].rpartition("/v1")[2]
    assert "<msgType>Alert</msgType>" in ask("GET", path)["body"]
    empty = ask("GET", "/shelters/alerts", query={"jurisdiction_id": "jateng"})
    assert "<entry" not in empty["body"]


def test_a_message_that_never_was_is_not_found(scene):
    assert ask("GET", "/shelters/alerts/x")["statusCode"] == 404


def test_officers_see_the_shelters_that_they_watch_the_worst_first(scene):
    crowd(scene)
    answer = ask("GET", "/shelters/watch", claims=OFFICER, headers={"Accept-Language": "en"})
    first, second, *_ = found = body(answer)["shelters"]
    assert (first["shelter_id"], first["state"], first["occupancy"]) == (
        HERE,
        "over",
        {"motorcycle": 44},
    )
    assert (second["state"], second["since"], second["seq"]) == ("normal", None, 0)
    assert {one["jurisdiction_id"] for one in found} == {"semarang"}
    other = ask("GET", "/shelters/watch", claims=OFFICER, query={"jurisdiction_id": "jateng"})
    assert body(other)["shelters"] == []
    wrong = ask("GET", "/shelters/watch", claims=OFFICER, query={"jurisdiction_id": "solo"})
    assert (wrong["statusCode"], body(wrong)["errors"][0]["field"]) == (400, "jurisdiction_id")


def test_officers_see_who_is_there_now_also_where_nothing_is_said(scene):
    crowd(scene)
    scene.there_are(46)
    scene.there_are(3, OTHER, "car")
    for shelter in (HERE, OTHER):
        assert scene.look(shelter) == []
    found = {
        one["shelter_id"]: one
        for one in body(ask("GET", "/shelters/watch", claims=OFFICER))["shelters"]
    }
    assert found[HERE]["occupancy"] == {"motorcycle": 46}
    assert (found[OTHER]["state"], found[OTHER]["occupancy"]["car"]) == ("normal", 3)
    changed = ask("POST", f"/shelters/{HERE}/silences", claims=OFFICER, body={"minutes": 5})
    assert body(changed)["occupancy"] == {"motorcycle": 46}


def test_officers_see_how_many_places_there_are_at_this_hour(scene):
    assert scene.look(OTHER) == []
    scene.now = datetime(2026, 11, 22, 6, 0, tzinfo=WIB)  # a Sunday without cars
    watched = body(ask("GET", "/shelters/watch", claims=OFFICER))["shelters"]
    (found,) = (one for one in watched if one["shelter_id"] == OTHER)
    assert found["capacity"] == {"motorcycle": 15, "car": 1}


@pytest.mark.parametrize("groups", [(), ("operator",), ("shelter_officer:jateng",)])
def test_others_may_not_touch_them(scene, groups):
    claims = officer_claims(*groups)
    for action, given in (("silences", {"minutes": 5}), ("acknowledgements", {"seq": 1})):
        answer = ask("POST", f"/shelters/{HERE}/{action}", claims=claims, body=given)
        assert answer["statusCode"] == 403
    if "shelter_officer:jateng" not in groups:
        assert ask("GET", "/shelters/watch", claims=claims)["statusCode"] == 403


def test_an_alert_is_taken_up_once_it_was_seen(scene):
    path = f"/shelters/{HERE}/acknowledgements"
    calm = ask("POST", path, claims=OFFICER, body={"seq": 1})
    assert (calm["statusCode"], body(calm)["detail"]) == (409, "Di sini tidak ada peringatan.")
    crowd(scene)
    assert ask("POST", path, claims=OFFICER, body={"seq": 2})["statusCode"] == 409
    answer = ask("POST", path, claims=OFFICER, body={"seq": 1})
    assert (answer["statusCode"], body(answer)["acknowledged_by"]) == (201, "officer:5f0c")
    scene.wait(3 * 3600)
    scene.look()
    assert scene.alert().seq == 1


def test_a_silence_holds_until_it_ends_or_is_ended(scene):
    crowd(scene)
    path = f"/shelters/{HERE}/silences"
    answer = ask("POST", path, claims=OFFICER, body={"minutes": 90})
    assert body(answer)["silenced_until"] == "2026-11-20T06:30:30.000Z"
    assert scene.alert().is_silenced(scene.now_ms)
    assert body(ask("POST", path, claims=OFFICER, body={"minutes": 0}))["silenced_until"] is None
    assert ask("POST", path, claims=OFFICER, body={"minutes": -1})["statusCode"] == 400


def test_a_shelter_that_was_never_looked_at_can_be_silenced(scene):
    answer = ask("POST", f"/shelters/{HERE}/silences", claims=OFFICER, body={"minutes": 5})
    assert answer["statusCode"] == 201
    scene.there_are(44)
    scene.says(0)
    (said,) = scene.says(30)
    assert said["silenced"] is True


def test_an_unknown_shelter_is_not_found(scene):
    path = "/shelters/semarang-nowhere/silences"
    assert ask("POST", path, claims=OFFICER, body={"minutes": 5})["statusCode"] == 404


def test_who_writes_while_others_do_tries_again_and_then_says_so(scene, monkeypatch):
    crowd(scene)
    monkeypatch.setattr(AlertStore, "write", lambda *_: None)
    answer = ask("POST", f"/shelters/{HERE}/silences", claims=OFFICER, body={"minutes": 5})
    assert (answer["statusCode"], answer["multiValueHeaders"]["Retry-After"]) == (503, ["1"])
