"""`keywright verify` against a server: every line has its answer, or the reason why there is none."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.e2e.client.conftest import Person
from tests.e2e.live_server import Account, LiveServer
from tests.e2e.signing import Key

SELF_SERVICE = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Sid": "Self",
            "Effect": "Allow",
            "Action": [
                "iam:GetUser",
                "iam:ListAccessKeys",
                "iam:GetAccessKeyLastUsed",
                "iam:ListMFADevices",
                "iam:SimulatePrincipalPolicy",
                "s3:ListBucket",
            ],
            "Resource": "*",
        },
        {"Effect": "Deny", "Action": "s3:DeleteBucket", "Resource": "*"},
    ],
}


@pytest.fixture(scope="module")
def alice(iam: Any, new_key: Callable[[str], Key]) -> Key:
    """Have a user who may look at herself, whose key has a description."""
    key = new_key("alice")
    iam.put_user_policy(UserName="alice", PolicyName="self", PolicyDocument=json.dumps(SELF_SERVICE))
    tags = [{"Key": key.access_key_id, "Value": "laptop"}, {"Key": "team", "Value": "blue"}]
    iam.tag_user(UserName="alice", Tags=tags)
    return key


@pytest.fixture
def place(person: Person, server: LiveServer) -> Callable[[Key], None]:
    """Put keys into the profile kw."""

    def write(key: Key) -> None:
        done = person.keywright(
            *("profiles", "set", "kw", "region=eu-west-1", f"endpoint_url={server.url}", "--key", "--replace-key"),
            typed=f"{key.access_key_id}\n{key.secret_access_key}\n",
        )
        assert done.returncode == 0, done.stderr

    return write


def test_everything(
    person: Person, server: LiveServer, alice: Key, account: Account, place: Callable[[Key], None]
) -> None:
    """Who may look at herself sees all: identity, account, place, status, age, tags, devices, no reasons."""
    place(alice)
    found = person.json("verify", "--profile", "kw")
    assert found["CreatedAt"].endswith("Z")
    for changing in ("CreatedAt", "LastUsedAt", "LastUsedService"):
        del found[changing]
    assert found == {
        "Profile": "kw",
        "AccessKeyId": alice.access_key_id,
        "Source": "shared-credentials-file",
        "Place": f"{person.credentials}:2",
        "AccountOfKey": account.account_id,
        "Region": "eu-west-1",
        "EndpointUrl": server.url,
        "Arn": f"arn:aws:iam::{account.account_id}:user/alice",
        "AccountId": account.account_id,
        "Kind": "user",
        "Status": "Active",
        "AgeDays": 0,
        "Keys": 1,
        "Tags": {alice.access_key_id: "laptop", "team": "blue"},
        "MfaDevices": [],
        "Abilities": [],
        "Reasons": {},
    }
    text = person.keywright("verify", "--profile", "kw").stdout
    for words in ("user/alice", "Active, 0 days old", "the only key", "the key's: laptop", "team=blue", "no device"):
        assert words in text
    assert alice.secret_access_key not in text
    assert "unknown" not in text


def test_can(person: Person, alice: Key, place: Callable[[Key], None]) -> None:
    """--can says of each action whether it is allowed and by what; the exit code is 1 unless all are."""
    place(alice)
    asked = ("--profile", "kw", "--can", "s3:ListBucket", "arn:aws:s3:::any")
    (allowed,) = person.json("verify", *asked)["Abilities"]
    assert (allowed["Decision"], allowed["Resource"]) == ("allowed", "arn:aws:s3:::any")
    assert "self" in allowed["Why"]
    found = person.json("verify", *asked, "--can", "s3:DeleteBucket", "--can", "iam:CreateUser", code=1)
    assert [one["Decision"] for one in found["Abilities"]] == ["allowed", "explicitDeny", "implicitDeny"]


@pytest.mark.parametrize("words", [("s3",), ("s3:",), ("s3:ListBucket", "a", "b")])
def test_can_wrong_usage(person: Person, alice: Key, place: Callable[[Key], None], words: tuple[str, ...]) -> None:
    """What is no action, or too much, is exit code 2."""
    place(alice)
    assert person.keywright("verify", "--profile", "kw", "--can", *words).returncode == 2


def test_who_may_nothing_gets_reasons(
    person: Person, new_key: Callable[[str], Key], account: Account, place: Callable[[Key], None]
) -> None:
    """A user without permissions learns who they are; of all else, why it is not known. That is no failure."""
    place(new_key("nobody"))
    found = person.json("verify", "--profile", "kw")
    assert found["Arn"] == f"arn:aws:iam::{account.account_id}:user/nobody"
    asked = {"Status", "CreatedAt", "AgeDays", "Keys", "LastUsedAt", "LastUsedService", "Tags", "MfaDevices"}
    assert {name for name, why in found["Reasons"].items() if "AccessDenied" in why} >= asked - {
        # AWS: everybody may ask this of a key of one's own account; it needs a permission all the same.
        "LastUsedAt",
        "LastUsedService",
    }
    assert all(found[name] is None for name in found["Reasons"])
    can = person.json("verify", "--profile", "kw", "--can", "s3:ListBucket", code=1)
    assert can["Abilities"][0]["Decision"] is None
    assert "SimulatePrincipalPolicy" in can["Abilities"][0]["Why"]


def test_the_environment(person: Person, server: LiveServer, admin: Key, account: Account) -> None:
    """Keys of the environment are named as such."""
    found = person.json(
        "verify",
        variables={
            "AWS_ACCESS_KEY_ID": admin.access_key_id,
            "AWS_SECRET_ACCESS_KEY": admin.secret_access_key,
            "AWS_ENDPOINT_URL": server.url,
            "AWS_REGION": "eu-west-3",
        },
    )
    assert (found["Source"], found["Place"], found["Region"]) == ("env", "AWS_ACCESS_KEY_ID", "eu-west-3")
    assert found["AccountId"] == account.account_id


def test_a_role(
    person: Person, server: LiveServer, iam: Any, alice: Key, account: Account, place: Callable[[Key], None]
) -> None:
    """A profile that assumes a role is that role's session; its permissions are the role's."""
    trust = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"AWS": account.account_id}, "Action": "sts:AssumeRole"}],
    }
    may = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"}]}
    iam.create_role(RoleName="reader", AssumeRolePolicyDocument=json.dumps(trust))
    iam.attach_role_policy(RoleName="reader", PolicyArn="arn:aws:iam::aws:policy/IAMReadOnlyAccess")
    iam.put_user_policy(UserName="alice", PolicyName="assume", PolicyDocument=json.dumps(may))
    place(alice)
    role = f"arn:aws:iam::{account.account_id}:role/reader"
    options = (f"role_arn={role}", "source_profile=kw", "region=us-east-1", f"endpoint_url={server.url}")
    assert person.keywright("profiles", "set", "r", *options).returncode == 0
    found = person.json("verify", "--profile", "r", "--can", "iam:ListUsers", "--can", "iam:CreateUser", code=1)
    assert (found["Kind"], found["Source"]) == ("assumed role", "assume-role")
    assert found["Place"].startswith(str(person.config))
    assert [one["Decision"] for one in found["Abilities"]] == ["allowed", "implicitDeny"]
    assert "assumed role" in found["Reasons"]["Status"]


def test_a_key_that_is_off(
    person: Person, iam: Any, new_key: Callable[[str], Key], account: Account, place: Callable[[Key], None]
) -> None:
    """An inactive key is exit code 3, with the service's words and what they may mean; its account is known offline."""
    key = new_key("off")
    iam.update_access_key(UserName="off", AccessKeyId=key.access_key_id, Status="Inactive")
    place(key)
    done = person.keywright("verify", "--profile", "kw")
    assert done.returncode == 3
    assert "The security token included in the request is invalid." in done.stderr
    assert "inactive" in done.stderr
    assert f"{account.account_id}, by the key's id" in done.stdout
    found = person.json("verify", "--profile", "kw", code=3)
    assert (found["Arn"], found["AccountOfKey"]) == (None, account.account_id)
    assert "InvalidClientTokenId" in found["Reasons"]["Arn"]


def test_nobody_there(person: Person, alice: Key, place: Callable[[Key], None]) -> None:
    """Where no server answers, and where there are no credentials, it is exit code 3."""
    place(alice)
    done = person.keywright("verify", "--profile", "kw", "--endpoint-url", "http://127.0.0.1:9")
    assert done.returncode == 3
    assert "127.0.0.1:9" in done.stderr
    assert person.keywright("verify").returncode == 3
    assert person.keywright("verify", "--profile", "nope").returncode == 3
