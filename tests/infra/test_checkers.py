"""What others' rules say of the templates: cdk-nag's, cfn-lint's and the CDK's own."""

import json

import pytest
from aws_cdk import App, Stack
from aws_cdk import aws_sqs as sqs
from cfnlint.api import ManualArgs, lint  # type: ignore[import-untyped]

from infra.stages import Stage, stage_named
from tests.infra.conftest import Synthesis, synthesize

#: Rules of cfn-lint that are not ours to keep, each with its reason.
IGNORED = {
    "W3005": "the CDK names a function's role in DependsOn beside its policy, which costs nothing",
    "W6001": "the service stack repeats what the command line reads, some of it the data stack's",
}
IGNORED_LOCALLY = {"W3037": "the local cloud asks for an SQS action that AWS does not have"}


def test_cdk_nag_and_the_cdk_find_nothing_unanswered(synthesis: Synthesis) -> None:
    # A finding stops the synthesis, so that this stage has templates says that there was none.
    assert synthesis.templates
    report = synthesis.folder / "validation-report.json"
    assert not report.exists() or "violations" not in report.read_text(encoding="utf-8")


def test_cdk_nag_does_stop_what_breaks_its_rules(tmp_path) -> None:
    def build(app: App) -> Stage:
        sqs.Queue(Stack(app, "simpul-dev-careless"), "Queue")
        return stage_named("dev", {})

    with pytest.raises(RuntimeError, match="AwsSolutions-SQS4"):
        synthesize(tmp_path, build, checked=True)


def test_cfn_lint_finds_nothing(synthesis: Synthesis) -> None:
    ignored = [*IGNORED, *(IGNORED_LOCALLY if synthesis.stage.is_local else ())]
    config = ManualArgs(regions=[synthesis.stage.region], ignore_checks=ignored)
    found = {
        stack: [str(match) for match in lint(json.dumps(template), config=config)]
        for stack, template in synthesis.templates.items()
    }
    assert found == {stack: [] for stack in synthesis.templates}
