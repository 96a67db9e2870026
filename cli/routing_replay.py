"""`simpul routing replay` and `examples`: the configuration at hand against what operators decided."""

import sys
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from rich.table import Table
from rich.text import Text

from cli import routing_examples
from cli.routing_bars import bar
from cli.routing_examples import Past
from cli.routing_reading import facts_of, jurisdiction_called
from cli.screen import CannotContinue, JsonOption, done, err, one_line, out, show_json
from cli.surroundings import Surroundings
from functions.agency_routing.decide import decide
from shared.clock import WIB
from shared.jurisdiction import Jurisdiction

#: A change is towards the operator's choice, away from it, or from one other agency to another.
Direction = Literal["towards", "away", "aside"]
#: How many changes are listed, and how much of each text.
_LISTED, _LENGTH = 30, 60

JurisdictionOption = Annotated[str, typer.Option("--jurisdiction", "-j", help="semarang, jateng")]


@dataclass(frozen=True, slots=True)
class Changed:
    """A decision that the configuration at hand would make another way than was made."""

    past: Past
    now: str
    rule: str
    direction: Direction


def replay(
    ctx: typer.Context,
    file: Annotated[
        Path | None,
        typer.Argument(
            metavar="[FILE]",
            help="CSV dari `examples`; tanpa ini, dari awan. / A CSV; else the deployment's.",
        ),
    ] = None,
    jurisdiction: JurisdictionOption = "semarang",
    since: Annotated[
        str | None, typer.Option(help="Sejak tanggal, WIB: 2026-11-01. / Since a date.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Coba konfigurasi ini pada keputusan lama. / Try this configuration on past decisions.

    Yang berubah ditandai: mendekati pilihan petugas, menjauhinya, atau lainnya. Keputusan lama
    diulang dari teks dan jawabannya, tanpa titik dan kategori pilihan warga. / What changes is
    towards the operator's choice, away from it, or neither. Past decisions are made again from
    text and answers, without the place and the category that the citizen named.
    """
    where = jurisdiction_called(jurisdiction)
    start = _since(since)
    decisions = routing_examples.read(file) if file else _stored(ctx.obj, where)
    chosen = [one for one in decisions if not start or (one.decided_at and one.decided_at >= start)]
    changes, right = [], 0
    with bar("Mengulang / replaying", len(chosen), quiet=as_json) as step:
        for one in chosen:
            facts = facts_of(one.text, kind=one.kind, attributes=one.attributes)
            decision = decide(facts, where)
            right += decision.agency == one.agency
            if decision.agency != (one.was_agency or where.triage):
                direction = _direction(one, decision.agency, where)
                changes.append(Changed(one, decision.agency, decision.rule, direction))
            step()
    told = _told(changes, len(chosen), right)
    if as_json:
        show_json(told)
    else:
        _show(changes, told)


def _stored(around: Surroundings, where: Jurisdiction) -> list[Past]:
    table = around.outputs.tables.complaints
    found = routing_examples.stored(around.dynamodb, table, where.id)
    return sorted(map(routing_examples.past, found), key=lambda one: str(one.decided_at))


def _since(text: str | None) -> datetime | None:
    try:
        day = date.fromisoformat(text) if text else None
    except ValueError:
        raise CannotContinue(
            f"Tulis tanggal seperti 2026-11-01, bukan `{text}`. / Write the date as 2026-11-01."
        ) from None
    return datetime(day.year, day.month, day.day, tzinfo=WIB) if day else None


def _direction(past: Past, now: str, where: Jurisdiction) -> Direction:
    if now == past.agency:
        return "towards"
    return "away" if (past.was_agency or where.triage) == past.agency else "aside"


def _told(changes: list[Changed], n: int, right: int) -> dict[str, Any]:
    counts = Counter(one.direction for one in changes)
    return {
        "n": n,
        "as_the_operator": right,
        "changed": len(changes),
        **{name: counts[name] for name in ("towards", "away", "aside")},
        "changes": [
            {
                "text": one.past.text,
                "was": one.past.was_agency,
                "operator": one.past.agency,
                "now": one.now,
                "rule": one.rule,
                "direction": one.direction,
            }
            for one in changes
        ],
    }


def _show(changes: list[Changed], told: dict[str, Any]) -> None:
    marks = {"towards": ("✓", "green"), "away": ("✗", "red"), "aside": ("≠", "yellow")}
    order = list(marks)
    table = Table("", "semula / was", "kini / now", "petugas / operator", "teks", box=None)
    for one in sorted(changes, key=lambda one: -order.index(one.direction))[:_LISTED]:
        text = one_line(one.past.text)[:_LENGTH]
        was = one.past.was_agency or "–"
        cells = (Text(one_line(cell)) for cell in (was, one.now, one.past.agency, text))
        table.add_row(Text(*marks[one.direction]), *cells)
    if changes:
        out.print(table)
    out.print(
        f"{told['n']} keputusan / decisions · berubah / changed {told['changed']}: ✓ mendekati "
        f"petugas / towards {told['towards']}, ✗ menjauh / away {told['away']}, ≠ lainnya / aside "
        f"{told['aside']} · kini sama dengan petugas / now as the operator {told['as_the_operator']}",
        soft_wrap=True,
    )


def examples(
    ctx: typer.Context,
    jurisdiction: JurisdictionOption = "semarang",
    path: Annotated[
        Path | None, typer.Option("--out", metavar="CSV", help="Berkas CSV. / A CSV file.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Ekspor keputusan petugas untuk dilatih. / Export operators' decisions to train on.

    Yang tanpa kategori tidak ikut: tidak ada yang dipelajari darinya. / Those without a category
    are left out: nothing can be learned from them.
    """
    where = jurisdiction_called(jurisdiction)
    found = [one for one in _stored(ctx.obj, where) if one.service_code]
    if as_json:
        show_json([_row(one) for one in found])
    elif path is None:
        routing_examples.write(sys.stdout, found)
    else:
        try:
            with path.open("w", encoding="utf-8", newline="") as file:
                routing_examples.write(file, found)
        except OSError as error:
            raise CannotContinue(
                f"{path} tidak dapat ditulis ({error.strerror}). / It cannot be written."
            ) from None
        err.print(done(f"{len(found)} keputusan / decisions: {path}"), soft_wrap=True)


def _row(one: Past) -> dict[str, Any]:
    return {
        "text": one.text,
        "label": one.service_code,
        "agency": one.agency,
        "was_agency": one.was_agency,
        "kind": one.kind,
        "attributes": one.attributes,
        "decided_at": one.decided_at.isoformat() if one.decided_at else None,
    }
