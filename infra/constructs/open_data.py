"""Publishes each month's public complaints: the function, and the schedule that calls it."""

from aws_cdk import Duration
from aws_cdk import aws_events as events
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra import grants, triggers
from infra.acknowledged import acknowledge_objects
from infra.constructs.buckets import Buckets
from infra.constructs.function import EntryFunction
from infra.constructs.tables import Tables
from infra.entries import INTAKE_EVERY_MONTH
from infra.stages import Stage
from shared.complaints.indexes import BY_RECEIVED


class OpenData(Construct):
    """What makes the open data, by itself once a month and whenever someone calls it."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        stage: Stage,
        code: lambda_.Code,
        tables: Tables,
        buckets: Buckets,
    ) -> None:
        super().__init__(scope, construct_id)
        every_month = EntryFunction(
            self,
            "EveryMonth",
            stage=stage,
            entry=INTAKE_EVERY_MONTH,
            code=code,
            environment={
                "COMPLAINTS_TABLE": tables.complaints.table_name,
                "OPEN_DATA_BUCKET": buckets.open_data.bucket_name,
            },
        )
        every_month.may(
            grants.on_table(tables.complaints, "Query", index=BY_RECEIVED),
            grants.on_bucket(buckets.open_data, "PutObject", "AbortMultipartUpload"),
            grants.on_key_of_table(self, tables.complaints_key),
            grants.on_key_of_bucket(self, tables.complaints_key),
        )
        acknowledge_objects(self, buckets.open_data)
        triggers.by_clock(
            every_month,
            self,
            "FirstOfTheMonth",
            name=f"{stage.prefix}-every-month",
            what="Publishes the month before as open data",
            # 04.00 in Semarang, on the first: 21.00 UTC on the last of the month before.
            schedule=events.Schedule.cron(minute="0", hour="21", day="L"),
            within=Duration.hours(6),
            again=2,
        )
