"""Buckets made by rclone and by Terraform, which state S3's defaults."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Final

import pytest

from tests.e2e.aws_cli import AwsCli
from tests.e2e.live_server import LiveServer, bare_environment
from tests.e2e.signing import Key

_PLUGINS: Final = Path("/opt/tf-plugins")
_CONFIGURATION: Final = Path(__file__).parent / "terraform_buckets" / "main.tf"


@pytest.mark.skipif(shutil.which("rclone") is None, reason="rclone is not on this machine: apt-get install rclone")
def test_rclone_makes_and_removes_a_bucket(tmp_path: Path, server: LiveServer, admin: Key, aws: AwsCli) -> None:
    """`rclone mkdir` sends `x-amz-acl: private`; the bucket is made, listed and removed."""
    environment = bare_environment(
        tmp_path,
        RCLONE_CONFIG_KW_TYPE="s3",
        RCLONE_CONFIG_KW_PROVIDER="Other",
        RCLONE_CONFIG_KW_ENDPOINT=server.url,
        RCLONE_CONFIG_KW_ACL="private",
        RCLONE_CONFIG_KW_ACCESS_KEY_ID=admin.access_key_id,
        RCLONE_CONFIG_KW_SECRET_ACCESS_KEY=admin.secret_access_key,
        RCLONE_CONFIG_KW_REGION="us-east-1",
    )

    def rclone(*arguments: str) -> str:
        done = subprocess.run(
            ["rclone", "--retries", "1", "--low-level-retries", "1", *arguments],
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    rclone("mkdir", "kw:rclone-made")
    assert [line.split()[-1] for line in rclone("lsd", "kw:").splitlines()].count("rclone-made") == 1
    assert "rclone-made" in [one["Name"] for one in aws.json("s3api", "list-buckets")["Buckets"]]
    rclone("rmdir", "kw:rclone-made")
    assert "rclone-made" not in [one["Name"] for one in aws.json("s3api", "list-buckets")["Buckets"]]


@pytest.mark.skipif(shutil.which("terraform") is None, reason="terraform is not on this machine")
@pytest.mark.skipif(not _PLUGINS.exists(), reason=f"the Terraform AWS provider is not in {_PLUGINS}")
def test_terraform_keeps_a_tagged_bucket(tmp_path: Path, server: LiveServer, admin: Key, aws: AwsCli) -> None:
    """A bucket with tags is applied, planned without a diff, tagged otherwise, and destroyed."""
    shutil.copy(_CONFIGURATION, tmp_path)
    environment = bare_environment(
        tmp_path,
        AWS_ACCESS_KEY_ID=admin.access_key_id,
        AWS_SECRET_ACCESS_KEY=admin.secret_access_key,
        CHECKPOINT_DISABLE="1",
        TMPDIR=os.environ.get("TMPDIR", "/tmp"),
    )

    def terraform(command: str, *arguments: str, expected: int = 0) -> None:
        done = subprocess.run(
            ["terraform", command, "-no-color", "-input=false", *arguments],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            timeout=300,
        )
        assert done.returncode == expected, f"terraform {command}: {done.stdout[-4000:]}\n{done.stderr[-4000:]}"

    def variables(team: str) -> list[str]:
        return [f"-var=endpoint={server.url}", f"-var=team={team}"]

    def tags() -> object:
        return aws.json("s3api", "get-bucket-tagging", "--bucket", "terraform-data")["TagSet"]

    terraform("init", f"-plugin-dir={_PLUGINS}")
    terraform("apply", "-auto-approve", *variables("red"))
    assert tags() == [{"Key": "team", "Value": "red"}]
    terraform("plan", "-detailed-exitcode", *variables("red"))
    terraform("apply", "-auto-approve", *variables("blue"))
    assert tags() == [{"Key": "team", "Value": "blue"}]
    terraform("destroy", "-auto-approve", *variables("blue"))
    assert "terraform-data" not in [one["Name"] for one in aws.json("s3api", "list-buckets")["Buckets"]]
