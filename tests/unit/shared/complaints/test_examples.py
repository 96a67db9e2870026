"""What is kept of an operator's decision, to learn from, and what is not."""

from datetime import timedelta

import pytest

from shared import aws
from shared.clock import to_text
from shared.complaints.examples import Examples, example_from, example_key, example_values
from shared.complaints.law import Status
from shared.dynamo import to_item
from tests.aws_double import COMPLAINTS
from tests.builders import NOW, a_complaint, a_number

pytestmark = pytest.mark.usefixtures("small_config")


def kept(**changes):
    return example_values(a_complaint(**changes), "semarang-dlh", "sampah", NOW)


def test_an_example_is_the_masked_text_and_the_operators_word():
    complaint = a_complaint(
        status=Status.ASSIGNED,
        description="Jalan rusak, hubungi 081200000081",
        attributes={"pemilik_jalan": "kota", "patokan": "warung Bu Rahasia", "dulu": "x"},
        lat=-6.99,
        long=110.42,
        address_string="Jl. Rahasia no 12",
        device="gawai",
    )
    values = example_values(complaint, "semarang-dlh", "sampah", NOW)
    assert values is not None
    assert values == example_key("semarang", complaint.complaint_id) | {
        "text": "Jalan rusak, hubungi [nomor disamarkan]",
        "agency": "semarang-dlh",
        "service_code": "sampah",
        "was_agency": "semarang-dpu",
        "kind": "complaint",
        "attributes": {"pemilik_jalan": "kota"},
        "decided_at": to_text(NOW),
    }
    example = example_from(values)
    assert (example.complaint_id, example.decided_at) == (complaint.complaint_id, NOW)


@pytest.mark.parametrize(
    "changes",
    [
        {"visibility": "private"},
        {"visibility": "secret"},
        {"suspicion": "blocked_words"},
        {"erasure_requested_at": NOW},
    ],
)
def test_what_is_hidden_spam_or_to_be_forgotten_teaches_nothing(changes):
    assert kept() is not None
    assert kept(**changes) is None


@pytest.mark.usefixtures("aws_double")
def test_a_later_decision_on_the_same_complaint_takes_the_place_of_the_first():
    examples = Examples(COMPLAINTS)
    complaint = a_complaint(status=Status.ASSIGNED)
    for agency, at in (("semarang-dlh", NOW), ("semarang-dpu", NOW + timedelta(days=1))):
        values = example_values(complaint, agency, None, at)
        assert values is not None
        aws.dynamodb().put_item(TableName=COMPLAINTS, Item=to_item(values))
    (one,) = examples.all("semarang")
    assert (one.agency, one.service_code) == ("semarang-dpu", None)
    assert list(examples.all("jateng")) == []


@pytest.mark.usefixtures("aws_double")
def test_all_of_a_jurisdiction_are_found_and_one_can_be_forgotten_twice():
    examples = Examples(COMPLAINTS)
    numbers = {a_number() for _ in range(12)}
    for number in numbers:
        values = kept(complaint_id=number)
        aws.dynamodb().put_item(TableName=COMPLAINTS, Item=to_item(values or {}))
    assert {one.complaint_id for one in examples.all("semarang")} == numbers
    gone = min(numbers)
    for _ in range(2):
        aws.dynamodb().delete_item(**examples.forget("semarang", gone))
    assert {one.complaint_id for one in examples.all("semarang")} == numbers - {gone}
