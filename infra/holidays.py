"""Writes `config/holidays.toml` from the `holidays` library: `python -m infra.holidays`.

Public holidays only. Joint leave is decreed, and changed, by ministers: `config/joint_leave.toml`.
"""

from collections.abc import Mapping
from pathlib import Path

import holidays

from shared.config import CONFIG_DIR

YEARS = range(2019, 2028)
_HEAD = """\
# Indonesian national public holidays, from the Python library `holidays` (country ID, category
# public). Dates set by the moon are its estimates until the joint decree of each year.
# Regenerate: python -m infra.holidays

holidays = [
"""


def public_holidays(category: str = holidays.PUBLIC) -> Mapping[str, str]:
    """Return the names of the days off of a category by their ISO dates, in order."""
    found = holidays.country_holidays("ID", years=YEARS, categories=(category,), language="en_US")
    return {day.isoformat(): name for day, name in sorted(found.items())}


def document(days: Mapping[str, str]) -> str:
    """Return the file's text."""
    return _HEAD + "".join(f'    "{day}",  # {name}\n' for day, name in days.items()) + "]\n"


def main(path: Path = CONFIG_DIR / "holidays.toml") -> None:
    """Write the file anew."""
    path.write_text(document(public_holidays()), encoding="utf-8")


if __name__ == "__main__":
    main()
