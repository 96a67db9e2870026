"""`simpul routing`: training, its solver, evaluating, and what is said about files that do not fit."""

import csv
import json
import random
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli import routing_texts
from cli.main import app
from cli.routing_calibration import Held, calibrated
from cli.routing_evaluation import Told, figures, measured
from cli.routing_training import CannotTrain, Example, rounds, train
from cli.routing_vectors import Vector, separator
from functions.agency_routing import shipped
from functions.agency_routing.classifier import from_bytes, to_bytes
from shared import config

LANGUAGE = config.load("semarang").language
SUBJECTS = {
    "jalan": [
        "jalan rusak parah",
        "aspal berlubang",
        "jalan berlubang dalam",
        "aspal jalan hancur",
    ],
    "sampah": [
        "sampah menumpuk bau",
        "sampah tidak diangkut",
        "bau sampah menyengat",
        "tps penuh sampah",
    ],
    "lampu": ["lampu jalan mati", "pju padam gelap", "lampu padam semalam", "gelap lampu mati"],
}


def examples(times: int = 3) -> list[Example]:
    """Return texts of each subject, some said by the way in another's."""
    chance = random.Random(0)
    found = [
        Example(f"{text} di {chance.choice(['kudus', 'pati', 'demak'])}", label)
        for _ in range(times)
        for label, texts in SUBJECTS.items()
        for text in texts
    ]
    chance.shuffle(found)
    return found


def a_csv(path: Path, *rows: tuple[str, ...], header: tuple[str, ...] = ("text", "label")) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def run(*args: str | Path) -> "tuple[int, str]":
    result = CliRunner().invoke(app, ["routing", *map(str, args)])
    return result.exit_code, result.output


# The solver


def test_texts_that_can_be_told_apart_are():
    vectors = [Vector.of((0, 2), (1.0, 1.0)), Vector.of((1, 2), (1.0, 1.0))]
    weights = separator(vectors, [1, -1], [1.0, 1.0], 3)
    assert weights[0] == pytest.approx(-weights[1], abs=0.05)
    assert weights[0] > 0.5
    assert weights[2] == pytest.approx(0, abs=0.05)


def test_the_weights_are_where_their_cost_is_least():
    chance = random.Random(7)
    vectors = [
        Vector.of((0, 1, 2), (chance.gauss(sign, 1), chance.gauss(0, 1), 1.0))
        for sign in (1, -1)
        for _ in range(30)
    ]
    signs = [1] * 30 + [-1] * 30
    costs = [0.5 if one % 3 else 2.0 for one in range(60)]

    def cost(weights: list[float]) -> float:
        losses = (
            c * max(0.0, 1 - sign * sum(w * v for w, v in zip(weights, x.values, strict=True))) ** 2
            for x, sign, c in zip(vectors, signs, costs, strict=True)
        )
        return sum(w * w for w in weights) / 2 + sum(losses)

    best = separator(vectors, signs, costs, 3)
    for column in range(3):
        for step in (-0.05, 0.05):
            moved = [w + step * (column == index) for index, w in enumerate(best)]
            assert cost(best) <= cost(moved)


# Training


def test_a_trained_model_tells_new_texts_apart_and_is_the_same_every_time():
    first = train(examples(), LANGUAGE)
    assert to_bytes(first) == to_bytes(train(examples(), LANGUAGE))
    assert first.header.labels == ("jalan", "lampu", "sampah")
    assert first.header.slope > 1


@pytest.mark.parametrize("pieces", [False, True])
def test_progress_is_told_as_often_as_announced(pieces):
    told: list[None] = []
    model = train(examples(), LANGUAGE, pieces=pieces, progress=lambda: told.append(None))
    assert len(told) == rounds(examples())
    assert model.header.pieces is pieces


def test_the_points_of_keywords_are_worth_what_they_tell():
    points = {text: label for label, texts in SUBJECTS.items() for text in texts}
    telling = train(examples(), LANGUAGE, points=lambda text: {points[text.rsplit(" di ")[0]]: 1.0})
    silent = train(examples(), LANGUAGE, points=lambda _: {"jalan": 1.0})
    assert telling.header.keywords > 1
    assert silent.header.keywords < telling.header.keywords


def test_of_surer_scores_the_slope_is_steeper():
    def held(right: int) -> list[Held]:
        return [Held({"a": 1.0, "b": -1.0}, {}, "a" if one < right else "b") for one in range(10)]

    assert calibrated(held(9))[0] > calibrated(held(6))[0]
    # The share of right ones is what it then says: 9 of 10.
    slope, _ = calibrated(held(9))
    assert 1 / (1 + 2.718281828 ** (-2 * slope)) == pytest.approx(0.9, abs=0.01)


@pytest.mark.parametrize(
    "texts",
    [
        [Example("jalan rusak", "jalan"), Example("jalan rusak", "jalan")],
        [Example("jalan", "a"), Example("lampu", "b"), Example("air", "a")],
        [],
    ],
)
def test_nothing_is_learned_from_one_label_or_from_words_said_once(texts):
    with pytest.raises(CannotTrain):
        train(texts, LANGUAGE)


def test_the_largest_models_weights_are_kept_within_bounds(monkeypatch):
    whole = train(examples(), LANGUAGE)
    monkeypatch.setattr("cli.routing_training.LARGEST", 5 * (3 + 5))
    small = train(examples(), LANGUAGE)
    assert len(small.keys) == 5 < len(whole.keys)
    assert list(small.keys) == sorted(small.keys)


# What ships


def test_the_shipped_model_is_what_the_command_makes(tmp_path):
    """If not, configuration or the samples have changed: run `simpul routing train`.

    In a process of its own, which coverage does not slow down fivefold.
    """
    command = [sys.executable, "-m", "cli.main", "routing", "train", "--out"]
    subprocess.run([*command, tmp_path / "text.model"], check=True, capture_output=True)
    assert (tmp_path / "text.model").read_bytes() == shipped.FILE.read_bytes()


def test_nothing_of_the_frozen_samples_is_learned_from():
    jurisdictions = [config.load(name) for name in config.jurisdiction_ids()]
    learned = {one.text for one in routing_texts.shipped(jurisdictions)}
    with routing_texts.TEXTS.open(encoding="utf-8", newline="") as file:
        frozen = [row["text"] for row in csv.DictReader(file) if row["set"] == "frozen"]
    lines = map(json.loads, routing_texts.COMPLAINTS.read_text(encoding="utf-8").splitlines())
    frozen += [one["submission"]["description"] for one in lines if one["set"] == "frozen"]
    both = sum(text in learned for text in frozen)
    del frozen, learned
    assert both == 0


def test_every_sample_text_has_a_configured_category():
    codes = config.load("jateng").category_by_code
    found = [
        row["service_code"] for row in routing_texts.rows(routing_texts.TEXTS, ("service_code",))
    ]
    assert {code for code in found if code not in codes} == set()


@pytest.mark.parametrize(("by", "at_least"), [("laporgub_class", 0.78), ("category", 0.75)])
def test_the_shipped_model_tells_the_frozen_texts(tmp_path, by, at_least):
    """They measure only, so nothing but the figure is shown."""
    column = "service_code" if by == "category" else by
    rows = [
        (row["text"], row[column])
        for row in routing_texts.rows(routing_texts.TEXTS, ("text", column, "set"))
        if row["set"] == "frozen"
    ]
    _, output = run("evaluate", a_csv(tmp_path / "frozen.csv", *rows), "--by", by, "--json")
    accuracy = json.loads(output)["accuracy"]
    print(f"{by}: {accuracy}")
    del rows, output
    assert accuracy >= at_least


# Figures


def test_figures_are_those_of_the_books():
    told = [
        Told("a", "a", 0.9),
        Told("a", "b", 0.5),
        Told("b", "b", 0.4),
        Told("c", "d", 0.6),
    ]
    assert figures(told, 0.5) == {
        "n": 4,
        "accuracy": 0.5,
        "macro_f1": round((2 / 3 + 2 / 3 + 0 + 0) / 4, 4),
        "coverage": 0.75,
        "threshold": 0.5,
        "confusion": {"a": {"a": 1, "b": 1}, "b": {"b": 1}, "c": {"d": 1}},
    }
    by_label = measured(told)
    assert list(by_label) == ["a", "b", "c", "d"]
    assert (by_label["a"].precision, by_label["a"].recall) == (1.0, 0.5)
    assert (by_label["d"].precision, by_label["d"].n) == (0.0, 0)


# The commands


def test_a_model_is_trained_and_judged_from_csv_files(tmp_path):
    texts = a_csv(tmp_path / "texts.csv", *((one.text, one.label) for one in examples()))
    model = tmp_path / "own.model"
    code, output = run("train", texts, "--out", model)
    assert code == 0, output
    assert from_bytes(model.read_bytes()).header.texts == len(examples())
    code, output = run("evaluate", texts, "--model", model, "--json")
    found = json.loads(output)
    assert code == 0
    assert list(found) == ["n", "accuracy", "macro_f1", "coverage", "threshold", "confusion"]
    assert (found["n"], found["accuracy"]) == (36, 1.0)


def test_a_table_shows_each_labels_figures(tmp_path):
    texts = a_csv(tmp_path / "texts.csv", ("sampah menumpuk di TPS", "sampah"))
    code, output = run("evaluate", texts)
    assert code == 0
    assert "sampah" in output
    assert "accuracy 1.000" in output


@pytest.mark.parametrize(
    ("by", "label"),
    [
        ("category", "sampah"),
        ("laporgub_class", "lingkungan"),
        ("agency", "semarang-dlh"),
    ],
)
def test_labels_are_what_by_says(tmp_path, by, label):
    texts = a_csv(tmp_path / "texts.csv", ("sampah menumpuk di TPS", label))
    for model in ((), ("--model", shipped.FILE)):
        code, output = run("evaluate", texts, "--by", by, "-j", "semarang", "--json", *model)
        assert code == 0, output
        assert json.loads(output)["accuracy"] == 1.0


def test_a_text_of_which_nothing_is_known_is_told_as_nothing(tmp_path):
    texts = a_csv(tmp_path / "texts.csv", ("selamat pagi", "sampah"))
    _, output = run("evaluate", texts, "--json")
    assert json.loads(output)["confusion"] == {"sampah": {"-": 1}}


@pytest.mark.parametrize(
    ("header", "rows", "said"),
    [
        (("teks", "label"), (("a", "b"),), "`text`"),
        (("text",), (("a",),), "`label`"),
        (("text", "label"), (("a", ""),), "baris 2"),
        (("text", "label"), (("jalan rusak",),), "`label`"),
        (("text", "label"), (), "has no rows"),
        (("text", "label"), (("a", "b"),), "Nothing can be learned"),
    ],
)
def test_what_a_file_lacks_is_said(tmp_path, header, rows, said):
    texts = a_csv(tmp_path / "texts.csv", *rows, header=header)
    code, output = run("train", texts, "--out", tmp_path / "model")
    assert code == 1
    assert said in output
    assert not (tmp_path / "model").exists()


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_file_is_read_as_spreadsheets_write_it(tmp_path, separator):
    texts = tmp_path / "texts.csv"
    lines = [separator.join((" Text", "LABEL "))]
    lines += [separator.join((f'"{one.text}\nlagi"', one.label)) for one in examples()]
    texts.write_text("\r\n".join([*lines, "", ""]), encoding="utf-8-sig", newline="")
    code, output = run("train", texts, "--out", tmp_path / "model")
    assert code == 0, output
    assert from_bytes((tmp_path / "model").read_bytes()).header.texts == len(examples())


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("jalan rusak, sampah menumpuk,jalan", "baris 3: ada isi di luar kolom (`jalan`)"),
        ('"jalan rusak,jalan', "sekitar baris 2: bukan CSV yang sah"),
    ],
)
def test_a_text_whose_separator_is_not_quoted_is_no_label(tmp_path, row, said):
    texts = tmp_path / "texts.csv"
    texts.write_text(f"text,label\nsampah menumpuk,sampah\n{row}\n", encoding="utf-8")
    code, output = run("train", texts, "--out", tmp_path / "model")
    assert (code, said in " ".join(output.split())) == (1, True), output


@pytest.mark.parametrize(
    ("by", "label"),
    [("category", "jalan"), ("laporgub_class", "sampah"), ("agency", "dlh")],
)
def test_labels_that_nothing_can_be_told_as_are_named(tmp_path, by, label):
    texts = a_csv(tmp_path / "texts.csv", ("sampah menumpuk di TPS", label))
    code, output = run("evaluate", texts, "--by", by, "-j", "semarang")
    assert code == 0
    assert f"Label yang tidak dikenal: {label}" in " ".join(output.split())
    known = {"category": "sampah", "laporgub_class": "lingkungan", "agency": "jateng-esdm"}[by]
    texts = a_csv(tmp_path / "texts.csv", ("sampah menumpuk di TPS", known))
    assert "tidak dikenal" not in run("evaluate", texts, "--by", by, "-j", "semarang")[1]


def test_files_that_cannot_be_used_are_named(tmp_path):
    texts = a_csv(tmp_path / "texts.csv", *((one.text, one.label) for one in examples()))
    (tmp_path / "binary.csv").write_bytes(b"text,label\n\xff\xfe,a\n")
    cases = [
        (("train", tmp_path / "none.csv", "--out", tmp_path / "m"), "cannot be read"),
        (("train", tmp_path / "binary.csv", "--out", tmp_path / "m"), "no CSV in UTF-8"),
        (("train", texts), "--out"),
        (("train", texts, "--out", tmp_path / "no" / "m"), "cannot be written"),
        (("evaluate", texts, "--model", tmp_path / "none"), "cannot be read"),
        (("evaluate", texts, "--model", texts), "no model of this release"),
        (("evaluate", texts, "-j", "bandung"), "no such jurisdiction"),
    ]
    for args, said in cases:
        code, output = run(*args)
        assert (code, said in " ".join(output.split())) == (1, True), (args, output)
