"""Queues as the house makes them: encrypted, kept long enough, with a dead-letter queue.

They may go with their stack, as a table always knows what was in them.
"""

from typing import TypedDict

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.stages import Stage

RETENTION = Duration.days(7)
#: Longer than the source's, since a message keeps the age it had when it was moved.
DEAD_RETENTION = Duration.days(14)

#: Receipts after which a message is set aside when functions of ours take it: soon, since what
#: failed five times fails because of us, and an alarm should say so.
OUR_RECEIPTS = 5
#: … and when an agency takes it: as late as AWS allows. Its own failures (a program that fetches
#: and crashes, a look without an answer) must not lose work until it is sent again a day later; and
#: a message that it cannot read holds up no other, since these queues keep no order.
AGENCY_RECEIPTS = 1000


#: How the name of a queue ends that keeps an order.
FIFO = ".fifo"


def dead_name(name: str) -> str:
    """Return the name of a queue's dead-letter queue, which keeps an order if the queue does."""
    kind = FIFO if name.endswith(FIFO) else ""
    return f"{name.removesuffix(FIFO)}-dlq{kind}"


class _Order(TypedDict, total=False):
    fifo: bool
    deduplication_scope: sqs.DeduplicationScope
    fifo_throughput_limit: sqs.FifoThroughputLimit


def _by_group(name: str) -> _Order:
    """Return what lets each group of an ordered queue have AWS's full throughput."""
    if not name.endswith(FIFO):
        return {}
    return {
        "fifo": True,
        "deduplication_scope": sqs.DeduplicationScope.MESSAGE_GROUP,
        "fifo_throughput_limit": sqs.FifoThroughputLimit.PER_MESSAGE_GROUP_ID,
    }


def dead_letter_queue(scope: Construct, construct_id: str, *, stage: Stage, name: str) -> sqs.Queue:
    """Return a queue for what could not be handled, to be looked at and driven back by hand."""
    return sqs.Queue(
        scope,
        construct_id,
        queue_name=name,
        fifo=name.endswith(FIFO) or None,
        encryption=sqs.QueueEncryption.SQS_MANAGED,
        enforce_ssl=not stage.is_local,  # the local cloud speaks plain HTTP
        retention_period=DEAD_RETENTION,
        removal_policy=RemovalPolicy.DESTROY,
    )


def work_queue(
    scope: Construct,
    construct_id: str,
    *,
    stage: Stage,
    name: str,
    visibility: Duration,
    receipts: int = OUR_RECEIPTS,
) -> tuple[sqs.Queue, sqs.Queue]:
    """Return a queue and its dead-letter queue, where a message goes after `receipts`."""
    dead = dead_letter_queue(scope, f"{construct_id}Dlq", stage=stage, name=dead_name(name))
    queue = sqs.Queue(
        scope,
        construct_id,
        queue_name=name,
        encryption=sqs.QueueEncryption.SQS_MANAGED,
        enforce_ssl=not stage.is_local,
        **_by_group(name),
        retention_period=RETENTION,
        visibility_timeout=visibility,
        receive_message_wait_time=Duration.seconds(20),
        dead_letter_queue=sqs.DeadLetterQueue(queue=dead, max_receive_count=receipts),
        removal_policy=RemovalPolicy.DESTROY,
    )
    return queue, dead
