"""Every stage, synthesized once a session, offline and without building packages."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App, Validations
from cdk_nag import AwsSolutionsChecks

from infra.program import add_stacks, jurisdictions
from infra.routes import ROUTES
from infra.stages import Stage, stage_named

ROOT = Path(__file__).parent.parent.parent
#: `prod` with an account, as when deployed; the others as a newcomer's machine knows them.
ENVIRONMENTS: Mapping[str, Mapping[str, str]] = {
    "local": {"AWS_ENDPOINT_URL": "http://localhost:4599"},
    "dev": {},
    "prod": {"CDK_DEFAULT_ACCOUNT": "123456789012"},
}

Template = Mapping[str, Any]


@dataclass(frozen=True)
class Synthesis:
    """A stage as CloudFormation would get it."""

    stage: Stage
    folder: Path
    templates: Mapping[str, Template]  #: by the stack's name without the stage's prefix

    def of_type(self, kind: str, stack: str | None = None) -> dict[str, Any]:
        """Return all resources of a type, by logical id, of one stack or of all."""
        found = [
            (name, resource)
            for template in ([self.templates[stack]] if stack else self.templates.values())
            for name, resource in template["Resources"].items()
            if resource["Type"] == kind
        ]
        by_id = dict(found)
        assert len(by_id) == len(found), "two stacks have the same logical id; name one stack"
        return by_id

    def properties(self, kind: str) -> list[Mapping[str, Any]]:
        """Return the properties of all resources of a type."""
        return [
            resource["Properties"]
            for template in self.templates.values()
            for resource in template["Resources"].values()
            if resource["Type"] == kind
        ]


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "slow: installs dependencies from the package registry")


def context() -> dict[str, Any]:
    """Return what `cdk.json` tells the CDK, with the building of packages switched off."""
    settings = json.loads((ROOT / "cdk.json").read_text(encoding="utf-8"))
    return {**settings["context"], "aws:cdk:bundling-stacks": []}


def synthesize(folder: Path, build: Callable[[App], Stage], *, checked: bool = False) -> Synthesis:
    """Return what an app that `build` fills synthesizes to."""
    app = App(outdir=str(folder), context=context())
    stage = build(app)
    if checked:
        Validations.of(app).add_plugins(AwsSolutionsChecks(app))
    app.synth()
    templates = {
        path.name.removeprefix(f"{stage.prefix}-").removesuffix(".template.json"): json.loads(
            path.read_text(encoding="utf-8")
        )
        for path in sorted(folder.glob("*.template.json"))
    }
    return Synthesis(stage, folder, templates)


def whole(stage: Stage) -> Callable[[App], Stage]:
    """Return a builder of all of a stage's stacks, from the project's own configuration."""

    def build(app: App) -> Stage:
        add_stacks(app, stage, jurisdictions(), ROUTES)
        return stage

    return build


@pytest.fixture(scope="session")
def synthesized(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Synthesis]:
    """A function that returns a stage's synthesis, made at the first call."""

    @cache
    def of(name: str) -> Synthesis:
        stage = stage_named(name, ENVIRONMENTS[name])
        return synthesize(tmp_path_factory.mktemp(name), whole(stage), checked=True)

    return of


@pytest.fixture(params=ENVIRONMENTS)
def synthesis(request: pytest.FixtureRequest, synthesized: Callable[[str], Synthesis]) -> Synthesis:
    """Each stage in turn."""
    return synthesized(request.param)


@pytest.fixture(params=["dev", "prod"])
def on_aws(request: pytest.FixtureRequest, synthesized: Callable[[str], Synthesis]) -> Synthesis:
    """Each stage on AWS in turn."""
    return synthesized(request.param)


@pytest.fixture
def local(synthesized: Callable[[str], Synthesis]) -> Synthesis:
    return synthesized("local")


@pytest.fixture
def prod(synthesized: Callable[[str], Synthesis]) -> Synthesis:
    return synthesized("prod")


def statements(synthesis: Synthesis) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every statement of every identity policy, with the logical id of the role it is for."""
    for policy in synthesis.properties("AWS::IAM::Policy"):
        for role in policy["Roles"]:
            for statement in policy["PolicyDocument"]["Statement"]:
                yield role["Ref"], statement
    for name, role in synthesis.of_type("AWS::IAM::Role").items():
        for policy in role["Properties"].get("Policies", []):
            for statement in policy["PolicyDocument"]["Statement"]:
                yield name, statement


def listed(value: str | Sequence[Any]) -> list[Any]:
    """Return a list of what CloudFormation may write as a list or as one value."""
    return list(value) if isinstance(value, list) else [value]
