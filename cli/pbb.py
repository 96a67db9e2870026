"""`simpul pbb`: take bills from a file, and ask what is owed for one."""

from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Annotated, TextIO

import typer
from rich.table import Table

from cli import shop
from cli.bill_file import BillFault, BillRow, bills_in
from cli.bill_registry import write
from cli.orders import ClientOption
from cli.screen import CannotContinue, JsonOption, PoliteGroup, done, one_line, out, show_json
from cli.surroundings import Surroundings
from functions.payment_webhooks.configuration import Product, payments_of
from functions.payment_webhooks.pbb import nop_of
from shared import config
from shared.errors import InvalidInput

app = typer.Typer(
    cls=PoliteGroup,
    no_args_is_help=True,
    help="Pajak Bumi dan Bangunan. / Land and building tax.",
)

#: Enough to mend a file by; a wrong column spoils every row.
_MOST_FAULTS = 20


@app.command("import")
def import_(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(help="CSV: nop, tahun, pokok, jatuh_tempo, nama.")],
    jurisdiction: Annotated[str, typer.Option("--jurisdiction", "-j", help="semarang")],
    check: Annotated[
        bool, typer.Option("--check", help="Hanya periksa. / Only check the file.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Ambil tagihan dari CSV; diulang tidak apa-apa. / Take bills from a CSV; repeating is safe."""
    product = _tax_of(jurisdiction)
    rows = _check(file, jurisdiction, product)
    counted: Counter[str] = Counter()
    if not check:
        around: Surroundings = ctx.obj
        bills = (row.bill for row in _read(file, jurisdiction, product) if isinstance(row, BillRow))
        counted = write(around.dynamodb, around.outputs.tables.payments, bills)
    told = {
        "bills": rows,
        **{name: counted[name] for name in ("added", "changed", "unchanged", "paid")},
    }
    if as_json:
        show_json(told)
    elif check:
        out.print(done(f"{rows:,} tagihan, semua benar. / All of them are right."))
    else:
        out.print(
            done(
                f"{rows:,} tagihan: {told['added']:,} baru, {told['changed']:,} berubah, "
                f"{told['unchanged']:,} tetap, {told['paid']:,} sudah lunas dan dibiarkan. "
                "/ added, changed, unchanged, paid and left alone."
            )
        )


@app.command()
def inquire(
    ctx: typer.Context,
    nop: Annotated[str, typer.Argument(help="NOP, 18 angka / digits")],
    year: Annotated[int, typer.Argument(help="Tahun pajak / tax year")],
    jurisdiction: Annotated[str, typer.Option("--jurisdiction", "-j")] = "semarang",
    channel: Annotated[str, typer.Option(help="qris, va, gopay")] = "qris",
    client: ClientOption = None,
    as_json: JsonOption = False,
) -> None:
    """Berapa yang harus dibayar hari ini. / What is owed today."""
    product = _tax_of(jurisdiction)
    try:
        digits = nop_of(nop, product.nop_prefixes).digits
    except InvalidInput as wrong:
        said = wrong.faults[0].message
        raise CannotContinue(f"{said.id} / {said.en}") from None
    around: Surroundings = ctx.obj
    seller = shop.client_for(
        around,
        shop.ORDERS_SCOPE,
        named=client,
        jurisdiction_id=jurisdiction,
        product=product.code,
    )
    bill = shop.api(around).get(
        f"/pbb/{digits}/{year}", token=shop.token(around, seller), query={"channel": channel}
    )
    if as_json:
        show_json(bill)
        return
    table = Table(show_header=False, box=None, title=f"{one_line(bill['nop_printed'])} / {year}")
    table.add_column(style="dim")
    table.add_column(justify="right")
    table.add_row("wajib pajak / taxpayer", one_line(bill["taxpayer"] or "–"))
    table.add_row("jatuh tempo / due", one_line(bill["due_on"]))
    table.add_row("status", one_line(bill["status"]))
    for name, label in (
        ("principal", "pokok / principal Rp"),
        ("penalty", f"denda / penalty Rp ({one_line(bill['channel'])})"),
        ("total", "dibayar / to be paid Rp"),
    ):
        table.add_row(label, f"{bill[name]:,}")
    if bill["receipt_number"]:
        table.add_row("NTPD / receipt", one_line(bill["receipt_number"]))
    out.print(table)


def _check(file: Path, jurisdiction: str, product: Product) -> int:
    """Read a file through and return how many bills it has: nothing is taken of a wrong one."""
    rows, faults = 0, []
    for row in _read(file, jurisdiction, product):
        if isinstance(row, BillFault):
            faults.append(row)
            if len(faults) > _MOST_FAULTS:
                break
        else:
            rows += 1
    if faults:
        said = [
            f"baris {one.line}, kolom {one_line(one.column)}: {one_line(one.message)}"
            if one.column
            else f"baris {one.line}: {one_line(one.message)}"
            for one in islice(faults, _MOST_FAULTS)
        ]
        more = ["… dan lainnya / and more"] if len(faults) > _MOST_FAULTS else []
        raise CannotContinue(
            f"{file}: tidak ada yang diambil / nothing was taken:\n" + "\n".join([*said, *more])
        )
    return rows


def _read(file: Path, jurisdiction: str, product: Product) -> Iterator[BillRow | BillFault]:
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            yield from bills_in(_lines(lines), jurisdiction, product.nop_prefixes)
    except OSError as error:
        raise CannotContinue(
            f"{file} tidak terbaca: {error.strerror}. / The file cannot be read."
        ) from None
    except UnicodeDecodeError:
        raise CannotContinue(
            f"{file} bukan UTF-8; simpan ulang sebagai “CSV UTF-8”. / Save it as “CSV UTF-8”."
        ) from None


def _lines(file: TextIO) -> Iterator[str]:
    yield from file


def _tax_of(jurisdiction: str) -> Product:
    known = config.jurisdiction_ids()
    products = payments_of(jurisdiction).products if jurisdiction in known else ()
    for product in products:
        if product.kind == "tax":
            return product
    listed = ", ".join(
        one for one in known if any(each.kind == "tax" for each in payments_of(one).products)
    )
    raise CannotContinue(
        f"`{one_line(jurisdiction)}` tidak memungut PBB; pilih: {listed}. "
        "/ This jurisdiction has no such tax."
    )
