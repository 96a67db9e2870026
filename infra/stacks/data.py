"""The stateful stack: tables and keys, secrets, users. It outlives every other."""

from typing import Any

from aws_cdk import RemovalPolicy, Stack
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from infra.acknowledged import acknowledge
from infra.constructs.buckets import Buckets
from infra.constructs.complaint_intake import COMPLAINT_ID_SECRET, TRACKING_TOKEN_SECRET
from infra.constructs.identity import Identity
from infra.constructs.payments import ORDER_ID, PAYMENTS_SECRETS
from infra.constructs.tables import Tables
from infra.stacks.placing import placed
from infra.stages import Stage

_SECRETS = {
    COMPLAINT_ID_SECRET: "Makes complaint ids; never rotates, as ids are derived from it",
    TRACKING_TOKEN_SECRET: "Makes tracking tokens; rotating it revokes every link sent out",
    **PAYMENTS_SECRETS,
}


class DataStack(Stack):
    """What cannot be made again."""

    def __init__(self, scope: Construct, *, stage: Stage) -> None:
        super().__init__(
            scope,
            f"{stage.prefix}-data",
            description="Simpul: tables, keys, secrets and users",
            termination_protection=stage.keeps_data,
            **placed(stage),
        )
        self.tables = Tables(self, "Tables", stage=stage)
        self.buckets = Buckets(
            self,
            "Buckets",
            stage=stage,
            key=self.tables.complaints_key,
            payments_key=self.tables.payments_key,
        )
        self.identity = Identity(self, "Identity", stage=stage)
        for name, description in _SECRETS.items():
            secret = secretsmanager.Secret(
                self,
                name.title().replace("-", "").replace("/", ""),
                secret_name=stage.secret_name(name),
                description=description,
                generate_secret_string=secretsmanager.SecretStringGenerator(
                    password_length=64, exclude_punctuation=True, **_shape(name)
                ),
                removal_policy=RemovalPolicy.RETAIN if stage.keeps_data else RemovalPolicy.DESTROY,
            )
            acknowledge(secret, "SMG4", f"{description}: only by hand, see docs/runbooks")


def _shape(name: str) -> dict[str, Any]:
    """Return how a secret of keys begins: as JSON without any key that fits, until one is put in."""
    if name not in PAYMENTS_SECRETS or name == ORDER_ID:
        return {}
    return {"secret_string_template": "{}", "generate_string_key": "none"}
