"""The AWS files between our command and the `aws` command: each reads and changes what the other wrote."""

from __future__ import annotations

import stat
import threading

from tests.e2e.client.conftest import Person, ReadBy
from tests.e2e.live_server import Account, LiveServer
from tests.e2e.signing import Key

ODD = "# mine; keep\r\n[default]\r\nregion=eu-west-1   \r\ns3 =\r\n  addressing_style = path\r\n"


def place(person: Person, server: LiveServer, key: Key) -> None:
    """Write a profile with our command, the key from standard input."""
    options = ("region=us-east-1", f"endpoint_url={server.url}")
    typed = f"{key.access_key_id}\n{key.secret_access_key}\n"
    done = person.keywright("profiles", "set", "kw", *options, "--key", typed=typed)
    assert (done.returncode, done.stderr) == (0, "")
    assert key.secret_access_key not in done.stdout


def test_aws_reads_what_we_write(
    person: Person, server: LiveServer, admin: Key, account: Account, read_by: ReadBy
) -> None:
    """A profile that `profiles set` wrote into odd files signs for both `aws` commands; what stood there stays."""
    person.config.parent.mkdir()
    person.config.write_bytes(ODD.encode())
    place(person, server, admin)
    assert person.config.read_bytes().startswith(ODD.encode())
    assert b"\n" not in person.config.read_bytes().replace(b"\r\n", b"")
    assert stat.S_IMODE(person.credentials.stat().st_mode) == 0o600
    aws = read_by(person)
    identity = aws.json("--profile", "kw", "sts", "get-caller-identity")
    assert identity["Arn"] == f"arn:aws:iam::{account.account_id}:user/admin"
    assert aws.text("configure", "get", "s3.addressing_style").strip() == "path"


def test_rename_and_delete_for_aws(person: Person, server: LiveServer, admin: Key, read_by: ReadBy) -> None:
    """A renamed profile signs under its new name only; a deleted one is gone for the `aws` command."""
    place(person, server, admin)
    aws = read_by(person)
    assert person.keywright("profiles", "rename", "kw", "work").returncode == 0
    assert aws.json("--profile", "work", "sts", "get-caller-identity")
    gone = "The config profile (kw) could not be found"
    assert gone in aws.run("--profile", "kw", "sts", "get-caller-identity").stderr
    assert person.keywright("profiles", "delete", "work", "--yes").returncode == 0
    gone = gone.replace("kw", "work")
    assert gone in aws.run("--profile", "work", "sts", "get-caller-identity").stderr


def test_we_read_what_aws_writes(person: Person, server: LiveServer, admin: Key) -> None:
    """What `aws configure` wrote is listed, and nothing is wrong with it but what the `aws` command leaves open."""
    person.aws.text(
        "configure", "--profile", "kw", answers=f"{admin.access_key_id}\n{admin.secret_access_key}\nus-east-1\njson\n"
    )
    (profile,) = person.json("profiles", "list")["Profiles"]
    assert (profile["Name"], profile["AccessKeyId"], profile["Region"]) == ("kw", admin.access_key_id, "us-east-1")
    # The aws command makes its folder 0755.
    found = person.json("profiles", "lint", code=1)["Findings"]
    assert {one["Rule"] for one in found} <= {"folder-mode"}
    assert person.keywright("profiles", "fix").returncode == 0
    assert person.keywright("profiles", "lint").returncode == 0


def test_a_file_that_aws_broke_is_mended(person: Person, server: LiveServer, admin: Key, account: Account) -> None:
    """The double section that `aws configure` appends to ` [kw]` stops every tool; fix joins it, and all works."""
    person.credentials.parent.mkdir()
    person.config.write_text(f"[profile kw]\nendpoint_url = {server.url}\n")
    person.credentials.write_text(f" [kw]\naws_access_key_id = {admin.access_key_id}\n")
    person.aws.run("configure", "set", "--profile", "kw", "aws_secret_access_key", admin.secret_access_key)
    assert person.credentials.read_text().count("[kw]") == 2
    assert "Unable to parse config file" in person.aws.run("--profile", "kw", "sts", "get-caller-identity").stderr
    rules = {one["Rule"] for one in person.json("profiles", "lint", code=1)["Findings"]}
    assert {"indented-header", "duplicate-section"} <= rules
    assert person.keywright("profiles", "fix").returncode == 0
    identity = person.aws.json("--profile", "kw", "--region", "us-east-1", "sts", "get-caller-identity")
    assert identity["Account"] == account.account_id


def test_our_writers_wait_for_each_other(person: Person) -> None:
    """Many commands at once add a profile each, and the `aws` command sees them all."""
    codes: list[int] = []

    def write(number: int) -> None:
        codes.append(person.keywright("profiles", "set", f"p{number}", "region=us-east-1").returncode)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert codes == [0] * 8
    for number in range(8):
        assert person.aws.text("configure", "get", "region", "--profile", f"p{number}") == "us-east-1\n"
