"""Shows what the benchmarks found: as tables in a terminal, as JSON, as a document."""

import json
import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

from rich.box import SIMPLE
from rich.console import Console
from rich.padding import Padding
from rich.table import Table

from benchmarks.figures import Figure, Section

_VERSIONS = ("botocore", "pydantic", "aws-lambda-powertools", "fastapi", "mangum", "moto")
_HEAD = (
    "Written by `python -m benchmarks --write docs/benchmarks.md`; not to be edited. `make bench` "
    "measures anew. Ratios carry over to other machines, microseconds do not. In brackets: the "
    "budget."
)


def missed(sections: Sequence[Section]) -> list[str]:
    """Return a sentence for each budget that is missed."""
    return [sentence for section in sections for sentence in section.missed()]


def verdict(sections: Sequence[Section]) -> str:
    """Return in a sentence or a list whether the budgets are met."""
    found = missed(sections)
    if not found:
        return "Every budget is met."
    return "\n".join(["Over budget:", *(f"- {sentence}" for sentence in found)])


def show(sections: Sequence[Section], console: Console) -> None:
    """Print the sections as tables."""
    for section in sections:
        table = Table(title=section.title, box=SIMPLE, title_style="bold", pad_edge=False)
        table.add_column("", min_width=18, overflow="fold")
        for column in section.columns:
            table.add_column(column.replace(", ", ",\n"), justify="right")
        for row in section.rows:
            table.add_row(row.name, *map(_styled, row.cells))
        console.print(table, Padding(section.how, (0, 2, 1, 2), style="dim"))
    console.print(verdict(sections), style="red" if missed(sections) else "green")


def as_json(sections: Sequence[Section]) -> str:
    """Return the sections for a machine to read."""
    return json.dumps(
        {
            "machine": facts(),
            "missed": missed(sections),
            "sections": [
                {
                    "title": section.title,
                    "how": section.how,
                    "rows": {
                        row.name: dict(zip(section.columns, map(_plain, row.cells), strict=True))
                        for row in section.rows
                    },
                }
                for section in sections
            ],
        },
        indent=2,
        ensure_ascii=False,
    )


def as_document(sections: Sequence[Section]) -> str:
    """Return the sections in Markdown, with the facts of the machine."""
    told = "; ".join(f"{name} {value}" for name, value in facts().items())
    parts = [
        "# Benchmarks",
        _HEAD,
        f"Machine: {told}.",
        verdict(sections),
    ]
    for section in sections:
        parts += [f"## {section.title}", section.how, _markdown(section)]
    return "\n\n".join(parts) + "\n"


def facts() -> dict[str, str]:
    """Return what the figures depend on."""
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "Python": platform.python_version(),
        "processor": platform.machine(),
        "cores": str(os.cpu_count()),
        **{name: version(name) for name in _VERSIONS},
    }


def _markdown(section: Section) -> str:
    lines = [("", *section.columns), ("---", *("---:" for _ in section.columns))]
    lines += [(row.name, *map(_text, row.cells)) for row in section.rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _text(cell: Figure | str) -> str:
    if isinstance(cell, str) or cell.most is None:
        return str(cell)
    return f"{'**' if cell.missed else ''}{cell}{'**' if cell.missed else ''} ({cell.most:g})"


def _styled(cell: Figure | str) -> str:
    if isinstance(cell, str) or cell.most is None:
        return str(cell)
    return f"[{'bold red' if cell.missed else 'green'}]{cell}[/] [dim]({cell.most:g})[/]"


def _plain(cell: Figure | str) -> Any:
    if isinstance(cell, str):
        return cell or None
    return {"value": float(str(cell)), "most": cell.most, "missed": cell.missed}
