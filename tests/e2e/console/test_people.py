"""Who may come in, and what they see: MFA, a forced change, few permissions, sign-out, a way back."""

from __future__ import annotations

import base64
import hashlib
import hmac
import struct
import time
from typing import Any

from tests.e2e.console.browser import Person
from tests.e2e.console.conftest import NewPerson
from tests.e2e.live_server import Account

PASSWORD = "Correct-Horse-7-Battery"


def totp(seed: str, step: int) -> str:
    """Show what an authenticator app shows (RFC 6238)."""
    digest = hmac.new(base64.b32decode(seed), struct.pack(">Q", step), hashlib.sha1).digest()
    offset = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[offset : offset + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"


def with_password(iam: Any, user_name: str, *, must_change: bool = False) -> None:
    """Have a user who may sign in."""
    iam.create_user(UserName=user_name)
    iam.create_login_profile(UserName=user_name, Password=PASSWORD, PasswordResetRequired=must_change)


def test_mfa_enrolment_and_sign_in(person: Person, new_person: NewPerson, account: Account, iam: Any) -> None:
    """A device is enrolled by its code; from then on the door asks for a code, and lets in who has it."""
    with_password(iam, "guarded")
    person.go("/console/iam/users/guarded?tab=security")
    person.button("Assign MFA device").click()
    person.button("Next").click()
    person.button("Show secret key").click()
    person.picture("assign-mfa")
    seed = person.page.get_by_role("dialog").locator("code").last.inner_text()
    step = int(time.time()) // 30
    person.page.get_by_label("MFA code 1").fill(totp(seed, step - 1))
    person.page.get_by_label("MFA code 2").fill(totp(seed, step))
    person.button("Add MFA").click()
    person.see("Virtual (authenticator app)")

    other = new_person()
    other.go("/")
    other.enter(account.account_id, "guarded", PASSWORD)
    other.see_heading("Multi-factor authentication")
    other.page.get_by_label("MFA code").fill(totp(seed, step + 1))
    other.button("Submit").click()
    other.see_heading("Console home")


def test_the_root_user(new_person: NewPerson, account: Account) -> None:
    """The root user signs in by e-mail, is warned of keys, and assigns itself a device."""
    person = new_person()
    person.go("/")
    person.page.get_by_role("button", name="Root user").click()
    person.page.get_by_label("Root user email address").fill(account.root_email)
    person.page.get_by_label("Password", exact=True).fill(account.root_password)
    person.button("Sign in").click()
    person.see_heading("Console home")
    person.go("/console/iam/security-credentials")
    person.see("Do not use access keys of the root user")
    person.button("Assign MFA device").click()
    person.button("Next").click()
    person.button("Show secret key").click()
    seed = person.page.get_by_role("dialog").locator("code").last.inner_text()
    step = int(time.time()) // 30
    person.page.get_by_label("MFA code 1").fill(totp(seed, step - 1))
    person.page.get_by_label("MFA code 2").fill(totp(seed, step))
    person.button("Add MFA").click()
    person.see("Virtual (authenticator app)")
    person.go("/console/iam")
    person.see("Root user has MFA")


def test_the_next_person_is_another(person: Person, account: Account, iam: Any) -> None:
    """Who signs in after somebody in the same window calls as themselves, and not as who was there before."""
    with_password(iam, "next")
    person.page.get_by_role("link", name="IAM", exact=True).click()
    person.see("Root user has no active access keys")
    person.page.get_by_role("button", name=f"{account.user_name} @").first.click()
    person.page.get_by_role("menuitem", name="Sign out").click()
    person.see("You have signed out.")
    person.enter(account.account_id, "next", PASSWORD)
    person.see_heading("Console home")
    person.page.get_by_role("link", name="IAM", exact=True).click()
    person.see("You need permission: iam:GetAccountSummary")


def test_thousands_of_users(person: Person, iam: Any) -> None:
    """A long list is filtered and paged; only the rows in sight are asked about."""
    for number in range(1200):
        iam.create_user(UserName=f"crowd-{number:04}")
    person.go("/console/iam/users")
    person.page.get_by_role("searchbox", name="Find users").fill("crowd-1199")
    person.see("1 match")
    person.page.get_by_role("link", name="crowd-1199").click()
    person.see_heading("crowd-1199")


def test_an_ended_session_leads_back(person: Person, account: Account) -> None:
    """When the session has ended elsewhere, a reloaded page asks to sign in again, and goes on where one was."""
    person.go("/console/iam/groups")
    person.see_heading("User groups")
    person.page.context.clear_cookies()
    person.page.reload()
    person.see_heading("Sign in")
    person.enter(account.account_id, account.user_name, account.password)
    person.see_heading("User groups")


def test_a_wrong_password_tells_nothing(new_person: NewPerson, account: Account) -> None:
    """A wrong password and a user who is not there are refused in the same words."""
    person = new_person()
    person.go("/")
    person.enter(account.account_id, account.user_name, "wrong")
    person.see("Your authentication information is incorrect. Please try again.")
    person.enter(account.account_id, "nobody", "wrong")
    person.see("Your authentication information is incorrect. Please try again.")


def test_a_forced_change(new_person: NewPerson, account: Account, iam: Any) -> None:
    """Who must choose a new password chooses one, and is in."""
    with_password(iam, "newcomer", must_change=True)
    iam.attach_user_policy(UserName="newcomer", PolicyArn="arn:aws:iam::aws:policy/IAMUserChangePassword")
    person = new_person()
    person.go("/")
    person.enter(account.account_id, "newcomer", PASSWORD)
    person.see_heading("Change your password")
    person.page.get_by_label("New password", exact=True).fill(f"{PASSWORD}!")
    person.page.get_by_label("Confirm new password").fill(f"{PASSWORD}!")
    person.button("Confirm password change").click()
    person.see_heading("Console home")


def test_few_permissions(new_person: NewPerson, account: Account, iam: Any) -> None:
    """A page names the action that is missing and keeps the rest; one's own key can be made with the right to it."""
    with_password(iam, "limited")
    own = f"arn:aws:iam::{account.account_id}:user/limited"
    actions = '["iam:CreateAccessKey","iam:ListAccessKeys","iam:GetAccessKeyLastUsed"]'
    document = f'{{"Version":"2012-10-17","Statement":{{"Effect":"Allow","Action":{actions},"Resource":"{own}"}}}}'
    iam.put_user_policy(UserName="limited", PolicyName="own", PolicyDocument=document)
    person = new_person()
    person.sign_in(account, "limited", PASSWORD)
    person.go("/console/iam/users")
    person.see("You need permission: iam:ListUsers")
    person.picture("no-permission")
    person.go("/console/iam/security-credentials")
    person.see("You need permission: iam:ListMFADevices")
    person.page.get_by_role("link", name="Create access key").first.click()
    person.page.get_by_label("I understand the above recommendation").check()
    person.button("Next").click()
    person.button("Create access key").click()
    person.see("You need permission: iam:TagUser")
    with person.page.expect_download():
        person.button("Download .csv file").click()
    person.button("Done").click()
    person.see("Active")


def test_sign_out_and_the_way_back(person: Person, account: Account) -> None:
    """Signing out leads to the door; a deep link leads there too, and back once one is in."""
    person.page.get_by_role("button", name=f"{account.user_name} @").first.click()
    person.page.get_by_role("menuitem", name="Sign out").click()
    person.see("You have signed out.")
    person.go("/console/iam/users?x=1")
    person.see_heading("Sign in")
    person.enter(account.account_id, account.user_name, account.password)
    person.see_heading("Users")
