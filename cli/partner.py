"""`simpul partner`: whose servers are told of complaints' progress, and the secrets they share with us."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated
from uuid import uuid4

import typer
from rich.table import Column, Table
from rich.text import Text

from cli.partner_registry import PartnerRegistry
from cli.screen import CannotContinue, JsonOption, done, one_line, out, show_json
from cli.surroundings import Surroundings
from functions.complaint_intake.notices.messages import TrialWebhookV1
from functions.complaint_intake.notices.partners import Partner
from shared import config
from shared.clock import to_text
from shared.complaints.law import Status
from shared.messengers.addresses import endpoint
from shared.messengers.delivering import deliver
from shared.messengers.posting import NotDelivered
from shared.vehicles import is_partner

app = typer.Typer(no_args_is_help=True, help="Mitra webhook. / Partners told by webhooks.")

PartnerArgument = Annotated[
    str, typer.Argument(metavar="PARTNER", help="Mitra, misalnya gojek. / The partner's id.")
]


@app.command()
def add(
    ctx: typer.Context,
    partner_id: PartnerArgument,
    url: Annotated[str, typer.Option(help="Alamat https publik. / A public https address.")],
    jurisdictions: Annotated[
        list[str] | None,
        typer.Option("--jurisdiction", help="Hanya wilayah ini. / Only of these. [semua / all]"),
    ] = None,
    statuses: Annotated[
        list[str] | None,
        typer.Option("--status", help="Hanya keadaan ini. / Only these. [semua / all]"),
    ] = None,
    fleet: Annotated[
        bool,
        typer.Option("--fleet", help="Hanya dari kendaraannya sendiri. / Only its own vehicles'."),
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Daftarkan mitra, atau ubah yang ada; aman diulang. / Add a partner, or change one.

    Rahasianya hanya ditampilkan sekali, saat mitra baru. / Its secret is shown once, when it is new.
    """
    around: Surroundings = ctx.obj
    partner = Partner(
        partner_id=_checked_id(partner_id),
        url=_checked_url(url, loopback=around.outputs.endpoint_url is not None),
        jurisdictions=_known("Wilayah / jurisdiction", jurisdictions, config.jurisdiction_ids()),
        statuses=_known("Keadaan / status", statuses, tuple(map(str, Status))),
        fleet=fleet,
    )
    secret = PartnerRegistry(around).put(partner)
    if as_json:
        show_json({**asdict(partner), "secret": secret})
        return
    out.print(done(f"Mitra {partner.partner_id} dicatat. / The partner is on record."))
    _show(secret)


@app.command("list")
def list_partners(ctx: typer.Context, as_json: JsonOption = False) -> None:
    """Semua mitra, tanpa rahasianya. / All partners, without their secrets."""
    partners = PartnerRegistry(ctx.obj).all()
    if as_json:
        show_json([asdict(partner) for partner in partners])
        return
    if not partners:
        out.print("Belum ada mitra; tambahkan dengan `simpul partner add`. / There are none yet.")
        return
    longest = max(len(partner.url) for partner in partners)
    address = Column("url", min_width=longest)  # never cut off: it is what is looked up here
    rest = ("wilayah", "keadaan / statuses", "armada", "mati / off")
    table = Table("mitra / partner", address, *rest)
    for partner in partners:
        table.add_row(
            partner.partner_id,
            one_line(partner.url),
            ", ".join(partner.jurisdictions) or "semua",
            ", ".join(partner.statuses) or "semua",
            "ya" if partner.fleet else "",
            one_line(partner.disabled or ""),
        )
    out.print(table)


@app.command()
def remove(ctx: typer.Context, partner_id: PartnerArgument, as_json: JsonOption = False) -> None:
    """Hapus mitra dan rahasianya; aman diulang. / Remove a partner and its secret."""
    PartnerRegistry(ctx.obj).remove(partner_id)
    if as_json:
        show_json({"removed": partner_id})
    else:
        out.print(done(f"Mitra {one_line(partner_id)} dihapus. / Removed."))


@app.command()
def rotate(ctx: typer.Context, partner_id: PartnerArgument, as_json: JsonOption = False) -> None:
    """Buat rahasia baru; yang lama masih berlaku 24 jam. / A new secret; the old one lasts a day.

    Selama itu setiap webhook ditandatangani dengan keduanya. / Until then both sign each webhook.
    """
    registry = PartnerRegistry(ctx.obj)
    registry.get(partner_id)
    secret, until = registry.rotate(partner_id, datetime.now(UTC))
    if as_json:
        show_json({"partner_id": partner_id, "secret": secret, "previous_until": until})
        return
    _show(secret)
    out.print(f"Rahasia lama berlaku sampai {to_text(until)}. / The old one is valid until then.")


@app.command("test")
def try_it(ctx: typer.Context, partner_id: PartnerArgument, as_json: JsonOption = False) -> None:
    """Kirim webhook percobaan dari sini. / Send a webhook that tells nothing, from this machine."""
    around: Surroundings = ctx.obj
    registry = PartnerRegistry(around)
    partner, now = registry.get(partner_id), datetime.now(UTC)
    message: TrialWebhookV1 = {"type": "webhook.test.v1", "timestamp": to_text(now), "data": {}}
    try:
        status = deliver(
            partner.url,
            f"test-{uuid4()}",
            message,
            registry.secrets(partner_id, now),
            now,
            loopback=around.outputs.endpoint_url is not None,
        )
    except NotDelivered as error:
        raise CannotContinue(
            f"{one_line(partner.url)} tidak terjangkau / cannot be reached: {one_line(error)}"
        ) from None
    if as_json:
        show_json({"partner_id": partner_id, "status": status})
    elif status in range(200, 300):
        out.print(done(f"{one_line(partner.url)} menjawab {status}. / It answered."))
    if status not in range(200, 300):
        raise CannotContinue(
            f"{one_line(partner.url)} menjawab {status}; seharusnya 2xx. / It should answer 2xx."
        )


def _show(secret: str | None) -> None:
    if secret is None:
        return
    out.print(Text.assemble("Rahasia / secret: ", (secret, "bold")), soft_wrap=True)
    out.print("Hanya ditampilkan sekali. / It is shown only now.", style="dim")


def _checked_id(partner_id: str) -> str:
    if not is_partner(partner_id):
        raise CannotContinue(
            "Tulis mitra dengan huruf kecil, angka dan tanda hubung, misalnya gojek. "
            "/ Write the partner in small letters, digits and dashes."
        )
    return partner_id


def _checked_url(url: str, *, loopback: bool) -> str:
    if endpoint(url, loopback=loopback) is None:
        raise CannotContinue(
            f"{one_line(url)} bukan alamat https publik dengan nama, di porta 443. "
            "/ It is not a public https address by name, on port 443."
        )
    return url


def _known(what: str, named: list[str] | None, known: tuple[str, ...]) -> tuple[str, ...]:
    for name in named or ():
        if name not in known:
            raise CannotContinue(f"{what} `{one_line(name)}` tidak ada; pilih: {', '.join(known)}.")
    return tuple(named or ())
