"""`simpul tickets`: draw a paid order's tickets, let one in, check one without a network."""

import json
import sys
from pathlib import Path
from typing import Annotated, Any
from uuid import uuid4

import segno
import typer
from rich.table import Table

from cli import orders, shop
from cli.orders import ClientOption
from cli.screen import CannotContinue, JsonOption, PoliteGroup, done, one_line, out, show_json
from cli.surroundings import Surroundings
from functions.payment_webhooks.tickets import NotATicket, keys_in, ticket_in
from shared.clock import now, to_text

_STDIN = "-"

app = typer.Typer(
    cls=PoliteGroup,
    no_args_is_help=True,
    help="Tiket masuk: QR bertanda tangan. / Tickets: signed QR codes.",
)


@app.command()
def show(
    ctx: typer.Context,
    order_id: str,
    folder: Annotated[
        Path | None, typer.Option("--out", help="Simpan QR ke folder ini. / Save them here.")
    ] = None,
    client: ClientOption = None,
    as_json: JsonOption = False,
) -> None:
    """Gambar tiket sebuah pesanan. / Draw the tickets of an order."""
    order = orders.read(ctx.obj, order_id, client)
    if as_json:
        show_json(order["tickets"])
        return
    if not order["tickets"]:
        raise CannotContinue(
            f"Pesanan ini {one_line(order['status'])}; tiket terbit setelah lunas. "
            "/ There are no tickets: they are issued once they are paid for."
        )
    out.print(orders.ticket_table(order))
    for one in order["tickets"]:
        code = segno.make(one["token"], micro=False, error="m")
        if folder:
            folder.mkdir(parents=True, exist_ok=True)
            code.save(str(folder / f"{one['ticket_id']}.svg"), scale=4)
        else:
            out.print(one_line(one["ticket_id"]))
            code.terminal(compact=True)
    if folder:
        out.print(done(f"{len(order['tickets'])} QR → {folder}"))


@app.command()
def redeem(
    ctx: typer.Context,
    token: Annotated[str, typer.Argument(help="Isi QR; - untuk stdin. / What the QR holds.")],
    gate: Annotated[str | None, typer.Option(help="Nama gerbang. / The gate's name.")] = None,
    scan_id: Annotated[str | None, typer.Option(help="Nomor pindai. / The scan's mark.")] = None,
    client: ClientOption = None,
    as_json: JsonOption = False,
) -> None:
    """Pakai satu tiket di gerbang. / Let one ticket in."""
    around: Surroundings = ctx.obj
    given = _given(token)
    ticket = _checked(around, given, None)
    who = shop.client_for(
        around,
        shop.GATE_SCOPE,
        named=client,
        jurisdiction_id=ticket["jurisdiction_id"],
        product=ticket["product"],
    )
    body = {"token": given, "scan_id": scan_id or str(uuid4())} | ({"gate": gate} if gate else {})
    redeemed = shop.api(around).post("/tickets/redemptions", body, token=shop.token(around, who))
    if as_json:
        show_json(redeemed)
        return
    out.print(done(f"{one_line(redeemed['ticket_id'])}: silakan masuk. / Let in."))


@app.command()
def verify(
    ctx: typer.Context,
    token: Annotated[str, typer.Argument(help="Isi QR; - untuk stdin. / What the QR holds.")],
    keys: Annotated[
        Path | None,
        typer.Option(help="Berkas kunci (GET /tickets/keys), tanpa jaringan. / A file of keys."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Periksa tanda tangan tiket. / Check a ticket's signature; with --keys without a network."""
    found = _checked(ctx.obj, _given(token), keys)
    if as_json:
        show_json(found)
    else:
        table = Table(show_header=False, box=None)
        for name, value in found.items():
            table.add_row(name, one_line(value))
        out.print(table)
    if not found["holds_now"]:
        raise CannotContinue("Tiket asli, tetapi tidak berlaku sekarang. / Genuine, but not now.")


def _checked(around: Surroundings, token: str, keys: Path | None) -> dict[str, Any]:
    try:
        listed = json.loads(keys.read_bytes()) if keys else shop.api(around).public("/tickets/keys")
        ticket = ticket_in(token, keys_in(listed))
    except NotATicket:
        raise CannotContinue(
            "Tanda tangannya tidak cocok: ini bukan tiket kami. / This is no ticket of ours."
        ) from None
    except (OSError, ValueError, TypeError, AttributeError, KeyError):
        raise CannotContinue(
            f"{keys} bukan berkas kunci; simpan jawaban GET /tickets/keys. / Not a file of keys."
        ) from None
    return {
        "ticket_id": ticket.id,
        "jurisdiction_id": ticket.jurisdiction_id,
        "product": ticket.product,
        "fare_class": ticket.fare_class,
        "site": ticket.site,
        "valid_from": to_text(ticket.valid_from),
        "valid_until": to_text(ticket.valid_until),
        "holds_now": ticket.holds_at(now()),
    }


def _given(token: str) -> str:
    return (sys.stdin.read() if token == _STDIN else token).strip()
