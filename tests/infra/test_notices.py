"""Who notices are from, and what their function may do for it."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App

from infra.program import add_stacks, jurisdictions
from infra.routes import ROUTES
from infra.stages import Stage, stage_named
from tests.infra.conftest import Synthesis, listed, statements, synthesize

FUNCTION = "complaint-intake-on-progress"


@pytest.fixture(scope="module")
def sending(tmp_path_factory: pytest.TempPathFactory) -> Synthesis:
    """A stage on AWS that sends e-mail and text messages."""
    stage = replace(
        stage_named("prod", {"CDK_DEFAULT_ACCOUNT": "123456789012"}),
        email_sender="Aduan Kota <aduan@kota.example>",
        sms_region="ap-southeast-1",
        sms_sender="ADUAN",
    )

    def build(app: App) -> Stage:
        add_stacks(app, stage, jurisdictions(), ROUTES)
        return stage

    folder: Path = tmp_path_factory.mktemp("sending")
    return synthesize(folder, build, checked=True)


def environment(synthesis: Synthesis) -> Any:
    (function,) = (
        one
        for one in synthesis.properties("AWS::Lambda::Function")
        if one["FunctionName"] == f"{synthesis.stage.prefix}-{FUNCTION}"
    )
    return function["Environment"]["Variables"]


def granted(synthesis: Synthesis, action: str) -> list[Any]:
    return [one for _, one in statements(synthesis) if action in listed(one["Action"])]


def test_mail_is_sent_from_the_stages_own_domain_and_from_no_other(sending: Synthesis) -> None:
    (identity,) = sending.properties("AWS::SES::EmailIdentity")
    assert identity["EmailIdentity"] == "kota.example"
    of_complaints, of_shelters = granted(sending, "ses:SendEmail")
    assert of_complaints == of_shelters
    allowed = [str(one) for one in of_complaints["Resource"]]
    base = ":ses:ap-southeast-3:123456789012:"
    assert len(allowed) == 2
    assert any(f"{base}identity/kota.example" in one for one in allowed)
    assert any(f"{base}configuration-set/" in one for one in allowed)


def test_mail_is_encrypted_on_its_way_untracked_and_not_sent_to_who_bounced(
    sending: Synthesis,
) -> None:
    (settings,) = sending.properties("AWS::SES::ConfigurationSet")
    assert settings["Name"] == environment(sending)["EMAIL_CONFIGURATION_SET"] == "simpul-prod"
    assert settings["DeliveryOptions"] == {"TlsPolicy": "REQUIRE"}
    assert set(settings["SuppressionOptions"]["SuppressedReasons"]) == {"BOUNCE", "COMPLAINT"}
    assert "TrackingOptions" not in settings
    assert sending.properties("AWS::SES::ConfigurationSetEventDestination") == []


def test_whoever_deploys_is_told_what_the_domains_dns_must_have(sending: Synthesis) -> None:
    outputs = sending.templates["service"]["Outputs"]
    assert len([name for name in outputs if "MailCname" in name]) == 3


def test_text_messages_go_to_numbers_and_nothing_is_published_to_topics(sending: Synthesis) -> None:
    statement, of_shelters = granted(sending, "sns:Publish")
    assert statement == of_shelters
    assert statement["NotResource"] == "arn:*:sns:*:*:*"
    assert statement["Action"] == "sns:Publish"
    told = environment(sending)
    assert (told["SMS_REGION"], told["SMS_SENDER"]) == ("ap-southeast-1", "ADUAN")


def test_a_stage_without_a_sender_sends_nothing_and_may_not(
    on_aws: Synthesis,
) -> None:
    told = environment(on_aws)
    assert (told["EMAIL_SENDER"], told["SMS_REGION"]) == ("", "")
    assert granted(on_aws, "ses:SendEmail") == granted(on_aws, "sns:Publish") == []
    assert on_aws.properties("AWS::SES::EmailIdentity") == []


def test_webhooks_reach_this_machine_on_the_local_cloud_only(synthesis: Synthesis) -> None:
    told = environment(synthesis)
    assert told.get("WEBHOOKS_TO_LOOPBACK") == ("yes" if synthesis.stage.is_local else None)


def test_a_slow_server_holds_up_no_other_notice(synthesis: Synthesis) -> None:
    (mapping,) = (
        one
        for one in synthesis.properties("AWS::Lambda::EventSourceMapping")
        if "OnProgress" in one["FunctionName"]["Ref"]
    )
    assert mapping["BatchSize"] == 1
    assert mapping["ScalingConfig"] == {"MaximumConcurrency": 20}


def test_mail_that_comes_back_is_told_of_before_the_account_is_stopped(sending: Synthesis) -> None:
    (alarm,) = (
        one
        for one in sending.properties("AWS::CloudWatch::Alarm")
        if one["MetricName"] == "Reputation.BounceRate"
    )
    assert alarm["Namespace"] == "AWS/SES"
    assert "Dimensions" not in alarm
    assert alarm["Threshold"] < 0.05
