"""Whose a road or a place is: by attribute, address, point and description; by day and hour."""

from datetime import datetime

import pytest

from functions.agency_routing import text
from functions.agency_routing.decide import TRIAGE, areas_of, decide
from tests.small_config import SEMARANG
from tests.unit.agency_routing.facts import IN_SEMARANG, IN_SOLO, areas, facts, rule, with_rules

# The time of day


@pytest.mark.parametrize(
    ("when", "created_at", "holds"),
    [
        ({"weekdays": ("mon",)}, "2026-11-22T17:00:00+00:00", True),  # 00.00 WIB on Monday
        ({"weekdays": ("mon",)}, "2026-11-22T16:59:59+00:00", False),
        ({"weekdays": ("sat", "sun")}, "2026-11-22T16:59:59+00:00", True),
        ({"hours": ("07:00-15:30",)}, "2026-11-23T00:00:00+00:00", True),
        ({"hours": ("07:00-15:30",)}, "2026-11-22T23:59:59+00:00", False),
        ({"hours": ("07:00-15:30",)}, "2026-11-23T08:29:00+00:00", True),
        ({"hours": ("07:00-15:30",)}, "2026-11-23T08:30:00+00:00", False),
        ({"hours": ("22:00-05:00",)}, "2026-11-23T15:00:00+00:00", True),
        ({"hours": ("22:00-05:00",)}, "2026-11-23T21:59:00+00:00", True),
        ({"hours": ("22:00-05:00",)}, "2026-11-23T22:00:00+00:00", False),
        ({"hours": ("22:00-05:00", "06:00-07:00")}, "2026-11-22T23:30:00+00:00", True),
        ({"hours": ("22:00-05:00",), "weekdays": ("tue",)}, "2026-11-23T15:00:00+00:00", False),
        ({"hours": ("22:00-05:00",)}, None, False),
        ({"weekdays": ("mon",)}, None, False),
    ],
)
def test_a_rule_may_hold_on_some_weekdays_and_hours_of_western_indonesia(when, created_at, holds):
    at = datetime.fromisoformat(created_at) if created_at else None
    asked = facts("", "sampah", created_at=at)
    decision = decide(asked, with_rules(rule("satu", "jateng-dlhk", **when)))
    assert decision.rule == ("satu" if holds else TRIAGE)


# Areas


def test_the_attribute_outweighs_the_address():
    assert areas(
        attributes={"kabupaten_kota": "kab-demak"}, address_string="Jl. Pemuda, Kota Semarang"
    ) == {"kab-demak"}


def test_the_address_outweighs_the_point():
    lat, long = IN_SEMARANG
    assert areas(address_string="Mranggen, Demak", lat=lat, long=long) == {"kab-demak"}


def test_the_point_outweighs_the_description():
    lat, long = IN_SOLO
    assert areas(description="di Blora", lat=lat, long=long) == {"kota-surakarta"}


def test_the_description_is_asked_last():
    assert areas(description="di Blora", lat=-8.9, long=110.0) == {"kab-blora"}
    assert areas(description="di mana saja", lat=None, long=None) == frozenset()


@pytest.mark.parametrize(
    ("lat", "long", "inside"),
    [
        (-7.0, 110.4, True),
        (-7.1, 110.3, True),
        (-6.9, 110.5, True),
        (-7.11, 110.4, False),
        (-6.89, 110.4, False),
        (-7.0, 110.29, False),
        (-7.0, 110.51, False),
        (-7.0, None, False),
        (None, 110.4, False),
    ],
)
def test_a_point_lies_in_an_area_whose_box_holds_it_edges_included(lat, long, inside):
    area = SEMARANG.areas[0].model_copy(update={"boxes": ((-7.1, 110.3, -6.9, 110.5),)})
    jurisdiction = SEMARANG.model_copy(update={"areas": (area,)})
    found = areas_of(facts(lat=lat, long=long), text.read("", {}), jurisdiction)
    assert found == ({"kota-semarang"} if inside else frozenset())


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("di Semarang", {"kota-semarang"}),
        ("di kota semarang", {"kota-semarang"}),
        ("Kab. Semarang", {"kab-semarang"}),
        ("Ungaran, Semarang", {"kab-semarang"}),
        ("antara Semarang dan Demak", {"kab-demak"}),
        ("Banyumanik", {"kota-semarang"}),
    ],
)
def test_semarang_alone_is_the_city_unless_another_area_is_named(said, expected):
    assert areas(description=said) == expected
