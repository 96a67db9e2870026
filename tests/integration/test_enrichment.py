"""What the stream's reader looks up: which submission of its device's day each complaint is."""

from datetime import timedelta

import pytest

from functions.complaint_intake.enrichment import Enrichment
from shared.complaints.record import Complaint
from shared.terms import MOST_OF_A_DEVICE
from tests.aws_double import COMPLAINTS, items
from tests.builders import NOW, a_complaint

pytestmark = pytest.mark.usefixtures("aws_double")


def flood(count: int, device: str = "one") -> list[Complaint]:
    return [
        a_complaint(device=device, created_at=NOW + timedelta(seconds=second))
        for second in range(count)
    ]


def ranks(complaints: list[Complaint]) -> list[int | None]:
    found = Enrichment(COMPLAINTS).of(complaints)
    return [found[one.complaint_id]["device_today"] for one in complaints]


@pytest.mark.parametrize("batch", [1, 4, 15])
def test_submissions_are_ranked_by_time_however_the_stream_is_cut(batch):
    sent = flood(15)
    cut = [sent[at : at + batch] for at in range(0, 15, batch)]
    assert [rank for part in cut for rank in ranks(part)] == list(range(1, 16))


def test_a_record_read_again_keeps_its_rank():
    sent = flood(15)
    ranks(sent)
    assert ranks(sent[:7]) == list(range(1, 8))
    assert ranks(sent[6:8] * 2) == [7, 8, 7, 8]


def test_each_device_is_counted_by_itself_and_who_names_none_is_not():
    mixed = [*flood(2), *flood(2, "other"), a_complaint()]
    assert ranks(mixed) == [1, 2, 1, 2, None]


def test_a_flood_fills_nothing_and_is_still_told_from_the_first():
    sent = flood(MOST_OF_A_DEVICE + 150)
    told = [ranks(sent[at : at + 50]) for at in range(0, len(sent), 50)]
    assert told[0] == list(range(1, 51))
    assert min(rank or 0 for rank in told[-1]) > MOST_OF_A_DEVICE
    (counted,) = (one for one in items(COMPLAINTS) if one["pk"] == {"S": "D#one"})
    assert len(counted["submissions"]["SS"]) == MOST_OF_A_DEVICE
    assert ranks(sent[:3]) == [1, 2, 3]


def test_the_count_is_forgotten_after_two_days():
    ranks(flood(1))
    (counted,) = items(COMPLAINTS)
    assert counted["expires_at"] == {"N": str(int((NOW + timedelta(days=2)).timestamp()))}
    assert counted["pk"] == {"S": "D#one"}
