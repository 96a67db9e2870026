"""`simpul fleet` on tables: registering, listing, removing and printing a partner's vehicles."""

import json

import httpx
import pypdfium2
import pytest
from typer.testing import CliRunner

from cli import fleet_registry, outputs
from cli.main import app
from cli.surroundings import Surroundings
from functions.complaint_intake.enrichment import Enrichment
from shared import aws, vehicles
from tests.aws_double import COMPLAINTS, answering, items
from tests.builders import a_complaint
from tests.unit.cli.conftest import OUTPUTS

pytestmark = pytest.mark.usefixtures("aws_double")


@pytest.fixture
def simpul(tmp_path):
    """Run the command as a user would, with this process's tables."""
    tables = OUTPUTS.tables.model_copy(update={"complaints": COMPLAINTS})
    outputs.save(OUTPUTS.model_copy(update={"tables": tables}), tmp_path / "outputs.json")
    around = Surroundings(
        state_dir=tmp_path,
        outputs_path=tmp_path / "outputs.json",
        make_client=lambda service, **_: aws._client(service),
        http=httpx.Client(),
    )
    runner = CliRunner()
    return lambda *arguments: runner.invoke(app, ["fleet", *map(str, arguments)], obj=around)


@pytest.fixture
def csv(tmp_path):
    def written(content):
        path = tmp_path / "armada.csv"
        path.write_text(content)
        return path

    return written


def listed(simpul, partner="gojek"):
    answer = simpul("list", "--partner", partner, "--json")
    assert answer.exit_code == 0, answer.output
    return {one["vehicle_code"]: one["label"] for one in json.loads(answer.stdout)}


def test_registered_vehicles_are_listed_and_known_to_the_stream(simpul, csv):
    done = simpul("register", csv("vehicle_code,plate\ngjk-4821,H 1 AB\nGJK-7,\n"), "-p", "gojek")
    assert done.exit_code == 0, done.output
    assert "2 kendaraan gojek terdaftar (2 baru, 0 berubah, 0 tetap)" in done.stdout
    assert listed(simpul) == {"GJK-4821": "H 1 AB", "GJK-7": None}
    assert "GJK-4821" in simpul("list", "-p", "gojek").stdout
    known, unknown = a_complaint(vehicle_code="GJK-4821"), a_complaint(vehicle_code="GJK-8")
    found = Enrichment(COMPLAINTS).of([known, unknown])
    assert found[known.complaint_id] == {
        "device_today": None,
        "vehicle_known": True,
        "vehicle_partner": "gojek",
    }
    assert found[unknown.complaint_id] == {"device_today": None, "vehicle_known": False}


def test_registering_again_changes_nothing_and_keeps_made_up_codes(simpul, csv):
    file = csv("plate\n" + "".join(f"H {number} AB\n" for number in range(3)))
    first = json.loads(simpul("register", file, "-p", "gojek", "--json").stdout)
    codes = listed(simpul)
    again = json.loads(simpul("register", file, "-p", "gojek", "--json").stdout)
    assert first == {
        "partner": "gojek",
        "registered": 3,
        "added": 3,
        "changed": 0,
        "unchanged": 0,
    }
    assert again == {**first, "added": 0, "unchanged": 3}
    assert listed(simpul) == codes
    assert all(code.startswith("GOJ-") and vehicles.is_sound(code) for code in codes)
    assert set(codes.values()) == {"H 0 AB", "H 1 AB", "H 2 AB"}


def test_made_up_codes_begin_as_the_partner_wishes(simpul, csv):
    simpul("register", csv("plate\nH 1 AB\n"), "-p", "gojek", "--prefix", "gjk")
    assert [code.split("-")[0] for code in listed(simpul)] == ["GJK"]
    refused = simpul("register", csv("plate\nH 1 AB\n"), "-p", "gojek", "--prefix", "--")
    assert (refused.exit_code, "--prefix" in refused.stderr) == (1, True)


def test_a_long_file_is_written_in_batches_and_every_vehicle_has_two_items(simpul, csv):
    many = 2 * fleet_registry.BATCH + 7
    simpul("register", csv("vehicle_code\n" + "".join(f"A-{n}\n" for n in range(many))), "-p", "a")
    assert len(listed(simpul, "a")) == many
    assert len(items(COMPLAINTS)) == 2 * many


def test_a_run_that_was_interrupted_is_finished_by_the_next(simpul, csv):
    file = csv("plate\n" + "".join(f"H {n} AB\n" for n in range(2 * fleet_registry.BATCH)))
    calls = []

    def broken(**_):
        calls.append(1)
        if len(calls) > 1:
            raise KeyboardInterrupt

    with answering(aws.dynamodb(), "before-call.dynamodb.TransactWriteItems", broken):
        simpul("register", file, "-p", "gojek")
    half = listed(simpul)
    assert len(half) == fleet_registry.BATCH
    again = json.loads(simpul("register", file, "-p", "gojek", "--json").stdout)
    assert (again["added"], again["unchanged"]) == (fleet_registry.BATCH, fleet_registry.BATCH)
    assert half.items() <= listed(simpul).items()


def test_another_partners_code_is_refused_with_its_row(simpul, csv):
    simpul("register", csv("vehicle_code\nA-1\n"), "-p", "gojek")
    refused = simpul("register", csv("vehicle_code\nA-0\nA-1\n"), "-p", "grab")
    assert refused.exit_code == 1
    assert "baris 3: kode A-1 milik mitra `gojek`" in refused.stderr
    assert listed(simpul, "grab") == {}
    assert listed(simpul) == {"A-1": None}


def test_a_changed_label_is_written_in_both_places(simpul, csv):
    simpul("register", csv("vehicle_code,plate\nA-1,lama\n"), "-p", "gojek")
    done = simpul("register", csv("vehicle_code,plate\nA-1,baru\n"), "-p", "gojek")
    assert "1 berubah" in done.stdout
    assert {item["label"]["S"] for item in items(COMPLAINTS)} == {"baru"}


def test_removed_vehicles_are_gone_from_both_places_and_may_be_removed_again(simpul, csv):
    simpul("register", csv("vehicle_code\nA-1\nA-2\n"), "-p", "gojek")
    done = simpul("remove", "a-1", "A-9", "-p", "gojek")
    assert "1 kendaraan dihapus" in done.stdout
    assert "A-9" in done.stdout
    assert listed(simpul) == {"A-2": None}
    assert len(items(COMPLAINTS)) == 2
    again = json.loads(simpul("remove", "A-1", "-p", "gojek", "--json").stdout)
    assert again == {"partner": "gojek", "removed": [], "absent": ["A-1"]}


def test_another_partners_vehicle_is_not_removed(simpul, csv):
    simpul("register", csv("vehicle_code\nA-1\n"), "-p", "gojek")
    refused = simpul("remove", "A-1", "-p", "grab")
    assert (refused.exit_code, "milik mitra `gojek`" in refused.stderr) == (1, True)
    assert listed(simpul) == {"A-1": None}


@pytest.mark.parametrize("partner", ["Gojek", "a b", "", "a#b"])
def test_a_partners_id_is_checked_before_anything_is_asked(simpul, partner):
    refused = simpul("list", "--partner", partner)
    assert refused.exit_code == 1
    assert "huruf kecil" in refused.stderr


def test_a_partner_without_vehicles_is_told_how_to_register_them(simpul, tmp_path):
    assert "simpul fleet register" in simpul("list", "-p", "gojek").stdout
    refused = simpul("stickers", "-p", "gojek", "--out", tmp_path / "s.pdf")
    assert (refused.exit_code, "simpul fleet register" in refused.stderr) == (1, True)


def test_stickers_are_made_of_a_partners_vehicles_or_of_a_file(simpul, csv, tmp_path):
    file, made = csv("vehicle_code\nA-1\nA-2\n"), tmp_path / "stiker.pdf"
    simpul("register", file, "-p", "gojek")
    done = simpul("stickers", "-p", "gojek", "--out", made, "--address", "https://a.id/v1/")
    assert done.exit_code == 0, done.output
    assert "2 stiker, 2 halaman" in done.stdout
    assert "awan lokal" not in done.stderr
    page = pypdfium2.PdfDocument(made)[0].get_textpage().get_text_range()
    assert "A-1" in page
    assert "https://a.id/v1/lapor" in page
    told = simpul("stickers", "--file", file, "--out", made, "--a4", "-j", "jateng", "--json")
    assert json.loads(told.stdout) == {"out": str(made), "stickers": 2, "pages": 1}
    assert "Jawa Tengah" in pypdfium2.PdfDocument(made)[0].get_textpage().get_text_range()


def test_stickers_that_lead_to_a_local_cloud_are_said_to(simpul, csv, tmp_path):
    done = simpul("stickers", "--file", csv("vehicle_code\nA-1\n"), "--out", tmp_path / "s.pdf")
    assert "--address" in done.stderr


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ([], "Beri salah satu"),
        (["--file", "x.csv", "-p", "gojek"], "Beri salah satu"),
        (["--file", "none.csv"], "tidak terbaca"),
        (["--file", "{csv}", "-j", "solo"], "pilih: jateng, semarang"),
        (["--file", "{csv}", "--out", "{dir}"], "tidak dapat ditulis"),
    ],
)
def test_stickers_that_cannot_be_made_are_one_sentence(simpul, csv, tmp_path, more, told):
    file = csv("vehicle_code\nA-1\n")
    given = [one.format(csv=file, dir=tmp_path) for one in more]
    out = [] if "--out" in more else ["--out", tmp_path / "s.pdf"]
    refused = simpul("stickers", *given, *out)
    assert refused.exit_code == 1
    assert told in refused.stderr
