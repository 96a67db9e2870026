"""The days off in `config/` are those of the `holidays` library, joint leave of Lebaran included."""

from datetime import date, datetime, time, timedelta

import holidays
import pytest

from infra import holidays as written
from shared import config
from shared.clock import WIB
from shared.config import CONFIG_DIR
from shared.deadlines import Span
from shared.working_days import due, works

YEARS = range(2019, 2028)
OFF = holidays.country_holidays("ID", years=YEARS, categories=("public", "government"))
LEBARAN = sorted(
    day
    for day, name in holidays.country_holidays(
        "ID", years=YEARS, categories=("government",), language="en_US"
    ).items()
    if "Eid al-Fitr" in name
)


@pytest.fixture(scope="module", params=config.jurisdiction_ids())
def days_off(request: pytest.FixtureRequest) -> frozenset[str]:
    return config.load(request.param).days_off


def test_the_file_is_what_the_library_says_today():
    text = (CONFIG_DIR / "holidays.toml").read_text(encoding="utf-8")
    assert text == written.document(written.public_holidays())


def test_writing_it_anew_writes_the_same(tmp_path):
    path = tmp_path / "holidays.toml"
    written.main(path)
    assert path.read_bytes() == (CONFIG_DIR / "holidays.toml").read_bytes()


def test_every_day_of_nine_years_is_off_as_the_library_says(days_off):
    day = date(YEARS[0], 1, 1)
    while day.year < YEARS[-1] + 1:
        assert works(day, days_off) == (day.weekday() < 5 and day not in OFF), day
        day += timedelta(days=1)


@pytest.mark.parametrize("day", LEBARAN, ids=str)
def test_no_working_day_is_counted_in_the_joint_leave_of_lebaran(day, days_off):
    before = datetime.combine(day, time(12), tzinfo=WIB) - timedelta(days=1)
    end = due(Span(working_days=1, source="x"), before, days_off).date()
    assert end > day
    assert end not in OFF


@pytest.mark.parametrize("year", YEARS)
@pytest.mark.parametrize("number", [1, 5, 14, 60])
def test_a_span_ends_on_the_day_that_the_library_counts_to(year, number, days_off):
    for month in range(1, 12 if year < YEARS[-1] else 9):
        start = datetime(year, month, 28, 23, 59, 59, tzinfo=WIB)
        day, left = start.date(), number
        while left:
            day += timedelta(days=1)
            left -= day.weekday() < 5 and day not in OFF
        assert due(Span(working_days=number, source="x"), start, days_off) == datetime.combine(
            day, time(23, 59, 59), tzinfo=WIB
        )
