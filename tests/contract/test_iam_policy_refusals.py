"""Documents that IAM refuses or keeps, by boto3: in IAM's words and in the order in which it looks."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.expect import allow, policy, refused
from tests.contract.in_process import Account

LEGACY = "The policy failed legacy parsing"
BUCKET = "arn:aws:s3:us-east-1::example_bucket"
ZONE = "arn:aws:route53::111122223333:hostedzone/*"


@pytest.mark.parametrize(
    ("document", "message"),
    [
        (policy("denY", "s3:*"), LEGACY),
        (policy("denY", "a a:ListBucket", BUCKET), LEGACY),
        (policy("Allow", "ListBucket", "arn:error:s3:b"), LEGACY),
        (policy("Nothing", "s3:*"), "Syntax errors in policy."),
        (allow("a a:ListBucket"), "Vendor a a is not valid"),
        (allow("s3:ListBucket", BUCKET), f"Resource {BUCKET} can not contain region information."),
        (
            allow("route53:*", ZONE.replace("::", ":eu-west-1:")),
            f"Resource {ZONE.replace('::', ':eu-west-1:')} can not contain region information.",
        ),
        (allow("route53:*", ZONE), f"Resource {ZONE} cannot contain an account id."),
    ],
)
def test_a_document_is_refused_in_iams_words(iam: Any, document: str, message: str) -> None:
    """A bad document is refused as a managed policy and as an inline one alike; the legacy parser comes first."""
    with refused("MalformedPolicyDocument", 400, message):
        iam.create_policy(PolicyName="p", PolicyDocument=document)
    iam.create_user(UserName="u")
    with refused("MalformedPolicyDocument", 400, message):
        iam.put_user_policy(UserName="u", PolicyName="p", PolicyDocument=document)
    assert iam.list_policies(Scope="Local")["Policies"] == []


def test_odd_documents_are_kept_and_match_nothing(account: Account) -> None:
    """An ARN cut after the service and a condition key without a colon are stored, and grant nothing."""
    alice = account.user("alice", allow("s3:*", ["arn:aws:fdsasf", "arn:aws:s3"]))
    account.iam.put_user_policy(
        UserName="alice",
        PolicyName="odd",
        PolicyDocument=allow("iam:*", Condition={"StringEquals": {"colourless": "x"}}),
    )
    account.iam.put_user_policy(UserName="alice", PolicyName="plain", PolicyDocument=allow("iam:GetUser"))
    iam = account.client("iam", alice)
    assert iam.get_user(UserName="alice")["User"]["UserName"] == "alice"
    with refused("AccessDenied", 403):
        iam.list_users()
    with refused("AccessDenied", 403):
        account.client("s3", alice).create_bucket(Bucket="no-such-bucket-of-alice")
