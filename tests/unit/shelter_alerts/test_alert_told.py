"""What is told of an alert, in each form: payload, gathering, wording, and who asked for it."""

import pytest
from pydantic import ValidationError

from functions.shelter_alerts import configuration
from functions.shelter_alerts.alerts import payload, wording
from functions.shelter_alerts.alerts.alert import Alert, acknowledged, silenced
from functions.shelter_alerts.alerts.districts import District, gathered, told
from functions.shelter_alerts.alerts.items import ALERTS_DUE, alert_from, alert_values
from functions.shelter_alerts.alerts.notified import PartnerServer, Subscriber, Timings
from functions.shelter_alerts.alerts.states import State
from functions.shelter_alerts.alerts.timers import Waits
from functions.shelter_alerts.configuration import Shelters, shelters_of
from shared.dynamo import from_item, to_item
from tests.unit.shelter_alerts.fleet import NOON
from tests.unit.shelter_alerts.watching import SHELTER, WAITS, Watch

TUGU_MUDA = configuration.all_shelters()[SHELTER]


def through_the_table(alert):
    return alert_from(from_item(to_item(alert_values(alert, WAITS))))


def an_open_alert():
    watch = Watch(10, now_ms=NOON)
    list(watch.becomes(11, NOON))
    list(watch.look(NOON + 40_000))
    list(watch.becomes(3, NOON + 50_000))
    return watch.alert


def test_a_bare_alert_comes_back_and_is_not_due():
    alert = Alert(shelter_id=SHELTER)
    assert through_the_table(alert) == alert
    assert alert_values(alert, WAITS)["due_at"] is None


def test_an_alert_with_all_that_it_can_have_comes_back():
    alert = silenced(acknowledged(an_open_alert(), "officer:1"), "officer:2", NOON, NOON + 9)
    assert alert.clocks
    assert through_the_table(alert) == alert
    values = alert_values(alert, WAITS)
    assert (values["due_shard"], values["due_at"]) == (ALERTS_DUE, "2026-11-20T05:02:50.000Z")


def test_an_alert_that_was_said_again_or_resolved_names_what_it_follows_in_the_table():
    watch = Watch(10)
    list(watch.becomes(11, 0))
    list(watch.becomes(0, 60_000))
    list(watch.look(600_000))
    assert watch.alert.follows
    assert through_the_table(watch.alert) == watch.alert


def images(seq=1, **more):
    return {
        "pk": "A#semarang",
        "sk": f"CAPACITY#{SHELTER}",
        "seq": seq,
        "action": "trigger",
        "state": "full",
        "previous": "normal",
        "level": 2,
        "since_ms": NOON,
        "at_ms": NOON,
        "opened_seq": 1,
        "occupancy": {"motorcycle": 40},
        "capacity": {"motorcycle": 40, "car": 6},
        **more,
    }


def test_only_what_was_said_anew_is_told():
    assert payload.said_in(images(), None) is None
    assert payload.said_in(images(), images()) is None
    assert payload.said_in(None, {"seq": 1}) is None
    said = payload.said_in(None, images())
    assert said
    assert said["seq"] == 1


@pytest.mark.parametrize(
    ("since", "until", "silent"),
    [(0, 0, False), (NOON, NOON + 1, True), (NOON - 9, NOON, False), (NOON + 1, NOON + 9, False)],
)
def test_what_is_said_in_a_silence_says_so(since, until, silent):
    said = payload.said_in(None, images(silenced_ms=since, silenced_until_ms=until))
    assert said
    assert said["silenced"] is silent


def test_the_type_that_fares_worst_is_the_one_to_find_room_for():
    capacity = {"motorcycle": 1, "car": 1}
    assert payload.worst_type({"car": 1}, capacity) == "car"
    assert payload.worst_type({"car": 2, "motorcycle": 2}, capacity) == "motorcycle"
    assert payload.worst_type({}, {"car": 1}) == "car"
    assert payload.worst_type({}, {}) == "motorcycle"


def an_alert(seq=1, state="full", previous="normal", **more):
    said = payload.said_in(None, images(seq, state=state, previous=previous, **more))
    assert said
    return payload.shelter_alert(said, TUGU_MUDA, [])


def test_a_partner_knows_a_repetition_by_its_id():
    assert payload.webhook_id(an_alert(7), "mitra") == f"shelter/{SHELTER}/capacity:7:mitra"
    assert payload.webhook(an_alert())["timestamp"] == "2026-11-20T05:00:00.000Z"


def gather(district, alert, now_ms=NOON):
    return gathered(district, alert, now_ms, first_ms=30_000, again_ms=300_000)


def test_the_first_news_waits_half_a_minute_and_the_next_until_five_have_passed():
    first = gather(District(), an_alert())
    assert first.due_ms == NOON + 30_000
    assert gather(first, an_alert(2, "over", "full"), NOON + 20_000).due_ms == first.due_ms
    after = told(first, first, NOON + 30_000, again_ms=300_000)
    assert (after.due_ms, after.waiting, after.told_ms) == (None, {}, NOON + 30_000)
    again = gather(after, an_alert(2, "over", "full"), NOON + 60_000)
    assert again.due_ms == NOON + 330_000


def test_news_that_is_known_or_older_changes_nothing():
    first = gather(District(), an_alert(2))
    assert gather(first, an_alert(2)) is first
    assert gather(first, an_alert(1)) is first


def test_news_that_came_meanwhile_waits_for_the_next_time():
    first = gather(District(), an_alert())
    more = gather(first, an_alert(2, "over", "full"))
    after = told(more, first, NOON + 30_000, again_ms=300_000)
    assert {each: news["seq"] for each, news in after.waiting.items()} == {SHELTER: 2}
    assert after.due_ms == NOON + 330_000


def test_a_shelter_that_is_where_it_was_when_it_was_last_told_of_has_no_news():
    up = gather(District(), an_alert(1, "full", "normal"))
    down = gather(up, an_alert(2, "normal", "full"))
    assert down.waiting[SHELTER]["passed"]
    assert not gather(down, an_alert(3, "over", "normal")).waiting[SHELTER]["passed"]
    assert not gather(District(), an_alert(2, "over", "over")).waiting[SHELTER]["passed"]


def test_what_a_state_and_the_one_before_it_mean_to_who_asked_for_more():
    least = Subscriber(id="x", email="a@b.example", at_least="over")
    assert least.hears(State.OVER, State.FULL)
    assert least.hears(State.NORMAL, State.OVER)
    assert not least.hears(State.FULL, State.NORMAL)
    assert not least.hears(State.UNKNOWN, State.FULL)
    assert Subscriber(id="x", email="a@b.example").hears(State.UNKNOWN, State.FULL)


@pytest.mark.parametrize(
    "mistake",
    [{}, {"email": "nobody"}, {"sms": "0812"}, {"email": "a@b.example", "at_least": "normal"}],
)
def test_a_subscriber_must_be_one_that_can_be_reached(mistake):
    with pytest.raises(ValidationError):
        Subscriber(id="x", **mistake)
    assert Subscriber(id="x", sms="+6281200000000", email="a@b.example").language == "id"


def test_a_partners_server_is_on_the_internet():
    with pytest.raises(ValidationError):
        PartnerServer(id="x", url="http://intern.example/hook")
    assert PartnerServer(id="x", url="https://mitra.example/hook").at_least == "full"


def test_the_usual_times_are_those_of_the_rules():
    assert Timings().waits == Waits()


def test_subscribers_are_for_districts_that_there_are_and_ids_are_once():
    values = shelters_of("semarang").model_dump()
    one = {"id": "x", "email": "a@b.example", "districts": ["Semarang Utara"]}
    assert Shelters.model_validate({**values, "subscribers": [one]}).subscribers
    for wrong in ([one, one], [{**one, "districts": ["Atlantis"]}]):
        with pytest.raises(ValidationError, match="'x'"):
            Shelters.model_validate({**values, "subscribers": wrong})


def news(n, state="over"):
    return [(TUGU_MUDA, {"state": state, "occupancy": 43, "capacity": 46})] * n


def test_an_email_says_what_is_wrong_in_its_subject():
    mail = wording.email("Semarang Selatan", news(1), language="id", url="u")
    assert mail.subject == "Titik kumpul Semarang Selatan: Tugu Muda MELEBIHI KAPASITAS"
    assert mail.text.startswith("Tugu Muda: MELEBIHI KAPASITAS, 43 dari 46 tempat\n\n")
    mail = wording.email("Semarang Selatan", news(3, "normal"), language="en", url="u")
    assert mail.subject == "Shelters in Semarang Selatan: Tugu Muda normal again and 2 more"


def test_a_text_message_names_three_shelters_at_most():
    said = "Tugu Muda OVER CAPACITY 43/46"
    assert wording.sms("X", news(1), language="en") == f"Simpul X: {said}."
    assert wording.sms("X", news(3), language="en") == f"Simpul X: {said}; {said}; {said}."
    assert wording.sms("X", news(5), language="en").endswith(f"{said}; and 2 more.")
