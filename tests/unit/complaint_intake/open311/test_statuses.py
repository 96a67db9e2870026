"""Every status of ours has its place in the standard's two and in the extension's."""

import pytest

from functions.complaint_intake.open311.statuses import EXTENDED, SAID, STANDARD
from shared.complaints.law import DONE, Status


@pytest.mark.parametrize("table", [STANDARD, EXTENDED, SAID])
def test_no_status_is_left_out(table):
    assert set(table) == set(Status)


@pytest.mark.parametrize("status", Status)
def test_closed_is_what_nobody_has_anything_to_do_with_any_more(status):
    assert STANDARD[status] == ("closed" if status in (*DONE, Status.DUPLICATE) else "open")


@pytest.mark.parametrize("status", Status)
def test_the_finer_status_never_contradicts_the_standards(status):
    over = EXTENDED[status] in ("closed", "fixed", "cancelled", "no_further_action", "duplicate")
    assert over == (STANDARD[status] == "closed")
