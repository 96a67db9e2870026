"""What is kept of who follows a place, when they are asked, and what they are told of."""

from dataclasses import replace
from datetime import timedelta

import pytest

from functions.complaint_intake.alerts import subscription as rules
from shared.complaints.law import Status
from tests.builders import NOW, a_complaint
from tests.small_config import ALERTS
from tests.subscribers import NAME, PENDING, RUNNING

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(
    "changes",
    [{}, {"service_code": "sampah"}, {"channel": "sms", "address": "+628120000063"}],
)
def test_a_subscription_is_read_as_it_was_written(changes):
    one = replace(PENDING, **changes)
    kept = {name: value for name, value in rules.values_of(one).items() if value is not None}
    assert rules.subscription_from(kept) == one
    assert rules.alert_of(kept) == NAME
    assert rules.is_alert(kept)
    assert not rules.is_alert({"pk": "C#SMG", "sk": "CONTACT"})


def test_a_confirmed_one_is_read_with_when_it_was():
    kept = rules.values_of(RUNNING) | {"confirmed_at": "2026-11-20T05:00:00.000Z"}
    assert rules.subscription_from(kept) == RUNNING


def test_of_an_ended_one_nothing_is_left():
    assert rules.subscription_from({**rules.key_of(NAME), "expires_at": 1}) is None


def test_an_address_has_one_partition_whatever_it_follows():
    other = "7ZK3Q9M4T0XWH7ZK-0000000000"
    assert rules.partition_of(other) == rules.partition_of(NAME) == "A#7ZK3Q9M4T0XWH7ZK"
    assert rules.key_of(other)["sk"] != rules.key_of(NAME)["sk"]
    assert PENDING.area == "3Q9M4T0XWH"


def test_each_difference_in_what_is_followed_makes_another_area():
    areas = {
        rules.area_of("semarang", None, -6.99, 110.42, 500),
        rules.area_of("jateng", None, -6.99, 110.42, 500),
        rules.area_of("semarang", "sampah", -6.99, 110.42, 500),
        rules.area_of("semarang", None, -6.991, 110.42, 500),
        rules.area_of("semarang", None, -6.99, 110.421, 500),
        rules.area_of("semarang", None, -6.99, 110.42, 600),
    }
    assert len(areas) == 6
    assert rules.area_of("semarang", None, -6.99, 110.42, 500) in areas


@pytest.mark.parametrize(
    ("one", "at", "runs"),
    [
        (PENDING, NOW, False),
        (RUNNING, NOW, True),
        (RUNNING, RUNNING.until - HOUR, True),
        (RUNNING, RUNNING.until, False),
    ],
)
def test_it_runs_from_when_it_is_confirmed_until_its_end(one, at, runs):
    assert one.runs(at) is runs


@pytest.mark.parametrize(
    ("standing", "others", "at", "asked"),
    [
        (None, 0, NOW, True),
        (None, 1, NOW, True),
        (None, 2, NOW, False),  # follows as many places as it may
        (PENDING, 0, NOW + 23 * HOUR, False),
        (PENDING, 5, NOW + 24 * HOUR, True),  # it is one of them already
        (PENDING, 2, NOW + 48 * HOUR, False),  # forgotten, and so another one more
        (PENDING, 1, NOW + 48 * HOUR, True),
        (RUNNING, 0, NOW + 100 * DAY, False),
        (RUNNING, 0, NOW + 334 * DAY, False),
        (RUNNING, 0, NOW + 335 * DAY, True),  # shall it go on?
        (RUNNING, 0, NOW + 365 * DAY, True),
    ],
)
def test_an_address_is_asked_when_there_is_something_to_ask_and_not_again_at_once(
    standing, others, at, asked
):
    assert rules.to_be_asked(standing, others, ALERTS, at) is asked


def test_it_ends_after_the_days_of_configuration():
    assert rules.ends_at(NOW, ALERTS) == NOW + timedelta(days=365)


#: About 333 m north.
THERE = {"lat": -6.987, "long": 110.42}


@pytest.mark.parametrize(
    ("changes", "complaint", "near"),
    [
        ({}, {}, True),
        ({"radius_m": 333}, {}, False),
        ({"radius_m": 334}, {}, True),
        ({"service_code": "jalan-rusak"}, {}, True),
        ({"service_code": "sampah"}, {}, False),
        ({"jurisdiction_id": "jateng"}, {}, False),
        ({}, {"lat": None, "long": None}, False),
        ({}, {"long": None}, False),
    ],
)
def test_it_is_of_what_is_within_its_circle_and_of_its_category(changes, complaint, near):
    away_m = replace(RUNNING, **changes).away_m(a_complaint(**(THERE | complaint)))
    assert (away_m is not None) is near
    if away_m:
        assert away_m == pytest.approx(333.6, abs=0.5)


def test_on_the_very_edge_is_near():
    assert rules.reach_m(a_complaint(lat=1.0, long=2.0), {"lat": 1, "long": 2, "radius_m": 0}) == 0


@pytest.mark.parametrize(
    ("changes", "at", "news"),
    [
        ({}, NOW, True),
        ({}, NOW + 14 * DAY, True),
        ({}, NOW + 14 * DAY + HOUR, False),
        ({"visibility": "private"}, NOW, False),
        ({"suspicion": "flood"}, NOW, False),
        ({"hidden": True}, NOW, False),
        ({"erasure_requested_at": NOW}, NOW, False),
    ],
)
def test_neighbours_are_told_of_new_public_complaints_only(changes, at, news):
    assert rules.is_news(a_complaint(status=Status.ASSIGNED, **changes), at) is news
