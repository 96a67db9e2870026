"""Makes a command of each desk action, with the options that go with it."""

import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, Final

import typer

from cli.desk import Desk
from cli.screen import JsonOption, done, one_line, out, show_json
from cli.surroundings import Surroundings
from shared.complaints.law import Action

#: Finds the desk at which a command's arguments mean to work.
Finder = Callable[[Surroundings, Mapping[str, Any]], Desk]

NumberArgument = Annotated[str, typer.Argument(help="Nomor aduan. / The complaint's number.")]
_OPTIONS: Final[Mapping[str, Any]] = {
    "public_note": Annotated[
        str | None, typer.Option("--note", "-n", help="Dibaca warga. / The citizen reads it.")
    ],
    "internal_note": Annotated[
        str | None, typer.Option("--internal", "-i", help="Untuk petugas saja. / Not public.")
    ],
    "template": Annotated[
        str | None, typer.Option(help="Kode templat jawaban. / A template's code.")
    ],
    "until": Annotated[
        str | None, typer.Option(help="Tanggal, misalnya 2026-12-31. / The day named.")
    ],
    "reason": Annotated[str | None, typer.Option(help="Alasan sah. / A legal reason's code.")],
    "outcome": Annotated[str | None, typer.Option(help="Hasilnya. / What came of it.")],
    "agency": Annotated[str | None, typer.Option("--to", help="Dinas tujuan. / To whom.")],
    "public_description": Annotated[
        str | None, typer.Option("--text", help="Yang dibaca publik. / What the public reads.")
    ],
    "parts": Annotated[
        list[str] | None,
        typer.Option(
            "--part",
            metavar="DINAS[:KATEGORI]",
            help="Satu bagian; ulangi untuk tiap dinas. / A part; once for each agency.",
        ),
    ],
    "into": Annotated[
        str | None, typer.Option(help="Nomor aduan yang sama isinya. / The one that says the same.")
    ],
}
_NOTES: Final = ("public_note", "internal_note")
_ANSWER: Final = (*_NOTES, "template")
#: By action: the options of its command, and what it does.
_ACTIONS: Final[Mapping[Action, tuple[Sequence[str], str]]] = {
    Action.ACKNOWLEDGE: (_NOTES, "Aduan sudah sampai. / It has arrived."),
    Action.ACCEPT: (_ANSWER, "Terima aduan. / Accept it."),
    Action.START: (_ANSWER, "Mulai dikerjakan. / Work begins."),
    Action.NOTE: (_ANSWER, "Tulis catatan. / Write a note."),
    Action.ANSWER: (_ANSWER, "Jawab sementara. / Answer on the way."),
    Action.ASK: (_ANSWER, "Tanyai pelapor. / Ask the reporter."),
    Action.SCHEDULE: ((*_ANSWER, "until"), "Jadwalkan. / Plan it for a day."),
    Action.RESOLVE: ((*_ANSWER, "outcome"), "Nyatakan selesai. / Resolve it."),
    Action.RESOLVE_CONDITIONALLY: (
        (*_ANSWER, "until", "outcome"),
        "Selesai bersyarat: sisanya dijanjikan. / Resolve it, and owe the rest by a day.",
    ),
    Action.RETURN: (_ANSWER, "Kembalikan: bukan wewenang. / Give it back."),
    Action.REJECT: ((*_ANSWER, "reason"), "Tolak dengan alasan sah. / Reject it by law."),
    Action.ASSIGN: ((*_NOTES, "agency"), "Teruskan ke dinas lain. / Assign or hand over."),
    Action.REOPEN: (_ANSWER, "Buka lagi. / Open it again."),
    Action.HIDE: (_NOTES, "Sembunyikan dari publik. / Hide it from the public."),
    Action.SHOW: (_NOTES, "Tampilkan lagi. / Show it to the public again."),
    Action.REDACT: ((*_NOTES, "public_description"), "Tutup sebagian teks. / Cover some words."),
    Action.SPLIT: ((*_NOTES, "parts"), "Bagi ke beberapa dinas. / Split it among agencies."),
    Action.MERGE: ((*_NOTES, "into"), "Gabungkan ke aduan lain. / Merge it into another."),
    Action.UNMERGE: (_NOTES, "Pisahkan lagi. / Take it apart again."),
}


def add(app: typer.Typer, actions: Sequence[Action], desk_of: Finder, **arguments: Any) -> None:
    """Add a command for each action; `arguments` come before the complaint's number."""
    for action in actions:
        name = str(action).replace("_", "-")
        app.command(name, help=_ACTIONS[action][1])(_command(action, desk_of, arguments))


def _command(action: Action, desk_of: Finder, arguments: Mapping[str, Any]) -> Callable[..., None]:
    options = {name: _OPTIONS[name] for name in _ACTIONS[action][0]}

    def run(ctx: typer.Context, complaint_id: str, as_json: bool, **given: Any) -> None:
        around: Surroundings = ctx.obj
        desk = desk_of(around, {"complaint_id": complaint_id, **given})
        said = {name: given[name] for name in options}
        if said.get("parts"):
            said["parts"] = [_part(one) for one in said["parts"]]
        outcome = desk.act(complaint_id, action, said)
        if as_json:
            show_json(outcome)
            return
        became = f"{outcome['complaint_id']}: {outcome['status']} ({outcome['agency']})"
        out.print(done(one_line(became)))

    typed = {
        "ctx": typer.Context,
        **arguments,
        "complaint_id": NumberArgument,
        **options,
        "as_json": JsonOption,
    }
    defaults = dict.fromkeys(options) | {"as_json": False}
    run.__annotations__ = typed
    run.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [
            inspect.Parameter(
                name,
                inspect.Parameter.KEYWORD_ONLY,
                default=defaults.get(name, inspect.Parameter.empty),
                annotation=annotation,
            )
            for name, annotation in typed.items()
        ]
    )
    return run


def _part(typed: str) -> dict[str, str]:
    """Return a part as the API takes it."""
    agency, _, service_code = typed.partition(":")
    return {"agency": agency} | ({"service_code": service_code} if service_code else {})
