"""`keywright issue` and `resume` against a server: a key's birth, and what becomes of one that was cut short."""

from __future__ import annotations

import json
import signal
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.client.conftest import Person
from tests.e2e.client.killing import killed_at_a_file
from tests.e2e.live_server import Account, LiveServer
from tests.e2e.signing import Key

FIRST_ENTRY = 2
"""The change of a file that is the journal's first: the entry is written, and then named."""
SECOND_ENTRY = 4
"""Its second: the key is made, and stands in the entry."""


def keys_of(iam: Any, user: str) -> list[str]:
    """Give the ids of a user's keys."""
    return [key["AccessKeyId"] for key in iam.list_access_keys(UserName=user)["AccessKeyMetadata"]]


def tags_of(iam: Any, user: str) -> dict[str, str]:
    """Give a user's tags."""
    return {tag["Key"]: tag["Value"] for tag in iam.list_user_tags(UserName=user)["Tags"]}


def journal(person: Person) -> list[Path]:
    """Give what is unfinished."""
    return sorted((person.home / ".local" / "state" / "keywright" / "issuing").glob("*"))


def works(person: Person, user: str, account: Account) -> bool:
    """Tell whether the user's profile signs for the `aws` command."""
    arn = person.aws.json("--profile", user, "sts", "get-caller-identity")["Arn"]
    return bool(arn == f"arn:aws:iam::{account.account_id}:user/{user}")


def test_issue(
    person: Person, server: LiveServer, iam: Any, account: Account, user: str, variables: dict[str, str]
) -> None:
    """One command makes a key, describes it, cleans up after old ones, and the `aws` command signs with it."""
    iam.tag_user(UserName=user, Tags=[{"Key": "AKIAQQQQQQQQQQQQQQQQ", "Value": "old"}, {"Key": "team", "Value": "b"}])
    done = person.json(
        *("issue", user, "--yes", "--purpose", "CLI access", "--owner", "ada", "--environment", "dev"),
        *("--expires", "90d", "--tag", "ticket=X-1", "--csv", "key.csv"),
        variables=variables,
    )
    (key,) = keys_of(iam, user)
    assert (done["UserName"], done["AccessKeyId"], done["Profile"]) == (user, key, user)
    assert done["Notes"] == ["removed the descriptions of keys that are no more: AKIAQQQQQQQQQQQQQQQQ"]
    assert done["Description"].startswith("purpose=CLI access / owner=ada / environment=dev / ticket=X-1 / created=20")
    assert tags_of(iam, user) == {key: done["Description"], "team": "b"}
    assert works(person, user, account)
    assert stat.S_IMODE((person.home / "key.csv").stat().st_mode) == 0o600
    assert journal(person) == []
    again = person.json("import", "key.csv", "--profile", "copy", "--endpoint-url", server.url)
    assert again["Keys"][0]["AccessKeyId"] == key


def test_oneself(person: Person, server: LiveServer, iam: Any, user: str, variables: dict[str, str]) -> None:
    """Who may only make keys of their own gets one for themselves; what they may not do besides is noted."""
    may = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": ["iam:CreateAccessKey", "iam:ListAccessKeys"], "Resource": "*"}],
    }
    iam.put_user_policy(UserName=user, PolicyName="self", PolicyDocument=json.dumps(may))
    made = iam.create_access_key(UserName=user)["AccessKey"]
    own = variables | {"AWS_ACCESS_KEY_ID": made["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": made["SecretAccessKey"]}
    done = person.json("issue", "--yes", "--as", "second", variables=own)
    assert done["UserName"] == user
    assert len(keys_of(iam, user)) == 2
    assert "AccessDenied" in done["Notes"][0]


def test_no_third_key(person: Person, iam: Any, user: str, variables: dict[str, str]) -> None:
    """With two keys there are both, with their last use, and no third is made."""
    keys = [iam.create_access_key(UserName=user)["AccessKey"]["AccessKeyId"] for _ in range(2)]
    done = person.keywright("issue", user, "--yes", variables=variables)
    assert (done.returncode, done.stdout) == (1, "")
    assert all(key in done.stderr for key in keys)
    assert "never" in done.stderr
    assert sorted(keys_of(iam, user)) == sorted(keys)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ((), 2),
        (("--yes", "--expires", "tomorrow"), 2),
        (("--yes", "--expires", "2020-01-01"), 2),
        (("--yes", "--tag", "x"), 2),
        (("--yes", "--owner", "a,b"), 2),
        (("--yes", "--purpose", "x" * 250), 2),
        (("--yes", "--as", "a b"), 1),
        (("--yes", "--as", "taken"), 1),
        (("--yes", "--csv", "there.csv"), 1),
        (("--yes", "--csv", "no/such/folder/key.csv"), 1),
        (("--yes", "--csv", "/proc/key.csv"), 1),
        (("--yes", "--for", "passphrase", "--out", "/proc/key.age"), 1),
        (("--yes", "--store", "keyring"), 1),
    ],
)
def test_what_stands_in_the_way_is_found_first(
    person: Person, iam: Any, user: str, variables: dict[str, str], arguments: tuple[str, ...], code: int
) -> None:
    """What would keep the key from being stored or described is refused before one is made."""
    person.credentials.parent.mkdir(mode=0o700)
    before = "[taken]\naws_access_key_id = AKIAOTHER\naws_secret_access_key = precious\n"
    person.credentials.write_text(before)
    (person.home / "there.csv").write_text("mine")
    done = person.keywright("issue", user, *arguments, variables=variables)
    assert (done.returncode, done.stdout) == (code, "")
    assert keys_of(iam, user) == []
    assert person.credentials.read_text() == before
    assert journal(person) == []


def test_alternatives_come_first(person: Person, user: str, variables: dict[str, str]) -> None:
    """Without --yes it says what would serve better than a key."""
    assert "aws login" in person.keywright("issue", user, variables=variables).stderr


def test_who_is_no_user_names_one(
    person: Person, iam: Any, variables: dict[str, str], make_client: Callable[..., Any]
) -> None:
    """A role's session, like the root user, has no keys of its own to be made: a user must be named."""
    trust = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}],
    }
    role = iam.create_role(RoleName="no-user", AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
    may = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"}]}
    iam.put_user_policy(UserName="admin", PolicyName="assume", PolicyDocument=json.dumps(may))
    admin = Key(variables["AWS_ACCESS_KEY_ID"], variables["AWS_SECRET_ACCESS_KEY"])
    made = make_client("sts", admin).assume_role(RoleArn=role, RoleSessionName="session")["Credentials"]
    session = variables | {
        "AWS_ACCESS_KEY_ID": made["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": made["SecretAccessKey"],
        "AWS_SESSION_TOKEN": made["SessionToken"],
    }
    done = person.keywright("issue", "--yes", variables=session)
    assert done.returncode == 1
    assert "never made" in done.stderr


def test_a_key_of_somebody_else_is_not_undone(
    person: Person, iam: Any, user: str, variables: dict[str, str], make_client: Callable[..., Any]
) -> None:
    """A key that appeared meanwhile and is in use is not taken for the lost one."""
    code, _ = killed_at_a_file(person.home, ("issue", user, "--yes"), variables, FIRST_ENTRY)
    assert code == -signal.SIGKILL
    refused = person.keywright("issue", user, "--yes", "--store", "file", variables=variables)
    assert "KEYWRIGHT_STORE_PASSPHRASE_FILE" in refused.stderr
    assert (refused.returncode, keys_of(iam, user)) == (1, [])
    made = iam.create_access_key(UserName=user)["AccessKey"]
    make_client("sts", Key(made["AccessKeyId"], made["SecretAccessKey"])).get_caller_identity()
    done = person.keywright("resume", variables=variables)
    assert (done.returncode, done.stdout.partition(":")[0]) == (0, "nothing")
    assert made["AccessKeyId"] in done.stderr, "it is named, for a person to judge"
    assert keys_of(iam, user) == [made["AccessKeyId"]]


def test_what_is_unfinished_is_called_to_mind(person: Person, iam: Any, user: str, variables: dict[str, str]) -> None:
    """Who issues another key is told of one whose issue was interrupted, and both can be had."""
    code, _ = killed_at_a_file(person.home, ("issue", user, "--yes", "--as", "first"), variables, SECOND_ENTRY)
    assert code == -signal.SIGKILL
    done = person.keywright("issue", user, "--yes", "--as", "second", variables=variables)
    assert done.returncode == 0
    assert "keywright resume" in done.stderr
    assert [one["Outcome"] for one in person.json("resume", variables=variables)["Keys"]] == ["finished"]
    found = {person.json("verify", "--profile", name)["AccessKeyId"] for name in ("first", "second")}
    assert found == set(keys_of(iam, user))
    assert len(found) == 2


def test_one_that_is_stuck_keeps_none_from_it(person: Person, iam: Any, user: str, variables: dict[str, str]) -> None:
    """An unfinished key whose server is gone stays, with exit code 3 and its entry's name; another is finished."""
    for name in ("stuck", "good"):
        arguments = ("issue", user, "--yes", "--as", name)
        assert killed_at_a_file(person.home, arguments, variables, SECOND_ENTRY)[0] == -signal.SIGKILL
    (stuck,) = (path for path in journal(person) if json.loads(path.read_text())["data"]["profile"] == "stuck")
    stuck.write_text(stuck.read_text().replace(variables["AWS_ENDPOINT_URL"], "http://127.0.0.1:9"))
    elsewhere = {name: value for name, value in variables.items() if name != "AWS_ENDPOINT_URL"}
    done = person.keywright("resume", "--json", variables=elsewhere)
    assert (done.returncode, [one["Outcome"] for one in json.loads(done.stdout)["Keys"]]) == (
        3,
        ["unfinished", "finished"],
    )
    assert str(stuck) in done.stderr
    assert journal(person) == [stuck]
