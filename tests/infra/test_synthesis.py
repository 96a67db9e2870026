"""Synthesis is offline, repeatable and knows its stages."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from aws_cdk import App

from infra.program import add_stacks, jurisdictions, simpul
from infra.routes import ROUTES
from infra.stages import HOME_REGION, LOCAL_ACCOUNT, Domain, Stage, stage_named
from tests.infra.conftest import ROOT, Synthesis, context, synthesize, whole


def test_a_stage_is_synthesized_to_the_same_templates_twice(
    local: Synthesis, tmp_path: Path
) -> None:
    again = synthesize(tmp_path, whole(local.stage))
    assert again.templates == local.templates


def test_stages_take_their_account_and_region_from_the_environment() -> None:
    anywhere = stage_named("prod", {})
    assert (anywhere.account, anywhere.region) == (None, HOME_REGION)
    known = stage_named("prod", {"CDK_DEFAULT_ACCOUNT": "123456789012"})
    assert known.account == "123456789012"
    local = stage_named(
        "local", {"AWS_ENDPOINT_URL": "http://localhost:4599/", "AWS_REGION": "x-1"}
    )
    assert (local.account, local.region) == (LOCAL_ACCOUNT, "x-1")
    assert local.endpoint_url == "http://localhost:4599"


def test_data_never_leaves_the_country_by_a_stray_environment_variable() -> None:
    assert stage_named("prod", {"AWS_REGION": "us-east-1"}).region == HOME_REGION


def test_an_unknown_stage_is_refused_with_the_ones_there_are() -> None:
    with pytest.raises(ValueError, match="'test' does not exist; choose local, dev or prod"):
        stage_named("test", {})


@pytest.mark.parametrize(("given", "expected"), [(None, "dev"), ("local", "local")])
def test_the_cdk_chooses_the_stage_by_context_and_dev_is_its_choice_without(
    given: str | None, expected: str
) -> None:
    app = simpul({}, {**context(), **({"stage": given} if given else {})})
    assert app.node.try_find_child(f"simpul-{expected}-service") is not None


def test_the_outputs_are_what_the_command_line_reads(synthesis: Synthesis) -> None:
    outputs = synthesis.templates["service"]["Outputs"]
    assert {name for name in outputs if not name.startswith("ExportsOutput")} == {
        "RestApiId",
        "ApiUrl",
        "UserPoolId",
        "OfficersClientId",
        "OfficersCallbackUrl",
        "RoutingQueueUrl",
        "RoutingDlqUrl",
        "OutboxFailuresUrl",
        "NoticesQueueUrl",
        "NoticesDlqUrl",
        "PhotosQueueUrl",
        "PhotosDlqUrl",
        "ErasuresQueueUrl",
        "ErasuresDlqUrl",
        "PartnersPrefix",
        "PhotosBucket",
        "OpenDataBucket",
        "PaymentsBucket",
        "PaymentsQueueUrl",
        "PaymentsDlqUrl",
        "SettlementsQueueUrl",
        "SettlementsDlqUrl",
        "PaymentsTable",
        "LedgerTable",
        "SheltersTable",
        "MovementsQueueUrl",
        "MovementsDlqUrl",
        "EvaluationQueueUrl",
        "EvaluationDlqUrl",
        "ShelterAlertsQueueUrl",
        "ShelterAlertsDlqUrl",
        "SheltersOutboxFailuresUrl",
        "PaymentsSecretsPrefix",
        "MidtransApiUrl",
        "ComplaintsTable",
        "ReportersTable",
    }


def test_on_the_local_cloud_addresses_are_its_own(local: Synthesis) -> None:
    (prefix,) = {
        function["Environment"]["Variables"]["AGENCY_QUEUE_URL_PREFIX"]
        for function in local.properties("AWS::Lambda::Function")
        if "AGENCY_QUEUE_URL_PREFIX" in function["Environment"]["Variables"]
    }
    assert prefix == f"http://localhost:4599/{LOCAL_ACCOUNT}/simpul-local-agency-"
    url = json.dumps(local.templates["service"]["Outputs"]["ApiUrl"]["Value"])
    assert "http://localhost:4599/_aws/execute-api/" in url


def test_payments_providers_are_played_beside_a_local_cloud_and_real_in_earnest_only(
    local: Synthesis, prod: Synthesis
) -> None:
    assert local.stage.midtrans_api_url == "http://127.0.0.1:4679"
    assert stage_named("local", {}).snap_api_url == "http://127.0.0.1:4646"
    assert "sandbox" in stage_named("dev", {}).midtrans_api_url
    assert prod.stage.midtrans_api_url == "https://api.midtrans.com"


def test_on_aws_queues_are_addressed_in_their_region(prod: Synthesis) -> None:
    (prefix,) = {
        json.dumps(function["Environment"]["Variables"]["AGENCY_QUEUE_URL_PREFIX"])
        for function in prod.properties("AWS::Lambda::Function")
        if "AGENCY_QUEUE_URL_PREFIX" in function["Environment"]["Variables"]
    }
    assert "https://sqs.ap-southeast-3." in prefix
    assert "/123456789012/simpul-prod-agency-" in prefix


def test_a_stage_with_a_domain_is_reached_by_it_alone(tmp_path: Path) -> None:
    stage = replace(
        stage_named("prod", {}),
        domain=Domain(name="api.example.id", certificate_arn="arn:aws:acm:x:1:certificate/y"),
        alarm_emails=("siaga@example.id",),
    )

    def build(app: App) -> Stage:
        add_stacks(app, stage, jurisdictions(), ROUTES)
        return stage

    synthesis = synthesize(tmp_path, build)
    assert synthesis.templates["service"]["Outputs"]["ApiUrl"]["Value"] == (
        "https://api.example.id/v1"
    )
    (api,) = synthesis.properties("AWS::ApiGateway::RestApi")
    assert api["DisableExecuteApiEndpoint"] is True
    (mapping,) = synthesis.properties("AWS::ApiGateway::BasePathMapping")
    assert mapping["BasePath"] == "v1"
    (domain,) = synthesis.properties("AWS::ApiGateway::DomainName")
    assert domain["SecurityPolicy"] == "TLS_1_2"
    (subscription,) = synthesis.properties("AWS::SNS::Subscription")
    assert subscription["Endpoint"] == "siaga@example.id"


def test_the_program_the_cdk_runs_synthesizes_offline(tmp_path: Path) -> None:
    environ = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "CDK_OUTDIR": str(tmp_path / "out"),
        "CDK_CONTEXT_JSON": json.dumps({**context(), "stage": "dev"}),
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    done = subprocess.run(
        [sys.executable, "app.py"],
        cwd=ROOT,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "end-of-life" not in done.stderr
    assert (tmp_path / "out" / "simpul-dev-service.template.json").exists()
