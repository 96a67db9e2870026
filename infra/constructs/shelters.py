"""Follows fleets into shelters and out of them, and tells the public where there is room."""

from collections.abc import Mapping
from typing import Final

from aws_cdk import Duration
from aws_cdk import aws_events as events
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from functions.shelter_alerts.alerts.items import CAPACITY
from functions.shelter_alerts.indexes import BY_DUE, BY_PROVIDER, BY_SEEN
from functions.shelter_alerts.items import VEHICLE
from functions.shelter_alerts.movement import SHARDS
from infra import grants, triggers
from infra.acknowledged import acknowledge, acknowledge_pattern
from infra.constructs.function import EntryFunction
from infra.constructs.rest_api import address_told
from infra.constructs.tables import Tables
from infra.entries import (
    FEEDS_API,
    FLEETS_API,
    REDIRECTS_API,
    SHELTER_ALERTS_API,
    SHELTERS_EVERY_MINUTE,
    SHELTERS_ON_ALERT,
    SHELTERS_ON_MOVEMENT,
    SHELTERS_ON_TIMER,
    SHELTERS_OUTBOX,
    Entry,
)
from infra.queues import dead_letter_queue, work_queue
from infra.stages import Stage

MOVEMENTS: Final = "movements.fifo"
EVALUATION: Final = "evaluation"
ALERTS: Final = "shelter-alerts"
#: How many functions look at shelters at a time.
_LOOKS_AT_A_TIME: Final = 10


class Shelters(Construct):
    """The functions of shelters and the queues between them."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        stage: Stage,
        code: lambda_.Code,
        tables: Tables,
    ) -> None:
        super().__init__(scope, construct_id)
        self._stage, self._code, self._table = stage, code, tables.shelters
        self._key = grants.on_key_of_table(self, tables.shelters_key)
        self.movements, self.movements_dlq = self._queue(
            MOVEMENTS, "Movements", SHELTERS_ON_MOVEMENT.timeout_s
        )
        self.evaluation, self.evaluation_dlq = self._queue(
            EVALUATION, "Evaluation", SHELTERS_ON_TIMER.timeout_s
        )
        self.alerts, self.alerts_dlq = self._queue(ALERTS, "Alerts", SHELTERS_ON_ALERT.timeout_s)
        acknowledge_pattern(self, grants.clients_arn(self, stage), grants.CLIENTS_REASON)
        self.fleets = self._fleets()
        self.feeds = self._feeds()
        self.desk = self._desk()
        self.redirects = self._redirects()
        self._on_movement()
        self.outbox_failures = self._outbox()
        self._on_timer()
        self._every_minute()

    def _fleets(self) -> EntryFunction:
        fleets = self._function("Fleets", FLEETS_API)
        fleets.may(
            # Registrations are put, vehicles and who is in a shelter only read.
            grants.on_table(self._table, "BatchGetItem", "PutItem", "Query"),
            grants.on_table(self._table, "Query", index=BY_PROVIDER),
            grants.send_to(self._stage, [self.movements.queue_arn]),
            grants.read_clients(self, self._stage),
            self._key,
        )
        return fleets

    def _feeds(self) -> EntryFunction:
        """Return what the public reads from, and can write nothing with."""
        feeds = self._function("Feeds", FEEDS_API, address_told(self._stage))
        feeds.may(grants.on_table(self._table, "Query"), self._key)
        return feeds

    def _desk(self) -> EntryFunction:
        """Return what shelter officers work with, and everyone reads alerts from."""
        desk = self._function("Desk", SHELTER_ALERTS_API, address_told(self._stage))
        desk.may(
            grants.on_table(self._table, "BatchGetItem", "GetItem", "PutItem", "Query"),
            grants.read_clients(self, self._stage),
            self._key,
        )
        return desk

    def _redirects(self) -> EntryFunction:
        redirects = self._function("Redirects", REDIRECTS_API)
        redirects.may(
            grants.on_table(self._table, "BatchGetItem", "PutItem", "Query"),
            grants.read_clients(self, self._stage),
            self._key,
        )
        return redirects

    def _on_movement(self) -> None:
        function = self._function("OnMovement", SHELTERS_ON_MOVEMENT)
        function.may(
            grants.on_table(self._table, "BatchGetItem", "DeleteItem", "PutItem", "UpdateItem"),
            grants.send_to(self._stage, [self.movements_dlq.queue_arn]),
            self._key,
        )
        # One function at a time works on a shard, so no more than there are shards.
        triggers.by_queue(function, self.movements, batch=10, at_a_time=SHARDS)

    def _outbox(self) -> sqs.Queue:
        """Make the reader of the table's stream; return where what it cannot read goes."""
        failures = dead_letter_queue(
            self,
            "OutboxFailures",
            stage=self._stage,
            name=f"{self._stage.prefix}-shelters-outbox-failures",
        )
        acknowledge(failures, "SQS3", "Is itself where failed stream records go")
        outbox = self._function(
            "Outbox", SHELTERS_OUTBOX, {"OUTBOX_FAILURES_URL": failures.queue_url}
        )
        told = (self.evaluation, self.alerts, failures)
        outbox.may(
            grants.send_to(self._stage, [queue.queue_arn for queue in told]),
            self._key,
        )
        triggers.by_stream(
            outbox, self._table, keys={"sk": [VEHICLE, {"prefix": CAPACITY}]}, failures=failures
        )
        return failures

    def _on_timer(self) -> None:
        function = self._function("OnTimer", SHELTERS_ON_TIMER)
        function.may(
            grants.on_table(self._table, "BatchGetItem", "PutItem", "Query"),
            grants.send_to(self._stage, [self.evaluation.queue_arn]),
            self._key,
        )
        triggers.by_queue(function, self.evaluation, batch=10, at_a_time=_LOOKS_AT_A_TIME)

    def _every_minute(self) -> None:
        function = self._function("EveryMinute", SHELTERS_EVERY_MINUTE)
        function.may(
            grants.on_table(self._table, "GetItem", "PutItem", "Query"),
            grants.on_table(self._table, "Query", index=BY_SEEN),
            grants.on_table(self._table, "Query", index=BY_DUE),
            grants.send_to(
                self._stage,
                [one.queue_arn for one in (self.movements, self.evaluation, self.alerts)],
            ),
            self._key,
        )
        triggers.by_clock(
            function,
            self,
            "Minute",
            name=f"{self._stage.prefix}-shelters-every-minute",
            what="Asks whether the unseen have left, and whether alerts' clocks have rung",
            schedule=events.Schedule.rate(Duration.minutes(1)),
            within=Duration.minutes(1),
        )

    def _queue(self, name: str, construct_id: str, timeout_s: int) -> tuple[sqs.Queue, sqs.Queue]:
        return work_queue(
            self,
            construct_id,
            stage=self._stage,
            name=f"{self._stage.prefix}-{name}",
            visibility=Duration.seconds(6 * timeout_s),
        )

    def _reach(self) -> Mapping[str, str]:
        """Return where the functions find what they work with."""
        return {
            "SHELTERS_TABLE": self._table.table_name,
            "MOVEMENTS_QUEUE_URL": self.movements.queue_url,
            "MOVEMENTS_DLQ_URL": self.movements_dlq.queue_url,
            "EVALUATION_QUEUE_URL": self.evaluation.queue_url,
            "ALERTS_QUEUE_URL": self.alerts.queue_url,
            "CLIENTS_PARAMETER_PREFIX": self._stage.clients_parameter_prefix,
        }

    def _function(
        self, name: str, entry: Entry, more: Mapping[str, str] | None = None
    ) -> EntryFunction:
        return EntryFunction(
            self,
            name,
            stage=self._stage,
            entry=entry,
            code=self._code,
            environment={**self._reach(), **(more or {})},
        )
