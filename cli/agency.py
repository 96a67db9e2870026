"""`simpul agency`: work an agency's queue as its own systems would."""

import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from rich.panel import Panel
from rich.text import Text

from cli import desk
from cli.agency_work import AgencyWork, Assignment
from cli.desk_commands import NumberArgument, add
from cli.desk_lists import CursorOption, DueBeforeOption, OverdueOption, StatusOption, show_list
from cli.listening import DECIDE_WITHIN_S, Decision, Listening
from cli.screen import JsonOption, err, one_line, out, plain, show_json
from cli.signin import machine_client, machine_token
from cli.surroundings import Surroundings
from shared.complaints.law import Action

app = typer.Typer(no_args_is_help=True, help="Dinas. / Agencies.")

CodeArgument = Annotated[
    str, typer.Argument(help="Kode dinas, misalnya semarang-dpu. / The agency's code.")
]


@app.command()
def listen(
    ctx: typer.Context,
    code: CodeArgument,
    once: Annotated[
        bool, typer.Option("--once", help="Sekali tunggu lalu selesai. / Wait once, then end.")
    ] = False,
    most: Annotated[
        int | None,
        typer.Option("--max", min=1, help="Paling banyak sekian aduan. / At most so many."),
    ] = None,
    accept: Annotated[
        bool, typer.Option("--accept", help="Terima setiap aduan. / Accept each.")
    ] = False,
    answer: Annotated[
        str | None,
        typer.Option(help="Terima dan jawab setiap aduan. / Accept each and answer it so."),
    ] = None,
    wait_s: Annotated[
        int, typer.Option("--wait", min=0, max=20, help="Lama tunggu, detik. / Seconds to wait.")
    ] = 20,
    as_json: JsonOption = False,
) -> None:
    """Tunggu aduan di antrean dinas, langsung dari SQS. / Wait for complaints, natively on SQS.

    Tanpa --accept atau --answer, di terminal, Anda ditanya untuk setiap aduan; selain itu aduan
    hanya ditampilkan dan tetap di antrean. Setiap tampilan terhitung satu pengambilan; setelah
    batas antrean, pesan pindah ke antrean gagal. / Without them a terminal asks; otherwise each is
    only shown and stays in the queue. Each showing counts as a receive; past the queue's limit a
    message moves to the dead-letter queue.
    """
    asks = not (as_json or accept or answer) and _at_a_terminal()
    listening = Listening(
        work=AgencyWork(code, ctx.obj), once=once, asks=asks, now=lambda: datetime.now(UTC)
    )
    given = Decision(accept=accept or answer is not None, answer=answer)
    if not as_json:
        err.print(f"Menunggu di antrean {code} … (Ctrl-C untuk selesai / to end)", style="dim")
    if asks:
        err.print(_HELD_MEANWHILE, style="dim")
    try:
        for assignment in listening.assignments(most, wait_s):
            if not as_json:
                out.print(panel(assignment))
            asked = asks and not assignment.is_news  # news is read, and that is all
            decision = _ask() if asked else Decision(accept=True) if asks else given
            outcome = listening.handle(assignment, decision)
            if as_json:
                counted = {"received_count": assignment.received_count}
                show_json({**assignment.message, **counted, "outcome": outcome})
            else:
                out.print(f"  → {outcome}")
    except (KeyboardInterrupt, typer.Abort):
        err.print("Selesai. / Done.", style="dim")
    finally:
        listening.end()


@app.command()
def credentials(
    ctx: typer.Context,
    code: CodeArgument,
    token: Annotated[
        bool, typer.Option("--token", help="Cetak token akses. / Print an access token.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Kredensial klien mesin dinas. / The credentials of an agency's machine client."""
    around: Surroundings = ctx.obj
    client = machine_client(around.outputs, code, around.cognito)
    if token:
        given = machine_token(client, around.http)
        if as_json:
            show_json({"access_token": given, "token_type": "Bearer"})
        else:
            out.print(given, soft_wrap=True)
    elif as_json:
        show_json(asdict(client))
    else:
        for name, value in asdict(client).items():
            out.print(f"{name:14} {value}", soft_wrap=True)


@app.command("list")
def list_work(
    ctx: typer.Context,
    code: CodeArgument,
    status: StatusOption = None,
    overdue: OverdueOption = False,
    due_before: DueBeforeOption = None,
    cursor: CursorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Daftar kerja dinas menurut batas waktunya. / List an agency's work by due date."""
    page = desk.of_agency(code, ctx.obj).get(
        status=status,
        overdue="true" if overdue else None,
        due_before=due_before,
        cursor=cursor,
    )
    show_list(page, as_json=as_json)


@app.command()
def complaint(
    ctx: typer.Context,
    code: CodeArgument,
    complaint_id: NumberArgument,
    as_json: JsonOption = False,
) -> None:
    """Lihat aduan beserta riwayat dan catatan internalnya. / Show all of a complaint."""
    found = desk.of_agency(code, ctx.obj).get(f"/{complaint_id}")
    if as_json:
        show_json(found)
    else:
        out.print(desk.detail(found))


@app.command()
def templates(
    ctx: typer.Context,
    code: CodeArgument,
    jurisdiction: Annotated[
        str | None,
        typer.Option("--jurisdiction", "-j", help="Tempat aduan masuk. / Where it entered."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Templat jawaban, hasil, dan alasan sah. / Templates, outcomes and legal reasons."""
    found = desk.words_for(code, ctx.obj, jurisdiction)
    if as_json:
        show_json(found)
    else:
        out.print(desk.words(found))


add(
    app,
    (
        *(Action.ACKNOWLEDGE, Action.ACCEPT, Action.START, Action.NOTE, Action.ANSWER),
        *(Action.ASK, Action.SCHEDULE, Action.RESOLVE, Action.RESOLVE_CONDITIONALLY),
        *(Action.RETURN, Action.REJECT),
    ),
    lambda around, given: desk.of_agency(given["code"], around),
    code=CodeArgument,
)


def _at_a_terminal() -> bool:
    return sys.stdin.isatty()


def _ask() -> Decision:
    choice = typer.prompt(
        "  [t]erima, [j]awab, [l]ewati / accept, answer, leave", default="l"
    ).lower()
    if choice.startswith("j"):
        return Decision(accept=True, answer=typer.prompt("  Jawaban untuk warga / answer"))
    return Decision(accept=choice.startswith("t"))


def panel(assignment: Assignment) -> Panel:
    """Return what an officer reads of a message: our lines first, then the citizen's."""
    message: dict[str, Any] = assignment.message
    title, lines = f"{assignment.complaint_id}  #{message.get('assignment_no')}", []
    match message.get("type"):
        case "complaint_assigned.v1":
            lines = _assigned(message)
        case "complaint_changed.v1":
            lines = _news(message)
        case "shelter_alert.v1":
            title, lines = one_line(message["shelter_id"]), _shelter(message)
        case other:  # a type that came later
            title, lines = one_line(other), [one_line(json.dumps(message, ensure_ascii=False))]
    return Panel(Text("\n".join(lines)), title=Text(title), title_align="left")


def _shelter(message: dict[str, Any]) -> list[str]:
    counts = ", ".join(
        f"{one_line(kind)} {one['occupancy']}/{one['capacity']}"
        for kind, one in message["by_type"].items()
    )
    nearest = ", ".join(f"{one_line(one['id'])} ({one['free']})" for one in message["nearest"])
    return [
        f"titik    : {one_line(message['shelter_name'])}, {one_line(message['district'])}",
        f"kabar    : {one_line(message['action'])} #{message['seq']}",
        f"keadaan  : {one_line(message['previous_state'])} → {one_line(message['state'])}",
        f"isi      : {counts or '–'}",
        f"terdekat : {nearest or '–'}",
    ]


def _news(message: dict[str, Any]) -> list[str]:
    return [
        f"kabar    : {one_line(message['action'])}",
        f"keadaan  : {one_line(message['status'])}",
        f"foto     : {message['photos']}",
        "",
        plain(message["note"] or "–"),
    ]


def _assigned(message: dict[str, Any]) -> list[str]:
    category, because = message.get("service_name") or {}, message["because"]
    place = one_line(message.get("address_string") or "–")
    if message.get("lat") is not None:
        place += f"  {message['lat']}, {message['long']}"
    again = message.get("note")
    return [
        f"kategori : {one_line(category.get('id', '–'))} ({message.get('service_code') or '–'})",
        f"tempat   : {place}",
        f"sebab    : {one_line(because['id'])}",
        f"batas    : {message.get('due_at', '–')}",
        *_vehicle(message),
        "",
        plain(message["description"]),
        *(("", "belum selesai:", plain(again)) if again else ()),
    ]


def _vehicle(message: Mapping[str, Any]) -> Iterator[str]:
    if code := message.get("vehicle_code"):
        unknown = " (tidak terdaftar / not registered)" * (message.get("vehicle_known") is False)
        yield f"kendaraan: {one_line(code)}{unknown}"


_HELD_MEANWHILE = (
    f"Satu aduan setiap kali; ditahan {DECIDE_WITHIN_S // 60} menit selama Anda memutuskan. "
    "/ One at a time; nobody else receives it while you decide."
)
