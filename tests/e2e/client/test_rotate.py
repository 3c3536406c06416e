"""`keywright rotate` against a server: a key's successor, everywhere the key was, and the old one's end."""

from __future__ import annotations

import json
import stat
import time
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


def test_every_kind_of_file(person: Person, server: LiveServer, iam: Any, user: str, key: Key) -> None:
    """In the files of --also the id and the secret change where they stand, and no other byte; modes are kept."""
    place(person, server, key)
    pair = key.access_key_id, key.secret_access_key
    texts = {
        ".env": "# app\r\nAWS_ACCESS_KEY_ID={0}\r\nAWS_SECRET_ACCESS_KEY='{1}'\r\nX=1",
        "set.sh": 'export AWS_ACCESS_KEY_ID="{0}"  # mine\nexport AWS_SECRET_ACCESS_KEY="{1}"\n',
        "app.yml": "a:\n  key: {0}\n  secret: {1}\nb: [1, 2]\n",
        "app.json": json.dumps({"key": "{0}", "secret": "{1}"}).replace("{", "{{", 1)[:-1] + "}}",
    }
    for name, text in texts.items():
        (person.home / name).write_bytes(text.format(*pair).encode())
        (person.home / name).chmod(0o640)
    (person.home / ".env").chmod(0o644)
    (done,) = person.json("rotate", "--profile", "work", *AT_ONCE, "--also", *texts)["Keys"]
    assert done["Outcome"] == "rotated", done
    secret = person.aws.text("--profile", "work", "configure", "get", "aws_secret_access_key").strip()
    for name, text in texts.items():
        assert (person.home / name).read_bytes() == text.format(done["NewAccessKeyId"], secret).encode()
        assert stat.S_IMODE((person.home / name).stat().st_mode) == 0o640
    assert unfinished(person) == []


def test_come_back_later(person: Person, server: LiveServer, iam: Any, user: str, key: Key) -> None:
    """Without --wait it ends where it must wait, says until when, and --resume goes on; nothing secret lies about."""
    place(person, server, key)
    (done,) = person.json("rotate", "--profile", "work")["Keys"]
    new = done["NewAccessKeyId"]
    assert (done["Outcome"], done["Step"]) == ("waiting", "watching")
    assert "unused for 1h" in done["Why"]
    assert statuses(iam, user) == {key.access_key_id: "Active", new: "Active"}
    (journal,) = unfinished(person)
    assert stat.S_IMODE(journal.stat().st_mode) == 0o600
    assert stat.S_IMODE(journal.parent.stat().st_mode) == 0o700
    secret = person.aws.text("--profile", "work", "configure", "get", "aws_secret_access_key").strip()
    assert key.secret_access_key not in journal.read_text()
    assert secret not in journal.read_text()
    again = person.keywright("rotate", "--profile", "work")
    assert again.returncode == 1
    assert "--resume" in again.stderr
    (shown,) = person.json("rotate", "--resume", "--dry-run")["Keys"]
    assert (shown["Outcome"], shown["Step"]) == ("unfinished", "watching")
    (still,) = person.json("rotate", "--resume")["Keys"]
    assert still["Step"] == "watching"
    (inactive,) = person.json("rotate", "--resume", "--deactivate-after", "0")["Keys"]
    assert (inactive["Outcome"], inactive["Step"]) == ("waiting", "inactive")
    assert statuses(iam, user) == {key.access_key_id: "Inactive", new: "Active"}
    (ended,) = person.json("rotate", "--resume", "--delete-after", "0")["Keys"]
    assert ended["Outcome"] == "rotated"
    assert statuses(iam, user) == {new: "Active"}
    assert set(tags_of(iam, user)) == {"team", new}
    assert person.keywright("rotate", "--resume").stdout == "There is nothing unfinished\n"


def test_who_still_uses_the_old_key_is_seen(
    person: Person,
    server: LiveServer,
    iam: Any,
    variables: dict[str, str],
    user: str,
    key: Key,
    make_client: Callable[..., Any],
) -> None:
    """An old key that is used after its places had the new one is not deactivated, and it is said where it is used."""
    place(person, server, key)
    person.json("rotate", "--user", user, variables=variables)
    time.sleep(2.5)
    make_client("sts", key).get_caller_identity()
    (done,) = person.json("rotate", "--resume", "--deactivate-after", "30m", variables=variables)["Keys"]
    assert (done["Outcome"], done["Step"]) == ("waiting", "watching")
    assert f"somebody still uses {key.access_key_id}: sts in us-east-1" in done["Why"]
    assert statuses(iam, user)[key.access_key_id] == "Active"


@pytest.mark.parametrize("until", ["watching", "inactive"])
def test_roll_back(person: Person, server: LiveServer, iam: Any, user: str, key: Key, until: str) -> None:
    """A rollback brings the old key back to life and into its places, byte by byte, and deletes the new one."""
    place(person, server, key)
    before, described = person.credentials.read_text(), tags_of(iam, user)
    after = "0" if until == "inactive" else "1h"
    (done,) = person.json("rotate", "--profile", "work", "--deactivate-after", after)["Keys"]
    assert done["Step"] == until
    (back,) = person.json("rotate", "--rollback", "--deactivate-after", "1h")["Keys"]
    assert (back["Outcome"], back["Step"]) == ("waiting", "restored")
    assert statuses(iam, user) == {key.access_key_id: "Active", done["NewAccessKeyId"]: "Active"}
    assert person.credentials.read_text() == before
    (ended,) = person.json("rotate", "--resume", "--deactivate-after", "0")["Keys"]
    assert ended["Outcome"] == "rolled back"
    assert statuses(iam, user) == {key.access_key_id: "Active"}
    assert tags_of(iam, user) == described
    assert unfinished(person) == []


def test_old_files_put_back(person: Person, server: LiveServer, iam: Any, user: str, key: Key) -> None:
    """Where somebody has put all the old files back the old key does not end, and a rollback tidies up."""
    place(person, server, key)
    person.json("rotate", "--profile", "work")
    place(person, server, key)
    (stuck,) = person.json("rotate", "--resume", *AT_ONCE, code=1)["Keys"]
    assert stuck["Outcome"] == "failed"
    assert list(statuses(iam, user).values()) == ["Active", "Active"]
    (back,) = person.json("rotate", "--rollback", *AT_ONCE)["Keys"]
    assert back["Outcome"] == "rolled back"
    assert statuses(iam, user) == {key.access_key_id: "Active"}
    assert unfinished(person) == []


def test_dry_run(person: Person, server: LiveServer, iam: Any, user: str, key: Key) -> None:
    """--dry-run says which key, which places with their lines, and which steps, and changes nothing."""
    place(person, server, key)
    (person.home / ".bashrc").write_text(f"\nexport AWS_ACCESS_KEY_ID={key.access_key_id}\n")
    before = person.credentials.read_text(), tags_of(iam, user)
    (plan,) = person.json("rotate", "--profile", "work", "--dry-run")["Keys"]
    assert plan["Outcome"] == "planned"
    assert plan["Places"] == [
        f"{person.config}:6 (profile copy)",
        f"{person.credentials}:7 (profile work)",
    ]
    assert [step.split()[0] for step in plan["Steps"]] == [
        *("create", "replace", "replace", "describe", "watch", "deactivate", "delete")
    ]
    assert f"{person.home}/.bashrc:2 holds {key.access_key_id} too" in plan["Notes"][0]
    assert (person.credentials.read_text(), tags_of(iam, user)) == before
    assert list(statuses(iam, user)) == [key.access_key_id]
    assert unfinished(person) == []
    lines = person.keywright("rotate", "--profile", "work", "--dry-run").stdout
    assert f"2. replace {key.access_key_id} in {person.config}:6 (profile copy)" in lines


def test_two_keys(person: Person, server: LiveServer, iam: Any, user: str, key: Key) -> None:
    """With two keys both are shown with their last use; an unused one goes only by name, one in use not at all."""
    place(person, server, key)
    other = iam.create_access_key(UserName=user)["AccessKey"]["AccessKeyId"]
    iam.tag_user(UserName=user, Tags=[{"Key": other, "Value": "spare"}])
    done = person.keywright("rotate", "--profile", "work")
    assert (done.returncode, done.stdout) == (1, "")
    assert all(text in done.stderr for text in (key.access_key_id, other, "never", "--remove-unused"))
    young = person.keywright("rotate", "--profile", "work", "--remove-unused", other)
    assert young.returncode == 1
    assert "within the last day" in young.stderr
    itself = person.keywright("rotate", "--profile", "work", "--remove-unused", key.access_key_id)
    assert itself.returncode == 1
    assert len(statuses(iam, user)) == 2
    iam.update_access_key(UserName=user, AccessKeyId=other, Status="Inactive")
    (rotated,) = person.json("rotate", "--profile", "work", "--remove-unused", other, *AT_ONCE)["Keys"]
    assert statuses(iam, user) == {rotated["NewAccessKeyId"]: "Active"}
    assert set(tags_of(iam, user)) == {"team", rotated["NewAccessKeyId"]}


def test_what_is_not_rotated(
    person: Person, server: LiveServer, iam: Any, variables: dict[str, str], user: str
) -> None:
    """A key that no place here holds, a file that is not there, an old key's secret that is not: refused, with why."""
    key = iam.create_access_key(UserName=user)["AccessKey"]
    nowhere = person.keywright("rotate", "--user", user, variables=variables)
    assert nowhere.returncode == 1
    assert "no place on this machine" in nowhere.stderr
    nobody = person.keywright("rotate", "--user", "nobody-at-all", variables=variables)
    assert nobody.returncode == 1
    assert "NoSuchEntity" in nobody.stderr
    own = person.keywright("rotate", variables=variables)
    assert own.returncode == 1, "the variables cannot be changed"
    assert person.keywright("rotate", "--user", user, "--also", "nofile", variables=variables).returncode == 2
    (person.home / "half.txt").write_text(f"{key['AccessKeyId']}\n")
    half = person.keywright("rotate", "--user", user, "--also", "half.txt", variables=variables)
    assert half.returncode == 1, half
    assert "secret" in half.stdout
    assert list(statuses(iam, user)) == [key["AccessKeyId"]]
    assert unfinished(person) == []
    (person.home / "rest.txt").write_text(f"it is {key['SecretAccessKey']}!\n")
    both = ("--also", "half.txt", "rest.txt")
    (done,) = person.json("rotate", "--user", user, *both, *AT_ONCE, variables=variables)["Keys"]
    assert (person.home / "half.txt").read_text() == done["NewAccessKeyId"] + "\n"
    assert key["SecretAccessKey"] not in (person.home / "rest.txt").read_text()


def test_who_may_not_is_told_what_it_takes(person: Person, server: LiveServer, iam: Any, user: str, key: Key) -> None:
    """Who may not rotate a key of their own is told which permissions that takes."""
    iam.delete_user_policy(UserName=user, PolicyName="all")
    place(person, server, key)
    done = person.keywright("rotate", "--profile", "work")
    assert (done.returncode, done.stdout) == (1, "")
    assert "iam:ListAccessKeys, CreateAccessKey" in done.stderr
    assert unfinished(person) == []


def test_sessions_are_refused(
    person: Person, variables: dict[str, str], make_client: Callable[..., Any], admin: Key
) -> None:
    """A session's credentials are not rotated: they end by themselves."""
    session = make_client("sts", admin).get_session_token()["Credentials"]
    by_session = variables | {
        "AWS_ACCESS_KEY_ID": session["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": session["SecretAccessKey"],
        "AWS_SESSION_TOKEN": session["SessionToken"],
    }
    done = person.keywright("rotate", variables=by_session)
    assert done.returncode == 1
    assert "temporary credentials" in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("--all",),
        ("--all", "--older-than", "soon"),
        ("--all", "--user", "u"),
        ("--wait", "5"),
        ("--max-parallel", "0"),
        ("--resume", "--rollback"),
        ("--resume", "--expires", "90d"),
        ("--mfa-code", "12"),
        ("--expires", "yesterday"),
    ],
)
def test_wrong_usage(
    person: Person, server: LiveServer, iam: Any, user: str, key: Key, arguments: tuple[str, ...]
) -> None:
    """What makes no sense is wrong usage, and nothing is changed."""
    place(person, server, key)
    done = person.keywright("rotate", "--profile", "work", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert list(statuses(iam, user)) == [key.access_key_id]


def test_an_administrator_finishes(
    person: Person, server: LiveServer, iam: Any, variables: dict[str, str], user: str, key: Key
) -> None:
    """Who may make a key but not end one keeps a working key; an administrator's --resume ends the old one."""
    allowed = ["iam:CreateAccessKey", "iam:ListAccessKeys", "iam:GetAccessKeyLastUsed"]
    may = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": allowed, "Resource": "*"}]}
    iam.put_user_policy(UserName=user, PolicyName="all", PolicyDocument=json.dumps(may))
    place(person, server, key)
    done = person.json("rotate", "--profile", "work", *AT_ONCE, code=1)["Keys"][0]
    assert (done["Outcome"], done["Step"]) == ("failed", "deactivating")
    assert "AccessDenied" in done["Why"]
    assert sorted(statuses(iam, user).values()) == ["Active", "Active"]
    person.json("rotate", "--resume", code=1)
    with_admin = variables | {"AWS_PROFILE": ""}
    text = person.config.read_text()
    person.config.write_text(
        f"{text}\n[profile boss]\nregion = us-east-1\nendpoint_url = {server.url}\n"
        f"aws_access_key_id = {variables['AWS_ACCESS_KEY_ID']}\n"
        f"aws_secret_access_key = {variables['AWS_SECRET_ACCESS_KEY']}\n"
    )
    (ended,) = person.json("rotate", "--resume", "--profile", "boss", variables=with_admin)["Keys"]
    assert ended["Outcome"] == "rotated"
    assert statuses(iam, user) == {ended["NewAccessKeyId"]: "Active"}
