"""Policy validation by boto3: each of Access Analyzer's checks, on the smallest policy that fails it."""

from __future__ import annotations

import json
from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from keywright.identity.aws_managed import aws_managed_policy
from keywright.services.accessanalyzer.checks import check_policy
from keywright.services.accessanalyzer.findings import texts
from keywright.services.accessanalyzer.policy_tree import PolicyType
from tests.contract.expect import allow, refused
from tests.contract.in_process import Account

TRUST, BUCKET = "AWS::IAM::AssumeRolePolicyDocument", "AWS::S3::Bucket"
OK = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}
LIST = {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::b"}
ACCOUNT = "111122223333"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/app"
GITHUB = f"arn:aws:iam::{ACCOUNT}:oidc-provider/token.actions.githubusercontent.com"
SAML = f"arn:aws:iam::{ACCOUNT}:saml-provider/idp"


def when(operator: str, key: str, *values: Any, base: dict[str, Any] = OK, **more: Any) -> dict[str, Any]:
    """Write a statement with one condition line."""
    return base | {"Condition": {operator: {key: values[0] if len(values) == 1 else list(values)}}} | more


def trusting(principal: Any, action: Any = "sts:AssumeRole", **more: Any) -> dict[str, Any]:
    """Write a statement of a role's trust policy."""
    return {"Effect": "Allow", "Principal": principal, "Action": action} | more


def without(statement: dict[str, Any], *names: str) -> dict[str, Any]:
    """Leave elements out of a statement."""
    return {name: value for name, value in statement.items() if name not in names}


IDENTITY: list[tuple[str, Any]] = [
    ("DATA_TYPE_MISMATCH", OK | {"Effect": 1}),
    ("DATA_TYPE_MISMATCH", OK | {"Action": [1]}),
    ("DATA_TYPE_MISMATCH", OK | {"Condition": []}),
    ("DATA_TYPE_MISMATCH", when("StringEquals", "aws:username", {"a": "b"})),
    ("DATA_TYPE_MISMATCH", "text"),
    ("INVALID_POLICY_ELEMENT", OK | {"Effekt": "Allow"}),
    ("INVALID_EFFECT", OK | {"Effect": "Permit"}),
    ("MISSING_EFFECT", without(OK, "Effect")),
    ("MISSING_ACTION", without(OK, "Action")),
    ("MISSING_RESOURCE", without(OK, "Resource")),
    ("UNSUPPORTED_PRINCIPAL", OK | {"Principal": "*"}),
    ("UNSUPPORTED_ELEMENT_COMBINATION", OK | {"NotAction": "s3:PutObject"}),
    ("UNSUPPORTED_SID", OK | {"Sid": "with space"}),
    ("EMPTY_SID_VALUE", OK | {"Sid": ""}),
    ("EMPTY_ARRAY_ACTION", OK | {"Action": []}),
    ("EMPTY_ARRAY_RESOURCE", OK | {"Resource": []}),
    ("EMPTY_OBJECT_CONDITION", OK | {"Condition": {}}),
    ("EMPTY_OBJECT_CONDITION", OK | {"Condition": {"StringEquals": {}}}),
    ("EMPTY_ARRAY_CONDITION", when("StringEquals", "aws:username", [])),
    ("EMPTY_ARRAY_CONDITION_FORALLVALUES", when("ForAllValues:StringEquals", "aws:TagKeys", [])),
    ("EMPTY_ARRAY_CONDITION_FORANYVALUE", when("ForAnyValue:StringEquals", "aws:TagKeys", [])),
    ("EMPTY_ARRAY_CONDITION_IFEXISTS", when("StringEqualsIfExists", "aws:username", [])),
    ("INVALID_ACTION", OK | {"Action": "s3:GetObjekt"}),
    ("INVALID_ACTION", OK | {"Action": "s3:Nothing*"}),
    ("INVALID_ACTION", OK | {"Action": "GetObject"}),
    ("INVALID_SERVICE_IN_ACTION", OK | {"Action": "s33:GetObject"}),
    ("WILDCARD_IN_SERVICE_NAME", OK | {"Action": "s*:GetObject"}),
    ("WILDCARD_IN_SERVICE_NAME", OK | {"Resource": "arn:aws:*code*::111122223333:*"}),
    ("VARIABLE_UNSUPPORTED_IN_ELEMENT", OK | {"Action": "s3:${aws:username}"}),
    ("INVALID_ARN_PREFIX", OK | {"Resource": "b/*"}),
    ("MISSING_ARN_FIELD", OK | {"Resource": "arn:aws:s3:::"[:-1]}),
    ("INVALID_PARTITION", OK | {"Resource": "arn:aw:s3:::b/*"}),
    ("INVALID_SERVICE", OK | {"Resource": "arn:aws:s33:::b"}),
    ("INVALID_SERVICE", when("StringEquals", "s33:prefix", "a")),
    ("INVALID_ARN_SERVICE_CASE", OK | {"Resource": "arn:aws:S3:::b"}),
    ("INVALID_ARN_ACCOUNT", OK | {"Resource": "arn:aws:iam::1234:user/a"}),
    ("ARN_ACCOUNT_NOT_ALLOWED", LIST | {"Resource": f"arn:aws:s3::{ACCOUNT}:b"}),
    ("ARN_REGION_NOT_ALLOWED", OK | {"Action": "iam:GetUser", "Resource": f"arn:aws:iam:us-east-1:{ACCOUNT}:user/a"}),
    ("INVALID_ARN_REGION", OK | {"Action": "sqs:SendMessage", "Resource": f"arn:aws:sqs:eu-north-9:{ACCOUNT}:q"}),
    ("MISSING_ARN_REGION", OK | {"Action": "sqs:SendMessage", "Resource": f"arn:aws:sqs::{ACCOUNT}:q"}),
    ("MISSING_ARN_ACCOUNT", OK | {"Action": "sqs:SendMessage", "Resource": "arn:aws:sqs:us-east-1::q"}),
    ("INVALID_ARN_RESOURCE", OK | {"Action": "iam:GetUser", "Resource": f"arn:aws:iam::{ACCOUNT}:person/a"}),
    ("INVALID_CONDITION_OPERATOR", when("StringIs", "aws:username", "a")),
    ("INVALID_CONDITION_OPERATOR", when("ForSome:StringEquals", "aws:username", "a")),
    ("NULL_WITH_IF_EXISTS", when("NullIfExists", "aws:username", "true")),
    ("NULL_WITH_QUALIFIER", when("ForAllValues:Null", "aws:TagKeys", "true")),
    ("INVALID_CONDITION_KEY_FORMAT", when("StringEquals", "username", "a")),
    ("INVALID_GLOBAL_CONDITION_KEY", when("StringEquals", "aws:UserNames", "a")),
    ("UNSUPPORTED_GLOBAL_CONDITION_KEY", when("StringEquals", "aws:ARN", "a")),
    ("INVALID_SERVICE_CONDITION_KEY", when("StringEquals", "s3:prefixes", "a")),
    ("MISSING_TAG_KEY_IN_CONDITION", when("StringEquals", "aws:ResourceTag", "a")),
    ("MISSING_TAG_KEY_IN_CONDITION", when("StringEquals", "aws:PrincipalTag/", "a")),
    ("MISSING_QUALIFIER", when("StringEquals", "aws:TagKeys", "a", base=OK | {"Action": "iam:TagUser"})),
    ("FORALLVALUES_WITH_SINGLE_VALUED_KEY", when("ForAllValues:StringEquals", "aws:username", "a")),
    (
        "DUPLICATE_KEYS_WITH_DIFFERENT_CASE",
        OK | {"Condition": {"StringEquals": {"aws:username": "a", "aws:UserName": "b"}}},
    ),
    ("INVALID_CONDITION_DATA_TYPE", when("StringEquals", "aws:username", "a", True)),
    ("INVALID_CONDITION_MULTIPLE_BOOLEAN", when("Bool", "aws:SecureTransport", "true", "false")),
    ("TYPE_MISMATCH", when("StringEquals", "aws:SecureTransport", "true")),
    ("TYPE_MISMATCH_BOOLEAN", when("Bool", "aws:SecureTransport", "yes")),
    ("TYPE_MISMATCH_DATE", when("DateLessThan", "aws:CurrentTime", "tomorrow")),
    ("TYPE_MISMATCH_NUMBER", when("NumericLessThan", "aws:MultiFactorAuthAge", "an hour")),
    ("TYPE_MISMATCH_STRING", when("BinaryEquals", "aws:username", "not base 64!")),
    ("TYPE_MISMATCH_IP_RANGE", when("IpAddress", "aws:SourceIp", "203.0.113.0/33")),
    ("INVALID_DATE_VALUE", when("DateLessThan", "aws:CurrentTime", "1700000000")),
    ("WILDCARD_WITHOUT_LIKE_OPERATOR", when("StringEquals", "aws:username", "a*")),
    ("INVALID_VARIABLE_FOR_OPERATOR", when("NumericLessThan", "aws:MultiFactorAuthAge", "${aws:username}")),
    ("PRIVATE_IP_ADDRESS", when("IpAddress", "aws:SourceIp", "10.0.0.0/8")),
    ("PRIVATE_NOT_IP_ADDRESS", when("NotIpAddress", "aws:SourceIp", "10.0.0.0/8")),
    ("PRIVATE_IP_ADDRESS_SUBSET", when("IpAddress", "aws:SourceIp", "10.0.0.0/8", "8.8.8.0/24")),
    ("PRIVATE_NOT_IP_ADDRESS_SUBSET", when("NotIpAddress", "aws:SourceIp", "10.0.0.0/8", "8.8.8.0/24")),
    ("IMPROVE_IP_RANGE", when("IpAddress", "aws:SourceIp", "8.8.8.8/24")),
    ("INVALID_VPC_FORMAT", when("StringEquals", "aws:SourceVpc", "my-vpc")),
    ("INVALID_VPCE_FORMAT", when("StringEquals", "aws:SourceVpce", "vpc-12345678")),
    ("INVALID_REGION", when("StringEquals", "aws:RequestedRegion", "eu-north-9")),
    (
        "INVALID_SERVICE_PRINCIPAL_FORMAT",
        when(
            "StringEquals",
            "iam:PassedToService",
            "ec2",
            base={"Effect": "Allow", "Action": "iam:PassRole", "Resource": ROLE},
        ),
    ),
    (
        "INVALID_KMS_KEY_VALUE",
        when(
            "StringEquals",
            "s3:x-amz-server-side-encryption-aws-kms-key-id",
            "alias/a",
            base=OK | {"Action": "s3:PutObject"},
        ),
    ),
    ("UNSUPPORTED_ACTION_FOR_CONDITION_KEY", when("StringLike", "s3:prefix", "a*")),
    ("MISSING_PAIRED_CONDITION_KEYS", when("IpAddress", "aws:VpcSourceIp", "10.0.0.0/8")),
    ("STRING_LIKE_OPERATOR_WITH_ARN_CONDITION_KEYS", when("StringLike", "aws:PrincipalArn", ROLE + "*")),
    ("UNTRUSTWORTHY_CONDITION_KEY", when("StringLike", "aws:Referer", "http://a/*")),
    ("S3_PREFIX_IN_NEGATIVE_CONTEXT", when("StringLike", "s3:prefix", "a*", base=LIST, Effect="Deny")),
    ("S3_PREFIX_IN_NEGATIVE_CONTEXT", when("StringNotLike", "s3:prefix", "a*", base=LIST)),
    (
        "DYNAMODB_ATTRIBUTES_WITHOUT_SELECT",
        when(
            "ForAllValues:StringEquals",
            "dynamodb:Attributes",
            "a",
            base=OK | {"Action": "dynamodb:GetItem", "Resource": f"arn:aws:dynamodb:us-east-1:{ACCOUNT}:table/t"},
        ),
    ),
    ("REDUNDANT_CONDITION_VALUE_NUM", when("NumericLessThan", "aws:MultiFactorAuthAge", "2700", "3600")),
    ("EQUIVALENT_TO_NULL_FALSE", when("StringLike", "aws:username", "*")),
    ("EQUIVALENT_TO_NULL_TRUE", when("StringNotLike", "aws:username", "*")),
    ("REDUNDANT_KEY_DUE_TO_WILDCARD_IN_CONDITION", when("StringLikeIfExists", "aws:username", "*")),
    (
        "REDUNDANT_STATEMENT_DUE_TO_WILDCARD_IN_CONDITION",
        when("ForAnyValue:StringNotLike", "aws:PrincipalOrgPaths", "*"),
    ),
    ("MISSING_BRACE_IN_VARIABLE", OK | {"Resource": "arn:aws:s3:::b/${aws:username"}),
    ("EMPTY_VARIABLE", OK | {"Resource": "arn:aws:s3:::b/${ }"}),
    ("UNSUPPORTED_SPACE_IN_VARIABLE", OK | {"Resource": "arn:aws:s3:::b/${aws: username}"}),
    ("MISSING_QUOTE_IN_VARIABLE", OK | {"Resource": "arn:aws:s3:::b/${aws:username, none}"}),
    ("PASS_ROLE_WITH_STAR_IN_RESOURCE", {"Effect": "Allow", "Action": "iam:PassRole", "Resource": "*"}),
    ("PASS_ROLE_WITH_STAR_IN_ACTION_AND_RESOURCE", {"Effect": "Allow", "Action": "iam:*", "Resource": "*"}),
    ("PASS_ROLE_WITH_STAR_IN_RESOURCE_AND_NOT_ACTION", {"Effect": "Allow", "NotAction": "s3:*", "Resource": "*"}),
    ("PASS_ROLE_WITH_NOT_RESOURCE", {"Effect": "Allow", "Action": "iam:PassRole", "NotResource": ROLE}),
    ("PASS_ROLE_WITH_STAR_IN_ACTION_AND_NOT_RESOURCE", {"Effect": "Allow", "Action": "*", "NotResource": ROLE}),
    ("PASS_ROLE_WITH_NOT_ACTION_AND_NOT_RESOURCE", {"Effect": "Allow", "NotAction": "s3:*", "NotResource": ROLE}),
    ("CREATE_SLR_WITH_STAR_IN_RESOURCE", {"Effect": "Allow", "Action": "iam:CreateServiceLinkedRole", "Resource": "*"}),
    ("CREATE_SLR_WITH_STAR_IN_ACTION_AND_RESOURCE", {"Effect": "Allow", "Action": "iam:Create*", "Resource": "*"}),
    ("CREATE_SLR_WITH_STAR_IN_RESOURCE_AND_NOT_ACTION", {"Effect": "Allow", "NotAction": "s3:*", "Resource": "*"}),
    ("CREATE_SLR_WITH_NOT_RESOURCE", {"Effect": "Allow", "Action": "iam:CreateServiceLinkedRole", "NotResource": ROLE}),
    ("CREATE_SLR_WITH_STAR_IN_ACTION_AND_NOT_RESOURCE", {"Effect": "Allow", "Action": "*", "NotResource": ROLE}),
    ("CREATE_SLR_WITH_NOT_ACTION_AND_NOT_RESOURCE", {"Effect": "Allow", "NotAction": "s3:*", "NotResource": ROLE}),
    (
        "ALLOW_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE",
        when("StringEquals", "aws:ResourceTag/a", "b", base=OK | {"Action": "account:ListRegions", "Resource": "*"}),
    ),
    (
        "DENY_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE",
        when(
            "StringEquals",
            "aws:ResourceTag/a",
            "b",
            base=OK | {"Action": "account:ListRegions", "Resource": "*"},
            Effect="Deny",
        ),
    ),
    (
        "ALLOW_NOTACTION_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE",
        when("StringEquals", "aws:ResourceTag/a", "b", base={"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}),
    ),
    (
        "DENY_NOTACTION_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE",
        when("StringEquals", "aws:ResourceTag/a", "b", base={"Effect": "Deny", "NotAction": "iam:*", "Resource": "*"}),
    ),
    ("KEYWRIGHT_UNSUPPORTED_RESOURCE_FOR_ACTION", OK | {"Resource": "arn:aws:s3:::b"}),
    ("KEYWRIGHT_UNSUPPORTED_RESOURCE_FOR_ACTION", LIST | {"Resource": ["arn:aws:s3:::b/*", "arn:aws:s3:::c/d"]}),
    ("KEYWRIGHT_UNSUPPORTED_RESOURCE_FOR_ACTION", LIST | {"Action": "iam:*Group", "Resource": ROLE}),
    (
        "KEYWRIGHT_ACTION_WITHOUT_RESOURCE_TYPES",
        OK | {"Action": "ec2:DescribeInstances", "Resource": f"arn:aws:ec2:us-east-1:{ACCOUNT}:instance/*"},
    ),
    ("REDUNDANT_ACTION", OK | {"Action": ["iam:Get*", "iam:GetCredentialReport"]}),
    ("REDUNDANT_ACTION", OK | {"Action": ["s3:GetObject", "s3:getobject"]}),
    ("REDUNDANT_RESOURCE", OK | {"Resource": ["arn:aws:s3:::b/*", "arn:aws:s3:::b/a"]}),
]
RESOURCE: list[tuple[str, str | None, Any]] = [
    ("MISSING_PRINCIPAL", None, OK),
    ("EMPTY_OBJECT_PRINCIPAL", None, OK | {"Principal": {}}),
    ("EMPTY_ARRAY_PRINCIPAL", None, OK | {"Principal": {"AWS": []}}),
    ("INVALID_PRINCIPAL_FORMAT", None, OK | {"Principal": ACCOUNT}),
    ("INVALID_PRINCIPAL_KEY", None, OK | {"Principal": {"aws": ACCOUNT}}),
    ("UNSUPPORTED_WILDCARD_IN_PRINCIPAL", None, OK | {"Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:user/*"}}),
    ("INVALID_ROLE_REFERENCE", None, OK | {"Principal": {"AWS": "AROA1234567890EXAMPLE"}}),
    ("INVALID_USER_REFERENCE", None, OK | {"Principal": {"AWS": "AIDA1234567890EXAMPLE"}}),
    ("ALLOW_WITH_NOT_PRINCIPAL", None, OK | {"NotPrincipal": {"AWS": ACCOUNT}}),
    ("FEDERATED_PRINCIPAL_NOT_SUPPORTED", None, OK | {"Principal": {"Federated": SAML}}),
    ("RESTRICT_ACCESS_TO_SERVICE_PRINCIPAL", None, OK | {"Principal": {"Service": "cloudtrail.amazonaws.com"}}),
    (
        "RECOMMENDED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL",
        None,
        when("StringEquals", "aws:Referer", ACCOUNT, base=OK | {"Principal": {"Service": "ses.amazonaws.com"}}),
    ),
    ("VARIABLE_UNSUPPORTED_IN_ELEMENT", None, OK | {"Principal": {"AWS": "${aws:username}"}}),
    ("UNSUPPORTED_ACTION_IN_POLICY", BUCKET, OK | {"Principal": "*", "Action": "kms:Decrypt"}),
    (
        "UNSUPPORTED_RESOURCE_ARN_IN_POLICY",
        BUCKET,
        OK | {"Principal": "*", "Resource": f"arn:aws:iam::{ACCOUNT}:user/a"},
    ),
    (
        "IRRELEVANT_CONDITION_KEY_IN_POLICY",
        BUCKET,
        when("StringEquals", "s3:ResourceAccount", ACCOUNT, base=OK | {"Principal": "*"}),
    ),
    ("ROLE_TRUST_POLICY_SYNTAX_ERROR_RESOURCE", TRUST, trusting({"AWS": ACCOUNT}, Resource="*")),
    (
        "ROLE_TRUST_POLICY_SYNTAX_ERROR_NOTPRINCIPAL",
        TRUST,
        without(trusting({}, NotPrincipal={"AWS": ACCOUNT}), "Principal"),
    ),
    ("ROLE_TRUST_POLICY_UNSUPPORTED_WILDCARD_IN_PRINCIPAL", TRUST, trusting("*")),
    ("MISMATCHED_ACTION_FOR_PRINCIPAL", TRUST, trusting({"Federated": SAML}, "sts:AssumeRoleWithWebIdentity")),
    (
        "INVALID_FEDERATED_PRINCIPAL_SYNTAX_IN_ROLE_TRUST_POLICY",
        TRUST,
        trusting({"Federated": "idp"}, "sts:AssumeRoleWithSAML"),
    ),
    (
        "MISSING_CONDITION_KEY_FOR_OIDC_PRINCIPAL",
        TRUST,
        trusting({"Federated": "accounts.google.com"}, "sts:AssumeRoleWithWebIdentity"),
    ),
    ("MISSING_GITHUB_REPO_CONDITION_KEY", TRUST, trusting({"Federated": GITHUB}, "sts:AssumeRoleWithWebIdentity")),
    (
        "SPECIFIC_GITHUB_REPO_AND_BRANCH_RECOMMENDED",
        TRUST,
        when(
            "StringLike",
            "token.actions.githubusercontent.com:sub",
            "repo:org/*",
            base=trusting({"Federated": GITHUB}, "sts:AssumeRoleWithWebIdentity"),
        ),
    ),
    (
        "FORANYVALUE_WITH_AUDIENCE_CLAIM_TYPE",
        TRUST,
        when(
            "ForAnyValue:StringEquals",
            "accounts.google.com:aud",
            "app",
            base=trusting({"Federated": "accounts.google.com"}, "sts:AssumeRoleWithWebIdentity"),
        ),
    ),
    (
        "REDUNDANT_PRINCIPAL_IN_ROLE_TRUST_POLICY",
        TRUST,
        trusting({"AWS": [ROLE, f"arn:aws:sts::{ACCOUNT}:assumed-role/app/session"]}),
    ),
    ("MISSING_ACTION_FOR_ROLES_ANYWHERE_TRUST_POLICY", TRUST, trusting({"Service": "rolesanywhere.amazonaws.com"})),
    (
        "MISSING_ACTION_FOR_CONDITION_KEY",
        TRUST,
        when("StringEquals", "sts:SourceIdentity", "a", base=trusting({"AWS": ACCOUNT})),
    ),
]
ORGANISATION: list[tuple[str, PolicyType, Any]] = [
    ("SCP_SYNTAX_ERROR_PRINCIPAL", "SERVICE_CONTROL_POLICY", OK | {"Principal": "*"}),
    ("SCP_SYNTAX_ERROR_ACTION_WILDCARD", "SERVICE_CONTROL_POLICY", OK | {"Action": "s3:*Object"}),
    ("RCP_SYNTAX_ERROR_PRINCIPAL", "RESOURCE_CONTROL_POLICY", OK | {"Effect": "Deny"}),
    ("RCP_SYNTAX_ERROR_PRINCIPAL", "RESOURCE_CONTROL_POLICY", OK | {"Effect": "Deny", "NotPrincipal": "*"}),
    ("RCP_SYNTAX_ERROR_ALLOW", "RESOURCE_CONTROL_POLICY", OK | {"Principal": "*"}),
    (
        "RCP_SYNTAX_ERROR_NOTACTION",
        "RESOURCE_CONTROL_POLICY",
        without(OK, "Action") | {"Effect": "Deny", "NotAction": "s3:*", "Principal": "*"},
    ),
    (
        "RCP_SYNTAX_ERROR_ACTION",
        "RESOURCE_CONTROL_POLICY",
        OK | {"Effect": "Deny", "Action": "iam:*", "Principal": "*"},
    ),
    (
        "RCP_MISSING_RELATED_PRINCIPAL_CONDITION_KEY",
        "RESOURCE_CONTROL_POLICY",
        when("StringNotEquals", "aws:PrincipalOrgID", "o-1", base=OK | {"Effect": "Deny", "Principal": "*"}),
    ),
    (
        "RCP_MISSING_RELATED_SERVICE_PRINCIPAL_CONDITION_KEY",
        "RESOURCE_CONTROL_POLICY",
        when("StringNotEquals", "aws:SourceOrgID", "o-1", base=OK | {"Effect": "Deny", "Principal": "*"}),
    ),
]
LONG = [OK | {"Sid": f"s{number}", "Resource": f"arn:aws:s3:::b{number}/{'x' * 400}"} for number in range(60)]
WHOLE: list[tuple[str, PolicyType, str | None, Any]] = [
    ("JSON_SYNTAX_ERROR", "IDENTITY_POLICY", None, '{"Version": "2012-10-17",\n "Statement": [}'),
    ("JSON_SYNTAX_ERROR", "IDENTITY_POLICY", None, '{"Version": "2012-10-17", "Version": "2012-10-17"}'),
    ("DATA_TYPE_MISMATCH", "IDENTITY_POLICY", None, "[]"),
    ("DATA_TYPE_MISMATCH", "IDENTITY_POLICY", None, {"Version": 1, "Statement": OK}),
    ("INVALID_POLICY_ELEMENT", "IDENTITY_POLICY", None, {"Version": "2012-10-17", "Name": "a", "Statement": OK}),
    ("MISSING_STATEMENT", "IDENTITY_POLICY", None, {"Version": "2012-10-17"}),
    ("MISSING_VERSION", "IDENTITY_POLICY", None, {"Statement": OK}),
    ("INVALID_VERSION", "IDENTITY_POLICY", None, {"Version": "2012-10-18", "Statement": OK}),
    (
        "VARIABLE_UNSUPPORTED_IN_VERSION",
        "IDENTITY_POLICY",
        None,
        {"Version": "2008-10-17", "Statement": OK | {"Resource": "arn:aws:s3:::b/${aws:username}"}},
    ),
    (
        "UNIQUE_SIDS_REQUIRED",
        "IDENTITY_POLICY",
        None,
        {"Version": "2012-10-17", "Statement": [OK | {"Sid": "a"}, LIST | {"Sid": "a"}]},
    ),
    (
        "UNIQUE_SIDS_RECOMMENDED",
        "RESOURCE_POLICY",
        None,
        {
            "Version": "2012-10-17",
            "Statement": [OK | {"Sid": "a", "Principal": "*"}, LIST | {"Sid": "a", "Principal": "*"}],
        },
    ),
    ("REDUNDANT_STATEMENT", "IDENTITY_POLICY", None, {"Version": "2012-10-17", "Statement": [OK | {"Sid": "a"}, OK]}),
    (
        "POLICY_SIZE_EXCEEDS_IDENTITY_POLICY_QUOTA",
        "IDENTITY_POLICY",
        None,
        {"Version": "2012-10-17", "Statement": LONG},
    ),
    (
        "POLICY_SIZE_EXCEEDS_RESOURCE_POLICY_QUOTA",
        "RESOURCE_POLICY",
        None,
        {"Version": "2012-10-17", "Statement": LONG},
    ),
    (
        "POLICY_SIZE_EXCEEDS_ROLE_TRUST_POLICY_QUOTA",
        "RESOURCE_POLICY",
        TRUST,
        {"Version": "2012-10-17", "Statement": LONG},
    ),
    ("POLICY_SIZE_EXCEEDS_SCP_QUOTA", "SERVICE_CONTROL_POLICY", None, {"Version": "2012-10-17", "Statement": LONG}),
    ("POLICY_SIZE_EXCEEDS_RCP_QUOTA", "RESOURCE_CONTROL_POLICY", None, {"Version": "2012-10-17", "Statement": LONG}),
]
CASES: list[tuple[str, PolicyType, str | None, Any]] = [
    *((code, "IDENTITY_POLICY", None, {"Version": "2012-10-17", "Statement": one}) for code, one in IDENTITY),
    *((code, "RESOURCE_POLICY", kind, {"Version": "2012-10-17", "Statement": one}) for code, kind, one in RESOURCE),
    *((code, kind, None, {"Version": "2012-10-17", "Statement": one}) for code, kind, one in ORGANISATION),
    *WHOLE,
]


def codes(document: Any, kind: PolicyType = "IDENTITY_POLICY", resource_type: str | None = None) -> list[str]:
    """Give the codes of a policy's findings."""
    text = document if isinstance(document, str) else json.dumps(document)
    return [finding["issueCode"] for finding in check_policy(text, kind, resource_type)]


def validate(account: Account, document: Any, kind: str = "IDENTITY_POLICY", **more: Any) -> dict[str, Any]:
    """Validate by boto3."""
    text = document if isinstance(document, str) else json.dumps(document)
    client = account.client("accessanalyzer")
    answer: dict[str, Any] = client.validate_policy(policyDocument=text, policyType=kind, **more)
    return answer


@pytest.mark.parametrize(
    ("code", "kind", "resource_type", "document"),
    [pytest.param(*case, id=f"{case[0]}-{number}") for number, case in enumerate(CASES)],
)
def test_each_check_finds_what_it_is_for(code: str, kind: PolicyType, resource_type: str | None, document: Any) -> None:
    """The smallest policy that fails a check has its finding, and the words need nothing more filled in."""
    text = document if isinstance(document, str) else json.dumps(document)
    findings = check_policy(text, kind, resource_type)
    assert code in [finding["issueCode"] for finding in findings]
    for finding in findings:
        assert finding["locations"]
        for location in finding["locations"]:
            start, end = location["span"]["start"]["offset"], location["span"]["end"]["offset"]
            assert 0 <= start <= end <= len(text)


def test_what_is_not_awss_own_says_so() -> None:
    """A finding that AWS does not have is marked as ours, and leads to AWS's reference, not to a check of AWS's."""
    text = json.dumps({"Version": "2012-10-17", "Statement": OK | {"Resource": "arn:aws:s3:::b"}})
    (finding,) = check_policy(text, "IDENTITY_POLICY", None)
    assert finding["findingType"] == "WARNING"
    assert finding["findingDetails"].startswith("Keywright: ")
    assert "s3:GetObject (" in finding["findingDetails"]
    assert "/service-authorization/" in finding["learnMoreLink"]
    ours = {code for code, (_, words) in texts().items() if words.startswith("Keywright: ")}
    assert ours == {code for code in texts() if code.startswith("KEYWRIGHT_")}


@pytest.mark.parametrize(
    ("actions", "resources"),
    [
        ("s3:GetObject", "arn:aws:s3:::b*"),
        ("s3:GetObject", "arn:aws:s3:::*"),
        ("s3:GetObject", "arn:aws:s3:::${aws:username}"),
        ("s3:ListAllMyBuckets", "arn:aws:s3:::*"),
        (["s3:ListBucket", "s3:GetObject"], ["arn:aws:s3:::b", "arn:aws:s3:::b/*"]),
        ("s3:*", "arn:aws:s3:::b"),
        ("s3:List*", "arn:aws:s3:::b"),
        ("iam:GetUser", f"arn:aws:iam::{ACCOUNT}:user/a/b/c"),
        ("iam:ListRoles", f"arn:aws:iam::{ACCOUNT}:role/*"),
        ("iam:CreateAccessKey", f"arn:aws:iam::{ACCOUNT}:user/${{aws:username}}"),
        ("iam:PassRole", f"arn:aws:iam::{ACCOUNT}:*"),
        ("sqs:SendMessage", "arn:aws:*:us-east-1:111122223333:q"),
        ("backup:TagResource", f"arn:aws:backup:us-east-1:{ACCOUNT}:recovery-point:*"),
        ("secretsmanager:GetSecretValue", f"arn:aws:secretsmanager:us-east-1:{ACCOUNT}:sqlworkbench!*"),
    ],
)
def test_a_resource_that_may_be_of_the_type_is_no_finding(actions: Any, resources: Any) -> None:
    """Nothing is said of resources that an action may take, of any that are unknown, and of tags."""
    found = codes({"Version": "2012-10-17", "Statement": OK | {"Action": actions, "Resource": resources}})
    assert not [code for code in found if code.startswith("KEYWRIGHT_")]


@pytest.mark.parametrize(
    "name", ["ReadOnlyAccess", "SecurityAudit", "PowerUserAccess", "IAMFullAccess", "AWSLambda_FullAccess"]
)
def test_awss_own_policies_name_resources_that_their_actions_take(name: str) -> None:
    """None of AWS's policies that most people bear has an action that its resources are not for."""
    document = aws_managed_policy(f"arn:aws:iam::aws:policy/{name}")
    assert document is not None
    assert "KEYWRIGHT_UNSUPPORTED_RESOURCE_FOR_ACTION" not in codes(document.document)


def test_every_check_is_tested() -> None:
    """No check's words are there without a policy that they are said of."""
    assert {case[0] for case in CASES} == set(texts())


@pytest.mark.parametrize(
    ("kind", "resource_type", "statement"),
    [
        ("IDENTITY_POLICY", None, OK),
        (
            "IDENTITY_POLICY",
            None,
            when(
                "StringEquals",
                "iam:PassedToService",
                "ec2.amazonaws.com",
                base={"Effect": "Allow", "Action": "iam:PassRole", "Resource": "*"},
            ),
        ),
        ("IDENTITY_POLICY", None, when("StringLike", "s3:prefix", ["", "home/*"], base=LIST)),
        ("IDENTITY_POLICY", None, OK | {"Resource": "arn:aws:s3:::b/${aws:PrincipalTag/team, 'none'}/*"}),
        ("IDENTITY_POLICY", None, when("Bool", "aws:MultiFactorAuthPresent", "true")),
        (
            "IDENTITY_POLICY",
            None,
            {"Effect": "Allow", "Action": "iam:PassRole", "Resource": f"arn:aws:iam::{ACCOUNT}:role/ec2-*"},
        ),
        ("IDENTITY_POLICY", None, {"Effect": "Deny", "Action": "*", "Resource": "*"}),
        ("RESOURCE_POLICY", BUCKET, OK | {"Principal": {"AWS": ACCOUNT}}),
        ("RESOURCE_POLICY", TRUST, trusting({"Service": "ec2.amazonaws.com"})),
        ("RESOURCE_POLICY", TRUST, when("StringEquals", "sts:ExternalId", "a", base=trusting({"AWS": ACCOUNT}))),
        ("SERVICE_CONTROL_POLICY", None, {"Effect": "Deny", "Action": "iam:*", "Resource": "*"}),
    ],
)
def test_what_is_well_has_no_findings(kind: PolicyType, resource_type: str | None, statement: Any) -> None:
    """A policy of AWS's own making, or as AWS advises, is found nothing of."""
    assert codes({"Version": "2012-10-17", "Statement": [statement]}, kind, resource_type) == []


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "AdministratorAccess",
            {"PASS_ROLE_WITH_STAR_IN_ACTION_AND_RESOURCE", "CREATE_SLR_WITH_STAR_IN_ACTION_AND_RESOURCE"},
        ),
        ("PowerUserAccess", {"CREATE_SLR_WITH_STAR_IN_RESOURCE"}),
        ("IAMReadOnlyAccess", set()),
        ("AmazonS3ReadOnlyAccess", set()),
    ],
)
def test_awss_own_policies(name: str, expected: set[str]) -> None:
    """AWS's policies have the findings that AWS's page names them for, and no others."""
    policy = aws_managed_policy(f"arn:aws:iam::aws:policy/{name}")
    assert policy is not None
    assert set(codes(policy.document)) == expected


def test_a_finding_says_where_and_what(account: Account) -> None:
    """A finding has AWS's words, its page, and its place as a path and as a span: columns from 0, lines from 1."""
    statement = '[{"Effect": "Allow", "Action": ["s3:GetObjekt"], "Resource": "*"}]'
    text = f'{{\n  "Version": "2012-10-17",\n  "Statement": {statement}\n}}'
    start = text.index('"s3:GetObjekt"')
    column = start - text.rindex("\n", 0, start) - 1
    assert validate(account, text)["findings"] == [
        {
            "findingDetails": "The action s3:GetObjekt does not exist. Did you mean s3:GetObject?",
            "findingType": "ERROR",
            "issueCode": "INVALID_ACTION",
            "learnMoreLink": (
                "https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html"
                "#access-analyzer-reference-policy-checks-error-invalid-action"
            ),
            "locations": [
                {
                    "path": [{"value": "Statement"}, {"index": 0}, {"value": "Action"}, {"index": 0}],
                    "span": {
                        "start": {"line": 3, "column": column, "offset": start},
                        "end": {"line": 3, "column": column + 14, "offset": start + 14},
                    },
                }
            ],
        }
    ]


def test_findings_come_in_pages(account: Account) -> None:
    """Pages by token hold what one page does, and a token is for its own question."""
    document = {"Statement": [OK | {"Action": ["s3:A", "s3:B"], "Effect": "No"}]}
    whole = validate(account, document)["findings"]
    first = validate(account, document, maxResults=1)
    paginator = account.client("accessanalyzer").get_paginator("validate_policy")
    pages = paginator.paginate(
        policyDocument=json.dumps(document), policyType="IDENTITY_POLICY", PaginationConfig={"PageSize": 2}
    )
    assert [finding for page in pages for finding in page["findings"]] == whole
    assert len(whole) > 3
    with refused("ValidationException", 400):
        validate(account, {"Statement": []}, nextToken=first["nextToken"])
    with refused("ValidationException", 400):
        validate(account, document, nextToken="x")


@pytest.mark.parametrize(
    "parameters",
    [
        {"policyType": "TRUST_POLICY"},
        {"policyType": "IDENTITY_POLICY", "validatePolicyResourceType": BUCKET},
        {"policyType": "IDENTITY_POLICY", "maxResults": 0},
        {"policyType": "IDENTITY_POLICY", "policyDocument": "x" * 40_000},
        {},
    ],
)
def test_bad_parameters(account: Account, parameters: dict[str, Any]) -> None:
    """A type that is none, a resource type without a resource policy, a size out of range: ValidationException."""
    with refused("ValidationException", 400):
        account.client("accessanalyzer").validate_policy(**({"policyDocument": "{}"} | parameters))


def test_other_languages_are_not_performed(account: Account) -> None:
    """Findings are in English; another locale is refused, not ignored."""
    with refused("NotImplemented", 501):
        validate(account, {"Version": "2012-10-17", "Statement": OK}, locale="DE")


def test_validating_needs_its_permission(account: Account) -> None:
    """access-analyzer:ValidatePolicy permits it, and little else of the service is performed."""
    alice = account.client("accessanalyzer", account.user("alice"))
    with refused("AccessDeniedException", 403):
        alice.validate_policy(policyDocument="{}", policyType="IDENTITY_POLICY")
    bob = account.client("accessanalyzer", account.user("bob", allow("access-analyzer:ValidatePolicy")))
    assert bob.validate_policy(policyDocument="{}", policyType="IDENTITY_POLICY")["findings"]
    with refused("NotImplemented", 501):
        account.client("accessanalyzer").list_archive_rules(analyzerName="a")


_LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-5, 5)
    | st.text(max_size=4)
    | st.sampled_from(
        ["Allow", "*", "s3:*", "iam:PassRole", ROLE, "arn:", "${", "${aws:username}", "10.0.0.0/8", "a:b"]
    )
)
_NAMES = st.sampled_from(
    [
        *("Version", "Statement", "Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource"),
        *("Condition", "StringLike", "NumericLessThan", "IpAddress", "Bool", "Null", "ForAllValues:StringLike"),
        *("aws:SourceIp", "s3:prefix", "aws:ResourceTag/a", "iam:PassedToService", "AWS", "Federated", "", ":"),
    ]
)
_TREES = st.recursive(_LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_NAMES, inner, max_size=5))


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    statement=_TREES, kind=st.sampled_from(get_args(PolicyType)), resource_type=st.sampled_from([None, BUCKET, TRUST])
)
def test_nothing_is_too_odd_to_be_checked(statement: Any, kind: PolicyType, resource_type: str | None) -> None:
    """Whatever JSON stands where a policy's parts do, there are findings and no failure."""
    json.dumps(codes({"Version": "2012-10-17", "Statement": statement}, kind, resource_type))
    json.dumps(codes(statement, kind, resource_type))
