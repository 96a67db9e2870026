"""`simpul complaint`: submit one as a citizen would, and follow it."""

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from cli.api import Api
from cli.screen import CannotContinue, JsonOption, done, one_line, out, plain, show_json
from cli.surroundings import Surroundings

app = typer.Typer(no_args_is_help=True, help="Aduan warga. / Citizens' complaints.")


@app.command()
def submit(  # noqa: PLR0917 (Typer's parameters are the options)
    ctx: typer.Context,
    description: Annotated[
        str | None, typer.Option("--description", "-d", help="Isi aduan. / What is wrong.")
    ] = None,
    jurisdiction: Annotated[
        str, typer.Option("--jurisdiction", "-j", help="semarang, jateng")
    ] = "semarang",
    category: Annotated[
        str | None,
        typer.Option(
            "--category", "-c", help="Kode layanan; boleh kosong. / Service code, or none."
        ),
    ] = None,
    kind: Annotated[str | None, typer.Option(help="complaint, aspiration, information")] = None,
    lat: Annotated[float | None, typer.Option(help="Lintang. / Latitude.")] = None,
    long: Annotated[float | None, typer.Option(help="Bujur. / Longitude.")] = None,
    address: Annotated[str | None, typer.Option(help="Alamat. / Address.")] = None,
    visibility: Annotated[str | None, typer.Option(help="public, private, secret")] = None,
    anonymous: Annotated[
        bool, typer.Option("--anonymous", help="Tanpa nama. / Without a name.")
    ] = False,
    name: Annotated[str | None, typer.Option(help="Nama pelapor. / Reporter's name.")] = None,
    phone: Annotated[str | None, typer.Option(help="Nomor telepon. / Phone.")] = None,
    email: Annotated[str | None, typer.Option(help="Surel. / E-mail.")] = None,
    vehicle: Annotated[str | None, typer.Option(help="Kode kendaraan. / Vehicle code.")] = None,
    file: Annotated[
        Path | None,
        typer.Option(help="Aduan sebagai JSON (- dari stdin). / The submission as JSON."),
    ] = None,
    key: Annotated[
        str | None,
        typer.Option(help="Kunci idempotensi (UUID). / The Idempotency-Key."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Kirim aduan. / Submit a complaint.

    Contoh / example: simpul complaint submit -d "Jalan Pemuda berlubang di depan balai kota"
    """
    around: Surroundings = ctx.obj
    contact = _given(name=name, phone=phone, email=email)
    submission = (
        _read(file)
        if file
        else _given(
            jurisdiction_id=jurisdiction,
            description=description,
            service_code=category,
            kind=kind,
            lat=lat,
            long=long,
            address_string=address,
            visibility=visibility,
            anonymous=anonymous or not contact,
            contact=contact or None,
            vehicle_code=vehicle,
        )
    )
    if "description" not in submission:
        raise CannotContinue(
            'Tulis aduannya: --description "…" atau --file aduan.json. / Say what is wrong.'
        )
    receipt = Api(around.outputs.api_url, around.http).submit(submission, key=key)
    if as_json:
        show_json(receipt)
        return
    out.print(done("Aduan diterima / received: ", (receipt["complaint_id"], "bold")))
    out.print(
        f"  simpul complaint show {receipt['complaint_id']} --token {receipt['tracking_token']}",
        soft_wrap=True,
    )


@app.command()
def show(
    ctx: typer.Context,
    complaint_id: Annotated[str, typer.Argument(help="Nomor aduan. / The complaint's number.")],
    token: Annotated[
        str | None, typer.Option(help="Token pelacakan pelapor. / The reporter's tracking token.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Lihat keadaan aduan. / Show how a complaint stands."""
    around: Surroundings = ctx.obj
    found = Api(around.outputs.api_url, around.http).complaint(complaint_id, tracking_token=token)
    if as_json:
        show_json(found)
        return
    out.print(standing(found))


def standing(found: dict[str, Any]) -> Group:
    """Return how a complaint stands and what happened to it, for a reader."""
    agency = found.get("agency")
    table = Table(
        show_header=False, box=None, title=one_line(found["complaint_id"]), title_justify="left"
    )
    for label, value in (
        ("status", found["status"]),
        ("kategori / category", found.get("service_name")),
        ("dinas / agency", agency and f"{agency['name']} ({agency['code']})"),
        ("sebab / because", found.get("because")),
        ("isi / description", found["description"]),
        ("masuk / received", found["created_at"]),
        ("batas / due", found.get("due_at")),
        ("ditanya / asked", found.get("question")),
        ("jawab sebelum / answer by", found.get("answer_due_at")),
        ("pendukung / supporters", str(found.get("supporters", 0))),
    ):
        table.add_row(Text(label, "dim"), Text(plain(value or "–")))
    steps = [
        Text("  ".join(one_line(event.get(name) or "") for name in ("at", "status", "note")))
        for event in found.get("timeline", [])
    ]
    return Group(table, *(Padding(step, (0, 0, 0, 2)) for step in steps))


def _given(**fields: Any) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}


def _read(file: Path) -> dict[str, Any]:
    try:
        text = sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8")
        submission = json.loads(text)
    except (OSError, ValueError) as error:
        raise CannotContinue(
            f"{file} tidak dapat dibaca sebagai JSON: {error} / It is not readable as JSON."
        ) from None
    if not isinstance(submission, dict):
        raise CannotContinue(
            f"{file} harus berisi satu objek JSON. / It must hold one JSON object."
        )
    return submission
