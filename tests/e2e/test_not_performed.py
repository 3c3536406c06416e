"""The aws command against what Keywright does not perform, and against what it answers without the feature."""

from __future__ import annotations

import json

import pytest

from tests.e2e.aws_cli import AwsCli, CliError
from tests.e2e.conftest import MakeCli
from tests.e2e.signing import Key

CALLS = {
    "secretsmanager": ("ListSecrets", ("secretsmanager", "list-secrets")),
    "kms": ("ListKeys", ("kms", "list-keys")),
    "organizations": ("ListAccounts", ("organizations", "list-accounts")),
    "cloudwatch": ("ListMetrics", ("cloudwatch", "list-metrics")),
    "sns": ("ListTopics", ("sns", "list-topics")),
    "ec2": ("DescribeInstances", ("ec2", "describe-instances")),
    "lambda": ("ListFunctions", ("lambda", "list-functions")),
    "route53": ("ListHostedZones", ("route53", "list-hosted-zones")),
}


@pytest.mark.parametrize("service", CALLS)
def test_the_command_says_what_is_not_performed(aws: AwsCli, service: str) -> None:
    """Every protocol's error reaches the command's message with the service and the operation, and the trail has it."""
    operation, command = CALLS[service]
    told = f"{service}:{operation} is not implemented by this server."
    assert aws.error(*command) == CliError("NotImplemented", operation, told)
    found = aws.json(
        "cloudtrail", "lookup-events", "--lookup-attributes", f"AttributeKey=EventName,AttributeValue={operation}"
    )
    event = json.loads(found["Events"][0]["CloudTrailEvent"])
    assert (event["errorCode"], event["errorMessage"]) == ("NotImplemented", told)


def test_the_command_is_denied_first(aws: AwsCli, make_cli: MakeCli) -> None:
    """A user without permission is denied by each service's own code."""
    aws.json("iam", "create-user", "--user-name", "nobody")
    made = aws.json("iam", "create-access-key", "--user-name", "nobody")["AccessKey"]
    nobody = make_cli(Key(made["AccessKeyId"], made["SecretAccessKey"]))
    assert nobody.error("secretsmanager", "list-secrets").code == "AccessDeniedException"
    assert nobody.error("ec2", "describe-instances").code == "UnauthorizedOperation"
    assert nobody.error("sns", "list-topics").code == "AccessDenied"


def test_what_audit_tools_ask_of_any_account(aws: AwsCli) -> None:
    """The command's answers are those of an account without the feature."""
    assert aws.error("organizations", "describe-organization").code == "AWSOrganizationsNotInUseException"
    assert aws.error("account", "get-contact-information").code == "ResourceNotFoundException"
    assert aws.json("accessanalyzer", "list-analyzers") == {"analyzers": []}
    assert aws.json("sso-admin", "list-instances") == {"Instances": []}
    assert aws.json("cloudtrail", "describe-trails") == {"trailList": []}
    regions = [one["RegionName"] for one in aws.json("ec2", "describe-regions")["Regions"]]
    assert len(regions) == 17
    aws.text("s3", "mb", "s3://tagged-bucket")
    tagging = "TagSet=[{Key=team,Value=blue}]"
    aws.text("s3api", "put-bucket-tagging", "--bucket", "tagged-bucket", "--tagging", tagging)
    found = aws.json("resourcegroupstaggingapi", "get-resources", "--tag-filters", "Key=team,Values=blue")
    assert [one["ResourceARN"] for one in found["ResourceTagMappingList"]] == ["arn:aws:s3:::tagged-bucket"]
