"""What is said of a shelter is told once: to Dishub, to partners, to a district's offices."""

import json
from contextlib import suppress
from xml.etree import ElementTree as ET

import pytest
from jsonschema import Draft202012Validator

from functions.shelter_alerts.alerts import telling
from functions.shelter_alerts.alerts.caps import CapStore
from functions.shelter_alerts.alerts.districts import DistrictStore
from functions.shelter_alerts.alerts.notified import PartnerServer, Subscriber
from functions.shelter_alerts.on_alert import WAITS_S
from infra.contracts import rendered
from shared import aws
from shared.messengers import posting
from shared.messengers.posting import NotDelivered
from shared.messengers.signing import secret_of
from tests.aws_double import AGENCY_QUEUES, ALERTS_QUEUE, ENVIRONMENT, SHELTERS, messages
from tests.dying import Died, dying
from tests.messengers import Messengers
from tests.metering import metered
from tests.movements import HERE, THERE, sweep
from tests.shelter_alerting import Scene

DISHUB = AGENCY_QUEUES + "semarang-dishub"
OFFICE = Subscriber(id="kantor", email="dishub@kota.example", sms="+6281200000000")
ENGLISH = Subscriber(
    id="english",
    email="office@kota.example",
    language="en",
    at_least="over",
    districts=("Semarang Utara",),
)
PARTNER = PartnerServer(id="mitra", url="https://mitra.example/hooks", at_least="warning")
SECRET = secret_of(bytes(range(32)))


@pytest.fixture(name="scene")
def _scene(aws_double: None, monkeypatch: pytest.MonkeyPatch) -> Scene:
    aws.sqs().create_queue(QueueName=DISHUB.rsplit("/", 1)[-1])
    return Scene(monkeypatch)


@pytest.fixture(name="sent")
def _sent(scene, monkeypatch):
    aws._client("secretsmanager").create_secret(
        Name=ENVIRONMENT["PARTNER_SECRET_PREFIX"] + "mitra",
        SecretString=f'{{"secret": "{SECRET}"}}',
    )
    with Messengers().standing_in() as messengers:
        monkeypatch.setattr(posting, "post", messengers.post)
        yield messengers


def crowd(scene, number=40, shelter_id=HERE):
    """Let a crowd come; return what is then said of it."""
    scene.reports()
    scene.there_are(number, shelter_id)
    assert scene.says(0, shelter_id) == []
    (said,) = scene.says(30, shelter_id)
    return said


def valid(name, message):
    Draft202012Validator(json.loads(rendered(name))).validate(message)
    return message


def test_dishub_is_told_with_all_that_it_needs(scene):
    assert scene.tell(valid("alert_said.v1", crowd(scene))) == []
    (alert,) = messages(DISHUB)
    valid("shelter_alert.v1", alert)
    nearest = alert.pop("nearest")
    assert alert == {
        "type": "shelter_alert.v1",
        "alert_id": "semarang-tugu-muda.1",
        "dedup_key": "shelter/semarang-tugu-muda/capacity",
        "seq": 1,
        "action": "trigger",
        "severity": "error",
        "state": "full",
        "previous_state": "normal",
        "jurisdiction_id": "semarang",
        "shelter_id": "semarang-tugu-muda",
        "shelter_name": "Tugu Muda",
        "district": "Semarang Selatan",
        "lat": -6.9846,
        "long": 110.4086,
        "occupancy": 40,
        "capacity": 46,
        "by_type": {
            "motorcycle": {"occupancy": 40, "capacity": 40, "state": "full"},
            "car": {"occupancy": 0, "capacity": 6, "state": "normal"},
        },
        "since": "2026-11-20T05:00:30.000Z",
        "observed_at": "2026-11-20T05:00:30.000Z",
        "silenced": False,
        "acknowledged": False,
    }
    assert len(nearest) == 3
    assert all(one["vehicle_type"] == "motorcycle" and one["free"] > 0 for one in nearest)
    distances = [one["distance_m"] for one in nearest]
    assert distances == sorted(distances)


def test_the_same_told_again_is_told_once(scene):
    said = crowd(scene)
    assert scene.tell(said, said) == []
    assert len(messages(DISHUB)) == 1


def test_what_it_costs_to_tell_dishub(scene):
    said = crowd(scene)
    with metered() as bill:
        scene.tell(said)
    assert [call for call in bill.calls if call != "Query"] == [
        "PutItem",
        "UpdateItem",
        "SendMessage",
        "UpdateItem",
    ]
    assert bill.write_units <= 6


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("call", range(16))
def test_who_dies_while_telling_tells_all_and_at_most_once_more(scene, sent, call, when):
    scene.configured(subscribers=(OFFICE,), partners=(PARTNER,))
    said = crowd(scene)
    with dying(call, when), suppress(Died):
        scene.tell(said)
    scene.wait(60)
    assert scene.tell(said) == []
    scene.wait(60)
    scene.reports()
    sweep()  # whether or not the reminder was sent
    told = messages(ALERTS_QUEUE)
    assert {one["type"] for one in told} == {"district_due.v1", "shelter_webhook_due.v1"}
    with dying(call, when), suppress(Died):
        scene.tell(*told)
    scene.wait(60)
    assert scene.tell(*told) == []
    dishub = messages(DISHUB)
    assert 1 <= len(dishub) <= 2
    assert 1 <= len(sent.emails) <= 2
    assert 1 <= len(sent.texts) <= 2
    assert 1 <= len(sent.webhooks) <= 2
    assert len(dishub) + len(sent.emails) + len(sent.texts) + len(sent.webhooks) <= 6
    assert CapStore(SHELTERS).newest("semarang", since_ms=0)


def test_a_partner_is_told_by_a_signed_webhook_once(scene, sent):
    scene.configured(partners=(PARTNER,))
    scene.tell(crowd(scene))
    (due,) = messages(ALERTS_QUEUE)
    valid("shelter_webhook_due.v1", due)
    assert scene.tell(due, due) == []
    ((_, headers, body),) = sent.webhooks
    assert headers["webhook-id"] == "shelter/semarang-tugu-muda/capacity:1:mitra"
    assert b'"type":"shelter.alert.v1"' in body
    valid("shelter.alert.v1", json.loads(body))


def test_a_partner_that_does_not_answer_is_told_later_and_one_that_is_gone_never(scene, sent):
    scene.configured(partners=(PARTNER,))
    scene.tell(crowd(scene))
    (due,) = messages(ALERTS_QUEUE)
    sent.status = NotDelivered("x")
    assert scene.tell(due)
    sent.status = 500
    scene.wait(WAITS_S[0])
    assert scene.tell(due)
    sent.status = 410
    scene.wait(WAITS_S[1])
    assert scene.tell(due) == []
    sent.status = 204
    assert scene.tell(due) == []
    assert len(sent.webhooks) == 3


def test_a_partner_hears_of_what_it_asked_for_and_while_it_is_configured(scene, sent):
    scene.configured(partners=(PARTNER.model_copy(update={"at_least": "over"}),))
    scene.tell(crowd(scene))
    assert messages(ALERTS_QUEUE) == []
    scene.configured(partners=(PARTNER,))
    scene.there_are(44)
    scene.says(0)
    (said,) = scene.says(30)
    scene.tell(said)
    (due,) = messages(ALERTS_QUEUE)
    scene.configured()
    assert scene.tell(due) == []
    assert not sent.webhooks


def test_a_districts_news_are_told_together_after_half_a_minute(scene, sent):
    scene.configured(subscribers=(OFFICE, ENGLISH))
    utara = ("semarang-kota-lama", "semarang-stasiun-poncol")
    one, other = crowd(scene, 30, utara[0]), crowd(scene, 50, utara[1])
    scene.tell(one, other)
    (first,) = messages(ALERTS_QUEUE)
    valid("district_due.v1", first)
    assert scene.delays_s[-1] == 30
    scene.wait(30)
    assert scene.tell(first) == []
    assert [one["Destination"]["ToAddresses"] for one in sent.emails] == [
        ["dishub@kota.example"],
        ["office@kota.example"],
    ]
    text = sent.emails[0]["Content"]["Simple"]["Body"]["Text"]["Data"]
    assert text.splitlines()[:2] == [
        "Stasiun Poncol: MELEBIHI KAPASITAS, 50 dari 50 tempat",
        "Kota Lama: penuh, 30 dari 34 tempat",
    ]
    (english,) = [one for one in sent.emails if "office" in str(one["Destination"])]
    assert "Poncol Station" in english["Content"]["Simple"]["Subject"]["Data"]
    assert "Old Town" not in english["Content"]["Simple"]["Body"]["Text"]["Data"]
    (sms,) = sent.texts
    assert sms["Message"].startswith(
        "Simpul Semarang Utara: Stasiun Poncol MELEBIHI KAPASITAS 50/50"
    )


def test_what_follows_within_five_minutes_is_told_when_they_have_passed(scene, sent):
    scene.configured(subscribers=(OFFICE,))
    scene.tell(crowd(scene))
    scene.wait(30)
    scene.tell(*messages(ALERTS_QUEUE))
    scene.there_are(50)
    scene.says(0)
    (said,) = scene.says(30)
    scene.tell(said)
    (due,) = messages(ALERTS_QUEUE)
    assert scene.delays_s[-1] == 270
    assert scene.tell(due) == []
    assert len(sent.emails) == 1
    scene.wait(270)
    assert scene.tell(due, due) == []
    assert len(sent.emails) == 2
    scene.wait(600)
    assert scene.tell(due) == []
    assert len(sent.emails) == 2


def test_what_passed_before_anyone_was_told_is_not_told(scene, sent):
    scene.configured(subscribers=(OFFICE,))
    scene.tell(crowd(scene))
    scene.wait(30)
    scene.tell(*messages(ALERTS_QUEUE))
    scene.there_are(50)
    scene.says(0)
    (over,) = scene.says(30)
    scene.there_are(38)
    scene.says(0)
    (full,) = scene.says(120)
    scene.tell(over)
    scene.tell(full)
    scene.wait(300)
    scene.tell(*messages(ALERTS_QUEUE))
    assert len(sent.emails) == 1


def test_of_a_silenced_shelter_dishubs_queue_is_told_and_people_are_not(scene, sent):
    scene.configured(subscribers=(OFFICE,))
    said = crowd(scene) | {"silenced": True}
    scene.tell(said)
    (alert,) = messages(DISHUB)
    assert alert["silenced"] is True
    assert messages(ALERTS_QUEUE) == []


def test_an_address_that_is_never_taken_holds_nobody_up(scene, sent):
    scene.configured(subscribers=(OFFICE.model_copy(update={"sms": None}),))
    scene.tell(crowd(scene))
    scene.wait(30)
    (due,) = messages(ALERTS_QUEUE)
    sent.refusing = ("MessageRejected", "no")
    assert scene.tell(due) == []


def test_cap_messages_are_kept_and_follow_one_another(scene):
    said = crowd(scene)
    scene.tell(said)
    scene.there_are(0)
    scene.says(0)
    (resolved,) = scene.says(120)
    scene.tell(resolved)
    kept = CapStore(SHELTERS)
    (newest, text), (oldest, _) = kept.newest("semarang", since_ms=0)
    root = ET.fromstring(text)  # noqa: S314 (written by us)
    name = "{urn:oasis:names:tc:emergency:cap:1.2}"
    assert root.findtext(f"{name}msgType") == "Cancel"
    assert oldest in (root.findtext(f"{name}references") or "")
    assert kept.get(newest) == text
    assert kept.get("nonsense") is None
    assert kept.get(f"{THERE}.1.1795150800000") is None


def test_of_a_shelter_that_is_no_more_nothing_is_told(scene):
    said = crowd(scene) | {"shelter_id": "semarang-gone"}
    assert scene.tell(said) == []
    assert messages(DISHUB) == []


def test_without_an_agency_everything_else_is_done(scene):
    scene.configured(agency=None)
    assert scene.tell(crowd(scene)) == []
    assert messages(DISHUB) == []
    assert CapStore(SHELTERS).newest("semarang", since_ms=0)


def test_an_unknown_message_fails(scene):
    assert scene.tell({"type": "x"})


def test_two_that_gather_at_once_lose_no_news(scene, sent, monkeypatch):
    scene.configured(subscribers=(OFFICE,))
    one, other = crowd(scene, 30, "semarang-kota-lama"), crowd(scene, 50, "semarang-stasiun-poncol")
    get, once = DistrictStore.get, iter([True])

    def slow(self, jurisdiction_id, name):
        found = get(self, jurisdiction_id, name)
        if next(once, False):
            scene.tell(other)
        return found

    monkeypatch.setattr(DistrictStore, "get", slow)
    assert scene.tell(one) == []
    waiting = DistrictStore(SHELTERS).get("semarang", "Semarang Utara").waiting
    assert set(waiting) == {"semarang-kota-lama", "semarang-stasiun-poncol"}


def test_a_district_that_others_change_all_the_time_comes_again(scene, sent, monkeypatch):
    scene.configured(subscribers=(OFFICE,))
    said = crowd(scene)
    monkeypatch.setattr(DistrictStore, "_put", lambda *_: False)
    assert scene.tell(said)


def test_what_came_while_a_district_was_told_is_told_the_next_time(scene, sent, monkeypatch):
    scene.configured(subscribers=(OFFICE,))
    one, other = crowd(scene, 30, "semarang-kota-lama"), crowd(scene, 50, "semarang-stasiun-poncol")
    scene.tell(one)
    scene.wait(30)
    (due,) = messages(ALERTS_QUEUE)
    news = telling._news

    def slow(*about):
        found = news(*about)
        scene.tell(other)
        return found

    monkeypatch.setattr(telling, "_news", slow)
    assert scene.tell(due) == []
    monkeypatch.setattr(telling, "_news", news)
    assert len(sent.emails) == 1
    waiting = DistrictStore(SHELTERS).get("semarang", "Semarang Utara")
    assert set(waiting.waiting) == {"semarang-stasiun-poncol"}
    assert waiting.due_ms == scene.now_ms + 300_000
    assert scene.delays_s[-1] == 300
