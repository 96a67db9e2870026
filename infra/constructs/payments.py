"""Takes providers' messages, makes journal entries of them, sells, and keeps the books."""

from collections.abc import Mapping
from typing import Final

from aws_cdk import Duration
from aws_cdk import aws_events as events
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from functions.payment_webhooks.configuration import payments_of
from functions.payment_webhooks.indexes import BY_POSTED, BY_STALE
from infra import grants, triggers
from infra.acknowledged import acknowledge_objects, acknowledge_pattern
from infra.constructs.buckets import RAW, REPORTS, SEALS, SETTLEMENTS, Buckets
from infra.constructs.function import EntryFunction
from infra.constructs.tables import Tables
from infra.entries import (
    BOOKS_API,
    ORDERS_API,
    PAYMENTS_API,
    PAYMENTS_EVERY_HOUR,
    PAYMENTS_EVERY_MINUTE,
    PAYMENTS_ON_NOTIFICATION,
    PAYMENTS_ON_SETTLEMENT_FILE,
    Entry,
)
from infra.stages import Stage
from shared import config

MIDTRANS: Final = "payments/midtrans"
SNAP: Final = "payments/snap"
GOBIZ: Final = "payments/gobiz"
MARKETPLACES: Final = "payments/marketplaces"
TICKETS: Final = "payments/tickets"
ORDER_ID: Final = "payments/order-id"
#: The secrets of payments. Providers give theirs, so they are put in by hand: docs/payments.md.
PAYMENTS_SECRETS: Final[Mapping[str, str]] = {
    MIDTRANS: "Midtrans' server keys by jurisdiction, the present and the former one",
    SNAP: "Keys and client credentials of BI-SNAP, by provider",
    GOBIZ: "What GoBiz signs with, the present and the former secret",
    MARKETPLACES: "What marketplaces sign their sales with, by partner",
    TICKETS: "Signs tickets' QR codes (Ed25519); gates have the public keys",
    ORDER_ID: "Makes order ids; never rotates, as ids are derived from it",
}

#: What the rule is called that tells of settlement files, after the stage's prefix.
SETTLED: Final = "settlement-uploaded"
#: How many messages are worked on at a time: what a provider lets one merchant ask it.
_AT_A_TIME = 20


def signed_paths() -> list[str]:
    """Return the paths that a provider may have signed, as all jurisdictions' configuration says."""
    known = map(payments_of, config.jurisdiction_ids())
    return sorted({path for each in known for path in each.snap.accepted_paths})


class Payments(Construct):
    """All of payments' functions. The receivers reach no table: only their queue and secrets."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        stage: Stage,
        code: lambda_.Code,
        tables: Tables,
        buckets: Buckets,
        notifications: sqs.IQueue,
        settlements: sqs.IQueue,
    ) -> None:
        super().__init__(scope, construct_id)
        self._stage, self._code = stage, code
        self._tables, self._bucket = tables, buckets.payments
        self._queue, self._settlements = notifications, settlements
        self._key_of_payments = grants.on_key_of_table(self, tables.payments_key)
        self._keys = (self._key_of_payments, grants.on_key_of_table(self, tables.ledger_key))
        self._key_of_bucket = grants.on_key_of_bucket(self, tables.payments_key)
        acknowledge_objects(self, self._bucket, RAW, SETTLEMENTS, REPORTS, SEALS)
        acknowledge_pattern(self, grants.clients_arn(self, stage), grants.CLIENTS_REASON)
        self.api = self._receivers()
        self.orders = self._orders()
        self.books = self._books()
        self._processor()
        self._reconciler()
        self._every_minute()
        self._every_hour()

    def _receivers(self) -> EntryFunction:
        api = self._function(
            "Api",
            PAYMENTS_API,
            {
                "NOTIFICATIONS_QUEUE_URL": self._queue.queue_url,
                "SNAP_SIGNED_PATHS": ",".join(signed_paths()),
            },
        )
        api.may(
            grants.send_to(self._stage, [self._queue.queue_arn]),
            grants.read_secrets(self, self._stage, MIDTRANS, SNAP, GOBIZ),
        )
        return api

    def _processor(self) -> None:
        processor = self._function(
            "OnNotification", PAYMENTS_ON_NOTIFICATION, self._reach(provider=True)
        )
        processor.may(
            grants.on_table(self._tables.payments, "GetItem", "PutItem", "UpdateItem"),
            # It adds entries, and reads none: what was posted follows from the order.
            grants.on_table(self._tables.ledger, "PutItem"),
            grants.on_bucket(self._bucket, "PutObject", under=[RAW]),
            grants.read_secrets(self, self._stage, MIDTRANS, SNAP),
            self._key_of_bucket,
            *self._keys,
        )
        triggers.by_queue(processor, self._queue, batch=10, at_a_time=_AT_A_TIME)

    def _orders(self) -> EntryFunction:
        stage = self._stage
        orders = self._function(
            "Orders",
            ORDERS_API,
            {
                **self._reach(provider=True),
                "CLIENTS_PARAMETER_PREFIX": stage.clients_parameter_prefix,
            },
        )
        orders.may(
            grants.on_table(self._tables.payments, "GetItem", "PutItem", "Query", "UpdateItem"),
            grants.send_to(stage, [self._queue.queue_arn]),
            grants.read_secrets(self, stage, MIDTRANS, SNAP, MARKETPLACES, TICKETS, ORDER_ID),
            grants.read_clients(self, stage),
            self._key_of_payments,
        )
        return orders

    def _books(self) -> EntryFunction:
        books = self._function("Books", BOOKS_API, self._reach())
        books.may(
            # Totals and seals: the public's questions are answered without the journal.
            grants.on_table(self._tables.payments, "Query"),
            self._key_of_payments,
        )
        return books

    def _reconciler(self) -> None:
        stage, bucket, queue = self._stage, self._bucket, self._settlements
        reconciler = self._function("OnSettlementFile", PAYMENTS_ON_SETTLEMENT_FILE, self._reach())
        reconciler.may(
            grants.on_table(self._tables.payments, "PutItem", "Query"),
            grants.on_table(self._tables.ledger, "PutItem", "Query"),
            grants.on_bucket(bucket, "GetObject", under=[SETTLEMENTS, REPORTS]),
            grants.on_bucket(bucket, "PutObject", under=[REPORTS]),
            grants.tell_what_is_missing(bucket),
            self._key_of_bucket,
            *self._keys,
        )
        triggers.by_queue(reconciler, queue, batch=1, at_a_time=2)
        triggers.queue_uploads(
            self,
            "Settled",
            name=f"{stage.prefix}-{SETTLED}",
            what="Tells the settlements' queue of every file of a provider or bank",
            bucket=bucket,
            prefix=SETTLEMENTS,
            queue=queue,
            message_type="settlement_file.v1",
        )

    def _every_minute(self) -> None:
        function = self._function("EveryMinute", PAYMENTS_EVERY_MINUTE, self._reach())
        function.may(
            grants.on_table(self._tables.payments, "PutItem", "Query"),
            grants.on_table(self._tables.ledger, "Query"),
            grants.on_table(self._tables.ledger, "Query", index=BY_POSTED),
            *self._keys,
        )
        triggers.by_clock(
            function,
            self,
            "Minute",
            name=f"{self._stage.prefix}-payments-every-minute",
            what="Totals of the days that changed",
            schedule=events.Schedule.rate(Duration.minutes(1)),
            within=Duration.minutes(1),
        )

    def _every_hour(self) -> None:
        function = self._function("EveryHour", PAYMENTS_EVERY_HOUR, self._reach())
        function.may(
            grants.on_table(self._tables.payments, "PutItem", "Query"),
            grants.on_table(self._tables.payments, "Query", index=BY_STALE),
            grants.on_table(self._tables.ledger, "Query", index=BY_POSTED),
            grants.send_to(self._stage, [self._queue.queue_arn]),
            grants.on_bucket(self._bucket, "PutObject", under=[SEALS]),
            self._key_of_bucket,
            *self._keys,
        )
        triggers.by_clock(
            function,
            self,
            "Hour",
            name=f"{self._stage.prefix}-payments-every-hour",
            what="Asks after old orders; seals the ledger",
            schedule=events.Schedule.rate(Duration.minutes(60)),
            within=Duration.minutes(30),
        )

    def _reach(self, *, provider: bool = False) -> dict[str, str]:
        """Return where a function finds what it works with."""
        stage, tables = self._stage, self._tables
        return {
            "PAYMENTS_TABLE": tables.payments.table_name,
            "LEDGER_TABLE": tables.ledger.table_name,
            "RAW_BUCKET": self._bucket.bucket_name,
            "NOTIFICATIONS_QUEUE_URL": self._queue.queue_url,
            **(
                {"MIDTRANS_API_URL": stage.midtrans_api_url, "SNAP_API_URL": stage.snap_api_url}
                if provider
                else {}
            ),
        }

    def _function(self, name: str, entry: Entry, environment: Mapping[str, str]) -> EntryFunction:
        return EntryFunction(
            self,
            name,
            stage=self._stage,
            entry=entry,
            code=self._code,
            environment={
                "PAYMENTS_SECRETS_PREFIX": self._stage.secret_name("payments/"),
                **environment,
            },
        )
