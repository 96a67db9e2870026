"""Who officers and machines are: the user pool, its scopes, and the officers' sign-in."""

from aws_cdk import Aws, Duration, RemovalPolicy
from aws_cdk import aws_cognito as cognito
from constructs import Construct

from infra.acknowledged import acknowledge
from infra.routes.route import AGENCY, FLEET, GATE, OFFICER, ORDERS
from infra.stages import Stage

#: Groups that are not of one jurisdiction or agency.
GROUPS = {
    "operator": "Works the triage desks of all jurisdictions",
    "treasurer": "Reconciles and refunds the revenue of all jurisdictions",
    "shelter_officer": "Watches shelters",
}


class Identity(Construct):
    """A user pool for officers and agencies' machines; citizens need no account."""

    def __init__(self, scope: Construct, construct_id: str, *, stage: Stage) -> None:
        super().__init__(scope, construct_id)
        self.pool = cognito.UserPool(
            self,
            "Pool",
            user_pool_name=stage.prefix,
            self_sign_up_enabled=False,
            sign_in_aliases=cognito.SignInAliases(username=True, email=True),
            sign_in_case_sensitive=False,
            password_policy=cognito.PasswordPolicy(
                min_length=12,
                require_digits=True,
                require_lowercase=True,
                require_symbols=True,
                require_uppercase=True,
                temp_password_validity=Duration.days(3),
            ),
            mfa=cognito.Mfa.OFF if stage.is_local else cognito.Mfa.REQUIRED,
            mfa_second_factor=cognito.MfaSecondFactor(otp=True, sms=False),
            account_recovery=cognito.AccountRecovery.EMAIL_ONLY,
            deletion_protection=stage.keeps_data,
            removal_policy=RemovalPolicy.RETAIN if stage.keeps_data else RemovalPolicy.DESTROY,
        )
        acknowledge(
            self.pool,
            "COG8",
            "Few accounts, made by hand, behind a second factor: the plus plan's threat scoring, "
            "charged by user, would watch nobody",
        )
        if stage.is_local:
            acknowledge(self.pool, "COG2", "Tests sign in without a telephone")
        self.pool.add_domain(
            "Domain",
            cognito_domain=cognito.CognitoDomainOptions(
                domain_prefix=f"{stage.prefix}-{Aws.ACCOUNT_ID}"
            ),
        )
        self._resource_server(AGENCY, "Receive assignments and act on them")
        self._resource_server(ORDERS, "Create orders and read them")
        self._resource_server(GATE, "Redeem tickets at a gate")
        self._resource_server(FLEET, "Report where a fleet's vehicles are")
        officer_server = self._resource_server(OFFICER, "Work at an officer's desk")
        self.officers = self.pool.add_client(
            "Officers",
            user_pool_client_name="officers",
            generate_secret=False,
            auth_flows=cognito.AuthFlow(user_srp=True),
            o_auth=cognito.OAuthSettings(
                flows=cognito.OAuthFlows(authorization_code_grant=True),
                scopes=[
                    cognito.OAuthScope.OPENID,
                    cognito.OAuthScope.custom(OFFICER),
                ],
                callback_urls=list(stage.officers_callback_urls),
            ),
            access_token_validity=Duration.hours(1),
            id_token_validity=Duration.hours(1),
            refresh_token_validity=Duration.hours(12),  # a working day
            prevent_user_existence_errors=True,
            enable_token_revocation=True,
        )
        self.officers.node.add_dependency(officer_server)  # its scope has to be there first
        for name, description in GROUPS.items():
            self.pool.add_group(_camel(name), group_name=name, description=description)

    def _resource_server(self, scope: str, description: str) -> cognito.UserPoolResourceServer:
        server, name = scope.split("/")
        return self.pool.add_resource_server(
            _camel(server),
            identifier=server,
            user_pool_resource_server_name=server,
            scopes=[cognito.ResourceServerScope(scope_name=name, scope_description=description)],
        )


def _camel(name: str) -> str:
    return name.title().replace("_", "")
