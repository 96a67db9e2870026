"""What stands before the API on AWS: the web firewall, and the API's own name."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from types import MappingProxyType

from aws_cdk import CfnOutput, Stack
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_wafv2 as waf
from constructs import Construct

from infra.constructs.gateway_responses import TOO_LARGE, TOO_MANY, problem
from infra.constructs.rest_api import VERSION
from infra.routes import ROUTES
from infra.routes.route import BODY_KB
from infra.stacks.placing import placed
from infra.stages import Domain, Stage
from shared.text import Text

#: Above it the firewall answers before a function is woken. It reads no further into a body, so
#: a route that takes more measures by itself.
BODY_LIMIT = BODY_KB * 1024
#: Under these a provider's system sends from few addresses, as often as there are payments, or as
#: its fleet moves. Their requests are signed, or have a token.
MESSAGES = ("/payments/", "/mds/", "/cds/")
#: Methods that write nothing, and the paths of those who write in bulk, by what they begin or end.
READING = ("GET", "HEAD", "OPTIONS")
BULK = (
    ("STARTS_WITH", f"/{VERSION}/agencies/"),
    ("ENDS_WITH", "/actions"),
    ("STARTS_WITH", f"/{VERSION}/open311/"),
    ("STARTS_WITH", f"/{VERSION}/orders"),
    ("STARTS_WITH", f"/{VERSION}/tickets/"),
    ("STARTS_WITH", f"/{VERSION}/fleet/"),
    ("STARTS_WITH", f"/{VERSION}/shelters/"),
    *(("STARTS_WITH", f"/{VERSION}{path}") for path in MESSAGES),
)
_MANY = tuple(f"/{VERSION}{path}" for path in MESSAGES)
LARGER = tuple(dict.fromkeys(route.path for route in ROUTES if route.body_kb > BODY_KB))


_Field = waf.CfnWebACL.FieldToMatchProperty


class EdgeStack(Stack):
    """Limits by address and size that need no code of ours."""

    def __init__(self, scope: Construct, *, stage: Stage, api: apigateway.RestApi) -> None:
        super().__init__(
            scope,
            f"{stage.prefix}-edge",
            description="Simpul: firewall and domain",
            **placed(stage),
        )
        acl = waf.CfnWebACL(
            self,
            "WebAcl",
            name=stage.prefix,
            scope="REGIONAL",
            default_action=waf.CfnWebACL.DefaultActionProperty(allow={}),
            visibility_config=_seen_as(stage.prefix),
            association_config=waf.CfnWebACL.AssociationConfigProperty(
                request_body={
                    "API_GATEWAY": waf.CfnWebACL.RequestBodyAssociatedResourceTypeConfigProperty(
                        default_size_inspection_limit="KB_64"
                    )
                }
            ),
            custom_response_bodies={
                "too-large": _problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, TOO_LARGE),
                "too-many": _problem(HTTPStatus.TOO_MANY_REQUESTS, TOO_MANY),
            },
            rules=[
                waf.CfnWebACL.RuleProperty(
                    name="body-size",
                    priority=0,
                    action=_refuse(413, "too-large"),
                    statement=waf.CfnWebACL.StatementProperty(
                        and_statement=waf.CfnWebACL.AndStatementProperty(
                            statements=[_too_long(), *map(_not_to, LARGER)]
                        )
                    ),
                    visibility_config=_seen_as(f"{stage.prefix}-body-size"),
                ),
                waf.CfnWebACL.RuleProperty(
                    name="requests-per-address",
                    priority=1,
                    action=_refuse(429, "too-many", {"Retry-After": "300"}),
                    statement=waf.CfnWebACL.StatementProperty(
                        rate_based_statement=waf.CfnWebACL.RateBasedStatementProperty(
                            aggregate_key_type="IP",
                            limit=stage.requests_per_address,
                            evaluation_window_sec=300,
                            scope_down_statement=_all_of(
                                [_not("STARTS_WITH", each, _Field(uri_path={})) for each in _MANY]
                            ),
                        )
                    ),
                    visibility_config=_seen_as(f"{stage.prefix}-requests-per-address"),
                ),
                waf.CfnWebACL.RuleProperty(
                    name="writes-per-address",
                    priority=2,
                    action=_refuse(429, "too-many", {"Retry-After": "300"}),
                    statement=waf.CfnWebACL.StatementProperty(
                        rate_based_statement=waf.CfnWebACL.RateBasedStatementProperty(
                            aggregate_key_type="IP",
                            limit=stage.writes_per_address,
                            evaluation_window_sec=300,
                            scope_down_statement=_writing_in_public(),
                        )
                    ),
                    visibility_config=_seen_as(f"{stage.prefix}-writes-per-address"),
                ),
                waf.CfnWebACL.RuleProperty(
                    name="messages-per-address",
                    priority=3,
                    action=_refuse(429, "too-many", {"Retry-After": "300"}),
                    statement=waf.CfnWebACL.StatementProperty(
                        rate_based_statement=waf.CfnWebACL.RateBasedStatementProperty(
                            aggregate_key_type="IP",
                            limit=stage.messages_per_address,
                            evaluation_window_sec=300,
                            scope_down_statement=waf.CfnWebACL.StatementProperty(
                                or_statement=waf.CfnWebACL.OrStatementProperty(
                                    statements=[
                                        _is("STARTS_WITH", each, _Field(uri_path={}))
                                        for each in _MANY
                                    ]
                                )
                            ),
                        )
                    ),
                    visibility_config=_seen_as(f"{stage.prefix}-messages-per-address"),
                ),
            ],
        )
        waf.CfnWebACLAssociation(
            self,
            "Association",
            web_acl_arn=acl.attr_arn,
            resource_arn=api.deployment_stage.stage_arn,
        )
        if stage.domain:
            self._name(stage.domain, api)

    def _name(self, domain: Domain, api: apigateway.RestApi) -> None:
        name = apigateway.DomainName(
            self,
            "Domain",
            domain_name=domain.name,
            certificate=acm.Certificate.from_certificate_arn(
                self, "Certificate", domain.certificate_arn
            ),
            endpoint_type=apigateway.EndpointType.REGIONAL,
            security_policy=apigateway.SecurityPolicy.TLS_1_2,
        )
        CfnOutput(
            self,
            "DomainTarget",
            description=f"What the DNS name {domain.name} has to point to",
            value=name.domain_name_alias_domain_name,
        )
        name.add_base_path_mapping(api, base_path=VERSION, stage=api.deployment_stage)


def _too_long() -> waf.CfnWebACL.StatementProperty:
    return waf.CfnWebACL.StatementProperty(
        size_constraint_statement=waf.CfnWebACL.SizeConstraintStatementProperty(
            comparison_operator="GT",
            size=BODY_LIMIT,
            field_to_match=waf.CfnWebACL.FieldToMatchProperty(
                body=waf.CfnWebACL.BodyProperty(oversize_handling="MATCH")
            ),
            text_transformations=[_AS_IT_IS],
        )
    )


def _not_to(path: str) -> waf.CfnWebACL.StatementProperty:
    # before it stands the stage, or a domain's base path
    return _not("ENDS_WITH", path, _Field(uri_path={}))


def _writing_in_public() -> waf.CfnWebACL.StatementProperty:
    """Return what a citizen's writing looks like: no reading, and nothing that a machine may do.

    Agencies and other systems work in bulk from one address, with a token or a key of their own.
    """
    method, path = _Field(method={}), _Field(uri_path={})
    reading = [_not("EXACTLY", name, method) for name in READING]
    machines = [_not(where, part, path) for where, part in BULK]
    return _all_of([*reading, *machines])


def _all_of(statements: list[waf.CfnWebACL.StatementProperty]) -> waf.CfnWebACL.StatementProperty:
    return waf.CfnWebACL.StatementProperty(
        and_statement=waf.CfnWebACL.AndStatementProperty(statements=statements)
    )


def _is(where: str, text: str, field: _Field) -> waf.CfnWebACL.StatementProperty:
    return waf.CfnWebACL.StatementProperty(
        byte_match_statement=waf.CfnWebACL.ByteMatchStatementProperty(
            search_string=text,
            positional_constraint=where,
            field_to_match=field,
            text_transformations=[_AS_IT_IS],
        )
    )


def _not(where: str, text: str, field: _Field) -> waf.CfnWebACL.StatementProperty:
    return waf.CfnWebACL.StatementProperty(
        not_statement=waf.CfnWebACL.NotStatementProperty(statement=_is(where, text, field))
    )


_AS_IT_IS = waf.CfnWebACL.TextTransformationProperty(priority=0, type="NONE")


def _refuse(
    status: int, body: str, headers: Mapping[str, str] = MappingProxyType({})
) -> waf.CfnWebACL.RuleActionProperty:
    sent = {
        "Access-Control-Allow-Origin": "*",
        "Cache-Control": "no-store",
        **headers,
    }
    return waf.CfnWebACL.RuleActionProperty(
        block=waf.CfnWebACL.BlockActionProperty(
            custom_response=waf.CfnWebACL.CustomResponseProperty(
                response_code=status,
                custom_response_body_key=body,
                response_headers=[
                    waf.CfnWebACL.CustomHTTPHeaderProperty(name=name, value=value)
                    for name, value in sent.items()
                ],
            )
        )
    )


def _problem(
    status: HTTPStatus, said: tuple[str, Text]
) -> waf.CfnWebACL.CustomResponseBodyProperty:
    """Return a body as like the API's as can be: no request id, which the firewall cannot repeat.

    Its content type is application/json, the nearest of the three that the firewall knows.
    """
    return waf.CfnWebACL.CustomResponseBodyProperty(
        content=json.dumps(problem(status, said)), content_type="APPLICATION_JSON"
    )


def _seen_as(metric: str) -> waf.CfnWebACL.VisibilityConfigProperty:
    # Samples would keep requests, and with them personal data.
    return waf.CfnWebACL.VisibilityConfigProperty(
        cloud_watch_metrics_enabled=True, metric_name=metric, sampled_requests_enabled=False
    )
