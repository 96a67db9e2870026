"""Deadlines on the running deployment: instants are moved into the past, and the schedule runs."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cli.surroundings import Surroundings
from shared.clock import to_text
from shared.complaints.items import due_shard
from shared.dynamo import to_item
from tests.e2e.citizen import Street

AGENCY = "semarang-disperkim"
LAMP = {"service_code": "lampu-jalan"}


@pytest.fixture(scope="module")
def street(surroundings: Surroundings) -> Street:
    return Street(surroundings)


def moved(street: Street, receipt: dict[str, Any], **values: Any) -> None:
    """Write attributes of a record, as nobody but the stack's owner may."""
    values = {name: to_text(v) if isinstance(v, datetime) else v for name, v in values.items()}
    street.around.dynamodb.update_item(
        TableName=street.around.outputs.tables.complaints,
        Key={"pk": {"S": f"C#{receipt['complaint_id']}"}, "sk": {"S": "RECORD"}},
        UpdateExpression="SET " + ", ".join(f"#{name} = :{name}" for name in values),
        ExpressionAttributeNames={f"#{name}": name for name in values},
        ExpressionAttributeValues=to_item({f":{name}": v for name, v in values.items()}),
    )


def swept(street: Street) -> dict[str, int]:
    name = street.around.outputs.function("agency-routing-every-quarter-hour")
    run = street.around.functions.invoke(FunctionName=name)
    done: dict[str, int] = json.loads(run["Payload"].read())
    return done


def listed(street: Street, path: str) -> list[str]:
    answer = street.call("GET", f"{path}?jurisdiction_id=semarang&limit=100")
    assert answer.status_code == 200, answer.text
    return [one["complaint_id"] for one in answer.json()["complaints"]]


def test_a_delay_comes_up_step_by_step_until_everyone_may_know(street: Street) -> None:
    receipt = street.submit("Lampu jalan mati", **LAMP)
    street.assigned(receipt, AGENCY)
    number = receipt["complaint_id"]
    version = street.see(receipt)["version"]
    assert street.act(receipt, "accept", version, street.machine(AGENCY)).status_code == 200
    long_ago = datetime.now(UTC) - timedelta(days=30)
    moved(
        street,
        receipt,
        due_at=long_ago,
        escalation=1,
        clock="overdue",
        clock_at=long_ago,
        due_shard=due_shard("overdue", number),
    )
    for level in ("head", "triage", "public"):
        assert swept(street)["overdue"] >= 1
        assert street.heard(AGENCY, receipt, action="escalate", code=level)["status"] == "accepted"
    assert number in listed(street, "/overdue")
    desk = street.call(
        "GET", "/triage/late?limit=100", token=street.officer("operator:semarang")
    ).json()
    assert number in [one["complaint_id"] for one in desk["complaints"]]
    swept(street)
    seen = street.call("GET", f"/complaints/{number}").json()
    assert [one["action"] for one in seen["timeline"]].count("escalate") == 3


def test_what_nobody_objects_to_is_closed(street: Street) -> None:
    receipt = street.submit("Lampu taman mati", **LAMP)
    street.assigned(receipt, AGENCY)
    token = street.machine(AGENCY)
    for action, note in (("accept", None), ("resolve", "Sudah diganti.")):
        version = street.see(receipt)["version"]
        done = street.act(receipt, action, version, token, public_note=note)
        assert done.status_code == 200, done.text
    long_ago = datetime.now(UTC) - timedelta(days=40)
    moved(street, receipt, closed_at=long_ago, clock_at=long_ago)
    assert swept(street)["close"] >= 1
    seen = street.call("GET", f"/complaints/{receipt['complaint_id']}").json()
    assert seen["status"] == "closed"
    assert seen["timeline"][-1]["action"] == "close"
