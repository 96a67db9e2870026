"""`simpul officer overdue` and `simpul officer debts`: the public lists of what is late."""

from collections.abc import Iterator
from itertools import islice
from typing import Annotated, Any

import typer
from rich.table import Table

from cli.api import Refused
from cli.screen import JsonOption, done, one_line, out, show_json
from cli.surroundings import Surroundings

Jurisdiction = Annotated[str, typer.Option("--jurisdiction", "-j", help="semarang, jateng")]
AgencyCode = Annotated[
    str | None, typer.Option("--agency", help="Hanya dinas ini. / Of this agency only.")
]
Most = Annotated[int, typer.Option("--max", min=1, help="Paling banyak sekian. / At most so many.")]


def overdue(
    ctx: typer.Context,
    jurisdiction: Jurisdiction,
    agency: AgencyCode = None,
    most: Most = 100,
    as_json: JsonOption = False,
) -> None:
    """Aduan publik yang lama terlambat. / Public complaints that are long overdue."""
    _show("overdue", "due_at", ctx.obj, jurisdiction, agency, most, as_json=as_json)


def debts(
    ctx: typer.Context,
    jurisdiction: Jurisdiction,
    agency: AgencyCode = None,
    most: Most = 100,
    as_json: JsonOption = False,
) -> None:
    """Yang selesai bersyarat dan belum dipenuhi. / What is still owed, by when."""
    _show("debts", "owed_by", ctx.obj, jurisdiction, agency, most, as_json=as_json)


def _show(
    path: str,
    dated: str,
    around: Surroundings,
    jurisdiction: str,
    agency: str | None,
    most: int,
    *,
    as_json: bool,
) -> None:
    asked = {"jurisdiction_id": jurisdiction, "limit": "100"}
    asked |= {"agency": agency} if agency else {}
    found = list(islice(_rows(around, path, asked), most))
    if as_json:
        show_json(found)
        return
    if not found:
        out.print(done("Tidak ada. / There are none."))
        return
    table = Table("nomor / number", "dinas / agency", "kategori / category", "batas / due")
    for one in found:
        whose = one["agency"]["short_name"] if one["agency"] else "–"
        about = one["service_name"] or "–"
        table.add_row(one["complaint_id"], one_line(whose), one_line(about), one[dated])
    out.print(table)


def _rows(around: Surroundings, path: str, asked: dict[str, str]) -> Iterator[dict[str, Any]]:
    """Yield the rows of a list, page after page as far as they are asked for."""
    cursor: str | None = ""
    while cursor is not None:
        query = asked | ({"cursor": cursor} if cursor else {})
        answer = around.http.get(f"{around.outputs.api_url.rstrip('/')}/{path}", params=query)
        if answer.is_error:
            raise Refused(answer)
        page = answer.json()
        yield from page["complaints"]
        cursor = page["cursor"]
