"""A user with console access: made so that the password that must be changed can be, and by one who can get back."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e.console.browser import Person
from tests.e2e.console.conftest import NewPerson
from tests.e2e.console.test_people import PASSWORD, with_password
from tests.e2e.live_server import Account

CHANGE = "IAMUserChangePassword"


@pytest.fixture
def all_may_change(iam: Any) -> Any:
    """Have an account whose users may all change their own passwords."""
    iam.update_account_password_policy(AllowUsersToChangePassword=True, MinimumPasswordLength=8)
    yield
    iam.delete_account_password_policy()


def review(person: Person, user_name: str) -> None:
    """Go through the wizard to its review."""
    person.go("/console/iam/create-user")
    person.page.get_by_label("User name").fill(user_name)
    person.page.get_by_label("Provide user access to this console").check()
    expect(person.page.get_by_label("The user must choose a new password")).to_be_checked()
    person.button("Next").click()
    person.see_heading("Set permissions")
    person.button("Next").click()
    person.see_heading("What is created")


def attached(iam: Any, user_name: str) -> list[str]:
    """List the names of a user's managed policies."""
    return [policy["PolicyName"] for policy in iam.list_attached_user_policies(UserName=user_name)["AttachedPolicies"]]


def test_who_must_change_the_password_can(person: Person, new_person: NewPerson, account: Account, iam: Any) -> None:
    """The policy that lets a user change the password is announced, attached, and enough for the first sign-in."""
    review(person, "console-user")
    person.see(f"{CHANGE} is attached, so that the user can choose a new password at the first sign-in.")
    person.picture("create-user-review")
    person.button("Create user").click()
    person.see_heading("Console sign-in details")
    assert attached(iam, "console-user") == [CHANGE]
    person.button("Show password").click()
    password = person.page.locator("code").last.inner_text()
    other = new_person()
    other.go("/")
    other.enter(account.account_id, "console-user", password)
    other.see_heading("Change your password")
    other.page.get_by_label("New password", exact=True).fill(PASSWORD)
    other.page.get_by_label("Confirm new password").fill(PASSWORD)
    other.button("Confirm password change").click()
    other.see_heading("Console home")


def test_no_policy_where_all_may_change(person: Person, iam: Any, all_may_change: None) -> None:
    """As on AWS, nothing is attached where the account's password policy lets all users change their passwords."""
    review(person, "free-user")
    person.see("The account's password policy allows it.")
    person.button("Create user").click()
    person.see_heading("Console sign-in details")
    assert attached(iam, "free-user") == []
    person.go("/console/iam/account-settings")
    person.see("This account has its own rules.")
    expect(person.page.get_by_text("Only users with a policy that allows iam:ChangePassword")).to_have_count(0)


def test_a_policy_that_cannot_be_attached_is_told(new_person: NewPerson, account: Account, iam: Any) -> None:
    """Who may make users and not attach policies is told what is missing, and what it means."""
    with_password(iam, "half")
    actions = '["iam:CreateUser","iam:CreateLoginProfile","iam:ListGroups","iam:ListPolicies","iam:GetUser"]'
    document = f'{{"Version":"2012-10-17","Statement":{{"Effect":"Allow","Action":{actions},"Resource":"*"}}}}'
    iam.put_user_policy(UserName="half", PolicyName="half", PolicyDocument=document)
    person = new_person()
    person.sign_in(account, "half", PASSWORD)
    review(person, "half-made")
    person.see("could not be read")
    person.button("Create user").click()
    person.see_heading("Console sign-in details")
    person.see(f"half-made was created, but {CHANGE} is not attached")
    person.see("you need permission iam:AttachUserPolicy")
    person.picture("create-user-not-attached")


def test_a_new_password_for_a_user_who_is_there(person: Person, iam: Any) -> None:
    """Where a password is set later, the policy comes along, unless it is unticked."""
    for name, is_attached in (("given", True), ("not-given", False)):
        iam.create_user(UserName=name)
        person.go(f"/console/iam/users/{name}?tab=security")
        person.button("Enable console access").first.click()
        dialog = person.page.get_by_role("dialog")
        box = dialog.get_by_label(f"Attach the policy {CHANGE} to {name}")
        expect(box).to_be_checked()
        if not is_attached:
            box.uncheck()
        dialog.get_by_role("button", name="Enable console access", exact=True).click()
        person.see("This is the only time that the password is shown.")
        assert attached(iam, name) == ([CHANGE] if is_attached else [])


def test_who_cannot_change_the_password_gets_back(new_person: NewPerson, account: Account, iam: Any) -> None:
    """Who is asked for a new password and may not set one is told why, and finds the way back to sign-in."""
    with_password(iam, "stuck", must_change=True)
    person = new_person()
    person.go("/")
    person.enter(account.account_id, "stuck", PASSWORD)
    person.see_heading("Change your password")
    person.page.get_by_label("New password", exact=True).fill(f"{PASSWORD}!")
    person.page.get_by_label("Confirm new password").fill(f"{PASSWORD}!")
    person.button("Confirm password change").click()
    person.see("Either user is not authorized to perform iam:ChangePassword or entered password does not comply")
    person.see("If no password is accepted, ask your administrator")
    person.picture("sign-in-stuck")
    person.button("Back to sign in").click()
    person.see_heading("Sign in")
    person.see("Your password was not changed, and you are not signed in.")
    person.enter(account.account_id, account.user_name, account.password)
    person.see_heading("Console home")


def test_an_expired_password_is_told(new_person: NewPerson, account: Account, iam: Any) -> None:
    """What the server answers to an expired password, and to what is none of its answers, is said in words."""
    person = new_person()
    person.go("/")
    answers = iter(('{"result":"passwordExpired"}', '{"result":"crossSite","message":"Sign in from this page."}'))
    person.page.route(
        "**/signin", lambda route: route.fulfill(status=403, content_type="application/json", body=next(answers))
    )
    person.enter(account.account_id, "expired", PASSWORD)
    person.see("Your password has expired, and you may not renew it.")
    person.enter(account.account_id, "expired", PASSWORD)
    person.see("Sign in from this page.")


def test_the_default_policy_is_claimed_only_where_it_was_read(
    person: Person, new_person: NewPerson, account: Account, iam: Any
) -> None:
    """Who may not read the account's password policy is told that, and not that AWS's default applies."""
    person.go("/console/iam/account-settings")
    person.see("The AWS default applies.")
    person.see("Only users with a policy that allows iam:ChangePassword")
    person.picture("account-settings")
    with_password(iam, "blind")
    other = new_person()
    other.sign_in(account, "blind", PASSWORD)
    other.go("/console/iam/account-settings")
    other.see("You need permission: iam:GetAccountPasswordPolicy")
    expect(other.page.get_by_text("The AWS default applies.")).to_have_count(0)
