"""Pictures of many complaints are linked with few reads, and only those that anyone may see."""

from functions.complaint_intake.open311.pictures import links
from shared.complaints.record import Photo, PhotoStatus
from tests.builders import a_complaint

API = "https://api.example.id/v1"


class Known:
    """What is known of photos, and how much was asked at a time."""

    def __init__(self, *photos):
        self.photos = {one.photo_id: one for one in photos}
        self.asked = []

    def many(self, photo_ids):
        self.asked.append(len(photo_ids))
        return {one: self.photos[one] for one in photo_ids if one in self.photos}


def a_photo(photo_id, complaint, status=PhotoStatus.READY):
    return Photo(photo_id=photo_id, status=status, complaint_id=complaint.complaint_id)


def test_ready_photos_are_linked_in_their_order():
    complaint = a_complaint(photo_ids=("B", "A", "C", "D"))
    known = Known(
        a_photo("A", complaint),
        a_photo("B", complaint),
        a_photo("C", complaint, PhotoStatus.REJECTED),
    )
    number = complaint.complaint_id
    assert links([complaint], known, API) == {
        number: {
            "B": f"{API}/complaints/{number}/photos/B",
            "A": f"{API}/complaints/{number}/photos/A",
        }
    }


def test_what_nobody_may_see_is_not_even_asked_for():
    hidden = [
        a_complaint(photo_ids=("A",), visibility="private"),
        a_complaint(photo_ids=("A",), suspicion="honeypot"),
        a_complaint(),
    ]
    known = Known()
    assert links(hidden, known, API) == {}
    assert known.asked == []


def test_another_complaints_photo_is_not_shown():
    complaint = a_complaint(photo_ids=("A",))
    known = Known(a_photo("A", a_complaint()))
    assert links([complaint], known, API) == {complaint.complaint_id: {}}


def test_many_are_asked_for_a_hundred_at_a_time():
    complaints = [a_complaint(photo_ids=(f"{n}-1", f"{n}-2")) for n in range(101)]
    known = Known()
    links(complaints, known, API)
    assert known.asked == [100, 100, 2]
