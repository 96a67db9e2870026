"""Who follows a place is asked first, sees what is held, stops it, and is not asked again and again."""

import json

import pytest

from functions.complaint_intake import on_rights_request
from shared import clock
from tests.aws_double import NOTICES_QUEUE, REPORTERS, items, messages
from tests.builders import CONTEXT
from tests.following import (
    ADDRESS,
    PLACE,
    a_neighbour,
    call,
    follow,
    followed,
    link_in,
    subscriptions,
    tell,
    text_of,
)
from tests.messengers import as_text

pytestmark = pytest.mark.usefixtures("small_config", "aws_double", "alerts_made_anew")


def test_the_same_request_again_asks_once_and_is_answered_alike(sent, later):
    first = follow()
    for _ in range(3):
        assert follow()["body"] == first["body"]
    assert len(sent.emails) == 1
    later(hours=25)
    follow()
    assert len(sent.emails) == 2


def test_a_request_whose_message_was_lost_on_the_way_is_sent_by_the_next(sent):
    call("POST", "/alerts", {**PLACE, "email": ADDRESS})
    messages(NOTICES_QUEUE)  # it died before it was sent
    follow()
    assert len(sent.emails) == 1


def test_who_follows_already_is_not_asked_again_and_the_answer_does_not_tell(sent):
    followed(sent)
    unknown = follow(email="lain@example.id")
    sent.emails.clear()
    known = follow()
    assert (known["statusCode"], known["body"]) == (unknown["statusCode"], unknown["body"])
    assert sent.emails == []


def test_an_address_is_asked_about_so_many_places_and_no_more(sent):
    for place in range(4):
        assert follow(lat=-6.9 - place / 10)["statusCode"] == 202
    assert len(sent.emails) == 2  # `per_address` of the small configuration
    assert len(subscriptions()) == 2


def test_an_address_is_asked_so_often_a_day_whatever_became_of_it(sent):
    for place in range(5):
        follow(lat=-6.9 - place / 10)
        if sent.emails:
            stop = link_in(text_of(sent.emails[-1]), "stop")
            assert call("POST", "/alerts/stop", query=stop)["statusCode"] == 200
    assert len(sent.emails) == 3  # `asked_per_day`


def test_what_is_not_confirmed_in_time_is_forgotten(sent, later):
    follow()
    (kept,) = subscriptions()
    assert kept["expires_at"] == pytest.approx(clock.now().timestamp() + 48 * 3600, abs=10)
    assert "place" not in kept
    later(hours=49)
    confirm = link_in(text_of(sent.emails[-1]), "confirm")
    for method in ("GET", "POST"):
        assert call(method, "/alerts/confirm", query=confirm)["statusCode"] == 403
    tell(a_neighbour())
    assert len(sent.emails) == 1


def test_it_ends_after_a_year_unless_it_is_asked_for_again(sent, later):
    followed(sent)
    later(days=340)
    follow()
    confirm = link_in(text_of(sent.emails[-1]), "confirm")
    assert call("POST", "/alerts/confirm", query=confirm)["statusCode"] == 200
    (kept,) = subscriptions()
    assert kept["expires_at"] > clock.now().timestamp() + 700 * 86400


def test_what_has_ended_but_is_not_yet_forgotten_is_asked_for_anew(sent, later):
    followed(sent)
    later(days=366)
    follow()
    assert len(sent.emails) == 1
    (kept,) = subscriptions()
    assert "confirmed_at" not in kept
    assert "place" not in kept


def test_the_link_asks_first_and_the_button_or_a_mail_program_stops_it_for_good(sent):
    stop = followed(sent)
    assert call("GET", "/alerts/stop", query=stop)["statusCode"] == 200
    tell(a_neighbour())
    assert len(sent.emails) == 1
    for _ in range(2):
        done = call("POST", "/alerts/stop", "List-Unsubscribe=One-Click", query=stop)
        assert done["statusCode"] == 200
    tell(a_neighbour())
    assert len(sent.emails) == 1
    (left,) = subscriptions()
    assert set(left) == {"pk", "sk", "expires_at"}
    assert call("GET", "/alerts/stop", query=stop)["statusCode"] == 403


def test_what_was_stopped_may_be_followed_again(sent):
    stop = followed(sent)
    call("POST", "/alerts/stop", query=stop)
    assert followed(sent)["a"] == stop["a"]
    tell(a_neighbour())
    assert len(sent.emails) == 1


@pytest.mark.parametrize("purpose", ["confirm", "stop"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_link_that_is_not_whole_does_nothing(sent, purpose, method):
    follow()
    good = link_in(text_of(sent.emails[-1]), purpose)
    other = "stop" if purpose == "confirm" else "confirm"
    wrong = link_in(text_of(sent.emails[-1]), other)
    for query in (None, {"a": good["a"]}, good | {"t": wrong["t"]}, good | {"a": "x' OR 1"}):
        assert call(method, f"/alerts/{purpose}", query=query)["statusCode"] == 403
    (kept,) = subscriptions()
    assert kept["email"] == ADDRESS
    assert "confirmed_at" not in kept


def test_a_subscriber_sees_what_is_held_and_has_it_forgotten_by_the_token(sent):
    stop = followed(sent)
    complaint = a_neighbour()
    tell(complaint)
    path = f"/alerts/{stop['a']}"
    held = json.loads(call("GET", path, X_Tracking_Token=stop["t"])["body"])
    assert (held["address"], held["radius_m"], held["lat"]) == ("t…@example.id", 500, -6.99)
    assert [one["complaint_id"] for one in held["sent"]] == [None, complaint.complaint_id]
    assert all(one["at"] for one in held["sent"])
    for token in ("wrong", ""):
        assert call("GET", path, X_Tracking_Token=token)["statusCode"] == 403
        assert call("DELETE", path, X_Tracking_Token=token)["statusCode"] == 403
    assert call("DELETE", path, X_Tracking_Token=stop["t"])["statusCode"] == 200
    assert call("GET", path, X_Tracking_Token=stop["t"])["statusCode"] == 404
    assert ADDRESS not in as_text(items(REPORTERS))


def test_of_a_telephone_number_the_ends_are_shown(sent):
    stop = followed(sent, email=None, phone="+628120000063")
    held = json.loads(call("GET", f"/alerts/{stop['a']}", X_Tracking_Token=stop["t"])["body"])
    assert held["address"] == "+62…063"


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"email": None}, "", "one_address"),
        ({"phone": "+628120000063"}, "", "one_address"),
        ({"email": "tutik@x"}, "email", "invalid_email"),
        ({"email": "tutik@ex_ample.id"}, "email", "invalid_email"),
        ({"email": None, "phone": "+1 212 555 0100"}, "phone", "not_served"),
        ({"radius_m": 2001}, "radius_m", "out_of_range"),
        ({"radius_m": 199}, "radius_m", None),
        ({"lat": 91}, "lat", None),
        ({"lat": None}, "lat", None),
        ({"service_code": "x"}, "service_code", "unknown_category"),
        ({"service_code": "pungli"}, "service_code", "not_public"),
        ({"jurisdiction_id": "x"}, "jurisdiction_id", None),
        ({"language": "fr"}, "language", None),
    ],
)
def test_what_is_not_served_is_refused_by_its_field(sent, changes, field, code):
    answer = follow(**changes)
    assert answer["statusCode"] == 400, answer["body"]
    (fault,) = json.loads(answer["body"])["errors"]
    assert fault["field"] == field
    assert code in {None, fault["code"]}
    assert subscriptions() == []


def test_a_jurisdiction_without_alerts_offers_none(sent):
    answer = follow(jurisdiction_id="jateng")
    assert (answer["statusCode"], json.loads(answer["body"])["code"]) == (409, "not_offered")
    tell(a_neighbour(jurisdiction_id="jateng"))
    assert sent.emails == []


def officer(action, **more):
    asked = {"action": action, "by": "arn:aws:iam::1:user/dpo", **more}
    return on_rights_request.handler(asked, CONTEXT)


def test_an_officer_finds_and_ends_what_an_address_follows(sent):
    stop = followed(sent)
    followed(sent, email=None, phone="+628120000063")
    found = officer("find", email=ADDRESS)
    assert found["complaints"] == []
    (held,) = found["alerts"]
    assert (held["alert_id"], held["address"]) == (stop["a"], ADDRESS)
    erased = officer("erase", alert_ids=[stop["a"], "x"])
    assert erased["alerts"] == [{"alert_id": stop["a"], "status": "forgotten"}]
    assert officer("export", email=ADDRESS) == {"complaints": [], "alerts": []}
    again = officer("erase", alert_ids=[stop["a"]])
    assert again["alerts"] == [{"alert_id": stop["a"], "problem": "not_found"}]
    (other,) = officer("export", phone="+628120000063")["alerts"]
    assert other["address"] == "+628120000063"
