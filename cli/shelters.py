"""`simpul shelters`: watch shelters as their officer, take alerts up, silence them."""

import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Final

import typer
from rich.live import Live
from rich.table import Column, Table
from rich.text import Text

from cli.api import Api
from cli.screen import JsonOption, PoliteGroup, done, one_line, out, show_json
from cli.signin import officer_token
from cli.surroundings import Surroundings
from shared.clock import WIB, from_text

app = typer.Typer(
    cls=PoliteGroup, no_args_is_help=True, help="Titik kumpul. / Shelters and their alerts."
)

GroupOption = Annotated[
    str, typer.Option("--group", "-g", help="Grup petugas. / The officer's group.")
]
JurisdictionOption = Annotated[
    str | None, typer.Option("--jurisdiction", "-j", help="semarang, jateng [semua / all]")
]
ShelterArgument = Annotated[
    str, typer.Argument(help="Titik kumpul, misalnya semarang-tugu-muda. / The shelter.")
]
_GROUP: Final = "shelter_officer"
_STYLES: Final = {
    "over": "bold red",
    "full": "red",
    "warning": "yellow",
    "unknown": "magenta",
    "normal": "green",
}


@app.command()
def status(
    ctx: typer.Context,
    jurisdiction: JurisdictionOption = None,
    group: GroupOption = _GROUP,
    every: Annotated[
        bool, typer.Option("--all", help="Juga yang normal. / Also those that are normal.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Keadaan titik kumpul, yang terparah dahulu. / Shelters' states, the worst first."""
    shelters = _watched(ctx, group, jurisdiction)
    if as_json:
        show_json({"shelters": shelters})
        return
    shown = [one for one in shelters if every or one["state"] != "normal"]
    if shown:
        out.print(_table(shown))
    calm = len(shelters) - len(shown)
    if calm:
        out.print(done(f"{calm} titik kumpul normal. / {calm} shelters are normal."))


@app.command()
def watch(
    ctx: typer.Context,
    jurisdiction: JurisdictionOption = None,
    group: GroupOption = _GROUP,
    every_s: Annotated[float, typer.Option("--every", help="Detik / seconds.")] = 5.0,
    times: Annotated[int, typer.Option(help="Berapa kali; 0 terus. / How often; 0: on.")] = 0,
    as_json: JsonOption = False,
) -> None:
    """Pantau terus; dengan --json satu baris tiap perubahan. / Watch; with --json changes only."""
    token, api = _officer(ctx, group)
    known: dict[str, int] = {}
    with Live(console=out, auto_refresh=False) as live:
        looked = 0
        while True:
            shelters = _listed(api, token, jurisdiction)
            if as_json:
                for one in shelters:
                    if known.get(one["shelter_id"]) != one["seq"]:
                        show_json(one)
                known = {one["shelter_id"]: one["seq"] for one in shelters}
            else:
                live.update(_table(shelters), refresh=True)
            looked += 1
            if looked == times:
                return
            time.sleep(every_s)


@app.command()
def ack(
    ctx: typer.Context,
    shelter_id: ShelterArgument,
    seq: Annotated[
        int | None, typer.Option(help="Nomor kabar yang diambil alih. / Which news. [terbaru]")
    ] = None,
    group: GroupOption = _GROUP,
    as_json: JsonOption = False,
) -> None:
    """Ambil alih peringatan: tidak diulang sampai memburuk. / Take an alert up."""
    token, api = _officer(ctx, group)
    if seq is None:
        listed = _listed(api, token, None)
        seq = next((one["seq"] for one in listed if one["shelter_id"] == shelter_id), 1) or 1
    found = api.post(f"/shelters/{shelter_id}/acknowledgements", {"seq": seq}, token=token)
    _tell(found, "diambil alih / taken up", as_json=as_json)


@app.command()
def silence(
    ctx: typer.Context,
    shelter_id: ShelterArgument,
    minutes: Annotated[
        int, typer.Option("--minutes", "-m", help="Menit; 0 mengakhiri. / Minutes; 0 ends it.")
    ] = 60,
    group: GroupOption = _GROUP,
    as_json: JsonOption = False,
) -> None:
    """Diamkan e-mail dan SMS-nya sementara. / Keep its e-mail and text messages quiet."""
    token, api = _officer(ctx, group)
    found = api.post(f"/shelters/{shelter_id}/silences", {"minutes": minutes}, token=token)
    until = found.get("silenced_until")
    said = (
        f"diam sampai / silent until {_local(until):%Y-%m-%d %H:%M} WIB"
        if until
        else "tidak diam / not silent"
    )
    _tell(found, said, as_json=as_json)


def _watched(ctx: typer.Context, group: str, jurisdiction: str | None) -> list[dict[str, Any]]:
    token, api = _officer(ctx, group)
    return _listed(api, token, jurisdiction)


def _officer(ctx: typer.Context, group: str) -> tuple[str, Api]:
    around: Surroundings = ctx.obj
    token = officer_token(around.outputs, group, around.cognito, around.http)
    return token, Api(around.outputs.api_url, around.http)


def _listed(api: Api, token: str, jurisdiction: str | None) -> list[dict[str, Any]]:
    query = {"jurisdiction_id": jurisdiction} if jurisdiction else None
    found: list[dict[str, Any]] = api.get("/shelters/watch", token=token, query=query)["shelters"]
    return found


def _tell(found: Mapping[str, Any], said: str, *, as_json: bool) -> None:
    if as_json:
        show_json(found)
    else:
        out.print(done(f"{one_line(found.get('name', ''))}: {said}"))


def _table(shelters: Sequence[Mapping[str, Any]]) -> Table:
    """Return shelters as a table of which nothing that is looked up is cut off at 80 columns."""
    table = Table(
        Column("titik kumpul\nshelter", overflow="fold"),
        "keadaan\nstate",
        Column("isi\nin it", no_wrap=True),
        "sejak\nsince (WIB)",
    )
    for one in shelters:
        counts = "\n".join(
            f"{kind} {one['occupancy'].get(kind, 0)}/{places}"
            for kind, places in one["capacity"].items()
        )
        notes = [f"\n✓ {one_line(one['acknowledged_by'])}"] if one["acknowledged_by"] else []
        if one["silenced_until"]:
            notes.append(f"\ndiam / silent → {_local(one['silenced_until']):%d-%m %H:%M}")
        name, shelter_id = one_line(one["name"]), one_line(one["shelter_id"])
        table.add_row(
            Text.assemble(f"{name}\n", (shelter_id, "dim"), *notes),
            Text(one["state"], style=_STYLES.get(one["state"], "")),
            counts,
            f"{_local(one['since']):%d-%m %H:%M}" if one["since"] else "",
        )
    return table


def _local(instant: str) -> datetime:
    return from_text(instant).astimezone(WIB)
