"""A Lambda function with a role of its own that may do only what it is granted."""

from collections.abc import Mapping

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra.acknowledged import acknowledge
from infra.bundling import host_is_arm
from infra.entries import Entry
from infra.stages import Stage


class EntryFunction(lambda_.Function):
    """The function of an entry point: its log group, role, tracing and common environment."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        stage: Stage,
        entry: Entry,
        code: lambda_.Code,
        environment: Mapping[str, str],
    ) -> None:
        name = entry.function_name(stage)
        log_group = logs.LogGroup(
            scope,
            f"{construct_id}Logs",
            log_group_name=f"/aws/lambda/{name}",
            retention=retention(stage),
            removal_policy=RemovalPolicy.DESTROY,
        )
        role = iam.Role(
            scope,
            f"{construct_id}Role",
            role_name=name,
            assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"),
        )
        log_group.grant_write(role)
        super().__init__(
            scope,
            construct_id,
            function_name=name,
            handler=entry.handler,
            runtime=lambda_.Runtime.PYTHON_3_13,
            architecture=_architecture(stage),
            code=code,
            role=role,
            log_group=log_group,
            timeout=Duration.seconds(entry.timeout_s),
            memory_size=entry.memory_mb,
            tracing=lambda_.Tracing.ACTIVE,
            environment={
                "STAGE": stage.name,
                "POWERTOOLS_SERVICE_NAME": entry.context,
                "POWERTOOLS_METRICS_NAMESPACE": "Simpul",
                "POWERTOOLS_LOG_LEVEL": stage.log_level,
                **environment,
            },
        )

        acknowledge(role, "IAM5[Resource::*]", "X-Ray knows no resources to name")
        acknowledge(self, "L1", "Packages carry bytecode of 3.13, the version they are tested with")

    def may(self, *statements: iam.PolicyStatement) -> None:
        """Grant what the entry needs."""
        for statement in statements:
            self.add_to_role_policy(statement)


def retention(stage: Stage) -> logs.RetentionDays:
    """Return a stage's log retention as CDK names it."""
    return {
        1: logs.RetentionDays.ONE_DAY,
        30: logs.RetentionDays.ONE_MONTH,
        90: logs.RetentionDays.THREE_MONTHS,
    }[stage.log_retention_days]


def _architecture(stage: Stage) -> lambda_.Architecture:
    if stage.is_local and not host_is_arm():
        return lambda_.Architecture.X86_64
    return lambda_.Architecture.ARM_64
