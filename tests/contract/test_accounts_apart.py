"""Two accounts on one server never meet."""

from __future__ import annotations

from typing import Any

from tests.contract.expect import allow, refused
from tests.contract.in_process import Account


def test_the_same_names_in_two_accounts(account: Account, other: Account) -> None:
    """Users and policies of the same name live in both, each with its own id and ARN."""
    found = []
    for one in (account, other):
        user = one.iam.create_user(UserName="alice", Tags=[{"Key": "of", "Value": one.account_id}])["User"]
        policy = one.iam.create_policy(PolicyName="p", PolicyDocument=allow("s3:*"))["Policy"]
        found.append((user["UserId"], user["Arn"], policy["PolicyId"], policy["Arn"]))
    assert all(mine != theirs for mine, theirs in zip(*found, strict=True))
    account.iam.delete_user(UserName="alice")
    assert other.iam.list_user_tags(UserName="alice")["Tags"] == [{"Key": "of", "Value": other.account_id}]


def test_lists_show_ones_own(account: Account, other: Account) -> None:
    """Every list of an account is as if the other account were not there."""
    key = other.user("theirs", allow("*"))
    other.iam.create_policy(PolicyName="theirs", PolicyDocument=allow("s3:*"))
    other.client("s3").create_bucket(Bucket=f"theirs-{other.account_id}")
    other.client("cloudtrail", key).lookup_events()
    iam = account.iam
    assert [user["UserName"] for user in iam.list_users()["Users"]] == ["admin"]
    assert iam.list_policies(Scope="Local")["Policies"] == []
    assert iam.list_account_aliases()["AccountAliases"] == [account.alias]
    assert account.client("s3").list_buckets()["Buckets"] == []
    summary = iam.get_account_summary()["SummaryMap"]
    assert (summary["Users"], summary["Policies"]) == (1, 0)
    events = account.client("cloudtrail").lookup_events()["Events"]
    assert {event["Username"] for event in events} == {"admin"}
    assert all(other.account_id not in event["CloudTrailEvent"] for event in events)


def test_the_others_entities_are_not_there(account: Account, other: Account) -> None:
    """Another account's users and keys are NoSuchEntity even to a root user, and stay as they were."""
    key = other.user("theirs")
    for mine in (account.iam, account.client("iam", account.root)):
        calls: tuple[Any, ...] = (
            lambda mine=mine: mine.get_user(UserName="theirs"),
            lambda mine=mine: mine.delete_user(UserName="theirs"),
            lambda mine=mine: mine.create_access_key(UserName="theirs"),
            lambda mine=mine: mine.get_access_key_last_used(AccessKeyId=key.access_key_id),
            lambda mine=mine: mine.update_access_key(AccessKeyId=key.access_key_id, Status="Inactive"),
            lambda mine=mine: mine.delete_access_key(AccessKeyId=key.access_key_id),
        )
        for call in calls:
            with refused("NoSuchEntity", 404):
                call()
    other.client("sts", key).get_caller_identity()


def test_the_others_policies_are_not_attachable(account: Account, other: Account) -> None:
    """Another account's policy is not there, for any use and however allowed."""
    arn = other.iam.create_policy(PolicyName="p", PolicyDocument=allow("s3:*"))["Policy"]["Arn"]
    account.iam.create_user(UserName="u")
    root = account.client("iam", account.root)
    calls: tuple[Any, ...] = (
        lambda: root.attach_user_policy(UserName="u", PolicyArn=arn),
        lambda: root.get_policy(PolicyArn=arn),
        lambda: root.get_policy_version(PolicyArn=arn, VersionId="v1"),
        lambda: root.list_policy_versions(PolicyArn=arn),
        lambda: root.create_policy_version(PolicyArn=arn, PolicyDocument=allow("*"), SetAsDefault=True),
        lambda: root.set_default_policy_version(PolicyArn=arn, VersionId="v1"),
        lambda: root.delete_policy(PolicyArn=arn),
        lambda: root.create_user(UserName="v", PermissionsBoundary=arn),
    )
    for call in calls:
        with refused("NoSuchEntity", 404):
            call()
    assert other.iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"] == "v1"


def test_a_key_acts_in_its_own_account(account: Account, other: Account) -> None:
    """Whatever a policy says of another account's ARNs, a request is about the caller's."""
    key = account.user("alice", allow("iam:*", f"arn:aws:iam::{other.account_id}:user/*"))
    with refused("AccessDenied", 403):
        account.client("iam", key).create_user(UserName="x")
    with refused("NoSuchEntity", 404):
        other.iam.get_user(UserName="x")


def test_a_secret_of_one_account_does_not_sign_for_another(account: Account, other: Account) -> None:
    """A key id of one account with a secret of the other is a mismatch."""
    with refused("SignatureDoesNotMatch", 403):
        account.client("sts", account.admin._replace(secret=other.admin.secret)).get_caller_identity()
