"""What is shown of similar complaints around a place, and what is asked of who asks."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given

from functions.complaint_intake.nearby import MOST, Nearby, nearby, shortened
from shared.complaints.law import DONE, Status
from shared.complaints.record import Complaint
from shared.errors import InvalidInput
from shared.text import Text
from tests.builders import NOW, a_complaint
from tests.small_config import JURISDICTIONS, SEMARANG
from tests.strategies import texts

pytestmark = pytest.mark.usefixtures("small_config")

HERE: dict[str, Any] = {"lat": -6.99, "long": 110.42}
ASKED = {"jurisdiction_id": "semarang", "lat": "-6.99", "lng": "110.42"}
TWELVE_WEEKS = timedelta(weeks=12)


@dataclass
class Listings:
    """Says that some complaints are near, and remembers what it was asked."""

    found: Sequence[tuple[Complaint, float]] = ()
    asked: list[tuple[Any, ...]] = field(default_factory=list)

    def near(
        self, lat: float, long: float, radius_m: float, service_code: str | None = None
    ) -> Sequence[tuple[Complaint, float]]:
        self.asked.append((lat, long, radius_m, service_code))
        return self.found


def ask(*found: Complaint, language: str = "id", **query: str) -> Nearby:
    listings = Listings([(one, 10.0 * at) for at, one in enumerate(found)])
    return nearby(ASKED | query, language=language, now=NOW, listings=listings)


def fault_of(query: dict[str, str]) -> tuple[str, str]:
    with pytest.raises(InvalidInput) as caught:
        nearby(query, language="id", now=NOW, listings=Listings())
    ((fault,),) = [caught.value.faults]
    return fault.field, fault.code


class TestQuestion:
    def test_the_place_and_the_categorys_own_radius_are_looked_up(self, monkeypatch):
        lamp = SEMARANG.categories[1].model_copy(update={"radius_m": 100})
        other = SEMARANG.model_copy(update={"categories": (SEMARANG.categories[0], lamp)})
        vars(other).pop("category_by_code", None)  # the copy's own is made of its categories
        monkeypatch.setitem(JURISDICTIONS, "semarang", other)
        listings = Listings()
        for category in ("jalan-rusak", "sampah"):
            nearby(ASKED | {"category": category}, language="id", now=NOW, listings=listings)
        nearby(ASKED, language="id", now=NOW, listings=listings)
        assert listings.asked == [
            (-6.99, 110.42, 250, "jalan-rusak"),
            (-6.99, 110.42, 100, "sampah"),
            (-6.99, 110.42, 250, None),
        ]

    def test_what_to_do_is_said_in_both_languages(self):
        for query, said in (
            ({}, Text("Wajib diisi.", "This is required.")),
            (
                {"lat": "91"},
                Text(
                    "Isi derajat desimal dari -90 sampai 90.",
                    "Give decimal degrees from -90 to 90.",
                ),
            ),
        ):
            named = {"jurisdiction_id": "semarang", **query}
            with pytest.raises(InvalidInput) as caught:
                nearby(named, language="id", now=NOW, listings=Listings())
            assert caught.value.faults[0].message == said

    def test_the_longitude_may_be_called_long_as_elsewhere(self):
        query = {"jurisdiction_id": "semarang", "lat": "-6.99", "long": "110.42"}
        assert nearby(query, language="id", now=NOW, listings=Listings()).complaints == []

    @pytest.mark.parametrize("written", ["0", "-0", "+6.5", "-90", "90.0", " 7 ", "6.12345678901"])
    def test_degrees_are_read_as_people_write_them(self, written):
        ask(lat=written)

    @pytest.mark.parametrize("missing", ["jurisdiction_id", "lat", "lng"])
    def test_what_is_missing_is_named(self, missing):
        field_, code = fault_of({name: ASKED[name] for name in ASKED if name != missing})
        assert field_ == missing
        assert code in {"missing", "unknown_jurisdiction"}

    @pytest.mark.parametrize(
        ("name", "value", "code"),
        [
            ("jurisdiction_id", "solo", "unknown_jurisdiction"),
            ("category", "telegram", "unknown_category"),
            ("lat", "90.001", "out_of_range"),
            ("lat", "-91", "out_of_range"),
            ("lng", "180.5", "out_of_range"),
            ("long", "-181", "out_of_range"),
            ("lat", "utara", "out_of_range"),
            ("lat", "nan", "out_of_range"),
            ("lng", "inf", "out_of_range"),
            ("lng", "1e2", "out_of_range"),
            ("lat", "1" * 40, "out_of_range"),
            ("lat", "٦", "out_of_range"),
        ],
    )
    def test_what_is_not_possible_is_refused_by_its_name(self, name, value, code):
        query = {key: one for key, one in ASKED.items() if not (name == "long" and key == "lng")}
        assert fault_of(query | {name: value}) == (name, code)


class TestAnswer:
    def test_a_complaint_is_shown_so_that_one_can_tell_whether_it_is_the_same(self):
        lamp = a_complaint(**HERE, supporters=3, description="Jalan\n berlubang")
        shown = ask(lamp, language="en")
        assert (shown.jurisdiction_id, shown.radius_m) == ("semarang", 250)
        ((one,),) = [shown.complaints]
        assert one.model_dump() == {
            "complaint_id": lamp.complaint_id,
            "service_code": "jalan-rusak",
            "service_name": "Damaged road",
            "description": "Jalan berlubang",
            "status": "received",
            "distance_m": 0,
            "supporters": 3,
            "created_at": NOW,
            **HERE,
        }

    def test_the_nearest_come_first_and_not_too_many(self):
        shown = ask(*(a_complaint(**HERE) for _ in range(MOST + 5)))
        assert [one.distance_m for one in shown.complaints] == [10 * at for at in range(MOST)]

    @pytest.mark.parametrize("status", [one for one in Status if one is not Status.WITHDRAWN])
    def test_open_ones_count_however_old_and_done_ones_for_twelve_weeks(self, status):
        done = status in DONE
        for ago, counts in ((TWELVE_WEEKS, True), (TWELVE_WEEKS + timedelta(seconds=1), not done)):
            then = NOW - ago
            one = a_complaint(
                status=status, **HERE, created_at=then, closed_at=then if done else None
            )
            assert len(ask(one).complaints) == counts

    def test_what_was_done_before_that_was_kept_counts(self):
        assert len(ask(a_complaint(status=Status.RESOLVED, **HERE)).complaints) == 1

    def test_what_was_withdrawn_is_nothing_to_join(self):
        assert ask(a_complaint(status=Status.WITHDRAWN, **HERE, closed_at=NOW)).complaints == []

    def test_another_jurisdictions_are_not_shown(self):
        other = a_complaint(jurisdiction_id="jateng", **HERE)
        assert ask(other).complaints == []

    def test_a_category_that_is_no_longer_offered_has_no_name(self):
        ((one,),) = [ask(a_complaint(service_code="telegram", **HERE)).complaints]
        assert (one.service_code, one.service_name) == ("telegram", None)


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("Lampu mati", "Lampu mati"),
        ("a" * 200, "a" * 200),
        ("a" * 201, "a" * 200 + "…"),
        ("kata " * 60, ("kata " * 40).strip() + "…"),
        (f"{'a' * 198} dan lagi", f"{'a' * 198}…"),
    ],
)
def test_a_long_text_is_cut_after_a_word(text, short):
    assert shortened(text) == short


@given(texts)
def test_a_shortened_text_is_one_line_and_no_longer(text):
    assert len(shortened(text * 20)) <= 201
    assert len(shortened(text * 20).splitlines()) <= 1
