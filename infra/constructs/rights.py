"""A reporter's rights: forgets them when asked or due, and answers a data protection officer."""

from aws_cdk import Duration
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra import grants, triggers
from infra.acknowledged import acknowledge_objects
from infra.constructs.buckets import Buckets
from infra.constructs.function import EntryFunction
from infra.constructs.tables import Tables
from infra.entries import INTAKE_EVERY_DAY, INTAKE_ON_ERASURE, INTAKE_ON_RIGHTS_REQUEST
from infra.stages import Stage
from shared.complaints.indexes import BY_DUE, BY_EMAIL, BY_PHONE
from shared.complaints.photos import PICTURES, THUMBNAILS, UPLOADS

#: So many at a time at most: the terms of a whole day end together, and nobody waits for them.
_AT_ONCE = 5


class Rights(Construct):
    """The eraser behind its queue, what feeds it daily, and the officer's function with its policy."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        stage: Stage,
        code: lambda_.Code,
        tables: Tables,
        buckets: Buckets,
        queue: sqs.IQueue,
    ) -> None:
        super().__init__(scope, construct_id)
        bucket = buckets.photos
        acknowledge_objects(self, bucket, UPLOADS, PICTURES, THUMBNAILS)
        held = {
            "COMPLAINTS_TABLE": tables.complaints.table_name,
            "REPORTERS_TABLE": tables.reporters.table_name,
            "PHOTOS_BUCKET": bucket.bucket_name,
        }
        keys = [
            grants.on_key_of_table(self, tables.complaints_key),
            grants.on_key_of_table(self, tables.reporters_key),
        ]
        self.on_erasure = EntryFunction(
            self, "OnErasure", stage=stage, entry=INTAKE_ON_ERASURE, code=code, environment=held
        )
        self.on_erasure.may(
            # It deletes what the desk's decision taught: see `examples`.
            grants.on_table(
                tables.complaints, "DeleteItem", "GetItem", "PutItem", "Query", "UpdateItem"
            ),
            grants.on_table(tables.reporters, "DeleteItem", "PutItem", "Query"),
            grants.on_bucket(bucket, "DeleteObject", under=[UPLOADS, PICTURES, THUMBNAILS]),
            *keys,
        )
        triggers.by_queue(self.on_erasure, queue, batch=5, at_a_time=_AT_ONCE)
        self.on_rights_request = EntryFunction(
            self,
            "OnRightsRequest",
            stage=stage,
            entry=INTAKE_ON_RIGHTS_REQUEST,
            code=code,
            environment=held,
        )
        self.on_rights_request.may(
            grants.on_table(
                tables.complaints, "BatchGetItem", "GetItem", "PutItem", "Query", "UpdateItem"
            ),
            # It ends what an address follows.
            grants.on_table(tables.reporters, "GetItem", "PutItem", "Query", "UpdateItem"),
            grants.on_table(tables.reporters, "Query", index=BY_PHONE),
            grants.on_table(tables.reporters, "Query", index=BY_EMAIL),
            # The links that it signs work with its own rights.
            grants.on_bucket(bucket, "GetObject", under=[PICTURES, THUMBNAILS]),
            grants.on_key_of_bucket(self, tables.complaints_key),
            *keys,
        )
        iam.ManagedPolicy(
            self,
            "Officer",
            managed_policy_name=f"{stage.prefix}-data-protection-officer",
            description="All that a data protection officer needs: `simpul reporter`",
            statements=[
                iam.PolicyStatement(
                    actions=["lambda:InvokeFunction"],
                    resources=[self.on_rights_request.function_arn],
                )
            ],
        )
        self._daily(stage, code, tables, queue)

    def _daily(self, stage: Stage, code: lambda_.Code, tables: Tables, queue: sqs.IQueue) -> None:
        self.every_day = EntryFunction(
            self,
            "EveryDay",
            stage=stage,
            entry=INTAKE_EVERY_DAY,
            code=code,
            environment={
                "COMPLAINTS_TABLE": tables.complaints.table_name,
                "ERASURES_QUEUE_URL": queue.queue_url,
            },
        )
        self.every_day.may(
            grants.on_table(tables.complaints, "Query", index=BY_DUE),
            grants.on_key_of_table(self, tables.complaints_key),
            grants.send_to(stage, [queue.queue_arn]),
        )
        triggers.by_clock(
            self.every_day,
            self,
            "Day",
            name=f"{stage.prefix}-every-day",
            what="Has forgotten whose term is over, and who asked and still is not",
            # At night in Semarang (UTC+7), when few others use the tables.
            schedule=events.Schedule.cron(hour="18", minute="30"),
            within=Duration.hours(1),
            again=2,
        )
