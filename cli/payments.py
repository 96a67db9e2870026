"""`simpul payments`: play a provider, look at an order and its entries, replay, ask after old ones."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
from rich.progress import Progress as Bars
from rich.table import Table

from cli import payments_keys, payments_replay
from cli.payments_access import entries_of, items_of
from cli.payments_simulating import Simulated, simulated
from cli.provider_simulator_orders import Bill
from cli.screen import CannotContinue, JsonOption, done, err, one_line, out, show_json
from cli.surroundings import Surroundings
from functions.payment_webhooks.items import order_from, order_values
from functions.payment_webhooks.order_ids import read_order_number
from functions.payment_webhooks.record import Order
from shared.clock import WIB

app = typer.Typer(no_args_is_help=True, help="Pembayaran. / Payments.")

_STEPS = {
    "orders": "Pesanan dibuat / ordered",
    "first": "Pemberitahuan / notifications",
    "asked": "Ditanyakan balik / asked about",
    "second": "Refund, batal / refunds, reversals",
    "settling": "Diproses / processed",
}


@app.command()
def simulate(
    ctx: typer.Context,
    orders: Annotated[int, typer.Option(min=1, help="Jumlah pesanan. / How many orders.")] = 100,
    duplicates: Annotated[
        str, typer.Option(help="Bagian yang dikirim dua kali. / Share that is sent twice.")
    ] = "20%",
    disorder: Annotated[
        str, typer.Option(help="Bagian yang datang terlambat. / Share that comes too late.")
    ] = "10%",
    seed: Annotated[int, typer.Option(help="Benih acak. / Seed of chance.")] = 1,
    bills: Annotated[
        Path | None,
        typer.Option(
            exists=True,
            dir_okay=False,
            help="CSV tagihan PBB (nop, tahun/year) yang dibayar. / Tax bills to be paid.",
        ),
    ] = None,
    truth: Annotated[
        Path | None, typer.Option(help="Berkas kebenarannya. / Where its truth is written.")
    ] = None,
    serve: Annotated[
        bool,
        typer.Option("--serve", help="Tetap melayani sampai dihentikan. / Go on until stopped."),
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Berperan sebagai penyedia pembayaran di awan lokal. / Play the provider of a local cloud.

    Membuat pesanan, membayarnya, dan memberi tahu seburuk jaringan sungguhan. / Orders are made,
    paid and told of as badly as a network does; then ours is compared with the provider's truth.
    """
    around: Surroundings = ctx.obj
    if around.outputs.payments.test_keys is None:
        raise CannotContinue(
            "Penyedia hanya dimainkan di awan lokal; jalankan `simpul up`. "
            "/ A provider is played beside a local cloud only."
        )
    with _bars(quiet=as_json) as progress:
        result = simulated(
            around,
            orders=orders,
            duplicates=_share(duplicates),
            disorder=_share(disorder),
            seed=seed,
            bills=_bills(bills) if bills else (),
            keys=payments_keys.load(around),
            progress=progress,
            serve=serve,
        )
    path = truth or around.state_dir / "payments-truth.json"
    path.write_text(json.dumps(result.truth, indent=1) + "\n", encoding="utf-8")
    if as_json:
        show_json(result.summary() | {"truth": str(path)})
    else:
        _account(result, path)
    if result.different:
        raise CannotContinue(
            f"{len(result.different)} pesanan berbeda dari catatan penyedia; lihat "
            f"`simpul payments show`. / Orders differ from the provider's truth: "
            f"{', '.join(list(result.different)[:3])}"
        )


@app.command()
def show(
    ctx: typer.Context,
    order_id: Annotated[str, typer.Argument(help="Nomor pesanan. / The order's number.")],
    as_json: JsonOption = False,
) -> None:
    """Pesanan, peristiwanya, dan jurnalnya. / An order, its events and its journal entries."""
    around: Surroundings = ctx.obj
    order, events = _order(around, order_id)
    days = {instant.astimezone(WIB).date() for instant in _instants(order)}
    entries = [
        entry
        for day in sorted(days)
        for entry in entries_of(around, order.jurisdiction_id, day)
        if entry.order_id == order.order_id
    ]
    if as_json:
        show_json(
            {
                "order": {
                    name: value for name, value in order_values(order).items() if value is not None
                },
                "events": events,
                "entries": [
                    {
                        "entry_id": entry.entry_id,
                        "kind": str(entry.kind),
                        "posted_at": entry.posted_at,
                        "lines": [[line.account, line.amount] for line in entry.lines],
                    }
                    for entry in entries
                ],
            }
        )
        return
    out.print(f"{order.order_id}  {order.status}  {order.product}  Rp{order.amount:,}")
    out.print(
        f"  dibayar / paid Rp{order.paid_amount:,}, kembali / back Rp{order.refunded_amount:,}"
    )
    for event in events:
        told = one_line(event["sk"].removeprefix("EVENT#"))
        out.print(f"  {event['at']}  {told} → {event['outcome']}", soft_wrap=True)
    table = Table("jurnal / entry", "jenis / kind", "akun / account", "rupiah")
    for entry in entries:
        for line in entry.lines:
            table.add_row(entry.entry_id[:10], str(entry.kind), line.account, f"{line.amount:,}")
    out.print(table)


@app.command()
def replay(
    ctx: typer.Context,
    notification_id: Annotated[
        str, typer.Argument(help="Nomor pemberitahuan. / A notification's id.")
    ],
    as_json: JsonOption = False,
) -> None:
    """Antrekan ulang pesan penyedia yang disimpan; aman diulang. / Queue a kept message again."""
    around: Surroundings = ctx.obj
    message = payments_replay.replay(around, notification_id)
    if as_json:
        show_json({"notification_id": notification_id, "provider": message["provider"]})
        return
    out.print(
        done(f"{notification_id} ({message['provider']}) diantrekan ulang. / It is queued again.")
    )


@app.command()
def stale(
    ctx: typer.Context,
    ask: Annotated[
        bool, typer.Option("--ask", help="Tanyakan ke penyedia. / Ask the provider about them.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Pesanan yang lama tak ada kabarnya. / Orders of which nothing was heard for long."""
    around: Surroundings = ctx.obj
    found = payments_replay.stale(around)
    if ask:
        payments_replay.ask_about(around, found)
    if as_json:
        show_json([{"order_id": order_id, "since": since} for order_id, since in found])
        return
    if not found:
        out.print(done("Tidak ada. / There are none."))
        return
    table = Table("pesanan / order", "sejak / since")
    for order_id, since in found:
        table.add_row(order_id, since)
    out.print(table)
    if ask:
        out.print(done(f"{len(found)} ditanyakan. / asked about."))


def _order(around: Surroundings, order_id: str) -> tuple[Order, list[Mapping[str, Any]]]:
    number = read_order_number(order_id)
    items = items_of(around, number) if number else []
    record = next((item for item in items if item["sk"] == "ORDER"), None)
    if record is None:
        raise CannotContinue(f"Pesanan `{order_id}` tidak ada. / There is no such order.")
    events = [item for item in items if item["sk"].startswith("EVENT#")]
    return order_from(record), sorted(events, key=lambda one: str(one["at"]))


def _instants(order: Order) -> Iterator[Any]:
    """Yield when an order's entries may have happened."""
    yield order.created_at
    for one in order.transactions.values():
        yield from filter(None, [one.paid_at, *(refund.at for refund in one.refunds.values())])


def _share(text: str) -> float:
    """Return a share of one: "20%" or "0.2"."""
    try:
        share = float(text.strip().removesuffix("%")) / (100 if "%" in text else 1)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise CannotContinue(f"`{text}` bukan bagian; tulis 20%. / It is no share: write 20%.")
    return share


def _bills(path: Path) -> Sequence[Bill]:
    import csv

    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    try:
        return [
            Bill("".join(filter(str.isdigit, row["nop"])), int(row.get("tahun") or row["year"]))
            for row in rows
        ]
    except (KeyError, ValueError, TypeError):
        raise CannotContinue(
            f"{path}: kolom `nop` dan `tahun` wajib ada. / It needs the columns nop and year."
        ) from None


def _account(result: Simulated, path: Path) -> None:
    told = result.summary()
    table = Table("nasib / fate", "pesanan / orders", "sesuai / as the provider says")
    for fate, (number, same) in told["fates"].items():
        table.add_row(fate, str(number), str(same))
    out.print(table)
    answers = ", ".join(f"{count} × {status}" for status, count in told["answers"].items())
    out.print(
        f"{told['orders']} pesanan + {told['marketplace']} lewat lokapasar / by marketplaces + "
        f"{told['wallet']} tagihan di dompet / bills in a wallet + "
        f"{told['without_order']} tanpa pesanan / without an order, "
        f"{told['sent']} pemberitahuan ({answers}), {told['took_s']} s",
        soft_wrap=True,
    )
    out.print(f"Jumlah seluruh jurnal / sum of all entries: Rp{told['sum']:,}")
    out.print(f"Kebenaran penyedia / the provider's truth: {path}", soft_wrap=True)


@contextmanager
def _bars(*, quiet: bool) -> Iterator[Any]:
    if quiet:
        yield None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Bars(*columns, console=err) as bars:
        tasks: dict[str, Any] = {}

        def progress(step: str, done: int, of: int) -> None:
            if step not in tasks:
                tasks[step] = bars.add_task(_STEPS.get(step, step), total=of)
            bars.update(tasks[step], completed=done, total=of)

        yield progress
