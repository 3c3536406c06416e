"""Service-specific credentials in the browser: generated, reset, deactivated, deleted."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, expect

from tests.e2e.console.browser import Person
from tests.e2e.console.conftest import NewPerson
from tests.e2e.console.test_people import PASSWORD, with_password
from tests.e2e.live_server import Account

GIT = "AWS CodeCommit: HTTPS Git credentials"
BEDROCK = "Amazon Bedrock: API key"


def credentials(person: Person) -> Locator:
    """Find the section, which stands among others with buttons of the same names."""
    tables = person.page.locator("[class*=awsui_root]", has=person.page.get_by_role("heading", name="Service-specific"))
    return tables.filter(has=person.page.get_by_role("table", name="Service-specific credentials")).last


def generate(person: Person, service: str) -> dict[str, str]:
    """Generate a credential for a service; give what its file holds."""
    person.button("Generate credential").click()
    dialog = person.page.get_by_role("dialog")
    dialog.get_by_role("button", name="Service").click()
    person.page.get_by_role("option", name=service).click()
    dialog.get_by_role("button", name="Generate credential").click()
    return downloaded(person)


def downloaded(person: Person) -> dict[str, str]:
    """Save the file of the secret that is shown, and be done; give what the file holds."""
    person.see("This is the only time that the")
    with person.page.expect_download() as downloading:
        person.button("Download .csv file").click()
    person.button("Done").click()
    (row,) = csv.DictReader(Path(downloading.value.path()).read_text("utf-8-sig").splitlines())
    return row


def act(person: Person, service: str, action: str) -> None:
    """Select a service's credential, and press a button of the section."""
    table = credentials(person)
    table.get_by_role("row").filter(has_text=service).get_by_role("radio").check()
    table.get_by_role("button", name=action, exact=True).click()


def test_the_life_of_a_git_password(person: Person, iam: Any) -> None:
    """It is generated, its secret is shown once, reset, deactivated, deleted."""
    iam.create_user(UserName="committer")
    person.go("/console/iam/users/committer?tab=security")
    first = generate(person, GIT)
    (made,) = iam.list_service_specific_credentials(UserName="committer")["ServiceSpecificCredentials"]
    assert (first["User name"], len(first["Password"]) > 20) == (made["ServiceUserName"], True)
    person.picture("service-credentials")

    act(person, GIT, "Reset")
    person.page.get_by_role("dialog").get_by_role("button", name="Reset", exact=True).click()
    second = downloaded(person)
    assert (second["User name"], second["Password"] != first["Password"]) == (first["User name"], True)

    act(person, GIT, "Deactivate")
    expect(credentials(person).get_by_text("Inactive")).to_be_visible()
    (left,) = iam.list_service_specific_credentials(UserName="committer")["ServiceSpecificCredentials"]
    assert left["Status"] == "Inactive"

    act(person, GIT, "Delete")
    person.page.get_by_role("dialog").get_by_role("button", name="Delete", exact=True).click()
    expect(credentials(person).get_by_text("There are no credentials.")).to_be_visible()
    assert iam.list_service_specific_credentials(UserName="committer")["ServiceSpecificCredentials"] == []


def test_an_own_api_key_that_ends(new_person: NewPerson, account: Account, iam: Any) -> None:
    """A person generates an API key for themselves, which ends when they said; a wrong number of days is refused."""
    with_password(iam, "prompter")
    own = f"arn:aws:iam::{account.account_id}:user/prompter"
    document = (
        f'{{"Version":"2012-10-17","Statement":{{"Effect":"Allow","Action":"iam:*Credential*","Resource":"{own}"}}}}'
    )
    iam.put_user_policy(UserName="prompter", PolicyName="own", PolicyDocument=document)
    person = new_person()
    person.sign_in(account, "prompter", PASSWORD)
    person.go("/console/iam/security-credentials")
    person.button("Generate credential").click()
    dialog = person.page.get_by_role("dialog")
    dialog.get_by_role("button", name="Service").click()
    person.page.get_by_role("option", name=BEDROCK).click()
    dialog.get_by_label("Expires after, in days").fill("0.5")
    dialog.get_by_role("button", name="Generate credential").click()
    person.see("The days are a whole number from 1 to 36600")
    dialog.get_by_label("Expires after, in days").fill("7")
    dialog.get_by_role("button", name="Generate credential").click()
    assert downloaded(person)["API key"].startswith("ABSK")
    (made,) = iam.list_service_specific_credentials(UserName="prompter")["ServiceSpecificCredentials"]
    assert (made["ExpirationDate"] - made["CreateDate"]).days == 7
