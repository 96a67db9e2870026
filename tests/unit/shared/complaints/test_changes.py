"""What differs between two states of a record, down to what is known of each assignment."""

import pytest

from shared.complaints import changes

FIRST = {"no": 1, "agency": "semarang-dpu"}
SECOND = {"no": 2, "agency": "semarang-dlh"}


def test_attributes_that_differ_are_set_and_those_that_went_are_removed() -> None:
    changed = changes.differences(
        {"status": "assigned", "note": "a", "kept": 1}, {"status": "accepted", "kept": 1}
    )

    assert changed == {"status": "accepted", "note": None}


def test_of_an_assignment_only_what_differs_is_written() -> None:
    before = {"assignments": [FIRST, SECOND | {"stuck_at": "then"}]}
    after = {"assignments": [FIRST, SECOND | {"acknowledged_at": "now"}]}

    assert changes.differences(before, after) == {
        "assignments[1].stuck_at": None,
        "assignments[1].acknowledged_at": "now",
    }


def test_a_new_assignment_is_added_after_the_others() -> None:
    before, after = {"assignments": [FIRST]}, {"assignments": [FIRST | {"at": "now"}, SECOND]}

    assert changes.differences(before, after) == {
        "assignments[0].at": "now",
        "assignments[1]": SECOND,
    }


@pytest.mark.parametrize(
    ("before", "after"),
    [(None, [FIRST]), ([FIRST], None), ([FIRST, SECOND], [FIRST])],
    ids=["the first", "all taken away", "fewer"],
)
def test_what_is_no_change_within_assignments_is_written_whole(
    before: list[object] | None, after: list[object] | None
) -> None:
    assert changes.differences({"assignments": before}, {"assignments": after}) == {
        "assignments": after
    }


def test_assignments_that_stay_are_not_written() -> None:
    assert changes.differences({"assignments": [FIRST]}, {"assignments": [FIRST]}) == {}


def test_an_update_names_every_part_of_a_path() -> None:
    update, arguments = changes.update_of(
        {"status": "accepted", "assignments[10].queued_at": "now", "assignments[2]": None}
    )

    assert update == (
        "SET #status = :status, #assignments[10].#queued_at = :assignments_10_queued_at"
        " REMOVE #assignments[2]"
    )
    assert arguments == {
        "ExpressionAttributeNames": {
            "#status": "status",
            "#assignments": "assignments",
            "#queued_at": "queued_at",
        },
        "ExpressionAttributeValues": {
            ":status": {"S": "accepted"},
            ":assignments_10_queued_at": {"S": "now"},
        },
    }
