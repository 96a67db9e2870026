"""Takes complaints from citizens, and tells the other contexts of every change to one."""

from collections.abc import Mapping

from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra import grants, triggers
from infra.acknowledged import acknowledge, acknowledge_objects, acknowledge_pattern
from infra.constructs.buckets import Buckets
from infra.constructs.function import EntryFunction
from infra.constructs.rest_api import address_told
from infra.constructs.tables import Tables
from infra.entries import INTAKE_API, INTAKE_OUTBOX
from infra.queues import dead_letter_queue
from infra.stages import Stage
from shared.complaints.indexes import BY_CELL, BY_LATE
from shared.complaints.items import RECORD
from shared.complaints.photos import PICTURES, THUMBNAILS, UPLOADS

#: The secrets this context reads: they make complaint ids and tracking tokens.
COMPLAINT_ID_SECRET = "complaint-id"  # noqa: S105 (a name)
TRACKING_TOKEN_SECRET = "tracking-token"  # noqa: S105 (a name)


class ComplaintIntake(Construct):
    """The citizens' API and the reader of the complaints table's stream."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        stage: Stage,
        code: lambda_.Code,
        tables: Tables,
        buckets: Buckets,
        queues: Mapping[str, sqs.IQueue],
    ) -> None:
        super().__init__(scope, construct_id)
        self.api = EntryFunction(
            self,
            "Api",
            stage=stage,
            entry=INTAKE_API,
            code=code,
            environment={
                "COMPLAINTS_TABLE": tables.complaints.table_name,
                "REPORTERS_TABLE": tables.reporters.table_name,
                "COMPLAINT_ID_SECRET": stage.secret_name(COMPLAINT_ID_SECRET),
                "TRACKING_TOKEN_SECRET": stage.secret_name(TRACKING_TOKEN_SECRET),
                "CLIENTS_PARAMETER_PREFIX": stage.clients_parameter_prefix,
                "PHOTOS_BUCKET": buckets.photos.bucket_name,
                **address_told(stage),
                "OPEN_DATA_BUCKET": buckets.open_data.bucket_name,
                "NOTICES_QUEUE_URL": queues["notices"].queue_url,
            },
        )
        self.api.may(
            grants.on_table(
                tables.complaints, "BatchGetItem", "GetItem", "PutItem", "Query", "UpdateItem"
            ),
            grants.on_table(tables.complaints, "Query", index=BY_CELL),
            grants.on_table(tables.complaints, "Query", index=BY_LATE),
            grants.on_table(tables.reporters, "GetItem", "PutItem", "Query", "UpdateItem"),
            # What it signs, others may do: put a photo, and see one.
            grants.on_bucket(buckets.photos, "PutObject", under=[UPLOADS]),
            grants.on_bucket(buckets.photos, "GetObject", under=[PICTURES, THUMBNAILS]),
            grants.on_bucket(buckets.open_data, "GetObject"),
            grants.tell_what_is_missing(buckets.open_data),
            grants.on_key_of_bucket(self, tables.complaints_key),
            grants.on_key_of_table(self, tables.complaints_key),
            grants.on_key_of_table(self, tables.reporters_key),
            grants.read_secrets(self, stage, COMPLAINT_ID_SECRET, TRACKING_TOKEN_SECRET),
            grants.read_clients(self, stage),
            grants.send_to(stage, [queues["notices"].queue_arn]),
        )

        acknowledge_pattern(self, grants.clients_arn(self, stage), grants.CLIENTS_REASON)
        acknowledge_objects(self, buckets.photos, UPLOADS, PICTURES, THUMBNAILS)
        acknowledge_objects(self, buckets.open_data)

        self.outbox_failures = dead_letter_queue(
            self, "OutboxFailures", stage=stage, name=f"{stage.prefix}-complaints-outbox-failures"
        )
        acknowledge(self.outbox_failures, "SQS3", "Is itself where failed stream records go")
        self.outbox = EntryFunction(
            self,
            "Outbox",
            stage=stage,
            entry=INTAKE_OUTBOX,
            code=code,
            environment={
                "COMPLAINTS_TABLE": tables.complaints.table_name,
                "OUTBOX_FAILURES_URL": self.outbox_failures.queue_url,
                **{f"{name.upper()}_QUEUE_URL": one.queue_url for name, one in queues.items()},
            },
        )
        told = [*queues.values(), self.outbox_failures]
        self.outbox.may(
            grants.on_table(tables.complaints, "BatchGetItem", "UpdateItem"),
            grants.on_key_of_table(self, tables.complaints_key),
            grants.send_to(stage, [queue.queue_arn for queue in told]),
        )
        triggers.by_stream(
            self.outbox, tables.complaints, keys={"sk": [RECORD]}, failures=self.outbox_failures
        )
