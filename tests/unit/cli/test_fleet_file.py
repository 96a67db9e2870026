"""A partner's CSV of vehicles: read by the names of its columns, refused with row, column, remedy."""

import random

import pytest

from cli import fleet_file
from cli.fleet_file import Row
from cli.fleet_registry import Vehicle, planned
from cli.screen import CannotContinue
from shared import vehicles


@pytest.fixture
def csv(tmp_path):
    def written(content):
        path = tmp_path / "armada.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return written


@pytest.mark.parametrize(
    "content",
    [
        "vehicle_code,plate\nGJK-4821,H 1234 AB\n,H 77 XY\n",
        "plate;vehicle_code\nH 1234 AB;gjk-4821\nH 77 XY;\n",
        "\ufeffVehicle_Code\tLabel\tdriver\r\n GJK-4821 \tH 1234 AB\tx\r\n\r\n\tH 77 XY\ty\r\n",
        'vehicle_code,plate\n"GJK-4821","H 1234 AB"\n,,\n,"H 77 XY"\n',
        "vehicle_code;plate\r\nGJK-4821;H 1234 AB;;\r\n;H 77 XY; \r\n",
    ],
    ids=[
        "commas",
        "semicolons",
        "tabs, a mark and other columns",
        "quotes and blank rows",
        "empty cells beyond the columns",
    ],
)
def test_columns_are_found_by_name_however_the_table_was_saved(csv, content):
    first, second = fleet_file.read(csv(content))
    assert (first.code, first.label) == ("GJK-4821", "H 1234 AB")
    assert (second.code, second.label) == (None, "H 77 XY")


def test_rows_know_their_line(csv):
    rows = fleet_file.read(csv("vehicle_code\nA-1\n\nA-2\n"))
    assert rows == [
        Row(line=2, code="A-1", label=None),
        Row(line=4, code="A-2", label=None),
    ]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"vehicle_code\n\xff\n", "bukan UTF-8"),
        ("vehicle_code,plate\n", "tidak berisi kendaraan"),
        ("", "salah satu cukup"),
        ("nomor,nama\n1,2\n", "salah satu cukup"),
        ("vehicel_code,plate\nA,B\n", "maksudnya `vehicle_code`?"),
        ("vehicle_code,vehicle_code\nA,B\n", "kolom `vehicle_code` ada dua"),
        ('vehicle_code\n"A\n', "bukan CSV yang sah"),
        ("vehicle_code\nGJK 4821\n", "baris 2, kolom vehicle_code: `GJK 4821` hanya boleh"),
        ("vehicle_code\n" + "A" * 33 + "\n", "baris 2, kolom vehicle_code"),
        ("vehicle_code\nA\na\n", "baris 3, kolom vehicle_code: sama dengan baris 2"),
        ("plate\nH 1 AB\nh1ab\n", "baris 3, kolom plate/label: sama dengan baris 2"),
        ("vehicle_code,plate,x\nA,B,\n,,y\n", "baris 3, kolom plate/label: isi kode"),
        ("vehicle_code,plate\nA," + "B" * 101 + "\n", "kolom plate/label: paling banyak 100"),
        ("vehicle_code,label\nA,Hitam, besar\n", "baris 2: ada isi di luar kolom (`besar`)"),
    ],
)
def test_what_is_wrong_is_told_with_row_column_and_remedy(csv, content, told):
    with pytest.raises(CannotContinue) as refused:
        fleet_file.read(csv(content))
    assert told in str(refused.value)


def test_every_fault_is_told_at_once_up_to_a_screenful(csv):
    with pytest.raises(CannotContinue) as refused:
        fleet_file.read(csv("vehicle_code\n" + "a b\n" * 30))
    assert str(refused.value).count("baris ") == 20
    assert "10 lagi" in str(refused.value)


def test_a_missing_file_is_one_sentence(tmp_path):
    with pytest.raises(CannotContinue, match="tidak terbaca"):
        fleet_file.read(tmp_path / "none.csv")


def test_stickers_need_a_code_in_every_row(csv):
    with pytest.raises(CannotContinue, match="simpul fleet register"):
        fleet_file.read(csv("vehicle_code,plate\n,H 1 AB\n"), coded=True)


def choices():
    """Choose by chance, but in each run alike."""
    return random.Random(7).choice


def row(line, code=None, label=None):
    return Row(line=line, code=code, label=label)


def test_a_vehicle_without_a_code_is_given_one_with_the_partners_letters():
    plan = planned([row(2, label="H 1 AB")], [], prefix="GJK", choose=choices())
    (vehicle,) = plan.added
    assert vehicle.code.startswith("GJK-")
    assert vehicles.is_sound(vehicle.code)
    assert (vehicle.label, vehicle.line) == ("H 1 AB", 2)


def test_no_code_is_made_up_twice():
    rows = [row(line, label=f"H {line} AB") for line in range(2, 60)]
    first = planned(rows, [], prefix="GJK", choose=choices())
    again = planned(rows[:1], [*first.added][1:], prefix="GJK", choose=choices())
    assert len({one.code for one in first.added}) == len(rows)
    assert again.added[0].code not in {one.code for one in first.added[1:]}


def test_a_plate_that_is_registered_keeps_its_code():
    known = [Vehicle(code="GJK-A2345", label="H 1 AB"), Vehicle(code="X-1", label=None)]
    plan = planned([row(2, label="h1ab")], known, prefix="GJK", choose=choices())
    assert not plan.added
    assert [one.code for one in plan.changed] == ["GJK-A2345"]
    same = planned([row(2, label="H 1 AB")], known, prefix="GJK", choose=choices())
    assert (same.to_write, same.unchanged) == ([], 1)


def test_a_plate_whose_code_the_file_itself_gives_is_told_at_once_and_not_when_it_comes_again():
    rows = [row(2, label="h1ab"), row(3, "A-1", "H 1 AB")]
    with pytest.raises(CannotContinue, match="baris 3: kode A-1 sudah ada di baris 2"):
        planned(rows, [], prefix="A", choose=choices())


def test_a_plan_tells_new_changed_and_unchanged_vehicles_apart():
    known = [Vehicle(code="A-1", label="lama"), Vehicle(code="A-2", label="tetap")]
    rows = [row(2, "A-1", "baru"), row(3, "A-2", "tetap"), row(4, "A-3")]
    plan = planned(rows, known, prefix="A", choose=choices())
    assert [one.code for one in plan.added] == ["A-3"]
    assert [one.code for one in plan.changed] == ["A-1"]
    assert plan.unchanged == 1
    assert [one.code for one in plan.to_write] == ["A-3", "A-1"]


def test_a_plate_whose_code_stands_in_another_row_is_told():
    known = [Vehicle(code="A-1", label="H 1 AB")]
    with pytest.raises(CannotContinue, match="baris 3: kode A-1 sudah ada di baris 2"):
        planned([row(2, "A-1"), row(3, label="H 1 AB")], known, prefix="A", choose=choices())
