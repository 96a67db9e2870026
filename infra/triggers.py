"""What wakes functions: queues, the streams of tables, the clock; and what fills queues by itself."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from aws_cdk import Duration
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_event_sources as sources
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sqs as sqs
from constructs import Construct

#: AWS's most: of one who is told within a day, so that nothing is left untold.
_AGAIN_AND_AGAIN: Final = 185


def by_queue(
    function: lambda_.Function, queue: sqs.IQueue, *, batch: int, at_a_time: int | None = None
) -> None:
    """Give a function a queue's messages; what it says it failed at is given again, alone.

    `at_a_time` is how many of the function may work on the queue at once (None: as many as come).
    """
    function.add_event_source(
        sources.SqsEventSource(
            queue,
            batch_size=batch,
            max_concurrency=at_a_time,
            report_batch_item_failures=True,
        )
    )


def by_stream(
    function: lambda_.Function,
    table: dynamodb.ITableV2,
    *,
    keys: Mapping[str, Sequence[str | Mapping[str, str]]],
    failures: sqs.IQueue,
) -> None:
    """Give a function what is written to items whose `keys` are among those named, or have their prefix.

    A record that cannot be read goes to `failures`: it must not hold up its shard for the day that
    a stream lasts.
    """
    wanted = {name: {"S": values} for name, values in keys.items()}
    records: Mapping[str, Any] = {"eventName": ["INSERT", "MODIFY"], "dynamodb": {"Keys": wanted}}
    function.add_event_source(
        sources.DynamoEventSource(
            table,
            starting_position=lambda_.StartingPosition.TRIM_HORIZON,
            filters=[{"pattern": json.dumps(records)}],
            batch_size=100,
            bisect_batch_on_error=True,
            retry_attempts=5,
            max_record_age=Duration.hours(1),
            on_failure=sources.SqsDlq(failures),
        )
    )


def by_clock(
    function: lambda_.IFunction,
    scope: Construct,
    construct_id: str,
    *,
    name: str,
    what: str,
    schedule: events.Schedule,
    within: Duration,
    again: int = 1,
) -> None:
    """Call a function on a schedule, `again` so often if it fails, and not later than `within`."""
    events.Rule(
        scope,
        construct_id,
        rule_name=name,
        description=what,
        schedule=schedule,
        targets=[targets.LambdaFunction(function, retry_attempts=again, max_event_age=within)],
    )


def queue_uploads(
    scope: Construct,
    construct_id: str,
    *,
    name: str,
    what: str,
    bucket: s3.IBucket,
    prefix: str,
    queue: sqs.IQueue,
    message_type: str,
) -> None:
    """Send a queue the key of each object that comes under a prefix of a bucket."""
    events.Rule(
        scope,
        construct_id,
        rule_name=name,
        description=what,
        event_pattern=events.EventPattern(
            source=["aws.s3"],
            detail_type=["Object Created"],
            detail={
                "bucket": {"name": [bucket.bucket_name]},
                "object": {"key": [{"prefix": prefix}]},
            },
        ),
        targets=[
            targets.SqsQueue(
                queue,
                message=events.RuleTargetInput.from_object(
                    {
                        "type": message_type,
                        "key": events.EventField.from_path("$.detail.object.key"),
                    }
                ),
                retry_attempts=_AGAIN_AND_AGAIN,
                max_event_age=Duration.hours(24),
            )
        ],
    )
