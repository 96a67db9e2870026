"""`simpul orders`: order something, see what became of it, give money back."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any
from uuid import uuid4

import segno
import typer
from rich.table import Table

from cli import shop
from cli.screen import JsonOption, PoliteGroup, done, one_line, out, show_json
from cli.surroundings import Surroundings
from functions.payment_webhooks.record import UNKNOWN

app = typer.Typer(
    cls=PoliteGroup,
    no_args_is_help=True,
    help="Pesanan dan pembayarannya. / Orders and their payment.",
)

ClientOption = Annotated[
    str | None, typer.Option("--client", help="Klien mesin dari config. / Which machine client.")
]
_SHOWN = (
    ("status", "status"),
    ("product", "produk / product"),
    ("fare_class", "golongan / class"),
    ("site", "tempat / site"),
    ("quantity", "jumlah / quantity"),
    ("amount", "Rp"),
    ("paid_amount", "dibayar / paid Rp"),
    ("refunded_amount", "kembali / refunded Rp"),
    ("receipt_number", "NTPD / receipt"),
    ("created_at", "dibuat / created (UTC)"),
    ("expires_at", "bayar sebelum / pay before (UTC)"),
)


@app.command()
def create(
    ctx: typer.Context,
    *,
    product: Annotated[str, typer.Option("--product", "-p", help="brt, pbb, …")],
    jurisdiction: Annotated[
        str | None, typer.Option("--jurisdiction", "-j", help="semarang, jateng")
    ] = None,
    quantity: Annotated[int | None, typer.Option(help="Berapa. / How many.")] = None,
    fare_class: Annotated[str | None, typer.Option(help="general, special, student, …")] = None,
    site: Annotated[str | None, typer.Option(help="Tempatnya. / Where.")] = None,
    amount: Annotated[int | None, typer.Option(help="Rupiah.")] = None,
    nmid: Annotated[str | None, typer.Option(help="NMID merchant.")] = None,
    nop: Annotated[str | None, typer.Option(help="NOP PBB, 18 angka / digits.")] = None,
    year: Annotated[int | None, typer.Option(help="Tahun pajak. / Tax year.")] = None,
    visit_on: Annotated[str | None, typer.Option(help="Hari kunjungan, 2026-12-01.")] = None,
    key: Annotated[
        str | None, typer.Option(help="Kunci idempotensi; sama = pesanan sama. / A UUID.")
    ] = None,
    qr: Annotated[Path | None, typer.Option(help="Simpan QR ke .svg atau .png. / Save it.")] = None,
    client: ClientOption = None,
    as_json: JsonOption = False,
) -> None:
    """Pesan dan tampilkan QRIS-nya. / Order, and show the QRIS that pays it."""
    around: Surroundings = ctx.obj
    wanted = {
        "product": product,
        "quantity": quantity,
        "fare_class": fare_class,
        "site": site,
        "amount": amount,
        "nmid": nmid,
        "nop": nop,
        "year": year,
        "visit_on": visit_on,
    }
    body = {name: value for name, value in wanted.items() if value is not None}
    seller = shop.client_for(
        around,
        shop.ORDERS_SCOPE,
        named=client,
        jurisdiction_id=jurisdiction,
        product=product.strip().lower(),
    )
    order = shop.api(around).post(
        "/orders", body, token=shop.token(around, seller), key=key or str(uuid4())
    )
    if qr and order["qr_string"]:
        segno.make(order["qr_string"], micro=False).save(str(qr), scale=6)
    if as_json:
        show_json(order)
        return
    out.print(order_table(order))
    if order["qr_string"]:
        segno.make(order["qr_string"], micro=False).terminal(compact=True)
        out.print(one_line(order["qr_string"]), soft_wrap=True)


@app.command()
def show(
    ctx: typer.Context, order_id: str, client: ClientOption = None, as_json: JsonOption = False
) -> None:
    """Keadaan sebuah pesanan. / What became of an order."""
    order = read(ctx.obj, order_id, client)
    if as_json:
        show_json(order)
        return
    out.print(order_table(order))
    if order["tickets"]:
        out.print(ticket_table(order))


@app.command()
def refund(
    ctx: typer.Context,
    order_id: str,
    reason: Annotated[str, typer.Option("--reason", help="Alasannya. / Why.")],
    amount: Annotated[
        int | None, typer.Option(help="Rupiah; tanpa ini semua yang tersisa. / Else all of it.")
    ] = None,
    even_if_redeemed: Annotated[
        bool, typer.Option(help="Juga tiket yang sudah dipakai. / Used tickets too.")
    ] = False,
    key: Annotated[str | None, typer.Option(help="Kunci idempotensi. / A UUID.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Kembalikan uang, sebagai bendahara. / Give money back, as the treasurer."""
    around: Surroundings = ctx.obj
    number, jurisdiction_id, _ = shop.order_of(around, order_id)
    body: dict[str, Any] = {"reason": reason, "even_if_redeemed": even_if_redeemed}
    if amount is not None:
        body["amount"] = amount
    asked = shop.api(around).post(
        f"/orders/{number}/refunds",
        body,
        token=shop.treasurer(around, jurisdiction_id),
        key=key or str(uuid4()),
    )
    if as_json:
        show_json(asked)
        return
    out.print(
        done(
            f"Rp{asked['amount']:,} diminta kembali dari penyedia ({one_line(asked['refund_key'])}); "
            f"lihat `simpul orders show {number}`. / Asked of the provider."
        )
    )


def read(around: Surroundings, order_id: str, client: str | None) -> dict[str, Any]:
    """Return an order as one of its sellers reads it, or a treasurer if nobody sells such."""
    number, jurisdiction_id, product = shop.order_of(around, order_id)
    if product == UNKNOWN:
        token = shop.treasurer(around, jurisdiction_id)
    else:
        seller = shop.client_for(
            around,
            shop.ORDERS_SCOPE,
            named=client,
            jurisdiction_id=jurisdiction_id,
            product=product or _sold_as(number, jurisdiction_id),
        )
        token = shop.token(around, seller)
    return shop.api(around).get(f"/orders/{number}", token=token)


def order_table(order: Mapping[str, Any]) -> Table:
    """Return an order as a table."""
    table = Table(show_header=False, box=None, title=one_line(order["order_id"]))
    table.add_column(style="dim")
    table.add_column()
    for name, label in _SHOWN:
        value = order[name]
        if value not in (None, 0):
            table.add_row(label, f"{value:,}" if isinstance(value, int) else one_line(value))
    if bill := order["bill"]:
        table.add_row("NOP", f"{one_line(bill['nop'])} / {bill['year']}")
        table.add_row("pokok / principal Rp", f"{bill['principal']:,}")
        table.add_row("denda / penalty Rp", f"{bill['penalty']:,}")
    return table


def ticket_table(order: Mapping[str, Any]) -> Table:
    """Return the tickets of an order as a table."""
    table = Table("tiket / ticket", "sampai / until (UTC)", "dipakai / used", box=None)
    for one in order["tickets"]:
        used = one_line(one["redeemed_at"] or "–")
        table.add_row(one_line(one["ticket_id"]), one_line(one["valid_until"]), used)
    return table


def _sold_as(number: str, jurisdiction_id: str) -> str | None:
    """Return a product of an order's kind, by which a seller is found that may read it."""
    from functions.payment_webhooks.configuration import payments_of

    code = number.split("-")[1]
    products = payments_of(jurisdiction_id).products
    return next((one.code for one in products if one.order_code == code), None)
