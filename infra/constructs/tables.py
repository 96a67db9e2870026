"""The tables, each a context's own, and the keys they are encrypted with."""

from aws_cdk import RemovalPolicy
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from functions.payment_webhooks.indexes import LEDGER_INDEXES, PAYMENTS_INDEXES
from functions.shelter_alerts.indexes import SHELTERS_INDEXES
from infra.stages import Stage
from shared.complaints.indexes import COMPLAINTS_INDEXES, REPORTERS_INDEXES, Index

#: The attribute by which a table forgets an item by itself: seconds since 1970.
EXPIRES_AT = "expires_at"
#: What nobody may do to the ledger, an administrator included, without first taking the policy
#: away that says so. Entries are added, one by one, and read.
NEVER_ON_THE_LEDGER = (
    "dynamodb:UpdateItem",
    "dynamodb:DeleteItem",
    "dynamodb:BatchWriteItem",
    "dynamodb:PartiQLUpdate",
    "dynamodb:PartiQLDelete",
    "dynamodb:PartiQLInsert",
    "dynamodb:UpdateTimeToLive",
)


class Tables(Construct):
    """Complaints, who reported them, payments, their ledger, shelters: each under its own key."""

    def __init__(self, scope: Construct, construct_id: str, *, stage: Stage) -> None:
        super().__init__(scope, construct_id)
        self._stage = stage
        self.complaints_key = self._key("complaints")
        self.complaints = self._table(
            "complaints",
            self.complaints_key,
            indexes=[_index(one) for one in COMPLAINTS_INDEXES],
            stream=dynamodb.StreamViewType.NEW_AND_OLD_IMAGES,
        )
        # Its own key: who may read complaints can still not read who reported them, and taking
        # the key away makes all personal data unreadable at once.
        self.reporters_key = self._key("reporters")
        self.reporters = self._table(
            "reporters",
            self.reporters_key,
            indexes=[_index(one) for one in REPORTERS_INDEXES],
        )
        self.payments_key = self._key("payments")
        self.payments = self._table(
            "payments", self.payments_key, indexes=[_index(one) for one in PAYMENTS_INDEXES]
        )
        self.ledger_key = self._key("ledger")
        self.ledger = self._table(
            "ledger",
            self.ledger_key,
            indexes=[_index(one) for one in LEDGER_INDEXES],
            forgets=False,
            policy=None if stage.is_local else _only_added_to(),
        )
        self.shelters_key = self._key("shelters")
        self.shelters = self._table(
            "shelters",
            self.shelters_key,
            indexes=[_index(one) for one in SHELTERS_INDEXES],
            stream=dynamodb.StreamViewType.NEW_AND_OLD_IMAGES,
        )

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
        forgets: bool = True,
        policy: iam.PolicyDocument | None = None,
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
            time_to_live_attribute=EXPIRES_AT if forgets else None,
            dynamo_stream=stream,
            resource_policy=policy,
        )

    @property
    def _removal(self) -> RemovalPolicy:
        return RemovalPolicy.RETAIN if self._stage.keeps_data else RemovalPolicy.DESTROY


def _index(index: Index) -> dynamodb.GlobalSecondaryIndexPropsV2:
    kind = dynamodb.ProjectionType
    return dynamodb.GlobalSecondaryIndexPropsV2(
        index_name=index.name,
        partition_key=_string(index.partition),
        sort_key=_string(index.sort),
        projection_type=(
            kind.ALL if index.holds is None else kind.INCLUDE if index.holds else kind.KEYS_ONLY
        ),
        non_key_attributes=list(index.holds) if index.holds else None,
    )


def _only_added_to() -> iam.PolicyDocument:
    """Return the ledger's own policy, which no grant to a role can overrule."""
    return iam.PolicyDocument(
        statements=[
            iam.PolicyStatement(
                effect=iam.Effect.DENY,
                principals=[iam.AnyPrincipal()],
                actions=list(NEVER_ON_THE_LEDGER),
                resources=["*"],  # this table: its policy can name no other
            )
        ]
    )


def _string(name: str) -> dynamodb.Attribute:
    return dynamodb.Attribute(name=name, type=dynamodb.AttributeType.STRING)
