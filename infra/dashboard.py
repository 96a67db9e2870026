"""What the dashboard of a stage shows: the main job first."""

from collections.abc import Sequence

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch

from infra import metrics
from infra.constructs.shelters import ALERTS, MOVEMENTS
from infra.entries import ENTRIES
from infra.queues import dead_name
from infra.stages import Stage

_QUARTER_HOUR = Duration.minutes(15)


def rows(stage: Stage, agencies: Sequence[str]) -> list[list[cloudwatch.IWidget]]:
    """Return the graphs, row by row."""
    functions = [entry.function_name(stage) for entry in ENTRIES.values()]
    return [
        [
            _graph(
                "Requests",
                [metrics.api(stage, name) for name in ("Count", "4XXError", "5XXError")],
            ),
            _graph(
                "Latency",
                [metrics.api(stage, "Latency", share) for share in ("p50", "p99")],
            ),
        ],
        [
            _graph("Function errors", [metrics.function(f, "Errors", "Sum") for f in functions]),
            _graph(
                "Function duration", [metrics.function(f, "Duration", "p99") for f in functions]
            ),
        ],
        [
            _queue(stage, "Routing", "routing"),
            _graph(
                "Waiting at agencies",
                [metrics.queue_depth(stage.agency_queue(code)) for code in agencies],
            ),
        ],
        [
            _graph("Sent again by the sweep", [metrics.routing("Resent", "Sum", _QUARTER_HOUR)]),
            _graph(
                "Oldest undelivered",
                [metrics.routing("OldestMarkAgeSeconds", "Maximum", _QUARTER_HOUR)],
            ),
        ],
        [
            _queue(stage, "Notices", "notices"),
            _graph(
                "E-mail, of the whole account",
                [metrics.email(name) for name in ("Send", "Bounce", "Complaint", "Reject")],
            ),
        ],
        [_queue(stage, "Payments", "payments"), _queue(stage, "Settlements", "settlements")],
        [_queue(stage, "Fleets' movements", MOVEMENTS), _queue(stage, "Shelters' alerts", ALERTS)],
    ]


def _queue(stage: Stage, title: str, name: str) -> cloudwatch.GraphWidget:
    queue = f"{stage.prefix}-{name}"
    waiting = [queue, dead_name(queue)]
    return _graph(title, [*map(metrics.queue_depth, waiting), metrics.queue_age(queue)])


def _graph(title: str, shown: Sequence[cloudwatch.Metric]) -> cloudwatch.GraphWidget:
    return cloudwatch.GraphWidget(title=title, left=list(shown), width=12)
