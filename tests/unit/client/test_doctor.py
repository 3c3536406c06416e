"""`keywright doctor`: each trouble of the guide has its words and its next command."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, ProxyConnectionError, SSLError

from keywright.client.chain import Candidate, Choice, Outcome, Tool
from keywright.client.doctor import Diagnosis, Reached, View, diagnose
from tests.unit.client.conftest import Home, Run

SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYzzzzzzKEYY"
KEY = f"aws_access_key_id = AKIAXYAFLIG2DFBKVWHJ\naws_secret_access_key = {SECRET}\n"
GOOD = f"[default]\n{KEY}region = eu-west-1\n"


def examined(run: Run, *arguments: str, code: int = 1) -> dict[str, Any]:
    """Run the doctor offline; give what it says."""
    done = run("doctor", "--offline", "--json", *arguments)
    assert (done.code, done.err) == (code, "")
    found: dict[str, Any] = json.loads(done.out)
    return found


def test_all_is_well(home: Home, run: Run) -> None:
    """Where nothing is wrong it says so: exit code 0."""
    home.place(credentials=GOOD)
    found = examined(run, code=0)
    assert found["Diagnoses"] == []
    assert [tool["Tool"] for tool in found["Tools"]] == ["AWS CLI v2", "boto3"]
    text = run("doctor", "--offline").out
    assert "Nothing is wrong" in text
    assert "\x1b" not in text


@pytest.mark.parametrize(
    ("config", "credentials", "environment", "arguments", "what", "then"),
    [
        ("", "", {}, (), "AWS CLI v2, boto3: ends with `Unable to locate credentials`", "keywright import FILE.csv"),
        (
            "",
            GOOD,
            {},
            ("--profile", "nope"),
            "AWS CLI v2, boto3: ends with `The config profile (nope) could not be found`",
            "keywright profiles list",
        ),
        ("", GOOD + "[default]\n", {}, (), "a section that is there twice", "keywright profiles fix"),
        ("", GOOD + "hello\n", {}, (), "`Unable to parse config file`", "keywright profiles lint"),
        (
            "",
            GOOD + f"[work]\n{KEY}region = eu-west-1\n",
            {"AWS_PROFILE": "work", "AWS_ACCESS_KEY_ID": "AKIAX", "AWS_SECRET_ACCESS_KEY": SECRET},
            (),
            "not with the profile that AWS_PROFILE names",
            "unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN",
        ),
        (
            "[default]\nlogin_session = arn:aws:iam::111122223333:user/a\n",
            GOOD,
            {},
            (),
            "does not use the `aws login`",
            "keywright profiles set default --unset aws_access_key_id --unset aws_secret_access_key",
        ),
        ("", GOOD, {"AWS_ACCESS_KEY_ID": "AKIAX"}, (), "`Partial credentials`", "unset AWS_ACCESS_KEY_ID"),
        ("", f"[default]\n{KEY}", {}, (), "has no region", "keywright profiles set default region=us-east-1"),
        ("", GOOD, {"AWS_DEFAULT_REGION": "us-east-1a"}, (), "us-east-1a", "export AWS_DEFAULT_REGION=us-east-1"),
        (
            "",
            GOOD,
            {"AWS_REGION": "us-east-2"},
            (),
            "the region is us-east-2 for AWS CLI v2 and eu-west-1 for boto3",
            "export AWS_DEFAULT_REGION=us-east-2",
        ),
        (
            "",
            GOOD + f"[b]\n{KEY}region = eu-west-1\n",
            {"AWS_PROFILE": "default", "AWS_DEFAULT_PROFILE": "b"},
            (),
            "the profile is default for AWS CLI v2 and b for boto3",
            "unset AWS_DEFAULT_PROFILE",
        ),
        (
            "",
            GOOD + "aws_session_token = t\n",
            {},
            (),
            "a session's token beside a long-term key",
            "keywright profiles fix",
        ),
    ],
)
def test_troubles(
    home: Home,
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
    config: str,
    credentials: str,
    environment: dict[str, str],
    arguments: tuple[str, ...],
    what: str,
    then: str,
) -> None:
    """Each trouble is named in the words that the tools use, with the next command to type."""
    home.place(config=config, credentials=credentials)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    found = examined(run, *arguments)
    assert then in [one["Next"] for one in found["Diagnoses"] if what in one["What"]], found["Diagnoses"]
    assert SECRET not in json.dumps(found)


def refusal(code: str) -> ClientError:
    """Make an error that STS answers."""
    return ClientError({"Error": {"Code": code, "Message": "no"}}, "GetCallerIdentity")


@pytest.mark.parametrize(
    ("error", "what", "then"),
    [
        (refusal("InvalidClientTokenId"), "inactive", "aws iam list-access-keys --user-name USER"),
        (refusal("SignatureDoesNotMatch"), "not this key's", "keywright profiles set PROFILE --key --replace-key"),
        (refusal("ExpiredToken"), "have ended", "aws login"),
        (SSLError(endpoint_url="https://x", error="self-signed"), "self-signed", "AWS_CA_BUNDLE"),
        (EndpointConnectionError(endpoint_url="http://x"), "http://x", "curl -sv http://x"),
        (ProxyConnectionError(proxy_url="http://p"), "http://p", "proxy"),
    ],
)
def test_troubles_of_the_call(home: Home, error: Exception, what: str, then: str) -> None:
    """What the call ended with is explained, with the next command to type."""
    (found,) = diagnose_call(Reached(None, "http://x", None, error))
    assert what in found.what
    assert then in found.next


def diagnose_call(reached: Reached) -> list[Diagnosis]:
    """Give what is said of a call, where nothing else is wrong."""
    wins = (Candidate("env", "AWS_ACCESS_KEY_ID", Outcome.WINS, ""),)
    chosen, region = Choice("default", "nothing else is set"), Choice("us-east-1", "AWS_DEFAULT_REGION")
    return list(diagnose(tuple(View(tool, chosen, region, wins, "") for tool in Tool), reached))


@pytest.mark.parametrize(
    ("skew", "words"), [(0, None), (299, None), (-299, None), (720, "12 minutes ahead of"), (-720, "12 minutes behind")]
)
def test_the_clock(home: Home, skew: int, words: str | None) -> None:
    """A clock that is off by more than the five minutes that every service allows is told, and the side."""
    found = diagnose_call(Reached("arn", "http://x", skew, None))
    assert [words in one.what for one in found if words] == ([True] if words else [])
    assert bool(found) is (words is not None)
