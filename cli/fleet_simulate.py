"""`simpul fleet simulate`: a city of vehicles, live, beside what the deployment says of it."""

from collections.abc import Mapping
from contextlib import nullcontext
from typing import Annotated, Any

import typer
from rich.live import Live
from rich.table import Table

from cli.fleet_crowd import CrowdWatch, crowd_watch
from cli.fleet_simulating import Counts, Simulated, simulated
from cli.screen import CannotContinue, JsonOption, done, out, show_json
from cli.surroundings import Surroundings
from functions.shelter_alerts.configuration import all_shelters

#: Rows of the live table: the fullest shelters.
_ROWS = 15


def simulate(
    ctx: typer.Context,
    vehicles: Annotated[int, typer.Option(min=1, max=20_000, help="Kendaraan. / Vehicles.")] = 300,
    minutes: Annotated[
        float, typer.Option(min=0.5, max=1440, help="Menit simulasi. / Simulated minutes.")
    ] = 10,
    speed: Annotated[
        float, typer.Option(min=0.1, max=60, help="Kali lebih cepat. / Times as fast as real.")
    ] = 5,
    seed: Annotated[int, typer.Option(help="Ulang yang sama. / The same again.")] = 1,
    crowd: Annotated[
        str | None,
        typer.Option(
            help="Sesaki titik kumpul ini sampai Dishub tahu. / Crowd it until Dishub is told."
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Mainkan armada dan bandingkan hunian titik kumpul dengan kebenarannya. / Play fleets.

    GPS meleset, jam sibuk, kendaraan hilang, laporan ganda, terlambat, dan tertukar. / With noise,
    rush hours, vanished vehicles, and reports twice, late and out of order.
    """
    around: Surroundings = ctx.obj
    if around.outputs.endpoint_url is None:
        raise CannotContinue(
            "Simulasi hanya untuk awan lokal. / Only a local cloud is simulated against."
        )
    watching = crowd_watch(around, crowd) if crowd else None
    screen = Live(console=out, refresh_per_second=4)
    with nullcontext() if as_json else screen:
        found = simulated(
            around,
            vehicles=vehicles,
            minutes=minutes,
            speed=speed,
            seed=seed,
            crowds=[watching.crowd] if watching else (),
            noticed=watching or (lambda _: False),
            watch=None if as_json else lambda *seen: screen.update(_table(*seen)),
        )
    if not (as_json or out.is_terminal):
        out.line()  # a file's table ends without one
    if as_json:
        show_json(found.summary() | _crowd_summary(watching))
    else:
        if watching:
            _report_crowd(watching)
        _report(found)
    if found.different or (watching and not watching.noticed):
        raise typer.Exit(1)


def _table(now_s: float, truth: Counts, told: Counts) -> Table:
    table = Table(
        "titik kumpul / shelter",
        "sebenarnya / truth",
        "kata sistem / told",
        "daya tampung / capacity",
        title=f"{int(now_s // 60):02}:{int(now_s % 60):02}",
    )
    shelters = all_shelters()
    fullest = sorted(truth, key=lambda name: -sum(truth[name].values()))[:_ROWS]
    for name in fullest:
        capacity = sum(shelters[name].capacity.values())
        counts = (sum(truth[name].values()), sum(_of(told, name).values()), capacity)
        table.add_row(shelters[name].name.id, *map(str, counts))
    return table


def _of(told: Counts, name: str) -> Mapping[str, int]:
    return told.get(name, {})


def _crowd_summary(watching: CrowdWatch | None) -> dict[str, Any]:
    if watching is None:
        return {}
    return {"crowd": watching.noticed.summary() if watching.noticed else None}


def _report_crowd(watching: CrowdWatch) -> None:
    if watching.noticed:
        out.print(done(watching.noticed.sentence()), soft_wrap=True)
        out.print(
            "  Peringatan dicabut dua menit setelah sepi / taken back two minutes after it is over: "
            "simpul shelters watch",
            soft_wrap=True,
        )
    else:
        out.print(f"{watching.shelter.id}: tidak diumumkan / nothing was said", style="red")


def _report(found: Simulated) -> None:
    told = found.summary()
    sent = told["sent"]
    out.print(
        f"{sent.get('items', 0)} laporan / reports, {sent.get('twice', 0)} ganda / twice, "
        f"{sent.get('late', 0)} terlambat / late, {found.vanished} hilang / vanished",
        soft_wrap=True,
    )
    if not found.different:
        out.print(
            done(
                f"Hunian {told['shelters']} titik kumpul sama dengan kebenarannya "
                f"({told['present']} kendaraan, {told['took_s']} s). / All are as they are."
            ),
            soft_wrap=True,
        )
        return
    for name, (truth, said) in found.different.items():
        out.print(f"{name}: {dict(truth)} ≠ {dict(said)}", style="red")
