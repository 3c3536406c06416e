"""The guide's six steps, in a browser and a terminal, as they are written."""

from __future__ import annotations

import csv
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e.aws_cli import AWS
from tests.e2e.conftest import MakeCli
from tests.e2e.console.browser import Person
from tests.e2e.console.conftest import NewPerson
from tests.e2e.live_server import KEYWRIGHT, Account, LiveServer, bare_environment

pytestmark = pytest.mark.usefixtures("true_starts")
"""The walk is a true one: its commands are started, not forked."""

DEBIAN_AWS = Path("/usr/bin/aws")
ALLOWED = '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":["iam:GetUser","s3:List*"],"Resource":"*"}}'


def find_iam(person: Person) -> None:
    """Step 2: search for IAM, open the dashboard, click Users."""
    person.page.get_by_role("combobox", name="Search").fill("IAM")
    person.page.get_by_role("option", name="IAM").first.click()
    person.see_heading("IAM Dashboard")
    person.picture("dashboard")
    person.page.get_by_role("link", name="Users", exact=True).click()


def open_credentials(person: Person, user_name: str) -> None:
    """Step 3: the user's tab "Security credentials"."""
    person.page.get_by_role("link", name=user_name, exact=True).click()
    person.page.get_by_role("tab", name="Security credentials").click()
    person.see_heading("Access keys")


def create_key(person: Person) -> Path:
    """Steps 4 and 5: say what for, describe, create, download."""
    person.page.get_by_role("link", name="Create access key").first.click()
    person.see_heading("Access key best practices")
    person.picture("create-access-key-1-use-case")
    person.page.get_by_label("Command Line Interface (CLI)").check()
    person.page.get_by_label("I understand the above recommendation").check()
    person.button("Next").click()
    person.page.get_by_role("textbox", name="Project", exact=True).fill("guide")
    person.picture("create-access-key-2-tags")
    person.button("Create access key").click()
    person.see_heading("Retrieve access keys")
    person.picture("create-access-key-3-retrieve")
    with person.page.expect_download() as downloading:
        person.button("Download .csv file").click()
    download = downloading.value
    assert download.suggested_filename == "jane_accessKeys.csv"
    return Path(download.path())


def test_the_six_steps(
    new_person: NewPerson, account: Account, iam: Any, make_cli: MakeCli, server: LiveServer
) -> None:
    """From sign-in to a file that configures the real CLI, whose calls the console then shows."""
    iam.create_user(UserName="jane")
    iam.put_user_policy(UserName="jane", PolicyName="work", PolicyDocument=ALLOWED)
    person = new_person()

    person.go("/")
    person.picture("sign-in")
    person.enter(account.account_id, account.user_name, account.password)
    person.see_heading("Console home")
    find_iam(person)
    person.see_heading("Users")
    person.see("Not enabled")
    person.picture("users")
    open_credentials(person, "jane")
    file = create_key(person)

    content = file.read_bytes()
    assert content.startswith(b"\xef\xbb\xbfAccess key ID,Secret access key\r\n")
    ((key_id, secret),) = list(csv.reader(content.decode("utf-8-sig").splitlines()[1:]))
    cli = make_cli(AWS_ENDPOINT_URL="", AWS_DEFAULT_REGION="")
    cli.text("configure", answers=f"{key_id}\n{secret}\nus-east-1\njson\n")
    cli.text("configure", "set", "endpoint_url", server.url)
    assert cli.json("sts", "get-caller-identity")["Arn"] == f"arn:aws:iam::{account.account_id}:user/jane"
    assert cli.json("iam", "get-user")["User"]["UserName"] == "jane"
    cli.text("s3", "ls")

    person.button("Done").click()
    person.see("Project: guide")
    person.see("Just now")
    person.picture("security-credentials")
    value = next(tag["Value"] for tag in iam.list_user_tags(UserName="jane")["Tags"] if tag["Key"] == key_id)
    assert value.startswith("Purpose=CLI-Access Owner=jane Environment=Dev Created=")
    assert " Project=guide Expiry=" in value

    person.go(f"/console/cloudtrail/events?attribute=AccessKeyId&value={key_id}")
    for event_name in ("GetCallerIdentity", "GetUser", "ListBuckets"):
        expect(person.page.get_by_role("link", name=event_name, exact=True).first).to_be_visible()
    person.picture("event-history")
    person.page.get_by_role("link", name="GetUser", exact=True).first.click()
    person.see_heading("Event record")
    person.picture("event")


def test_an_unsaved_secret_is_not_left_behind_unasked(person: Person, iam: Any) -> None:
    """Whoever leaves the last step without having taken the secret is asked, and may stay."""
    iam.create_user(UserName="careless")
    person.go("/console/iam/users/careless/create-access-key")
    person.page.get_by_label("I understand the above recommendation").check()
    person.button("Next").click()
    person.button("Create access key").click()
    person.see_heading("Retrieve access keys")
    person.button("Done").click()
    person.see("Leave without saving the secret access key?")
    person.button("Stay").click()
    person.see_heading("Retrieve access keys")
    person.button("Show secret access key").click()
    secret = person.page.locator("code").filter(has_text=re.compile(r"^[A-Za-z0-9/+]{40}$")).inner_text()
    person.button("Copy secret access key").click()
    assert person.page.evaluate("navigator.clipboard.readText()") == secret
    assert secret not in person.page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}, location.href])")
    person.button("Done").click()
    person.see_heading("Access keys")


def key_with_file(person: Person, iam: Any, user_name: str, home: Path) -> Path:
    """Make a user and a key of theirs, and save the file to their downloads; give it."""
    iam.create_user(UserName=user_name)
    person.go(f"/console/iam/users/{user_name}/create-access-key")
    person.page.get_by_label("I understand the above recommendation").check()
    person.button("Next").click()
    person.button("Create access key").click()
    with person.page.expect_download() as downloading:
        person.button("Download .csv file").click()
    file = home / "Downloads" / downloading.value.suggested_filename
    downloading.value.save_as(file)
    return file


def copied(person: Person, tab: str) -> str:
    """Give what a tab's copy button copies."""
    person.page.get_by_role("tab", name=tab, exact=True).click()
    person.button(f"Copy: {tab}").click()
    text: str = person.page.evaluate("navigator.clipboard.readText()")
    return text


def pasted(lines: str, home: Path, *folders: Path) -> str:
    """Paste lines into the shell of somebody with this home; give what they print."""
    path = ":".join([*map(str, folders), "/usr/bin", "/bin"])
    done = subprocess.run(
        ["bash", "-euc", lines],
        env=bare_environment(home) | {"PATH": path},
        cwd=home,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, (lines, done.stderr)
    return done.stdout


WHO = "\naws sts get-caller-identity --query Arn --output text"


def test_the_lines_to_paste_configure_the_cli(person: Person, iam: Any, make_cli: MakeCli, tmp_path: Path) -> None:
    """The lines to paste, in a shell, configure the CLI for this server."""
    make_cli()
    key_with_file(person, iam, "paster", tmp_path)
    for tab in ("aws configure", "Linux and macOS"):
        home = tmp_path / tab.replace(" ", "-")
        home.mkdir()
        assert pasted(copied(person, tab) + WHO, home, AWS.parent).strip().endswith(":user/paster")


def test_the_lines_to_paste_import_the_file(person: Person, iam: Any, server: LiveServer, tmp_path: Path) -> None:
    """`aws configure import` takes the downloaded file by the lines to paste: the key is in a profile of its own."""
    if not DEBIAN_AWS.exists():
        pytest.skip("version 2 of the aws CLI is not there: apt-get install awscli")
    file = key_with_file(person, iam, "importer", tmp_path)
    lines = copied(person, "aws configure import")
    # Debian's is too old for `endpoint_url` of a profile, as the page says.
    printed = pasted(f"{lines}{WHO} --endpoint-url {server.url}", tmp_path)
    assert "Successfully imported 1 profile(s)" in printed
    assert printed.strip().endswith(":user/importer")
    assert file.exists()


def test_the_line_to_paste_for_keywright(person: Person, iam: Any, make_cli: MakeCli, tmp_path: Path) -> None:
    """`keywright import` takes the downloaded file as it is."""
    make_cli()
    key_with_file(person, iam, "wright", tmp_path)
    pasted(copied(person, "keywright import"), tmp_path, KEYWRIGHT.parent)
    assert pasted(f"export AWS_PROFILE=wright{WHO}", tmp_path, AWS.parent).strip().endswith(":user/wright")
