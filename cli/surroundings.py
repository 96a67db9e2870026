"""What a command works with: the state folder, the deployment's outputs, AWS and HTTP clients."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import httpx
from botocore.config import Config

from cli import outputs

if TYPE_CHECKING:
    from types_boto3_cloudformation import CloudFormationClient
    from types_boto3_cognito_idp import CognitoIdentityProviderClient
    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_dynamodbstreams import DynamoDBStreamsClient
    from types_boto3_lambda import LambdaClient
    from types_boto3_sqs import SQSClient
    from types_boto3_sts import STSClient

ROOT = Path(__file__).resolve().parent.parent

#: The credentials of a local cloud's only account.
LOCAL_CREDENTIALS = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}

#: How long Lambda lets a function run at most, and a little for the answer.
_LONGEST_FUNCTION_S = 15 * 60 + 10

#: Makes a client of an AWS service; the arguments are boto3's own.
MakeClient = Callable[..., Any]


@dataclass
class Surroundings:
    """Handed to every command; a test hands over another one."""

    state_dir: Path
    outputs_path: Path
    make_client: MakeClient = boto3.client
    http: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=30))

    @cached_property
    def outputs(self) -> outputs.Outputs:
        """The deployment to talk to."""
        return outputs.load(self.outputs_path)

    def client(self, service: str, *, config: Config | None = None, **credentials: str) -> Any:
        """Return an AWS client: the local account's, the given ones', or the user's own on AWS."""
        endpoint = self.outputs.endpoint_url
        if endpoint and not credentials:
            credentials = LOCAL_CREDENTIALS
        return self.make_client(
            service,
            region_name=self.outputs.region,
            endpoint_url=endpoint,
            config=config,
            **credentials,
        )

    @cached_property
    def sqs(self) -> "SQSClient":
        """The queues, as the account's own user."""
        client: SQSClient = self.client("sqs")
        return client

    @cached_property
    def dynamodb(self) -> "DynamoDBClient":
        """The tables, as the account's own user."""
        client: DynamoDBClient = self.client("dynamodb")
        return client

    @cached_property
    def functions(self) -> "LambdaClient":
        """The Lambda functions, as the account's own user.

        One may take its quarter of an hour, and none is called again by itself.
        """
        patient = Config(
            read_timeout=_LONGEST_FUNCTION_S, retries={"total_max_attempts": 1}, tcp_keepalive=True
        )
        client: LambdaClient = self.client("lambda", config=patient)
        return client

    @cached_property
    def streams(self) -> "DynamoDBStreamsClient":
        """The tables' streams, as the account's own user."""
        client: DynamoDBStreamsClient = self.client("dynamodbstreams")
        return client

    @cached_property
    def sts(self) -> "STSClient":
        """The service that gives an agency's role its credentials."""
        client: STSClient = self.client("sts")
        return client

    @cached_property
    def cognito(self) -> "CognitoIdentityProviderClient":
        """The user pool's management."""
        client: CognitoIdentityProviderClient = self.client("cognito-idp")
        return client

    def cloudformation(self, region: str) -> "CloudFormationClient":
        """The stacks of the user's own account."""
        client: CloudFormationClient = self.make_client("cloudformation", region_name=region)
        return client
