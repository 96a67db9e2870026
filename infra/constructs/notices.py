"""Tells reporters and partners of complaints' progress: the function, its queue, and who mail is from."""

from aws_cdk import CfnOutput, RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_ses as ses
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra import grants, triggers
from infra.acknowledged import acknowledge, acknowledge_pattern
from infra.constructs.complaint_intake import TRACKING_TOKEN_SECRET
from infra.constructs.function import EntryFunction
from infra.constructs.tables import Tables
from infra.entries import INTAKE_ON_PROGRESS
from infra.stages import Stage
from shared.complaints.indexes import BY_PLACE

#: How many notices are sent at a time: room for slow servers of partners, and within what SES
#: lets a new account send (14 a second).
_AT_A_TIME = 20


class Notices(Construct):
    """The sender of notices."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        stage: Stage,
        code: lambda_.Code,
        tables: Tables,
        queue: sqs.IQueue,
        public_url: str,
    ) -> None:
        super().__init__(scope, construct_id)
        self._stage = stage
        self.on_progress = EntryFunction(
            self,
            "OnProgress",
            stage=stage,
            entry=INTAKE_ON_PROGRESS,
            code=code,
            environment={
                "COMPLAINTS_TABLE": tables.complaints.table_name,
                "REPORTERS_TABLE": tables.reporters.table_name,
                "NOTICES_QUEUE_URL": queue.queue_url,
                "TRACKING_TOKEN_SECRET": stage.secret_name(TRACKING_TOKEN_SECRET),
                **channels(stage, public_url),
            },
        )
        self.on_progress.may(
            grants.on_table(tables.complaints, "GetItem", "Query", "UpdateItem"),
            grants.on_table(tables.reporters, "GetItem", "UpdateItem"),
            grants.on_table(tables.reporters, "Query", index=BY_PLACE),
            grants.on_key_of_table(self, tables.complaints_key),
            grants.on_key_of_table(self, tables.reporters_key),
            grants.read_secrets(self, stage, TRACKING_TOKEN_SECRET),
            grants.read_partners_secrets(self, stage),
            grants.send_to(stage, [queue.queue_arn]),
        )
        acknowledge_pattern(
            self, grants.partners_secrets_arn(self, stage), "Each partner has a secret of its own"
        )
        # One at a time: a server that keeps us waiting holds up no other notice.
        triggers.by_queue(self.on_progress, queue, batch=1, at_a_time=_AT_A_TIME)
        self._writing: list[iam.PolicyStatement] = []
        if stage.email_sender:
            self._writing.append(self._email(stage.email_sender))
        if stage.sms_region:
            self._writing.append(_sms())
        self.let_write(self.on_progress)

    def let_write(self, function: EntryFunction) -> None:
        """Let a function send mail and text messages, as far as the stage sends any."""
        function.may(*self._writing)
        if self._stage.is_local:
            acknowledge(function, "IAM5[Resource::*]", "Only on the local cloud")

    def _email(self, sender: str) -> iam.PolicyStatement:
        domain = sender.rpartition("@")[2].rstrip(">")
        stack = Stack.of(self)
        keeps = RemovalPolicy.RETAIN if self._stage.keeps_data else RemovalPolicy.DESTROY
        settings = ses.ConfigurationSet(
            self,
            "Mail",
            configuration_set_name=self._stage.prefix,
            reputation_metrics=True,
            # Who bounced or complained is not written to again. No tracking is switched on: it
            # would lead links, and with them tokens, through servers of others.
            suppression_reasons=ses.SuppressionReasons.BOUNCES_AND_COMPLAINTS,
            tls_policy=ses.ConfigurationSetTlsPolicy.REQUIRE,
        )
        identity = ses.EmailIdentity(self, "Sender", identity=ses.Identity.domain(domain))
        identity.apply_removal_policy(keeps)
        for number, record in enumerate(identity.dkim_records, 1):
            if not self._stage.is_local:
                CfnOutput(
                    self,
                    f"MailCname{number}",
                    description=f"A CNAME that the DNS of {domain} must have",
                    value=f"{record.name} {record.value}",
                )
        base = f"arn:{stack.partition}:ses:{stack.region}:{stack.account}"
        allowed = [
            f"{base}:identity/{domain}",
            f"{base}:configuration-set/{settings.configuration_set_name}",
        ]
        if self._stage.is_local:
            allowed = ["*"]  # the local cloud does not tell which identity a mail is from
        return iam.PolicyStatement(actions=["ses:SendEmail"], resources=allowed)


def channels(stage: Stage, public_url: str) -> dict[str, str]:
    """Return what tells a function how people and partners are written to, and where we answer."""
    return {
        "PUBLIC_URL": public_url,
        "EMAIL_SENDER": stage.email_sender or "",
        "EMAIL_CONFIGURATION_SET": stage.prefix,
        "SMS_REGION": stage.sms_region or "",
        "SMS_SENDER": stage.sms_sender,
        "PARTNER_SECRET_PREFIX": stage.partner_secret_prefix,
        **({"WEBHOOKS_TO_LOOPBACK": "yes"} if stage.is_local else {}),
    }


def _sms() -> iam.PolicyStatement:
    """Return what allows text messages: to numbers, which are no resources, and to no topic."""
    return iam.PolicyStatement(actions=["sns:Publish"], not_resources=["arn:*:sns:*:*:*"])
