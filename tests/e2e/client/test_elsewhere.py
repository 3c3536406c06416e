"""The same commands against another implementation of AWS's APIs, moto_server: we use no private one."""

from __future__ import annotations

from typing import Any

import pytest

from tests.e2e.client.conftest import Person
from tests.e2e.signing import Key


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
