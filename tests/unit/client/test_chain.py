"""Which credentials a tool takes: our account of it is botocore's own behaviour."""

from __future__ import annotations

import json

import pytest
from botocore.exceptions import BotoCoreError
from botocore.session import Session

from keywright.client.chain import Outcome, Tool, candidates, chosen_profile, chosen_region
from keywright.client.doctor import views
from tests.unit.client.conftest import Home

SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYzzzzzzKEYY"
PROCESS = json.dumps({"Version": 1, "AccessKeyId": "AKIAPROCESS", "SecretAccessKey": SECRET})
RUN = f"credential_process = echo '{PROCESS}'\n"
KEY = f"aws_access_key_id = AKIAFILE\naws_secret_access_key = {SECRET}\n"
ENVIRONMENT = {"AWS_ACCESS_KEY_ID": "AKIAENV", "AWS_SECRET_ACCESS_KEY": SECRET}
CASES = [
    # config, credentials, environment, flag, who wins
    ("", "", {}, None, None),
    ("", f"[default]\n{KEY}", {}, None, "shared-credentials-file"),
    ("", f"[default]\n{KEY}", ENVIRONMENT, None, "env"),
    ("", f"[a]\n{KEY}", ENVIRONMENT | {"AWS_PROFILE": "a"}, None, "env"),
    ("", f"[a]\n{KEY}", ENVIRONMENT, "a", "shared-credentials-file"),
    (f"[default]\n{RUN}", f"[default]\n{KEY}", {}, None, "shared-credentials-file"),
    (f"[default]\n{RUN}{KEY}", "", {}, None, "custom-process"),
    (f"[default]\n{KEY}", "", {}, None, "config-file"),
    ("", f"[default]\n{RUN}", {}, None, "custom-process"),
    ("", f"[default]\n{KEY}", {"AWS_SECRET_ACCESS_KEY": SECRET}, None, "shared-credentials-file"),
    ("", f"[default]\n{KEY}", {"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""}, None, "shared-credentials-file"),
    ("", f"[default]\n{KEY}", {"AWS_ACCESS_KEY_ID": "AKIAENV"}, None, "error"),
    ("", "[default]\naws_access_key_id = AKIAFILE\n", {}, None, "error"),
    (f"[default]\n{KEY}", "[default]\naws_access_key_id = AKIAFILE\n", {}, None, "error"),
    ("[default]\nrole_arn = arn:aws:iam::111122223333:role/r\n", f"[default]\n{KEY}", {}, None, "error"),
    ("[default]\nweb_identity_token_file = /x\n", f"[default]\n{KEY}", {}, None, "error"),
    ("", f"[default]\n{KEY}", {"AWS_WEB_IDENTITY_TOKEN_FILE": "/x"}, None, "error"),
    ("", f"[a]\n{KEY}", {"AWS_WEB_IDENTITY_TOKEN_FILE": "/x"}, "a", "shared-credentials-file"),
    ("[default]\nsso_account_id = 1\n", f"[default]\n{KEY}", {}, None, "error"),
    (
        "[default]\nsso_session = s\n[sso-session s]\nsso_region = x\n",
        f"[default]\n{KEY}",
        {},
        None,
        "shared-credentials-file",
    ),
    ("[default]\naws_access_key = AKIATYPO\n", "", {}, None, None),
    ("", "[b]\nx = 1\n", {"AWS_PROFILE": "nope"}, None, "error"),
    ("", "[default]\n[default]\n", ENVIRONMENT, None, "error"),
]


def botocore_says(flag: str | None) -> str | None:
    """Give the provider that botocore takes."""
    try:
        credentials = Session(profile=flag).get_credentials()
    except BotoCoreError:
        return "error"
    return None if credentials is None else str(credentials.method)


@pytest.mark.parametrize(("config", "credentials", "environment", "flag", "expected"), CASES)
def test_the_winner_is_botocores(
    home: Home,
    monkeypatch: pytest.MonkeyPatch,
    config: str,
    credentials: str,
    environment: dict[str, str],
    flag: str | None,
    expected: str | None,
) -> None:
    """For odd and plain set-ups alike, the source that we name is the one that botocore takes, or stops at."""
    home.place(config=config, credentials=credentials)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert botocore_says(flag) == expected
    (view,) = (one for one in views({"profile": flag, "region": None}) if one.tool is Tool.BOTO3)
    stopped = bool(view.stops) or any(one.outcome is Outcome.STOPS for one in view.chain)
    assert ("error" if stopped else view.winner and view.winner.source) == expected


def test_who_lost_and_why(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every other source that is there is named with its place, and with what came before it."""
    home.place(config=f"[default]\nlogin_session = x\n{RUN}", credentials=f"[default]\n{KEY}")
    (cli, _) = views({"profile": None, "region": None})
    place = f"{home.credentials}:2"
    assert [(one.source, one.place, str(one.outcome)) for one in cli.chain] == [
        ("shared-credentials-file", place, "wins"),
        ("login", f"{home.config}:2", "loses"),
        ("custom-process", f"{home.config}:3", "loses"),
        ("iam-role", "the instance's metadata", "ignored"),
    ]
    assert cli.chain[1].why == f"shared-credentials-file ({place}) comes first"


def test_the_tools_differ() -> None:
    """The AWS CLI v2 reads AWS_PROFILE and AWS_REGION first; boto3 AWS_DEFAULT_PROFILE, and AWS_REGION not at all."""
    environment = {"AWS_PROFILE": "a", "AWS_DEFAULT_PROFILE": "b", "AWS_REGION": "r-a-1", "AWS_DEFAULT_REGION": "r-b-1"}
    assert [chosen_profile(tool, None, environment).value for tool in Tool] == ["a", "b"]
    assert [chosen_region(tool, None, None, environment).value for tool in Tool] == ["r-a-1", "r-b-1"]
    assert chosen_region(Tool.BOTO3, None, None, {"AWS_REGION": "r-a-1"}).value is None
    assert [chosen_profile(tool, "c", environment).value for tool in Tool] == ["c", "c"]


@pytest.mark.parametrize("name", ["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI"])
def test_roles_of_machines(home: Home, name: str) -> None:
    """A container's role comes before an instance's; of an instance's it is only known that it is asked last."""
    assert [one.outcome for one in candidates(None, explicit=False, environment={})] == [Outcome.ASKED_LAST]
    found = candidates(None, explicit=False, environment={name: "/x"})
    assert [(one.source, one.outcome) for one in found] == [
        ("container-role", Outcome.WINS),
        ("iam-role", Outcome.LOSES),
    ]


def test_files_of_long_ago(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Boto's and the EC2 tools' own files are still read, last."""
    (home.folder / ".boto").write_text(f"[Credentials]\n{KEY}")
    assert botocore_says(None) == "boto-config"
    old = home.folder / "ec2"
    old.write_text(f"AWSAccessKeyId=AKIAOLD\nAWSSecretKey={SECRET}\n")
    monkeypatch.setenv("AWS_CREDENTIAL_FILE", str(old))
    assert botocore_says(None) == "ec2-credentials-file"
    (cli, _) = views({"profile": None, "region": None})
    assert [one.source for one in cli.chain] == ["ec2-credentials-file", "boto-config", "iam-role"]
