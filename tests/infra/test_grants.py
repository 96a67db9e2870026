"""Who may do what on AWS: exactly what each function and agency needs."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from tests.infra.conftest import Synthesis, listed, statements

#: What Lambda does on a queue in its function's name.
WORK = {
    "sqs:ReceiveMessage",
    "sqs:ChangeMessageVisibility",
    "sqs:GetQueueUrl",
    "sqs:DeleteMessage",
    "sqs:GetQueueAttributes",
}
#: What each function may do, beside its logs, tracing and its tables' keys.
MAY = {
    "complaint-intake-api": {
        "complaints": {
            "dynamodb:BatchGetItem",
            "dynamodb:GetItem",
            "dynamodb:PutItem",
            "dynamodb:Query",
            "dynamodb:UpdateItem",
        },
        "by_cell": {"dynamodb:Query"},
        "reporters": {
            "dynamodb:GetItem",
            "dynamodb:PutItem",
            "dynamodb:Query",
            "dynamodb:UpdateItem",
        },
        "open data": {"s3:GetObject", "s3:ListBucket"},
        "uploads/*": {"s3:PutObject"},
        "photos/*": {"s3:GetObject"},
        "thumbnails/*": {"s3:GetObject"},
        "complaint-id-??????": {"secretsmanager:GetSecretValue"},
        "tracking-token-??????": {"secretsmanager:GetSecretValue"},
        "clients/*": {"ssm:GetParameter"},
        "notices": {"sqs:SendMessage"},
    },
    "complaint-intake-on-progress": {
        "complaints": {"dynamodb:GetItem", "dynamodb:Query", "dynamodb:UpdateItem"},
        "reporters": {"dynamodb:GetItem", "dynamodb:UpdateItem"},
        "by_place": {"dynamodb:Query"},
        "tracking-token-??????": {"secretsmanager:GetSecretValue"},
        "partners/*": {"secretsmanager:GetSecretValue"},
        "notices": {
            "sqs:SendMessage",
            "sqs:ReceiveMessage",
            "sqs:ChangeMessageVisibility",
            "sqs:GetQueueUrl",
            "sqs:DeleteMessage",
            "sqs:GetQueueAttributes",
        },
    },
    "complaint-intake-open311-api": {
        "complaints": {
            "dynamodb:BatchGetItem",
            "dynamodb:GetItem",
            "dynamodb:PutItem",
            "dynamodb:Query",
            "dynamodb:UpdateItem",
        },
        "by_received": {"dynamodb:Query"},
        "by_updated": {"dynamodb:Query"},
        "reporters": {"dynamodb:PutItem"},
        "complaint-id-??????": {"secretsmanager:GetSecretValue"},
    },
    "complaint-intake-outbox": {
        "stream": {
            "dynamodb:ListStreams",
            "dynamodb:DescribeStream",
            "dynamodb:GetRecords",
            "dynamodb:GetShardIterator",
        },
        "complaints": {"dynamodb:BatchGetItem", "dynamodb:UpdateItem"},
        "routing": {"sqs:SendMessage"},
        "notices": {"sqs:SendMessage"},
        "photos": {"sqs:SendMessage"},
        "erasures": {"sqs:SendMessage"},
        "failures": {"sqs:SendMessage", "sqs:GetQueueAttributes", "sqs:GetQueueUrl"},
    },
    "complaint-intake-every-month": {
        "by_received": {"dynamodb:Query"},
        "open data": {"s3:PutObject", "s3:AbortMultipartUpload"},
    },
    "complaint-intake-on-photo": {
        "complaints": {"dynamodb:BatchGetItem", "dynamodb:UpdateItem"},
        "photos": WORK,
        "notices": {"sqs:SendMessage"},
        "uploads/*": {"s3:GetObject", "s3:DeleteObject"},
        "photos/*": {"s3:DeleteObject", "s3:PutObject", "s3:PutObjectTagging"},
        "thumbnails/*": {"s3:DeleteObject", "s3:PutObject", "s3:PutObjectTagging"},
        "photos bucket": {"s3:ListBucket"},
    },
    "complaint-intake-on-erasure": {
        "complaints": {
            "dynamodb:DeleteItem",
            "dynamodb:GetItem",
            "dynamodb:PutItem",
            "dynamodb:Query",
            "dynamodb:UpdateItem",
        },
        "reporters": {"dynamodb:DeleteItem", "dynamodb:PutItem", "dynamodb:Query"},
        "erasures": WORK,
        "uploads/*": {"s3:DeleteObject"},
        "photos/*": {"s3:DeleteObject"},
        "thumbnails/*": {"s3:DeleteObject"},
    },
    "complaint-intake-on-rights-request": {
        "complaints": {
            "dynamodb:BatchGetItem",
            "dynamodb:GetItem",
            "dynamodb:PutItem",
            "dynamodb:Query",
            "dynamodb:UpdateItem",
        },
        "reporters": {
            "dynamodb:GetItem",
            "dynamodb:PutItem",
            "dynamodb:Query",
            "dynamodb:UpdateItem",
        },
        "by_phone": {"dynamodb:Query"},
        "by_email": {"dynamodb:Query"},
        "photos/*": {"s3:GetObject"},
        "thumbnails/*": {"s3:GetObject"},
    },
    "complaint-intake-every-day": {
        "by_due": {"dynamodb:Query"},
        "erasures": {"sqs:SendMessage"},
    },
    "agency-routing-on-complaint": {
        "complaints": {
            "dynamodb:GetItem",
            "dynamodb:PutItem",
            "dynamodb:Query",
            "dynamodb:UpdateItem",
        },
        "by_followed": {"dynamodb:Query"},
        "agency-*": {"sqs:SendMessage"},
        "routing": WORK,
    },
    "agency-routing-api": {
        "complaints": {
            "dynamodb:BatchGetItem",
            "dynamodb:GetItem",
            "dynamodb:PutItem",
            "dynamodb:Query",
            "dynamodb:UpdateItem",
        },
        "by_agency": {"dynamodb:Query"},
        "by_stuck": {"dynamodb:Query"},
        "photos/*": {"s3:GetObject"},
        "thumbnails/*": {"s3:GetObject"},
        "agency-*": {"sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility"},
        "clients/*": {"ssm:GetParameter"},
    },
    "agency-routing-every-quarter-hour": {
        "complaints": {"dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"},
        "by_undelivered": {"dynamodb:Query"},
        "by_due": {"dynamodb:Query"},
        "by_stuck": {"dynamodb:Query"},
        "routing": {"sqs:SendMessage"},
    },
    # Whatever a provider's message does to it, it can reach no table.
    "payment-webhooks-api": {
        "notifications": {"sqs:SendMessage"},
        "midtrans-??????": {"secretsmanager:GetSecretValue"},
        "snap-??????": {"secretsmanager:GetSecretValue"},
        "gobiz-??????": {"secretsmanager:GetSecretValue"},
    },
    "payment-webhooks-orders-api": {
        "payments": {
            "dynamodb:GetItem",
            "dynamodb:PutItem",
            "dynamodb:Query",
            "dynamodb:UpdateItem",
        },
        "notifications": {"sqs:SendMessage"},
        "midtrans-??????": {"secretsmanager:GetSecretValue"},
        "snap-??????": {"secretsmanager:GetSecretValue"},
        "marketplaces-??????": {"secretsmanager:GetSecretValue"},
        "tickets-??????": {"secretsmanager:GetSecretValue"},
        "order-id-??????": {"secretsmanager:GetSecretValue"},
        "clients/*": {"ssm:GetParameter"},
    },
    "payment-webhooks-on-notification": {
        "payments": {"dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"},
        "ledger": {"dynamodb:PutItem"},
        "raw/*": {"s3:PutObject"},
        "midtrans-??????": {"secretsmanager:GetSecretValue"},
        "snap-??????": {"secretsmanager:GetSecretValue"},
        "notifications": WORK,
    },
    "payment-webhooks-on-settlement-file": {
        "payments": {"dynamodb:PutItem", "dynamodb:Query"},
        "ledger": {"dynamodb:PutItem", "dynamodb:Query"},
        "settlements/*": {"s3:GetObject"},
        "reports/*": {"s3:GetObject", "s3:PutObject"},
        "payments bucket": {"s3:ListBucket"},
        "settlements": WORK,
    },
    "payment-webhooks-every-hour": {
        "payments": {"dynamodb:PutItem", "dynamodb:Query"},
        "by_stale": {"dynamodb:Query"},
        "by_posted": {"dynamodb:Query"},
        "notifications": {"sqs:SendMessage"},
        "seals/*": {"s3:PutObject"},
    },
    "payment-webhooks-books-api": {"payments": {"dynamodb:Query"}},
    "payment-webhooks-every-minute": {
        "payments": {"dynamodb:PutItem", "dynamodb:Query"},
        "ledger": {"dynamodb:Query"},
        "by_posted": {"dynamodb:Query"},
    },
    "shelter-alerts-on-movement": {
        "shelters": {
            "dynamodb:BatchGetItem",
            "dynamodb:DeleteItem",
            "dynamodb:PutItem",
            "dynamodb:UpdateItem",
        },
        "movements": WORK,
        "movements dead": {"sqs:SendMessage"},
    },
    "shelter-alerts-mds-api": {
        "shelters": {"dynamodb:BatchGetItem", "dynamodb:PutItem", "dynamodb:Query"},
        "by_provider": {"dynamodb:Query"},
        "movements": {"sqs:SendMessage"},
        "clients/*": {"ssm:GetParameter"},
    },
    "shelter-alerts-alerts-api": {
        "shelters": {
            "dynamodb:BatchGetItem",
            "dynamodb:GetItem",
            "dynamodb:PutItem",
            "dynamodb:Query",
        },
        "clients/*": {"ssm:GetParameter"},
    },
    "shelter-alerts-feeds-api": {"shelters": {"dynamodb:Query"}},
    "shelter-alerts-redirects-api": {
        "shelters": {"dynamodb:BatchGetItem", "dynamodb:PutItem", "dynamodb:Query"},
        "clients/*": {"ssm:GetParameter"},
    },
    "shelter-alerts-every-minute": {
        "shelters": {"dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query"},
        "by_seen": {"dynamodb:Query"},
        "by_due": {"dynamodb:Query"},
        "movements": {"sqs:SendMessage"},
        "evaluation": {"sqs:SendMessage"},
        "shelter alerts": {"sqs:SendMessage"},
    },
    "shelter-alerts-outbox": {
        "stream": {
            "dynamodb:ListStreams",
            "dynamodb:DescribeStream",
            "dynamodb:GetRecords",
            "dynamodb:GetShardIterator",
        },
        "evaluation": {"sqs:SendMessage"},
        "shelter alerts": {"sqs:SendMessage"},
        "failures": {"sqs:SendMessage", "sqs:GetQueueAttributes", "sqs:GetQueueUrl"},
    },
    "shelter-alerts-on-timer": {
        "shelters": {"dynamodb:BatchGetItem", "dynamodb:PutItem", "dynamodb:Query"},
        "evaluation": {"sqs:SendMessage", *WORK},
    },
    "shelter-alerts-on-alert": {
        "shelters": {
            "dynamodb:BatchGetItem",
            "dynamodb:GetItem",
            "dynamodb:PutItem",
            "dynamodb:Query",
            "dynamodb:UpdateItem",
        },
        # Of all agencies only those of transport.
        "agency-*-dishub": {"sqs:SendMessage"},
        "shelter alerts": {"sqs:SendMessage", *WORK},
        "partners/*": {"secretsmanager:GetSecretValue"},
    },
}
#: How each of those resources is told apart in a template, the first that fits.
KNOWN_BY = (
    ("stream", "StreamArn"),
    ("by_agency", "/index/by_agency"),
    ("by_undelivered", "/index/by_undelivered"),
    ("by_cell", "/index/by_cell"),
    ("by_phone", "/index/by_phone"),
    ("by_place", "/index/by_place"),
    ("by_email", "/index/by_email"),
    ("by_due", "/index/by_due"),
    ("by_stuck", "/index/by_stuck"),
    ("by_followed", "/index/by_followed"),
    ("by_received", "/index/by_received"),
    ("by_updated", "/index/by_updated"),
    ("failures", "OutboxFailures"),
    ("agency-*-dishub", "-agency-*-dishub"),
    ("agency-*", "-agency-*"),
    ("routing", "Routing994D8303"),
    ("partners/*", "/partners/*"),
    ("notifications", "Payments130453D3"),
    ("midtrans-??????", "payments/midtrans-??????"),
    ("snap-??????", "payments/snap-??????"),
    ("gobiz-??????", "payments/gobiz-??????"),
    ("marketplaces-??????", "payments/marketplaces-??????"),
    ("tickets-??????", "payments/tickets-??????"),
    ("order-id-??????", "payments/order-id-??????"),
    ("by_stale", "/index/by_stale"),
    ("by_day", "/index/by_day"),
    ("by_posted", "/index/by_posted"),
    ("raw/*", "/raw/*"),
    ("settlements/*", "/settlements/*"),
    ("reports/*", "/reports/*"),
    ("seals/*", "/seals/*"),
    ("by_seen", "/index/by_seen"),
    ("by_provider", "/index/by_provider"),
    ("shelters", "TablesShelters"),
    ("movements dead", "ShelterWorkMovementsDlq"),
    ("movements", "ShelterWorkMovements"),
    ("evaluation", "ShelterWorkEvaluation"),
    ("shelter alerts", "ShelterWorkAlerts"),
    ("payments bucket", "BucketsPayments"),
    ("payments", "TablesPayments"),
    ("ledger", "TablesLedger"),
    ("settlements", "Settlements"),
    ("notices", "Notices"),
    ("open data", "BucketsOpenData"),
    ("uploads/*", "/uploads/*"),
    ("photos/*", "/photos/*"),
    ("thumbnails/*", "/thumbnails/*"),
    ("photos bucket", "BucketsPhotos"),
    ("photos", "Photos"),
    ("erasures", "Erasures"),
    ("complaint-id-??????", "/complaint-id-??????"),
    ("tracking-token-??????", "/tracking-token-??????"),
    ("clients/*", "/clients/*"),
    ("complaints", "TablesComplaints42C03839"),
    ("reporters", "TablesReporters7C779446"),
)


def roles(synthesis: Synthesis) -> dict[str, str]:
    """Return the roles of functions, by logical id, by the function's name."""
    return {
        name: role["Properties"]["RoleName"].removeprefix(f"{synthesis.stage.prefix}-")
        for name, role in synthesis.of_type("AWS::IAM::Role", "service").items()
        if "RoleName" in role["Properties"]
    }


def name_of(resource: Any) -> str:
    written = json.dumps(resource)
    return next(name for name, mark in KNOWN_BY if mark in written)


def everywhere(statement: Mapping[str, Any]) -> bool:
    return any(action.split(":")[0] in ("logs", "xray", "kms") for action in actions(statement))


def actions(statement: Mapping[str, Any]) -> set[str]:
    return set(listed(statement["Action"]))


@pytest.mark.parametrize("function", MAY)
def test_a_function_may_do_exactly_what_it_needs(on_aws: Synthesis, function: str) -> None:
    granted: dict[str, set[str]] = {}
    names = roles(on_aws)
    for role, statement in statements(on_aws):
        if names.get(role) == function and not everywhere(statement):
            assert statement["Effect"] == "Allow"
            for resource in listed(statement["Resource"]):
                granted.setdefault(name_of(resource), set()).update(actions(statement))
    assert granted == MAY[function]


def test_the_local_cloud_differs_only_by_the_batch_action_it_invented(local: Synthesis) -> None:
    may_send: dict[str, set[str]] = {}
    for role, statement in statements(local):
        may_send.setdefault(role, set()).update(
            action for action in actions(statement) if action.startswith("sqs:SendMessage")
        )
    assert set(map(len, may_send.values())) == {0, 2}


def test_only_intake_reaches_the_reporters_and_their_key(synthesis: Synthesis) -> None:
    names = roles(synthesis)
    reaching = {
        names.get(role, role)
        for role, statement in statements(synthesis)
        if "Reporters" in json.dumps(statement.get("Resource"))
    }
    assert reaching == {name for name, may in MAY.items() if "reporters" in may}
    assert all(name.startswith("complaint-intake-") for name in reaching)


def test_nobody_may_change_or_delete_an_entry_of_the_ledger(synthesis: Synthesis) -> None:
    allowed = {
        action
        for _, statement in statements(synthesis)
        if "TablesLedger" in json.dumps(statement.get("Resource"))
        for action in actions(statement)
        if action.startswith("dynamodb:")
    }
    assert allowed == {"dynamodb:PutItem", "dynamodb:Query"}


def test_keys_are_used_through_dynamodb_and_s3_only(synthesis: Synthesis) -> None:
    through = set()
    for role, statement in statements(synthesis):
        used = {action for action in actions(statement) if action.startswith("kms:")}
        if not used or "Condition" not in statement:
            # Lambda itself reads the stream, with the outbox's role.
            outboxes = {"complaint-intake-outbox", "shelter-alerts-outbox"}
            assert not used or roles(synthesis)[role] in outboxes
            continue
        assert "kms:CreateGrant" not in used
        service = statement["Condition"]["StringEquals"]["kms:ViaService"]
        assert set(statement["Condition"]) == {"StringEquals"}
        if service.startswith("s3."):
            assert used == {"kms:Decrypt", "kms:GenerateDataKey"}
        through.add(service)
    region = "ap-southeast-3.amazonaws.com"
    assert through == {f"dynamodb.{region}", f"s3.{region}"}


def test_no_action_is_a_wildcard_and_only_tracing_is_allowed_everywhere(
    synthesis: Synthesis,
) -> None:
    for _, statement in statements(synthesis):
        assert not any("*" in action for action in actions(statement))
        if "NotResource" in statement:
            # Text messages go to numbers, which are no resources; this is all but the topics.
            assert statement["NotResource"] == "arn:*:sns:*:*:*"
            assert actions(statement) == {"sns:Publish"}
        elif "*" in listed(statement["Resource"]):
            everywhere = {"xray:PutTelemetryRecords", "xray:PutTraceSegments"}
            if synthesis.stage.is_local:  # which does not tell from which identity a mail is
                everywhere |= actions(statement) & {"ses:SendEmail"}
            assert actions(statement) == everywhere


def test_every_function_has_a_role_of_its_own(synthesis: Synthesis) -> None:
    functions = synthesis.properties("AWS::Lambda::Function")
    used = {function["Role"]["Fn::GetAtt"][0] for function in functions}
    assert len(used) == len(functions) == len(MAY)


def test_functions_run_python_3_13_traced_and_on_arm_on_aws(on_aws: Synthesis) -> None:
    for function in on_aws.properties("AWS::Lambda::Function"):
        assert function["Runtime"] == "python3.13"
        assert function["Architectures"] == ["arm64"]
        assert function["TracingConfig"] == {"Mode": "Active"}
        assert "ReservedConcurrentExecutions" not in function
