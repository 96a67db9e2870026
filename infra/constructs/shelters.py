"""Follows fleets into shelters and out of them."""

from collections.abc import Mapping
from typing import Final

from aws_cdk import Duration
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_event_sources as sources
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from functions.shelter_alerts.indexes import BY_SEEN
from functions.shelter_alerts.movement import SHARDS
from infra import grants
from infra.constructs.function import EntryFunction
from infra.constructs.tables import Tables
from infra.entries import SHELTERS_EVERY_MINUTE, SHELTERS_ON_MOVEMENT, Entry
from infra.queues import work_queue
from infra.stages import Stage

MOVEMENTS: Final = "movements.fifo"
EVALUATION: Final = "evaluation"
ALERTS: Final = "shelter-alerts"
#: How long the functions of the queues without an order may work on a batch.
_TIMEOUT_S: Final = 30


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
        self.evaluation, self.evaluation_dlq = self._queue(EVALUATION, "Evaluation", _TIMEOUT_S)
        self.alerts, self.alerts_dlq = self._queue(ALERTS, "Alerts", _TIMEOUT_S)
        self._on_movement()
        self._every_minute()

    def _on_movement(self) -> None:
        function = self._function("OnMovement", SHELTERS_ON_MOVEMENT)
        function.may(
            grants.on_table(self._table, "BatchGetItem", "DeleteItem", "PutItem", "UpdateItem"),
            grants.send_to(self._stage, [self.movements_dlq.queue_arn]),
            self._key,
        )
        # One function at a time works on a shard, so no more than there are shards.
        function.add_event_source(
            sources.SqsEventSource(
                self.movements,
                batch_size=10,
                max_concurrency=SHARDS,
                report_batch_item_failures=True,
            )
        )

    def _every_minute(self) -> None:
        function = self._function("EveryMinute", SHELTERS_EVERY_MINUTE)
        function.may(
            grants.on_table(self._table, "Query"),
            grants.on_table(self._table, "Query", index=BY_SEEN),
            grants.send_to(self._stage, [self.movements.queue_arn]),
            self._key,
        )
        events.Rule(
            self,
            "Minute",
            rule_name=f"{self._stage.prefix}-shelters-every-minute",
            description="Asks of vehicles not seen any more whether they have left",
            schedule=events.Schedule.rate(Duration.minutes(1)),
            targets=[
                targets.LambdaFunction(
                    function,
                    retry_attempts=1,  # the next time comes anyway
                    max_event_age=Duration.minutes(1),
                )
            ],
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

    def _function(self, name: str, entry: Entry) -> EntryFunction:
        return EntryFunction(
            self,
            name,
            stage=self._stage,
            entry=entry,
            code=self._code,
            environment=self._reach(),
        )
