"""Where an alert says that there is room: what everyone is told, net of what fleets were given."""

import pytest

from functions.shelter_alerts import configuration
from functions.shelter_alerts.feeds import looking
from functions.shelter_alerts.feeds.standing import Option
from functions.shelter_alerts.nearest import nearest
from functions.shelter_alerts.redirects.store import RedirectStore
from shared import aws
from tests.aws_double import SHELTERS, messages
from tests.integration.test_shelter_tidings import DISHUB, crowd
from tests.movements import HERE, THERE
from tests.shelter_alerting import Scene
from tests.unit.shelter_alerts.fleet import PROVIDER


@pytest.fixture(name="scene")
def _scene(aws_double: None, monkeypatch: pytest.MonkeyPatch) -> Scene:
    aws.sqs().create_queue(QueueName=DISHUB.rsplit("/", 1)[-1])
    return Scene(monkeypatch)


def test_who_is_sent_on_is_sent_where_there_is_room(scene):
    said = crowd(scene)
    scene.tell(said)
    (alert,) = messages(DISHUB)
    nearest = alert["nearest"][0]["id"]
    scene.there_are(100, nearest)
    scene.look(nearest)
    scene.there_are(0)
    scene.says(0)
    scene.reports()
    (resolved,) = scene.says(120)
    scene.tell(resolved)
    (alert,) = messages(DISHUB)
    assert nearest not in [one["id"] for one in alert["nearest"]]
    assert [one["reason"] for one in alert["nearest"]] == ["nearer_full", "nearest", "nearest"]


def test_an_alert_names_the_shelters_that_everyone_is_told_are_nearest(scene):
    scene.there_are(12, THERE)
    scene.look(THERE)
    scene.tell(crowd(scene))
    (alert,) = messages(DISHUB)
    stands = looking.standings_of("semarang", scene.now)
    others = [Option(one, "motorcycle") for one in stands if one.shelter.id != HERE]
    place = configuration.all_shelters()[HERE].centre
    told = nearest(others, place, promised={}, most=3).named
    assert [(one["id"], one["distance_m"], one["free"]) for one in alert["nearest"]] == [
        (one.id, one.distance_m, one.free) for one in told
    ]


def test_places_kept_for_vehicles_on_their_way_are_not_told_of_as_free(scene):
    said = crowd(scene)
    scene.tell(said)
    (alert,) = messages(DISHUB)
    first, second = (one["id"] for one in alert["nearest"][:2])
    scene.there_are(0)
    scene.says(0)
    scene.wait(120)
    redirects, free = RedirectStore(SHELTERS), alert["nearest"][0]["free"]
    for number in range(free):
        redirects.send(PROVIDER, f"sent-{number}", first, "motorcycle", scene.now_ms)
    redirects.send(PROVIDER, "one", second, "motorcycle", scene.now_ms)
    redirects.send(PROVIDER, "car", second, "car", scene.now_ms)
    scene.reports()
    (resolved,) = scene.says(0)
    scene.tell(resolved)
    (later,) = messages(DISHUB)
    assert (later["nearest"][0]["id"], later["nearest"][0]["reason"]) == (second, "nearer_full")
    assert later["nearest"][0]["free"] == alert["nearest"][1]["free"] - 1


def test_nobody_is_sent_where_nobody_reports(scene):
    said = crowd(scene)
    scene.wait(200)
    scene.tell(said)
    (alert,) = messages(DISHUB)
    assert alert["nearest"] == []
