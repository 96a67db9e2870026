"""The stateless stack: functions, what triggers them, and the REST API before them."""

from collections.abc import Sequence

from aws_cdk import CfnOutput, Duration, Stack
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.bundling import LOCKS, Package, lambda_target, local_target
from infra.constructs.agency_routing import AgencyRouting
from infra.constructs.complaint_intake import ComplaintIntake
from infra.constructs.notices import Notices
from infra.constructs.open311 import Open311
from infra.constructs.open_data import OpenData
from infra.constructs.payments import Payments
from infra.constructs.photos import Photos
from infra.constructs.rest_api import VERSION, RestApi
from infra.constructs.rights import Rights
from infra.constructs.shelter_tidings import ShelterTidings
from infra.constructs.shelters import Shelters
from infra.entries import (
    BOOKS_API,
    FEEDS_API,
    FLEETS_API,
    INTAKE_API,
    INTAKE_ON_PHOTO,
    OPEN311_API,
    ORDERS_API,
    PAYMENTS_API,
    PAYMENTS_ON_NOTIFICATION,
    PAYMENTS_ON_SETTLEMENT_FILE,
    REDIRECTS_API,
    ROUTING_API,
    ROUTING_ON_COMPLAINT,
    SHELTER_ALERTS_API,
)
from infra.queues import work_queue
from infra.routes.route import Route
from infra.stacks.data import DataStack
from infra.stacks.placing import placed
from infra.stages import Stage

#: The longest that a worker of the slow queues may take.
_SLOW_WORK_S = 60


class ServiceStack(Stack):
    """What can be thrown away and deployed again at any time."""

    def __init__(
        self,
        scope: Construct,
        *,
        stage: Stage,
        data: DataStack,
        routes: Sequence[Route],
        jurisdictions: tuple[str, ...],
    ) -> None:
        super().__init__(
            scope,
            f"{stage.prefix}-service",
            description="Simpul: functions and API",
            **placed(stage),
        )
        queue, dead = self._queue(stage, "Routing", ROUTING_ON_COMPLAINT.timeout_s)
        # Their workers talk to others (a mail server, a partner), or read and write large pictures.
        self.queues = {
            name: self._queue(stage, name.title(), _SLOW_WORK_S)
            for name in ("notices", "photos", "erasures")
        }
        for name, entry in (
            ("payments", PAYMENTS_ON_NOTIFICATION),
            ("settlements", PAYMENTS_ON_SETTLEMENT_FILE),
        ):
            self.queues[name] = self._queue(stage, name.title(), entry.timeout_s)
        intake_code = _code(stage, "complaint_intake", jurisdictions)
        intake = ComplaintIntake(
            self,
            "ComplaintIntake",
            stage=stage,
            code=intake_code,
            tables=data.tables,
            buckets=data.buckets,
            queues={
                "routing": queue,
                **{name: self.queues[name][0] for name in ("notices", "photos", "erasures")},
            },
        )
        open311 = Open311(self, "Open311", stage=stage, code=intake_code, tables=data.tables)
        routing = AgencyRouting(
            self,
            "AgencyRouting",
            stage=stage,
            code=_code(stage, "agency_routing", jurisdictions),
            tables=data.tables,
            buckets=data.buckets,
            queue=queue,
            agency_queue_url_prefix=self._queue_url(stage, stage.agency_queue("")),
        )
        Photos(
            self,
            "PhotoWork",  # the queue has the shorter name
            stage=stage,
            code=_code(stage, "complaint_intake", jurisdictions, lock=INTAKE_ON_PHOTO.lock),
            tables=data.tables,
            buckets=data.buckets,
            queue=self.queues["photos"][0],
            notices=self.queues["notices"][0],
        )
        OpenData(
            self,
            "OpenData",
            stage=stage,
            code=intake_code,
            tables=data.tables,
            buckets=data.buckets,
        )
        payments = Payments(
            self,
            "PaymentWork",
            stage=stage,
            code=_code(stage, "payment_webhooks", jurisdictions, lock=PAYMENTS_API.lock),
            tables=data.tables,
            buckets=data.buckets,
            notifications=self.queues["payments"][0],
            settlements=self.queues["settlements"][0],
        )
        shelters_code = _code(stage, "shelter_alerts", jurisdictions)
        shelters = Shelters(
            self,
            "ShelterWork",
            stage=stage,
            code=shelters_code,
            tables=data.tables,
        )
        self.rest = RestApi(
            self,
            "Rest",
            stage=stage,
            routes=routes,
            functions={
                INTAKE_API.id: intake.api,
                OPEN311_API.id: open311.api,
                ROUTING_API.id: routing.api,
                PAYMENTS_API.id: payments.api,
                ORDERS_API.id: payments.orders,
                BOOKS_API.id: payments.books,
                FEEDS_API.id: shelters.feeds,
                SHELTER_ALERTS_API.id: shelters.desk,
                FLEETS_API.id: shelters.fleets,
                REDIRECTS_API.id: shelters.redirects,
            },
            pool=data.identity.pool,
        )
        notices = Notices(
            self,
            "Notifying",
            stage=stage,
            code=intake_code,
            tables=data.tables,
            queue=self.queues["notices"][0],
            public_url=self._api_url(stage),
        )
        ShelterTidings(
            self,
            "ShelterTidings",
            stage=stage,
            code=shelters_code,
            tables=data.tables,
            shelters=shelters,
            notices=notices,
            agency_queue_url_prefix=self._queue_url(stage, stage.agency_queue("")),
            public_url=self._api_url(stage),
        )
        Rights(
            self,
            "Rights",
            stage=stage,
            code=_code(stage, "complaint_intake", jurisdictions),
            tables=data.tables,
            buckets=data.buckets,
            queue=self.queues["erasures"][0],
        )
        officers = data.identity.officers
        self._outputs(
            RestApiId=self.rest.api.rest_api_id,
            ApiUrl=self._api_url(stage),
            UserPoolId=data.identity.pool.user_pool_id,
            OfficersClientId=officers.user_pool_client_id,
            OfficersCallbackUrl=stage.officers_callback_urls[0],
            RoutingQueueUrl=queue.queue_url,
            RoutingDlqUrl=dead.queue_url,
            **{f"{name.title()}QueueUrl": one.queue_url for name, (one, _) in self.queues.items()},
            **{f"{name.title()}DlqUrl": one.queue_url for name, (_, one) in self.queues.items()},
            PhotosBucket=data.buckets.photos.bucket_name,
            OpenDataBucket=data.buckets.open_data.bucket_name,
            PaymentsBucket=data.buckets.payments.bucket_name,
            OutboxFailuresUrl=intake.outbox_failures.queue_url,
            SheltersOutboxFailuresUrl=shelters.outbox_failures.queue_url,
            ComplaintsTable=data.tables.complaints.table_name,
            ReportersTable=data.tables.reporters.table_name,
            PaymentsTable=data.tables.payments.table_name,
            LedgerTable=data.tables.ledger.table_name,
            SheltersTable=data.tables.shelters.table_name,
            MovementsQueueUrl=shelters.movements.queue_url,
            MovementsDlqUrl=shelters.movements_dlq.queue_url,
            EvaluationQueueUrl=shelters.evaluation.queue_url,
            EvaluationDlqUrl=shelters.evaluation_dlq.queue_url,
            ShelterAlertsQueueUrl=shelters.alerts.queue_url,
            ShelterAlertsDlqUrl=shelters.alerts_dlq.queue_url,
            MidtransApiUrl=stage.midtrans_api_url,
            PaymentsSecretsPrefix=stage.secret_name("payments/"),
            PartnersPrefix=stage.partner_secret_prefix,
        )

    def _queue(self, stage: Stage, name: str, timeout_s: int) -> tuple[sqs.Queue, sqs.Queue]:
        """Return a queue for a function and its dead-letter queue.

        Six times the function's time-out, as AWS advises: room for a throttled poller's retries.
        """
        return work_queue(
            self,
            name,
            stage=stage,
            name=f"{stage.prefix}-{name.lower()}",
            visibility=Duration.seconds(6 * timeout_s),
        )

    def _outputs(self, **values: str) -> None:
        for name, value in values.items():
            CfnOutput(self, f"{name}Output", value=value).override_logical_id(name)

    def _queue_url(self, stage: Stage, name: str) -> str:
        base = stage.endpoint_url or f"https://sqs.{self.region}.{self.url_suffix}"
        return f"{base}/{self.account}/{name}"

    def _api_url(self, stage: Stage) -> str:
        if stage.domain:
            return f"https://{stage.domain.name}/{VERSION}"
        if stage.endpoint_url:
            api_id = self.rest.api.rest_api_id
            return f"{stage.endpoint_url}/_aws/execute-api/{api_id}/{VERSION}"
        return self.rest.api.url.removesuffix("/")


def _code(
    stage: Stage, context: str, jurisdictions: tuple[str, ...], *, lock: str = "lambda"
) -> lambda_.Code:
    """Return a context's package, with the dependencies of a lock."""
    target = local_target() if stage.is_local else lambda_target()
    package = Package(
        context=context, jurisdictions=jurisdictions, target=target, lock=LOCKS / f"{lock}.txt"
    )
    return package.as_code()
