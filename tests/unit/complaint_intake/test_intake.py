"""A submission taken in once, whatever happens on the way; against the store and its twin."""

import json
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.complaint_intake import intake
from functions.complaint_intake.reporters import ReporterStore
from functions.complaint_intake.submission import Submission, SubmissionReceipt
from shared import config, ids
from shared.clock import WIB
from shared.complaints.items import complaint_values, undelivered_mark
from shared.complaints.law import Status
from shared.complaints.store import ComplaintStore
from shared.dynamo import to_item
from shared.errors import InvalidInput, KeyReused
from shared.http import Request
from shared.jurisdiction import Jurisdiction
from tests.aws_double import REPORTERS
from tests.builders import (
    ID_SECRET,
    NOW,
    TOKEN_SECRET,
    a_complaint,
    a_contact,
    a_key,
    a_submission,
)
from tests.small_config import SEMARANG
from tests.strategies import json_values, texts
from tests.twins import ComplaintStoreTwin

pytestmark = pytest.mark.usefixtures("small_config")

Store = ComplaintStore | ComplaintStoreTwin


def submission_of(**changes: Any) -> Submission:
    return Request({"body": json.dumps(a_submission(**changes))}).parse(Submission)


def accept(
    store: Store, submission: Submission, **changes: Any
) -> tuple[SubmissionReceipt, HTTPStatus]:
    arguments = {
        "key": a_key(),
        "channel": "mobile",
        "language": "id",
        "now": NOW,
        "id_secret": ID_SECRET,
        "token_secret": TOKEN_SECRET,
        "reporters_table": REPORTERS,
    }
    return intake.accept(submission, store=store, **{**arguments, **changes})


def accepted(store: Store, **changes: Any) -> Any:
    """Take a submission in and return the complaint it became."""
    receipt, status = accept(store, submission_of(**changes))
    assert status is HTTPStatus.CREATED
    return store.get(receipt.complaint_id)


def contact_of(store: Store, number: str) -> Any:
    if isinstance(store, ComplaintStoreTwin):
        return store.reporters.get((REPORTERS, number))
    found = ReporterStore(REPORTERS).contact(number)
    return {k: v for k, v in found.items() if k not in ("pk", "sk")} if found else None


def wib(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=WIB)


def test_a_submission_is_taken_and_gets_a_receipt(store):
    receipt, status = accept(store, submission_of())
    number = receipt.complaint_id
    assert status is HTTPStatus.CREATED
    assert ids.read_complaint_number(number) == number
    assert number.startswith("SMG-")
    assert receipt.status == "received"
    assert receipt.tracking_token == ids.tracking_token(TOKEN_SECRET, number, 0)
    assert receipt.links.self == f"/complaints/{number}"
    assert receipt.links.track == f"/lacak#{number}.{receipt.tracking_token}"


def test_it_is_stored_as_it_was_sent(store):
    complaint = accepted(
        store,
        kind="aspiration",
        lat=-6.99,
        long=110.42,
        address_string="Jl. Pandanaran",
        attributes={"pemilik_jalan": "kota"},
        drafted_at="2026-11-20T11:00:00+07:00",
    )
    assert complaint.status is Status.RECEIVED
    assert (complaint.version, complaint.assignments, complaint.token_epoch) == (1, (), 0)
    assert complaint.kind == "aspiration"
    assert complaint.service_code == "jalan-rusak"
    assert complaint.description == "Jalan berlubang di depan pasar"
    assert (complaint.lat, complaint.long) == (-6.99, 110.42)
    assert complaint.address_string == "Jl. Pandanaran"
    assert complaint.attributes == {"pemilik_jalan": "kota"}
    assert complaint.drafted_at == wib("2026-11-20T11:00")
    assert complaint.created_at == complaint.updated_at == NOW
    assert complaint.undelivered_since == undelivered_mark(NOW, 1)
    assert complaint.channel == "mobile"


def test_a_retried_submission_returns_the_first_receipt(store):
    key, submission = a_key(), submission_of()
    first, _ = accept(store, submission, key=key)
    again, status = accept(store, submission, key=key, now=NOW + timedelta(days=30), language="en")
    assert status is HTTPStatus.OK
    assert again == first


def test_a_retry_stores_nothing_new(store):
    key = a_key()
    first, _ = accept(store, submission_of(), key=key)
    before = store.get(first.complaint_id)
    accept(store, submission_of(), key=key, now=NOW + timedelta(days=1))
    assert store.get(first.complaint_id) == before


@pytest.mark.parametrize(
    "change",
    [
        {"description": "Lain"},
        {"service_code": None},
        {"contact": a_contact()},
        {"anonymous": True},
        {"lat": -6.99, "long": 110.42},
    ],
    ids=str,
)
def test_the_same_key_with_another_body_is_refused(store, change):
    key = a_key()
    accept(store, submission_of(), key=key)
    with pytest.raises(KeyReused):
        accept(store, submission_of(**change), key=key)


def test_a_contact_changed_under_the_same_key_is_refused(store):
    key = a_key()
    first, _ = accept(store, submission_of(contact=a_contact()), key=key)
    with pytest.raises(KeyReused):
        accept(store, submission_of(contact=a_contact(name="Orang lain")), key=key)
    assert contact_of(store, first.complaint_id)["name"] == "Bu Tutik"


def test_a_repeat_with_contact_data_is_answered_like_the_first(store):
    key, submission = a_key(), submission_of(contact=a_contact())
    first, _ = accept(store, submission, key=key)
    assert accept(store, submission, key=key) == (first, HTTPStatus.OK)


def test_the_same_key_in_another_jurisdiction_is_another_complaint(store):
    key = a_key()
    city, _ = accept(store, submission_of(), key=key)
    province, status = accept(store, submission_of(jurisdiction_id="jateng"), key=key)
    assert status is HTTPStatus.CREATED
    assert province.complaint_id.startswith("JTG-")
    assert province.complaint_id[4:] != city.complaint_id[4:]


def test_a_number_that_another_complaint_holds_is_passed_over(store):
    key = a_key()
    numbers = ids.complaint_numbers("SMG", ids.keyed_hash(ID_SECRET, "semarang", key))
    taken = [a_complaint(complaint_id=next(numbers)), a_complaint(complaint_id=next(numbers))]
    for complaint in taken:
        store.submit(complaint)
    receipt, status = accept(store, submission_of(contact=a_contact()), key=key)
    assert (receipt.complaint_id, status) == (next(numbers), HTTPStatus.CREATED)
    assert accept(store, submission_of(contact=a_contact()), key=key) == (receipt, HTTPStatus.OK)
    assert [store.get(one.complaint_id) for one in taken] == taken
    assert contact_of(store, taken[0].complaint_id) is None


def test_contact_data_is_kept_apart_from_the_complaint(store):
    complaint = accepted(store, contact=a_contact(notify=["sms"], share_with_agency=True))
    assert contact_of(store, complaint.complaint_id) == {
        "name": "Bu Tutik",
        "phone": "+628120000063",
        "email": "tutik@example.id",
        "language": "id",
        "notify": ["sms"],
        "share_with_agency": True,
    }
    item = json.dumps(to_item(complaint_values(complaint)))
    assert not any(word in item for word in ("Tutik", "628120000063", "tutik@example.id"))
    assert complaint.contact_shared


@pytest.mark.parametrize("contact", [None, a_contact(share_with_agency=False)])
def test_nothing_is_shared_with_the_agency_unless_the_reporter_says_so(store, contact):
    assert not accepted(store, contact=contact).contact_shared


def test_a_contact_that_names_nobody_is_not_stored(store):
    complaint = accepted(store, contact={"phone": " ", "share_with_agency": True})
    assert not complaint.contact_shared
    assert contact_of(store, complaint.complaint_id) is None


def test_an_anonymous_complaint_stores_no_contact_even_if_one_is_sent(store):
    complaint = accepted(store, anonymous=True, contact=a_contact(share_with_agency=True))
    assert contact_of(store, complaint.complaint_id) is None
    assert complaint.anonymous
    assert not complaint.contact_shared


@pytest.mark.parametrize(
    ("contact", "channels"),
    [
        (a_contact(notify=True), ["email", "sms"]),
        ({"phone": "081234567890", "notify": True}, ["sms"]),
        ({"email": "tutik@example.id", "notify": True}, ["email"]),
        ({"name": "Bu Tutik", "notify": True}, []),
        (a_contact(notify=False), []),
        (a_contact(notify=["email"]), ["email"]),
        (a_contact(), []),
    ],
)
def test_the_reporter_is_told_by_the_channels_chosen_and_given(store, contact, channels):
    complaint = accepted(store, contact=contact)
    assert contact_of(store, complaint.complaint_id)["notify"] == channels


@pytest.mark.parametrize(
    ("change", "visibility"),
    [
        ({}, "public"),
        ({"service_code": "pungli"}, "secret"),
        ({"service_code": None}, "private"),
        ({"service_code": None, "visibility": "public"}, "public"),
        ({"visibility": "private"}, "private"),
        ({"service_code": "pungli", "visibility": "public"}, "public"),
    ],
)
def test_visibility_is_the_reporters_choice_or_else_the_categorys(store, change, visibility):
    assert accepted(store, **change).visibility == visibility
    assert accepted(store, **change).visibility_chosen is ("visibility" in change)


@pytest.mark.parametrize(
    ("change", "due_at"),
    [
        ({}, "2026-11-22T12:00"),  # the city promises 48 hours
        ({"service_code": None}, "2026-11-22T12:00"),
        ({"service_code": "pungli"}, "2027-02-17T23:59:59"),  # 60 working days by law
        ({"kind": "information"}, "2026-11-27T23:59:59"),  # 5 working days by law
        ({"kind": "information", "service_code": "pungli"}, "2026-11-27T23:59:59"),
    ],
)
def test_the_deadline_is_the_promise_or_else_the_laws(store, change, due_at):
    complaint = accepted(store, **change)
    assert complaint.due_at == wib(due_at)
    assert complaint.dispatch_due_at == wib("2026-11-25T23:59:59")


@pytest.mark.parametrize(("vehicle_code", "channel"), [("GJK-4821", "fleet"), (None, "mobile")])
def test_a_complaint_from_a_vehicle_came_by_the_fleet(store, vehicle_code, channel):
    complaint = accepted(store, vehicle_code=vehicle_code)
    assert (complaint.channel, complaint.vehicle_code) == (channel, vehicle_code)


@pytest.mark.parametrize(
    ("contact", "language"), [(None, "en"), (a_contact(), "id"), (a_contact(language="en"), "en")]
)
def test_the_language_is_the_contacts_or_else_the_requests(store, contact, language):
    receipt, _ = accept(store, submission_of(contact=contact), language="en")
    complaint = store.get(receipt.complaint_id)
    assert complaint is not None
    assert complaint.language == language


def test_an_empty_address_is_none(store):
    assert accepted(store, address_string=" ").address_string is None


@pytest.mark.parametrize(
    ("change", "field", "code", "hint"),
    [
        (
            {"jurisdiction_id": "semarag"},
            "jurisdiction_id",
            "unknown_jurisdiction",
            "did you mean “semarang”?",
        ),
        (
            {"jurisdiction_id": "x"},
            "jurisdiction_id",
            "unknown_jurisdiction",
            "choose one of: jateng, semarang.",
        ),
        (
            {"service_code": "jalan-rusk"},
            "service_code",
            "unknown_category",
            "did you mean “jalan-rusak”?",
        ),
        ({"service_code": "zz"}, "service_code", "unknown_category", "choose one of: jalan-rusak"),
        (
            {"attributes": {"pemilik": "kota"}},
            "attributes.pemilik",
            "unknown_attribute",
            "did you mean “pemilik_jalan”?",
        ),
        (
            {"attributes": {"pemilik_jalan": "desa"}},
            "attributes.pemilik_jalan",
            "not_a_choice",
            "choose one of: kota, provinsi.",
        ),
        ({"drafted_at": "2026-11-20T12:10:01+07:00"}, "drafted_at", "in_the_future", "clock"),
        ({"drafted_at": "9999-12-31T23:59:59-14:00"}, "drafted_at", "in_the_future", "clock"),
    ],
)
def test_what_the_jurisdiction_does_not_have_is_refused_with_a_hint(
    store, change, field, code, hint
):
    with pytest.raises(InvalidInput) as caught:
        accept(store, submission_of(**change))
    ((fault,),) = [caught.value.faults]
    assert (fault.field, fault.code) == (field, code)
    assert hint in fault.message.en


def test_a_devices_clock_may_run_ten_minutes_ahead(store):
    assert accepted(store, drafted_at="2026-11-20T12:10:00+07:00").drafted_at


def test_a_free_question_takes_any_answer(store):
    assert accepted(store, attributes={"patokan": "dekat pasar"}).attributes == {
        "patokan": "dekat pasar"
    }


def test_a_fresh_key_is_taken_where_none_is_given():
    assert intake.idempotency_key(None, "fresh") == "fresh"


def test_the_case_of_a_uuid_means_nothing_but_that_of_other_keys_does():
    uuid, other = a_key(), "AbCdEfGhIjKlMnOpQrStUvWx"
    assert intake.idempotency_key(uuid.upper(), "fresh") == uuid
    assert intake.idempotency_key(other, "fresh") == other


def test_a_repeat_gets_its_receipt_even_if_its_category_is_gone_by_now(store, monkeypatch):
    key = a_key()
    first = accept(store, submission_of(), key=key)
    fields = {name: getattr(SEMARANG, name) for name in Jurisdiction.model_fields}
    gone = tuple(one for one in SEMARANG.categories if one.service_code != "jalan-rusak")
    monkeypatch.setattr(
        config, "load", lambda _: Jurisdiction(**fields | {"categories": gone, "rules": ()})
    )
    assert accept(store, submission_of(), key=key) == (first[0], HTTPStatus.OK)
    with pytest.raises(InvalidInput):
        accept(store, submission_of(), key=a_key())


def test_what_a_submission_says_stays_the_same_from_release_to_release():
    said = intake.content_of(
        Submission.model_validate_json('{"jurisdiction_id": "semarang", "description": "é"}')
    )
    assert said == '{"description": "é", "jurisdiction_id": "semarang"}'


def test_a_given_key_is_kept_or_refused():
    key = a_key()
    assert intake.idempotency_key(key, "fresh") == key
    with pytest.raises(InvalidInput) as caught:
        intake.idempotency_key("1", "fresh")
    assert [(fault.field, fault.code) for fault in caught.value.faults] == [
        ("Idempotency-Key", "weak_idempotency_key")
    ]


submissions = st.builds(
    lambda changes: a_submission(**changes),
    st.fixed_dictionaries(
        {"description": texts | json_values},
        optional={
            "service_code": st.sampled_from(["jalan-rusak", "pungli", "lainnya", None]),
            "lat": st.floats(-90, 90) | st.integers(-90, 90),
            "long": st.floats(-180, 180) | st.integers(-180, 180),
            "attributes": st.dictionaries(st.just("patokan"), texts),
            "drafted_at": st.datetimes().map(lambda at: f"{at.isoformat()}+07:00"),
            "contact": st.fixed_dictionaries({}, optional={"name": texts, "phone": texts}),
            "address_string": texts,
            "anonymous": st.booleans(),
        },
    ),
)


@given(submissions)
def test_whatever_passes_the_form_can_be_stored_and_repeated(body):
    twin, key = ComplaintStoreTwin(), a_key()
    try:
        submission = Request({"body": json.dumps(body)}).parse(Submission)
        receipt, _ = accept(twin, submission, key=key)
    except InvalidInput:
        assert not twin.complaints
    else:
        assert accept(twin, submission, key=key) == (receipt, HTTPStatus.OK)
        assert list(twin.complaints) == [receipt.complaint_id]
