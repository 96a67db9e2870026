"""`simpul agency`: work an agency's queue as its own systems would."""

import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Annotated, Any

import typer
from rich.panel import Panel

from cli.agency_work import AgencyWork, Assignment, Outdated
from cli.screen import JsonOption, err, out, show_json
from cli.signin import machine_client, machine_token
from cli.surroundings import Surroundings

app = typer.Typer(no_args_is_help=True, help="Dinas. / Agencies.")

CodeArgument = Annotated[
    str, typer.Argument(help="Kode dinas, misalnya semarang-dpu. / The agency's code.")
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What to do with an assignment: leave it in the queue, accept it, or answer it too."""

    accept: bool = False
    answer: str | None = None


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
    hanya ditampilkan dan tetap di antrean. / Without them a terminal asks; otherwise each is only
    shown and stays in the queue.
    """
    work = AgencyWork(code, ctx.obj)
    decide = _decider(accept, answer, interactive=not as_json and _at_a_terminal())
    if not as_json:
        err.print(f"Menunggu di antrean {code} … (Ctrl-C untuk selesai / to end)", style="dim")
    seen = 0
    try:
        while most is None or seen < most:
            batch = work.receive(most=min(10, (most or seen + 10) - seen), wait_s=wait_s)
            for assignment in batch:
                if not as_json:
                    _show(assignment)
                outcome = _handle(work, assignment, decide(assignment))
                if as_json:
                    show_json({**assignment.message, "outcome": outcome})
                else:
                    out.print(f"  → {outcome}")
            seen += len(batch)
            if once:
                break
    except KeyboardInterrupt:
        err.print("Selesai. / Done.", style="dim")


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
            out.print(given, soft_wrap=True, markup=False)
    elif as_json:
        show_json(asdict(client))
    else:
        for name, value in asdict(client).items():
            out.print(f"{name:14} {value}", soft_wrap=True, markup=False)


def _at_a_terminal() -> bool:
    return sys.stdin.isatty()


def _decider(
    accept: bool, answer: str | None, *, interactive: bool
) -> Callable[[Assignment], Decision]:
    if accept or answer or not interactive:
        return lambda _: Decision(accept=accept or answer is not None, answer=answer)
    return _ask


def _ask(_: Assignment) -> Decision:
    choice = typer.prompt(
        "  [t]erima, [j]awab, [l]ewati / accept, answer, leave", default="l"
    ).lower()
    if choice.startswith("j"):
        return Decision(accept=True, answer=typer.prompt("  Jawaban untuk warga / answer"))
    return Decision(accept=choice.startswith("t"))


def _handle(work: AgencyWork, assignment: Assignment, decision: Decision) -> str:
    """Do what was decided and delete the message, unless it was left; say what became of it."""
    if not decision.accept:
        return "tetap di antrean / left in the queue"
    try:
        became = work.accept(assignment)
        if decision.answer:
            became = work.resolve(assignment, decision.answer, version=int(became["version"]))
        outcome = str(became["status"])
    except Outdated as reason:
        outcome = f"sudah tidak berlaku / outdated ({reason})"
    work.done(assignment)
    return outcome


def _show(assignment: Assignment) -> None:
    message: dict[str, Any] = assignment.message
    category, because = message.get("service_name") or {}, message["because"]
    lines = [
        message["description"],
        "",
        f"kategori : {category.get('id', '–')} ({message.get('service_code') or '–'})",
        f"tempat   : {message.get('address_string') or '–'}"
        + (f"  {message['lat']}, {message['long']}" if message.get("lat") is not None else ""),
        f"sebab    : {because['id']}",
        f"batas    : {message.get('due_at', '–')}",
    ]
    title = f"{assignment.complaint_id}  #{message['assignment_no']}"
    out.print(Panel("\n".join(lines).replace("[", r"\["), title=title, title_align="left"))
