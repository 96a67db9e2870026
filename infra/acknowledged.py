"""Findings of cdk-nag that stand, each with its reason beside the resource it is about."""

from aws_cdk import Acknowledgment, Stack, Token, Validations
from aws_cdk import aws_s3 as s3
from constructs import IConstruct


def acknowledge(construct: IConstruct, rule: str, reason: str) -> None:
    """Accept a finding ("SQS3") on a construct and all within it."""
    finding = Acknowledgment(id=f"AwsSolutions-{rule}", reason=reason)
    Validations.of(construct).acknowledge(finding)


def acknowledge_pattern(construct: IConstruct, arn: str, reason: str) -> None:
    """Accept that a policy names resources by the pattern `arn`."""
    account = Stack.of(construct).account
    if Token.is_unresolved(account):
        arn = arn.replace(account, "<AWS::AccountId>")  # as cdk-nag writes it
    acknowledge(construct, f"IAM5[Resource::{arn}]", reason)


def acknowledge_objects(construct: IConstruct, bucket: s3.Bucket, *prefixes: str) -> None:
    """Accept that a policy names the objects of another stack's bucket by their prefixes."""
    # cdk-nag writes such a bucket as the export by which CloudFormation hands it on.
    export = Stack.of(bucket).export_value(bucket.bucket_arn)
    name = Stack.of(construct).resolve(export)["Fn::ImportValue"]
    for prefix in prefixes or ("",):
        reason = "Objects are named when they come"
        acknowledge(construct, f"IAM5[Resource::{name}/{prefix}*]", reason)
