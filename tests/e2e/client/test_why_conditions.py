"""`keywright why` sees conditions: near misses, trust policies, advice that the engine has checked."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.client.conftest import Person
from tests.e2e.client.denials import Ask, NewUser
from tests.e2e.live_server import Account, make_account
from tests.e2e.signing import Key

_ORGANIZATION = "organizations:DescribeOrganization"
"""What tells whether an organization's policies have a say."""


def policy(*statements: Mapping[str, Any]) -> str:
    """Write a policy."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


@pytest.fixture
def target(iam: Any) -> str:
    """Have a user with the tag team = t0."""
    return str(iam.create_user(UserName="target", Tags=[{"Key": "team", "Value": "t0"}])["User"]["Arn"])


OF_TEAM = {
    "Sid": "OwnTeam",
    "Effect": "Allow",
    "Action": "iam:DeleteUser",
    "Resource": "*",
    "Condition": {"StringEquals": {"aws:ResourceTag/team": "blue"}},
}


def test_a_near_miss(
    new_user: NewUser, ask: Ask, iam: Any, target: str, person: Person, variables: Mapping[str, str]
) -> None:
    """The statement that would allow is shown with what the request had; no Allow without its condition is advised."""
    user = new_user(policy(OF_TEAM))
    output = user.aws.run("iam", "delete-user", "--user-name", "target").stderr
    for explained in (ask(typed=output), ask("iam:DeleteUser", target, "--as", user.name)):
        assert explained["Verdict"] == "denied"
        (miss,) = explained["NearMisses"]
        assert (miss["Statement"]["Sid"], miss["Statement"]["Line"]) == ("OwnTeam", 1)
        assert miss["Conditions"] == [
            {
                "Key": "aws:ResourceTag/team",
                "Operator": "StringEquals",
                "Values": ["blue"],
                "Had": ["t0"],
                "IsKnown": True,
            }
        ]
        assert "but for aws:ResourceTag/team: the request had t0, it asks for blue" in explained["Summary"]
        assert (explained["Policy"], explained["Needed"], explained["NextCommands"]) == (None, [], [])
    shown = person.keywright("why", typed=output, variables=variables).stdout
    assert "would allow it, but for aws:ResourceTag/team" in shown
    iam.tag_user(UserName="target", Tags=[{"Key": "team", "Value": "blue"}])
    assert ask("iam:DeleteUser", target, "--as", user.name, code=0)["Verdict"] == "allowed"
    assert user.aws.run("iam", "delete-user", "--user-name", "target").returncode == 0


def test_by_what_can_be_read(new_user: NewUser, ask: Ask, iam: Any) -> None:
    """Who may read but not simulate has our engine's word; who may simulate but not read is told what was not read."""
    asked = new_user(policy({"Effect": "Allow", "Action": ["iam:ListRoles", "s3:GetObject"], "Resource": "*"}))
    reader = new_user(
        policy(
            {"Effect": "Allow", "Action": ["iam:Get*", "iam:List*", _ORGANIZATION], "Resource": "*"},
            {"Effect": "Deny", "Action": "iam:Simulate*", "Resource": "*"},
        )
    )
    found = ask("iam:ListRoles", "--as", asked.name, key=reader.key, code=0)
    assert (found["Verdict"], found["Confidence"]) == ("allowed", "simulated")
    assert any(one["Source"] == "engine" for one in found["Evidence"])
    denied = ask("iam:ListUsers", "--as", asked.name, key=reader.key)
    assert (denied["Verdict"], denied["BlockedBy"]) == ("denied", "identity-based policy")
    simulating = {"Effect": "Allow", "Action": ["iam:Simulate*", "iam:GetUser", _ORGANIZATION], "Resource": "*"}
    simulator = new_user(policy(simulating))
    doubtful = ask("s3:GetObject", "arn:aws:s3:::some/key", "--as", asked.name, key=simulator.key, code=3)
    assert (doubtful["Verdict"], doubtful["Confidence"]) == ("unknown", "incomplete")
    assert doubtful["Summary"].startswith("no denial found in what could be read")
    assert doubtful["Unread"] == ["the policy of arn:aws:s3:::some/key"]


def test_advice_is_checked(new_user: NewUser, ask: Ask, iam: Any, target: str) -> None:
    """Where a policy and the boundary lack it, both are told; with both the call is allowed. Past a Deny none is."""
    user = new_user()
    own_boundary = iam.create_policy(
        PolicyName="narrow",
        PolicyDocument=policy({"Effect": "Allow", "Action": "s3:*", "Resource": "*"}),
    )["Policy"]["Arn"]
    iam.put_user_permissions_boundary(UserName=user.name, PermissionsBoundary=own_boundary)
    arguments = ("iam", "list-user-tags", "--user-name", "target")
    output = user.aws.run(*arguments).stderr
    explained = ask(typed=output)
    assert explained["Policy"] is None
    kinds = [one["PolicyType"] for one in explained["Needed"]]
    assert kinds == ["identity-based policy", "permissions boundary"]
    own, limit = (one["Policy"] for one in explained["Needed"])
    assert json.loads(own)["Statement"] == [{"Effect": "Allow", "Action": "iam:ListUserTags", "Resource": target}]
    iam.put_user_policy(UserName=user.name, PolicyName="advised", PolicyDocument=own)
    assert user.aws.run(*arguments).returncode != 0
    iam.create_policy_version(PolicyArn=own_boundary, PolicyDocument=limit, SetAsDefault=True)
    assert user.aws.run(*arguments).returncode == 0
    iam.delete_user_policy(UserName=user.name, PolicyName="advised")
    iam.put_user_permissions_boundary(UserName=user.name, PermissionsBoundary="arn:aws:iam::aws:policy/ReadOnlyAccess")
    iam.put_user_policy(
        UserName=user.name,
        PolicyName="later",
        PolicyDocument=policy({"Sid": "Never", "Effect": "Deny", "Action": "iam:ListUserTags", "Resource": "*"}),
    )
    past = ask(output.split(". Go to")[0])
    assert (past["Policy"], past["Needed"]) == (None, [])


def test_conditions_of_a_trust_policy(new_user: NewUser, ask: Ask, iam: Any) -> None:
    """Of a trust policy's conditions each is told that the request does not meet, with the flag that would meet it."""
    user = new_user(policy({"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"}))
    user_arn = iam.get_user(UserName=user.name)["User"]["Arn"]
    trust = {
        "Effect": "Allow",
        "Principal": {"AWS": user_arn},
        "Action": "sts:AssumeRole",
        "Condition": {
            "StringEquals": {"sts:ExternalId": "e-17", "aws:PrincipalTag/team": "blue"},
            "Bool": {"aws:MultiFactorAuthPresent": "true"},
            "IpAddress": {"aws:SourceIp": "127.0.0.0/8"},
        },
    }
    role = iam.create_role(RoleName=f"of-{user.name}", AssumeRolePolicyDocument=policy(trust))["Role"]["Arn"]
    arguments = ("sts", "assume-role", "--role-arn", role, "--role-session-name", "session")
    explained = ask(typed=user.aws.run(*arguments).stderr)
    assert (explained["Verdict"], explained["BlockedBy"]) == ("denied", "role trust policy")
    (miss,) = explained["NearMisses"]
    had = {one["Key"]: (one["Had"], one["IsKnown"]) for one in miss["Conditions"]}
    # That the user has no tag can be read; what else the request had is known to the service alone.
    assert had["aws:PrincipalTag/team"] == (None, True)
    assert had["sts:ExternalId"] == (None, False)
    assert any("--external-id" in one for one in explained["Warnings"])
    assert any("--serial-number" in one for one in explained["Warnings"])
    assert explained["Policy"] is None
    iam.tag_user(UserName=user.name, Tags=[{"Key": "team", "Value": "blue"}])
    context = ("sts:ExternalId=e-17", "aws:MultiFactorAuthPresent=true", "aws:SourceIp=127.0.0.1")
    flags = [word for one in context for word in ("--context", one)]
    assert ask("sts:AssumeRole", role, "--as", user.name, *flags, code=0)["Verdict"] == "allowed"
    flags[1] = "sts:ExternalId=other"
    (miss,) = ask("sts:AssumeRole", role, "--as", user.name, *flags)["NearMisses"]
    assert [(one["Key"], one["Had"]) for one in miss["Conditions"]] == [("sts:ExternalId", ["other"])]


def test_a_trust_across_accounts(
    folder: Path, account: Account, iam: Any, new_user: NewUser, ask: Ask, make_client: Callable[..., Any]
) -> None:
    """The role's owner learns that its trust policy does not name the caller; the caller's that it was not read."""
    other = make_account(folder / "data", "--alias", "second-corp", home=folder, command=("account", "create"))
    owner = Key(other.access_key_id, other.secret_access_key)
    theirs = make_client("iam", owner)
    user = new_user(policy({"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"}))
    user_arn = iam.get_user(UserName=user.name)["User"]["Arn"]
    nobody = {
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{other.account_id}:root"},
        "Action": "sts:AssumeRole",
    }
    role = theirs.create_role(RoleName="shared", AssumeRolePolicyDocument=policy(nobody))["Role"]["Arn"]
    # A role of the same name in the caller's account, which would let them in, is another one.
    trusting = {"Effect": "Allow", "Principal": {"AWS": account.account_id}, "Action": "sts:AssumeRole"}
    iam.create_role(RoleName="shared", AssumeRolePolicyDocument=policy(trusting))
    output = user.aws.run("sts", "assume-role", "--role-arn", role, "--role-session-name", "session").stderr
    told = ask(typed=output, key=owner)
    assert (told["Verdict"], told["BlockedBy"]) == ("denied", "role trust policy")
    assert told["NearMisses"] == []
    from_needed = {one["PolicyType"]: json.loads(one["Policy"])["Statement"] for one in told["Needed"]}
    assert from_needed["role trust policy"] == [
        {"Effect": "Allow", "Principal": {"AWS": user_arn}, "Action": "sts:AssumeRole"}
    ]
    asked = ask("sts:AssumeRole", role, "--as", user.name, code=3)
    assert asked["Summary"].startswith("no denial found in what could be read")
    assert f"the trust policy of {role}" in asked["Unread"]
    trust = policy(*from_needed["role trust policy"])
    theirs.update_assume_role_policy(RoleName="shared", PolicyDocument=trust)
    assert user.aws.run("sts", "assume-role", "--role-arn", role, "--role-session-name", "session").returncode == 0
    now = ask("sts:AssumeRole", role, "--as", user_arn, key=owner, code=3)
    assert any(one.startswith(f"the policies of {user_arn}") for one in now["Unread"])
