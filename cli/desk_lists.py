"""The options of work lists, and how a page of one is shown."""

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from cli.desk import listed
from cli.screen import one_line, out, show_json

StatusOption = Annotated[
    str | None, typer.Option(help="Satu keadaan saja. / Of one status; else all open work.")
]
OverdueOption = Annotated[
    bool, typer.Option("--overdue", help="Yang lewat batas. / Only what is overdue.")
]
DueBeforeOption = Annotated[
    str | None, typer.Option(help="Batasnya sebelum tanggal ini. / Due before this day.")
]
CursorOption = Annotated[
    str | None, typer.Option(help="Lanjutan halaman sebelumnya. / Where the last page ended.")
]


def show_list(page: Mapping[str, Any], *, as_json: bool) -> None:
    """Print a page of work, and how to go on."""
    if as_json:
        show_json(page)
        return
    out.print(listed(page))
    if page["cursor"]:
        out.print(f"  … --cursor {one_line(page['cursor'])}", soft_wrap=True)
