"""`simpul open-data`: publish a month's public complaints now, without waiting for the schedule."""

import json
import time
from typing import Annotated, Any

import typer
from rich.text import Text

from cli.screen import CannotContinue, JsonOption, done, out, show_json
from cli.surroundings import Surroundings
from functions.complaint_intake.open_data.months import span
from shared import config

app = typer.Typer(no_args_is_help=True, help="Data terbuka. / Open data.")

EVERY_MONTH = "complaint-intake-every-month"


@app.command()
def export(
    ctx: typer.Context,
    jurisdiction: Annotated[
        str, typer.Option("--jurisdiction", "-j", help="semarang, jateng")
    ] = "semarang",
    month: Annotated[
        str | None,
        typer.Option(
            "--month",
            "-m",
            help="Bulan, misalnya 2026-11; tanpa ini bulan lalu. / A month; the last one without it.",
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Terbitkan aduan publik sebulan sebagai CSV. / Publish a month's public complaints as CSV.

    Boleh diulang: berkasnya diganti dengan keadaan sekarang. / May be repeated: the file is
    replaced by how things stand now.
    """
    around: Surroundings = ctx.obj
    if jurisdiction not in config.jurisdiction_ids():
        raise CannotContinue(
            f"Wilayah `{jurisdiction}` tidak ada; pilih: {', '.join(config.jurisdiction_ids())}. "
            "/ There is no such jurisdiction."
        )
    try:
        span(month or "2026-11")
    except ValueError:
        raise CannotContinue(
            f"Tulis bulan seperti 2026-11, bukan `{month}`. / Write the month as 2026-11."
        ) from None
    asked = {"jurisdiction_id": jurisdiction} | ({"month": month} if month else {})
    (published,) = _published(around, asked, as_json=as_json)
    url = f"{around.outputs.api_url}/open-data/{published['jurisdiction_id']}/{published['month']}"
    if as_json:
        show_json(published | {"url": url})
        return
    out.print(done(f"{published['rows']} aduan, {published['bytes']} bita / complaints, bytes"))
    out.print(f"  {url}", soft_wrap=True)


def _published(
    around: Surroundings, asked: dict[str, str], *, as_json: bool
) -> list[dict[str, Any]]:
    """Have the function publish, which may take minutes, and return what it published."""
    title = f"Data terbuka {asked['jurisdiction_id']} {asked.get('month', '')}".strip()
    payload = json.dumps(asked).encode()
    function = around.outputs.function(EVERY_MONTH)
    if as_json:
        answer = around.functions.invoke(FunctionName=function, Payload=payload)
    else:
        began = time.monotonic()
        with out.status(Text(f"{title}: menyusun CSV … / making the CSV …")):
            answer = around.functions.invoke(FunctionName=function, Payload=payload)
        out.print(done(title, (f" ({time.monotonic() - began:.1f} s)", "dim")))
    told = json.loads(answer["Payload"].read() or b"{}")
    if answer.get("FunctionError"):
        raise CannotContinue(
            f"Gagal diterbitkan ({told.get('errorType', '?')}); lihat log {function}. "
            "/ It could not be published: see the function's log."
        )
    published: list[dict[str, Any]] = told["published"]
    return published
