"""`keywright rotate` for others, with MFA, with keys in a store, and against another implementation of the APIs."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from keywright.identity.totp import time_step, totp
from tests.e2e.client.conftest import Person
from tests.e2e.client.keeping import holders, in_file
from tests.e2e.live_server import LiveServer
from tests.e2e.signing import Key

AT_ONCE = ("--deactivate-after", "0", "--delete-after", "0")
ALL = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
WITH_MFA = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Action": "iam:*",
            "Resource": "*",
            "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}},
        }
    ],
}


def place(person: Person, url: str, profile: str, key: Key, **options: str) -> None:
    """Write a profile with a key."""
    person.config.parent.mkdir(mode=0o700, exist_ok=True)
    settings = {"region": "us-east-1", "endpoint_url": url} | options
    lines = "".join(f"{name} = {value}\n" for name, value in settings.items())
    with person.config.open("a") as config, person.credentials.open("a") as credentials:
        config.write(f"[profile {profile}]\n{lines}")
        credentials.write(
            f"[{profile}]\naws_access_key_id = {key.access_key_id}\naws_secret_access_key = {key.secret_access_key}\n"
        )


def statuses(iam: Any, user: str) -> dict[str, str]:
    """Give the states of a user's keys."""
    return {key["AccessKeyId"]: key["Status"] for key in iam.list_access_keys(UserName=user)["AccessKeyMetadata"]}


def test_a_fleet(person: Person, server: LiveServer, iam: Any, new_key: Callable[[str], Key]) -> None:
    """Of many users the keys that are here are rotated, several at once; of the others it is said that they are not."""
    keys = {f"fleet-{number}": new_key(f"fleet-{number}") for number in range(4)}
    new_key("fleet-elsewhere")
    both = new_key("fleet-two"), new_key("fleet-two")
    for user, key in keys.items():
        place(person, server.url, user, key)
    (person.home / "app.env").write_text(f"ID={keys['fleet-0'].access_key_id}\nS={keys['fleet-0'].secret_access_key}\n")
    boss = new_key("fleet-boss")
    iam.put_user_policy(UserName="fleet-boss", PolicyName="all", PolicyDocument=json.dumps(ALL))
    place(person, server.url, "boss", boss)
    place(person, server.url, "two", both[0])
    fleet = ("rotate", "--profile", "boss", "--all", "--older-than", "0", "--also", "app.env")
    plan = person.json(*fleet, "--dry-run", code=1)["Keys"]
    assert {row["Outcome"] for row in plan} == {"planned", "elsewhere", "refused"}
    assert all(list(statuses(iam, user)) == [key.access_key_id] for user, key in keys.items())
    rows = {row["OldAccessKeyId"]: row for row in person.json(*fleet, *AT_ONCE, "--max-parallel", "3", code=1)["Keys"]}
    for user, key in keys.items():
        ((new, status),) = statuses(iam, user).items()
        row = rows[key.access_key_id]
        assert (row["Outcome"], row["UserName"], row["NewAccessKeyId"], status) == ("rotated", user, new, "Active")
        assert person.aws.json("--profile", user, "sts", "get-caller-identity")["Arn"].endswith(user)
    assert rows[keys["fleet-0"].access_key_id]["Places"][1].endswith("app.env:1")
    assert keys["fleet-0"].secret_access_key not in (person.home / "app.env").read_text()
    assert [rows[key.access_key_id]["Outcome"] for key in both] == ["refused", "elsewhere"]
    assert "--remove-unused" in rows[both[0].access_key_id]["Why"]
    (elsewhere,) = [row for row in rows.values() if row["UserName"] == "fleet-elsewhere"]
    assert elsewhere["Outcome"] == "elsewhere"
    assert "issue fleet-elsewhere --for" in elsewhere["Why"]
    own = rows[boss.access_key_id]
    assert own["Outcome"] == "rotated"
    assert person.aws.json("--profile", "boss", "iam", "list-users")["Users"]
    table = person.keywright("rotate", "--profile", "boss", "--all", "--older-than", "1d").stdout
    assert table == "No key is older\n"


def test_mfa(
    person: Person, server: LiveServer, iam: Any, variables: dict[str, str], new_key: Callable[[str], Key]
) -> None:
    """Where IAM wants MFA a code opens a session for the calls; --resume says that it takes another."""
    key = new_key("moira")
    iam.put_user_policy(UserName="moira", PolicyName="mfa", PolicyDocument=json.dumps(WITH_MFA))
    device = iam.create_virtual_mfa_device(VirtualMFADeviceName="moira")["VirtualMFADevice"]
    seed, step = base64.b32decode(device["Base32StringSeed"]), time_step(datetime.now(UTC))
    codes = {"AuthenticationCode1": totp(seed, step - 1), "AuthenticationCode2": totp(seed, step)}
    iam.enable_mfa_device(UserName="moira", SerialNumber=device["SerialNumber"], **codes)
    place(person, server.url, "moira", key, mfa_serial=device["SerialNumber"])
    without = person.keywright("rotate", "--profile", "moira")
    assert without.returncode == 1
    assert "AccessDenied" in without.stderr
    serial = ("--mfa-serial", device["SerialNumber"])
    unasked = person.keywright("rotate", "--profile", "moira", *serial)
    assert unasked.returncode == 1
    assert "--mfa-code" in unasked.stderr
    code = totp(seed, time_step(datetime.now(UTC)) + 1)
    (done,) = person.json("rotate", "--profile", "moira", "--mfa-code", code)["Keys"]
    assert (done["Outcome"], done["Step"]) == ("waiting", "watching")
    assert sorted(statuses(iam, "moira").values()) == ["Active", "Active"]
    (again,) = person.json("rotate", "--resume", code=1)["Keys"]
    assert "--resume --mfa-code" in again["Why"]
    place(person, server.url, "boss", Key(variables["AWS_ACCESS_KEY_ID"], variables["AWS_SECRET_ACCESS_KEY"]))
    (ended,) = person.json("rotate", "--resume", "--profile", "boss", *AT_ONCE)["Keys"]
    assert ended["Outcome"] == "rotated"
    assert list(statuses(iam, "moira")) == [done["NewAccessKeyId"]]


def test_mfa_takes_one_code(person: Person, server: LiveServer, iam: Any, new_key: Callable[[str], Key]) -> None:
    """One code is enough for all steps: the session that it opens deactivates and deletes the key that opened it."""
    key = new_key("monica")
    iam.put_user_policy(UserName="monica", PolicyName="mfa", PolicyDocument=json.dumps(WITH_MFA))
    device = iam.create_virtual_mfa_device(VirtualMFADeviceName="monica")["VirtualMFADevice"]
    seed, step = base64.b32decode(device["Base32StringSeed"]), time_step(datetime.now(UTC))
    codes = {"AuthenticationCode1": totp(seed, step - 1), "AuthenticationCode2": totp(seed, step)}
    iam.enable_mfa_device(UserName="monica", SerialNumber=device["SerialNumber"], **codes)
    place(person, server.url, "monica", key, mfa_serial=device["SerialNumber"])
    code = totp(seed, time_step(datetime.now(UTC)) + 1)
    (done,) = person.json("rotate", "--profile", "monica", "--mfa-code", code, *AT_ONCE)["Keys"]
    assert done["Outcome"] == "rotated", done
    assert list(statuses(iam, "monica")) == [done["NewAccessKeyId"]]


def test_a_key_in_the_store(
    person: Person,
    server: LiveServer,
    iam: Any,
    variables: dict[str, str],
    new_key: Callable[[str], Key],
) -> None:
    """A key that a store holds is rotated there, and neither secret gets into a file in plain text."""
    key = new_key("sealed")
    place(person, server.url, "kw", key)
    stored = in_file(person)
    assert person.keywright("migrate", "--profile", "kw", "--to", "file", variables=stored).returncode == 0
    assert key.secret_access_key not in person.credentials.read_text()
    (done,) = person.json("rotate", "--user", "sealed", variables=stored | variables)["Keys"]
    assert done["Outcome"] == "waiting", done
    assert any("(profile kw)" in where and "keys" in where for where in done["Places"])
    (ended,) = person.json("rotate", "--resume", *AT_ONCE, variables=stored | variables)["Keys"]
    assert ended["Outcome"] == "rotated"
    assert list(statuses(iam, "sealed")) == [ended["NewAccessKeyId"]]
    verified = person.json("verify", "--profile", "kw", variables=stored)
    assert verified["AccessKeyId"] == ended["NewAccessKeyId"]
    assert verified["Arn"].endswith("user/sealed")
    assert holders(person.home, key.secret_access_key) == [], "but for the backup of what was migrated"


def test_rotate_elsewhere(person: Person, moto_url: str, moto_iam: Any, moto_variables: dict[str, str]) -> None:
    """On moto_server too a key is rotated, and rolled back: no API is ours alone."""
    moto_iam.create_user(UserName="eve")
    made = moto_iam.create_access_key(UserName="eve")["AccessKey"]
    moto_iam.tag_user(UserName="eve", Tags=[{"Key": made["AccessKeyId"], "Value": "purpose=moto"}])
    place(person, moto_url, "eve", Key(made["AccessKeyId"], made["SecretAccessKey"]))
    (first,) = person.json("rotate", "--profile", "eve", "--deactivate-after", "0")["Keys"]
    assert first["Step"] == "inactive", first
    (back,) = person.json("rotate", "--rollback", "--deactivate-after", "0")["Keys"]
    assert back["Outcome"] == "rolled back"
    assert statuses(moto_iam, "eve") == {made["AccessKeyId"]: "Active"}
    (done,) = person.json("rotate", "--user", "eve", *AT_ONCE, variables=moto_variables)["Keys"]
    assert statuses(moto_iam, "eve") == {done["NewAccessKeyId"]: "Active"}
    (tag,) = moto_iam.list_user_tags(UserName="eve")["Tags"]
    assert tag["Key"] == done["NewAccessKeyId"]
    assert tag["Value"].startswith("purpose=moto / created=20")
    assert person.aws.json("--profile", "eve", "sts", "get-caller-identity")["Arn"].endswith(":user/eve")
