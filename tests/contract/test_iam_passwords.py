"""Login profiles, passwords and the account's password policy by boto3."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError
from sqlalchemy import Connection, select

from keywright.identity.passwords import is_password
from keywright.store.tables import login_profiles, users
from tests.contract.expect import allow, deny, refused
from tests.contract.in_process import Account, Server, SteppingClock

GOOD, BETTER, BEST = "correct-Horse-1", "battery-Staple-2", "another-Word-3"
UNACCEPTABLE = "Password does not conform to the account password policy."
USED_BEFORE = "Policy constraint violation with password reuse prevention during password change."


@pytest.fixture
def alice(iam: Any) -> str:
    """A user without a password."""
    iam.create_user(UserName="alice")
    return "alice"


def profile_of(server: Server, account: Account, user_name: str) -> Any:
    """Read a login profile behind the app's back."""

    def read(connection: Connection) -> Any:
        return connection.execute(
            select(login_profiles)
            .join(users, users.c.user_id == login_profiles.c.user_id)
            .where(users.c.account_id == account.account_id, users.c.user_name == user_name)
        ).one()

    return server.read(read)


def test_a_login_profile_is_made_once(account: Account, server: Server, alice: str, clock: SteppingClock) -> None:
    """CreateLoginProfile answers what it made, keeps the password's hash alone, and a second is refused."""
    iam = account.iam
    made = iam.create_login_profile(UserName="ALICE", Password=GOOD, PasswordResetRequired=True)["LoginProfile"]
    assert (made["UserName"], made["PasswordResetRequired"]) == (alice, True)
    assert made["CreateDate"] <= clock.now
    assert iam.get_login_profile(UserName=alice)["LoginProfile"] == made
    assert is_password(profile_of(server, account, alice).password_hash, GOOD)
    with refused("EntityAlreadyExists", 409, "Login Profile for User alice already exists."):
        iam.create_login_profile(UserName=alice, Password=BETTER)
    events = account.client("cloudtrail").lookup_events()["Events"]
    assert not any(GOOD in one["CloudTrailEvent"] or BETTER in one["CloudTrailEvent"] for one in events)


def test_what_is_not_there_is_named(iam: Any, alice: str) -> None:
    """Each operation says NoSuchEntity, of the user or of the login profile, in AWS's words."""
    missing = "Login Profile for User alice cannot be found."
    with refused("NoSuchEntity", 404, missing):
        iam.get_login_profile(UserName=alice)
    with refused("NoSuchEntity", 404, missing):
        iam.update_login_profile(UserName=alice, Password=GOOD)
    with refused("NoSuchEntity", 404, "Login Profile for User alice cannot be found."):
        iam.delete_login_profile(UserName=alice)
    for call in ("get_login_profile", "delete_login_profile", "create_login_profile", "update_login_profile"):
        password = {} if call.startswith(("get", "delete")) else {"Password": GOOD}
        with refused("NoSuchEntity", 404, "The user with name nobody cannot be found."):
            getattr(iam, call)(UserName="nobody", **password)


def test_a_login_profile_needs_a_password(account: Account, alice: str) -> None:
    """Without a password there is no login profile; the root user has none to make for itself."""
    with refused("ValidationError", 400):
        account.iam.create_login_profile(UserName=alice)
    with refused("ValidationError", 400):
        account.client("iam", account.root).create_login_profile(Password=GOOD)


@pytest.mark.parametrize("password", ["Short-1", "onlysmallletters", "small-and-dashes", "ÀÈÌòùé-small"])
def test_awss_default_policy_is_enforced(iam: Any, alice: str, password: str) -> None:
    """Without a policy of the account's a password has eight characters of three classes."""
    with refused("PasswordPolicyViolation", 400, UNACCEPTABLE):
        iam.create_login_profile(UserName=alice, Password=password)


def test_the_default_policy_refuses_the_accounts_own_names(account: Account, alice: str) -> None:
    """Neither the account's alias nor its e-mail address is a password."""
    account.iam.delete_account_alias(AccountAlias=account.alias)
    account.iam.create_account_alias(AccountAlias="acme-2026")
    for password in ("Acme-2026", f"ROOT@{account.account_id}.Keywright.internal"):
        with refused("PasswordPolicyViolation", 400, UNACCEPTABLE):
            account.iam.create_login_profile(UserName=alice, Password=password)


def test_the_accounts_policy_is_enforced(iam: Any, alice: str) -> None:
    """What the account's policy asks for, its passwords have: when they are made and when they are set."""
    iam.update_account_password_policy(MinimumPasswordLength=16, RequireSymbols=True)
    with refused("PasswordPolicyViolation", 400, UNACCEPTABLE):
        iam.create_login_profile(UserName=alice, Password="short-but-fine")
    iam.create_login_profile(UserName=alice, Password="long-and-very-fine")
    with refused("PasswordPolicyViolation", 400, UNACCEPTABLE):
        iam.update_login_profile(UserName=alice, Password="LongWithoutSymbols22")
    iam.delete_account_password_policy()
    iam.update_login_profile(UserName=alice, Password="Short-12")


def test_update_login_profile_sets_what_it_is_given(
    account: Account, server: Server, alice: str, clock: SteppingClock
) -> None:
    """A new password replaces the old one and dates the change; the reset flag is set alone, too."""
    iam = account.iam
    iam.create_login_profile(UserName=alice, Password=GOOD)
    before = profile_of(server, account, alice)
    clock.advance(days=1)
    iam.update_login_profile(UserName=alice, PasswordResetRequired=True)
    flagged = profile_of(server, account, alice)
    assert flagged.password_reset_required
    assert (flagged.password_hash, flagged.password_changed_at) == (before.password_hash, before.password_changed_at)
    iam.update_login_profile(UserName=alice, Password=BETTER, PasswordResetRequired=False)
    after = profile_of(server, account, alice)
    assert is_password(after.password_hash, BETTER)
    assert after.password_changed_at - before.password_changed_at >= timedelta(days=1)
    assert after.created_at == before.created_at


def test_passwords_are_not_used_again(iam: Any, alice: str) -> None:
    """With reuse prevention of two, the present password and the one before are refused, the third back is not."""
    iam.update_account_password_policy(MinimumPasswordLength=8, PasswordReusePrevention=2)
    iam.create_login_profile(UserName=alice, Password=GOOD)
    with refused("PasswordPolicyViolation", 400, USED_BEFORE):
        iam.update_login_profile(UserName=alice, Password=GOOD)
    iam.update_login_profile(UserName=alice, Password=BETTER)
    with refused("PasswordPolicyViolation", 400, USED_BEFORE):
        iam.update_login_profile(UserName=alice, Password=GOOD)
    iam.update_login_profile(UserName=alice, Password=BEST)
    iam.update_login_profile(UserName=alice, Password=GOOD)


def test_deleting_the_login_profile_is_no_way_round(iam: Any, alice: str) -> None:
    """A password is remembered though its login profile is deleted."""
    iam.update_account_password_policy(PasswordReusePrevention=1)
    iam.create_login_profile(UserName=alice, Password=GOOD)
    iam.delete_login_profile(UserName=alice)
    with refused("PasswordPolicyViolation", 400, USED_BEFORE):
        iam.create_login_profile(UserName=alice, Password=GOOD)
    iam.create_login_profile(UserName=alice, Password=BETTER)


def test_change_password_takes_the_old_one(account: Account, server: Server, clock: SteppingClock) -> None:
    """A user changes its own password who knows the old one, and has done with a required reset."""
    key = account.user("alice", allow("iam:ChangePassword"))
    account.iam.create_login_profile(UserName="alice", Password=GOOD, PasswordResetRequired=True)
    me = account.client("iam", key)
    with refused("AccessDenied", 403, "The old password was incorrect."):
        me.change_password(OldPassword=BETTER, NewPassword=BEST)
    with refused("PasswordPolicyViolation", 400, UNACCEPTABLE):
        me.change_password(OldPassword=GOOD, NewPassword="weak")
    me.change_password(OldPassword=GOOD, NewPassword=BETTER)
    profile = profile_of(server, account, "alice")
    assert is_password(profile.password_hash, BETTER)
    assert not profile.password_reset_required
    with refused("AccessDenied", 403):
        me.change_password(OldPassword=GOOD, NewPassword=BEST)


def test_change_password_respects_reuse_prevention(account: Account) -> None:
    """One's own change is no way round the account's policy."""
    key = account.user("alice", allow("iam:ChangePassword"))
    account.iam.update_account_password_policy(PasswordReusePrevention=24)
    account.iam.create_login_profile(UserName="alice", Password=GOOD)
    me = account.client("iam", key)
    me.change_password(OldPassword=GOOD, NewPassword=BETTER)
    with refused("PasswordPolicyViolation", 400, USED_BEFORE):
        me.change_password(OldPassword=BETTER, NewPassword=GOOD)


def test_change_password_is_for_users_with_one(account: Account) -> None:
    """The root user is InvalidUserType; a user without a login profile has nothing to change."""
    with refused("InvalidUserType", 400):
        account.client("iam", account.root).change_password(OldPassword=GOOD, NewPassword=BETTER)
    key = account.user("alice", allow("iam:ChangePassword"))
    with refused("NoSuchEntity", 404, "Login Profile for User alice cannot be found."):
        account.client("iam", key).change_password(OldPassword=GOOD, NewPassword=BETTER)


def test_the_policy_may_let_users_change_their_passwords(account: Account) -> None:
    """AllowUsersToChangePassword grants the change and the policy's reading, unless a policy denies it."""
    iam = account.iam
    key, denied = account.user("alice"), account.user("bob", deny("iam:ChangePassword"))
    for name in ("alice", "bob"):
        iam.create_login_profile(UserName=name, Password=GOOD)
    me = account.client("iam", key)
    for call in (lambda: me.change_password(OldPassword=GOOD, NewPassword=BETTER), me.get_account_password_policy):
        with refused("AccessDenied", 403):
            call()
    iam.update_account_password_policy(AllowUsersToChangePassword=True)
    assert me.get_account_password_policy()["PasswordPolicy"]["AllowUsersToChangePassword"]
    me.change_password(OldPassword=GOOD, NewPassword=BETTER)
    with refused("AccessDenied", 403):
        account.client("iam", denied).change_password(OldPassword=GOOD, NewPassword=BETTER)


def test_the_policy_is_set_whole(account: Account) -> None:
    """UpdateAccountPasswordPolicy puts back to the default what it does not name; Get answers as AWS does."""
    iam = account.iam
    missing = f"The Password Policy with domain name {account.account_id} cannot be found."
    with refused("NoSuchEntity", 404, missing):
        iam.get_account_password_policy()
    with refused("NoSuchEntity", 404, missing):
        iam.delete_account_password_policy()
    iam.update_account_password_policy(
        MinimumPasswordLength=14, RequireNumbers=True, MaxPasswordAge=90, PasswordReusePrevention=5, HardExpiry=True
    )
    assert iam.get_account_password_policy()["PasswordPolicy"] == {
        "MinimumPasswordLength": 14,
        "RequireSymbols": False,
        "RequireNumbers": True,
        "RequireUppercaseCharacters": False,
        "RequireLowercaseCharacters": False,
        "AllowUsersToChangePassword": False,
        "ExpirePasswords": True,
        "MaxPasswordAge": 90,
        "PasswordReusePrevention": 5,
        "HardExpiry": True,
    }
    iam.update_account_password_policy(RequireSymbols=True)
    policy = iam.get_account_password_policy()["PasswordPolicy"]
    assert (policy["MinimumPasswordLength"], policy["ExpirePasswords"]) == (6, False)
    assert not {"MaxPasswordAge", "PasswordReusePrevention", "HardExpiry"} & set(policy)
    iam.delete_account_password_policy()
    with refused("NoSuchEntity", 404, missing):
        iam.get_account_password_policy()


@pytest.mark.parametrize(
    "values",
    [
        {"MinimumPasswordLength": 5},
        {"MinimumPasswordLength": 129},
        {"MaxPasswordAge": 0},
        {"MaxPasswordAge": 1096},
        {"PasswordReusePrevention": 0},
        {"PasswordReusePrevention": 25},
    ],
)
def test_the_policys_bounds(iam: Any, values: dict[str, int]) -> None:
    """A length, an age or a memory outside of AWS's bounds is a ValidationError."""
    with refused("ValidationError", 400):
        iam.update_account_password_policy(**values)


def test_policies_are_the_accounts_own(account: Account, other: Account) -> None:
    """One account's policy is not another's."""
    account.iam.update_account_password_policy()
    with refused("NoSuchEntity", 404):
        other.iam.get_account_password_policy()


def test_a_user_with_a_password_is_not_deleted(iam: Any, alice: str) -> None:
    """DeleteUser asks for the login profile to go first."""
    iam.create_login_profile(UserName=alice, Password=GOOD)
    with refused("DeleteConflict", 409, "Cannot delete entity, must delete login profile first."):
        iam.delete_user(UserName=alice)
    iam.delete_login_profile(UserName=alice)
    iam.delete_user(UserName=alice)


def test_of_two_changes_at_once_none_is_lost(account: Account, server: Server) -> None:
    """Of many who change a password at once, each either sets it or is told that it was changed meanwhile."""
    account.iam.create_user(UserName="alice")
    account.iam.create_login_profile(UserName="alice", Password=GOOD)

    def change(number: int) -> tuple[str, str]:
        password = f"correct-Horse-{number}"
        try:
            account.iam.update_login_profile(UserName="alice", Password=password)
        except ClientError as error:
            return password, str(error.response["Error"]["Code"])
        return password, "changed"

    with ThreadPoolExecutor(6) as threads:
        outcomes = dict(threads.map(change, range(10, 16)))
    assert set(outcomes.values()) <= {"changed", "EntityTemporarilyUnmodifiable"}
    present = profile_of(server, account, "alice").password_hash
    [password] = [one for one in outcomes if is_password(present, one)]
    assert outcomes[password] == "changed"
