"""Counts what is refused of providers, in all and by provider and reason."""

from typing import TYPE_CHECKING, Final

from functions.payment_webhooks.refusal import Refused

if TYPE_CHECKING:
    from aws_lambda_powertools import Logger

_NAMESPACE: Final = "Simpul"
_SERVICE: Final = "payment_webhooks"


def count_refusal(logger: "Logger", provider: str, refusal: Refused) -> None:
    """Count a refusal, and say what was at fault; nothing of the body is kept."""
    from aws_lambda_powertools.metrics import MetricUnit, single_metric  # refusals are rare

    logger.warning("refused", provider=provider, reason=refusal.reason, field=refusal.field)
    with single_metric("NotificationsRefused", MetricUnit.Count, 1, namespace=_NAMESPACE) as metric:
        metric.add_dimension("service", _SERVICE)
    with single_metric(
        f"Refused{refusal.reason}", MetricUnit.Count, 1, namespace=_NAMESPACE
    ) as metric:
        metric.add_dimension("service", _SERVICE)
        metric.add_dimension("provider", provider)
