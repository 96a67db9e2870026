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
        made = cognito.UserPoolClient(
            self,
            "Client",
            user_pool=pool,
            user_pool_client_name=f"{kind}-{name}",
            generate_secret=True,
            o_auth=cognito.OAuthSettings(
                flows=cognito.OAuthFlows(client_credentials=True),
                scopes=[cognito.OAuthScope.custom(one) for one in scopes],
            ),
            access_token_validity=Duration.hours(1),
            enable_token_revocation=True,
        )
        ssm.StringParameter(
            self,
            "ClientOf",
            parameter_name=f"{stage.clients_parameter_prefix}{made.user_pool_client_id}",
            simple_name=False,
            string_value=f"{kind}:{jurisdiction_id}:{name}",
            description="Whose machine client this is",
        )
        output = CfnOutput(
            self,
            "Output",
            value=Stack.of(self).to_json_string(
                {
                    "id": name,
                    "jurisdiction_id": jurisdiction_id,
                    "client_id": made.user_pool_client_id,
                    "scopes": list(scopes),
                }
            ),
        )
        output.override_logical_id(f"{kind.title()}Client" + name.title().replace("-", ""))
