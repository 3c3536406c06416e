"""The policy language enforced on real calls, theme by theme, and what refusals tell afterwards."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.contract.condition_rows import (
    ALICE,
    BOB_TAGS,
    BUCKETS,
    LIST,
    READ_ONLY,
    ROWS,
    TAGGED,
    Row,
    World,
    fill,
    is_let,
    name_of,
    tags,
)
from tests.contract.expect import allow, deny, refused
from tests.contract.in_process import CLIENT_ADDRESS, Account, Key, SteppingClock
from tests.contract.roles import assume, make_role, root_of, trust
from tests.contract.totp_device import enable_device


@pytest.fixture
def alice(account: Account) -> Key:
    """A user with tags, beside bob, who has some too."""
    key = account.user("alice")
    account.iam.tag_user(UserName="alice", Tags=tags(ALICE))
    account.iam.create_user(UserName="bob", Tags=tags(BOB_TAGS))
    return key


@pytest.mark.parametrize("case", ROWS, ids=name_of)
def test_a_condition_is_enforced(account: Account, alice: Key, case: Row) -> None:
    """An Allow under a condition lets the calls of which it is true and no others; a Deny under it stops those."""
    world = World(account.account_id, account.alias, CLIENT_ADDRESS, "192.0.2.0/24")
    condition, parameters = fill(case.condition, world), fill(case.parameters, world)
    client = account.client(case.action.partition(":")[0], alice)

    def put(document: str) -> None:
        account.iam.put_user_policy(UserName="alice", PolicyName="p", PolicyDocument=document)

    put(allow(case.action, Condition=condition))
    assert is_let(client, case.operation, parameters) is case.allowed
    account.iam.put_user_policy(UserName="alice", PolicyName="all", PolicyDocument=allow("*"))
    put(deny(case.action, Condition=condition))
    if case.allowed:
        assert not is_let(client, case.operation, parameters)


def test_tags_count_at_once(account: Account, alice: Key) -> None:
    """A principal's tag that is changed decides the very next request."""
    document = allow("iam:*", Condition={"StringEquals": {"aws:PrincipalTag/team": "blue"}})
    account.iam.put_user_policy(UserName="alice", PolicyName="p", PolicyDocument=document)
    client = account.client("iam", alice)
    client.list_users()
    account.iam.tag_user(UserName="alice", Tags=[{"Key": "team", "Value": "red"}])
    with refused("AccessDenied", 403):
        client.list_users()
    account.iam.untag_user(UserName="alice", TagKeys=["TEAM"])
    with refused("AccessDenied", 403):
        client.list_users()


def test_delegation_only_within_a_boundary(account: Account) -> None:
    """iam:PermissionsBoundary is what a call sets, and else what the user has whose policies are changed."""
    iam = account.iam
    bound = iam.create_policy(PolicyName="bound", PolicyDocument=allow("s3:*"))["Policy"]["Arn"]
    document = allow(
        ["iam:CreateUser", "iam:AttachUserPolicy", "iam:PutUserPolicy"],
        Condition={"StringEquals": {"iam:PermissionsBoundary": bound}},
    )
    delegate = account.client("iam", account.user("delegate", document))
    with refused("AccessDenied", 403):
        delegate.create_user(UserName="free")
    with refused("AccessDenied", 403):
        delegate.create_user(UserName="other", PermissionsBoundary=READ_ONLY)
    delegate.create_user(UserName="bounded", PermissionsBoundary=bound)
    delegate.attach_user_policy(UserName="bounded", PolicyArn=READ_ONLY)
    iam.create_user(UserName="free")
    with refused("AccessDenied", 403):
        delegate.attach_user_policy(UserName="free", PolicyArn=READ_ONLY)
    with refused("AccessDenied", 403):
        delegate.put_user_policy(UserName="free", PolicyName="p", PolicyDocument=allow("*"))


def test_mfa_conditions(account: Account, clock: SteppingClock) -> None:
    """A session with MFA has aws:MultiFactorAuthPresent and an age that grows; one without has the former as false."""
    young = {"Bool": {"aws:MultiFactorAuthPresent": "true"}, "NumericLessThan": {"aws:MultiFactorAuthAge": "3600"}}
    key = account.user("alice", allow("s3:*", Condition=young))
    device = enable_device(account.iam, clock, "alice")
    sts = account.client("sts", key)
    plain = sts.get_session_token()["Credentials"]
    verified = sts.get_session_token(SerialNumber=device.serial_number, TokenCode=device.code())["Credentials"]
    keys = [Key(one["AccessKeyId"], one["SecretAccessKey"], one["SessionToken"]) for one in (plain, verified)]
    clients = [account.client("s3", one) for one in (key, *keys)]
    assert [is_let(client, *BUCKETS) for client in clients] == [False, False, True]
    clock.advance(hours=1)
    assert not is_let(clients[2], *BUCKETS)


def test_group_policies_count(account: Account) -> None:
    """What a group allows its members may, for as long as they are members."""
    iam = account.iam
    alice = account.client("iam", account.user("alice"))
    iam.create_group(GroupName="readers")
    iam.attach_group_policy(GroupName="readers", PolicyArn=READ_ONLY)
    assert not is_let(alice, *LIST)
    iam.add_user_to_group(GroupName="readers", UserName="alice")
    assert is_let(alice, *LIST)
    iam.remove_user_from_group(GroupName="readers", UserName="alice")
    assert not is_let(alice, *LIST)


def test_session_policies_and_external_ids(account: Account) -> None:
    """A session may no more than its session policy, and a role is assumed with its external id alone."""
    condition = {"StringEquals": {"sts:ExternalId": "secret-word"}}
    arn = make_role(account, "app", trust(root_of(account), Condition=condition), allow("iam:*"))
    with refused("AccessDenied", 403):
        assume(account, arn)
    with refused("AccessDenied", 403):
        assume(account, arn, ExternalId="another-word")
    whole = assume(account, arn, ExternalId="secret-word")
    half = assume(account, arn, ExternalId="secret-word", Policy=allow("iam:GetRole"))
    assert is_let(account.client("iam", whole), *LIST)
    limited = account.client("iam", half)
    limited.get_role(RoleName="app")
    with refused("AccessDenied", 403) as answer:
        limited.list_users()
    assert "because no session policy allows the iam:ListUsers action" in answer["Error"]["Message"]


def test_making_with_tags_needs_the_permission_to_tag(account: Account) -> None:
    """CreateUser and CreatePolicy with tags ask for iam:TagUser and iam:TagPolicy as well, and say so."""
    key = account.user("alice", allow(["iam:CreateUser", "iam:CreatePolicy"]))
    alice = account.client("iam", key)
    prefix = f"User: arn:aws:iam::{account.account_id}:user/alice is not authorized to perform: "
    policy = {"PolicyName": "p", "PolicyDocument": allow("s3:*"), "Tags": TAGGED["Tags"]}
    for operation, parameters, action, resource in (
        ("create_user", TAGGED, "iam:TagUser", "user/new"),
        ("create_policy", policy, "iam:TagPolicy", "policy/p"),
    ):
        message = (
            f"{prefix}{action} on resource: arn:aws:iam::{account.account_id}:{resource}"
            f" because no identity-based policy allows the {action} action"
        )
        with refused("AccessDenied", 403, message):
            getattr(alice, operation)(**parameters)
    with refused("NoSuchEntity", 404):
        account.iam.get_user(UserName="new")
    alice.create_user(UserName="new")
    account.iam.put_user_policy(
        UserName="alice", PolicyName="tags", PolicyDocument=allow(["iam:TagUser", "iam:TagPolicy"])
    )
    alice.create_user(UserName="newer", Tags=TAGGED["Tags"])
    alice.create_policy(**policy)


def test_passing_a_role_needs_the_permission_to(account: Account) -> None:
    """A role goes into an instance profile with iam:PassRole on it, to the service that it is passed to."""
    make_role(account, "app", trust({"Service": "ec2.amazonaws.com"}))
    account.iam.create_instance_profile(InstanceProfileName="app")
    role = f"arn:aws:iam::{account.account_id}:role/app"
    alice = account.client("iam", account.user("alice", allow("iam:AddRoleToInstanceProfile")))
    asked = {"InstanceProfileName": "app", "RoleName": "app"}
    message = (
        f"User: arn:aws:iam::{account.account_id}:user/alice is not authorized to perform: iam:PassRole on resource: "
        f"{role} because no identity-based policy allows the iam:PassRole action"
    )
    with refused("AccessDenied", 403, message):
        alice.add_role_to_instance_profile(**asked)
    for service, allowed in (("lambda.amazonaws.com", False), ("ec2.amazonaws.com", True)):
        document = allow("iam:PassRole", role, Condition={"StringEquals": {"iam:PassedToService": service}})
        account.iam.put_user_policy(UserName="alice", PolicyName="pass", PolicyDocument=document)
        assert is_let(alice, "add_role_to_instance_profile", asked) is allowed


def authorization_id(answer: dict[str, Any]) -> str:
    """Read the authorization id off a refusal's end."""
    message: str = answer["Error"]["Message"]
    return message.rpartition("authorization id: ")[2]


def test_a_refusal_names_its_authorization_id(account: Account, alice: Key) -> None:
    """IAM's refusal ends with where the details are and with an id; each refusal has its own, and its event has it."""
    client = account.client("iam", alice)
    with refused("AccessDenied", 403) as first:
        client.get_user(UserName="bob")
    with refused("AccessDenied", 403) as second:
        client.get_user(UserName="bob")
    found = authorization_id(first)
    assert len(found) == 25
    assert found.isalnum()
    assert found != authorization_id(second)
    assert first["Error"]["Message"].endswith(
        f" action. Go to http://127.0.0.1:4580/iam/home?region=us-east-1#/authorization-details/{found} for complete "
        f"details, or call the GetRequestAuthorizationDetails API with the following authorization id: {found}"
    )
    events = account.client("cloudtrail").lookup_events(
        LookupAttributes=[{"AttributeKey": "EventName", "AttributeValue": "GetUser"}]
    )["Events"]
    assert any(found in event["CloudTrailEvent"] for event in events)


def test_authorization_details_tell_all_that_was_asked(account: Account, alice: Key) -> None:
    """The details hold the request's context, every question with what each policy type said, and the policies."""
    iam, toolbox = account.iam, account.client("iam-toolbox")
    no = iam.create_policy(PolicyName="no", PolicyDocument=deny("iam:TagUser", Sid="NoTags"))["Policy"]["Arn"]
    iam.attach_user_policy(UserName="alice", PolicyArn=no)
    iam.put_user_policy(UserName="alice", PolicyName="all", PolicyDocument=allow("iam:*"))
    bound = iam.create_policy(PolicyName="bound", PolicyDocument=allow("iam:CreateUser"))["Policy"]["Arn"]
    iam.put_user_permissions_boundary(UserName="alice", PermissionsBoundary=bound)
    with refused("AccessDenied", 403) as answer:
        account.client("iam", alice).create_user(**TAGGED)
    details = toolbox.get_request_authorization_details(authorizationId=authorization_id(answer))
    context = details["requestContext"]
    assert (context["aws:username"], context["aws:SourceIp"]) == ("alice", CLIENT_ADDRESS)
    assert context["aws:PrincipalTag/Team"] == "blue"
    made, tagged = details["evaluations"]
    new = f"arn:aws:iam::{account.account_id}:user/new"
    assert (made["action"], made["resource"], made["evaluatedEffect"]) == ("iam:CreateUser", new, "ALLOW")
    assert (tagged["action"], tagged["evaluatedEffect"]) == ("iam:TagUser", "EXPLICIT_DENY")
    assert tagged["context"]["aws:RequestTag/Team"] == "blue"
    principal, boundary = tagged["checks"]
    assert (principal["checkType"], principal["evaluatedEffect"]) == ("PRINCIPAL", "EXPLICIT_DENY")
    assert (boundary["checkType"], boundary["evaluatedEffect"]) == ("PERMISSIONS_BOUNDARY", "IMPLICIT_DENY")
    matched = {one["uri"]: one["matchedStatements"] for one in principal["matchedPolicies"]}
    assert matched[no] == [{"sid": "NoTags", "evaluatedEffect": "DENY"}]
    policies = {one["uri"]: one for one in details["policies"]}
    assert {one["type"] for one in policies.values()} == {"IDENTITY_BASED_POLICY", "PERMISSIONS_BOUNDARY"}
    (inline,) = [uri for uri, one in policies.items() if one["inline"]]
    document = toolbox.get_request_authorization_policy(authorizationId=authorization_id(answer), policyUri=inline)
    assert document["policyDocument"] == json.loads(allow("iam:*"))


def test_details_are_of_the_moment_of_the_refusal(account: Account, alice: Key) -> None:
    """A policy that was changed since is told as it was."""
    account.iam.put_user_policy(UserName="alice", PolicyName="p", PolicyDocument=deny("iam:*"))
    with refused("AccessDenied", 403) as answer:
        account.client("iam", alice).list_users()
    account.iam.put_user_policy(UserName="alice", PolicyName="p", PolicyDocument=allow("iam:*"))
    toolbox, asked = account.client("iam-toolbox"), {"authorizationId": authorization_id(answer)}
    (policy,) = toolbox.get_request_authorization_details(**asked)["policies"]
    document = toolbox.get_request_authorization_policy(**asked, policyUri=policy["uri"])["policyDocument"]
    assert document == json.loads(deny("iam:*"))
    with refused("ResourceNotFoundException", 404):
        toolbox.get_request_authorization_policy(**asked, policyUri="arn:aws:iam::aws:policy/AdministratorAccess")


def test_details_are_for_the_account_and_for_a_day(
    account: Account, other: Account, alice: Key, clock: SteppingClock
) -> None:
    """Another account, an id that is none, a caller without the permission and tomorrow learn nothing."""
    client = account.client("iam", alice)
    with refused("AccessDenied", 403) as answer:
        client.list_users()
    asked = {"authorizationId": authorization_id(answer)}
    with refused("AccessDeniedException", 403):
        account.client("iam-toolbox", alice).get_request_authorization_details(**asked)
    with refused("ResourceNotFoundException", 404):
        other.client("iam-toolbox").get_request_authorization_details(**asked)
    toolbox = account.client("iam-toolbox")
    with refused("ResourceNotFoundException", 404):
        toolbox.get_request_authorization_details(authorizationId="nothing")
    with refused("ValidationException", 400):
        toolbox.get_request_authorization_details(**asked, nextToken="x")
    toolbox.get_request_authorization_details(**asked)
    clock.advance(hours=24, seconds=1)
    with refused("ResourceNotFoundException", 404):
        toolbox.get_request_authorization_details(**asked)


HEADER = "x-keywright-encoded-authorization-message"


def test_other_services_refusals_carry_a_sealed_message(account: Account, other: Account, alice: Key) -> None:
    """S3's refusal has a header that says nothing to who has it, and all to who may decode it."""
    account.iam.put_user_policy(UserName="alice", PolicyName="p", PolicyDocument=deny("s3:*", Sid="NoBuckets"))
    with refused("AccessDenied", 403) as answer:
        account.client("s3", alice).list_buckets()
    message = answer["ResponseMetadata"]["HTTPHeaders"][HEADER]
    asked = {"EncodedMessage": message}
    decoded = json.loads(account.client("sts").decode_authorization_message(**asked)["DecodedMessage"])
    assert (decoded["allowed"], decoded["explicitDeny"]) == (False, True)
    assert [one["statementId"] for one in decoded["matchedStatements"]["items"]] == ["NoBuckets"]
    context = decoded["context"]
    assert (context["action"], context["resource"]) == ("s3:ListAllMyBuckets", "*")
    assert context["principal"]["arn"] == f"arn:aws:iam::{account.account_id}:user/alice"
    conditions = {
        one["key"]: [item["value"] for item in one["values"]["items"]] for one in context["conditions"]["items"]
    }
    assert conditions["aws:SourceIp"] == [CLIENT_ADDRESS]
    with refused("AccessDenied", 403):
        account.client("sts", alice).decode_authorization_message(**asked)
    for client, text in (
        (other.client("sts"), message),
        (account.client("sts"), message[:-8]),
        (account.client("sts"), "é"),
    ):
        with refused("InvalidAuthorizationMessageException", 400):
            client.decode_authorization_message(EncodedMessage=text)


def test_a_message_is_read_for_a_day(account: Account, alice: Key, clock: SteppingClock) -> None:
    """A message older than a day has expired."""
    with refused("AccessDenied", 403) as answer:
        account.client("s3", alice).list_buckets()
    clock.advance(hours=24, seconds=1)
    with refused("InvalidAuthorizationMessageException", 400, "The specified message has expired."):
        account.client("sts").decode_authorization_message(
            EncodedMessage=answer["ResponseMetadata"]["HTTPHeaders"][HEADER]
        )


def test_a_stranger_gets_no_message(account: Account, other: Account) -> None:
    """A refusal on another account's resource carries nothing of its policies."""
    account.client("s3").create_bucket(Bucket=account.alias)
    with refused("AccessDenied", 403) as answer:
        other.client("s3").get_bucket_location(Bucket=account.alias)
    assert HEADER not in answer["ResponseMetadata"]["HTTPHeaders"]
