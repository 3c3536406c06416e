"""The same commands against another implementation of AWS's APIs, moto_server: we use no private one."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import boto3
import pytest

from tests.e2e.client.conftest import Person
from tests.e2e.signing import Key

MOTO = Path(__file__).parents[3] / "build" / "bench" / "moto" / "bin" / "moto_server"


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Run a moto_server, as `make bench` installs it."""
    if not MOTO.exists():
        pytest.skip("moto_server is not there: `make bench` installs it")
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "KEYWRIGHT_"))}
    log = tmp_path_factory.mktemp("moto") / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [str(MOTO), "-H", "127.0.0.1", "-p", str(port)], env=environment, stdout=output, stderr=output
        )
    try:
        deadline = time.monotonic() + 60
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                assert process.poll() is None, log.read_text()
                assert time.monotonic() < deadline, log.read_text()
                time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)


@pytest.fixture(scope="module")
def iam(url: str) -> Any:
    """Give an IAM client."""
    return boto3.client(
        "iam", endpoint_url=url, region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="y"
    )


@pytest.fixture(scope="module")
def key(iam: Any) -> Key:
    """Have a user with a key and tags."""
    iam.create_user(UserName="alice", Tags=[{"Key": "team", "Value": "blue"}])
    made = iam.create_access_key(UserName="alice")["AccessKey"]
    return Key(made["AccessKeyId"], made["SecretAccessKey"])


def test_import_and_verify(person: Person, url: str, key: Key) -> None:
    """A key is imported, verified and described there as anywhere, and the `aws` command reads the profile."""
    file = person.home / "alice_accessKeys.csv"
    file.write_text(f"Access key ID,Secret access key\n{key.access_key_id},{key.secret_access_key}\n")
    where = ("--region", "us-east-1", "--endpoint-url", url)
    (imported,) = person.json("import", str(file), *where, "--shred")["Keys"]
    assert imported["Arn"].endswith(":user/alice")
    found = person.json("verify", "--profile", "alice")
    assert (found["Kind"], found["Status"], found["AgeDays"], found["Keys"]) == ("user", "Active", 0, 1)
    assert found["Tags"] == {"team": "blue"}
    assert found["MfaDevices"] == []
    assert found["Reasons"] == {}
    assert person.aws.json("--profile", "alice", "sts", "get-caller-identity")["Arn"] == found["Arn"]


def test_issue_and_doctor(person: Person, url: str, iam: Any) -> None:
    """A key is issued, described and diagnosed there as anywhere."""
    iam.create_user(UserName="bob")
    administrator = {
        "AWS_ENDPOINT_URL": url,
        "AWS_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "any",
    }
    issued = person.json("issue", "bob", "--yes", "--owner", "ada", variables=administrator)
    (made,) = iam.list_access_keys(UserName="bob")["AccessKeyMetadata"]
    assert issued["AccessKeyId"] == made["AccessKeyId"]
    assert issued["Notes"] == []
    tags = {tag["Key"]: tag["Value"] for tag in iam.list_user_tags(UserName="bob")["Tags"]}
    assert tags == {made["AccessKeyId"]: issued["Description"]}
    examined = person.json("doctor", "--profile", "bob")
    assert examined["Arn"].endswith(":user/bob")
    assert examined["Diagnoses"] == []
