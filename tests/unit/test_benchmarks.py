"""The benchmarks' own arithmetic, and the budgets of AWS calls and units that hold on any machine."""

import json

import pytest
from rich.console import Console

from benchmarks import __main__ as command
from benchmarks import (
    capacity,
    cold_start,
    consumption,
    deadlines,
    reconciling,
    report,
    scenario,
    warm_cpu,
)
from benchmarks.figures import Figure, Row, Section
from benchmarks.timing import Timings, programs_in_turns
from infra.entries import ENTRIES

BY_AGENCY, BY_UNDELIVERED, *_ = scenario.INDEXES
KEY = {"pk": {"S": "C#1"}, "sk": {"S": "RECORD"}}


def an_item(size=100, **attributes):
    item = KEY | {name: {"S": value} for name, value in attributes.items()}
    room = size - capacity.item_bytes(item | {"pad": {"S": ""}})
    return item | {"pad": {"S": "x" * room}}


@pytest.fixture(scope="module")
def consumed():
    return consumption.measure(listed=3)


def test_every_operation_keeps_its_budget_of_calls_and_units(consumed):
    assert list(consumed.missed()) == []


def test_every_budget_is_of_an_operation_that_was_played(consumed):
    assert [row.name for row in consumed.rows] == list(consumption.BUDGETS)


def test_what_is_submitted_and_routed_is_written(consumed):
    writes = {row.name: row.cells[1].value for row in consumed.rows}
    assert writes["submit, anonymous"] >= 1
    assert writes["submit, with contact"] >= 4
    assert writes["route"] >= 2
    assert writes["agency action"] >= 4
    assert writes["the same action again"] == writes["public view"] == 0


def test_taking_acknowledging_and_repeating_a_message_are_written(consumed):
    writes = {row.name: row.cells[1].value for row in consumed.rows}
    assert writes["twin: receive a message"] >= 1
    assert writes["twin: ack"] >= 1
    assert writes["a repetition, when its clock rings"] >= 4
    assert writes["a repetition, delivered"] >= 1


def test_a_sweep_of_deadlines_costs_by_what_is_due_and_not_by_what_is_stored():
    measured = deadlines.measure(due=3, many=30)
    calls, reads, writes = (
        [cell.value for cell in row.cells if isinstance(cell, Figure)] for row in measured.rows
    )
    assert calls[0] == calls[1] > 3
    assert reads[0] == reads[1]
    assert writes[0] == writes[1] >= 3 * 4


def test_the_yardsticks_answer_what_the_handlers_answer():
    names = ("submit, anonymous", "public view", "agency action")
    measured = warm_cpu.measure(rounds=1, calls=1, names=names)
    assert len(measured.rows) == len(names)


def test_every_entry_point_has_its_cold_import_measured():
    assert set(cold_start.CLIENTS) == set(ENTRIES)


@pytest.mark.parametrize(("size", "units"), [(100, 1), (1024, 1), (1025, 2)])
def test_a_write_is_charged_by_the_kilobyte_of_the_larger_item(size, units):
    item = an_item(size)
    assert capacity.item_bytes(item) == size
    assert capacity.write_units(None, item) == units
    assert capacity.write_units(item, an_item()) == units
    assert capacity.write_units(item, item, transaction=True) == 2 * units


def test_an_index_is_charged_for_what_changes_in_it():
    plain, assigned = an_item(), an_item(worklist="a#assigned", worklist_key="1")
    accepted = an_item(worklist="a#accepted", worklist_key="1")
    changed = an_item(200, worklist="a#assigned", worklist_key="1")
    units = [
        capacity.index_units(BY_AGENCY, old, new)
        for old, new in (
            (None, plain),
            (plain, assigned),
            (assigned, changed),
            (assigned, accepted),
            (accepted, plain),
        )
    ]
    assert units == [0, 1, 1, 2, 1]


def test_an_index_of_keys_is_not_charged_for_other_changes():
    marked = an_item(undelivered_shard="U#1", undelivered_since="1")
    longer = an_item(900, undelivered_shard="U#1", undelivered_since="1")
    assert capacity.index_units(BY_UNDELIVERED, marked, longer) == 0


@pytest.mark.parametrize(("consistent", "units"), [(True, [1, 1, 2]), (False, [0.5, 0.5, 1])])
def test_a_read_is_charged_by_four_kilobytes_of_all_it_found(consistent, units):
    found = [[], [an_item(2000)] * 2, [an_item(2000)] * 3]
    assert [capacity.read_units(items, consistent=consistent) for items in found] == units


def test_sizes_follow_the_types():
    item = {
        "n": {"N": "-110.4439"},
        "b": {"BOOL": True},
        "m": {"M": {"id": {"S": "ada"}}},
        "l": {"L": [{"S": "ab"}, {"NULL": True}]},
    }
    assert capacity.item_bytes(item) == (1 + 5) + (1 + 1) + (1 + 3 + 1 + 5) + (1 + 3 + 3 + 2)


def test_contenders_are_compared_within_a_round():
    ours, theirs = Timings([2.0, 20.0, 3.0]), Timings([1.0, 10.0, 1.0])
    assert ours.over(theirs) == 2.0
    assert (ours.median, ours.least) == (3.0, 2.0)


@pytest.mark.parametrize(("value", "missed"), [(1.604, False), (1.606, True)])
def test_a_figure_is_judged_as_it_is_printed(value, missed):
    assert Figure(value, 1.6).missed is missed


def test_a_programs_time_ends_before_it_clears_up():
    slow = "import atexit; atexit.register(lambda: sum(range(20_000_000)))"
    found = programs_in_turns({"slow": slow, "none": "pass"}, rounds=3, environment={})
    assert found["slow"].over(found["none"]) < 3


def a_section(value):
    return Section("Cold import", "How.", ("× bare", "ms"), [Row("api", (Figure(value, 1.6), ""))])


@pytest.mark.parametrize(("value", "code"), [(1.5, 0), (1.7, 1)])
def test_the_exit_code_tells_whether_every_budget_is_met(
    value, code, monkeypatch, capsys, tmp_path
):
    monkeypatch.setattr(command, "PARTS", {"cold import": lambda: a_section(value)})
    document = tmp_path / "benchmarks.md"
    assert command.main(["--json", "--write", str(document)]) == code
    told = json.loads(capsys.readouterr().out)
    assert told["sections"][0]["rows"]["api"]["× bare"]["missed"] is bool(code)
    assert len(told["missed"]) == code
    assert f"{value:.2f}" in document.read_text()


def test_a_missed_budget_is_named_in_the_tables():
    console = Console(record=True, width=100)
    report.show([a_section(1.7)], console)
    assert "Cold import: api: × bare is 1.70, over 1.6" in console.export_text()


def test_reconciling_is_measured_beside_reading_and_finds_what_is_in_the_file():
    section = reconciling.measure(lines=2_000)
    assert [row.name for row in section.rows] == ["read the CSV", "reconcile and report"]
    assert list(section.missed()) == []
    assert "4 differences" in section.how
