"""What users may do, by boto3: inline policies and attached ones."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.contract.expect import allow, deny, pages, refused
from tests.contract.in_process import Account

READ_ONLY = "arn:aws:iam::aws:policy/IAMReadOnlyAccess"
S3_READ_ONLY = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"


@pytest.fixture
def u(iam: Any) -> str:
    """A user without anything."""
    iam.create_user(UserName="u")
    return "u"


def test_an_inline_policy_comes_back_as_it_was_put(iam: Any, u: str) -> None:
    """GetUserPolicy gives names and document; a policy's name is found in any case."""
    document = allow("s3:Get*", "arn:aws:s3:::b/*", Sid="Read")
    iam.put_user_policy(UserName="U", PolicyName="Read", PolicyDocument=document)
    found = iam.get_user_policy(UserName=u, PolicyName="rEAD")
    assert (found["UserName"], found["PolicyName"], found["PolicyDocument"]) == ("u", "Read", json.loads(document))


def test_putting_again_replaces(iam: Any, u: str) -> None:
    """A policy put under a name that is there takes its place, for size too."""
    big = allow("s3:*", ["arn:aws:s3:::" + "x" * 100] * 15)
    iam.put_user_policy(UserName=u, PolicyName="p", PolicyDocument=big)
    iam.put_user_policy(UserName=u, PolicyName="P", PolicyDocument=big)
    assert iam.list_user_policies(UserName=u)["PolicyNames"] == ["P"]


def test_inline_policies_have_2048_characters_at_most(iam: Any, u: str) -> None:
    """The sum of a user's inline policies is limited; what does not fit is not stored."""
    half = allow("s3:*", ["arn:aws:s3:::" + "x" * 100] * 9)
    iam.put_user_policy(UserName=u, PolicyName="a", PolicyDocument=half)
    with refused("LimitExceeded", 409, "Maximum policy size of 2048 bytes exceeded for user u"):
        iam.put_user_policy(UserName=u, PolicyName="b", PolicyDocument=half)
    assert iam.list_user_policies(UserName=u)["PolicyNames"] == ["a"]


@pytest.mark.parametrize(
    ("parameters", "code", "status"),
    [
        ({"UserName": "nobody"}, "NoSuchEntity", 404),
        ({"PolicyName": "a b"}, "ValidationError", 400),
        ({"PolicyName": "x" * 129}, "ValidationError", 400),
        ({"PolicyDocument": "{}"}, "MalformedPolicyDocument", 400),
        ({"PolicyDocument": ""}, "ValidationError", 400),
        ({"PolicyDocument": None}, "ValidationError", 400),
    ],
)
def test_put_user_policy_refuses(iam: Any, u: str, parameters: dict[str, str | None], code: str, status: int) -> None:
    """A stranger, a bad name and a bad document are refused, and nothing is stored."""
    asked = {"UserName": u, "PolicyName": "p", "PolicyDocument": allow("s3:*")} | parameters
    with refused(code, status):
        iam.put_user_policy(**{name: value for name, value in asked.items() if value is not None})
    assert iam.list_user_policies(UserName=u)["PolicyNames"] == []


@pytest.mark.parametrize("operation", ["get_user_policy", "delete_user_policy"])
def test_inline_policies_that_are_not_there(iam: Any, u: str, operation: str) -> None:
    """An inline policy or a user that is not there is NoSuchEntity, in AWS's words."""
    with refused("NoSuchEntity", 404, "The user policy with name none cannot be found."):
        getattr(iam, operation)(UserName=u, PolicyName="none")
    with refused("NoSuchEntity", 404, "The user with name nobody cannot be found."):
        getattr(iam, operation)(UserName="nobody", PolicyName="none")


def test_list_user_policies_pages_to_the_end(iam: Any, u: str) -> None:
    """Pages of one hold each name once, and end."""
    for name in ("b", "A", "c"):
        iam.put_user_policy(UserName=u, PolicyName=name, PolicyDocument=allow("s3:*"))
    assert pages(iam, "list_user_policies", "PolicyNames", UserName=u) == [["A"], ["b"], ["c"]]
    with refused("NoSuchEntity", 404):
        iam.list_user_policies(UserName="nobody")


def test_delete_user_policy(account: Account) -> None:
    """A deleted inline policy is gone and allows nothing from the next request on."""
    alice = account.client("iam", account.user("alice", allow("iam:ListUsers")))
    alice.list_users()
    account.iam.delete_user_policy(UserName="alice", PolicyName="INLINE")
    with refused("AccessDenied", 403):
        alice.list_users()
    with refused("NoSuchEntity", 404):
        account.iam.get_user_policy(UserName="alice", PolicyName="inline")


def test_attached_policies_take_effect_at_once(account: Account) -> None:
    """An attached policy allows the next request, a detached one no more; attaching twice is no error."""
    alice = account.client("iam", account.user("alice"))
    with refused("AccessDenied", 403):
        alice.list_users()
    for _ in range(2):
        account.iam.attach_user_policy(UserName="alice", PolicyArn=READ_ONLY)
    alice.list_users()
    account.iam.detach_user_policy(UserName="alice", PolicyArn=READ_ONLY)
    with refused("AccessDenied", 403):
        alice.list_users()


def test_an_attached_deny_beats_every_allow(account: Account) -> None:
    """An explicit deny in one policy beats an allow in another, and the refusal names its ARN."""
    iam = account.iam
    arn = iam.create_policy(PolicyName="no", PolicyDocument=deny("iam:ListUsers"))["Policy"]["Arn"]
    alice = account.client("iam", account.user("alice", allow("*")))
    iam.attach_user_policy(UserName="alice", PolicyArn=arn)
    message = (
        f"User: arn:aws:iam::{account.account_id}:user/alice is not authorized to perform: iam:ListUsers on resource: "
        f"arn:aws:iam::{account.account_id}:user/ with an explicit deny in an identity-based policy: {arn}"
    )
    with refused("AccessDenied", 403, message):
        alice.list_users()


def test_list_attached_user_policies_pages_to_the_end(iam: Any, u: str) -> None:
    """Pages of one hold each attached policy once; a path narrows them."""
    own = iam.create_policy(PolicyName="own", Path="/x/", PolicyDocument=allow("s3:*"))["Policy"]["Arn"]
    for arn in (S3_READ_ONLY, own, READ_ONLY):
        iam.attach_user_policy(UserName=u, PolicyArn=arn)
    found = pages(iam, "list_attached_user_policies", "AttachedPolicies", UserName=u)
    assert [len(page) for page in found] == [1, 1, 1]
    assert {(one["PolicyName"], one["PolicyArn"]) for page in found for one in page} == {
        ("own", own),
        ("IAMReadOnlyAccess", READ_ONLY),
        ("AmazonS3ReadOnlyAccess", S3_READ_ONLY),
    }
    narrowed = iam.list_attached_user_policies(UserName=u, PathPrefix="/x/")
    assert narrowed["AttachedPolicies"] == [{"PolicyName": "own", "PolicyArn": own}]
    assert narrowed["IsTruncated"] is False


def test_a_user_bears_ten_managed_policies_at_most(iam: Any, u: str) -> None:
    """The eleventh attachment is LimitExceeded; one that is there already is no eleventh."""
    for number in range(10):
        arn = iam.create_policy(PolicyName=f"p{number}", PolicyDocument=allow("s3:*"))["Policy"]["Arn"]
        iam.attach_user_policy(UserName=u, PolicyArn=arn)
    iam.attach_user_policy(UserName=u, PolicyArn=arn)
    with refused("LimitExceeded", 409, "Cannot exceed quota for PoliciesPerUser: 10"):
        iam.attach_user_policy(UserName=u, PolicyArn=READ_ONLY)


def test_attach_user_policy_refuses(account: Account) -> None:
    """What is no ARN, no policy or no user is refused in AWS's recorded words."""
    iam = account.iam
    iam.create_user(UserName="u")
    nothing = f"arn:aws:iam::{account.account_id}:policy/nothing123"
    with refused("ValidationError", 400, "Invalid ARN:  Could not be parsed!"):
        iam.attach_user_policy(UserName="u", PolicyArn="AdministratorAccess-by-name")
    with refused("NoSuchEntity", 404, f"Policy {nothing} does not exist or is not attachable."):
        iam.attach_user_policy(UserName="u", PolicyArn=nothing)
    with refused("NoSuchEntity", 404, "The user with name nobody cannot be found."):
        iam.attach_user_policy(UserName="nobody", PolicyArn=READ_ONLY)
    with refused("ValidationError", 400):
        iam.attach_user_policy(UserName="u", PolicyArn="short")
    assert iam.list_attached_user_policies(UserName="u")["AttachedPolicies"] == []


def test_detach_user_policy_refuses(iam: Any, u: str) -> None:
    """Detaching what is not attached, or from nobody, is NoSuchEntity (recorded words)."""
    with refused("NoSuchEntity", 404, f"Policy {READ_ONLY} was not found."):
        iam.detach_user_policy(UserName=u, PolicyArn=READ_ONLY)
    with refused("NoSuchEntity", 404, "The user with name nobody cannot be found."):
        iam.detach_user_policy(UserName="nobody", PolicyArn=READ_ONLY)
    with refused("NoSuchEntity", 404):
        iam.list_attached_user_policies(UserName="nobody")
