"""What stands before the API on AWS: the web firewall, and the API's own name."""

import json

from aws_cdk import CfnOutput, Stack
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_wafv2 as waf
from constructs import Construct

from infra.constructs.rest_api import VERSION
from infra.stacks.placing import placed
from infra.stages import Domain, Stage

#: The longest body any route takes; above it the firewall answers before a function is woken.
BODY_LIMIT = 64 * 1024

_TOO_LARGE: dict[str, str | int] = {
    "type": "urn:simpul:problem:body_too_large",
    "title": "Isi permintaan terlalu besar",
    "status": 413,
    "code": "body_too_large",
}
_TOO_MANY: dict[str, str | int] = {
    "type": "urn:simpul:problem:too_many_requests",
    "title": "Terlalu banyak permintaan",
    "status": 429,
    "code": "too_many_requests",
}


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
                "too-large": _problem(_TOO_LARGE),
                "too-many": _problem(_TOO_MANY),
            },
            rules=[
                waf.CfnWebACL.RuleProperty(
                    name="body-size",
                    priority=0,
                    action=_refuse(stage, 413, "too-large"),
                    statement=waf.CfnWebACL.StatementProperty(
                        size_constraint_statement=waf.CfnWebACL.SizeConstraintStatementProperty(
                            comparison_operator="GT",
                            size=BODY_LIMIT,
                            field_to_match=waf.CfnWebACL.FieldToMatchProperty(
                                body=waf.CfnWebACL.BodyProperty(oversize_handling="MATCH")
                            ),
                            text_transformations=[
                                waf.CfnWebACL.TextTransformationProperty(priority=0, type="NONE")
                            ],
                        )
                    ),
                    visibility_config=_seen_as(f"{stage.prefix}-body-size"),
                ),
                waf.CfnWebACL.RuleProperty(
                    name="requests-per-address",
                    priority=1,
                    action=_refuse(stage, 429, "too-many"),
                    statement=waf.CfnWebACL.StatementProperty(
                        rate_based_statement=waf.CfnWebACL.RateBasedStatementProperty(
                            aggregate_key_type="IP",
                            limit=stage.requests_per_address,
                            evaluation_window_sec=300,
                        )
                    ),
                    visibility_config=_seen_as(f"{stage.prefix}-requests-per-address"),
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


def _refuse(stage: Stage, status: int, body: str) -> waf.CfnWebACL.RuleActionProperty:
    return waf.CfnWebACL.RuleActionProperty(
        block=waf.CfnWebACL.BlockActionProperty(
            custom_response=waf.CfnWebACL.CustomResponseProperty(
                response_code=status,
                custom_response_body_key=body,
                response_headers=[
                    waf.CfnWebACL.CustomHTTPHeaderProperty(
                        name="Access-Control-Allow-Origin", value=stage.web_origin
                    )
                ],
            )
        )
    )


def _problem(problem: dict[str, str | int]) -> waf.CfnWebACL.CustomResponseBodyProperty:
    return waf.CfnWebACL.CustomResponseBodyProperty(
        content=json.dumps(problem), content_type="APPLICATION_JSON"
    )


def _seen_as(metric: str) -> waf.CfnWebACL.VisibilityConfigProperty:
    # Samples would keep requests, and with them personal data.
    return waf.CfnWebACL.VisibilityConfigProperty(
        cloud_watch_metrics_enabled=True, metric_name=metric, sampled_requests_enabled=False
    )
