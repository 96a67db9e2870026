"""A machine client of a jurisdiction's configuration: a seller's system, a gate's, or a fleet's."""

from collections.abc import Sequence
from typing import Literal

from aws_cdk import CfnOutput, Duration, Stack
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_ssm as ssm
from constructs import Construct

from infra.stages import Stage

#: What a client is about; `shared/access.py` reads it in the client's parameter.
Kind = Literal["payments", "fleet"]


class MachineClient(Construct):
    """What configuration asks for: its scopes and no other, and a parameter that says who it is."""

    def __init__(
        self,
        scope: Construct,
        *,
        stage: Stage,
        kind: Kind,
        jurisdiction_id: str,
        name: str,
        scopes: Sequence[str],
        pool: cognito.IUserPool,
    ) -> None:
        super().__init__(scope, f"{kind}-{name}")
        client_id = machine_client(
            self,
            stage=stage,
            pool=pool,
            name=f"{kind}-{name}",
            scopes=scopes,
            speaks_for=f"{kind}:{jurisdiction_id}:{name}",
            what="Whose machine client this is",
        )
        output = CfnOutput(
            self,
            "Output",
            value=Stack.of(self).to_json_string(
                {
                    "id": name,
                    "jurisdiction_id": jurisdiction_id,
                    "client_id": client_id,
                    "scopes": list(scopes),
                }
            ),
        )
        output.override_logical_id(f"{kind.title()}Client" + name.title().replace("-", ""))


def machine_client(
    scope: Construct,
    *,
    stage: Stage,
    pool: cognito.IUserPool,
    name: str,
    scopes: Sequence[str],
    speaks_for: str,
    what: str,
) -> str:
    """Make a client that works without a person, and the parameter that says whom it speaks for.

    Return its id, by which `shared/access.py` looks the parameter up.
    """
    client = cognito.UserPoolClient(
        scope,
        "Client",
        user_pool=pool,
        user_pool_client_name=name,
        generate_secret=True,
        o_auth=cognito.OAuthSettings(
            flows=cognito.OAuthFlows(client_credentials=True),
            scopes=[cognito.OAuthScope.custom(one) for one in scopes],
        ),
        access_token_validity=Duration.hours(1),
        enable_token_revocation=True,
    )
    ssm.StringParameter(
        scope,
        "ClientOf",
        parameter_name=f"{stage.clients_parameter_prefix}{client.user_pool_client_id}",
        simple_name=False,
        string_value=speaks_for,
        description=what,
    )
    return client.user_pool_client_id
