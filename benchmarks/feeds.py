"""What it costs to answer for a thousand shelters: the nearest with room, and feeds of all of them."""

import json
import time
from collections.abc import Callable

from benchmarks.figures import Figure, Row, Section
from benchmarks.timing import in_fresh_process

_SHELTERS = 1_000
_NOON_MS = 1_795_150_800_000
#: The most that each may take, in milliseconds: a small share of a request's time.
_BUDGETS = {"nearest": 10.0, "station_status.json": 60.0, "station_information.json": 60.0}


def measure(*, rounds: int = 25) -> Section:
    """Return the processor time of what is worked out for each request."""
    return Section(
        title="Shelters: feeds",
        how=(
            f"The least of the rounds, with {_SHELTERS} shelters half full. The nearest are five of "
            "those with room, as the crow flies; feeds are rendered and written as JSON, which a "
            "client may then keep. What is read, one Query a jurisdiction, is not in it."
        ),
        columns=("ms", "KB"),
        rows=in_fresh_process(_timed, rounds),
    )


def _timed(rounds: int) -> list[Row]:
    from functions.shelter_alerts.configuration import Shelter
    from functions.shelter_alerts.feeds import gbfs
    from functions.shelter_alerts.feeds.standing import Counted, Option, standings
    from functions.shelter_alerts.items import instant
    from functions.shelter_alerts.nearest import nearest
    from shared.text import Text

    def shelter(number: int) -> Shelter:
        lat, lng = -7.1 + number % 40 * 0.01, 110.2 + number // 40 * 0.01
        south, north, west, east = lat - 5e-4, lat + 5e-4, lng - 5e-4, lng + 5e-4
        return Shelter(
            id=f"semarang-{number}",
            name=Text(f"Titik {number}", f"Point {number}"),
            district="Semarang Tengah",
            centre=(lat, lng),
            fence=((south, west), (south, east), (north, east), (north, west), (south, west)),
            capacity={"motorcycle": 20, "car": 4},
        )

    shelters = [shelter(number) for number in range(_SHELTERS)]
    board = {one.id: Counted(by_type={"motorcycle": 10}, at_ms=_NOON_MS) for one in shelters}
    now = instant(_NOON_MS)
    stands = standings(shelters, board, _NOON_MS, now)

    def find() -> str:
        options = (Option(one, "motorcycle") for one in stands)
        return str(nearest(options, (-6.98, 110.41), promised={}))

    def written(name: str, data: Callable[[], object]) -> Callable[[], str]:
        return lambda: json.dumps(gbfs.feed(name, data(), now))  # type: ignore[arg-type]

    work = {
        "nearest": find,
        "station_status.json": written("station_status", lambda: gbfs.station_status(stands)),
        "station_information.json": written(
            "station_information", lambda: gbfs.station_information(stands)
        ),
    }
    rows = []
    for name, do in work.items():
        spent = []
        for _ in range(rounds):
            began = time.process_time()
            content = do()
            spent.append(time.process_time() - began)
        size = Figure(len(content) / 1024, digits=0)
        rows.append(Row(name, (Figure(1000 * min(spent), _BUDGETS[name]), size)))
    return rows
