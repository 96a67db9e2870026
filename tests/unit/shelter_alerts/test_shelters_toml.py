"""`shelters.toml`: sample shelters that can be used, and mistakes that are told with a remedy."""

import shutil
from datetime import datetime, time
from pathlib import Path
from uuid import UUID

import pytest

from functions.shelter_alerts import configuration, together
from functions.shelter_alerts.configuration import Rule, Shelters, shelters_of
from shared import config
from shared.clock import WIB

IDS = ("jateng", "semarang")
FRIDAY, SUNDAY = 20, 22


def at(hour, minute=0, day=FRIDAY):
    return datetime(2026, 11, day, hour, minute, tzinfo=WIB)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(config.CONFIG_DIR, tmp_path / "config"))


def checked(root):
    together.check_together([config.load(each, root) for each in IDS], root)


@pytest.mark.parametrize("jurisdiction_id", IDS)
def test_each_jurisdiction_has_a_dozen_shelters_for_both_types(jurisdiction_id):
    shelters = shelters_of(jurisdiction_id)
    assert len(shelters.shelters) >= 12
    for name, shelter in shelters.shelter_by_id.items():
        assert configuration.jurisdiction_of(name) == jurisdiction_id
        assert {*shelter.capacity} == {"motorcycle", "car"}
    assert all(name.startswith(f"{jurisdiction_id}-") for name in shelters.provider_by_client)


def test_the_shelters_of_all_jurisdictions_are_apart_and_each_is_found_by_its_centre():
    everywhere = configuration.all_shelters()
    configuration.check_ground(everywhere.values())
    fences = configuration.all_fences()
    assert all(fences.at(*one.centre) == name for name, one in everywhere.items())
    assert len(everywhere) == sum(len(shelters_of(each).shelters) for each in IDS)
    assert {shelters_of("jateng"): 1}[shelters_of("jateng")] == 1


def test_providers_of_all_jurisdictions_have_ids_of_their_own():
    found = [str(one.provider_id) for each in IDS for one in shelters_of(each).providers]
    assert len(found) == len(set(found)) >= len(IDS)


def test_other_standards_know_a_shelter_by_a_uuid_that_never_changes():
    shelter = configuration.all_shelters()["semarang-tugu-muda"]
    assert shelter.stop_id == "a7d3fec6-ccbd-5135-a4a9-2f234f490ca5"
    stop_ids = {UUID(one.stop_id) for one in configuration.all_shelters().values()}
    assert len(stop_ids) == len(configuration.all_shelters())


def test_capacity_follows_the_time_of_day():
    shelter = configuration.all_shelters()["semarang-simpang-lima"]
    assert shelter.capacity_at(at(6)) == {"motorcycle": 60, "car": 10}
    assert shelter.capacity_at(at(6, day=SUNDAY)) == {"motorcycle": 15, "car": 1}
    assert shelter.capacity_at(at(9, 1, day=SUNDAY)) == {"motorcycle": 60, "car": 10}


def test_of_several_rules_the_first_decides_and_one_for_no_type_is_for_each():
    shelter = configuration.all_shelters()["semarang-tugu-muda"]
    rules = (Rule(maximum=3, vehicle_types=("car",)), Rule(maximum=7))
    changed = shelter.model_copy(update={"rules": rules})
    assert changed.capacity_at(at(6)) == {"motorcycle": 7, "car": 3}


@pytest.mark.parametrize(
    ("when", "holds"),
    [
        (at(22), True),
        (at(21, 59), False),
        (at(4, 59, day=FRIDAY + 1), True),
        (at(5, 1, day=FRIDAY + 1), False),
        (at(22, day=FRIDAY + 1), False),
        (at(3), False),
    ],
)
def test_a_rule_may_last_into_the_day_after(when, holds):
    rule = Rule(maximum=1, start_time=time(22), end_time=time(5), days=("fri",))
    assert rule.holds_at(when) is holds


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('id = "semarang-simpang-lima"', 'id = "semarang-tugu-muda"', "defined twice; keep one"),
        ("    [-6.984352, 110.408205],\n]", "]", "`fence` is not closed"),
        ("[-6.984784, 110.408074]", "[-6.984362, 110.409138]", "`fence` crosses itself"),
        ("[-6.984784, 110.408074]", "[-6.98490, 110.40940]", "`fence` crosses itself"),
        ("centre = [-6.9846, 110.4086]", "centre = [-6.9846, 110.4186]", "over 1000 m from"),
        ("centre = [-6.9846, 110.4086]", "centre = [-6.9846, 110.4106]", "outside `fence`"),
        ("centre = [-6.9846, 110.4086]", "centre = [110.4086, -6.9846]", "shelters.0.centre"),
        ("{ motorcycle = 40, car = 6 }", "{ motorcycle = 0, car = 6 }", "capacity.motorcycle"),
        ("{ motorcycle = 40, car = 6 }", "{ bicycle = 4 }", "shelters.0.capacity"),
        ("{ motorcycle = 40, car = 6 }", "{}", "`capacity` is empty"),
        (
            "{ motorcycle = 60, car = 10 }",
            "{ motorcycle = 60 }",
            "of which `capacity` says nothing",
        ),
        ("{ motorcycle = 40, car = 6 }", "{ motorcycle = true, car = 6 }", "capacity.motorcycle"),
        ("maximum = 15", 'maximum = "15"', "rules.0.maximum"),
        ('start_time = "05:00:00"', 'start_time = "05:00:00+07:00"', "leave the zone out"),
        ('days = ["sun"]', "days = []", "rules.0.days"),
        ('district = "Semarang Selatan"', 'distrik = "x"', "shelters.0.distrik"),
        ('provider_id = "5f1c9b1e', 'provider_id = "5f1c', "providers.0.provider_id"),
    ],
)
def test_a_mistake_names_file_key_and_remedy(copy, old, new, said):
    path = copy / "semarang" / "shelters.toml"
    source = path.read_text(encoding="utf-8")
    assert old in source
    path.write_text(source.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(config.ConfigError) as caught:
        config.part("semarang", "shelters", Shelters, copy)
    assert str(caught.value).startswith(f"{path}: ")
    assert said in str(caught.value)


def test_two_shelters_on_the_same_ground_are_named():
    shelter = configuration.all_shelters()["semarang-tugu-muda"]
    other = shelter.model_copy(update={"id": "semarang-lawang-sewu"})
    with pytest.raises(ValueError, match="'semarang-lawang-sewu' overlaps 'semarang-tugu-muda'"):
        configuration.check_ground([shelter, other])


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            'id = "semarang-tugu-muda"',
            'id = "solo-tugu-muda"',
            "/semarang/shelters.toml: shelters (solo-tugu-muda): the id does not begin with",
        ),
        (
            'id = "semarang-mitra-armada"',
            'id = "mitra-armada"',
            "/semarang/shelters.toml: providers (mitra-armada): the id does not begin with",
        ),
        (
            'agency = "semarang-dishub"',
            'agency = "semarang-dishubb"',
            "/semarang/shelters.toml: agency: 'semarang-dishubb' is no agency at work",
        ),
        (
            'agency = "semarang-dishub"',
            'agency = "semarang-dpu"',
            "/semarang/shelters.toml: agency: alerts may only go to an agency whose code ends",
        ),
        (
            "5f1c9b1e-6a3d-4d0b-9f43-2b7f0a6c1e11",
            "5f1c9b1e-6a3d-4d0b-9f43-2b7f0a6c1e12",
            "'jateng-mitra-armada' and 'semarang-mitra-armada' have the same `provider_id`",
        ),
    ],
)
def test_what_no_jurisdiction_can_know_alone_is_told_before_anything_is_deployed(
    copy, old, new, said
):
    path = copy / "semarang" / "shelters.toml"
    checked(copy)
    config._part.cache_clear()
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(config.ConfigError) as caught:
        checked(copy)
    assert said in str(caught.value)


def test_shelters_of_two_jurisdictions_on_the_same_ground_are_named(copy):
    ours, theirs = (copy / each / "shelters.toml" for each in ("semarang", "jateng"))
    shelter = ours.read_text(encoding="utf-8").partition("[[shelters]]\n")[2]
    moved = shelter.partition("[[shelters]]")[0].replace("semarang-tugu-muda", "jateng-tugu-muda")
    with theirs.open("a", encoding="utf-8") as file:
        file.write(f"\n[[shelters]]\n{moved}")
    with pytest.raises(
        config.ConfigError, match="'semarang-tugu-muda' overlaps 'jateng-tugu-muda'"
    ):
        checked(copy)


def test_a_jurisdiction_may_have_nobody_to_tell(copy):
    path = copy / "semarang" / "shelters.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('agency = "semarang-dishub"\n', ""), encoding="utf-8")
    checked(copy)
