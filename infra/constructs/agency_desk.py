"""What one agency has: a queue, a role that may work it, a group, and perhaps a machine client."""

from aws_cdk import CfnOutput, Duration, Stack
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_iam as iam
from constructs import Construct

from infra.constructs.machine_client import machine_client
from infra.queues import AGENCY_RECEIPTS, work_queue
from infra.routes.route import AGENCY
from infra.stages import LOCAL_ACCOUNT, Stage
from shared.jurisdiction import Agency


class AgencyDesk(Construct):
    """An agency's way in, natively by SQS and over HTTP. A retired agency keeps all of it."""

    def __init__(
        self, scope: Construct, *, stage: Stage, agency: Agency, pool: cognito.IUserPool
    ) -> None:
        super().__init__(scope, agency.code)
        name = stage.agency_queue(agency.code)
        external_id = f"{stage.prefix}-{agency.code}"
        queue, dead = work_queue(
            self,
            "Queue",
            stage=stage,
            name=name,
            visibility=Duration.minutes(5),
            receipts=AGENCY_RECEIPTS,
        )
        principals = agency.principals
        if stage.is_local:
            principals = (*principals, f"arn:aws:iam::{LOCAL_ACCOUNT}:root")
        role_arn = None
        if principals:
            role = iam.Role(
                self,
                "Role",
                role_name=name,
                description=f"Works the queue of {agency.short_name}",
                assumed_by=iam.CompositePrincipal(*map(iam.ArnPrincipal, principals)),
                external_ids=[external_id],
                inline_policies={
                    "queue": iam.PolicyDocument(
                        statements=[
                            iam.PolicyStatement(
                                actions=[
                                    "sqs:ReceiveMessage",
                                    "sqs:DeleteMessage",
                                    "sqs:ChangeMessageVisibility",
                                    "sqs:GetQueueAttributes",
                                ],
                                resources=[queue.queue_arn],
                            )
                        ]
                    )
                },
            )
            role_arn = role.role_arn
        client_id = None
        if agency.http_twin:
            client_id = machine_client(
                self,
                stage=stage,
                pool=pool,
                name=agency.code,
                scopes=(AGENCY,),
                speaks_for=agency.code,
                what="The agency that this machine client speaks for",
            )
        cognito.CfnUserPoolGroup(
            self,
            "Group",
            user_pool_id=pool.user_pool_id,
            group_name=f"agency:{agency.code}",
            description=f"Officers of {agency.short_name}",
        )
        output = CfnOutput(
            self,
            "Output",
            value=Stack.of(self).to_json_string(
                {
                    "code": agency.code,
                    "queue_url": queue.queue_url,
                    "dlq_url": dead.queue_url,
                    "role_arn": role_arn,
                    "external_id": external_id,
                    "client_id": client_id,
                }
            ),
        )
        output.override_logical_id("Agency" + agency.code.title().replace("-", ""))
