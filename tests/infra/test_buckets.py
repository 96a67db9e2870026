"""Buckets are private, encrypted and kept; what nobody claims is forgotten; uploads are told of."""

import json

from functions.payment_webhooks import on_settlement_file
from infra.entries import ENTRIES, INTAKE_ON_PHOTO
from tests.infra.conftest import Synthesis


def buckets(synthesis: Synthesis) -> dict[str, dict[str, object]]:
    return {
        name: resource
        for name, resource in synthesis.of_type("AWS::S3::Bucket").items()
        if name.startswith("Buckets")
    }


def test_buckets_are_private_and_encrypted_with_their_contexts_own_key(
    synthesis: Synthesis,
) -> None:
    found = buckets(synthesis)
    assert len(found) == 3
    for bucket in synthesis.properties("AWS::S3::Bucket"):
        assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
        assert len(bucket["PublicAccessBlockConfiguration"]) == 4
        (rule,) = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
        assert rule["BucketKeyEnabled"] is True
        key = rule["ServerSideEncryptionByDefault"]["KMSMasterKeyID"]
        owner = "Payments" if "VersioningConfiguration" in bucket else "Complaints"
        assert f"{owner}Key" in json.dumps(key)


def test_what_payments_are_proven_by_is_never_written_over_and_never_runs_out(
    synthesis: Synthesis,
) -> None:
    (bucket,) = (
        one
        for one in synthesis.properties("AWS::S3::Bucket")
        if one.get("VersioningConfiguration") == {"Status": "Enabled"}
    )
    rules = bucket["LifecycleConfiguration"]["Rules"]
    assert not any("Expiration" in key for rule in rules for key in rule)
    assert "CorsConfiguration" not in bucket


def test_buckets_outlive_their_stack_and_refuse_plain_http_on_aws(on_aws: Synthesis) -> None:
    for bucket in buckets(on_aws).values():
        assert bucket["DeletionPolicy"] == "Retain"
    guarded = [
        statement
        for policy in on_aws.properties("AWS::S3::BucketPolicy")
        for statement in policy["PolicyDocument"]["Statement"]
        if statement["Effect"] == "Deny"
        and statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    ]
    assert len(guarded) == 3


def test_uploads_live_a_day_and_photos_that_nobody_claims_a_week(synthesis: Synthesis) -> None:
    rules = {
        rule["Id"]: rule
        for bucket in synthesis.properties("AWS::S3::Bucket")
        for rule in bucket["LifecycleConfiguration"]["Rules"]
    }
    assert (rules["uploads"]["Prefix"], rules["uploads"]["ExpirationInDays"]) == ("uploads/", 1)
    assert rules["unclaimed"]["TagFilters"] == [{"Key": "claimed", "Value": "no"}]
    assert rules["unclaimed"]["ExpirationInDays"] == 7
    assert rules["unfinished"]["AbortIncompleteMultipartUpload"]["DaysAfterInitiation"] == 1


def test_every_upload_is_told_to_the_photos_queue(synthesis: Synthesis) -> None:
    (photos,) = (
        bucket
        for bucket in synthesis.properties("AWS::S3::Bucket")
        if "NotificationConfiguration" in bucket and "CorsConfiguration" in bucket
    )
    told = photos["NotificationConfiguration"]["EventBridgeConfiguration"]
    assert told == {"EventBridgeEnabled": True}
    assert {"POST", "GET"} == set(photos["CorsConfiguration"]["CorsRules"][0]["AllowedMethods"])
    (rule,) = (
        rule
        for rule in synthesis.properties("AWS::Events::Rule")
        if "photo" in json.dumps(rule.get("EventPattern"), default=str).lower()
    )
    assert rule["EventPattern"]["source"] == ["aws.s3"]
    assert rule["EventPattern"]["detail-type"] == ["Object Created"]
    assert rule["EventPattern"]["detail"]["object"] == {"key": [{"prefix": "uploads/"}]}
    (target,) = rule["Targets"]
    assert target["Arn"]["Fn::GetAtt"][0].startswith("Photos")
    transformed = target["InputTransformer"]
    assert list(transformed["InputPathsMap"].values()) == ["$.detail.object.key"]
    assert '"type":"photo_uploaded.v1"' in transformed["InputTemplate"]


def test_every_settlement_file_is_told_to_its_queue_as_its_function_reads_it(
    synthesis: Synthesis,
) -> None:
    (rule,) = (
        rule
        for rule in synthesis.properties("AWS::Events::Rule")
        if "settlement" in rule.get("Name", "")
    )
    assert rule["EventPattern"]["detail"]["object"] == {"key": [{"prefix": "settlements/"}]}
    (target,) = rule["Targets"]
    transformed = target["InputTransformer"]
    (name,) = transformed["InputPathsMap"]
    key = "settlements/semarang/provider/a.csv"
    message = json.loads(transformed["InputTemplate"].replace(f"<{name}>", json.dumps(key)))
    assert on_settlement_file.keys_of(message) == [key]


def test_one_function_alone_carries_the_library_that_draws_pictures() -> None:
    carrying = [entry for entry in ENTRIES.values() if entry.lock == "lambda-photos"]
    assert carrying == [INTAKE_ON_PHOTO]
    assert INTAKE_ON_PHOTO.memory_mb == 1769


def test_a_hostile_picture_takes_no_other_with_it(synthesis: Synthesis) -> None:
    (mapping,) = (
        mapping
        for mapping in synthesis.properties("AWS::Lambda::EventSourceMapping")
        if "OnPhoto" in json.dumps(mapping["FunctionName"])
    )
    assert mapping["BatchSize"] == 1
    assert mapping["ScalingConfig"] == {"MaximumConcurrency": 10}
