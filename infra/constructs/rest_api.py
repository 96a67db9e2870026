"""The REST API, made from the route table: resources, authorizer, preflights, limits and logs."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence

from aws_cdk import RemovalPolicy, Size, Tags
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra.acknowledged import acknowledge
from infra.constructs.function import retention
from infra.constructs.gateway_responses import add_gateway_responses
from infra.routes.route import Route
from infra.stages import Stage

#: The API's version, which is its stage and so the first part of every path.
VERSION = "v1"
#: The API's id on a local cloud; on AWS it is AWS's choice.
LOCAL_API_ID = "simpul"

_REQUEST_HEADERS = (
    "Accept",
    "Accept-Language",
    "Authorization",
    "Content-Type",
    "Idempotency-Key",
    "If-None-Match",
    "X-Tracking-Token",
)

#: What is logged of a request: neither its address nor its path as sent, its query or its tokens.
_ACCESS_LOG = json.dumps(
    {
        "request_id": "$context.requestId",
        "method": "$context.httpMethod",
        "resource": "$context.resourcePath",
        "status": "$context.status",
        "latency_ms": "$context.responseLatency",
        "integration_latency_ms": "$context.integrationLatency",
        "response_bytes": "$context.responseLength",
        "client_id": "$context.authorizer.claims.client_id",
        "refused_with": "$context.error.responseType",
    }
)


class RestApi(Construct):
    """Everything that is called over HTTP."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        stage: Stage,
        routes: Sequence[Route],
        functions: Mapping[str, lambda_.IFunction],
        pool: cognito.IUserPool,
    ) -> None:
        super().__init__(scope, construct_id)
        access_log = logs.LogGroup(
            self,
            "AccessLog",
            log_group_name=f"/simpul/{stage.name}/access",
            retention=retention(stage),
            removal_policy=RemovalPolicy.DESTROY,
        )
        self.api = apigateway.RestApi(
            self,
            "Api",
            rest_api_name=stage.prefix,
            description="Complaints of citizens, the agencies that answer them, and payments",
            endpoint_types=[apigateway.EndpointType.REGIONAL],
            disable_execute_api_endpoint=stage.domain is not None,
            min_compression_size=Size.kibibytes(1),
            cloud_watch_role=not stage.is_local,  # API Gateway writes the access log with it
            deploy_options=apigateway.StageOptions(
                stage_name=VERSION,
                # Its segments would hold callers' addresses; functions trace themselves.
                tracing_enabled=False,
                metrics_enabled=False,  # by method they would cost more than the whole API
                # An execution log would keep its group, and what it quotes, for ever. What was
                # refused and why stands in the access log.
                logging_level=apigateway.MethodLoggingLevel.OFF,
                data_trace_enabled=False,
                access_log_destination=apigateway.LogGroupLogDestination(access_log),
                access_log_format=apigateway.AccessLogFormat.custom(_ACCESS_LOG),
                throttling_rate_limit=stage.requests_per_second,
                throttling_burst_limit=stage.burst,
                method_options=_throttles(stage, routes),
            ),
        )
        self.api.node.try_remove_child("Endpoint")  # an output that the stack gives itself
        if stage.is_local:
            Tags.of(self.api).add(
                "ms-custom-id", LOCAL_API_ID
            )  # the local cloud's way to a fixed id
        authorizer = apigateway.CognitoUserPoolsAuthorizer(
            self, "Authorizer", authorizer_name="tokens", cognito_user_pools=[pool]
        )
        integrations = {
            name: apigateway.LambdaIntegration(function, scope_permission_to_method=False)
            for name, function in functions.items()
        }
        for path, of_path in _by_resource(routes).items():
            resource = self.api.root.resource_for_path(path)
            for route in of_path:
                method = resource.add_method(
                    route.method,
                    integrations[route.function],
                    operation_name=None if route.gateway_path else route.operation_id,
                    **(
                        {
                            "authorizer": authorizer,
                            "authorization_type": apigateway.AuthorizationType.COGNITO,
                            "authorization_scopes": list(route.scopes),
                        }
                        if route.scopes
                        else {"authorization_type": apigateway.AuthorizationType.NONE}
                    ),
                )
                if not route.scopes:
                    acknowledge(method, "APIG4", "Public by the route table")
                    acknowledge(method, "COG4", "Public by the route table")
            if all(route.by_servers for route in of_path):
                continue  # servers ask no such thing
            resource.add_cors_preflight(
                # The API is public or asks for a token, which no browser sends by itself.
                allow_origins=apigateway.Cors.ALL_ORIGINS,
                allow_methods=[route.method for route in of_path],
                allow_headers=list(_REQUEST_HEADERS),
            )
        add_gateway_responses(self.api)
        self._acknowledge(stage)

    def _acknowledge(self, stage: Stage) -> None:
        acknowledge(
            self.api,
            "APIG2",
            "Requests are checked by the models they are read into, field by field",
        )
        acknowledge(
            self.api,
            "APIG6",
            "The access log tells each request's outcome; an execution log's group is API Gateway's "
            "own, with no retention, and would keep what requests say",
        )
        acknowledge(
            self.api,
            "APIG3",
            "The local cloud has no web firewall" if stage.is_local else "Made in the edge stack",
        )
        if not stage.is_local:
            policy = "service-role/AmazonAPIGatewayPushToCloudWatchLogs"
            acknowledge(
                self.api,
                f"IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/{policy}]",
                "The one policy that API Gateway accepts for its account-wide logging role",
            )


def _throttles(
    stage: Stage, routes: Sequence[Route]
) -> dict[str, apigateway.MethodDeploymentOptions]:
    """Return a limit of their own for public routes that write, so that a flood takes only theirs."""
    return {
        f"{route.resource}/{route.method}": apigateway.MethodDeploymentOptions(
            throttling_rate_limit=stage.writes_per_second,
            throttling_burst_limit=stage.writes_burst,
        )
        for route in routes
        if route.method != "GET" and not route.scopes and not route.signed
    }


def address_told(stage: Stage) -> dict[str, str]:
    """Return what tells a function the API's address: on a local cloud only, which does not say.

    On AWS every request says by which name it came.
    """
    if not stage.is_local:
        return {}
    return {"API_URL": f"{stage.endpoint_url}/_aws/execute-api/{LOCAL_API_ID}/{VERSION}"}


def _by_resource(routes: Sequence[Route]) -> dict[str, list[Route]]:
    """Return the routes of each resource: one for each method, whose function finds the path."""
    grouped: dict[str, dict[str, Route]] = defaultdict(dict)
    for route in routes:
        grouped[route.resource].setdefault(route.method, route)
    return {resource: list(of_method.values()) for resource, of_method in grouped.items()}
