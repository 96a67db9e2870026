"""Builds what tests speak of: complaints, submissions, callers, and the events of Lambda's triggers."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID, uuid4

from infra.routes import ROUTES
from shared import ids
from shared.access import AGENCY_SCOPE, OFFICER_SCOPE, Caller
from shared.clock import to_text
from shared.complaints.events import to_deliver
from shared.complaints.items import complaint_values, entry_values, undelivered_mark
from shared.complaints.law import Action, Actor, Status
from shared.complaints.record import Assignment, Complaint, TimelineEntry
from shared.dynamo import to_item
from shared.text import Text

#: A Friday noon in Semarang.
NOW = datetime(2026, 11, 20, 5, 0, tzinfo=UTC)
ID_SECRET = b"the secret that numbers are made from, sixty-four characters long"
TOKEN_SECRET = b"the secret that tokens are made from, also sixty-four characters"

_serial = count(1)


def a_key() -> str:
    """Return a fresh idempotency key."""
    return str(uuid4())


def a_number(prefix: str = "SMG") -> str:
    """Return a complaint number that no other call returns."""
    return next(ids.complaint_numbers(prefix, ids.keyed_hash(b"builders", str(next(_serial)))))


def a_submission(**changes: Any) -> dict[str, Any]:
    """Return the body of a submission."""
    return {
        "jurisdiction_id": "semarang",
        "service_code": "jalan-rusak",
        "description": "Jalan berlubang di depan pasar",
        **changes,
    }


def a_contact(**changes: Any) -> dict[str, Any]:
    """Return the contact of a submission."""
    return {"name": "Bu Tutik", "phone": "+628120000063", "email": "tutik@example.id", **changes}


def an_assignment(no: int = 1, agency: str = "semarang-dpu", **changes: Any) -> Assignment:
    """Return an assignment as the first rule of the small jurisdiction makes it."""
    because = Text("Jalan kota milik DPU.", "City roads are DPU's.")
    return Assignment(
        **{"no": no, "agency": agency, "rule": "jalan", "because": because, "at": NOW, **changes}
    )


def a_complaint(*, agency: str = "semarang-dpu", **changes: Any) -> Complaint:
    """Return a complaint just received; given a later status, one that `agency` has been sent."""
    values: dict[str, Any] = {
        "complaint_id": changes.get("complaint_id") or a_number(),
        "jurisdiction_id": "semarang",
        "key_hash": ids.keyed_hash(ID_SECRET, "key"),
        "fingerprint": ids.keyed_hash(ID_SECRET, "body"),
        "kind": "complaint",
        "service_code": "jalan-rusak",
        "description": "Jalan berlubang di depan pasar",
        "visibility": "public",
        "anonymous": True,
        "channel": "mobile",
        "created_at": NOW,
        "updated_at": NOW,
        "dispatch_due_at": NOW + timedelta(days=3),
        "due_at": NOW + timedelta(days=5),
        "undelivered_since": undelivered_mark(NOW, 1),
    }
    if changes.get("status", Status.RECEIVED) is not Status.RECEIVED:
        values |= {"assignments": (an_assignment(agency=agency),), "version": 2}
        values["undelivered_since"] = None
    return Complaint(**(values | changes))


def assign(
    store: Any, complaint: Complaint, assignment: Assignment | None = None, **changes: Any
) -> Any:
    """Record a decision on a received complaint in a store, as routing would."""
    decision: dict[str, Any] = {
        "due_at": to_text(complaint.due_at),
        "service_code": complaint.service_code,
        "settled": {"visibility": complaint.visibility},
        "public": complaint.is_public,
    }
    return store.assign(
        to_deliver(complaint), assignment or an_assignment(), **(decision | changes)
    )


def an_entry(**changes: Any) -> TimelineEntry:
    """Return a timeline entry: the agency accepted the complaint."""
    values: dict[str, Any] = {
        "action_id": str(uuid4()),
        "fingerprint": "f" * 64,
        "version": 3,
        "at": NOW,
        "action": Action.ACCEPT,
        "status": Status.ACCEPTED,
        "agency": "semarang-dpu",
        "actor": "client:semarang-dpu",
        "role": Actor.AGENCY,
    }
    return TimelineEntry(**(values | changes))


def an_action(action: Action | str, expected_version: int = 2, **changes: Any) -> dict[str, Any]:
    """Return the body of an action, with a fresh id."""
    return {
        "action": str(action),
        "action_id": str(uuid4()),
        "expected_version": expected_version,
        **changes,
    }


def an_agency_caller(agency: str = "semarang-dpu") -> Caller:
    """Return an agency's machine client."""
    return Caller(id=f"client:{agency}", agencies=frozenset({agency}), desks=frozenset())


def an_operator(*desks: str) -> Caller:
    """Return an operator on the triage desks named, or on Semarang's."""
    return Caller(
        id="officer:operator", agencies=frozenset(), desks=frozenset(desks or ("semarang",))
    )


def client_claims(client_id: str, scopes: str = AGENCY_SCOPE) -> dict[str, Any]:
    """Return the claims of a machine client's token."""
    return {"client_id": client_id, "scope": scopes, "sub": client_id}


def officer_claims(*groups: str) -> dict[str, Any]:
    """Return the claims of an officer's token, the groups as API Gateway renders them."""
    return {
        "client_id": "officers",
        "scope": f"openid {OFFICER_SCOPE}",
        "sub": "5f0c",
        "cognito:groups": ",".join(groups),
    }


def an_api_event(
    method: str,
    path: str,
    *,
    body: Any = None,
    headers: Mapping[str, str] | None = None,
    query: Mapping[str, str] | None = None,
    claims: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return an API Gateway REST proxy event; a body that is no text is sent as JSON."""
    resource, parameters = _resource(method, path)
    text = body if body is None or isinstance(body, str) else json.dumps(body)
    return {
        "resource": resource,
        "path": path,
        "httpMethod": method,
        "headers": dict(headers or {}) or None,
        "multiValueHeaders": {name: [value] for name, value in (headers or {}).items()} or None,
        "queryStringParameters": dict(query or {}) or None,
        "multiValueQueryStringParameters": {k: [v] for k, v in (query or {}).items()} or None,
        "pathParameters": parameters or None,
        "stageVariables": None,
        "body": text,
        "isBase64Encoded": False,
        "requestContext": {
            "resourcePath": resource,
            "httpMethod": method,
            "path": f"/v1{path}",
            "domainName": "api.example.id",
            "stage": "v1",
            "requestId": "a-request-id",
            "identity": {"sourceIp": "203.0.113.7"},
            **({"authorizer": {"claims": dict(claims)}} if claims is not None else {}),
        },
    }


def _resource(method: str, path: str) -> tuple[str, dict[str, str]]:
    for route in ROUTES:
        pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", route.resource)
        pattern = pattern.replace("{proxy+}", "(?P<proxy>.+)")
        if route.method == method and (found := re.fullmatch(pattern, path)):
            return route.resource, found.groupdict()
    return path, {}


def a_stream_record(
    new: Complaint | Mapping[str, Any], old: Complaint | None = None
) -> dict[str, Any]:
    """Return a record of the complaints table's stream: `new` written over `old`."""
    image = to_item(complaint_values(new)) if isinstance(new, Complaint) else dict(new)
    images: dict[str, Any] = {
        "Keys": {name: image[name] for name in ("pk", "sk") if name in image},
        "NewImage": image,
        "SequenceNumber": str(next(_serial)),
        "StreamViewType": "NEW_AND_OLD_IMAGES",
    }
    if old is not None:
        images["OldImage"] = to_item(complaint_values(old))
    return {
        "eventID": uuid4().hex,
        "eventName": "INSERT" if old is None else "MODIFY",
        "eventSource": "aws:dynamodb",
        "dynamodb": images,
    }


def an_entry_image(complaint: Complaint, entry: TimelineEntry) -> dict[str, Any]:
    """Return the image of a timeline entry in the stream."""
    return to_item(entry_values(complaint, entry))


def a_stream_event(*records: Mapping[str, Any]) -> dict[str, Any]:
    """Return the event by which a stream calls its function."""
    return {"Records": list(records)}


def an_sqs_event(*messages: Any) -> dict[str, Any]:
    """Return the event by which a queue calls its function; message n has the id `m<n>`."""
    return {
        "Records": [
            {
                "messageId": f"m{number}",
                "receiptHandle": f"r{number}",
                "body": message if isinstance(message, str) else json.dumps(message),
                "attributes": {"ApproximateReceiveCount": "1"},
                "messageAttributes": {},
                "eventSource": "aws:sqs",
            }
            for number, message in enumerate(messages)
        ]
    }


@dataclass(frozen=True)
class LambdaContext:
    """What Lambda tells a function about its invocation."""

    function_name: str = "simpul-test-function"
    memory_limit_in_mb: int = 512
    invoked_function_arn: str = "arn:aws:lambda:ap-southeast-3:000000000000:function:simpul-test"
    aws_request_id: str = "an-invocation-id"


CONTEXT = LambdaContext()
#: Two ids for actions, where a test has to name them.
FIRST_ACTION = UUID(int=1, version=4)
SECOND_ACTION = UUID(int=2, version=4)
