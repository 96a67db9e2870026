"""The board in DynamoDB: it says what presence says, whoever counts at once."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from functions.shelter_alerts import silence
from functions.shelter_alerts.alerts.alert import silenced
from functions.shelter_alerts.alerts.evaluate import Evaluator
from functions.shelter_alerts.alerts.store import AlertStore
from functions.shelter_alerts.alerts.timers import Waits
from functions.shelter_alerts.board import Board
from functions.shelter_alerts.items import instant
from functions.shelter_alerts.store import VehicleStore
from shared import aws
from tests.aws_double import SHELTERS, answering
from tests.metering import metered
from tests.movements import HERE, MINUTE, THERE, enter, leave, work_through
from tests.unit.shelter_alerts.fleet import NOON, PROVIDER

pytestmark = pytest.mark.usefixtures("aws_double")


@pytest.fixture
def board() -> Board:
    return Board(SHELTERS)


def count(shelter_id: str = HERE, at_ms: int = NOON) -> None:
    """Look at a shelter, which counts it."""
    vehicles = VehicleStore(SHELTERS)
    Evaluator(AlertStore(SHELTERS), vehicles, lambda *_: None, lambda: instant(at_ms)).look(
        shelter_id
    )


def test_a_shelter_is_counted_by_type(board):
    work_through(enter(0, HERE), enter(1, HERE, "two"), enter(2, HERE, "three", vehicle_type="car"))
    count()
    assert board.counts("semarang")[HERE].by_type == {"motorcycle": 2, "car": 1}
    assert board.counts("jateng") == {}


def test_who_left_is_not_counted_and_an_empty_shelter_stays_on_the_board(board):
    work_through(enter(0, HERE))
    count()
    work_through(leave(10, HERE))
    count(at_ms=NOON + MINUTE)
    count(at_ms=NOON + 2 * MINUTE)
    assert board.counts("semarang")[HERE].by_type == {}
    assert board.counts("semarang")[HERE].at_ms == NOON + MINUTE  # nothing changed since


def test_a_shelter_where_nobody_ever_was_is_not_on_the_board(board):
    count()
    store = AlertStore(SHELTERS)
    alert, _ = store.get(HERE, "semarang")
    store.write(alert, silenced(alert, "officer:1", NOON, NOON + MINUTE), Waits())
    assert board.counts("semarang") == {}


@contextmanager
def meanwhile(work: Callable[[], None]) -> Iterator[None]:
    """Let something be done between the first count and what is then written."""
    once = iter([True])

    def interrupt(**_: Any) -> None:
        if next(once, False):
            work()

    with answering(aws.dynamodb(), "before-parameter-build.dynamodb.PutItem", interrupt):
        yield


def test_whoever_counted_before_another_wrote_counts_again(board):
    work_through(enter(0, HERE))
    count()
    work_through(enter(1, HERE, "two"))

    def another_comes() -> None:
        work_through(enter(2, HERE, "three"))
        count(at_ms=NOON + 1)

    with meanwhile(another_comes):
        count(at_ms=NOON + 2)
    assert board.counts("semarang")[HERE].by_type == {"motorcycle": 3}


def test_a_count_that_was_right_again_before_it_was_written_is_not_the_last_word(board):
    """One leaves and is counted; it returns and another finds the board right; then one writes."""
    work_through(enter(0, HERE), enter(1, HERE, "two"))
    count()
    work_through(leave(2, HERE, "two"))

    def it_returns() -> None:
        work_through(enter(3, HERE, "two"))
        with metered() as spent:
            count(at_ms=NOON + 1)
        assert spent.write_units == 0

    with meanwhile(it_returns):
        count(at_ms=NOON + 2)
    assert board.counts("semarang")[HERE].by_type == {"motorcycle": 2}


def test_counting_costs_the_same_in_a_small_shelter_and_in_a_large_one(board):
    costs = []
    for size in (2, 30):
        work_through(*(enter(n, HERE, f"d{n}") for n in range(size)))
        with metered() as spent:
            count()
        costs.append((tuple(spent.calls), spent.write_units))
    assert costs[0] == costs[1]


def test_up_to_when_is_known_follows_from_the_newest_shard(board):
    assert board.reported_ms([PROVIDER]) is None
    store = VehicleStore(SHELTERS)
    store.worked_through(PROVIDER, 3, NOON)
    store.worked_through(PROVIDER, 4, NOON - MINUTE)
    assert board.reported_ms(["nobody", PROVIDER]) == NOON


def test_a_minute_without_a_word_is_noted_once_and_none_before_the_first_word(board):
    at = instant(NOON + 10 * MINUTE)
    day = "2026-11-20"
    assert silence.note(board, [PROVIDER], at) == 0
    VehicleStore(SHELTERS).worked_through(PROVIDER, 3, NOON)
    assert silence.note(board, [PROVIDER], instant(NOON + MINUTE)) == 0
    assert [silence.note(board, [PROVIDER], at) for _ in range(2)] == [1, 1]
    assert len(board.silent_minutes(PROVIDER, day)) == 1


def test_places_in_other_shelters_are_counted_there(board):
    work_through(enter(0, HERE))
    count()
    work_through(enter(5, THERE))
    count()
    count(THERE)
    counts = board.counts("semarang")
    assert (counts[HERE].by_type, counts[THERE].by_type) == ({}, {"motorcycle": 1})
