"""Tells of shelters' alerts: Dishub's queues, partners' servers, and offices by mail and message."""

from aws_cdk import Stack
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra import grants, triggers
from infra.acknowledged import acknowledge_pattern
from infra.constructs.function import EntryFunction
from infra.constructs.notices import Notices, channels
from infra.constructs.shelters import Shelters
from infra.constructs.tables import Tables
from infra.entries import SHELTERS_ON_ALERT
from infra.stages import Stage

#: How many are told at a time: room for slow servers of partners.
_AT_A_TIME = 10


class ShelterTidings(Construct):
    """The teller of alerts."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        stage: Stage,
        code: lambda_.Code,
        tables: Tables,
        shelters: Shelters,
        notices: Notices,
        agency_queue_url_prefix: str,
        public_url: str,
    ) -> None:
        super().__init__(scope, construct_id)
        self.on_alert = EntryFunction(
            self,
            "OnAlert",
            stage=stage,
            entry=SHELTERS_ON_ALERT,
            code=code,
            environment={
                "SHELTERS_TABLE": tables.shelters.table_name,
                "ALERTS_QUEUE_URL": shelters.alerts.queue_url,
                "AGENCY_QUEUE_URL_PREFIX": agency_queue_url_prefix,
                **channels(stage, public_url),
            },
        )
        transport = Stack.of(self).format_arn(
            service="sqs", resource=stage.agency_queue("*-dishub")
        )
        self.on_alert.may(
            grants.on_table(
                tables.shelters, "BatchGetItem", "GetItem", "PutItem", "Query", "UpdateItem"
            ),
            grants.on_key_of_table(self, tables.shelters_key),
            # No agency but those of transport is told of shelters.
            grants.send_to(stage, [transport, shelters.alerts.queue_arn]),
            grants.read_partners_secrets(self, stage),
        )
        acknowledge_pattern(self, transport, "Each jurisdiction has a transport agency of its own")
        acknowledge_pattern(
            self, grants.partners_secrets_arn(self, stage), "Each partner has a secret of its own"
        )
        notices.let_write(self.on_alert)
        triggers.by_queue(self.on_alert, shelters.alerts, batch=1, at_a_time=_AT_A_TIME)
