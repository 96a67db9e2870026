"""Decides which agency a complaint is for, feeds its queue and takes its answers."""

from aws_cdk import Duration
from aws_cdk import aws_events as events
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra import grants, triggers
from infra.acknowledged import acknowledge_objects, acknowledge_pattern
from infra.constructs.buckets import Buckets
from infra.constructs.function import EntryFunction
from infra.constructs.tables import Tables
from infra.entries import ROUTING_API, ROUTING_ON_COMPLAINT, ROUTING_SWEEP
from infra.stages import Stage
from shared.complaints.indexes import (
    BY_AGENCY,
    BY_DUE,
    BY_FOLLOWED,
    BY_LATE,
    BY_STUCK,
    BY_UNDELIVERED,
)
from shared.complaints.photos import PICTURES, THUMBNAILS


class AgencyRouting(Construct):
    """The router, the agencies' and officers' API, and the sweep of what was left undone."""

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
        agency_queue_url_prefix: str,
    ) -> None:
        super().__init__(scope, construct_id)
        agency_queues = grants.agency_queue_arns(self, stage)
        acknowledge_pattern(self, agency_queues, "Every agency's queue, however many there are")
        acknowledge_pattern(self, grants.clients_arn(self, stage), grants.CLIENTS_REASON)
        acknowledge_objects(self, buckets.photos, PICTURES, THUMBNAILS)
        environment = {"COMPLAINTS_TABLE": tables.complaints.table_name}
        to_agencies = {**environment, "AGENCY_QUEUE_URL_PREFIX": agency_queue_url_prefix}
        use_of_key = grants.on_key_of_table(self, tables.complaints_key)

        self.on_complaint = EntryFunction(
            self,
            "OnComplaint",
            stage=stage,
            entry=ROUTING_ON_COMPLAINT,
            code=code,
            environment=to_agencies,
        )
        self.on_complaint.may(
            # What follows a complaint that is done is moved, which adds a step to it.
            grants.on_table(tables.complaints, "GetItem", "PutItem", "Query", "UpdateItem"),
            grants.on_table(tables.complaints, "Query", index=BY_FOLLOWED),
            grants.send_to(stage, [agency_queues]),
            use_of_key,
        )
        triggers.by_queue(self.on_complaint, queue, batch=10)

        self.api = EntryFunction(
            self,
            "Api",
            stage=stage,
            entry=ROUTING_API,
            code=code,
            environment={
                **to_agencies,
                "CLIENTS_PARAMETER_PREFIX": stage.clients_parameter_prefix,
                "PHOTOS_BUCKET": buckets.photos.bucket_name,
            },
        )
        self.api.may(
            grants.on_table(
                tables.complaints, "BatchGetItem", "GetItem", "PutItem", "Query", "UpdateItem"
            ),
            # What it signs, agencies may do: see a photo.
            grants.on_bucket(buckets.photos, "GetObject", under=[PICTURES, THUMBNAILS]),
            grants.on_key_of_bucket(self, tables.complaints_key),
            grants.on_table(tables.complaints, "Query", index=BY_AGENCY),
            grants.on_table(tables.complaints, "Query", index=BY_STUCK),
            grants.on_table(tables.complaints, "Query", index=BY_LATE),
            grants.work_on(agency_queues),
            grants.read_clients(self, stage),
            use_of_key,
        )

        self.every_quarter_hour = EntryFunction(
            self,
            "EveryQuarterHour",
            stage=stage,
            entry=ROUTING_SWEEP,
            code=code,
            environment={**environment, "ROUTING_QUEUE_URL": queue.queue_url},
        )
        self.every_quarter_hour.may(
            grants.on_table(tables.complaints, "GetItem", "PutItem", "UpdateItem"),
            grants.on_table(tables.complaints, "Query", index=BY_UNDELIVERED),
            grants.on_table(tables.complaints, "Query", index=BY_DUE),
            grants.on_table(tables.complaints, "Query", index=BY_STUCK),
            grants.send_to(stage, [queue.queue_arn]),
            use_of_key,
        )
        triggers.by_clock(
            self.every_quarter_hour,
            self,
            "QuarterHour",
            name=f"{stage.prefix}-every-quarter-hour",
            what="Sends on what is still marked undelivered; unanswered questions lapse",
            schedule=events.Schedule.rate(Duration.minutes(15)),
            within=Duration.minutes(10),
        )
