"""The `simpul` command."""

from pathlib import Path
from typing import Annotated

import typer

from cli import (
    agency,
    agency_stats,
    cloud,
    complaint,
    corrections,
    demo,
    differences,
    dlq,
    fleet,
    late,
    leakage,
    ledger,
    officer,
    open311,
    open_data,
    orders,
    partner,
    payments,
    pbb,
    reconcile,
    reporter,
    routing,
    shelters,
    stuck,
    tickets,
)
from cli.screen import PoliteGroup
from cli.surroundings import ROOT, Surroundings

app = typer.Typer(
    cls=PoliteGroup,
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
    help="Simpul: aduan warga sampai ke dinas yang tepat. / Complaints reach the right agency.",
)
app.command("up")(cloud.up)
app.command("down")(cloud.down)
app.command("status")(cloud.status)
app.command("outputs")(cloud.outputs)
app.command("demo")(demo.demo)
app.add_typer(complaint.app, name="complaint")
app.add_typer(agency.app, name="agency")
app.add_typer(agency_stats.app, name="agencies")
officer.app.command("overdue")(late.overdue)
officer.app.command("debts")(late.debts)
app.add_typer(officer.app, name="officer")
app.add_typer(reporter.app, name="reporter")
app.add_typer(fleet.app, name="fleet")
app.add_typer(shelters.app, name="shelters")
app.add_typer(partner.app, name="partner")
payments.app.command("reconcile")(reconcile.reconcile)
payments.app.command("accept-fees")(reconcile.accept_fees)
payments.app.command("leakage")(leakage.leakage_)
payments.app.command("differences")(differences.differences_)
payments.app.command("explain")(differences.explain)
app.add_typer(payments.app, name="payments")
ledger.app.command("correct")(corrections.correct)
app.add_typer(ledger.app, name="ledger")
app.add_typer(open311.app, name="open311")
app.add_typer(open_data.app, name="open-data")
app.add_typer(routing.app, name="routing")
app.add_typer(orders.app, name="orders")
app.add_typer(pbb.app, name="pbb")
app.add_typer(tickets.app, name="tickets")
app.add_typer(dlq.app, name="dlq")
app.command("stuck")(stuck.stuck)


@app.callback()
def surroundings(
    ctx: typer.Context,
    state_dir: Annotated[
        Path | None,
        typer.Option(
            envvar="SIMPUL_HOME",
            help="Folder keadaan awan lokal. / The local cloud's state folder. [.local]",
        ),
    ] = None,
    outputs: Annotated[
        Path | None,
        typer.Option(
            envvar="SIMPUL_OUTPUTS",
            help="Berkas outputs.json lain. / Another deployment's outputs.json.",
        ),
    ] = None,
) -> None:
    """Hand every command what it works with."""
    home = (state_dir or ROOT / ".local").absolute()
    ctx.obj = ctx.obj or Surroundings(state_dir=home, outputs_path=outputs or home / "outputs.json")


if __name__ == "__main__":
    app()
