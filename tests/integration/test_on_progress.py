"""Notices through their handler: from the stream's event to what SES, SNS and partners are given."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from functions.complaint_intake.notices.partners import Partner, partner_from, partner_values
from functions.complaint_intake.notices.recipients import Recipients
from functions.complaint_intake.on_progress import WAITS_S, caller, handler, teller
from shared import aws, clock, ids
from shared.complaints.events import progressed
from shared.complaints.law import Action, Status
from shared.complaints.store import ComplaintStore
from shared.dynamo import from_item, to_item
from shared.messengers import leases, posting
from shared.messengers.posting import NotDelivered
from shared.messengers.signing import secret_of
from tests.aws_double import (
    COMPLAINTS,
    ENVIRONMENT,
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
from tests.messengers import Messengers, as_text
from tests.small_config import NOTICES

pytestmark = pytest.mark.usefixtures("small_config", "aws_double")

BOTH = ["email", "sms"]
SECRET = secret_of(b"0123456789abcdef0123456789abcdef")
OLD_SECRET = secret_of(b"the secret before it, 32 bytes..")
FAILED = {"batchItemFailures": [{"itemIdentifier": "m0"}]}
DONE: dict[str, list[Any]] = {"batchItemFailures": []}


@pytest.fixture
def sent(monkeypatch):
    with Messengers().standing_in() as messengers:
        monkeypatch.setattr(posting, "post", messengers.post)
        yield messengers


def stored(*, notify=BOTH, entry=None, **changes):
    """Store a complaint that has come to a status just now, with its reporter's contact."""
    status = changes.pop("status", Status.RESOLVED)
    now = clock.now()
    made = a_complaint(
        **{
            "status": status,
            "version": 4,
            "notify": bool(notify),
            "anonymous": False,
            "updated_at": now,
            "closed_at": now,
            "clock_at": now,
            **changes,
        }
    )
    reporter = a_contact(notify=list(notify or ()), language="en", email="tutik@example.id")
    store = ComplaintStore(COMPLAINTS)
    assert (
        store.submit(made, reporter=(REPORTERS, reporter) if notify is not None else None) is None
    )
    if entry:
        moved = replace(made, version=made.version + 1)
        store.record_action(made, moved, replace(entry, version=moved.version))
        return moved
    return made


def told(complaint, previous="accepted"):
    """Let the event of a complaint's step make its messages, and return them."""
    assert handler(an_sqs_event(progressed(complaint, previous)), CONTEXT) == DONE
    return messages(NOTICES_QUEUE)


def tell(*due):
    """Hand messages to the function one by one, as its queue does; return what came of each."""
    return [handler(an_sqs_event(one), CONTEXT) for one in due]


def leases_of(complaint):
    """Return the leases of a complaint's notices, by what follows `NOTICE#` in their key."""
    found = [from_item(item) for item in items(REPORTERS)]
    return {
        one["sk"].removeprefix("NOTICE#"): one
        for one in found
        if one["pk"] == f"C#{complaint.complaint_id}" and one["sk"].startswith("NOTICE#")
    }


def a_partner(**changes):
    partner = Partner(**{"partner_id": "portal", "url": "https://portal.example/hook", **changes})
    aws.dynamodb().put_item(TableName=COMPLAINTS, Item=to_item(partner_values(partner)))
    aws._client("secretsmanager").create_secret(
        Name=ENVIRONMENT["PARTNER_SECRET_PREFIX"] + partner.partner_id,
        SecretString=json.dumps(
            {"secret": SECRET, "previous": OLD_SECRET, "previous_until": "2000-01-01T00:00:00Z"}
        ),
    )
    return partner


def partner_now(partner):
    key = {"pk": {"S": "PARTNERS"}, "sk": {"S": partner.partner_id}}
    return partner_from(from_item(aws.dynamodb().get_item(TableName=COMPLAINTS, Key=key)["Item"]))


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


def test_a_partner_is_told_by_a_webhook_that_it_can_verify(sent):
    a_partner()
    complaint = stored(notify=None, anonymous=True)
    (due,) = told(complaint)
    assert tell(due, due) == [DONE, DONE]
    (message,) = sent.verified(SECRET)
    assert message["type"] == "complaint.progressed.v1"
    assert message["data"]["complaint_id"] == complaint.complaint_id
    assert message["data"]["status"] == "resolved"
    ((where, headers, _),) = sent.webhooks
    assert where.host == "portal.example"
    assert headers["webhook-id"] == f"{complaint.complaint_id}-4-portal"
    assert "sent_at" in leases_of(complaint)["4#partner:portal"]


def test_while_a_secret_is_changed_partners_verify_with_either(sent):
    partner = a_partner()
    aws._client("secretsmanager").put_secret_value(
        SecretId=ENVIRONMENT["PARTNER_SECRET_PREFIX"] + partner.partner_id,
        SecretString=json.dumps(
            {"secret": SECRET, "previous": OLD_SECRET, "previous_until": "2100-01-01T00:00:00Z"}
        ),
    )
    tell(*told(stored(notify=None)))
    assert sent.verified(SECRET) == sent.verified(OLD_SECRET)


@pytest.mark.parametrize("status", [500, 404, 301, 429, NotDelivered("TimeoutError")])
def test_a_partner_that_fails_is_left_alone_for_a_while_and_tried_again(sent, monkeypatch, status):
    partner = a_partner()
    first, second = (told(stored(notify=None))[0] for _ in range(2))
    sent.status = status
    assert tell(first, second) == [FAILED, FAILED]
    assert len(sent.webhooks) == 1  # the second did not wait for a server that had just failed
    sent.status = 200
    later = clock.now() + timedelta(seconds=60)
    monkeypatch.setattr("functions.complaint_intake.on_progress.now", lambda: later)
    assert tell(first, second) == [DONE, DONE]
    assert len(sent.webhooks) == 3
    assert partner_now(partner).disabled is None


def test_a_failing_partner_repeats_no_email_and_holds_up_no_other_partner(sent):
    a_partner()
    a_partner(partner_id="second", url="https://second.example/")
    by_email, *webhooks = told(stored(notify=["email"]))
    sent.status = 500
    assert tell(by_email, webhooks[0]) == [DONE, FAILED]
    sent.status = 200
    assert tell(webhooks[1], by_email) == [DONE, DONE]
    assert len(sent.emails) == 1


def test_a_partner_that_says_gone_is_sent_nothing_more(sent):
    partner = a_partner()
    first, second = (told(stored(notify=None))[0] for _ in range(2))
    sent.status = 410
    assert tell(first, first, second) == [DONE] * 3
    assert len(sent.webhooks) == 1
    assert partner_now(partner).disabled == "answered 410"


def test_a_partner_that_was_removed_is_not_told_and_not_written_again(sent):
    partner = a_partner()
    (due,) = told(stored(notify=None))
    key = {"pk": {"S": "PARTNERS"}, "sk": {"S": partner.partner_id}}
    aws.dynamodb().delete_item(TableName=COMPLAINTS, Key=key)
    assert tell(due) == [DONE]
    assert sent.webhooks == []
    caller().partners.disable(partner.partner_id, "answered 410")  # as a call that took long would
    assert "Item" not in aws.dynamodb().get_item(TableName=COMPLAINTS, Key=key)


def test_a_complaint_that_is_not_public_any_more_is_not_told(sent):
    a_partner()
    (due,) = told(stored(notify=None))
    hidden = stored(notify=None, visibility="private")
    assert tell(due | {"complaint_id": hidden.complaint_id}) == [DONE]
    assert tell(due | {"complaint_id": "SMG-0000000000000"}) == [DONE]
    old = due | {"at": clock.to_text(clock.now() - timedelta(days=4))}
    assert tell(old) == [DONE]
    assert sent.webhooks == []


def test_a_partners_address_that_may_not_be_called_is_not(sent):
    a_partner(url="http://169.254.169.254/latest/meta-data")
    (due,) = told(stored(notify=None))
    assert tell(due) == [FAILED]
    assert sent.webhooks == []


def test_whatever_else_the_tables_refuse_is_not_swallowed(monkeypatch):
    monkeypatch.setattr(teller().leases, "_table", "no-such-table")
    with pytest.raises(ClientError):
        teller().leases.take("SMG-1", "1", "email", told={}, now=clock.now())
    monkeypatch.setattr(caller().partners, "_table", "no-such-table")
    with pytest.raises(ClientError):
        caller().partners.disable("portal", "x")
