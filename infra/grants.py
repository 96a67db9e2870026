"""What functions may be granted: policy statements over single tables, indexes and queues."""

from collections.abc import Sequence

from aws_cdk import Stack
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.stages import Stage


def on_table(
    table: dynamodb.ITableV2, *operations: str, index: str | None = None
) -> iam.PolicyStatement:
    """Allow operations ("GetItem", …) on a table, or on one of its indexes alone."""
    arn = f"{table.table_arn}/index/{index}" if index else table.table_arn
    return iam.PolicyStatement(
        actions=[f"dynamodb:{operation}" for operation in operations], resources=[arn]
    )


def on_bucket(
    bucket: s3.IBucket, *operations: str, under: Sequence[str] = ("",)
) -> iam.PolicyStatement:
    """Allow operations ("GetObject", …) on the objects under some prefixes of a bucket."""
    return iam.PolicyStatement(
        actions=[f"s3:{operation}" for operation in operations],
        resources=[bucket.arn_for_objects(f"{prefix}*") for prefix in under],
    )


def tell_what_is_missing(bucket: s3.IBucket) -> iam.PolicyStatement:
    """Allow being told that an object is not there: to others S3 says that it is forbidden.

    The right to list says so, and S3 looks for it without any prefix, so it cannot be narrowed.
    """
    return iam.PolicyStatement(actions=["s3:ListBucket"], resources=[bucket.bucket_arn])


def on_key_of_bucket(scope: Construct, key: kms.IKey) -> iam.PolicyStatement:
    """Allow what S3 asks of a caller on a customer's key, and only through S3."""
    return iam.PolicyStatement(
        actions=["kms:Decrypt", "kms:GenerateDataKey"],
        resources=[key.key_arn],
        conditions={
            "StringEquals": {"kms:ViaService": f"s3.{Stack.of(scope).region}.amazonaws.com"}
        },
    )


def on_key_of_table(scope: Construct, key: kms.IKey) -> iam.PolicyStatement:
    """Allow what DynamoDB asks of a caller on a customer's key, and only through DynamoDB."""
    return iam.PolicyStatement(
        actions=[
            "kms:Decrypt",
            "kms:DescribeKey",
            "kms:Encrypt",
            "kms:GenerateDataKey",
            "kms:GenerateDataKeyWithoutPlaintext",
            "kms:ReEncryptFrom",
            "kms:ReEncryptTo",
        ],
        resources=[key.key_arn],
        conditions={
            "StringEquals": {"kms:ViaService": f"dynamodb.{Stack.of(scope).region}.amazonaws.com"}
        },
    )


def send_to(stage: Stage, queue_arns: Sequence[str]) -> iam.PolicyStatement:
    """Allow sending to queues, singly and in batches."""
    actions = ["sqs:SendMessage"]
    if stage.is_local:
        actions.append("sqs:SendMessageBatch")  # only the local cloud knows an action of this name
    return iam.PolicyStatement(actions=actions, resources=list(queue_arns))


def work_on(queue_arn: str) -> iam.PolicyStatement:
    """Allow receiving, deleting and extending the messages of a queue, or of a pattern of them."""
    return iam.PolicyStatement(
        actions=["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility"],
        resources=[queue_arn],
    )


def agency_queue_arns(scope: Construct, stage: Stage) -> str:
    """Return the pattern of all agencies' queues, so that no policy grows with their number."""
    return Stack.of(scope).format_arn(service="sqs", resource=stage.agency_queue("*"))


def read_secrets(scope: Construct, stage: Stage, *names: str) -> iam.PolicyStatement:
    """Allow reading secrets by name, whose ARNs end in six characters of AWS's choice."""
    stack = Stack.of(scope)
    base = f"arn:{stack.partition}:secretsmanager:{stack.region}:{stack.account}:secret"
    return iam.PolicyStatement(
        actions=["secretsmanager:GetSecretValue"],
        resources=[f"{base}:{stage.secret_name(name)}-??????" for name in names],
    )


def partners_secrets_arn(scope: Construct, stage: Stage) -> str:
    """Return the pattern of the secrets that partners share with us."""
    stack = Stack.of(scope)
    base = f"arn:{stack.partition}:secretsmanager:{stack.region}:{stack.account}:secret"
    return f"{base}:{stage.partner_secret_prefix}*"


def read_partners_secrets(scope: Construct, stage: Stage) -> iam.PolicyStatement:
    """Allow reading what webhooks to partners are signed with."""
    return iam.PolicyStatement(
        actions=["secretsmanager:GetSecretValue"], resources=[partners_secrets_arn(scope, stage)]
    )


#: Why the pattern below is one.
CLIENTS_REASON = "Cognito makes up the ids of machine clients, so they cannot be named beforehand"


def clients_arn(scope: Construct, stage: Stage) -> str:
    """Return the pattern of the parameters that tell which agency a machine client is of."""
    stack = Stack.of(scope)
    base = f"arn:{stack.partition}:ssm:{stack.region}:{stack.account}:parameter"
    return f"{base}{stage.clients_parameter_prefix}*"


def read_clients(scope: Construct, stage: Stage) -> iam.PolicyStatement:
    """Allow looking up which agency a machine client belongs to."""
    return iam.PolicyStatement(actions=["ssm:GetParameter"], resources=[clients_arn(scope, stage)])
