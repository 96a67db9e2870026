"""What a data protection officer may do, and what feeds the eraser."""

import json

from tests.infra.conftest import Synthesis


def test_an_officer_may_invoke_one_function_and_do_nothing_else(synthesis: Synthesis) -> None:
    (policy,) = (
        one
        for one in synthesis.properties("AWS::IAM::ManagedPolicy")
        if one["ManagedPolicyName"].endswith("-data-protection-officer")
    )
    (statement,) = policy["PolicyDocument"]["Statement"]
    assert statement["Effect"] == "Allow"
    assert statement["Action"] == "lambda:InvokeFunction"
    assert "OnRightsRequest" in json.dumps(statement["Resource"])
    assert not {"Users", "Groups", "Roles"} & policy.keys()  # who it is, people decide


def test_the_daily_look_comes_every_night(synthesis: Synthesis) -> None:
    (rule,) = (
        one
        for one in synthesis.properties("AWS::Events::Rule")
        if one["Name"].endswith("-every-day")
    )
    assert rule["ScheduleExpression"] == "cron(30 18 * * ? *)"  # 01.30 in Semarang
    assert "EveryDay" in json.dumps(rule["Targets"])


def test_the_eraser_reports_each_failure_by_itself(synthesis: Synthesis) -> None:
    (mapping,) = (
        one
        for one in synthesis.properties("AWS::Lambda::EventSourceMapping")
        if "Erasures" in json.dumps(one["EventSourceArn"])
    )
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert mapping["ScalingConfig"] == {"MaximumConcurrency": 5}
