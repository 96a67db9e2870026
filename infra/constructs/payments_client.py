"""A machine client of payments: a seller's system, or a gate's."""

from aws_cdk import CfnOutput, Duration, Stack
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_ssm as ssm
from constructs import Construct

from functions.payment_webhooks.configuration import Client
from infra.stages import Stage


class PaymentsClient(Construct):
    """What configuration asks for: its scopes and no other, and a parameter that says who it is."""

    def __init__(
        self,
        scope: Construct,
        *,
        stage: Stage,
        jurisdiction_id: str,
        client: Client,
        pool: cognito.IUserPool,
    ) -> None:
        super().__init__(scope, f"payments-{client.id}")
        made = cognito.UserPoolClient(
            self,
            "Client",
            user_pool=pool,
            user_pool_client_name=f"payments-{client.id}",
            generate_secret=True,
            o_auth=cognito.OAuthSettings(
                flows=cognito.OAuthFlows(client_credentials=True),
                scopes=[cognito.OAuthScope.custom(name) for name in client.scopes],
            ),
            access_token_validity=Duration.hours(1),
            enable_token_revocation=True,
        )
        ssm.StringParameter(
            self,
            "ClientOf",
            parameter_name=f"{stage.clients_parameter_prefix}{made.user_pool_client_id}",
            simple_name=False,
            string_value=f"payments:{jurisdiction_id}:{client.id}",
            description="Whose machine client this is",
        )
        output = CfnOutput(
            self,
            "Output",
            value=Stack.of(self).to_json_string(
                {
                    "id": client.id,
                    "jurisdiction_id": jurisdiction_id,
                    "client_id": made.user_pool_client_id,
                    "scopes": list(client.scopes),
                }
            ),
        )
        output.override_logical_id("PaymentsClient" + client.id.title().replace("-", ""))
