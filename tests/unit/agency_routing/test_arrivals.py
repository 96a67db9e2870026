"""What the HTTP twin learns of messages, whatever else happens to the complaint meanwhile."""

from datetime import timedelta

import pytest

from functions.agency_routing import arrivals
from functions.agency_routing.arrivals import Arrival
from shared.complaints.acting import StaleVersion
from shared.complaints.law import Status
from shared.complaints.record import Complaint
from tests.builders import NOW, a_complaint, an_assignment
from tests.twins import ComplaintStoreTwin

pytestmark = pytest.mark.usefixtures("small_config")

LATER = NOW + timedelta(hours=1)


class Busy(ComplaintStoreTwin):
    """A store in which others change the complaint just before each of the first writes."""

    def __init__(self, times: int) -> None:
        super().__init__()
        self.times = times

    def change(self, before: Complaint, after: Complaint) -> None:
        if self.times:
            self.times -= 1
            raise StaleVersion
        super().change(before, after)


def arrived(
    store: ComplaintStoreTwin, complaint: Complaint, no: int = 1, agency: str = "semarang-dpu"
) -> bool:
    if complaint.complaint_id not in store.complaints:
        store.submit(complaint)
    arrival = Arrival(complaint.complaint_id, no)
    return arrivals.acknowledge(arrival, agency, now=LATER, store=store)


def test_a_receipt_says_what_it_is_of_and_holds_the_queues_own() -> None:
    of = a_complaint().complaint_id

    assert arrivals.read_receipt(arrivals.receipt(f"{of}:12", "a|b")) == (Arrival(of, 12), "a|b")
    assert arrivals.read_receipt(arrivals.receipt("", "a|b")) == (None, "a|b")


def test_a_message_that_was_dealt_with_has_arrived_and_makes_no_new_version() -> None:
    store, complaint = ComplaintStoreTwin(), a_complaint(status=Status.ASSIGNED)

    assert arrived(store, complaint)

    after = store.complaints[complaint.complaint_id]
    assert after.assignments == (an_assignment(acknowledged_at=LATER),)
    assert after.version == complaint.version


def test_what_has_arrived_does_so_once() -> None:
    store, complaint = ComplaintStoreTwin(), a_complaint(status=Status.ASSIGNED)
    arrived(store, complaint)

    assert not arrived(store, complaint)


@pytest.mark.parametrize(
    "complaint",
    [
        a_complaint(),
        a_complaint(status=Status.ASSIGNED, agency="semarang-dlh"),
        a_complaint(status=Status.ASSIGNED, assignments=(an_assignment(), an_assignment(no=2))),
    ],
    ids=["not routed", "another's", "a newer one"],
)
def test_nothing_arrives_that_is_not_the_agencys_now(complaint: Complaint) -> None:
    store = ComplaintStoreTwin()

    assert not arrived(store, complaint)
    assert store.complaints[complaint.complaint_id] == complaint


def test_nothing_arrives_of_a_complaint_that_is_not_there() -> None:
    missing = Arrival(a_complaint().complaint_id, 1)

    assert not arrivals.acknowledge(missing, "semarang-dpu", now=LATER, store=ComplaintStoreTwin())


def test_it_is_recorded_although_others_change_the_complaint() -> None:
    store, complaint = Busy(2), a_complaint(status=Status.ASSIGNED)

    assert arrived(store, complaint)


def test_it_is_given_up_where_others_change_it_all_the_time() -> None:
    store, complaint = Busy(3), a_complaint(status=Status.ASSIGNED)

    assert not arrived(store, complaint)
    assert store.complaints[complaint.complaint_id] == complaint
