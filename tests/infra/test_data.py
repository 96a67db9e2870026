"""What cannot be made again is encrypted, backed up and hard to delete."""

import json
import re
from collections.abc import Mapping
from typing import Any

from functions.payment_webhooks.indexes import LEDGER_INDEXES, PAYMENTS_INDEXES
from functions.shelter_alerts.indexes import SHELTERS_INDEXES
from shared import aws
from shared.complaints.indexes import COMPLAINTS_INDEXES, REPORTERS_INDEXES
from tests.aws_double import COMPLAINTS, LEDGER, PAYMENTS, REPORTERS, SHELTERS
from tests.e2e.crashes.world import COMPLAINTS_STREAM, KEY
from tests.infra.conftest import Synthesis


def test_tables_are_encrypted_with_their_own_key_and_can_be_restored(synthesis: Synthesis) -> None:
    tables = synthesis.properties("AWS::DynamoDB::GlobalTable")
    assert sorted(table["TableName"] for table in tables) == [
        f"{synthesis.stage.prefix}-complaints",
        f"{synthesis.stage.prefix}-ledger",
        f"{synthesis.stage.prefix}-payments",
        f"{synthesis.stage.prefix}-reporters",
        f"{synthesis.stage.prefix}-shelters",
    ]
    keys = set()
    for table in tables:
        assert table["BillingMode"] == "PAY_PER_REQUEST"
        assert table["SSESpecification"] == {"SSEEnabled": True, "SSEType": "KMS"}
        (replica,) = table["Replicas"]
        assert replica["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
        keys.add(replica["SSESpecification"]["KMSMasterKeyId"]["Fn::GetAtt"][0])
    assert len(keys) == 5
    for key in synthesis.properties("AWS::KMS::Key"):
        assert key["EnableKeyRotation"] is True


def test_what_holds_data_survives_its_stack_on_aws_and_goes_with_it_on_the_local_cloud(
    synthesis: Synthesis,
) -> None:
    keeps = not synthesis.stage.is_local
    for kind in (
        "AWS::DynamoDB::GlobalTable",
        "AWS::KMS::Key",
        "AWS::Cognito::UserPool",
        "AWS::SecretsManager::Secret",
    ):
        resources = synthesis.of_type(kind, "data")
        assert resources
        for resource in resources.values():
            assert resource["DeletionPolicy"] == ("Retain" if keeps else "Delete")
            assert resource["UpdateReplacePolicy"] == ("Retain" if keeps else "Delete")
    for key in synthesis.of_type("AWS::KMS::Key", "observability").values():
        assert key["DeletionPolicy"] == ("Retain" if keeps else "Delete")
    for table in synthesis.properties("AWS::DynamoDB::GlobalTable"):
        assert table["Replicas"][0]["DeletionProtectionEnabled"] is keeps
    (pool,) = synthesis.properties("AWS::Cognito::UserPool")
    assert pool["DeletionProtection"] == ("ACTIVE" if keeps else "INACTIVE")


def test_the_data_stack_is_protected_from_deletion_on_aws(synthesis: Synthesis) -> None:
    manifest = json.loads((synthesis.folder / "manifest.json").read_text())
    stack = manifest["artifacts"][f"{synthesis.stage.prefix}-data"]["properties"]
    assert stack.get("terminationProtection", False) is not synthesis.stage.is_local


def test_the_complaints_table_has_the_indexes_and_stream_that_the_store_uses(
    synthesis: Synthesis,
) -> None:
    (complaints,) = (
        table
        for table in synthesis.properties("AWS::DynamoDB::GlobalTable")
        if table["TableName"].endswith("-complaints")
    )
    keys = ("IndexName", "KeySchema", "Projection")
    indexes = [{key: index[key] for key in keys} for index in complaints["GlobalSecondaryIndexes"]]
    assert indexes == [index.definition for index in COMPLAINTS_INDEXES]
    assert complaints["TimeToLiveSpecification"] == {
        "AttributeName": "expires_at",
        "Enabled": True,
    }
    assert complaints["StreamSpecification"] == {"StreamViewType": "NEW_AND_OLD_IMAGES"}
    assert complaints["StreamSpecification"]["StreamViewType"] == COMPLAINTS_STREAM


def test_people_are_found_by_address_and_place_and_the_indexes_hold_no_address_besides(
    synthesis: Synthesis,
) -> None:
    (reporters,) = (
        table
        for table in synthesis.properties("AWS::DynamoDB::GlobalTable")
        if table["TableName"].endswith("-reporters")
    )
    keys = ("IndexName", "KeySchema", "Projection")
    indexes = [{key: index[key] for key in keys} for index in reporters["GlobalSecondaryIndexes"]]
    assert indexes == [index.definition for index in REPORTERS_INDEXES]
    held = {index["IndexName"]: index["Projection"].get("NonKeyAttributes") for index in indexes}
    place = ["lat", "long", "radius_m", "service_code"]
    assert held == {"by_phone": None, "by_email": None, "by_place": place}


def table(synthesis: Synthesis, name: str) -> Any:
    (found,) = (
        one
        for one in synthesis.properties("AWS::DynamoDB::GlobalTable")
        if one["TableName"].endswith(f"-{name}")
    )
    return found


def test_payments_and_the_ledger_have_the_indexes_that_their_stores_use(
    synthesis: Synthesis,
) -> None:
    keys = ("IndexName", "KeySchema", "Projection")
    for name, expected in (("payments", PAYMENTS_INDEXES), ("ledger", LEDGER_INDEXES)):
        made = table(synthesis, name)
        indexes = [{key: one[key] for key in keys} for one in made["GlobalSecondaryIndexes"]]
        assert indexes == [one.definition for one in expected]
        assert "StreamSpecification" not in made


def test_shelters_have_the_index_and_the_stream_that_their_functions_use(
    synthesis: Synthesis,
) -> None:
    shelters = table(synthesis, "shelters")
    keys = ("IndexName", "KeySchema", "Projection")
    indexes = [{key: one[key] for key in keys} for one in shelters["GlobalSecondaryIndexes"]]
    assert indexes == [one.definition for one in SHELTERS_INDEXES]
    assert shelters["StreamSpecification"] == {"StreamViewType": "NEW_AND_OLD_IMAGES"}


def test_the_ledger_forgets_nothing_and_forbids_changing_it_to_everyone(
    on_aws: Synthesis,
) -> None:
    ledger = table(on_aws, "ledger")
    assert "TimeToLiveSpecification" not in ledger
    (replica,) = ledger["Replicas"]
    (statement,) = replica["ResourcePolicy"]["PolicyDocument"]["Statement"]
    assert (statement["Effect"], statement["Principal"]) == ("Deny", {"AWS": "*"})
    assert {"dynamodb:UpdateItem", "dynamodb:DeleteItem", "dynamodb:BatchWriteItem"} <= set(
        statement["Action"]
    )
    assert not {"dynamodb:PutItem", "dynamodb:Query"} & set(statement["Action"])


def test_the_tables_of_the_in_process_and_crash_tests_are_like_the_synthesized_ones(
    synthesis: Synthesis, aws_double: None
) -> None:
    doubles = {
        "complaints": COMPLAINTS,
        "reporters": REPORTERS,
        "payments": PAYMENTS,
        "ledger": LEDGER,
        "shelters": SHELTERS,
    }
    for table in synthesis.properties("AWS::DynamoDB::GlobalTable"):
        name = doubles[table["TableName"].removeprefix(f"{synthesis.stage.prefix}-")]
        double = aws.dynamodb().describe_table(TableName=name)["Table"]
        assert _shape(double) == _shape(table)
        assert [(key["AttributeName"], key["KeyType"]) for key in table["KeySchema"]] == KEY


def _shape(table: Mapping[str, Any]) -> Any:
    """Return what the store relies on: keys, attribute types, indexes and their projections."""
    return {
        "key": table["KeySchema"],
        "types": {
            one["AttributeName"]: one["AttributeType"] for one in table["AttributeDefinitions"]
        },
        "indexes": {
            index["IndexName"]: (index["KeySchema"], index["Projection"])
            for index in table.get("GlobalSecondaryIndexes", ())
        },
    }


def test_secrets_are_generated_and_stand_in_no_template(synthesis: Synthesis) -> None:
    for secret in synthesis.properties("AWS::SecretsManager::Secret"):
        assert "SecretString" not in secret
        assert secret["GenerateSecretString"]["PasswordLength"] >= 64
    for template in synthesis.templates.values():
        assert not re.search(r"\{\{resolve:(secretsmanager|ssm-secure)", json.dumps(template))


def test_no_template_shows_a_machine_clients_secret(synthesis: Synthesis) -> None:
    for template in synthesis.templates.values():
        assert "ClientSecret" not in json.dumps(template)


def test_officers_are_made_by_hand_and_need_a_second_factor_on_aws(synthesis: Synthesis) -> None:
    (pool,) = synthesis.properties("AWS::Cognito::UserPool")
    assert pool["AdminCreateUserConfig"]["AllowAdminCreateUserOnly"] is True
    assert pool["MfaConfiguration"] == ("OFF" if synthesis.stage.is_local else "ON")


def test_officers_sign_in_by_code_alone_and_their_client_holds_no_secret(
    synthesis: Synthesis,
) -> None:
    (client,) = (
        each
        for each in synthesis.properties("AWS::Cognito::UserPoolClient")
        if each["ClientName"] == "officers"
    )
    assert client["GenerateSecret"] is False
    assert client["AllowedOAuthFlows"] == ["code"]
    assert client["AllowedOAuthScopes"] == ["openid", "officer/desk"]
    assert client["CallbackURLs"] == list(synthesis.stage.officers_callback_urls)
