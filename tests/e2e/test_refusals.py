"""What is refused, each beside a positive control: the same request by who may."""

import base64
import json
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from cli.surroundings import Surroundings
from tests.e2e.citizen import Street

MINE, OTHERS = "semarang-disperkim", "semarang-dishub"


@pytest.fixture(scope="module")
def street(surroundings: Surroundings) -> Street:
    return Street(surroundings)


@pytest.fixture(scope="module")
def receipt(street: Street) -> dict[str, Any]:
    given = street.submit(
        service_code="lampu-jalan", contact={"phone": "+6281200000018", "share_with_agency": True}
    )
    street.assigned(given, MINE)
    return given


def denied(call: Any, *arguments: Any, **named: Any) -> bool:
    """Tell whether AWS refused a call for want of a permission; any other failure is one."""
    try:
        call(*arguments, **named)
    except ClientError as error:
        if error.response["Error"]["Code"] not in ("AccessDenied", "AccessDeniedException"):
            raise
        return True
    return False


def test_an_agencys_role_reads_its_own_queue_and_no_other(street: Street) -> None:
    sqs, known = street.agency_queue(MINE), street.around.outputs
    mine, others = known.agency(MINE).queue_url, known.agency(OTHERS).queue_url
    assert not denied(sqs.receive_message, QueueUrl=mine)
    assert not denied(sqs.get_queue_attributes, QueueUrl=mine, AttributeNames=["All"])
    assert denied(sqs.receive_message, QueueUrl=others)
    assert denied(sqs.get_queue_attributes, QueueUrl=others, AttributeNames=["All"])
    assert denied(sqs.receive_message, QueueUrl=known.queues.routing)


def test_an_agencys_role_may_not_send_or_purge_its_own_queue(street: Street) -> None:
    sqs, mine = street.agency_queue(MINE), street.around.outputs.agency(MINE).queue_url
    assert denied(sqs.send_message, QueueUrl=mine, MessageBody="x")
    assert denied(sqs.purge_queue, QueueUrl=mine)
    assert not denied(street.around.sqs.get_queue_attributes, QueueUrl=mine)


def test_an_agencys_role_needs_its_external_id(street: Street) -> None:
    known = street.around.outputs.agency(MINE)
    role = known.role_arn
    assert denied(
        street.around.sts.assume_role, RoleArn=role, RoleSessionName="test", ExternalId="wrong"
    )
    assert not denied(
        street.around.sts.assume_role,
        RoleArn=role,
        RoleSessionName="test",
        ExternalId=known.external_id,
    )


@pytest.fixture
def trusting(street: Street) -> Iterator[Any]:
    """Make functions' roles assumable by the account's user for as long as a test runs."""
    iam, changed = street.around.client("iam"), []

    def trust(function: str) -> str:
        role = street.function_role(function)
        name = role.rsplit("/", 1)[1]
        before = iam.get_role(RoleName=name)["Role"]["AssumeRolePolicyDocument"]
        changed.append((name, before))
        principal = {"AWS": "arn:aws:iam::000000000000:root"}
        statement = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}
        document = {"Version": "2012-10-17", "Statement": [statement]}
        iam.update_assume_role_policy(RoleName=name, PolicyDocument=json.dumps(document))
        return role

    yield trust
    for name, before in changed:
        iam.update_assume_role_policy(RoleName=name, PolicyDocument=json.dumps(before))


def test_reporters_are_read_by_intake_alone(
    street: Street, receipt: dict[str, Any], trusting: Any
) -> None:
    key = {"pk": {"S": f"C#{receipt['complaint_id']}"}, "sk": {"S": "CONTACT"}}
    reporters, complaints = (
        street.around.outputs.tables.reporters,
        street.around.outputs.tables.complaints,
    )
    intake = street.as_role("dynamodb", trusting("complaint-intake-api"))
    assert "Item" in intake.get_item(TableName=reporters, Key=key)
    for function in ("agency-routing-api", "agency-routing-on-complaint"):
        routing = street.as_role("dynamodb", trusting(function))
        assert denied(routing.get_item, TableName=reporters, Key=key)
        assert denied(routing.scan, TableName=complaints)
        record = {"pk": key["pk"], "sk": {"S": "RECORD"}}
        assert not denied(routing.get_item, TableName=complaints, Key=record)
    outbox = street.as_role("dynamodb", trusting("complaint-intake-outbox"))
    assert denied(outbox.get_item, TableName=reporters, Key=key)


def test_an_upload_is_read_by_the_function_that_draws_it_anew_alone(
    street: Street, trusting: Any
) -> None:
    bucket = street.around.outputs.buckets["photos"]
    key, safe = "uploads/" + 26 * "0", "photos/" + 26 * "0" + ".jpg"
    street.around.client("s3").put_object(Bucket=bucket, Key=safe, Body=b"x")
    on_photo = street.as_role("s3", trusting("complaint-intake-on-photo"))
    for function in ("complaint-intake-api", "agency-routing-api"):
        other = street.as_role("s3", trusting(function))
        assert denied(other.get_object, Bucket=bucket, Key=key)
        assert not denied(other.get_object, Bucket=bucket, Key=safe)
        assert denied(other.put_object, Bucket=bucket, Key=safe, Body=b"x")
        assert denied(other.delete_object, Bucket=bucket, Key=safe)
    with pytest.raises(on_photo.exceptions.NoSuchKey):  # it may, and is told that there is none
        on_photo.get_object(Bucket=bucket, Key=key)
    assert denied(on_photo.get_object, Bucket=bucket, Key=safe)
    assert not denied(on_photo.delete_object, Bucket=bucket, Key=key)
    street.around.client("s3").delete_object(Bucket=bucket, Key=safe)


def test_only_the_complaints_own_agency_acts_on_it_and_reads_its_contact(
    street: Street, receipt: dict[str, Any]
) -> None:
    version = street.see(receipt)["version"]
    path = f"/complaints/{receipt['complaint_id']}/contact"
    others, mine = street.machine(OTHERS), street.machine(MINE)
    assert street.act(receipt, "note", version, others, internal_note="x").status_code == 403
    assert street.call("GET", path, token=others).status_code == 403
    assert street.call("GET", path, token=mine).status_code == 200
    assert street.act(receipt, "note", version, mine, internal_note="x").status_code == 200


def test_an_agencys_client_works_its_own_queue_and_list_only(street: Street) -> None:
    token = street.machine(MINE)
    for method, path, body in (
        ("POST", "/agencies/{}/messages/receive", {"max": 1}),
        ("GET", "/agencies/{}/complaints", None),
    ):
        assert street.call(method, path.format(OTHERS), body, token=token).status_code == 403
        assert street.call(method, path.format(MINE), body, token=token).status_code == 200


def test_the_triage_desk_is_for_its_operators(street: Street) -> None:
    path = "/triage?jurisdiction_id=semarang"
    assert street.call("GET", path).status_code == 401
    assert street.call("GET", path, token=street.machine(MINE)).status_code == 401  # scope
    assert street.call("GET", path, token=street.officer(f"agency:{MINE}")).status_code == 403
    assert street.call("GET", path, token=street.officer("operator:jateng")).status_code == 403
    assert street.call("GET", path, token=street.officer("treasurer")).status_code == 403
    assert street.call("GET", path, token=street.officer("operator:semarang")).status_code == 200
    assert street.call("GET", path, token=street.officer("operator")).status_code == 200


def test_a_tampered_token_is_refused(street: Street) -> None:
    token = street.officer("operator:semarang")
    head, claims, signature = token.split(".")
    padded = base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4))
    forged = json.loads(padded) | {"cognito:groups": ["operator"]}
    body = base64.urlsafe_b64encode(json.dumps(forged).encode()).rstrip(b"=").decode()
    path = "/triage?jurisdiction_id=semarang"
    assert street.call("GET", path, token=f"{head}.{body}.{signature}").status_code == 401
    assert street.call("GET", path, token="nonsense").status_code == 401
    assert street.call("GET", path, token=token).status_code == 200


def test_a_tracking_token_opens_its_own_complaint_only(
    street: Street, receipt: dict[str, Any]
) -> None:
    other = street.submit("rahasia", visibility="private")
    path = f"/complaints/{receipt['complaint_id']}"
    wrong = street.call("GET", path, X_Tracking_Token=other["tracking_token"])
    assert (wrong.status_code, wrong.json()["code"]) == (403, "forbidden")
    right = street.call("GET", path, X_Tracking_Token=receipt["tracking_token"])
    assert right.status_code == 200
    private = f"/complaints/{other['complaint_id']}"
    assert street.call("GET", private).status_code == 404
    own = street.call("GET", private, X_Tracking_Token=other["tracking_token"])
    assert own.status_code == 200


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({"jurisdiction_id": "semarang", "description": "x", "descripton": "x"}, 400, "descripton"),
        ({"jurisdiction_id": "semarng", "description": "x"}, 400, "jurisdiction_id"),
        ({"jurisdiction_id": "semarang", "description": "x", "lat": 91, "long": 0}, 400, "lat"),
        (["not an object"], 400, ""),
        ({"jurisdiction_id": "semarang", "description": "x" * 70_000}, 413, None),
    ],
)
def test_bad_input_is_answered_with_the_field_and_what_to_do(
    street: Street, body: Any, status: int, field: str | None
) -> None:
    answer = street.call("POST", "/complaints", body)
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert problem["request_id"]
    if field is not None:
        fault = next(one for one in problem["errors"] if one["field"] == field)
        assert fault["code"]
        assert fault["message"]


def test_an_unknown_route_is_a_404_problem_with_cors(street: Street) -> None:
    answer = street.call("GET", "/nothing/here", Origin="https://example.id")
    assert answer.status_code == 404
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.json()["code"] == "not_found"
    known = street.call("GET", "/categories?jurisdiction_id=jateng", Origin="https://example.id")
    assert known.headers["Access-Control-Allow-Origin"] == "*"
