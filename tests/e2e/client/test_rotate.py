"""`keywright rotate` against a server: a key's successor, everywhere the key was, and the old one's end."""

from __future__ import annotations

import json
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.client.conftest import Person
from tests.e2e.live_server import Account, LiveServer
from tests.e2e.signing import Key

AT_ONCE = ("--deactivate-after", "0", "--delete-after", "0")
MAY = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}


@pytest.fixture
def user(iam: Any, request: pytest.FixtureRequest) -> str:
    """Have a user who may do all, without keys."""
    name = "u" + str(abs(hash(request.node.nodeid)))[:12]
    iam.create_user(UserName=name)
    iam.put_user_policy(UserName=name, PolicyName="all", PolicyDocument=json.dumps(MAY))
    return name


@pytest.fixture
def key(iam: Any, user: str) -> Key:
    """Have a key of that user, with a description."""
    made = iam.create_access_key(UserName=user)["AccessKey"]
    described = "purpose=CLI access / owner=ada / created=2026-01-01 / expires=2099-01-01"
    iam.tag_user(UserName=user, Tags=[{"Key": made["AccessKeyId"], "Value": described}, {"Key": "team", "Value": "b"}])
    return Key(made["AccessKeyId"], made["SecretAccessKey"])


@pytest.fixture
def admins(server: LiveServer, admin: Key) -> dict[str, str]:
    """Be the administrator, by the environment."""
    return {
        "AWS_ENDPOINT_URL": server.url,
        "AWS_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": admin.access_key_id,
        "AWS_SECRET_ACCESS_KEY": admin.secret_access_key,
    }


def place(person: Person, server: LiveServer, key: Key) -> None:
    """Put a key into two profiles, one of each file, among what is somebody else's."""
    person.credentials.parent.mkdir(mode=0o700, exist_ok=True)
    pair = f"aws_access_key_id = {key.access_key_id}\naws_secret_access_key={key.secret_access_key}\n"
    person.credentials.write_text(
        f"# mine\n[other]\naws_access_key_id = AKIAOTHER\naws_secret_access_key = precious\n\n[work]\n{pair}"
    )
    person.config.write_text(
        f"[profile work]\nregion = us-east-1\nendpoint_url = {server.url}\n\n"
        f"[profile copy]\n{pair}region = us-east-1\nendpoint_url = {server.url}\n"
    )
    for path in (person.credentials, person.config):
        path.chmod(0o600)


def statuses(iam: Any, user: str) -> dict[str, str]:
    """Give the states of a user's keys."""
    return {key["AccessKeyId"]: key["Status"] for key in iam.list_access_keys(UserName=user)["AccessKeyMetadata"]}


def tags_of(iam: Any, user: str) -> dict[str, str]:
    """Give a user's tags."""
    return {tag["Key"]: tag["Value"] for tag in iam.list_user_tags(UserName=user)["Tags"]}


def unfinished(person: Person) -> list[Path]:
    """Give what is in the journal."""
    return sorted((person.home / ".local" / "state" / "keywright" / "rotating").glob("*"))


def signs(person: Person, profile: str, user: str, account: Account) -> bool:
    """Tell whether a profile signs for the `aws` command."""
    arn = person.aws.json("--profile", profile, "sts", "get-caller-identity")["Arn"]
    return bool(arn == f"arn:aws:iam::{account.account_id}:user/{user}")


def test_rotate(person: Person, server: LiveServer, iam: Any, account: Account, user: str, key: Key) -> None:
    """One command replaces a key in every profile, carries its description over, and ends the old one."""
    place(person, server, key)
    before = person.credentials.read_text(), person.config.read_text()
    (done,) = person.json("rotate", "--profile", "work", *AT_ONCE)["Keys"]
    ((new, status),) = statuses(iam, user).items()
    assert (done["Outcome"], done["OldAccessKeyId"], done["NewAccessKeyId"]) == ("rotated", key.access_key_id, new)
    assert (status, done["Step"], done["Why"], done["Notes"]) == ("Active", None, None, [])
    assert len(done["Places"]) == 2
    assert signs(person, "work", user, account)
    assert signs(person, "copy", user, account)
    secret = person.aws.text("--profile", "work", "configure", "get", "aws_secret_access_key").strip()
    for path, text in zip((person.credentials, person.config), before, strict=True):
        assert path.read_text() == text.replace(key.access_key_id, new).replace(key.secret_access_key, secret)
    tags = tags_of(iam, user)
    assert set(tags) == {"team", new}
    assert tags[new].startswith("purpose=CLI access / owner=ada / created=20")
    assert " / expires=2098-" in tags[new] or " / expires=2099-" in tags[new]
    assert unfinished(person) == []
    assert key.secret_access_key not in str(done)
    assert secret not in str(done)
