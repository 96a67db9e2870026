"""Where subscriptions lie, so that a complaint finds those that it is near to by a few queries.

Each lies in one cell, wider the wider its circle is; a complaint looks for each width into the
cells that the widest such circle could reach it from: four, so twelve in all (docs/adr/0033).
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from shared.alerts import LARGEST_RADIUS_M
from shared.complaints import cells

#: A place is often somebody's home: 110 m tell where to look, and not whose door it is.
_DECIMALS: Final = 3


class Width(NamedTuple):
    """A width of cells (degrees), and the longest radius (m) of a circle that lies in them."""

    radius_m: int
    side: float


#: Each cell is wider than its longest circle, wherever people live.
WIDTHS: Final = (Width(250, 0.005), Width(1000, 0.02), Width(LARGEST_RADIUS_M, 0.08))


def rounded(degrees: float) -> float:
    """Return a coordinate as it is kept."""
    return round(degrees, _DECIMALS)


def place_of(jurisdiction_id: str, lat: float, long: float, radius_m: int) -> str:
    """Return the partition of `by_place` in which a subscription lies."""
    width = next(one for one in WIDTHS if radius_m <= one.radius_m)
    return f"{_prefix(jurisdiction_id, width)}#{cells.cell_of(lat, long, width.side)}"


def places_around(jurisdiction_id: str, lat: float, long: float) -> Sequence[str]:
    """Return the partitions in which all subscriptions lie that can reach a complaint."""
    return [
        f"{_prefix(jurisdiction_id, width)}#{cell}"
        for width in WIDTHS
        for cell in cells.cells_within(lat, long, width.radius_m, width.side)
    ]


def _prefix(jurisdiction_id: str, width: Width) -> str:
    return f"{jurisdiction_id}#{width.radius_m}"
