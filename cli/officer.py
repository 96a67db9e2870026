"""`simpul officer`: sign an officer in."""

from typing import Annotated

import typer

from cli.screen import JsonOption, out, show_json
from cli.signin import officer_token
from cli.surroundings import Surroundings

app = typer.Typer(no_args_is_help=True, help="Petugas. / Officers.")


@app.callback()
def officers() -> None:
    """Petugas: masuk dan dapatkan token. / Officers: sign in and get a token."""


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
