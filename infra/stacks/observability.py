"""Alarms, the topic that carries them, and a dashboard."""

from collections.abc import Sequence

from aws_cdk import Duration, RemovalPolicy, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct

from infra import dashboard, metrics
from infra.constructs.payments import SETTLED
from infra.constructs.photos import UPLOADED
from infra.constructs.shelters import ALERTS, EVALUATION, MOVEMENTS
from infra.entries import (
    ENTRIES,
    INTAKE_EVERY_DAY,
    INTAKE_OUTBOX,
    PAYMENTS_API,
    SHELTERS_OUTBOX,
)
from infra.payment_alarms import PAYMENT_ALARMS
from infra.queues import dead_name
from infra.stacks.placing import placed
from infra.stages import Stage
from shared.jurisdiction import Jurisdiction

_MINUTE_S = 60
_HOUR_S = 60 * _MINUTE_S
_DAY_S = 24 * _HOUR_S
#: Of the mail sent, as SES reckons it: below what makes it look into an account.
_MOST_BOUNCES = 0.04
#: The queues between functions, beside routing's.
INNER_QUEUES = (
    *("notices", "photos", "erasures", "payments", "settlements"),
    *(MOVEMENTS, EVALUATION, ALERTS),
)
#: Those that people see waiting: after five minutes shelters are shown as they no longer are.
_AT_ONCE = frozenset({MOVEMENTS, EVALUATION, ALERTS})


class ObservabilityStack(Stack):
    """Tells people when something needs them.

    Metrics are addressed by the names of what they measure, not by references, so this stack can
    always be deployed, changed or removed alone.
    """

    def __init__(
        self, scope: Construct, *, stage: Stage, jurisdictions: Sequence[Jurisdiction]
    ) -> None:
        super().__init__(
            scope,
            f"{stage.prefix}-observability",
            description="Simpul: alarms and dashboard",
            **placed(stage),
        )
        self._stage = stage
        self._topic = self._alarm_topic()
        self._action = actions.SnsAction(self._topic)
        agencies = [agency.code for each in jurisdictions for agency in each.agencies]
        self._queue_alarms(agencies)
        self._function_alarms()
        self._upload_alarms()
        self._delivery_alarm()
        self._stuck_alarm()
        self._erasure_alarm()
        self._payment_alarms()
        self._api_alarms()
        if stage.email_sender:
            self._alarm(
                f"{stage.prefix}-mail-bounces",
                "mail comes back; at 5 % SES looks into the account, at 10 % it stops it",
                metrics.email("Reputation.BounceRate", "Maximum"),
                _MOST_BOUNCES,
            )
        cloudwatch.Dashboard(
            self,
            "Dashboard",
            dashboard_name=stage.prefix,
            widgets=dashboard.rows(stage, agencies),
        )

    def _alarm_topic(self) -> sns.Topic:
        key = kms.Key(
            self,
            "TopicKey",
            alias=f"{self._stage.prefix}-alarms",
            description="Encrypts the alarm topic",
            enable_key_rotation=True,
            removal_policy=(
                RemovalPolicy.RETAIN if self._stage.keeps_data else RemovalPolicy.DESTROY
            ),
        )
        from_here = {"StringEquals": {"aws:SourceAccount": self.account}}
        cloudwatch_alarms = iam.ServicePrincipal("cloudwatch.amazonaws.com", conditions=from_here)
        # Without this CloudWatch cannot publish, and an alarm fails in silence.
        key.grant(cloudwatch_alarms, "kms:Decrypt", "kms:GenerateDataKey*")
        topic = sns.Topic(
            self,
            "Topic",
            topic_name=f"{self._stage.prefix}-alarms",
            master_key=key,
            enforce_ssl=not self._stage.is_local,
        )
        topic.grant_publish(cloudwatch_alarms)
        for email in self._stage.alarm_emails:
            topic.add_subscription(subscriptions.EmailSubscription(email))
        return topic

    def _queue_alarms(self, agencies: Sequence[str]) -> None:
        prefix = self._stage.prefix
        inner = [f"{prefix}-{name}" for name in INNER_QUEUES]
        queues = [f"{prefix}-routing", *(self._stage.agency_queue(code) for code in agencies)]
        # One alarm for each dead-letter queue: it names what to look at, and metric arithmetic
        # would cost the same, being charged by metric.
        dead = [dead_name(queue) for queue in (*inner, *queues)]
        failures = [f"{prefix}-{one}-outbox-failures" for one in ("complaints", "shelters")]
        for name in [*dead, *failures]:
            self._alarm(name, "has messages to look at", metrics.queue_depth(name), 1)
        self._alarm(
            f"{prefix}-routing-age",
            "complaints wait for the router",
            metrics.queue_age(queues[0]),
            15 * _MINUTE_S,
        )
        for name, queue in zip(INNER_QUEUES, inner, strict=True):
            waits_s = 5 * _MINUTE_S if name in _AT_ONCE else _HOUR_S
            self._alarm(f"{queue}-age", "is not worked off", metrics.queue_age(queue), waits_s)
        for queue in queues[1:]:
            self._alarm(
                f"{queue}-age",
                "the agency does not fetch its work",
                metrics.queue_age(queue),
                _DAY_S,
            )

    def _function_alarms(self) -> None:
        for entry in ENTRIES.values():
            name = entry.function_name(self._stage)
            self._alarm(f"{name}-errors", "fails", metrics.function(name, "Errors", "Sum"), 1)
            self._alarm(
                f"{name}-throttles", "is throttled", metrics.function(name, "Throttles", "Sum"), 1
            )
        for entry, what in ((INTAKE_OUTBOX, "complaints"), (SHELTERS_OUTBOX, "shelters")):
            outbox = entry.function_name(self._stage)
            self._alarm(
                f"{outbox}-age",
                f"changes of {what} wait in the stream",
                metrics.function(outbox, "IteratorAge", "Maximum"),
                5 * _MINUTE_S * 1000,  # CloudWatch tells it in milliseconds
            )

    def _upload_alarms(self) -> None:
        """Tell of uploads that EventBridge could not queue: nothing else knows of them."""
        for name in (UPLOADED, SETTLED):
            rule = f"{self._stage.prefix}-{name}"
            self._alarm(
                f"{rule}-lost",
                "an upload was not queued, and will not be looked at",
                metrics.metric("AWS/Events", "FailedInvocations", "Sum", {"RuleName": rule}),
                1,
            )

    def _delivery_alarm(self) -> None:
        """Tell of complaints that the sweep has sent again for an hour, and still none arrived."""
        self._alarm(
            f"{self._stage.prefix}-undelivered",
            "a complaint does not reach its agency",
            metrics.routing("OldestMarkAgeSeconds", "Maximum", Duration.minutes(30)),
            60 * _MINUTE_S,
        )

    def _stuck_alarm(self) -> None:
        """Tell of complaints that agencies were sent as often as they are to be, in vain."""
        self._alarm(
            f"{self._stage.prefix}-unacknowledged",
            "an agency does not acknowledge a complaint; `simpul stuck` says which",
            metrics.routing("Stuck", "Maximum", Duration.minutes(30)),
            1,
        )

    def _erasure_alarm(self) -> None:
        """Tell of requests to be forgotten that the daily look found not carried out."""
        self._alarm(
            f"{self._stage.prefix}-erasures-late",
            "who asked to be forgotten is not yet, and the law allows 72 hours",
            metrics.counted(INTAKE_EVERY_DAY, "ErasuresLate", "Sum", Duration.hours(1)),
            1,
        )

    def _payment_alarms(self) -> None:
        for one in PAYMENT_ALARMS:
            self._alarm(
                f"{self._stage.prefix}-{one.name}",
                one.what,
                metrics.counted(PAYMENTS_API, one.metric, one.statistic, Duration.hours(1)),
                one.threshold,
            )

    def _api_alarms(self) -> None:
        self._alarm(
            f"{self._stage.prefix}-api-5xx",
            "the API answers with 5xx",
            metrics.api(self._stage, "5XXError"),
            1,
        )

    def _alarm(self, name: str, what: str, metric: cloudwatch.Metric, threshold: float) -> None:
        alarm = cloudwatch.Alarm(
            self,
            name.removeprefix(f"{self._stage.prefix}-"),
            alarm_name=name,
            alarm_description=f"{name}: {what}. See docs/runbooks.",
            metric=metric,
            threshold=threshold,
            evaluation_periods=1,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        )
        alarm.add_alarm_action(self._action)
