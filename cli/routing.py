"""`simpul routing`: train and judge the text classifier, and see why a complaint goes where it goes."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from cli import routing_explain, routing_replay, routing_texts
from cli.routing_bars import bar
from cli.routing_evaluation import Told, figures, measured
from cli.routing_reading import (
    By,
    Teller,
    by_decision,
    by_model,
    by_text_step,
    jurisdiction_called,
    labels_told,
    read_model,
)
from cli.routing_training import CannotTrain, Example, rounds, train
from cli.screen import CannotContinue, JsonOption, done, err, one_line, out, show_json
from functions.agency_routing import keywords, shipped
from functions.agency_routing.classifier import to_bytes
from functions.agency_routing.text import read
from shared import config
from shared.jurisdiction import Jurisdiction

app = typer.Typer(no_args_is_help=True, help="Penerusan aduan. / Routing.")
app.command("explain")(routing_explain.explain)
app.command("replay")(routing_replay.replay)
app.command("examples")(routing_replay.examples)

#: How many labels that are not known are named.
_MOST_NAMED = 10

CsvOption = Annotated[
    Path, typer.Argument(metavar="CSV", help="Kolom `text,label`. / Columns `text,label`.")
]


@app.command("train")
def train_(
    texts: Annotated[
        Path | None,
        typer.Argument(
            metavar="[CSV]",
            help="Kolom `text,label`; tanpa ini, model bawaan. / Without it, the shipped model.",
        ),
    ] = None,
    model: Annotated[
        Path, typer.Option("--out", metavar="MODEL", help="Berkas model. / The model's file.")
    ] = shipped.FILE,
    pieces: Annotated[
        bool, typer.Option(help="Kenali potongan kata juga. / Pieces of words count too.")
    ] = False,
) -> None:
    """Latih pemilah teks. / Train the text classifier.

    Tanpa CSV, model bawaan dibuat ulang dari konfigurasi dan contoh terbuka. / Without a CSV, the
    shipped model is made anew from configuration and the open samples.
    """
    if texts and model == shipped.FILE:
        raise CannotContinue("Sebutkan berkas model dengan --out. / Name the model's file: --out.")
    everywhere = [config.load(name) for name in config.jurisdiction_ids()]
    examples = routing_texts.labelled(texts) if texts else routing_texts.shipped(everywhere)
    points = _no_points if texts else _points(everywhere[0])
    with bar("Melatih / training", rounds(examples)) as step:
        try:
            trained = train(
                examples, everywhere[0].language, pieces=pieces, points=points, progress=step
            )
        except CannotTrain as error:
            raise CannotContinue(
                "Tidak ada yang dapat dipelajari; beri teks lebih banyak dengan label berbeda. "
                f"/ Nothing can be learned ({error}): give more texts."
            ) from None
    size = _write(to_bytes(trained), model)
    labels = len(trained.header.labels)
    sentence = (
        f"{len(examples)} teks, {labels} label, {size / 1000:.0f} kB: {model} / texts, labels"
    )
    out.print(done(sentence), soft_wrap=True)


def _no_points(_: str) -> Mapping[str, float]:
    return {}


def _points(jurisdiction: Jurisdiction) -> Callable[[str], Mapping[str, float]]:
    def points(text: str) -> dict[str, float]:
        words = read(text, jurisdiction.language.spelling)
        found = keywords.pointed(words, jurisdiction)
        return {code: one.points for code, one in found.items()}

    return points


def _write(model: bytes, path: Path) -> int:
    try:
        path.write_bytes(model)
    except OSError as error:
        raise CannotContinue(
            f"{path} tidak dapat ditulis ({error.strerror}). / It cannot be written."
        ) from None
    return len(model)


@app.command()
def evaluate(
    texts: CsvOption,
    model: Annotated[
        Path | None,
        typer.Option("--model", help="Berkas model; tanpa ini, yang bawaan. / A model's file."),
    ] = None,
    by: Annotated[
        By | None,
        typer.Option(help="Arti labelnya; bawaan: category. / What the labels are."),
    ] = None,
    jurisdiction: Annotated[
        str, typer.Option("--jurisdiction", "-j", help="semarang, jateng")
    ] = "jateng",
    as_json: JsonOption = False,
) -> None:
    """Ukur ketepatan pemilah teks. / Measure how often texts are told right.

    Tanpa --model dipakai langkah teks bawaan: kata kunci dan model bersama. Label model buatan
    sendiri dibandingkan apa adanya; dengan --by laporgub_class, kode kategori menjadi kelas. /
    Without --model: the shipped text step, keywords and model together. A model's own labels are
    compared as they are; with --by laporgub_class service codes become classes.
    """
    examples = routing_texts.labelled(texts)
    where = jurisdiction_called(jurisdiction)
    tell = _teller(model, where, by)
    if by == "agency" or model is None:
        _name_unknown(examples, labels_told(where, by or "category"))
    told = []
    with bar("Menilai / evaluating", len(examples), quiet=as_json) as step:
        for example in examples:
            told.append(Told(example.label, *tell(example.text)))
            step()
    found = figures(told, where.text.confidence)
    if as_json:
        show_json(found)
    else:
        _show(told, found)


def _name_unknown(examples: Sequence[Example], known: frozenset[str]) -> None:
    """Say which labels can never be right, before the figures that suffer from them."""
    if unknown := sorted({one.label for one in examples} - known):
        listed = one_line(", ".join(unknown[:_MOST_NAMED]))
        more = ", …" if len(unknown) > _MOST_NAMED else ""
        err.print(
            f"! Label yang tidak dikenal: {listed}{more}; selalu terhitung salah, lihat --by dan "
            "--jurisdiction. / Labels that are not known always count as wrong.",
            soft_wrap=True,
        )


def _teller(path: Path | None, where: Jurisdiction, by: By | None) -> Teller:
    model = read_model(path or shipped.FILE)
    if by == "agency":
        return by_decision(model, where)
    if path:
        return by_model(model, where, by)
    return by_text_step(model, where, by or "category")


def _show(told: list[Told], found: dict[str, Any]) -> None:
    table = Table("label", *("tepat / precision", "dapat / recall", "F1", "n"), box=None)
    for label, one in measured(told).items():
        shares = (f"{share:.3f}" for share in (one.precision, one.recall, one.f1))
        table.add_row(Text(one_line(label)), *shares, str(one.n))
    out.print(table)
    out.print(
        f"n {found['n']} · akurasi / accuracy {found['accuracy']:.3f} · macro-F1 "
        f"{found['macro_f1']:.3f} · yakin ≥ {found['threshold']} / coverage {found['coverage']:.3f}",
        soft_wrap=True,
    )
