"""An agency's work by due date, page by page."""

import base64

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.complaints.law import OPEN, Status
from tests.builders import (
    officer_claims,
)
from tests.integration.routing_calls import (
    DPU,
    OPERATOR,
    WORK,
    call,
    due_in,
    fault_of,
    json_of,
    stored,
)

pytestmark = pytest.mark.usefixtures("small_config", "aws_double")


class TestWorkList:
    def test_open_work_of_all_statuses_is_listed_by_due_date(self):
        work = [due_in(days, status=OPEN[days % len(OPEN)]) for days in (4, 2, 1, 3)]
        stored(*work, due_in(0, status=Status.RESOLVED), due_in(0, agency="semarang-dlh"))
        listed = json_of(call("GET", WORK))
        wanted = [one.complaint_id for one in sorted(work, key=lambda one: one.due_at)]
        assert [one["complaint_id"] for one in listed["complaints"]] == wanted
        assert listed["cursor"] is None

    def test_a_status_may_be_asked_for(self):
        stored(due_in(1))
        accepted = due_in(2, status=Status.ACCEPTED)
        stored(accepted)
        listed = json_of(call("GET", WORK, query={"status": "accepted"}))
        assert [one["complaint_id"] for one in listed["complaints"]] == [accepted.complaint_id]

    def test_pages_follow_one_another_over_several_statuses(self):
        work = [due_in(days, status=OPEN[days % 2]) for days in range(7)]
        stored(*work)
        seen, query = [], {"limit": "3"}
        while True:
            page = json_of(call("GET", WORK, query=query))
            seen.append([one["complaint_id"] for one in page["complaints"]])
            if page["cursor"] is None:
                break
            query["cursor"] = page["cursor"]
        assert [len(page) for page in seen] == [3, 3, 1]
        assert [number for page in seen for number in page] == [one.complaint_id for one in work]

    def test_a_row_has_the_version_the_assignment_and_no_reporter(self):
        stored(due_in(1, contact_shared=True))
        ((row),) = json_of(call("GET", WORK))["complaints"]
        assert (row["version"], row["contact_shared"]) == (2, True)
        assert row["assignment"]["because"]["en"] == "City roads are DPU's."
        assert not set(row) & {"key_hash", "fingerprint", "name", "phone", "email"}

    @pytest.mark.parametrize(
        "limit", ["0", "101", "-1", "1.5", "x", "٣", "00109", "0001" + "9" * 5000]
    )
    def test_a_limit_is_1_to_100(self, limit):
        assert fault_of(call("GET", WORK, query={"limit": limit})) == (400, "limit", "out_of_range")

    @pytest.mark.parametrize("limit", ["1", "100", "007"])
    def test_a_limit_within_is_taken(self, limit):
        assert call("GET", WORK, query={"limit": limit})["statusCode"] == 200

    @pytest.mark.parametrize("status", ["open", "ASSIGNED", "é"])
    def test_an_unknown_status_is_refused_with_the_choices(self, status):
        answer = call("GET", WORK, query={"status": status}, headers={"Accept-Language": "en"})
        assert fault_of(answer) == (400, "status", "not_a_choice")
        assert "received, assigned, accepted" in json_of(answer)["detail"]

    @pytest.mark.parametrize(
        "cursor",
        [
            "x",
            "%%%",
            "é",
            "====",
            base64.urlsafe_b64encode(b"\xff\xfe").decode(),
            base64.urlsafe_b64encode(b"tomorrow").decode(),
            base64.urlsafe_b64encode(b"2026-11-20T05:00:00.000Z#" + b"x" * 2000).decode(),
        ],
    )
    def test_a_cursor_of_no_page_is_a_bad_request(self, cursor):
        answer = call("GET", WORK, query={"cursor": cursor})
        assert fault_of(answer) == (400, "cursor", "invalid_cursor")

    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        st.dictionaries(
            st.sampled_from(["status", "cursor", "limit"]),
            st.text() | st.binary().map(lambda b: base64.urlsafe_b64encode(b).decode()),
        )
    )
    def test_no_query_is_an_error_of_ours(self, query):
        assert call("GET", WORK, query=query)["statusCode"] in (200, 400)

    @pytest.mark.parametrize(
        ("path", "claims", "status"),
        [
            (WORK, DPU, 200),
            (WORK, OPERATOR, 200),
            (WORK, officer_claims("operator:jateng"), 403),
            (WORK, officer_claims("agency:semarang-dlh"), 403),
            ("/agencies/semarang-nowhere/complaints", OPERATOR, 403),
            (
                "/agencies/semarang-nowhere/complaints",
                officer_claims("agency:semarang-nowhere"),
                403,
            ),
        ],
    )
    def test_who_may_read_a_work_list(self, path, claims, status):
        assert call("GET", path, claims)["statusCode"] == status


class TestDueBefore:
    def numbers(self, **query: str) -> list[str]:
        return [
            one["complaint_id"] for one in json_of(call("GET", WORK, query=query))["complaints"]
        ]

    def test_what_is_overdue_is_listed_page_by_page(self):
        late = [due_in(-40 + days, status=OPEN[days]) for days in range(3)]
        # `due_in` counts from a day of the past, the API from now.
        stored(*late, due_in(4000), due_in(-50, status=Status.RESOLVED))
        wanted = [one.complaint_id for one in late]
        assert self.numbers(overdue="true") == wanted
        page = json_of(call("GET", WORK, query={"overdue": "true", "limit": "2"}))
        rest = self.numbers(overdue="true", limit="2", cursor=page["cursor"])
        assert [one["complaint_id"] for one in page["complaints"]] + rest == wanted

    def test_what_is_due_before_a_day_or_an_instant_is_listed(self):
        first, second = due_in(1), due_in(2)
        stored(first, second)
        both = [first.complaint_id, second.complaint_id]
        noon_wib = "2026-11-22T12:00:00+07:00"  # when the second is due
        assert self.numbers(due_before=noon_wib) == both[:1]
        assert self.numbers(due_before="2026-11-22T12:00:01+07:00") == both
        assert self.numbers(due_before="2026-11-22") == both[:1]
        assert self.numbers(due_before="2026-11-23", overdue="false") == both

    def test_of_two_bounds_the_earlier_holds(self):
        late, soon = due_in(-1), due_in(4000)
        stored(late, soon)
        assert self.numbers(due_before="2099-01-01", overdue="true") == [late.complaint_id]

    def test_a_cursor_beyond_the_bound_ends_the_list(self):
        stored(due_in(3), due_in(4))
        cursor = json_of(call("GET", WORK, query={"limit": "1"}))["cursor"]
        assert self.numbers(cursor=cursor, due_before="2026-11-21") == []

    @pytest.mark.parametrize(
        ("query", "field", "code"),
        [
            ({"overdue": "yes"}, "overdue", "not_a_choice"),
            ({"overdue": "true", "status": "resolved"}, "overdue", "not_with_this_status"),
            ({"due_before": "2026-11-22", "status": "duplicate"}, "due_before", None),
            ({"due_before": "kemarin"}, "due_before", "invalid_instant"),
            ({"due_before": "2026-11-22T12:00:00"}, "due_before", "invalid_instant"),
            ({"due_before": "0001-01-01"}, "due_before", "invalid_instant"),
        ],
    )
    def test_what_cannot_be_asked_for_is_refused(self, query, field, code):
        wanted = (400, field, code or "not_with_this_status")
        assert fault_of(call("GET", WORK, query=query)) == wanted
