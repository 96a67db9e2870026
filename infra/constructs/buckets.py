"""The buckets: photos, the open data that anyone may have, and what payments are proven by."""

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.acknowledged import acknowledge
from infra.stages import Stage
from shared.complaints.photos import KEPT_UNTIED, UPLOADS

#: The tag of photos, by which those that no complaint ever named are forgotten.
CLAIMED_TAG = "claimed"
#: Of the payments' bucket: providers' messages as they came, their settlement files and the bank's,
#: what became of those, and the ledger's seals.
RAW, SETTLEMENTS, REPORTS, SEALS = "raw/", "settlements/", "reports/", "seals/"
#: After which a provider's message is hardly asked for again.
_RAW_IS_WARM = Duration.days(90)


class Buckets(Construct):
    """Private buckets; what anyone may have is handed out by links that run out."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        stage: Stage,
        key: kms.IKey,
        payments_key: kms.IKey,
    ) -> None:
        super().__init__(scope, construct_id)
        self._stage = stage
        self.photos = self._bucket(
            "photos",
            key,
            cors=[
                s3.CorsRule(  # a browser posts and fetches photos right here, from whatever page
                    allowed_methods=[s3.HttpMethods.POST, s3.HttpMethods.GET],
                    allowed_origins=["*"],
                    allowed_headers=["*"],
                )
            ],
            rules=[
                s3.LifecycleRule(id="uploads", prefix=UPLOADS, expiration=Duration.days(1)),
                s3.LifecycleRule(
                    id="unclaimed",
                    tag_filters={CLAIMED_TAG: "no"},
                    expiration=Duration.days(KEPT_UNTIED.days),
                ),
            ],
        )
        # To the account's own event bus, which needs no word of who listens: the queue is in a
        # stack that is made later.
        self._bucket_of(self.photos).add_property_override(
            "NotificationConfiguration.EventBridgeConfiguration", {"EventBridgeEnabled": True}
        )
        self.open_data = self._bucket(
            "open-data",
            key,
            cors=[
                s3.CorsRule(  # a page may show what anyone may have
                    allowed_methods=[s3.HttpMethods.GET],
                    allowed_origins=["*"],
                    allowed_headers=["*"],
                )
            ],
            rules=[],
        )
        self.payments = self._bucket(
            "payments",
            payments_key,
            versioned=True,  # what is written over stays: a message, a bank's file, a seal
            unlogged="Functions write here, each under its own prefix; versions keep what a person replaced",
            rules=[
                s3.LifecycleRule(
                    id="raw",
                    prefix=RAW,
                    transitions=[
                        s3.Transition(
                            storage_class=s3.StorageClass.GLACIER_INSTANT_RETRIEVAL,
                            transition_after=_RAW_IS_WARM,
                        )
                    ],
                )
            ],
        )
        self._bucket_of(self.payments).add_property_override(
            "NotificationConfiguration.EventBridgeConfiguration", {"EventBridgeEnabled": True}
        )

    @staticmethod
    def _bucket_of(bucket: s3.Bucket) -> s3.CfnBucket:
        resource = bucket.node.default_child
        if not isinstance(resource, s3.CfnBucket):
            raise TypeError("a bucket's default child is its resource")
        return resource

    def _bucket(
        self,
        name: str,
        key: kms.IKey,
        *,
        cors: list[s3.CorsRule] | None = None,
        rules: list[s3.LifecycleRule],
        versioned: bool = False,
        unlogged: str = "Who asks for what is in the access log of the API; links run out",
    ) -> s3.Bucket:
        stage = self._stage
        bucket = s3.Bucket(
            self,
            name.title().replace("-", ""),
            bucket_name=None if stage.account is None else f"{stage.prefix}-{name}-{stage.account}",
            encryption=s3.BucketEncryption.KMS,
            encryption_key=key,
            bucket_key_enabled=True,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            enforce_ssl=not stage.is_local,  # the local cloud speaks plain HTTP
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            cors=cors,
            versioned=versioned,
            lifecycle_rules=[
                s3.LifecycleRule(
                    id="unfinished", abort_incomplete_multipart_upload_after=Duration.days(1)
                ),
                *rules,
            ],
            removal_policy=RemovalPolicy.RETAIN if stage.keeps_data else RemovalPolicy.DESTROY,
        )
        acknowledge(bucket, "S1", unlogged)
        return bucket
