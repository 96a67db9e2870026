"""The tables, each a context's own, and the keys they are encrypted with."""

from aws_cdk import RemovalPolicy
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_kms as kms
from constructs import Construct

from infra.stages import Stage

BY_AGENCY = "by_agency"
BY_UNDELIVERED = "by_undelivered"
BY_RECEIVED = "by_received"
BY_UPDATED = "by_updated"
BY_CELL = "by_cell"
BY_DUE = "by_due"
#: The attribute by which a table forgets an item by itself: seconds since 1970.
EXPIRES_AT = "expires_at"

_WHOLE = dynamodb.ProjectionType.ALL
_KEYS = dynamodb.ProjectionType.KEYS_ONLY


class Tables(Construct):
    """Complaints, and apart from them, under another key, who reported them."""

    def __init__(self, scope: Construct, construct_id: str, *, stage: Stage) -> None:
        super().__init__(scope, construct_id)
        self._stage = stage
        self.complaints_key = self._key("complaints")
        self.complaints = self._table(
            "complaints",
            self.complaints_key,
            indexes=[
                _index(BY_AGENCY, "worklist", "worklist_key", _WHOLE),
                _index(BY_UNDELIVERED, "undelivered_shard", "undelivered_since", _KEYS),
                _index(BY_RECEIVED, "received_bucket", "created_at", _WHOLE),
                _index(BY_UPDATED, "updated_bucket", "updated_at", _KEYS),
                _index(BY_CELL, "cell", "cell_key", ("lat", "long")),
                _index(BY_DUE, "due_shard", "clock_at", _KEYS),
            ],
            stream=dynamodb.StreamViewType.NEW_AND_OLD_IMAGES,
        )
        # Its own key: who may read complaints can still not read who reported them, and taking
        # the key away makes all personal data unreadable at once.
        self.reporters_key = self._key("reporters")
        self.reporters = self._table("reporters", self.reporters_key)

    def _key(self, name: str) -> kms.Key:
        return kms.Key(
            self,
            f"{name.title()}Key",
            alias=f"{self._stage.prefix}-{name}",
            description=f"Encrypts the table {self._stage.prefix}-{name}",
            enable_key_rotation=True,
            removal_policy=self._removal,
        )

    def _table(
        self,
        name: str,
        key: kms.Key,
        *,
        indexes: list[dynamodb.GlobalSecondaryIndexPropsV2] | None = None,
        stream: dynamodb.StreamViewType | None = None,
    ) -> dynamodb.TableV2:
        return dynamodb.TableV2(
            self,
            name.title(),
            table_name=f"{self._stage.prefix}-{name}",
            partition_key=_string("pk"),
            sort_key=_string("sk"),
            billing=dynamodb.Billing.on_demand(),
            encryption=dynamodb.TableEncryptionV2.customer_managed_key(key),
            point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
                point_in_time_recovery_enabled=True
            ),
            deletion_protection=self._stage.keeps_data,
            removal_policy=self._removal,
            global_secondary_indexes=indexes,
            time_to_live_attribute=EXPIRES_AT,
            dynamo_stream=stream,
        )

    @property
    def _removal(self) -> RemovalPolicy:
        return RemovalPolicy.RETAIN if self._stage.keeps_data else RemovalPolicy.DESTROY


def _index(
    name: str, partition: str, sort: str, holds: dynamodb.ProjectionType | tuple[str, ...]
) -> dynamodb.GlobalSecondaryIndexPropsV2:
    """Return an index over two string attributes that holds all, the keys, or some more."""
    return dynamodb.GlobalSecondaryIndexPropsV2(
        index_name=name,
        partition_key=_string(partition),
        sort_key=_string(sort),
        projection_type=dynamodb.ProjectionType.INCLUDE if isinstance(holds, tuple) else holds,
        non_key_attributes=list(holds) if isinstance(holds, tuple) else None,
    )


def _string(name: str) -> dynamodb.Attribute:
    return dynamodb.Attribute(name=name, type=dynamodb.AttributeType.STRING)
