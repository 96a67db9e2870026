"""What a benchmark finds: figures, some with a budget, in sections that print as tables."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured value and, where the design sets one, the most that it may be."""

    value: float
    most: float | None = None
    digits: int = 2

    @property
    def missed(self) -> bool:
        """Tell whether the value is over its budget, as printed: to the figure's digits."""
        return self.most is not None and round(self.value, self.digits) > self.most

    def __str__(self) -> str:
        return f"{self.value:.{self.digits}f}"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table: what was measured, and its cells in the section's columns."""

    name: str
    cells: Sequence[Figure | str]


@dataclass(frozen=True, slots=True)
class Section:
    """A table with what its reader must know: how it was measured."""

    title: str
    how: str
    columns: Sequence[str]
    rows: Sequence[Row]

    def missed(self) -> Iterator[str]:
        """Yield a sentence for each figure over its budget."""
        for row in self.rows:
            for column, cell in zip(self.columns, row.cells, strict=True):
                if isinstance(cell, Figure) and cell.missed:
                    yield f"{self.title}: {row.name}: {column} is {cell}, over {cell.most:g}"


def count(value: float, most: float | None = None) -> Figure:
    """Return a figure of calls or units, of which halves are the smallest part."""
    return Figure(value, most, 0 if value == int(value) else 1)
