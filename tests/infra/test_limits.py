"""CloudFormation's, Lambda's and IAM's limits, kept with room to spare."""

import json

import pytest

from infra.stages import stage_named
from shared.jurisdiction import LONGEST_AGENCY_CODE
from tests.infra.conftest import Synthesis


def size(value: object) -> int:
    return len(json.dumps(value, separators=(",", ":")))


def test_every_stack_has_under_450_resources(synthesis: Synthesis) -> None:
    counts = {name: len(each["Resources"]) for name, each in synthesis.templates.items()}
    assert all(count < 450 for count in counts.values()), counts


def test_every_template_is_under_the_megabyte_that_cloudformation_takes(
    synthesis: Synthesis,
) -> None:
    assert all(size(template) < 1_000_000 for template in synthesis.templates.values())


def test_every_functions_environment_is_under_4_kb(synthesis: Synthesis) -> None:
    for function in synthesis.properties("AWS::Lambda::Function"):
        assert size(function["Environment"]["Variables"]) < 4096


def test_every_roles_inline_policies_are_under_10_kb(synthesis: Synthesis) -> None:
    by_role: dict[str, int] = {}
    for policy in synthesis.properties("AWS::IAM::Policy"):
        for role in policy["Roles"]:
            by_role[role["Ref"]] = by_role.get(role["Ref"], 0) + size(policy["PolicyDocument"])
    for name, role in synthesis.of_type("AWS::IAM::Role").items():
        for policy in role["Properties"].get("Policies", []):
            by_role[name] = by_role.get(name, 0) + size(policy["PolicyDocument"])
    assert by_role
    assert max(by_role.values()) < 10_240


@pytest.mark.parametrize("stage", ["local", "dev", "prod"])
def test_the_longest_agency_code_there_may_be_makes_a_roles_name(stage: str) -> None:
    assert len(stage_named(stage, {}).agency_queue("x" * LONGEST_AGENCY_CODE)) <= 64


def test_every_name_is_short_enough_for_its_service(synthesis: Synthesis) -> None:
    for kind, key, limit in (
        ("AWS::IAM::Role", "RoleName", 64),
        ("AWS::Lambda::Function", "FunctionName", 64),
        ("AWS::SQS::Queue", "QueueName", 80),
    ):
        names = [each[key] for each in synthesis.properties(kind) if key in each]
        assert names
        assert max(map(len, names)) <= limit, kind
