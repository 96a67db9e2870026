"""What an agency does not acknowledge comes again, and is the desk's to see in the end."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cli.surroundings import Surroundings
from shared.clock import to_text
from shared.complaints.items import RECORD, partition
from tests.e2e.citizen import Street, eventually

AGENCY = "semarang-disperkim"
DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def street(surroundings: Surroundings) -> Street:
    return Street(surroundings)


def a_day_passes(street: Street, receipt: dict[str, Any]) -> None:
    """Let a complaint have been given, and its clock have been set, a day earlier; then sweep."""
    around = street.around
    key = {"pk": {"S": partition(receipt["complaint_id"])}, "sk": {"S": RECORD}}
    table = around.outputs.tables.complaints
    (known,) = around.dynamodb.get_item(TableName=table, Key=key, ConsistentRead=True)["Item"][
        "assignments"
    ]["L"]
    moved = {
        name: {"S": to_text(datetime.fromisoformat(known["M"][name]["S"]) - DAY)}
        for name in ("at", "queued_at", "resent_at")
        if name in known["M"]
    }
    sets = [f"assignments[0].#{name} = :{name}" for name in moved]
    around.dynamodb.update_item(
        TableName=table,
        Key=key,
        UpdateExpression=f"SET {', '.join([*sets, 'clock_at = :past'])}",
        ConditionExpression="clock = :delivery",
        ExpressionAttributeNames={f"#{name}": name for name in moved},
        ExpressionAttributeValues={
            **{f":{name}": value for name, value in moved.items()},
            ":past": {"S": to_text(datetime.now(UTC) - timedelta(minutes=1))},
            ":delivery": {"S": "delivery"},
        },
    )
    sweep = around.outputs.function("agency-routing-every-quarter-hour")
    answer = around.functions.invoke(FunctionName=sweep)
    assert not answer.get("FunctionError"), answer["Payload"].read()
    assert json.loads(answer["Payload"].read())["delivery"] >= 1


def assignment_of(street: Street, receipt: dict[str, Any]) -> dict[str, Any]:
    path = f"/agencies/{AGENCY}/complaints/{receipt['complaint_id']}"
    view: dict[str, Any] = street.call("GET", path, token=street.machine(AGENCY)).json()
    assert view["status"] == "assigned"
    assignment: dict[str, Any] = view["assignment"]
    return assignment


def stuck(street: Street) -> list[str]:
    answer = street.call("GET", "/triage/stuck", token=street.officer("operator:semarang"))
    assert answer.status_code == 200, answer.text
    return [one["complaint_id"] for one in answer.json()["complaints"]]


def test_what_is_not_acknowledged_comes_again_until_the_desk_has_it(street: Street) -> None:
    receipt = street.submit("Lampu jalan mati", service_code="lampu-jalan")
    street.assigned(receipt, AGENCY)
    first = street.heard(AGENCY, receipt, type="complaint_assigned.v1")  # and deleted, no more
    assert first["repeat"] == 0
    for repeat in (1, 2, 3):
        eventually(
            lambda: (
                (known := assignment_of(street, receipt))["queued_at"]
                and (known["queued_at"] > (known["resent_at"] or ""))
            )
        )
        assert receipt["complaint_id"] not in stuck(street)
        a_day_passes(street, receipt)
        again = street.heard(AGENCY, receipt, repeat=repeat)
        assert again["message_id"] == first["message_id"]
        assert again["assignment_no"] == 1
    assert assignment_of(street, receipt)["stuck_at"]
    assert receipt["complaint_id"] in stuck(street)
    public = street.see(receipt)
    assert "resend" not in [step["action"] for step in public["timeline"]]

    version = again["version"]
    token = street.machine(AGENCY)
    accepted = street.act(receipt, "accept", version, token)
    assert accepted.status_code == 200, accepted.text
    assert eventually(lambda: receipt["complaint_id"] not in stuck(street))
