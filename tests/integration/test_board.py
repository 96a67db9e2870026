"""The board in DynamoDB: it says what presence says, whoever counts at once."""

import pytest

from functions.shelter_alerts import silence
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


def test_a_shelter_is_counted_by_type(board):
    work_through(enter(0, HERE), enter(1, HERE, "two"), enter(2, HERE, "three", vehicle_type="car"))
    assert board.recount(HERE, NOON).by_type == {"motorcycle": 2, "car": 1}
    assert board.counts("semarang")[HERE].by_type == {"motorcycle": 2, "car": 1}
    assert board.counts("jateng") == {}


def test_who_left_is_not_counted_and_an_empty_shelter_stays_on_the_board(board):
    work_through(enter(0, HERE))
    board.recount(HERE, NOON)
    work_through(leave(10, HERE))
    board.recount(HERE, NOON + MINUTE)
    assert board.counts("semarang")[HERE] == board.recount(HERE, NOON + 2 * MINUTE)
    assert board.counts("semarang")[HERE].by_type == {}
    assert board.counts("semarang")[HERE].at_ms == NOON + MINUTE  # nothing changed since


def test_whoever_counted_before_another_wrote_counts_again(board):
    work_through(enter(0, HERE))
    board.recount(HERE, NOON)
    work_through(enter(1, HERE, "two"))
    meanwhile = iter([True])

    def interrupt(**_):
        if next(meanwhile, False):  # a second vehicle comes, and another counts first
            work_through(enter(2, HERE, "three"))
            Board(SHELTERS).recount(HERE, NOON + 1)

    with answering(aws.dynamodb(), "before-parameter-build.dynamodb.PutItem", interrupt):
        found = board.recount(HERE, NOON + 2)
    assert found.by_type == {"motorcycle": 3}
    assert board.counts("semarang")[HERE].by_type == {"motorcycle": 3}


def test_counting_costs_the_same_in_a_small_shelter_and_in_a_large_one(board):
    costs = []
    for size in (2, 40):
        work_through(*(enter(n, HERE, f"d{n}") for n in range(size)))
        with metered() as spent:
            board.recount(HERE, NOON + size)
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
    work_through(enter(0, HERE), enter(5, THERE))
    board.recount(HERE, NOON)
    board.recount(THERE, NOON)
    counts = board.counts("semarang")
    assert (counts[HERE].by_type, counts[THERE].by_type) == ({}, {"motorcycle": 1})
