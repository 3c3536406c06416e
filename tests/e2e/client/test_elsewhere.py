"""The same commands against another implementation of AWS's APIs, moto_server: we use no private one."""

from __future__ import annotations

import signal
from typing import Any

import pytest

from tests.e2e.client.conftest import NewPerson, Person
from tests.e2e.client.killing import killed_at_a_file, killing_proxy
from tests.e2e.signing import Key

CREATE = 4
"""The call that makes the key: who asks, which keys there are, these once more, and then."""


@pytest.fixture(scope="module")
def key(moto_iam: Any) -> Key:
    """Have a user with a key and tags."""
    moto_iam.create_user(UserName="alice", Tags=[{"Key": "team", "Value": "blue"}])
    made = moto_iam.create_access_key(UserName="alice")["AccessKey"]
    return Key(made["AccessKeyId"], made["SecretAccessKey"])


def test_import_and_verify(person: Person, moto_url: str, key: Key) -> None:
    """A key is imported, verified and described there as anywhere, and the `aws` command reads the profile."""
    file = person.home / "alice_accessKeys.csv"
    file.write_text(f"Access key ID,Secret access key\n{key.access_key_id},{key.secret_access_key}\n")
    where = ("--region", "us-east-1", "--endpoint-url", moto_url)
    (imported,) = person.json("import", str(file), *where, "--shred")["Keys"]
    assert imported["Arn"].endswith(":user/alice")
    found = person.json("verify", "--profile", "alice")
    assert (found["Kind"], found["Status"], found["AgeDays"], found["Keys"]) == ("user", "Active", 0, 1)
    assert found["Tags"] == {"team": "blue"}
    assert found["MfaDevices"] == []
    assert found["Reasons"] == {}
    assert person.aws.json("--profile", "alice", "sts", "get-caller-identity")["Arn"] == found["Arn"]


def test_issue_and_doctor(person: Person, moto_iam: Any, moto_variables: dict[str, str]) -> None:
    """A key is issued, described and diagnosed there as anywhere."""
    moto_iam.create_user(UserName="bob")
    issued = person.json("issue", "bob", "--yes", "--owner", "ada", variables=moto_variables)
    (made,) = moto_iam.list_access_keys(UserName="bob")["AccessKeyMetadata"]
    assert issued["AccessKeyId"] == made["AccessKeyId"]
    assert issued["Notes"] == []
    tags = {tag["Key"]: tag["Value"] for tag in moto_iam.list_user_tags(UserName="bob")["Tags"]}
    assert tags == {made["AccessKeyId"]: issued["Description"]}
    examined = person.json("doctor", "--profile", "bob")
    assert examined["Arn"].endswith(":user/bob")
    assert examined["Diagnoses"] == []


def test_profiles(person: Person, moto_url: str, key: Key) -> None:
    """A profile that is set by hand, renamed and shown signs there for the `aws` command."""
    options = ("region=us-east-1", f"endpoint_url={moto_url}")
    typed = f"{key.access_key_id}\n{key.secret_access_key}\n"
    assert person.keywright("profiles", "set", "m", *options, "--key", typed=typed).returncode == 0
    assert person.keywright("profiles", "rename", "m", "moto").returncode == 0
    (shown,) = person.json("profiles", "list")["Profiles"]
    assert (shown["Name"], shown["AccessKeyId"], shown["EndpointUrl"]) == ("moto", key.access_key_id, moto_url)
    assert person.aws.json("--profile", "moto", "sts", "get-caller-identity")["Arn"].endswith(":user/alice")


@pytest.mark.parametrize(("change", "outcome"), [(2, "undone"), (5, "finished")])
def test_resume(person: Person, moto_iam: Any, moto_variables: dict[str, str], change: int, outcome: str) -> None:
    """Killed before its answer was kept, a key is taken back there; killed after, it is finished."""
    user = f"carol-{change}"
    moto_iam.create_user(UserName=user)
    with killing_proxy(moto_variables["AWS_ENDPOINT_URL"]) as proxy:
        through = moto_variables | {"AWS_ENDPOINT_URL": proxy.url}
        if outcome == "undone":
            code, _ = proxy.killed_at_a_call(person.home, ("issue", user, "--yes"), through, CREATE)
        else:
            code, _ = killed_at_a_file(person.home, ("issue", user, "--yes"), through, change)
        assert code == -signal.SIGKILL
        assert len(moto_iam.list_access_keys(UserName=user)["AccessKeyMetadata"]) == 1
        (resumed,) = person.json("resume", variables=through)["Keys"]
        assert resumed["Outcome"] == outcome
        left = [key["AccessKeyId"] for key in moto_iam.list_access_keys(UserName=user)["AccessKeyMetadata"]]
        assert left == ([resumed["AccessKeyId"]] if outcome == "finished" else [])
        if left:
            assert person.json("verify", "--profile", user)["AccessKeyId"] == left[0]


def test_hand_over(new_person: NewPerson, moto_iam: Any, moto_variables: dict[str, str]) -> None:
    """A key is handed over and received there as anywhere."""
    moto_iam.create_user(UserName="dave")
    person, dave = new_person(), new_person()
    typed = "tell it by telephone\n"
    arguments = ("issue", "dave", "--yes", "--for", "passphrase", "--out", str(dave.home / "dave.csv.age"))
    assert person.keywright(*arguments, typed=typed, variables=moto_variables).returncode == 0
    assert dave.keywright("receive", "dave.csv.age", typed=typed).returncode == 0
    assert dave.aws.json("--profile", "dave", "sts", "get-caller-identity")["Arn"].endswith(":user/dave")
