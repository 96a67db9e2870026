"""Queues lose nothing by their settings."""

from typing import Any

from infra.queues import FIFO, dead_name
from infra.stacks.observability import INNER_QUEUES
from tests.infra.conftest import Synthesis

DAY_S = 24 * 60 * 60


def queues(synthesis: Synthesis) -> dict[str, Any]:
    found = synthesis.of_type("AWS::SQS::Queue")
    assert found
    return found


def is_dead_letter(queue: Any) -> bool:
    name = str(queue["Properties"]["QueueName"])
    return name.removesuffix(FIFO).endswith(("-dlq", "-failures"))


def test_every_queue_is_encrypted_and_keeps_messages_a_week_or_two(synthesis: Synthesis) -> None:
    for queue in queues(synthesis).values():
        properties = queue["Properties"]
        assert properties["SqsManagedSseEnabled"] is True
        expected = 14 * DAY_S if is_dead_letter(queue) else 7 * DAY_S
        assert properties["MessageRetentionPeriod"] == expected


def test_every_queue_of_work_has_a_dead_letter_queue_of_the_same_kind(synthesis: Synthesis) -> None:
    found = queues(synthesis)
    for queue in found.values():
        if is_dead_letter(queue):
            continue
        policy = queue["Properties"]["RedrivePolicy"]
        dead = found[policy["deadLetterTargetArn"]["Fn::GetAtt"][0]]
        assert dead["Properties"]["QueueName"] == dead_name(queue["Properties"]["QueueName"])
        assert dead["Properties"].get("FifoQueue") == queue["Properties"].get("FifoQueue")


def test_movements_keep_their_order_shard_by_shard_each_at_full_speed(
    synthesis: Synthesis,
) -> None:
    ordered = {
        one["Properties"]["QueueName"]: one["Properties"]
        for one in queues(synthesis).values()
        if one["Properties"].get("FifoQueue")
    }
    prefix = synthesis.stage.prefix
    assert set(ordered) == {f"{prefix}-movements.fifo", f"{prefix}-movements-dlq.fifo"}
    queue = ordered[f"{prefix}-movements.fifo"]
    assert queue["DeduplicationScope"] == "messageGroup"
    assert queue["FifoThroughputLimit"] == "perMessageGroupId"
    assert "ContentBasedDeduplication" not in queue  # whoever sends says what it repeats


def test_only_our_own_failures_set_a_message_aside_soon(synthesis: Synthesis) -> None:
    """An agency that looks five times and fails must not lose its work; our router's poison must."""
    receipts = {
        str(queue["Properties"]["QueueName"]).removeprefix(f"{synthesis.stage.prefix}-"): queue[
            "Properties"
        ]["RedrivePolicy"]["maxReceiveCount"]
        for queue in queues(synthesis).values()
        if not is_dead_letter(queue)
    }
    inner = {"routing", *INNER_QUEUES}
    assert {receipts.pop(name) for name in inner} == {5}
    assert receipts
    assert all(name.startswith("agency-") for name in receipts)
    assert set(receipts.values()) == {1000}


def test_a_queue_hides_a_message_six_times_as_long_as_its_function_may_take(
    synthesis: Synthesis,
) -> None:
    resources = synthesis.templates["service"]["Resources"]
    mappings = [
        mapping
        for mapping in synthesis.properties("AWS::Lambda::EventSourceMapping")
        if "StartingPosition" not in mapping
    ]
    assert mappings
    for mapping in mappings:
        queue = resources[mapping["EventSourceArn"]["Fn::GetAtt"][0]]["Properties"]
        function = resources[mapping["FunctionName"]["Ref"]]["Properties"]
        assert queue["VisibilityTimeout"] >= 6 * function["Timeout"]
        assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]


def test_queues_refuse_plain_http_but_on_the_local_cloud(synthesis: Synthesis) -> None:
    guarded = {
        policy["Queues"][0]["Ref"]
        for policy in synthesis.properties("AWS::SQS::QueuePolicy")
        if policy["PolicyDocument"]["Statement"][0]["Condition"]
        == {"Bool": {"aws:SecureTransport": "false"}}
    }
    assert guarded == (set() if synthesis.stage.is_local else set(queues(synthesis)))


def test_a_stream_record_that_fails_cannot_hold_up_its_shard(synthesis: Synthesis) -> None:
    streams = [
        mapping
        for mapping in synthesis.properties("AWS::Lambda::EventSourceMapping")
        if "StartingPosition" in mapping
    ]
    names = set()
    for stream in streams:
        assert stream["BisectBatchOnFunctionError"] is True
        assert stream["MaximumRetryAttempts"] == 5
        assert stream["MaximumRecordAgeInSeconds"] == 60 * 60
        failures = stream["DestinationConfig"]["OnFailure"]["Destination"]["Fn::GetAtt"][0]
        names.add(queues(synthesis)[failures]["Properties"]["QueueName"])
    prefix = synthesis.stage.prefix
    assert names == {f"{prefix}-{one}-outbox-failures" for one in ("complaints", "shelters")}


def test_the_outbox_hears_only_of_records_written(synthesis: Synthesis) -> None:
    patterns = {
        mapping["FilterCriteria"]["Filters"][0]["Pattern"]
        for mapping in synthesis.properties("AWS::Lambda::EventSourceMapping")
        if "StartingPosition" in mapping
    }
    begin, end = '{"eventName": ["INSERT", "MODIFY"], "dynamodb": {"Keys": {"sk": {"S": [', "]}}}}"
    assert patterns == {
        begin + '"RECORD"' + end,
        begin + '"VEHICLE", {"prefix": "CAPACITY#"}' + end,
    }
