"""The account by boto3: its alias, and what it has in numbers."""

from __future__ import annotations

import secrets

import pytest

from tests.contract.expect import allow, refused
from tests.contract.in_process import Account


def test_an_account_has_one_alias(account: Account) -> None:
    """A new alias takes the place of the one before."""
    iam = account.iam
    assert iam.list_account_aliases()["AccountAliases"] == [account.alias]
    new = f"new-{secrets.token_hex(8)}"
    iam.create_account_alias(AccountAlias=new)
    answer = iam.list_account_aliases(MaxItems=1)
    assert (answer["AccountAliases"], answer["IsTruncated"]) == ([new], False)
    iam.delete_account_alias(AccountAlias=new)
    assert iam.list_account_aliases()["AccountAliases"] == []


def test_an_alias_is_one_accounts(account: Account, other: Account) -> None:
    """Another account's alias is EntityAlreadyExists, and one keeps one's own."""
    with refused("EntityAlreadyExists", 409, f"The account alias {other.alias} already exists."):
        account.iam.create_account_alias(AccountAlias=other.alias)
    assert account.iam.list_account_aliases()["AccountAliases"] == [account.alias]


@pytest.mark.parametrize("alias", ["ab", "x" * 64, "Abc", "a--b", "-abc", "abc-", "a_b", "a b"])
def test_aliases_of_no_allowed_kind(account: Account, alias: str) -> None:
    """An alias is 3 to 63 small letters, digits and single inner hyphens."""
    with refused("ValidationError", 400):
        account.iam.create_account_alias(AccountAlias=alias)


def test_an_alias_that_is_not_there(account: Account, other: Account) -> None:
    """Deleting an alias that one does not have is NoSuchEntity, another account's included."""
    for alias in ("never-there", other.alias):
        with refused("NoSuchEntity", 404, f"The account alias with name {alias} cannot be found."):
            account.iam.delete_account_alias(AccountAlias=alias)
    assert other.iam.list_account_aliases()["AccountAliases"] == [other.alias]


def test_the_summary_counts(account: Account) -> None:
    """GetAccountSummary counts users, policies and versions, beside IAM's quotas."""
    iam = account.iam
    before = iam.get_account_summary()["SummaryMap"]
    assert (before["Users"], before["Policies"], before["PolicyVersionsInUse"]) == (1, 0, 0)
    assert before["AccountAccessKeysPresent"] == 1
    assert (before["UsersQuota"], before["AccessKeysPerUserQuota"], before["VersionsPerPolicyQuota"]) == (5000, 2, 5)
    iam.create_user(UserName="u")
    arn = iam.create_policy(PolicyName="p", PolicyDocument=allow("s3:*"))["Policy"]["Arn"]
    iam.create_policy_version(PolicyArn=arn, PolicyDocument=allow("s3:*"))
    root = account.client("iam", account.root)
    root.delete_access_key(AccessKeyId=account.root.access_key_id)
    after = iam.get_account_summary()["SummaryMap"]
    assert after == before | {"Users": 2, "Policies": 1, "PolicyVersionsInUse": 2, "AccountAccessKeysPresent": 0}
