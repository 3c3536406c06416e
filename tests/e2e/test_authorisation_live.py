"""
The policy language enforced on a running server, by boto3 over a socket, theme by theme.

The rows are the contract tests' (`tests/contract/condition_rows`). The simulator, asked what the server itself says
that a call asked for, must answer what became of the call.
"""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from botocore.exceptions import ClientError

from keywright.identity.totp import STEP_SECONDS, time_step, totp
from tests.contract.condition_rows import (
    ALICE,
    BOB_TAGS,
    LIST,
    READ_ONLY,
    ROWS,
    Row,
    World,
    fill,
    is_let,
    name_of,
    tags,
)
from tests.contract.expect import allow, deny, policy, refused
from tests.e2e.conftest import MakeClient
from tests.e2e.live_server import Account, LiveServer, make_account
from tests.e2e.signing import Key

MakeUser = Callable[..., Key]


class Question(NamedTuple):
    """What a call asked the policies, as the server tells it of a refusal."""

    action: str
    resource: str
    context: dict[str, list[str]]


def session(answer: dict[str, Any]) -> Key:
    """Take the credentials of an answer."""
    made = answer["Credentials"]
    return Key(made["AccessKeyId"], made["SecretAccessKey"], made["SessionToken"])


def remove_user(iam: Any, name: str) -> None:
    """Delete a user and what the tests give one."""
    with suppress(iam.exceptions.NoSuchEntityException):
        for key in iam.list_access_keys(UserName=name)["AccessKeyMetadata"]:
            iam.delete_access_key(UserName=name, AccessKeyId=key["AccessKeyId"])
        for inline in iam.list_user_policies(UserName=name)["PolicyNames"]:
            iam.delete_user_policy(UserName=name, PolicyName=inline)
        for attached in iam.list_attached_user_policies(UserName=name)["AttachedPolicies"]:
            iam.detach_user_policy(UserName=name, PolicyArn=attached["PolicyArn"])
        for group in iam.list_groups_for_user(UserName=name)["Groups"]:
            iam.remove_user_from_group(UserName=name, GroupName=group["GroupName"])
        for device in iam.list_mfa_devices(UserName=name)["MFADevices"]:
            iam.deactivate_mfa_device(UserName=name, SerialNumber=device["SerialNumber"])
        iam.delete_user(UserName=name)


@pytest.fixture
def make_user(iam: Any) -> Iterator[MakeUser]:
    """Make users with a key, who go with the test, as does the user that a test of it makes."""
    made = ["new"]

    def make(name: str, document: str | None = None, **labels: str) -> Key:
        iam.create_user(UserName=name, Tags=tags(labels))
        made.append(name)
        if document is not None:
            iam.put_user_policy(UserName=name, PolicyName="inline", PolicyDocument=document)
        key = iam.create_access_key(UserName=name)["AccessKey"]
        return Key(key["AccessKeyId"], key["SecretAccessKey"])

    yield make
    for name in made:
        remove_user(iam, name)


@pytest.fixture(scope="module")
def stranger(server: LiveServer, folder: Path) -> Account:
    """The administrator of another account on the same server."""
    return make_account(server.data, home=folder, command=("account", "create"))


@pytest.fixture
def bucket(make_client: MakeClient, admin: Key) -> Iterator[str]:
    """A bucket of the administrator's account."""
    s3, name = make_client("s3", admin), f"live-{time.time_ns()}"
    s3.create_bucket(Bucket=name)
    yield name
    s3.delete_bucket(Bucket=name)


def questions(client: Any, case: Row, parameters: dict[str, Any], admin: Callable[[str], Any]) -> list[Question]:
    """Make a call that nothing allows, and have the server tell what it asked."""
    with pytest.raises(ClientError) as caught:
        getattr(client, case.operation)(**parameters)
    answer = caught.value.response
    if case.action.startswith("iam:"):
        return _details(admin("iam-toolbox"), answer["Error"]["Message"].rpartition("authorization id: ")[2])
    message = answer["ResponseMetadata"]["HTTPHeaders"]["x-keywright-encoded-authorization-message"]
    decoded = admin("sts").decode_authorization_message(EncodedMessage=message)["DecodedMessage"]
    context = json.loads(decoded)["context"]
    found = {one["key"]: [item["value"] for item in one["values"]["items"]] for one in context["conditions"]["items"]}
    return [Question(context["action"], context["resource"], found)]


def _details(toolbox: Any, authorization_id: str) -> list[Question]:
    told = toolbox.get_request_authorization_details(authorizationId=authorization_id)
    return [
        Question(one["action"], one["resource"], _listed(told["requestContext"]) | _listed(one.get("context", {})))
        for one in told["evaluations"]
    ]


def _listed(context: dict[str, Any]) -> dict[str, list[str]]:
    """List each key's values."""
    return {key: value if isinstance(value, list) else [value] for key, value in context.items()}


def simulated(iam: Any, user_arn: str, asked: list[Question]) -> set[str]:
    """Put the same questions to the simulator, about the policies that the user has."""
    decisions = set()
    for one in asked:
        entries = [
            {"ContextKeyName": key, "ContextKeyValues": values, "ContextKeyType": "stringList"}
            for key, values in one.context.items()
        ]
        (result,) = iam.simulate_principal_policy(
            PolicySourceArn=user_arn, ActionNames=[one.action], ResourceArns=[one.resource], ContextEntries=entries
        )["EvaluationResults"]
        decisions.add(result["EvalDecision"])
    return decisions


@pytest.mark.parametrize("case", ROWS, ids=name_of)
def test_a_condition_is_enforced_and_simulated(
    account: Account, iam: Any, admin: Key, make_client: MakeClient, make_user: MakeUser, case: Row
) -> None:
    """An Allow under a condition lets the calls of which it is true, a Deny stops those; the simulator says so too."""
    world = World(account.account_id, f"live-{time.time_ns()}", "127.0.0.1", "127.0.0.0/24")
    condition, parameters = fill(case.condition, world), fill(case.parameters, world)
    alice = make_client(case.action.partition(":")[0], make_user("alice", **ALICE))
    make_user("bob", **BOB_TAGS)
    arn = f"arn:aws:iam::{account.account_id}:user/alice"
    asked = questions(alice, case, parameters, lambda service: make_client(service, admin))

    def put(name: str, document: str) -> None:
        iam.put_user_policy(UserName="alice", PolicyName=name, PolicyDocument=document)

    put("p", allow(case.action, Condition=condition))
    decisions = simulated(iam, arn, asked)
    assert is_let(alice, case.operation, parameters) is case.allowed
    assert (decisions == {"allowed"}) is case.allowed
    put("all", allow("*"))
    put("p", deny(case.action, Condition=condition))
    if case.allowed:
        assert "explicitDeny" in simulated(iam, arn, asked)
        assert not is_let(alice, case.operation, parameters)


def test_a_boundary(iam: Any, make_client: MakeClient, make_user: MakeUser) -> None:
    """A boundary takes away what the user's own policies allow, and gives nothing."""
    alice = make_client("iam", make_user("alice", allow("iam:ListUsers")))
    assert is_let(alice, *LIST)
    bound = iam.create_policy(PolicyName="bound", PolicyDocument=allow("iam:ListGroups"))["Policy"]["Arn"]
    iam.put_user_permissions_boundary(UserName="alice", PermissionsBoundary=bound)
    with refused("AccessDenied", 403) as answer:
        alice.list_users()
    assert "because no permissions boundary allows the iam:ListUsers action" in answer["Error"]["Message"]
    assert not is_let(alice, "list_groups", {})
    iam.delete_user_permissions_boundary(UserName="alice")
    assert is_let(alice, *LIST)
    iam.delete_policy(PolicyArn=bound)


def test_a_group(iam: Any, make_client: MakeClient, make_user: MakeUser) -> None:
    """What a group allows its members may, for as long as they are members."""
    alice = make_client("iam", make_user("alice"))
    iam.create_group(GroupName="readers")
    iam.attach_group_policy(GroupName="readers", PolicyArn=READ_ONLY)
    assert not is_let(alice, *LIST)
    iam.add_user_to_group(GroupName="readers", UserName="alice")
    assert is_let(alice, *LIST)
    iam.remove_user_from_group(GroupName="readers", UserName="alice")
    assert not is_let(alice, *LIST)


def test_a_trust_with_an_external_id_and_a_session_policy(
    account: Account, iam: Any, admin: Key, make_client: MakeClient
) -> None:
    """A role is assumed with its external id alone; the session may what role and session policy both allow."""
    condition = {"StringEquals": {"sts:ExternalId": "a-word"}}
    principal = {"AWS": f"arn:aws:iam::{account.account_id}:root"}
    trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": principal, "Condition": condition}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    role = iam.create_role(RoleName="app", AssumeRolePolicyDocument=document)["Role"]["Arn"]
    iam.put_role_policy(RoleName="app", PolicyName="inline", PolicyDocument=allow(["iam:ListUsers", "iam:GetRole"]))
    sts, asked = make_client("sts", admin), {"RoleArn": role, "RoleSessionName": "live"}
    assert not is_let(sts, "assume_role", asked)
    assert not is_let(sts, "assume_role", asked | {"ExternalId": "another-word"})
    asked["ExternalId"] = "a-word"
    whole = make_client("iam", session(sts.assume_role(**asked)))
    half = make_client("iam", session(sts.assume_role(**asked, Policy=allow(["iam:GetRole", "iam:ListGroups"]))))
    assert [is_let(one, *LIST) for one in (whole, half)] == [True, False]
    assert [is_let(one, "get_role", {"RoleName": "app"}) for one in (whole, half)] == [True, True]
    assert [is_let(one, "list_groups", {}) for one in (whole, half)] == [False, False]


def test_mfa(iam: Any, make_client: MakeClient, make_user: MakeUser) -> None:
    """A condition on MFA lets a session that was begun with a code, and neither the key nor a session without."""
    young = {"Bool": {"aws:MultiFactorAuthPresent": "true"}, "NumericLessThan": {"aws:MultiFactorAuthAge": "3600"}}
    key = make_user("alice", allow("s3:*", Condition=young))
    device = iam.create_virtual_mfa_device(VirtualMFADeviceName="phone")["VirtualMFADevice"]
    seed, serial = base64.b32decode(device["Base32StringSeed"]), device["SerialNumber"]
    # A code counts once, and one step early: near a step's end the last of the three could be too early.
    left = STEP_SECONDS - time.time() % STEP_SECONDS
    if left < 5:
        time.sleep(left)
    step = time_step(datetime.now(UTC))
    first, second, third = (totp(seed, step + later) for later in (-1, 0, 1))
    iam.enable_mfa_device(UserName="alice", SerialNumber=serial, AuthenticationCode1=first, AuthenticationCode2=second)
    sts = make_client("sts", key)
    plain, verified = (
        session(sts.get_session_token()),
        session(sts.get_session_token(SerialNumber=serial, TokenCode=third)),
    )
    clients = [make_client("s3", one) for one in (key, plain, verified)]
    assert [is_let(client, "list_buckets", {}) for client in clients] == [False, False, True]


def may_use(make_client: MakeClient, key: Key, bucket: str) -> bool:
    """Tell whether a key may use a bucket."""
    try:
        make_client("s3", key).head_bucket(Bucket=bucket)
    except ClientError as error:
        if error.response["ResponseMetadata"]["HTTPStatusCode"] != 403:
            raise
        return False
    return True


def test_a_bucket_policy_alone(
    account: Account, admin: Key, make_client: MakeClient, make_user: MakeUser, bucket: str
) -> None:
    """A user without any policy may what the bucket's says, from where it says; another user may not."""
    alice, bob = make_user("alice"), make_user("bob")
    s3 = make_client("s3", admin)
    for network, lets in ((None, False), ("198.51.100.0/24", False), ("127.0.0.0/8", True)):
        if network is not None:
            document = policy(
                "Allow",
                "s3:ListBucket",
                f"arn:aws:s3:::{bucket}",
                Principal={"AWS": f"arn:aws:iam::{account.account_id}:user/alice"},
                Condition={"IpAddress": {"aws:SourceIp": network}},
            )
            s3.put_bucket_policy(Bucket=bucket, Policy=document)
        assert may_use(make_client, alice, bucket) is lets
    assert not may_use(make_client, bob, bucket)


def test_across_accounts_both_sides(stranger: Account, admin: Key, make_client: MakeClient, bucket: str) -> None:
    """A stranger needs the bucket's word and that of the policies of the own account, for buckets as for roles."""
    keys = {}
    iam = make_client("iam", Key(stranger.access_key_id, stranger.secret_access_key))
    for name, document in (("may", allow(["s3:ListBucket", "sts:AssumeRole"])), ("may-not", allow("s3:GetObject"))):
        iam.create_user(UserName=name)
        iam.put_user_policy(UserName=name, PolicyName="inline", PolicyDocument=document)
        made = iam.create_access_key(UserName=name)["AccessKey"]
        keys[name] = Key(made["AccessKeyId"], made["SecretAccessKey"])
    assert not may_use(make_client, keys["may"], bucket)
    granted = policy("Allow", "s3:ListBucket", f"arn:aws:s3:::{bucket}", Principal={"AWS": stranger.account_id})
    make_client("s3", admin).put_bucket_policy(Bucket=bucket, Policy=granted)
    assert {name: may_use(make_client, key, bucket) for name, key in keys.items()} == {"may": True, "may-not": False}
    trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": stranger.account_id}}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    role = make_client("iam", admin).create_role(RoleName="shared", AssumeRolePolicyDocument=document)["Role"]["Arn"]
    asked = {"RoleArn": role, "RoleSessionName": "live"}
    let = {name: is_let(make_client("sts", key), "assume_role", asked) for name, key in keys.items()}
    assert let == {"may": True, "may-not": False}
