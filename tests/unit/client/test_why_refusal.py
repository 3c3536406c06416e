"""Every form of refusal that AWS gives is read; what is none is said to be none."""

from __future__ import annotations

import json

import pytest

from keywright.client.why.circumstances import Circumstances
from keywright.client.why.engine import Case
from keywright.client.why.plain_text import plain_text
from keywright.client.why.policy_text import statements
from keywright.client.why.readable_policies import IDENTITY, ReadPolicy
from keywright.client.why.refusal import Refusal, read_refusal
from keywright.client.why.resources import action_of, full_resource

ALICE = "arn:aws:iam::111122223333:user/alice"
V3 = "arn:aws:iam::aws:policy/AWSCompromisedKeyQuarantineV3"
SCP = "arn:aws:organizations::111122223333:policy/o-abc/service_control_policy/p-abc123"
ID = "0a1b2c3d4e5f6g7h8i9j0k1l2"
POINTER = (
    f". Go to https://us-east-1.console.aws.amazon.com/iam/home?region=us-east-1#/authorization-details/{ID} for "
    f"complete details, or call the GetRequestAuthorizationDetails API with the following authorization id: {ID}"
)


def said(
    tail: str, action: str = "iam:ListUsers", resource: str = " on resource: arn:aws:iam::111122223333:user/"
) -> str:
    """Write a refusal as AWS does."""
    return f"User: {ALICE} is not authorized to perform: {action}{resource}{tail}"


@pytest.mark.parametrize(
    ("kind", "explicit_kind"),
    [
        ("identity-based policy", "an identity-based policy"),
        ("resource-based policy", "a resource-based policy"),
        ("session policy", "a session policy"),
        ("permissions boundary", "a permissions boundary"),
        ("service control policy", "a service control policy"),
        ("resource control policy", "a resource control policy"),
        ("VPC endpoint policy", "a VPC endpoint policy"),
        ("role trust policy", "a role trust policy"),
    ],
)
def test_types_of_policy(kind: str, explicit_kind: str) -> None:
    """Each type of policy is read from a refusal that nothing allows, and from one that something denies."""
    implicit = read_refusal(said(f" because no {kind} allows the iam:ListUsers action"))
    assert (implicit.policy_type, implicit.is_explicit, implicit.action) == (kind, False, "iam:ListUsers")
    explicit = read_refusal(said(f" with an explicit deny in {explicit_kind}"))
    assert (explicit.policy_type, explicit.is_explicit, explicit.principal) == (kind, True, ALICE)


@pytest.mark.parametrize("arn", [V3, SCP])
def test_the_policy_that_denies(arn: str) -> None:
    """The ARN of the policy is read, and the authorization id after it."""
    refusal = read_refusal(said(f" with an explicit deny in a service control policy: {arn}{POINTER}"))
    assert (refusal.policy_arn, refusal.authorization_id) == (arn, ID)


@pytest.mark.parametrize(
    ("resource", "meant"),
    [
        ("user bob", "arn:aws:iam::111122223333:user/bob"),
        ("role deploy", "arn:aws:iam::111122223333:role/deploy"),
        ("group admins", "arn:aws:iam::111122223333:group/admins"),
        ("policy path /", "*"),
        ("policy arn:aws:iam::111122223333:policy/p", "arn:aws:iam::111122223333:policy/p"),
        ('"arn:aws:s3:::b/a key.txt"', "arn:aws:s3:::b/a key.txt"),
        ("*", "*"),
    ],
)
def test_resources(resource: str, meant: str) -> None:
    """What stands after `on resource:` is read to its end, and means an ARN."""
    tail = " because no identity-based policy allows the iam:ListUsers action"
    refusal = read_refusal(said(tail, resource=f" on resource: {resource}"))
    assert full_resource(refusal.resource, "111122223333") == meant
    assert refusal.policy_type == "identity-based policy"


CLI_V1 = f"\nAn error occurred (AccessDenied) when calling the ListUsers operation: {said('')}\n"
CLI_V2 = (
    "\naws: [ERROR]: An error occurred (AccessDenied) when calling the ListUsers operation: "
    f"{said(' because no session policy allows the iam:ListUsers action')}\n\nAdditional error details:\nType: Sender\n"
)
PYTHON = f"botocore.ClientError: An error occurred (AccessDenied) when calling the ListUsers operation: {said('')}"
AS_JSON = json.dumps({"Error": {"Code": "AccessDenied", "Message": said("")}})
AS_XML = f"<ErrorResponse><Error><Code>AccessDenied</Code><Message>{said('')}</Message></Error></ErrorResponse>"


@pytest.mark.parametrize("text", [CLI_V1, CLI_V2, PYTHON, AS_JSON, AS_XML, f"\x1b[31m{CLI_V1}\x1b[0m"])
def test_tools(text: str) -> None:
    """The refusal is found in what each tool prints: both CLIs, boto3, JSON, XML, coloured."""
    refusal = read_refusal(text)
    assert (refusal.form, refusal.principal, refusal.action) == ("denial", ALICE, "iam:ListUsers")
    assert refusal.resource is not None
    assert refusal.resource.startswith("arn:aws:iam::111122223333:user/")


def test_refusals_without_words() -> None:
    """EC2's sealed one, S3's silent one, API Gateway's, Cognito's and KMS's are read for what they say."""
    encoded = "A" * 80
    ec2 = read_refusal(
        "An error occurred (UnauthorizedOperation) when calling the RunInstances operation: You are not authorized to "
        f"perform this operation. Encoded authorization failure message: {encoded}"
    )
    assert (ec2.form, ec2.encoded_message, action_of(ec2.operation, ec2.code)) == (
        "denial",
        encoded,
        "ec2:RunInstances",
    )
    s3 = read_refusal("An error occurred (AccessDenied) when calling the GetObject operation: Access Denied")
    assert (s3.form, action_of(s3.operation, s3.code)) == ("bare denial", "s3:GetObject")
    head = read_refusal("fatal error: An error occurred (403) when calling the HeadObject operation: Forbidden")
    assert (head.form, action_of(head.operation, head.code)) == ("bare denial", "s3:GetObject")
    gateway = read_refusal("User is not authorized to access this resource with an explicit deny")
    assert (gateway.form, gateway.is_explicit) == ("bare denial", True)
    vouched = read_refusal("Not authorized to perform sts:AssumeRoleWithWebIdentity")
    assert (vouched.principal, vouched.action) == (None, "sts:AssumeRoleWithWebIdentity")
    kms = read_refusal(
        f"User: {ALICE} is not authorized to perform: kms:Decrypt on the resource associated with this ciphertext "
        "because the resource does not exist in this Region, no resource-based policies allow access, or a "
        "resource-based policy explicitly denies access"
    )
    assert (kms.action, kms.resource, kms.policy_type) == ("kms:Decrypt", None, None)


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("An error occurred (InvalidClientTokenId) when calling the X operation: y", "authentication"),
        ('Unable to locate credentials. You can configure credentials by running "aws configure".', "authentication"),
        (
            (
                "An error occurred (AccessDenied) when calling the GetSessionToken operation: "
                "Cannot call GetSessionToken with session credentials"
            ),
            "session",
        ),
        ("An error occurred (NoSuchBucket) when calling the GetObject operation: no", "unknown"),
        ("", "unknown"),
        ("[" * 100_000, "unknown"),
    ],
)
def test_what_is_no_denial(text: str, form: str) -> None:
    """Failed authentication, calls closed to sessions and anything else are told apart from denials."""
    assert read_refusal(text).form == form


def test_nothing_steers_the_terminal() -> None:
    """Escape sequences and control characters are gone, long lines are read to a bound."""
    assert plain_text("a\x1b[2Jb\x1b]0;title\x07c\x00d\x9b31me\r\nf") == "abc d 31me f"
    assert len(plain_text("x" * 3_000_000)) == 1_000_000


def test_places_of_statements() -> None:
    """Lines and columns are those of the text as it was written, whatever its form."""
    text = '{\n  "Statement": [\n    {"Sid": "a"},\n\n      { "Sid": "b",\n "Effect": "Deny" }],\n"Version": "x"}'
    assert [(one.number, one.sid, one.line, one.column) for one in statements(text)] == [(1, "a", 3, 5), (2, "b", 5, 7)]
    (single,) = statements('{"Version":"v","Statement":{"Sid":"s"}}')
    assert (single.line, single.column, single.text) == (1, 28, '{"Sid":"s"}')
    assert single.spans(1, 29)
    for broken in ("", "[]", '{"Statement": [1]}', '{"Statement": [{]}', "{" * 9):
        assert statements(broken) == []


@pytest.mark.parametrize(
    ("members", "concerned"),
    [
        ('"Action": "iam:*", "Resource": "*"', True),
        ('"Action": "IAM:listusers"', True),
        ('"Action": ["s3:*", "iam:List?sers"], "Resource": "arn:aws:iam::*:user/${aws:username}"', True),
        ('"Action": "s3:*"', False),
        ('"NotAction": "iam:*"', False),
        ('"NotAction": "s3:*", "NotResource": "arn:aws:s3:::*"', True),
        ('"Action": "iam:*", "Resource": "arn:aws:iam::111122223333:USER/*"', False),
    ],
)
def test_what_a_statement_concerns(members: str, concerned: bool) -> None:
    """Wildcards, variables and the Not elements are understood; actions ignore case, resources do not."""
    policy = ReadPolicy(
        "p", "p", IDENTITY, f'{{"Version": "2012-10-17", "Statement": {{"Effect": "Deny", {members}}}}}'
    )
    case = Case(ALICE, "iam:ListUsers", "arn:aws:iam::111122223333:user/bob", (policy,), Circumstances())
    assert bool(list(case.concerned(policy, "Deny"))) is concerned


def test_an_unread_refusal_says_nothing() -> None:
    """Members that the text does not have are None."""
    assert read_refusal("hello") == Refusal("unknown", text="hello")
