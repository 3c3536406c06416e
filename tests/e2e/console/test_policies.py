"""A policy's life in the browser: written, simulated, in the way of a call, explained."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError
from playwright.sync_api import expect

from tests.e2e.conftest import MakeClient
from tests.e2e.console.browser import Person
from tests.e2e.live_server import Account
from tests.e2e.signing import Key

READ = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iam:Get*","Resource":"*"}]}'
DENY = """{
  "Version": "2012-10-17",
  "Statement": [
    {"Effect": "Allow", "Action": "iam:Get*", "Resource": "*"},
    {"Effect": "Deny", "Action": "iam:GetUser", "Resource": "*"}
  ]
}"""


def write(person: Person, label: str, text: str) -> None:
    """Put a text into an editor in place of what it holds."""
    person.page.get_by_role("textbox", name=label).click()
    person.page.keyboard.press("Control+A")
    person.page.keyboard.press("Delete")
    person.page.keyboard.insert_text(text)


def test_edited_simulated_denied_explained(person: Person, account: Account, iam: Any, make_client: MakeClient) -> None:
    """A policy is edited as a new version; the simulator, the refusal and its reasons all say what it says."""
    arn = iam.create_policy(PolicyName="reading", PolicyDocument=READ)["Policy"]["Arn"]
    iam.create_user(UserName="reader")
    iam.attach_user_policy(UserName="reader", PolicyArn=arn)
    made = iam.create_access_key(UserName="reader")["AccessKey"]
    reader = make_client("iam", Key(made["AccessKeyId"], made["SecretAccessKey"]))
    assert reader.get_user()["User"]["UserName"] == "reader"

    person.go(f"/console/iam/policies/{arn.replace(':', '%3A').replace('/', '%2F')}")
    person.button("Edit").click()
    write(person, "Policy document", DENY)
    person.see("valid")
    person.picture("policy-editor")
    person.button("Save changes").click()
    person.page.get_by_role("dialog").get_by_role("button", name="Save changes").click()
    person.see("Version v2 (default)")
    assert iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"] == "v2"

    person.go("/console/iam/simulator")
    person.page.get_by_role("button", name="User").filter(has_text="Choose").click()
    person.page.get_by_role("option", name="reader").click()
    person.page.get_by_label("Actions", exact=True).fill("iam:GetUser iam:GetRole s3:ListAllMyBuckets")
    person.button("Run simulation").click()
    person.see("Denied: a statement says so")
    person.see("Denied: no statement allows it")
    person.see("Allowed")
    person.page.get_by_role("button", name="Show the statement in reading").first.click()
    expect(person.page.locator("mark")).to_have_text('{"Effect": "Deny", "Action": "iam:GetUser", "Resource": "*"}')
    person.picture("simulator")

    with pytest.raises(ClientError) as refused:
        reader.get_user()
    authorization_id = refused.value.response["Error"]["Message"].rpartition(" ")[2]
    person.go(f"/iam/home?region=us-east-1#/authorization-details/{authorization_id}")
    person.see_heading("Why was this denied?")
    person.see("Explicit deny")
    person.see("Statement1 (deny)")
    person.page.get_by_role("button", name=arn).click()
    expect(person.page.get_by_role("dialog").get_by_role("textbox", name=arn)).to_contain_text("Deny")
    person.picture("why-denied")


def test_a_fault_is_pointed_out_as_one_types(person: Person) -> None:
    """The editor says what the server's ValidatePolicy says, and where."""
    person.go("/console/iam/create-policy")
    write(person, "Policy document", READ.replace("iam:Get*", "iam:GetUserr"))
    person.see("Error, line 1")
