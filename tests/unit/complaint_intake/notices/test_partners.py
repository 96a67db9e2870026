"""What partners hear, and what is none of their business."""

import json
from itertools import product

import pytest
from jsonschema import Draft202012Validator

from functions.complaint_intake.notices.fanning import (
    channels_of,
    notices_of,
    notices_of_photo,
    webhooks_of,
)
from functions.complaint_intake.notices.partners import (
    Partner,
    partner_from,
    partner_values,
    webhook,
    webhook_id,
)
from infra.contracts import FOLDER
from shared.complaints.events import progressed
from shared.complaints.law import Status
from shared.dynamo import from_item, to_item
from shared.notices import Occasion
from tests.builders import NOW, a_complaint
from tests.small_config import NOTICES

CITY = Partner(partner_id="portal", url="https://portal.example/hook")
FLEET = Partner(partner_id="gojek", url="https://fleet.example/hook", fleet=True)


def a_due(complaint, partner, previous="accepted"):
    (due,) = webhooks_of(progressed(complaint, previous), [partner])
    return due


def data_of(partner, complaint):
    told = webhook(partner, a_due(complaint, partner), complaint)
    assert told
    return told["data"]


def a_ride(**changes):
    return a_complaint(
        **{
            "status": Status.RESOLVED,
            "vehicle_code": "GJK-1",
            "vehicle_partner": "gojek",
            **changes,
        }
    )


def test_of_a_public_complaint_a_partner_hears_what_anyone_may_read():
    complaint = a_complaint(status=Status.RESOLVED, version=4, vehicle_code="GJK-1")
    told = webhook(CITY, a_due(complaint, CITY), complaint)
    assert told == {
        "type": "complaint.progressed.v1",
        "timestamp": "2026-11-20T05:00:00.000Z",
        "data": {
            "complaint_id": complaint.complaint_id,
            "version": 4,
            "status": "resolved",
            "previous_status": "accepted",
            "jurisdiction_id": "semarang",
            "public": True,
            "service_code": "jalan-rusak",
            "agency": "semarang-dpu",
            "vehicle_code": None,
            "created_at": "2026-11-20T05:00:00.000Z",
        },
    }


def test_a_fleet_learns_in_which_of_its_vehicles_a_public_complaint_was_made():
    complaint = a_ride()
    assert data_of(FLEET, complaint)["vehicle_code"] == "GJK-1"


def test_of_a_private_complaint_in_its_vehicle_a_fleet_hears_number_and_status_only():
    complaint = a_ride(visibility="private", version=4)
    told = data_of(FLEET, complaint)
    assert {name for name, value in told.items() if value is not None} == {
        "complaint_id", "version", "status", "previous_status", "jurisdiction_id", "public",
    }  # fmt: skip
    assert told["public"] is False


def test_a_complaint_not_yet_routed_has_no_agency():
    assert data_of(CITY, a_complaint())["agency"] is None


@pytest.mark.parametrize(
    ("partner", "changes"),
    [
        (CITY, {"visibility": "private"}),
        (CITY, {"visibility": "secret"}),
        (CITY, {"suspicion": "honeypot"}),
        (CITY, {"erasure_requested_at": NOW}),
        (FLEET, {"visibility": "secret"}),
        (FLEET, {"suspicion": "honeypot"}),
        (FLEET, {"vehicle_partner": "other"}),
        (FLEET, {"vehicle_partner": None}),
        (FLEET, {"vehicle_partner": None, "visibility": "private"}),
        (FLEET, {"erasure_requested_at": NOW}),
    ],
)
def test_what_is_not_a_partners_to_know_it_never_hears(partner, changes):
    """… even if it was when the message was made: the complaint as it is now decides."""
    due = a_due(a_ride(), partner)
    assert webhook(partner, due, a_ride(**changes)) is None


def test_no_webhook_holds_more_than_its_fields_whatever_the_complaint_says():
    said = {"description": "TEKS", "address_string": "ALAMAT", "attributes": {"a": "JAWABAN"}}
    for partner, visibility in product((CITY, FLEET), ("public", "private", "secret")):
        complaint = a_ride(visibility=visibility, **said)
        told = str(webhook(partner, a_due(a_ride(), partner), complaint))
        for typed in ("TEKS", "ALAMAT", "JAWABAN"):
            assert typed not in told


def hears(partner, complaint):
    return bool(list(webhooks_of(progressed(complaint, "accepted"), [partner])))


def test_a_partner_hears_of_the_jurisdictions_and_statuses_it_named_or_of_all():
    only = Partner(
        partner_id="p", url="u", jurisdictions=("semarang",), statuses=("resolved", "closed")
    )
    assert hears(only, a_complaint(status=Status.RESOLVED))
    assert not hears(only, a_complaint(status=Status.ACCEPTED))
    assert not hears(only, a_complaint(status=Status.RESOLVED, jurisdiction_id="jateng"))
    assert hears(CITY, a_complaint(status=Status.ACCEPTED, jurisdiction_id="jateng"))


def test_a_day_that_was_named_is_no_step_for_a_partner_unless_the_status_moved():
    planned = progressed(a_complaint(status=Status.IN_PROGRESS), "in_progress")
    planned["planned"] = True
    assert list(webhooks_of(planned, [CITY])) == []
    assert len(list(webhooks_of({**planned, "previous_status": "accepted"}, [CITY]))) == 1


def test_a_partner_is_not_called_in_vain():
    assert not hears(CITY, a_ride(visibility="private"))
    assert not hears(CITY, a_ride(visibility="private", vehicle_partner="portal"))
    assert hears(FLEET, a_ride(visibility="private"))
    assert not hears(FLEET, a_complaint(status=Status.RESOLVED))
    gone = Partner(partner_id="portal", url="u", disabled="answered 410")
    assert not hears(gone, a_complaint(status=Status.RESOLVED))


def test_a_repetition_has_the_same_id_and_nothing_else_has_it():
    complaint = a_ride(version=4)
    due = a_due(complaint, FLEET)
    assert webhook_id(due) == f"{complaint.complaint_id}-4-gojek"
    assert webhook_id(due) == webhook_id(a_due(complaint, FLEET))
    assert webhook_id(a_due(a_ride(version=5, complaint_id="X"), FLEET)) == "X-5-gojek"
    assert webhook_id(a_due(complaint, CITY)) != webhook_id(due)


@pytest.mark.parametrize(
    "partner",
    [
        CITY,
        FLEET,
        Partner(
            partner_id="p",
            url="https://a.id",
            jurisdictions=("jateng",),
            statuses=("closed",),
            disabled="answered 410",
            paused_until="2026-11-20T05:00:00.000Z",
        ),
    ],
)
def test_the_registry_gives_back_what_it_was_given(partner):
    assert partner_from(from_item(to_item(partner_values(partner)))) == partner
    assert partner_values(partner)["pk"] == "PARTNERS"
    assert partner_values(partner)["sk"] == partner.partner_id


def told(complaint, previous, channels=("email", "sms")):
    return list(notices_of(progressed(complaint, previous), NOTICES, channels))


def test_each_channel_is_told_by_a_message_of_its_own_that_names_nobody():
    complaint = a_complaint(status=Status.RESOLVED, version=4)
    by_email, by_sms = told(complaint, "accepted")
    assert by_email == {
        "type": "notice_due.v1",
        "complaint_id": complaint.complaint_id,
        "occasion": "resolved",
        "channel": "email",
        "version": 4,
        "once": "4",
        "at": "2026-11-20T05:00:00.000Z",
    }
    assert by_sms == by_email | {"channel": "sms"}


def test_not_every_occasion_is_worth_a_text_message_or_any():
    assert [one["channel"] for one in told(a_complaint(status=Status.ASSIGNED), "received")] == [
        "email"
    ]
    assert told(a_complaint(status=Status.ACCEPTED), "assigned") == []
    assert told(a_complaint(status=Status.RESOLVED), "accepted", channels=()) == []


def test_of_several_rejected_photos_a_reporter_is_told_once_a_day():
    (first,) = notices_of_photo("SMG-1", NOTICES, ("email", "sms"), NOW)
    (second,) = notices_of_photo("SMG-1", NOTICES, ("email",), NOW)
    assert first == second
    assert first["once"] == "photos-2026-11-20"
    assert first["occasion"] == Occasion.PHOTO_REJECTED


def test_a_reporter_is_told_by_the_channels_they_wish_and_the_stage_serves():
    contact = {"notify": ["sms", "email"]}
    assert channels_of(contact, ("email", "sms")) == ("email", "sms")
    assert channels_of(contact, ("sms",)) == ("sms",)
    assert channels_of({"notify": []}, ("email", "sms")) == ()
    assert channels_of(None, ("email", "sms")) == ()


@pytest.mark.parametrize("visibility", ["public", "private"])
def test_what_is_sent_keeps_its_contract(visibility):
    complaint = a_ride(visibility=visibility)
    due = a_due(complaint, FLEET)
    sent = [due, webhook(FLEET, due, complaint), *told(complaint, "accepted")]
    sent += notices_of_photo("SMG-1", NOTICES, ("email",), NOW)
    for message in sent:
        assert message
        path = FOLDER / f"{message['type']}.json"
        contract = json.loads(path.read_text(encoding="utf-8"))
        Draft202012Validator(contract).validate(message)
        assert set(message) == set(contract["properties"])
