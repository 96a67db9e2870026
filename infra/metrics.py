"""Metrics by the names of what they measure, so that who watches needs no reference to it."""

from collections.abc import Mapping

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch

from infra.entries import ROUTING_SWEEP, Entry
from infra.stages import Stage

_FIVE_MINUTES = Duration.minutes(5)


def metric(
    namespace: str,
    name: str,
    statistic: str,
    dimensions: Mapping[str, str],
    period: Duration = _FIVE_MINUTES,
) -> cloudwatch.Metric:
    """Return a metric of five minutes, unless another period is asked for."""
    return cloudwatch.Metric(
        namespace=namespace,
        metric_name=name,
        statistic=statistic,
        dimensions_map=dict(dimensions) or None,
        period=period,
    )


def routing(name: str, statistic: str, period: Duration) -> cloudwatch.Metric:
    """Return a metric that routing's functions count themselves."""
    return counted(ROUTING_SWEEP, name, statistic, period)


def counted(entry: Entry, name: str, statistic: str, period: Duration) -> cloudwatch.Metric:
    """Return a metric that an entry counts itself."""
    return metric("Simpul", name, statistic, {"service": entry.context}, period)


def api(stage: Stage, name: str, statistic: str = "Sum") -> cloudwatch.Metric:
    """Return what API Gateway counts of a stage's API."""
    return metric("AWS/ApiGateway", name, statistic, {"ApiName": stage.prefix})


def queue_depth(queue: str) -> cloudwatch.Metric:
    """Return how many messages wait on a queue."""
    dimensions = {"QueueName": queue}
    return metric("AWS/SQS", "ApproximateNumberOfMessagesVisible", "Maximum", dimensions)


def queue_age(queue: str) -> cloudwatch.Metric:
    """Return how many seconds the oldest message of a queue has waited."""
    return metric("AWS/SQS", "ApproximateAgeOfOldestMessage", "Maximum", {"QueueName": queue})


def email(name: str, statistic: str = "Sum") -> cloudwatch.Metric:
    """Return what SES counts, which it does for the account, not for a sender."""
    return metric("AWS/SES", name, statistic, {})


def function(function_name: str, name: str, statistic: str) -> cloudwatch.Metric:
    """Return what Lambda counts of a function."""
    return metric("AWS/Lambda", name, statistic, {"FunctionName": function_name})
