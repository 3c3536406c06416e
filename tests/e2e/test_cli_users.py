"""Users by the `aws` command, as on AWS: paths, names, tags, keys, and what stands in the way of their deletion."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.e2e.aws_cli import AwsCli, CliError
from tests.e2e.conftest import MakeCli
from tests.e2e.live_server import Account
from tests.e2e.signing import Key

ALLOW = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}'


def test_paths(aws: AwsCli, account: Account) -> None:
    """A path is part of the ARN, selects users of a list, and can be changed; the id stays."""
    made = aws.json("iam", "create-user", "--user-name", "pat", "--path", "/teams/blue/")["User"]
    assert made["Arn"] == f"arn:aws:iam::{account.account_id}:user/teams/blue/pat"
    assert made["Path"] == "/teams/blue/"
    assert re.fullmatch(r"AIDA[A-Z2-7]{17}", made["UserId"])
    aws.json("iam", "create-user", "--user-name", "Rob", "--path", "/teams/red/")
    listed = aws.json("iam", "list-users", "--path-prefix", "/teams/")["Users"]
    assert [user["UserName"] for user in listed] == ["pat", "Rob"]
    assert aws.text("iam", "list-users", "--path-prefix", "/teams/red/", "--query", "Users[].UserName") == (
        '[\n    "Rob"\n]\n'
    )
    aws.json("iam", "update-user", "--user-name", "pat", "--new-path", "/")
    moved = aws.json("iam", "get-user", "--user-name", "pat")["User"]
    assert (moved["Arn"], moved["UserId"]) == (f"arn:aws:iam::{account.account_id}:user/pat", made["UserId"])
    bad = aws.error("iam", "create-user", "--user-name", "x", "--path", "no-slashes")
    assert bad == CliError(
        "ValidationError",
        "CreateUser",
        "The specified value for path is invalid. It must begin and end with / and contain only alphanumeric "
        "characters and/or / characters.",
    )


def test_names_are_one_in_any_case(aws: AwsCli) -> None:
    """A name is found in any case, shown as it was made, and taken in every case."""
    aws.json("iam", "create-user", "--user-name", "Carol")
    assert aws.json("iam", "get-user", "--user-name", "cAROL")["User"]["UserName"] == "Carol"
    taken = aws.error("iam", "create-user", "--user-name", "CAROL")
    assert taken == CliError("EntityAlreadyExists", "CreateUser", "User with name CAROL already exists.")
    aws.json("iam", "update-user", "--user-name", "carol", "--new-user-name", "CarolAnn")
    assert aws.error("iam", "get-user", "--user-name", "Carol") == CliError(
        "NoSuchEntity", "GetUser", "The user with name Carol cannot be found."
    )
    aws.json("iam", "delete-user", "--user-name", "carolann")


def test_pages(aws: AwsCli, iam: Any) -> None:
    """The CLI's own paging, by --page-size and by --max-items, comes to the same list."""
    for number in range(3):
        iam.create_user(UserName=f"p{number}", Path="/paged/")
    by_size = aws.json("iam", "list-users", "--path-prefix", "/paged/", "--page-size", "1")["Users"]
    assert [user["UserName"] for user in by_size] == ["p0", "p1", "p2"]
    first = aws.json("iam", "list-users", "--path-prefix", "/paged/", "--max-items", "2")
    rest = aws.json("iam", "list-users", "--path-prefix", "/paged/", "--starting-token", first["NextToken"])
    assert [user["UserName"] for user in first["Users"] + rest["Users"]] == ["p0", "p1", "p2"]


def test_delete_conflicts(aws: AwsCli, iam: Any) -> None:
    """A user who still has something cannot be deleted, and AWS says what has to go first."""
    user = ("--user-name", "dora")
    arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"
    iam.create_user(UserName="dora")
    iam.attach_user_policy(UserName="dora", PolicyArn=arn)
    iam.put_user_policy(UserName="dora", PolicyName="own", PolicyDocument=ALLOW)
    key_id = iam.create_access_key(UserName="dora")["AccessKey"]["AccessKeyId"]
    for message, remedy in (
        ("must detach all policies first.", lambda: iam.detach_user_policy(UserName="dora", PolicyArn=arn)),
        ("must delete policies first.", lambda: iam.delete_user_policy(UserName="dora", PolicyName="own")),
        ("must delete access keys first.", lambda: iam.delete_access_key(UserName="dora", AccessKeyId=key_id)),
    ):
        refused = aws.error("iam", "delete-user", *user)
        assert refused == CliError("DeleteConflict", "DeleteUser", f"Cannot delete entity, {message}")
        remedy()
    aws.json("iam", "delete-user", *user)
    assert aws.error("iam", "delete-user", *user).code == "NoSuchEntity"


def test_tags(aws: AwsCli) -> None:
    """Tags are set, listed and removed; a key is one in any case, as the console's key descriptions need it."""
    user = ("--user-name", "tim")
    aws.json("iam", "create-user", *user, "--tags", "Key=Team,Value=blue")
    aws.json("iam", "tag-user", *user, "--tags", "Key=team,Value=red", "Key=AKIAIOSFODNN7EXAMPLE,Value=CLI on laptop")
    expected = [{"Key": "AKIAIOSFODNN7EXAMPLE", "Value": "CLI on laptop"}, {"Key": "team", "Value": "red"}]
    assert aws.json("iam", "list-user-tags", *user)["Tags"] == expected
    assert aws.json("iam", "get-user", *user)["User"]["Tags"] == expected
    aws.json("iam", "untag-user", *user, "--tag-keys", "TEAM")
    assert aws.json("iam", "list-user-tags", *user)["Tags"] == expected[:1]
    twice = aws.error("iam", "tag-user", *user, "--tags", "Key=a,Value=1", "Key=A,Value=2")
    assert twice.code == "InvalidInput"
    assert twice.message == "Duplicate tag keys found. Please note that Tag keys are case insensitive."
    assert aws.error("iam", "tag-user", *user, "--tags", "Key=aws:x,Value=1").code == "InvalidInput"


def test_own_name_is_the_default(make_cli: MakeCli, new_key: Callable[[str], Key], aws: AwsCli) -> None:
    """Where the user name is optional it is the caller's."""
    key = new_key("self")
    aws.json(
        "iam", "attach-user-policy", "--user-name", "self", "--policy-arn", "arn:aws:iam::aws:policy/IAMFullAccess"
    )
    own = make_cli(key)
    assert own.json("iam", "get-user")["User"]["UserName"] == "self"
    assert [one["UserName"] for one in own.json("iam", "list-access-keys")["AccessKeyMetadata"]] == ["self"]
    second = own.json("iam", "create-access-key")["AccessKey"]
    assert second["UserName"] == "self"
    own.json("iam", "update-access-key", "--access-key-id", second["AccessKeyId"], "--status", "Inactive")
    states = {one["AccessKeyId"]: one["Status"] for one in own.json("iam", "list-access-keys")["AccessKeyMetadata"]}
    assert states == {key.access_key_id: "Active", second["AccessKeyId"]: "Inactive"}
    own.json("iam", "delete-access-key", "--access-key-id", second["AccessKeyId"])
    assert len(own.json("iam", "list-access-keys")["AccessKeyMetadata"]) == 1


def test_third_key(aws: AwsCli, iam: Any) -> None:
    """A user has two keys at most, inactive ones included: the third is LimitExceeded 409."""
    user = ("--user-name", "kim")
    aws.json("iam", "create-user", *user)
    ids = [aws.json("iam", "create-access-key", *user)["AccessKey"]["AccessKeyId"] for _ in range(2)]
    aws.json("iam", "update-access-key", *user, "--access-key-id", ids[0], "--status", "Inactive")
    assert aws.error("iam", "create-access-key", *user) == CliError(
        "LimitExceeded", "CreateAccessKey", "Cannot exceed quota for AccessKeysPerUser: 2"
    )
    with pytest.raises(ClientError) as refused:
        iam.create_access_key(UserName="kim")
    response: Any = refused.value.response
    assert response["ResponseMetadata"]["HTTPStatusCode"] == 409
    expired = aws.error("iam", "update-access-key", *user, "--access-key-id", ids[0], "--status", "Expired")
    assert expired.code == "InvalidInput"
    foreign = aws.error("iam", "delete-access-key", *user, "--access-key-id", "AKIAIOSFODNN7EXAMPLE")
    assert foreign == CliError(
        "NoSuchEntity", "DeleteAccessKey", "The Access Key with id AKIAIOSFODNN7EXAMPLE cannot be found."
    )
    aws.json("iam", "delete-access-key", *user, "--access-key-id", ids[0])
    assert aws.json("iam", "create-access-key", *user)["AccessKey"]["AccessKeyId"] not in ids


def test_last_used(aws: AwsCli, make_cli: MakeCli, new_key: Callable[[str], Key]) -> None:
    """GetAccessKeyLastUsed says N/A before the first use, then when, for which service and where."""
    key = new_key("lou")
    ask = ("iam", "get-access-key-last-used", "--access-key-id", key.access_key_id)
    never = aws.json(*ask)
    assert never == {"UserName": "lou", "AccessKeyLastUsed": {"ServiceName": "N/A", "Region": "N/A"}}
    make_cli(key, AWS_DEFAULT_REGION="eu-central-1").json("sts", "get-caller-identity")
    used = aws.json(*ask)["AccessKeyLastUsed"]
    assert (used["ServiceName"], used["Region"]) == ("sts", "eu-central-1")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|\+00:00)", used["LastUsedDate"])


def test_validation_words(aws: AwsCli) -> None:
    """What the model forbids is refused in AWS's words."""
    bad = aws.error("iam", "create-user", "--user-name", "not a name!")
    assert bad == CliError(
        "ValidationError",
        "CreateUser",
        "The specified value for userName is invalid. It must contain only alphanumeric characters and/or the "
        "following: +=,.@_-",
    )
    long = aws.error("iam", "create-user", "--user-name", "x" * 65)
    assert long.code == "ValidationError"
    assert long.message.startswith("1 validation error detected: Value at 'userName' failed to satisfy constraint: ")
    assert long.message.endswith("Member must have length less than or equal to 64")


def test_aliases_and_summary(aws: AwsCli) -> None:
    """The account has one alias; the summary counts what there is beside the quotas."""
    assert aws.json("iam", "list-account-aliases")["AccountAliases"] == []
    aws.json("iam", "create-account-alias", "--account-alias", "first-name")
    aws.json("iam", "create-account-alias", "--account-alias", "second-name")
    assert aws.json("iam", "list-account-aliases")["AccountAliases"] == ["second-name"]
    assert aws.error("iam", "delete-account-alias", "--account-alias", "first-name").code == "NoSuchEntity"
    aws.json("iam", "delete-account-alias", "--account-alias", "second-name")
    assert aws.error("iam", "create-account-alias", "--account-alias", "Not_An_Alias").code == "ValidationError"
    before = aws.json("iam", "get-account-summary")["SummaryMap"]
    aws.json("iam", "create-user", "--user-name", "counted")
    after = aws.json("iam", "get-account-summary")["SummaryMap"]
    assert after["Users"] == before["Users"] + 1
    assert (after["AccessKeysPerUserQuota"], after["UsersQuota"], after["VersionsPerPolicyQuota"]) == (2, 5000, 5)
