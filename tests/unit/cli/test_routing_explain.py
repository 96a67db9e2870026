"""`simpul routing explain`, `replay` and `examples`."""

import csv
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cli.main import app
from cli.routing_explain import percent
from cli.surroundings import Surroundings
from shared import aws
from shared.complaints.examples import example_values
from shared.complaints.law import Status
from shared.dynamo import to_item
from tests.aws_double import COMPLAINTS
from tests.builders import NOW, a_complaint
from tests.unit.cli.conftest import OUTPUTS

WASTE = "sampah menumpuk di TPS belum diangkut"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: Any) -> Any:
    around = Surroundings(state_dir=tmp_path, outputs_path=tmp_path / "outputs.json")
    tables = OUTPUTS.tables.model_copy(update={"complaints": COMPLAINTS})
    around.__dict__["outputs"] = OUTPUTS.model_copy(update={"tables": tables})
    monkeypatch.setattr(Surroundings, "dynamodb", property(lambda _: aws.dynamodb()))

    def run(*args: str | Path) -> tuple[int, str]:
        result = CliRunner().invoke(app, ["routing", *map(str, args)], obj=around)
        return result.exit_code, result.output

    return run


def keep(
    text: str, agency: str, was: str, service_code: str | None = "sampah", days: int = 0
) -> None:
    complaint = a_complaint(status=Status.ASSIGNED, agency=was, description=text)
    values = example_values(complaint, agency, service_code, NOW + timedelta(days=days))
    assert values is not None
    aws.dynamodb().put_item(TableName=COMPLAINTS, Item=to_item(values))


# explain


def test_the_rule_the_words_the_confidence_and_alternatives_are_told(run):
    code, output = run("explain", WASTE, "--json")
    told = json.loads(output)
    assert code == 0
    assert list(told) == [
        "jurisdiction", "agency", "service_code", "rule", "because", "confidence", "threshold",
        "words", "areas", "alternatives",
    ]  # fmt: skip
    assert (told["agency"], told["service_code"]) == ("semarang-dlh", "sampah")
    assert told["confidence"] > told["threshold"]
    assert any("sampah" in word for word in told["words"])
    assert "sampah" not in [one["service_code"] for one in told["alternatives"]]


def test_how_likely_the_alternatives_are_is_told_however_little_that_is(run):
    text = "air keruh"
    told = json.loads(run("explain", text, "--json")[1])
    shares = [one["confidence"] for one in told["alternatives"]]
    assert shares == sorted(shares, reverse=True)
    assert all(0 < share < told["confidence"] for share in shares)
    assert any(share < 0.005 for share in shares)
    output = run("explain", text)[1]
    assert f" {told['confidence']:.0%} " in output
    assert " 0%" not in output


@pytest.mark.parametrize(
    ("share", "shown"),
    [
        (0.0, "0%"),
        (0.00001, "< 0.01%"),
        (0.0001, "0.01%"),
        (0.000234, "0.023%"),
        (0.0149, "1.5%"),
        (0.0999, "10%"),
        (0.1349, "13%"),
        (1.0, "100%"),
    ],
)
def test_a_share_has_two_digits_that_say_something(share, shown):
    assert percent(share) == shown


def test_a_place_a_jurisdiction_and_a_category_may_be_given(run):
    args = (WASTE, "--lat", "-6.99", "--lng", "110.42", "-j", "jateng", "--category", "sampah")
    told = json.loads(run("explain", *args, "--json")[1])
    assert (told["areas"], told["agency"]) == (["kota-semarang"], "semarang-dlh")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("--category", "sampa"), "maksudnya `sampah`"),
        (("--category", "qqqqqqqq"), "tidak dikenal"),
        (("--lat", "-6.99"), "--lng"),
        (("--lng", "110.42"), "--lat"),
        (("--lat", "99", "--lng", "110.42"), "99"),
        (("--lat", "-6.99", "--lng", "181"), "181"),
        (("--lat", "nan", "--lng", "110.42"), "nan"),
    ],
)
def test_what_is_given_wrong_is_said_and_not_passed_over(run, given, said):
    code, output = run("explain", WASTE, *given)
    assert code != 0
    assert said in " ".join(output.split())


def test_the_explanation_is_a_table_too(run):
    code, output = run("explain", WASTE)
    assert code == 0
    assert "semarang-dlh" in output
    assert "sampah (Sampah)" in output


def test_of_what_says_nothing_there_is_nothing_more_to_tell(run):
    code, output = run("explain", "selamat pagi")
    assert code == 0
    assert "triage" in output
    assert "≈" not in output
    told = json.loads(run("explain", "selamat pagi", "--json")[1])
    assert (told["confidence"], told["words"], told["alternatives"]) == (None, [], [])


# replay


@pytest.mark.usefixtures("aws_double")
def test_changes_are_towards_the_operators_choice_or_away_from_it(run):
    keep(WASTE, agency="semarang-dlh", was="semarang-diskominfo")
    keep(WASTE, agency="semarang-dpu", was="semarang-dpu")
    keep(WASTE, agency="semarang-dpu", was="semarang-bapenda")
    keep(WASTE, agency="semarang-dlh", was="semarang-dlh")
    code, output = run("replay", "--json")
    told = json.loads(output)
    assert code == 0
    figures = {name: told[name] for name in ("n", "changed", "towards", "away", "aside")}
    assert figures == {"n": 4, "changed": 3, "towards": 1, "away": 1, "aside": 1}
    assert told["as_the_operator"] == 2
    assert {one["direction"] for one in told["changes"]} == {"towards", "away", "aside"}
    code, output = run("replay")
    assert "towards 1" in output
    assert "away 1" in output


@pytest.mark.usefixtures("aws_double")
def test_only_decisions_since_a_date_are_replayed(run):
    keep(WASTE, agency="semarang-dlh", was="semarang-dpu")
    keep(WASTE, agency="semarang-dlh", was="semarang-dpu", days=10)
    day = (NOW + timedelta(days=5)).date().isoformat()
    assert json.loads(run("replay", "--since", day, "--json")[1])["n"] == 1
    code, output = run("replay", "--since", "besok")
    assert code == 1
    assert "Write the date as" in output


def test_where_nothing_was_decided_nothing_changes(run, tmp_path):
    (tmp_path / "past.csv").write_text("text,agency\n")
    code, output = run("replay", tmp_path / "past.csv")
    assert code == 0
    assert "0 keputusan" in output


# examples


@pytest.mark.usefixtures("aws_double")
def test_decisions_are_exported_to_train_on_and_to_replay(run, tmp_path):
    keep(WASTE, agency="semarang-dlh", was="semarang-dpu")
    keep("lain", agency="semarang-dpu", was="semarang-dlh", service_code=None)
    path = tmp_path / "past.csv"
    code, output = run("examples", "--out", path)
    assert code == 0, output
    with path.open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["text"], row["label"]) == (WASTE, "sampah")
    assert run("examples")[1] == path.read_text(encoding="utf-8")
    (told,) = json.loads(run("examples", "--json")[1])
    assert (told["label"], told["agency"]) == ("sampah", "semarang-dlh")
    from_file = json.loads(run("replay", path, "--json")[1])
    assert (from_file["n"], from_file["towards"]) == (1, 1)
    assert run("evaluate", path, "-j", "semarang", "--json")[0] == 0


@pytest.mark.usefixtures("aws_double")
def test_what_cannot_be_written_or_read_is_said(run, tmp_path):
    (tmp_path / "odd.csv").write_text("text,agency,decided_at\nx,semarang-dlh,kemarin\n")
    cases = [
        (("examples", "--out", tmp_path / "no" / "past.csv"), "cannot be written"),
        (("examples", "-j", "bandung"), "no such jurisdiction"),
        (("replay", tmp_path / "odd.csv"), "export the file anew"),
        (("replay", tmp_path / "none.csv"), "cannot be read"),
    ]
    for args, said in cases:
        code, output = run(*args)
        assert (code, said in " ".join(output.split())) == (1, True), (args, output)
