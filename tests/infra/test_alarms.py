"""What people are told about: every way in which work can get stuck."""

import json
from typing import Any

import pytest

from functions.agency_routing import every_quarter_hour
from functions.complaint_intake import every_day
from functions.payment_webhooks import on_notification
from functions.payment_webhooks.books.closing import ALTERED
from infra.entries import ENTRIES
from infra.payment_alarms import PAYMENT_ALARMS
from infra.program import jurisdictions
from infra.queues import FIFO, dead_name
from infra.stacks.observability import INNER_QUEUES
from tests.infra.conftest import Synthesis


def alarms(synthesis: Synthesis) -> list[Any]:
    return synthesis.properties("AWS::CloudWatch::Alarm")


def watched(synthesis: Synthesis, metric: str) -> set[str]:
    """Return the dimensions' values that alarms watch a metric of."""
    return {
        alarm["Dimensions"][0]["Value"]
        for alarm in alarms(synthesis)
        if alarm["MetricName"] == metric
    }


def test_every_dead_letter_queue_has_an_alarm_from_the_first_message(synthesis: Synthesis) -> None:
    dead = {
        queue["QueueName"]
        for queue in synthesis.properties("AWS::SQS::Queue")
        if queue["QueueName"].removesuffix(FIFO).endswith(("-dlq", "-failures"))
    }
    assert watched(synthesis, "ApproximateNumberOfMessagesVisible") == dead
    for alarm in alarms(synthesis):
        if alarm["MetricName"] == "ApproximateNumberOfMessagesVisible":
            assert alarm["Threshold"] == 1
            assert alarm["ComparisonOperator"] == "GreaterThanOrEqualToThreshold"


def test_every_queue_of_work_has_an_alarm_on_the_age_of_its_oldest_message(
    synthesis: Synthesis,
) -> None:
    codes = [agency.code for each in jurisdictions() for agency in each.agencies]
    assert watched(synthesis, "ApproximateAgeOfOldestMessage") == {
        *(f"{synthesis.stage.prefix}-{name}" for name in ("routing", *INNER_QUEUES)),
        *(synthesis.stage.agency_queue(code) for code in codes),
    }


def test_functions_streams_and_the_api_are_watched(synthesis: Synthesis) -> None:
    functions = {
        function["FunctionName"] for function in synthesis.properties("AWS::Lambda::Function")
    }
    assert functions == {entry.function_name(synthesis.stage) for entry in ENTRIES.values()}
    assert watched(synthesis, "Errors") == functions
    assert watched(synthesis, "Throttles") == functions
    assert watched(synthesis, "IteratorAge") == {
        f"{synthesis.stage.prefix}-complaint-intake-outbox",
        f"{synthesis.stage.prefix}-shelter-alerts-outbox",
    }
    (api,) = synthesis.properties("AWS::ApiGateway::RestApi")
    assert watched(synthesis, "5XXError") == {api["Name"]}


def test_every_rule_that_fills_a_queue_has_an_alarm_on_what_it_could_not_send(
    synthesis: Synthesis,
) -> None:
    filling = {
        rule["Name"]
        for rule in synthesis.properties("AWS::Events::Rule")
        if "EventPattern" in rule  # the others call functions, and again soon
    }
    assert len(filling) == 2
    assert watched(synthesis, "FailedInvocations") == filling


def test_complaints_that_stay_undelivered_are_told_of_whatever_became_of_their_messages(
    synthesis: Synthesis,
) -> None:
    (alarm,) = (one for one in alarms(synthesis) if one["MetricName"] == "OldestMarkAgeSeconds")
    assert alarm["Namespace"] == every_quarter_hour.metrics.namespace
    assert alarm["Dimensions"] == [
        {"Name": "service", "Value": every_quarter_hour.metrics.service},
    ]
    assert alarm["Statistic"] == "Maximum"
    assert alarm["Threshold"] == 60 * 60
    assert alarm["Period"] >= 2 * 15 * 60  # a run in each, however late one is


def test_complaints_that_agencies_do_not_acknowledge_are_told_of(synthesis: Synthesis) -> None:
    (alarm,) = (one for one in alarms(synthesis) if one["MetricName"] == "Stuck")
    assert alarm["Namespace"] == every_quarter_hour.metrics.namespace
    assert alarm["Dimensions"] == [
        {"Name": "service", "Value": every_quarter_hour.metrics.service},
    ]
    assert (alarm["Statistic"], alarm["Threshold"]) == ("Maximum", 1)
    assert alarm["Period"] >= 2 * 15 * 60


def test_a_request_to_be_forgotten_that_is_not_carried_out_is_told_of(
    synthesis: Synthesis,
) -> None:
    (alarm,) = (one for one in alarms(synthesis) if one["MetricName"] == "ErasuresLate")
    assert alarm["Namespace"] == every_day.metrics.namespace
    assert alarm["Dimensions"] == [{"Name": "service", "Value": every_day.metrics.service}]
    assert (alarm["Statistic"], alarm["Threshold"]) == ("Sum", 1)


def test_what_payments_count_for_somebody_is_told_of(synthesis: Synthesis) -> None:
    counted = {*on_notification.METRICS.values(), ALTERED}
    told = {one["MetricName"]: one for one in alarms(synthesis)}
    assert counted <= set(told)
    for name in {one.metric for one in PAYMENT_ALARMS}:
        assert told[name]["Namespace"] == on_notification.metrics.namespace
        assert told[name]["Dimensions"] == [
            {"Name": "service", "Value": on_notification.metrics.service}
        ]


def test_every_alarm_tells_the_topic_and_is_silent_without_data(synthesis: Synthesis) -> None:
    (topic,) = synthesis.of_type("AWS::SNS::Topic")
    for alarm in alarms(synthesis):
        assert alarm["AlarmActions"] == [{"Ref": topic}]
        assert alarm["TreatMissingData"] == "notBreaching"


def test_cloudwatch_may_publish_to_the_topic_and_use_its_key(synthesis: Synthesis) -> None:
    (topic,) = synthesis.properties("AWS::SNS::Topic")
    key = synthesis.of_type("AWS::KMS::Key", "observability")[
        topic["KmsMasterKeyId"]["Fn::GetAtt"][0]
    ]
    cloudwatch = {"Service": "cloudwatch.amazonaws.com"}
    (use,) = (
        statement
        for statement in key["Properties"]["KeyPolicy"]["Statement"]
        if statement["Principal"] == cloudwatch
    )
    assert set(use["Action"]) == {"kms:Decrypt", "kms:GenerateDataKey*"}
    (policy,) = synthesis.properties("AWS::SNS::TopicPolicy")
    (publish,) = (
        statement
        for statement in policy["PolicyDocument"]["Statement"]
        if statement.get("Principal") == cloudwatch
    )
    assert publish["Effect"] == "Allow"
    assert publish["Action"] == "sns:Publish"
    for statement in (use, publish):  # and no other account's alarms
        assert "aws:SourceAccount" in statement["Condition"]["StringEquals"]


def test_a_dashboard_shows_the_main_job(synthesis: Synthesis) -> None:
    (dashboard,) = synthesis.properties("AWS::CloudWatch::Dashboard")
    assert dashboard["DashboardName"] == synthesis.stage.prefix
    assert f"{synthesis.stage.prefix}-routing" in json.dumps(dashboard["DashboardBody"])


@pytest.mark.parametrize(
    "queue", ["routing", "notices", "payments", "settlements", "movements.fifo", "shelter-alerts"]
)
def test_a_dashboard_shows_what_waits_on_a_queue_and_what_was_set_aside(
    synthesis: Synthesis, queue: str
) -> None:
    (dashboard,) = synthesis.properties("AWS::CloudWatch::Dashboard")
    body, name = str(dashboard["DashboardBody"]), f"{synthesis.stage.prefix}-{queue}"
    assert f'"{name}"' in body
    assert dead_name(name) in body
