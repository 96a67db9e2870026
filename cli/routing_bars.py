"""Shows how far a long calculation has come."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from cli.screen import err


@contextmanager
def bar(title: str, total: int, *, quiet: bool = False) -> Iterator[Callable[[], None]]:
    """Show a bar, on the standard error, of what is called `total` times."""
    columns = (TextColumn("{task.description:28}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeElapsedColumn(), console=err, disable=quiet) as bars:
        task = bars.add_task(title, total=total)
        yield lambda: bars.advance(task)
