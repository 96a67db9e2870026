"""AWS clients, made once a container and only when first used.

They come from botocore, which boto3 wraps: the clients are the same, and a cold start need not
import boto3's resources and S3 transfers (see docs/adr).
"""

import os
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

import botocore.session
from botocore.config import Config

from shared import garbage

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_s3 import S3Client
    from types_boto3_secretsmanager import SecretsManagerClient
    from types_boto3_sesv2 import SESV2Client
    from types_boto3_sns import SNSClient
    from types_boto3_sqs import SQSClient
    from types_boto3_ssm import SSMClient

#: A call gives up within 14 s: three attempts of 3.5 s, and waits of at most 1 and 2 s between
#: them. An API's function has 15 s, so its caller gets an answer and the log an error even then.
_CONFIG = Config(
    connect_timeout=1,
    read_timeout=2.5,
    retries={"mode": "standard", "total_max_attempts": 3},
)
#: Of a message that was not answered nobody knows whether it went out, and a second try by the
#: client itself would send it twice. The queue tries again, and knows what was sent.
_CONFIG_OF_MESSENGERS = Config(
    connect_timeout=2, read_timeout=8, retries={"mode": "standard", "total_max_attempts": 1}
)
_MESSENGERS = frozenset({"sesv2", "sns"})


@cache
def _session() -> botocore.session.Session:
    """Return the one session of all clients: each would read 1.2 MB of endpoints again."""
    garbage.imported()
    return botocore.session.get_session()


@cache
def _client(service: str, region: str | None = None) -> Any:
    config = _CONFIG_OF_MESSENGERS if service in _MESSENGERS else _CONFIG
    if service == "s3":
        config = config.merge(_for_s3())
    return _session().create_client(service, region, config=config)


def _for_s3() -> Config:
    """Return what S3 needs besides: links signed as every region takes them, and time for files.

    A local cloud is one host for all buckets, so their names stand in the path there.
    """
    style: Literal["path", "virtual"] = "path" if os.environ.get("AWS_ENDPOINT_URL") else "virtual"
    return Config(signature_version="s3v4", s3={"addressing_style": style}, read_timeout=10)


def dynamodb() -> "DynamoDBClient":
    """Return the container's DynamoDB client."""
    return _client("dynamodb")  # type: ignore[no-any-return]


def sqs() -> "SQSClient":
    """Return the container's SQS client."""
    return _client("sqs")  # type: ignore[no-any-return]


def ses() -> "SESV2Client":
    """Return the container's client for e-mail."""
    return _client("sesv2")  # type: ignore[no-any-return]


def sns(region: str) -> "SNSClient":
    """Return the container's client for text messages, which not every region sends."""
    return _client("sns", region)  # type: ignore[no-any-return]


def s3() -> "S3Client":
    """Return the container's S3 client. Signing a link makes no call."""
    return _client("s3")  # type: ignore[no-any-return]


@cache
def secret(name: str) -> bytes:
    """Return a secret's value, fetched once a container (one Secrets Manager call)."""
    return secret_now(name)


def secret_now(name: str) -> bytes:
    """Return a secret's value as it is now, for one that changes (one Secrets Manager call)."""
    client: SecretsManagerClient = _client("secretsmanager")
    return client.get_secret_value(SecretId=name)["SecretString"].encode()


def parameter(name: str) -> str | None:
    """Return an SSM parameter's value, fetched once a container; None if there is none (yet)."""
    try:
        return _parameter(name)
    except _client("ssm").exceptions.ParameterNotFound:
        return None


@cache
def _parameter(name: str) -> str:
    client: SSMClient = _client("ssm")
    return client.get_parameter(Name=name)["Parameter"]["Value"]
