"""`simpul fleet`: a partner's vehicles, and the stickers in them."""

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
from rich.progress import Progress as Bars
from rich.table import Table

from cli import fleet_file, fleet_stickers
from cli.fleet_registry import FleetRegistry, Vehicle, planned
from cli.fleet_simulate import simulate
from cli.screen import CannotContinue, JsonOption, done, err, one_line, out, show_json
from cli.surroundings import Surroundings
from shared import config, vehicles

app = typer.Typer(no_args_is_help=True, help="Kendaraan mitra. / Partners' vehicles.")

PartnerOption = Annotated[
    str, typer.Option("--partner", "-p", help="Mitra, misalnya gojek. / The partner's id.")
]
#: Letters of the partner's id with which its made-up codes begin, unless others are given.
_PREFIX = 3
_LONGEST_PREFIX = 8
#: Shorter files are written before a bar could be read.
_WORTH_A_BAR = 200


@app.command()
def register(
    ctx: typer.Context,
    file: Annotated[
        Path, typer.Argument(help="CSV: vehicle_code, plate atau/or label (salah satu cukup).")
    ],
    partner: PartnerOption,
    prefix: Annotated[
        str | None,
        typer.Option(help="Awal kode buatan. / How made-up codes begin. [huruf pertama mitra]"),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Daftarkan kendaraan dari CSV; aman diulang. / Register vehicles; safe to repeat.

    Baris tanpa vehicle_code diberi kode, dan mendapat kode yang sama bila diulang. / A row without
    a code is given one, and the same one when the file is registered again.
    """
    registry = _registry(ctx, partner)
    rows = fleet_file.read(file)
    plan = planned(
        rows,
        registry.vehicles(partner),
        prefix=_letters(prefix or partner[:_PREFIX]),
        choose=secrets.choice,
    )
    quiet = as_json or len(plan.to_write) < _WORTH_A_BAR
    with _bar("Mendaftarkan / registering", len(plan.to_write), quiet=quiet) as bar:
        for written in registry.write(partner, plan.to_write):
            bar(written)
    counts = {
        "added": len(plan.added),
        "changed": len(plan.changed),
        "unchanged": plan.unchanged,
    }
    if as_json:
        show_json({"partner": partner, "registered": len(rows), **counts})
        return
    told = "{added} baru, {changed} berubah, {unchanged} tetap".format(**counts)
    out.print(done(f"{len(rows)} kendaraan {partner} terdaftar ({told}). / Registered."))
    out.print(f"Stiker / stickers: simpul fleet stickers --partner {partner} --out stiker.pdf")


app.command()(simulate)


@app.command("list")
def list_vehicles(ctx: typer.Context, partner: PartnerOption, as_json: JsonOption = False) -> None:
    """Kendaraan seorang mitra. / A partner's vehicles."""
    found = list(_registry(ctx, partner).vehicles(partner))
    if as_json:
        show_json([{"vehicle_code": one.code, "label": one.label} for one in found])
    elif not found:
        out.print(f"Belum ada kendaraan {partner}. / None yet: simpul fleet register <CSV>")
    else:
        table = Table("kode / code", "label")
        for one in found:
            table.add_row(one.code, one_line(one.label or "–"))
        out.print(table)
        out.print(f"{len(found)} kendaraan / vehicles")


@app.command()
def remove(
    ctx: typer.Context,
    codes: Annotated[list[str], typer.Argument(help="Kode kendaraan. / Vehicles' codes.")],
    partner: PartnerOption,
    as_json: JsonOption = False,
) -> None:
    """Hapus kendaraan dari daftar; laporannya tetap. / Take vehicles off the list."""
    registry = _registry(ctx, partner)
    removed: list[str] = []
    absent: list[str] = []
    for code in map(vehicles.canonical, codes):
        (removed if registry.remove(partner, code) else absent).append(code)
    if as_json:
        show_json({"partner": partner, "removed": removed, "absent": absent})
        return
    out.print(done(f"{len(removed)} kendaraan dihapus dari daftar {partner}. / Removed."))
    if absent:
        named = ", ".join(map(one_line, absent))
        out.print(f"Tidak terdaftar / not registered: {named}")


@app.command()
def stickers(
    ctx: typer.Context,
    out_file: Annotated[Path, typer.Option("--out", "-o", help="Berkas PDF. / The PDF.")],
    partner: Annotated[
        str | None, typer.Option("--partner", "-p", help="Semua kendaraan mitra. / All of it.")
    ] = None,
    file: Annotated[
        Path | None, typer.Option(help="CSV dengan vehicle_code. / Of these only.")
    ] = None,
    jurisdiction: Annotated[
        str | None, typer.Option("--jurisdiction", "-j", help="semarang, jateng [bawaan/default]")
    ] = None,
    four_on_a4: Annotated[
        bool, typer.Option("--a4", help="Empat pada A4, dengan tanda potong. / Four on A4.")
    ] = False,
    address: Annotated[
        str | None,
        typer.Option(help="Alamat API yang dicetak. / The API's address to print. [outputs]"),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Buat PDF stiker QR, A6 satu halaman satu stiker. / Make a PDF of QR stickers, one a page."""
    chosen = _chosen(ctx, partner, file)
    around: Surroundings = ctx.obj
    tenant = config.load(_jurisdiction(jurisdiction))
    sheet = fleet_stickers.Sheet(
        address=(address or around.outputs.api_url).rstrip("/"),
        jurisdiction=tenant,
        four_on_a4=four_on_a4,
    )
    if address is None and around.outputs.endpoint_url and not as_json:
        err.print(
            "Alamat di stiker ini milik awan lokal; untuk dicetak sungguhan, beri --address. "
            "/ These stickers lead to a local cloud: give --address to print real ones.",
            style="yellow",
        )
    with _bar(
        "Menyusun stiker / stickers", len(chosen), quiet=as_json or len(chosen) < _WORTH_A_BAR
    ) as bar:
        for _ in sheet.add(chosen):
            bar(1)
    _save(out_file, sheet.pdf())
    if as_json:
        show_json({"out": str(out_file), "stickers": len(chosen), "pages": sheet.pages})
    else:
        pages = f"{len(chosen)} stiker, {sheet.pages} halaman / pages"
        out.print(done(f"{pages}: {out_file}"), soft_wrap=True)


def _registry(ctx: typer.Context, partner: str) -> FleetRegistry:
    if not vehicles.is_partner(partner):
        raise CannotContinue(
            f"Mitra `{one_line(partner)}`: pakai huruf kecil, angka, dan tanda hubung, paling "
            "banyak 32. / A partner's id has small letters, digits and dashes, at most 32."
        )
    around: Surroundings = ctx.obj
    return FleetRegistry(around.outputs.tables.complaints, around.dynamodb)


def _letters(prefix: str) -> str:
    letters = "".join(one for one in prefix.upper() if one.isascii() and one.isalnum())
    if not 1 <= len(letters) <= _LONGEST_PREFIX:
        raise CannotContinue(
            f"--prefix: satu sampai {_LONGEST_PREFIX} huruf atau angka. / Letters or digits."
        )
    return letters


def _chosen(ctx: typer.Context, partner: str | None, file: Path | None) -> Sequence[Vehicle]:
    if (partner is None) == (file is None):
        raise CannotContinue("Beri salah satu / give either: --partner, --file.")
    if file is not None:
        rows = fleet_file.read(file, coded=True)
        return [Vehicle(code=row.code or "", label=row.label) for row in rows]
    found = list(_registry(ctx, partner or "").vehicles(partner or ""))
    if not found:
        raise CannotContinue(
            f"Belum ada kendaraan {partner}; daftarkan dulu dengan `simpul fleet register`. "
            "/ This partner has no vehicles yet: register them first."
        )
    return found


def _jurisdiction(given: str | None) -> str:
    known = config.jurisdiction_ids()
    if given is None:
        return next((one for one in known if config.load(one).default), known[0])
    if given not in known:
        raise CannotContinue(
            f"Yurisdiksi `{one_line(given)}` tidak ada; pilih: {', '.join(known)}. / Choose one."
        )
    return given


def _save(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise CannotContinue(
            f"{path} tidak dapat ditulis: {error.strerror}. / The file cannot be written."
        ) from None


@contextmanager
def _bar(title: str, total: int, *, quiet: bool) -> Iterator[fleet_stickers.Advance]:
    columns = (TextColumn("{task.description:28}"), BarColumn(), MofNCompleteColumn())
    with Bars(*columns, console=err, disable=quiet) as bars:
        task = bars.add_task(title, total=total)
        yield lambda done: bars.update(task, advance=done)
