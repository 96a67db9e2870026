"""Progress of complaints as the notices' queue tells it, and who is told."""

import json
from dataclasses import replace
from typing import Any

from functions.complaint_intake.notices.partners import Partner, partner_from, partner_values
from functions.complaint_intake.on_progress import handler
from shared import aws, clock
from shared.complaints.events import progressed
from shared.complaints.law import Status
from shared.complaints.store import ComplaintStore
from shared.dynamo import from_item, to_item
from shared.messengers.signing import secret_of
from tests.aws_double import (
    COMPLAINTS,
    ENVIRONMENT,
    NOTICES_QUEUE,
    REPORTERS,
    items,
    messages,
)
from tests.builders import (
    CONTEXT,
    a_complaint,
    a_contact,
    an_sqs_event,
)

BOTH = ["email", "sms"]
SECRET = secret_of(b"0123456789abcdef0123456789abcdef")
OLD_SECRET = secret_of(b"the secret before it, 32 bytes..")
FAILED = {"batchItemFailures": [{"itemIdentifier": "m0"}]}
DONE: dict[str, list[Any]] = {"batchItemFailures": []}


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
