"""A shelter's day by the hour: each figure worked out from the stays."""

from datetime import date, datetime, timedelta

import pytest

from functions.shelter_alerts.feeds.history import OFFLINE, Spell, hours, table

DAY = date(2026, 11, 20)


def at(hour, minute=0, day=20):
    return datetime.fromisoformat(f"2026-11-{day}T{hour:02}:{minute:02}:00+07:00")


KNOWN, MIDNIGHT = (at(0), at(23, 59)), at(0, 0, 21)


def capacity(_):
    return {"motorcycle": 4}


def spell(began, ended=None, vehicle_type="motorcycle"):
    return Spell(vehicle_type=vehicle_type, began=began, ended=ended)


def day(*spells, capacity_at=capacity, silent=(), known=KNOWN, now=MIDNIGHT):
    rows = hours(DAY, spells, capacity_at, silent=silent, known=known, now=now)
    return {(row.hour.hour, row.vehicle_type): row for row in rows}


def hour(number, *spells, **more):
    return day(*spells, **more)[number, "motorcycle"]


def test_a_day_has_an_hour_for_each_type_and_none_that_has_not_begun():
    assert len(day()) == 24
    assert max(day(now=at(9, 1))) == (9, "motorcycle")
    assert max(day(now=at(9, 0))) == (8, "motorcycle")


def test_sessions_are_those_that_began_and_turnover_is_them_for_each_place():
    found = hour(8, spell(at(8), at(9)), spell(at(8, 59)), spell(at(7, 59), at(8, 30)))
    assert (found.total_sessions, found.turnover) == (2, 0.5)


def test_dwell_time_is_of_the_stays_that_ended_in_the_hour():
    stays = (spell(at(7), at(8)), spell(at(8), at(8, 10)), spell(at(8), at(9)), spell(at(8)))
    assert hour(8, *stays).average_dwell_time == (3600 + 600) // 2
    assert hour(10, *stays).average_dwell_time is None


def test_occupancy_is_the_mean_of_the_minutes():
    assert hour(8, spell(at(8), at(8, 30))).occupancy_percent == 12.5
    assert hour(8, spell(at(6)), spell(at(8, 30), at(10))).occupancy_percent == 37.5
    assert hour(8).occupancy_percent == 0.0


def test_full_and_over_are_counted_by_the_minute():
    four = [spell(at(8), at(9)) for _ in range(4)]
    found = hour(8, *four, spell(at(8, 50), at(8, 55)))
    assert (found.minutes_full, found.minutes_over) == (60, 5)
    assert found.occupancy_percent == pytest.approx(100 + 25 * 5 / 60, abs=0.05)


def test_a_stay_over_midnight_counts_on_both_days():
    found = day(spell(at(22, 0, 19), at(1)), spell(at(23), at(2, 0, 21)))
    assert found[0, "motorcycle"].occupancy_percent == 25.0
    assert found[1, "motorcycle"].occupancy_percent == 0.0
    assert found[1, "motorcycle"].average_dwell_time == 3 * 3600
    assert found[23, "motorcycle"].occupancy_percent == 25.0


def test_types_are_counted_apart():
    both = day(spell(at(8), at(9), "car"), capacity_at=lambda _: {"motorcycle": 4, "car": 2})
    assert both[8, "car"].occupancy_percent == 50.0
    assert both[8, "motorcycle"].occupancy_percent == 0.0


def test_capacity_is_that_of_each_minute():
    def halved(instant):
        return {"motorcycle": 4 if instant < at(8, 30) else 2}

    found = hour(8, spell(at(8), at(9)), spell(at(8), at(9)), capacity_at=halved)
    assert found.occupancy_percent == 75.0
    assert found.minutes_full == 30


def minutes(hour_, first, last):
    return {f"{hour_:02}:{minute:02}" for minute in range(first, last)}


def test_an_hour_in_which_mostly_nobody_reported_is_offline():
    found = hour(8, spell(at(8), at(9)), silent=minutes(8, 0, 31))
    assert (found.occupancy_percent, found.minutes_full) == (OFFLINE, 0)
    assert found.total_sessions == 1
    assert hour(8, spell(at(8), at(9)), silent=minutes(8, 0, 30)).occupancy_percent == 25.0


def test_what_comes_after_the_last_report_is_not_known():
    assert hour(8, known=(at(0), at(8, 29))).occupancy_percent == 0.0
    assert hour(8, known=(at(0), at(8, 28))).occupancy_percent == OFFLINE
    assert hour(8, known=None).occupancy_percent == OFFLINE


def test_what_was_before_the_first_report_is_not_known():
    assert hour(8, known=(at(8, 30), at(23))).occupancy_percent == 0.0
    assert hour(8, known=(at(8, 31), at(23))).occupancy_percent == OFFLINE
    assert hour(7, known=(at(8), at(23))).occupancy_percent == OFFLINE


def test_the_present_hour_is_that_of_the_minutes_that_have_passed():
    found = hour(8, spell(at(8)), now=at(8, 10))
    assert found.occupancy_percent == 25.0
    assert hour(8, now=at(8) + timedelta(seconds=1)).occupancy_percent == 0.0


def test_a_day_is_a_table_too():
    rows = hours(DAY, [], capacity, silent=(), known=None, now=at(1))
    assert table(rows) == (
        "hour,vehicle_type,total_sessions,turnover,average_dwell_time,occupancy_percent,"
        "minutes_full,minutes_over\r\n"
        "2026-11-20T00:00:00+07:00,motorcycle,0,0.0,,-1,0,0\r\n"
    )
