"""What stands before the API on AWS: the web firewall, and the API's own name."""

from aws_cdk import CfnOutput, Stack
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_wafv2 as waf
from constructs import Construct

from infra import firewall
from infra.constructs.rest_api import VERSION
from infra.stacks.placing import placed
from infra.stages import Domain, Stage


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
            visibility_config=firewall.seen_as(stage.prefix),
            association_config=waf.CfnWebACL.AssociationConfigProperty(
                request_body={
                    "API_GATEWAY": waf.CfnWebACL.RequestBodyAssociatedResourceTypeConfigProperty(
                        default_size_inspection_limit="KB_64"
                    )
                }
            ),
            custom_response_bodies=firewall.bodies(),
            rules=firewall.rules(stage),
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
