"""Notices through their handler: from the stream's event to what SES, SNS and partners are given."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from functions.complaint_intake.notices.recipients import Recipients
from functions.complaint_intake.on_progress import WAITS_S, caller, handler, teller
from shared import aws, clock, ids
from shared.complaints.events import progressed
from shared.complaints.law import Action, Status
from shared.dynamo import to_item
from shared.messengers import leases
from tests.aws_double import (
    COMPLAINTS,
    NOTICES_QUEUE,
    REPORTERS,
    answering,
    items,
    messages,
)
from tests.builders import (
    CONTEXT,
    NOW,
    TOKEN_SECRET,
    a_complaint,
    a_contact,
    an_assignment,
    an_entry,
    an_sqs_event,
)
from tests.integration.notices.progress import BOTH, DONE, FAILED, leases_of, stored, tell, told
from tests.messengers import as_text
from tests.small_config import NOTICES

pytestmark = pytest.mark.usefixtures("small_config", "aws_double")


def test_a_reporter_is_told_by_email_and_text_message_with_a_link_that_opens_the_complaint(sent):
    complaint = stored(entry=an_entry(action=Action.NOTE))
    assert tell(*told(stored_version(complaint, 4))) == [DONE, DONE]
    (email,), (text,) = sent.emails, sent.texts
    token = ids.tracking_token(TOKEN_SECRET, complaint.complaint_id, 0)
    link = f"https://aduan.example/v1/lacak#{complaint.complaint_id}.{token}"
    assert link in sent.text_of_email()
    assert link in text["Message"]
    assert email["FromEmailAddress"] == "Simpul <notices@simpul.example>"
    assert email["Destination"] == {"ToAddresses": ["tutik@example.id"]}
    assert email["ConfigurationSetName"] == "simpul-test"
    assert text["PhoneNumber"] == "+628120000063"
    attributes = {name: one["StringValue"] for name, one in text["MessageAttributes"].items()}
    assert attributes == {
        "AWS.SNS.SMS.SMSType": "Transactional",
        "AWS.SNS.SMS.SenderID": "SIMPUL",
    }


def stored_version(complaint, version):
    return replace(complaint, version=version)


def test_mail_programs_can_unsubscribe_by_themselves(sent):
    complaint = stored(notify=["email"])
    tell(*told(complaint))
    token = ids.stop_token(TOKEN_SECRET, complaint.complaint_id)
    stop = f"https://aduan.example/v1/notices/unsubscribe?c={complaint.complaint_id}&t={token}"
    assert sent.headers_of_email() == {
        "List-Unsubscribe": f"<{stop}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Auto-Submitted": "auto-generated",
    }
    assert stop in sent.text_of_email()


def test_the_agencys_words_are_told_in_the_reporters_language(sent):
    complaint = stored(
        notify=["email"], status=Status.RESOLVED, entry=an_entry(public_note="Lubang ditambal.")
    )
    tell(*told(complaint))
    assert "note Lubang ditambal. (en)" in sent.text_of_email()


def test_no_message_on_the_queue_names_anyone(sent):
    complaint = stored()
    due = told(complaint)
    assert [one["channel"] for one in due] == BOTH
    for known in ("tutik", "+628120000063", "Bu Tutik"):
        assert known not in as_text(due)


@pytest.mark.parametrize("notify", [None, []])
def test_nobody_is_told_who_does_not_wish_it_and_only_partners_are_looked_up(sent, notify):
    complaint = stored(notify=notify)
    calls: list[str] = []
    with answering(aws.dynamodb(), "before-call", lambda model, **_: calls.append(model.name)):
        assert told(complaint) == []
    assert calls == ["Query"]


def test_a_message_that_comes_again_is_sent_only_once(sent):
    due = told(stored())
    assert tell(*due, *due, *due) == [DONE] * 6
    assert (len(sent.emails), len(sent.texts)) == (1, 1)


def test_an_event_that_comes_again_is_sent_only_once(sent):
    complaint = stored()
    tell(*told(complaint), *told(complaint))
    assert (len(sent.emails), len(sent.texts)) == (1, 1)


def test_what_was_sent_when_and_by_which_channel_is_on_record_for_the_reporter(sent):
    complaint = stored()
    tell(*told(complaint))
    kept = leases_of(complaint)
    assert set(kept) == {"4#email", "4#sms"}
    for channel in BOTH:
        lease = kept[f"4#{channel}"]
        assert lease["occasion"] == "resolved"
        assert lease["channel"] == channel
        assert lease["tries"] == 1
        assert "sent_at" in lease
        assert "lease_until" not in lease


def test_while_another_sends_a_notice_it_waits(sent):
    complaint = stored(notify=["email"])
    (due,) = told(complaint)
    store = leases.NoticeLeases(REPORTERS)
    assert store.take(
        complaint.complaint_id, "4", "email", told={"occasion": "resolved"}, now=clock.now()
    )
    assert tell(due) == [FAILED]
    assert sent.emails == []


def test_what_a_crash_left_is_sent_again_when_the_lease_has_run_out(sent):
    complaint = stored(notify=["email"])
    (due,) = told(complaint)
    store = leases.NoticeLeases(REPORTERS)
    long_ago = clock.now() - leases.LEASE - timedelta(seconds=1)
    store.take(complaint.complaint_id, "4", "email", told={"occasion": "resolved"}, now=long_ago)
    assert tell(due, due) == [DONE, DONE]
    assert len(sent.emails) == 1
    assert leases_of(complaint)["4#email"]["tries"] == 2


def test_a_lease_outlasts_the_function_and_ends_before_its_first_retry():
    assert timedelta(seconds=30) < leases.LEASE < timedelta(seconds=leases.FIRST_WAIT_S)
    assert WAITS_S[0] == leases.FIRST_WAIT_S


@pytest.mark.parametrize(
    "code", ["TooManyRequestsException", "SendingPausedException", "Throttling"]
)
def test_what_may_pass_is_tried_again_later_and_each_time_waits_longer(sent, code):
    (due,) = told(stored(notify=["email"]))
    sent.refusing = (code, "later")
    waits: list[int] = []

    def put_off(params: Any, **_: Any) -> None:
        waits.append(params["VisibilityTimeout"])

    with answering(aws.sqs(), "provide-client-params.sqs.ChangeMessageVisibility", put_off):
        for count in range(1, 7):
            event = an_sqs_event(due)
            event["Records"][0]["attributes"]["ApproximateReceiveCount"] = str(count)
            assert handler(event, CONTEXT) == FAILED
    assert waits == [60, 300, 1800, 7200, 0, 0]


def test_a_failure_is_told_to_the_queue_even_if_it_cannot_be_put_off(sent):
    (due,) = told(stored(notify=["email"]))
    sent.refusing = ("Throttling", "later")
    assert handler(an_sqs_event(due), CONTEXT) == FAILED  # moto knows no such receipt handle


def test_an_identity_that_is_not_verified_is_ours_to_mend_and_loses_nothing(sent):
    complaint = stored(notify=["email"])
    (due,) = told(complaint)
    sent.refusing = ("MessageRejected", "Email address is not verified.")
    assert tell(due) == [FAILED]
    assert "failed_at" not in leases_of(complaint)["4#email"]


@pytest.mark.parametrize(
    ("channel", "code"),
    [
        ("email", "MessageRejected"),
        ("email", "BadRequestException"),
        ("sms", "InvalidParameter"),
        ("sms", "OptedOutException"),
    ],
)
def test_what_can_never_be_sent_is_on_record_and_not_tried_again(sent, channel, code):
    complaint = stored(notify=[channel])
    (due,) = told(complaint)
    sent.refusing = (code, "never")
    assert tell(due, due) == [DONE, DONE]
    assert len(sent.emails) + len(sent.texts) == 1
    lease = leases_of(complaint)[f"4#{channel}"]
    assert lease["reason"] == code
    assert "failed_at" in lease


@pytest.mark.parametrize(
    ("contact", "channel", "reason"),
    [
        ({"email": "x<y@example.id>"}, "email", "bad_address"),
        ({"phone": "+15550100"}, "sms", "number_not_served"),
    ],
)
def test_an_address_that_is_not_served_is_not_written_to(sent, contact, channel, reason):
    complaint = stored(notify=[channel])
    (due,) = told(complaint)
    item = to_item(
        a_contact(**contact, notify=[channel], language="id")
        | {"pk": f"C#{complaint.complaint_id}", "sk": "CONTACT"}
    )
    aws.dynamodb().put_item(TableName=REPORTERS, Item=item)
    assert tell(due) == [DONE]
    assert sent.emails == sent.texts == []
    assert leases_of(complaint)[f"4#{channel}"]["reason"] == reason


def test_an_address_gets_only_so_many_receipts_a_day_whoever_types_it_in(sent):
    complaints = [stored(notify=["email"]) for _ in range(NOTICES.receipts_per_address + 1)]
    due = [message for one in complaints for message in told(one, None)]
    assert tell(*due, *due) == [DONE] * 2 * len(due)
    assert len(sent.emails) == NOTICES.receipts_per_address
    assert leases_of(complaints[-1])["4#email"]["reason"] == "too_many_today"
    counted = [item for item in items(COMPLAINTS) if item["pk"]["S"].startswith("TO#")]
    assert len(counted) == 1
    assert "tutik" not in as_text(counted)
    tell(*told(stored_version(complaints[-1], 5)))  # that it is done is told all the same
    assert len(sent.emails) == NOTICES.receipts_per_address + 1


def test_a_receipt_that_is_tried_again_counts_once_and_another_day_counts_anew(sent):
    counts, now = Recipients(COMPLAINTS), clock.now()

    def may(number, most=1, at=now):
        return counts.may_have("a@b.id", number, most=most, secret=b"secret", now=at)

    assert may("SMG-1")
    assert may("SMG-1")
    assert not may("SMG-2")
    assert may("SMG-2", most=2)
    assert may("SMG-3", at=now + timedelta(days=1))
    elsewhere = Recipients("no-such-table")
    with pytest.raises(ClientError):
        elsewhere.may_have("a@b.id", "SMG-1", most=1, secret=b"secret", now=now)


def test_who_unsubscribes_in_between_is_not_told(sent):
    complaint = stored(notify=["email"])
    (due,) = told(complaint)
    aws.dynamodb().delete_item(
        TableName=REPORTERS,
        Key={"pk": {"S": f"C#{complaint.complaint_id}"}, "sk": {"S": "CONTACT"}},
    )
    assert tell(due) == [DONE]
    assert sent.emails == []


def test_what_was_overtaken_is_not_told(sent):
    complaint = stored(notify=["email"], entry=an_entry(action=Action.REOPEN))
    (due,) = told(stored_version(complaint, 4))
    assert tell(due) == [DONE]
    assert sent.emails == []
    assert leases_of(complaint) == {}


def test_what_is_older_than_three_days_is_not_told(sent):
    complaint = stored(notify=["email"])
    (due,) = told(complaint)
    old = due | {"at": clock.to_text(clock.now() - timedelta(days=4))}
    assert tell(old) == [DONE]
    assert sent.emails == []


def test_a_complaint_that_is_gone_is_not_told(sent):
    complaint = stored(notify=["email"])
    (due,) = told(complaint)
    key = {"pk": {"S": f"C#{complaint.complaint_id}"}, "sk": {"S": "RECORD"}}
    aws.dynamodb().delete_item(TableName=COMPLAINTS, Key=key)
    assert tell(due) == [DONE]
    assert sent.emails == []


def test_a_jurisdiction_without_texts_tells_nothing(sent):
    complaint = stored(jurisdiction_id="jateng", agency="jateng-dpubmck")
    assert told(complaint) == []
    (due,) = told(stored(notify=["email"]))
    assert tell(due | {"complaint_id": complaint.complaint_id}) == [DONE]
    assert sent.emails == []


def test_an_occasion_not_worth_a_text_message_any_more_is_not_sent(sent):
    late = an_assignment(at=NOW + timedelta(days=1))
    complaint = stored(notify=["sms"], status=Status.ASSIGNED, assignments=(late,))
    (due,) = told(stored(notify=["sms"]))
    assert tell(due | {"complaint_id": complaint.complaint_id, "occasion": "assigned"}) == [DONE]
    assert sent.texts == []
    assert leases_of(complaint)["4#sms"]["reason"] == "not_worth_a_text_message"


def a_photo_rejected(complaint):
    number, at = complaint.complaint_id, clock.to_text(clock.now())
    return {"type": "photo_rejected.v1", "complaint_id": number, "photo_id": "P", "at": at}


def test_rejected_photos_are_told_by_email_once_a_day(sent):
    complaint = stored()
    events = [a_photo_rejected(complaint)] * 3
    assert handler(an_sqs_event(*events), CONTEXT) == DONE
    due = messages(NOTICES_QUEUE)
    tell(*due)
    assert len(due) == 3
    (email,) = sent.emails
    assert "photo_rejected" in email["Content"]["Simple"]["Subject"]["Data"]
    assert sent.texts == []


def test_a_photo_of_nobody_who_wishes_to_be_told_is_told_to_nobody(sent):
    for complaint in (stored(notify=[]), a_complaint()):
        assert handler(an_sqs_event(a_photo_rejected(complaint)), CONTEXT) == DONE
    assert messages(NOTICES_QUEUE) == []


def test_a_message_of_an_unknown_kind_fails_and_its_neighbours_do_not(sent):
    complaint = stored(notify=["email"])
    batch = an_sqs_event({"type": "unheard_of.v1"}, progressed(complaint, "accepted"))
    assert handler(batch, CONTEXT) == FAILED
    assert len(messages(NOTICES_QUEUE)) == 1


def test_no_log_line_tells_who_was_told(sent, caplog):
    complaint = stored()
    due = told(complaint)
    with caplog.at_level("INFO", logger="complaint_intake"):
        sent.refusing = ("MessageRejected", "tutik@example.id is not wanted")
        tell(*due)
        sent.refusing = ("Throttling", "tutik@example.id")
        tell(*told(stored()))
    said = as_text([vars(record) for record in caplog.records])
    assert "refused: MessageRejected" in said
    assert complaint.complaint_id in said
    for known in ("tutik", "Tutik", "628120000063"):
        assert known not in said


def test_whatever_else_the_tables_refuse_is_not_swallowed(monkeypatch):
    monkeypatch.setattr(teller().leases, "_table", "no-such-table")
    with pytest.raises(ClientError):
        teller().leases.take("SMG-1", "1", "email", told={}, now=clock.now())
    monkeypatch.setattr(caller().partners, "_table", "no-such-table")
    with pytest.raises(ClientError):
        caller().partners.disable("portal", "x")
