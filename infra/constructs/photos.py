"""Draws uploaded photos anew and ties them to complaints: the bucket's events, and its function."""

from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra import grants, triggers
from infra.acknowledged import acknowledge_objects
from infra.constructs.buckets import Buckets
from infra.constructs.function import EntryFunction
from infra.constructs.tables import Tables
from infra.entries import INTAKE_ON_PHOTO
from infra.stages import Stage
from shared.complaints.photos import PICTURES, THUMBNAILS, UPLOADS

#: So many pictures at a time at most: a flood of uploads takes no processor from the API.
_AT_ONCE = 10

#: What the rule is called, after the stage's prefix.
UPLOADED = "photo-uploaded"


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
        # One at a time: one hostile picture must not take others with it.
        triggers.by_queue(self.on_photo, queue, batch=1, at_a_time=_AT_ONCE)
        triggers.queue_uploads(
            self,
            "Uploaded",
            name=f"{stage.prefix}-{UPLOADED}",
            what="Tells the photos' queue of every upload",
            bucket=bucket,
            prefix=UPLOADS,
            queue=queue,
            message_type="photo_uploaded.v1",
        )
