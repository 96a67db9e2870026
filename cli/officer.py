"""`simpul officer`: sign an officer in, and work at a triage desk."""

from typing import Annotated

import typer

from cli import desk
from cli.desk_commands import NumberArgument, add
from cli.desk_lists import CursorOption, DueBeforeOption, OverdueOption, StatusOption, show_list
from cli.screen import JsonOption, out, show_json
from cli.signin import officer_token
from cli.surroundings import Surroundings
from shared.complaints.law import Action

app = typer.Typer(no_args_is_help=True, help="Petugas. / Officers.")


@app.callback()
def officers() -> None:
    """Petugas: masuk, memilah, memoderasi. / Officers: sign in, sort, moderate."""


@app.command()
def token(
    ctx: typer.Context,
    group: Annotated[
        str,
        typer.Option(
            help="Grup petugas / the officer's group: operator, operator:semarang, agency:<kode>."
        ),
    ],
    as_json: JsonOption = False,
) -> None:
    """Masuk sebagai petugas lokal (kode + PKCE) dan cetak tokennya. / Sign a local officer in.

    Contoh / example: curl -H "Authorization: Bearer $(simpul officer token --group operator)" …
    """
    around: Surroundings = ctx.obj
    given = officer_token(around.outputs, group, around.cognito, around.http)
    if as_json:
        show_json({"access_token": given, "token_type": "Bearer", "group": group})
    else:
        out.print(given, soft_wrap=True)


@app.command()
def triage(
    ctx: typer.Context,
    jurisdiction: Annotated[
        str, typer.Option("--jurisdiction", "-j", help="semarang, jateng")
    ] = "semarang",
    status: StatusOption = None,
    overdue: OverdueOption = False,
    due_before: DueBeforeOption = None,
    cursor: CursorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Daftar yang menunggu petugas. / List what waits for an operator."""
    page = desk.of_operator(jurisdiction, ctx.obj).get(
        jurisdiction_id=jurisdiction,
        status=status,
        overdue="true" if overdue else None,
        due_before=due_before,
        cursor=cursor,
    )
    show_list(page, as_json=as_json)


@app.command()
def complaint(
    ctx: typer.Context, complaint_id: NumberArgument, as_json: JsonOption = False
) -> None:
    """Lihat aduan beserta riwayat dan catatan internalnya. / Show all of a complaint."""
    around: Surroundings = ctx.obj
    operator = desk.of_operator(desk.jurisdiction_of(complaint_id), around)
    found = operator.get(f"/{complaint_id}")
    if as_json:
        show_json(found)
    else:
        out.print(desk.detail(found))


add(
    app,
    (
        *(Action.ASSIGN, Action.REJECT, Action.REOPEN, Action.SPLIT, Action.MERGE, Action.UNMERGE),
        *(Action.HIDE, Action.SHOW, Action.REDACT),
    ),
    lambda around, given: desk.of_operator(desk.jurisdiction_of(given["complaint_id"]), around),
)
