"""The guide's step 6, by the unmodified `aws` command: configure, verify, profiles."""

from __future__ import annotations

import pytest

from tests.e2e.aws_cli import AwsCli
from tests.e2e.conftest import MakeCli
from tests.e2e.live_server import Account, LiveServer
from tests.e2e.signing import Key

READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess"


@pytest.fixture(scope="module")
def alice(aws: AwsCli) -> Key:
    """Make a user, her permissions and her key with the CLI, as the guide has it done."""
    created = aws.json("iam", "create-user", "--user-name", "alice")["User"]
    assert created["UserName"] == "alice"
    assert aws.json("iam", "attach-user-policy", "--user-name", "alice", "--policy-arn", READ_ONLY) is None
    made = aws.json("iam", "create-access-key", "--user-name", "alice")["AccessKey"]
    assert made["Status"] == "Active"
    return Key(made["AccessKeyId"], made["SecretAccessKey"])


def _verify(cli: AwsCli, account: Account, user_name: str, *flags: str) -> None:
    """Run the guide's verification commands."""
    identity = cli.json("sts", "get-caller-identity", *flags)
    arn = f"arn:aws:iam::{account.account_id}:user/{user_name}"
    assert {"Account": account.account_id, "Arn": arn} == {name: identity[name] for name in ("Account", "Arn")}
    user = cli.json("iam", "get-user", *flags)["User"]
    assert (user["UserName"], user["Arn"], user["UserId"]) == (user_name, arn, identity["UserId"])
    assert user["UserId"].startswith("AIDA")
    assert cli.text("s3", "ls", *flags).split()[2::3] == ["guide-bucket"]


@pytest.fixture(scope="module", autouse=True)
def bucket(aws: AwsCli) -> None:
    """Have something to list."""
    assert aws.text("s3", "mb", "s3://guide-bucket") == "make_bucket: guide-bucket\n"


def test_configure_by_prompts(make_cli: MakeCli, alice: Key, account: Account) -> None:
    """A key typed at the prompts of `aws configure` works, and stands in files that only their owner reads."""
    cli = make_cli(AWS_DEFAULT_REGION="")
    prompts = cli.text("configure", answers=f"{alice.access_key_id}\n{alice.secret_access_key}\nus-east-1\njson\n")
    assert "AWS Access Key ID [None]: AWS Secret Access Key [None]: " in prompts
    assert (cli.home / ".aws" / "credentials").stat().st_mode & 0o777 == 0o600
    listed = cli.text("configure", "list")
    assert alice.access_key_id[-4:] in listed
    assert "shared-credentials-file" in listed
    _verify(cli, account, "alice")


def test_environment_variables(make_cli: MakeCli, alice: Key, account: Account) -> None:
    """The guide's three variables are all that the CLI needs beside the endpoint."""
    cli = make_cli(alice)
    assert not (cli.home / ".aws").exists()
    _verify(cli, account, "alice")


def test_named_profiles(make_cli: MakeCli, alice: Key, admin: Key, account: Account) -> None:
    """Two profiles in one home sign as two users, by --profile and by AWS_PROFILE."""
    cli = make_cli(AWS_DEFAULT_REGION="")
    for profile, key in (("work-account", alice), ("personal-account", admin)):
        cli.text(
            "configure",
            "--profile",
            profile,
            answers=f"{key.access_key_id}\n{key.secret_access_key}\nus-east-1\njson\n",
        )
    _verify(cli, account, "alice", "--profile", "work-account")
    _verify(cli, account, "admin", "--profile", "personal-account")


def test_profile_with_its_own_endpoint(make_cli: MakeCli, alice: Key, account: Account, server: LiveServer) -> None:
    """An `endpoint_url` in the profile leads there without any variable."""
    cli = make_cli(AWS_ENDPOINT_URL="", AWS_DEFAULT_REGION="", AWS_PROFILE="here")
    cli.text("configure", answers=f"{alice.access_key_id}\n{alice.secret_access_key}\nus-east-1\njson\n")
    cli.text("configure", "set", "endpoint_url", server.url)
    arn = f"arn:aws:iam::{account.account_id}:user/alice"
    assert cli.json("sts", "get-caller-identity")["Arn"] == arn
    assert cli.json("s3api", "list-buckets")["Buckets"][0]["Name"] == "guide-bucket"


def test_session_credentials(make_cli: MakeCli, alice: Key, account: Account) -> None:
    """Temporary credentials of GetSessionToken sign as their owner, until their end."""
    made = make_cli(alice).json("sts", "get-session-token", "--duration-seconds", "900")["Credentials"]
    session = Key(made["AccessKeyId"], made["SecretAccessKey"], made["SessionToken"])
    assert session.access_key_id.startswith("ASIA")
    cli = make_cli(session)
    assert cli.json("sts", "get-caller-identity")["Arn"] == f"arn:aws:iam::{account.account_id}:user/alice"
    assert "guide-bucket" in cli.text("s3", "ls")


def test_key_tells_its_account(aws: AwsCli, alice: Key, account: Account) -> None:
    """GetAccessKeyInfo reads the account off an access key id."""
    found = aws.json("sts", "get-access-key-info", "--access-key-id", alice.access_key_id)
    assert found == {"Account": account.account_id}


def test_deactivated_key_stops_at_once(make_cli: MakeCli, aws: AwsCli, account: Account) -> None:
    """A key works, then is inactive and does not, then is active and does again."""
    aws.json("iam", "create-user", "--user-name", "bob")
    made = aws.json("iam", "create-access-key", "--user-name", "bob")["AccessKey"]
    cli = make_cli(Key(made["AccessKeyId"], made["SecretAccessKey"]))
    change = ("iam", "update-access-key", "--user-name", "bob", "--access-key-id", made["AccessKeyId"], "--status")
    arn = f"arn:aws:iam::{account.account_id}:user/bob"
    assert cli.json("sts", "get-caller-identity")["Arn"] == arn
    aws.json(*change, "Inactive")
    refused = cli.error("sts", "get-caller-identity")
    assert refused.code == "InvalidClientTokenId"
    assert refused.message == "The security token included in the request is invalid."
    aws.json(*change, "Active")
    assert cli.json("sts", "get-caller-identity")["Arn"] == arn


def test_troubleshooting_words(make_cli: MakeCli, alice: Key) -> None:
    """A slip in a pasted key shows as the error that the guide's troubleshooting names."""
    slip = Key(alice.access_key_id, alice.secret_access_key[:-1])
    refused = make_cli(slip).error("sts", "get-caller-identity")
    assert refused.code == "SignatureDoesNotMatch"
    unknown = Key("AKIAIOSFODNN7EXAMPLE", alice.secret_access_key)
    refused = make_cli(unknown).error("sts", "get-caller-identity")
    assert refused.message == "The security token included in the request is invalid."
