"""A reporter's rights on the running deployment: told, erased everywhere, and nobody else may."""

import json
from typing import Any
from uuid import uuid4

import boto3
import pytest
from botocore.exceptions import ClientError
from typer.testing import CliRunner

from cli.main import app
from cli.surroundings import Surroundings
from shared.dynamo import from_item
from tests.e2e.citizen import Street, eventually
from tests.e2e.photographs import settled, uploaded
from tests.photo_files import a_photo

AGENCY = "semarang-disperkim"
GONE = "[dihapus atas permintaan pelapor]"
OVER = "[dihapus setelah masa simpannya habis]"


@pytest.fixture(scope="module")
def street(surroundings: Surroundings) -> Street:
    return Street(surroundings)


def whole(street: Street, **changes: Any) -> dict[str, Any]:
    """Submit a complaint with everything that can be held, and return its receipt."""
    return street.submit(
        "Rahasia: lampu mati",
        **{
            "service_code": "lampu-jalan",
            "address_string": "Jl. Rahasia no 12",
            "lat": -6.9912345,
            "long": 110.4212345,
            "device_id": str(uuid4()),
            "contact": {"name": "Bu Rahasia", "phone": phone(), "share_with_agency": True},
            **changes,
        },
    )


def phone() -> str:
    """Return a telephone number that no other test has."""
    return f"+62812{uuid4().int % 10**9:09}"


def own(street: Street, method: str, receipt: dict[str, Any], **headers: str) -> Any:
    headers = headers or {"X_Tracking_Token": receipt["tracking_token"]}
    return street.call(method, f"/complaints/{receipt['complaint_id']}/personal-data", **headers)


def held(street: Street, receipt: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the items of the reporters table with a complaint."""
    found = street.around.dynamodb.query(
        TableName=street.around.outputs.tables.reporters,
        KeyConditionExpression="pk = :pk",
        ExpressionAttributeValues={":pk": {"S": f"C#{receipt['complaint_id']}"}},
    )
    return [from_item(item) for item in found["Items"]]


def erased(street: Street, receipt: dict[str, Any]) -> dict[str, Any]:
    """Wait until a reporter is forgotten and return what is held then."""
    told: dict[str, Any] = eventually(
        lambda: (found := own(street, "GET", receipt).json()).get("erased_at") and found
    )
    return told


def test_a_reporter_is_told_everything_and_then_forgotten_everywhere(street: Street) -> None:
    photo = uploaded(street, a_photo())
    receipt = whole(street, photo_ids=[photo])
    settled(street, receipt)
    street.assigned(receipt, AGENCY)
    number = receipt["complaint_id"]
    contact = street.call("GET", f"/complaints/{number}/contact", token=street.machine(AGENCY))
    assert contact.status_code == 200

    told = own(street, "GET", receipt).json()
    assert told["contact"]["name"] == "Bu Rahasia"
    assert told["complaint"]["description"] == "Rahasia: lampu mati"
    assert [one["photo_id"] for one in told["photos"]] == [photo]
    assert street.around.http.get(told["photos"][0]["url"]).status_code == 200
    assert [(one["what"], one["by"]) for one in told["processing"]] == [
        ("contact read", f"client:{AGENCY}"),
        ("exported", "tracking token"),
    ]

    answer = own(street, "DELETE", receipt)
    assert answer.status_code == 202
    assert answer.json()["status"] == "withdrawn"
    shown = street.call("GET", f"/complaints/{number}").json()
    assert (shown["description"], shown["address_string"], shown["lat"]) == (GONE, None, -6.991)
    assert street.heard(AGENCY, receipt, action="withdraw")["note"] is None

    left = erased(street, receipt)
    assert (left["contact"], left["photos"]) == (None, [])
    assert {one["sk"].partition("#")[0] for one in held(street, receipt)} == {"LOG"}
    assert "Rahasia" not in json.dumps([left, held(street, receipt)], default=str)
    objects = street.around.client("s3").list_objects_v2(
        Bucket=street.around.outputs.buckets["photos"]
    )
    assert photo not in json.dumps([one["Key"] for one in objects.get("Contents", [])])
    refused = street.call(
        "GET", f"/complaints/{number}", X_Tracking_Token=receipt["tracking_token"]
    )
    assert refused.status_code == 403
    assert own(street, "DELETE", receipt).json()["erased_at"] == left["erased_at"]


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_nobody_is_told_or_forgotten_without_the_token(street: Street, method: str) -> None:
    receipt, other = whole(street), whole(street)
    for headers in ({"Accept": "*/*"}, {"X_Tracking_Token": other["tracking_token"]}):
        assert own(street, method, receipt, **headers).status_code in (403, 404)
    token = street.machine(AGENCY)
    path = f"/complaints/{receipt['complaint_id']}/personal-data"
    assert street.call(method, path, token=token).status_code in (403, 404)
    assert street.see(receipt)["description"] == "Rahasia: lampu mati"
    assert own(street, method, receipt).status_code in (200, 202)


@pytest.fixture(scope="module")
def officer(street: Street) -> Surroundings:
    """A person of the account's own with the officer's policy and no other right."""
    around = street.around
    iam, name = around.client("iam"), f"dpo-{uuid4().hex[:8]}"
    iam.create_user(UserName=name)
    policy = "arn:aws:iam::000000000000:policy/simpul-local-data-protection-officer"
    iam.attach_user_policy(UserName=name, PolicyArn=policy)
    key = iam.create_access_key(UserName=name)["AccessKey"]

    def client(service: str, **arguments: Any) -> Any:
        arguments |= {
            "aws_access_key_id": key["AccessKeyId"],
            "aws_secret_access_key": key["SecretAccessKey"],
        }
        make_client: Any = boto3.client
        return make_client(service, **arguments)

    return Surroundings(
        state_dir=around.state_dir, outputs_path=around.outputs_path, make_client=client
    )


def run(officer: Surroundings, *arguments: str) -> Any:
    done = CliRunner().invoke(app, ["reporter", *arguments, "--json"], obj=officer)
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def test_an_officer_exports_and_erases_by_telephone_with_one_right_alone(
    street: Street, officer: Surroundings
) -> None:
    number = phone()
    contact = {"name": "Bu Rahasia", "phone": number}
    receipts = [whole(street, contact=contact) for _ in range(2)]
    for receipt in receipts:
        street.assigned(receipt, AGENCY)
    exported = run(officer, "export", "--phone", number.replace("+62", "0"))
    assert {one["complaint_id"] for one in exported} == {one["complaint_id"] for one in receipts}
    assert {one["contact"]["name"] for one in exported} == {"Bu Rahasia"}
    run(officer, "erase", "--phone", number, "--yes")
    for receipt in receipts:
        log = [(one["what"], one["by"]) for one in erased(street, receipt)["processing"]]
        by_officer = [what for what, by in log if ":user/dpo-" in by]
        assert by_officer == ["exported", "erasure requested"]
        assert ("erased", "simpul") in log
    nobody = CliRunner().invoke(app, ["reporter", "export", "--phone", number], obj=officer)
    assert (nobody.exit_code, "Tidak ada laporan" in nobody.output) == (1, True)
    with pytest.raises(ClientError) as refused:
        officer.dynamodb.scan(TableName=street.around.outputs.tables.reporters)
    assert refused.value.response["Error"]["Code"].startswith("AccessDenied")


def test_what_is_kept_longer_than_its_term_is_erased_by_the_daily_look(street: Street) -> None:
    receipt = whole(street)
    street.assigned(receipt, AGENCY)
    assert street.reply(receipt, "withdraw").status_code == 200
    street.around.dynamodb.update_item(
        TableName=street.around.outputs.tables.complaints,
        Key={"pk": {"S": f"C#{receipt['complaint_id']}"}, "sk": {"S": "RECORD"}},
        UpdateExpression="SET clock_at = :past",
        ExpressionAttributeValues={":past": {"S": "2020-01-01T00:00:00.000Z"}},
    )
    daily = street.around.outputs.function("complaint-intake-every-day")
    answer = street.around.functions.invoke(FunctionName=daily)
    assert json.loads(answer["Payload"].read())["over"] >= 1
    told = erased(street, receipt)
    assert told["complaint"]["description"] == OVER
    assert told["erasure_requested_at"] is None
    assert "term over, erased" in {one["what"] for one in told["processing"]}
