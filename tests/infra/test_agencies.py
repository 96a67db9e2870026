"""An agency reaches its own queue and nothing else, and keeps what it has when it retires."""

import json
from pathlib import Path

from aws_cdk import App, Stack
from aws_cdk import aws_cognito as cognito

from functions.payment_webhooks.configuration import payments_of
from functions.shelter_alerts.configuration import shelters_of
from infra.program import jurisdictions
from infra.stacks.agencies import AgenciesStack
from infra.stacks.placing import placed
from infra.stages import Stage, stage_named
from shared.jurisdiction import Agency
from tests.infra.conftest import Synthesis, Template, statements, synthesize

ALL = {agency.code: agency for each in jurisdictions() for agency in each.agencies}
CLERK = "arn:aws:iam::210987654321:role/clerk"


def agencies(folder: Path, stage: Stage, *members: Agency) -> Template:
    """Return the template of a jurisdiction with these agencies."""
    (first, *_) = jurisdictions()
    changed = first.model_copy(update={"agencies": members})

    def build(app: App) -> Stage:
        users = Stack(app, "users", **placed(stage))
        pool = cognito.UserPool(users, "Pool")
        AgenciesStack(app, stage=stage, jurisdiction=changed, pool=pool)
        return stage

    return synthesize(folder, build).templates[f"agencies-{first.id}"]


def an_agency(**changes: object) -> Agency:
    (first, *_) = jurisdictions()
    return first.agencies[0].model_copy(update=changes)


def output(template: Template) -> str:
    """Return the one agency's output, joined as CloudFormation would."""
    ((name, value),) = template["Outputs"].items()
    assert name.startswith("Agency")
    joined = value["Value"]
    parts = joined["Fn::Join"][1] if isinstance(joined, dict) else [joined]
    return "".join(part if isinstance(part, str) else "TOKEN" for part in parts)


def test_every_agency_has_a_queue_a_group_and_an_output(synthesis: Synthesis) -> None:
    prefix = synthesis.stage.prefix
    queues = {queue["QueueName"] for queue in synthesis.properties("AWS::SQS::Queue")}
    groups = {group["GroupName"] for group in synthesis.properties("AWS::Cognito::UserPoolGroup")}
    for code in ALL:
        assert {f"{prefix}-agency-{code}", f"{prefix}-agency-{code}-dlq"} <= queues
        assert f"agency:{code}" in groups
    outputs = [
        name
        for stack, template in synthesis.templates.items()
        if stack.startswith("agencies-")
        for name in template["Outputs"]
        if name.startswith("Agency")
    ]
    assert len(outputs) == len(ALL)
    operators = {
        f"{kind}:{one.id}" for one in jurisdictions() for kind in ("operator", "treasurer")
    }
    assert {"operator", "treasurer", "shelter_officer", *operators} <= groups


def test_an_agencys_role_may_only_work_its_own_queue(local: Synthesis) -> None:
    roles = {
        name: role["Properties"]["RoleName"]
        for name, role in local.of_type("AWS::IAM::Role").items()
        if "-agency-" in role["Properties"].get("RoleName", "")
        and "agency-routing" not in role["Properties"]["RoleName"]
    }
    assert len(roles) == len(ALL)
    queues = local.of_type("AWS::SQS::Queue")
    seen = set()
    for role, statement in statements(local):
        if role not in roles:
            continue
        assert set(statement["Action"]) == {
            "sqs:ReceiveMessage",
            "sqs:DeleteMessage",
            "sqs:ChangeMessageVisibility",
            "sqs:GetQueueAttributes",
        }
        queue = queues[statement["Resource"]["Fn::GetAtt"][0]]
        assert queue["Properties"]["QueueName"] == roles[role]
        seen.add(role)
    assert seen == set(roles)


def test_on_the_local_cloud_its_account_may_assume_an_agencys_role_with_the_external_id(
    local: Synthesis,
) -> None:
    for role in local.properties("AWS::IAM::Role"):
        code = role.get("RoleName", "").removeprefix("simpul-local-agency-")
        if code in ALL:
            (statement,) = role["AssumeRolePolicyDocument"]["Statement"]
            assert statement["Principal"] == {"AWS": "arn:aws:iam::000000000000:root"}
            assert statement["Condition"] == {
                "StringEquals": {"sts:ExternalId": f"simpul-local-{code}"}
            }


def test_on_aws_only_named_principals_may_assume_it_and_without_any_there_is_no_role(
    tmp_path: Path,
) -> None:
    stage = stage_named("dev", {})
    without = agencies(tmp_path / "without", stage, an_agency(principals=()))
    assert not [r for r in without["Resources"].values() if r["Type"] == "AWS::IAM::Role"]

    named = agencies(tmp_path / "named", stage, an_agency(principals=(CLERK,)))
    (role,) = (r for r in named["Resources"].values() if r["Type"] == "AWS::IAM::Role")
    (statement,) = role["Properties"]["AssumeRolePolicyDocument"]["Statement"]
    assert statement["Principal"] == {"AWS": CLERK}
    assert "sts:ExternalId" in json.dumps(statement["Condition"])


def test_a_machine_client_is_made_only_where_asked_for_and_ssm_tells_whose_it_is(
    tmp_path: Path,
) -> None:
    stage = stage_named("dev", {})
    agency = an_agency(http_twin=True)
    template = agencies(tmp_path / "with", stage, agency)
    (client,) = (
        r["Properties"]
        for r in template["Resources"].values()
        if r["Type"] == "AWS::Cognito::UserPoolClient"
    )
    assert client["ClientName"] == agency.code
    assert client["AllowedOAuthFlows"] == ["client_credentials"]
    assert client["AllowedOAuthScopes"] == ["agency/work"]
    assert client["GenerateSecret"] is True
    (parameter,) = (
        r["Properties"]
        for r in template["Resources"].values()
        if r["Type"] == "AWS::SSM::Parameter"
    )
    assert parameter["Value"] == agency.code
    assert parameter["Name"]["Fn::Join"][1][0] == "/simpul/dev/clients/"
    told = json.loads(output(template))
    assert told["code"] == agency.code
    assert told["client_id"] == "TOKEN"
    assert told["external_id"] == f"simpul-dev-{agency.code}"

    without = agencies(tmp_path / "without", stage, an_agency(http_twin=False))
    assert not [r for r in without["Resources"].values() if "Cognito::UserPoolClient" in r["Type"]]


def test_at_least_four_agencies_have_a_machine_client(local: Synthesis) -> None:
    clients = {
        client["ClientName"]
        for client in local.properties("AWS::Cognito::UserPoolClient")
        if not client["ClientName"].startswith(("payments-", "fleet-"))
    }
    assert len(clients - {"officers"}) >= 4
    assert clients - {"officers"} == {code for code, agency in ALL.items() if agency.http_twin}


def test_a_seller_or_gate_has_a_client_with_its_scopes_and_ssm_tells_whose_it_is(
    synthesis: Synthesis,
) -> None:
    clients = {
        client["ClientName"]: client
        for client in synthesis.properties("AWS::Cognito::UserPoolClient")
        if client["ClientName"].startswith("payments-")
    }
    configured = {
        f"payments-{client.id}": (each.id, client)
        for each in jurisdictions()
        for client in payments_of(each.id).clients
    }
    assert set(clients) == set(configured)
    told = {parameter["Value"] for parameter in synthesis.properties("AWS::SSM::Parameter")}
    for name, (jurisdiction_id, client) in configured.items():
        assert clients[name]["AllowedOAuthScopes"] == list(client.scopes)
        assert clients[name]["AllowedOAuthFlows"] == ["client_credentials"]
        assert f"payments:{jurisdiction_id}:{client.id}" in told


def test_a_fleet_has_a_client_that_can_only_report_and_ssm_tells_whose_it_is(
    synthesis: Synthesis,
) -> None:
    clients = {
        client["ClientName"]: client
        for client in synthesis.properties("AWS::Cognito::UserPoolClient")
        if client["ClientName"].startswith("fleet-")
    }
    configured = {
        f"fleet-{one.id}": f"fleet:{each.id}:{one.id}"
        for each in jurisdictions()
        for one in shelters_of(each.id).providers
    }
    assert set(clients) == set(configured)
    told = {parameter["Value"] for parameter in synthesis.properties("AWS::SSM::Parameter")}
    for name, value in configured.items():
        assert clients[name]["AllowedOAuthScopes"] == ["fleet/telemetry"]
        assert clients[name]["AllowedOAuthFlows"] == ["client_credentials"]
        assert value in told


def test_a_retired_agency_keeps_its_queue_its_role_and_all_else(tmp_path: Path) -> None:
    stage = stage_named("dev", {})
    active = an_agency(principals=(CLERK,), http_twin=True, retired=False)
    retired = active.model_copy(update={"retired": True})
    before = agencies(tmp_path / "before", stage, active)
    after = agencies(tmp_path / "after", stage, retired)
    assert before == after
