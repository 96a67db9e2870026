"""Draws uploaded photos anew and ties them to complaints: the bucket's events, and its function."""

from aws_cdk import Duration
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_event_sources as sources
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra import grants
from infra.acknowledged import acknowledge_objects
from infra.constructs.buckets import Buckets
from infra.constructs.function import EntryFunction
from infra.constructs.tables import Tables
from infra.entries import INTAKE_ON_PHOTO
from infra.stages import Stage
from shared.complaints.photos import PICTURES, THUMBNAILS, UPLOADS

#: So many pictures at a time at most: a flood of uploads takes no processor from the API.
_AT_ONCE = 10


class Photos(Construct):
    """The function behind the photos' queue, and the rule that feeds it."""

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
        notices: sqs.IQueue,
    ) -> None:
        super().__init__(scope, construct_id)
        bucket = buckets.photos
        self.on_photo = EntryFunction(
            self,
            "OnPhoto",
            stage=stage,
            entry=INTAKE_ON_PHOTO,
            code=code,
            environment={
                "COMPLAINTS_TABLE": tables.complaints.table_name,
                "PHOTOS_BUCKET": bucket.bucket_name,
                "NOTICES_QUEUE_URL": notices.queue_url,
            },
        )
        self.on_photo.may(
            grants.on_table(tables.complaints, "BatchGetItem", "UpdateItem"),
            grants.on_bucket(bucket, "GetObject", "DeleteObject", under=[UPLOADS]),
            grants.on_bucket(
                bucket,
                "DeleteObject",
                "PutObject",
                "PutObjectTagging",
                under=[PICTURES, THUMBNAILS],
            ),
            grants.tell_what_is_missing(bucket),
            grants.on_key_of_table(self, tables.complaints_key),
            grants.on_key_of_bucket(self, tables.complaints_key),
            grants.send_to(stage, [notices.queue_arn]),
        )
        acknowledge_objects(self, bucket, UPLOADS, PICTURES, THUMBNAILS)
        self.on_photo.add_event_source(
            sources.SqsEventSource(
                queue,
                batch_size=1,  # one hostile picture must not take others with it
                max_concurrency=_AT_ONCE,
                report_batch_item_failures=True,
            )
        )
        events.Rule(
            self,
            "Uploaded",
            rule_name=f"{stage.prefix}-photo-uploaded",
            description="Tells the photos' queue of every upload",
            event_pattern=events.EventPattern(
                source=["aws.s3"],
                detail_type=["Object Created"],
                detail={
                    "bucket": {"name": [bucket.bucket_name]},
                    "object": {"key": [{"prefix": UPLOADS}]},
                },
            ),
            targets=[
                targets.SqsQueue(
                    queue,
                    message=events.RuleTargetInput.from_object(
                        {
                            "type": "photo_uploaded.v1",
                            "key": events.EventField.from_path("$.detail.object.key"),
                        }
                    ),
                    retry_attempts=185,  # AWS's most, within the day that an upload is kept
                    max_event_age=Duration.hours(24),
                )
            ],
        )
