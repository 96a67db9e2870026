"""Partners are told of public complaints by signed webhooks, each for itself."""

import json
from datetime import timedelta

import pytest

from functions.complaint_intake.on_progress import caller
from shared import aws, clock
from shared.messengers.posting import NotDelivered
from tests.aws_double import (
    COMPLAINTS,
    ENVIRONMENT,
)
from tests.integration.notices.progress import (
    DONE,
    FAILED,
    OLD_SECRET,
    SECRET,
    a_partner,
    leases_of,
    partner_now,
    stored,
    tell,
    told,
)

pytestmark = pytest.mark.usefixtures("small_config", "aws_double")


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
