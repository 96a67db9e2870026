"""`make bench`: measures everything in one run; leaves with 1 when a budget is missed."""

import argparse
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from benchmarks import (
    cold_start,
    consumption,
    deadlines,
    deciding,
    feeds,
    growth,
    lists,
    movements,
    reconciling,
    report,
    shelter_alerts,
    warm_cpu,
)
from benchmarks.figures import Section

PARTS: Mapping[str, Callable[[], Section]] = {
    "cold import": cold_start.measure,
    "warm CPU": warm_cpu.measure,
    "AWS calls and capacity": consumption.measure,
    "size of a record": consumption.measure_sizes,
    "growth": growth.measure,
    "lists": lists.measure,
    "deadlines": deadlines.measure,
    "deciding": deciding.measure,
    "reconciling": reconciling.measure,
    "movements": movements.measure,
    "shelter-alerts": shelter_alerts.measure,
    "fleets": movements.measure_cpu,
    "feeds": feeds.measure,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, show, and tell by the exit code whether all budgets are met."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print JSON instead of tables")
    parser.add_argument("--write", type=Path, metavar="FILE", help="write a document as well")
    parser.add_argument(
        "--only", choices=PARTS, nargs="+", default=list(PARTS), help="measure these parts alone"
    )
    options = parser.parse_args(arguments)
    sections = _measured(Console(stderr=True), options.only)
    if options.json:
        print(report.as_json(sections))
    else:
        report.show(sections, Console())
    if options.write:
        options.write.write_text(report.as_document(sections), encoding="utf-8")
    return 1 if report.missed(sections) else 0


def _measured(console: Console, names: Sequence[str]) -> list[Section]:
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    sections = []
    with Progress(*columns, console=console, transient=True) as progress:
        for name in names:
            task = progress.add_task(name)
            sections.append(PARTS[name]())
            progress.remove_task(task)
    return sections


if __name__ == "__main__":
    raise SystemExit(main())
