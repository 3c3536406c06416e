"""Roles in the browser: made, bounded, their sessions revoked; what the credential report draws."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError
from playwright.sync_api import expect

from tests.e2e.conftest import MakeClient
from tests.e2e.console.browser import Person
from tests.e2e.live_server import Account
from tests.e2e.signing import Key

READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess"
IAM_READ_ONLY = "arn:aws:iam::aws:policy/IAMReadOnlyAccess"


def choose_boundary(person: Person, name: str) -> None:
    """Choose a policy in the dialog that is open, and set it."""
    dialog = person.page.get_by_role("dialog")
    dialog.get_by_role("searchbox", name="Find boundary policies").fill(name)
    dialog.get_by_role("radio").first.check()
    dialog.get_by_role("button", name="Set boundary").click()


def test_a_role_is_made_and_bounded(person: Person, iam: Any) -> None:
    """A role's trust policy is checked as one; its boundary is set, changed and removed."""
    person.go("/console/iam/create-role")
    person.see("No findings: the policy is valid")
    person.page.get_by_label("Role name").fill("bounded")
    person.button("Create role").click()
    person.see_heading("Permissions boundary (not set)")

    person.button("Set boundary").click()
    choose_boundary(person, "IAMReadOnlyAccess")
    person.see_heading("Permissions boundary (set)")
    person.button("Change boundary").click()
    choose_boundary(person, "AmazonS3ReadOnlyAccess")
    person.see("arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess")
    bound = iam.get_role(RoleName="bounded")["Role"]["PermissionsBoundary"]["PermissionsBoundaryArn"]
    assert bound == "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"
    person.picture("role")

    person.button("Remove boundary").click()
    person.page.get_by_role("dialog").get_by_role("button", name="Remove", exact=True).click()
    person.see_heading("Permissions boundary (not set)")
    assert "PermissionsBoundary" not in iam.get_role(RoleName="bounded")["Role"]


def want_boundary(person: Person) -> None:
    """Open the section of the boundary, and say that there is to be one."""
    person.button("Set permissions boundary - optional").click()
    person.page.get_by_label("Use a permissions boundary to control the maximum").check()


def choose_among_boundaries(person: Person, arn: str) -> None:
    """Choose a policy in the section of the boundary."""
    person.page.get_by_role("searchbox", name="Find boundary policies").fill(arn.rpartition("/")[2])
    person.page.get_by_role("radio", name=f"Select {arn}", exact=True).check()


def test_a_user_is_made_bounded(person: Person, iam: Any, make_client: MakeClient) -> None:
    """A user made with a boundary has it from the start; without the policy that was asked for, nobody is made."""
    person.go("/console/iam/create-user")
    person.page.get_by_label("User name").fill("born-bounded")
    person.button("Next").click()
    person.see_heading("Set permissions boundary - optional")
    person.page.get_by_role("searchbox", name="Find policies").fill("IAMFullAccess")
    person.page.get_by_role("checkbox", name="Select arn:aws:iam::aws:policy/IAMFullAccess").check()
    want_boundary(person)
    person.button("Next").click()
    person.see("Choose a policy below, or do without a boundary.")
    choose_among_boundaries(person, IAM_READ_ONLY)
    for scheme in ("light", "dark"):
        person.page.emulate_media(color_scheme=scheme)
        person.picture(f"{scheme}-create-user-boundary")
        assert not Person.has_axe() or person.axe_violations() == []
    person.button("Next").click()
    person.see_heading("What is created")
    expect(person.page.get_by_text("IAMReadOnlyAccess", exact=True)).to_be_visible()
    person.button("Create user").click()
    person.see_heading("Permissions boundary (set)")
    expect(person.page.get_by_role("link", name=IAM_READ_ONLY)).to_be_visible()

    bound = iam.get_user(UserName="born-bounded")["User"]["PermissionsBoundary"]["PermissionsBoundaryArn"]
    assert bound == IAM_READ_ONLY
    made = iam.create_access_key(UserName="born-bounded")["AccessKey"]
    theirs = make_client("iam", Key(made["AccessKeyId"], made["SecretAccessKey"]))
    assert theirs.get_user()["User"]["UserName"] == "born-bounded"
    with pytest.raises(ClientError, match="because no permissions boundary allows the iam:CreateUser action"):
        theirs.create_user(UserName="beyond")


def test_a_role_is_made_bounded(person: Person, iam: Any) -> None:
    """A role made with a boundary has it from the start; without the policy that was asked for, none is made."""
    person.go("/console/iam/create-role")
    person.see("No findings: the policy is valid")
    person.page.get_by_label("Role name").fill("born-bounded")
    want_boundary(person)
    person.button("Create role").click()
    person.see("Choose a policy below, or do without a boundary.")
    choose_among_boundaries(person, IAM_READ_ONLY)
    person.picture("create-role-boundary")
    person.button("Create role").click()
    person.see_heading("Permissions boundary (set)")
    expect(person.page.get_by_role("link", name=IAM_READ_ONLY)).to_be_visible()
    bound = iam.get_role(RoleName="born-bounded")["Role"]["PermissionsBoundary"]["PermissionsBoundaryArn"]
    assert bound == IAM_READ_ONLY


def test_revoked_sessions_are_over(
    person: Person, account: Account, iam: Any, make_client: MakeClient, admin: Key
) -> None:
    """Revoking denies everything to the sessions under way, and nothing to new ones."""
    principal = {"AWS": f"arn:aws:iam::{account.account_id}:root"}
    trust = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": trust})
    arn = iam.create_role(RoleName="visitor", AssumeRolePolicyDocument=document)["Role"]["Arn"]
    iam.attach_role_policy(RoleName="visitor", PolicyArn=READ_ONLY)
    given = make_client("sts", admin).assume_role(RoleArn=arn, RoleSessionName="one")["Credentials"]
    session = make_client("iam", Key(given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"]))
    assert session.list_users()["Users"]

    person.go("/console/iam/roles/visitor?tab=revoke")
    person.button("Revoke active sessions").click()
    dialog = person.page.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="Revoke", exact=True)).to_be_disabled()
    dialog.get_by_label("To confirm, enter revoke").fill("revoke")
    dialog.get_by_role("button", name="Revoke", exact=True).click()
    person.see("The active sessions of visitor were revoked.")
    with pytest.raises(ClientError, match="AccessDenied"):
        session.list_users()


def test_the_report_is_drawn(person: Person, iam: Any) -> None:
    """The credential report's charts count what its table lists, and say so in words too."""
    iam.create_user(UserName="drawn")
    iam.create_access_key(UserName="drawn")
    person.go("/console/iam/credential-report")
    for title in (
        "Age of active access keys",
        "Last use of active access keys",
        "MFA of those who have a password",
        "Age of passwords",
    ):
        expect(person.page.get_by_role("application", name=title)).to_be_visible()
    expect(person.page.get_by_text("Never: 1").first).to_be_attached()
    expect(person.page.get_by_role("table", name="Users").get_by_role("link", name="drawn")).to_be_visible()
    person.picture("credential-report")
