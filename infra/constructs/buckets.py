"""The buckets: photos, which only functions read, and the open data that anyone may have."""

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.acknowledged import acknowledge
from infra.stages import Stage

#: Where clients put photos, and where they lie once nothing but the picture is left of them.
UPLOADS = "uploads/"
#: The tag of photos, by which those that no complaint ever named are forgotten.
CLAIMED_TAG = "claimed"


class Buckets(Construct):
    """Private buckets; what anyone may have is handed out by links that run out."""

    def __init__(self, scope: Construct, construct_id: str, *, stage: Stage, key: kms.IKey) -> None:
        super().__init__(scope, construct_id)
        self._stage = stage
        self.photos = self._bucket(
            "photos",
            key,
            cors=[
                s3.CorsRule(  # a browser posts a photo right here, from whatever page offers it
                    allowed_methods=[s3.HttpMethods.POST],
                    allowed_origins=["*"],
                    allowed_headers=["*"],
                )
            ],
            rules=[
                s3.LifecycleRule(id="uploads", prefix=UPLOADS, expiration=Duration.days(1)),
                s3.LifecycleRule(
                    id="unclaimed", tag_filters={CLAIMED_TAG: "no"}, expiration=Duration.days(7)
                ),
            ],
        )
        self.open_data = self._bucket("open-data", key, cors=[], rules=[])

    def _bucket(
        self, name: str, key: kms.IKey, *, cors: list[s3.CorsRule], rules: list[s3.LifecycleRule]
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
            lifecycle_rules=[
                s3.LifecycleRule(
                    id="unfinished", abort_incomplete_multipart_upload_after=Duration.days(1)
                ),
                *rules,
            ],
            removal_policy=RemovalPolicy.RETAIN if stage.keeps_data else RemovalPolicy.DESTROY,
        )
        acknowledge(
            bucket, "S1", "Who asks for what is in the access log of the API; links run out"
        )
        return bucket
