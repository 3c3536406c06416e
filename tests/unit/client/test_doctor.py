"""`keywright doctor`: each trouble of the guide has its words and its next command."""

from __future__ import annotations

import json
import re
import subprocess
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import (
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    ProxyConnectionError,
    ReadTimeoutError,
    SSLError,
)

from keywright.client.chain import Candidate, Choice, Outcome, Tool
from keywright.client.doctor import Diagnosis, Reached, View, diagnose
from keywright.client.doctor.reaching import NoAnswerError
from tests.unit.client.conftest import Home, Run

SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYzzzzzzKEYY"
ID = "AKIAXYAFLIG2DFBKVWHJ"
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
        ("", "", {}, (), "AWS CLI v2, boto3: ends with `Unable to locate", "keywright profiles set default --key"),
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


def refusal(code: str, message: str = "no") -> ClientError:
    """Make an error that STS answers."""
    return ClientError({"Error": {"Code": code, "Message": message}}, "GetCallerIdentity")


EXPIRED = "Signature expired: 20200706T195306Z is now earlier than 20200707T071347Z (20200707T072847Z - 15 min.)"
EARLY = "Signature not yet current: 20200706T195306Z is still later than 20200706T193006Z (20200706T191506Z + 15 min.)"
SCOPED = "Credential should be scoped to a valid region, not 'us-esat-1'."
URL = "http://x"


@pytest.mark.parametrize(
    ("error", "what", "then"),
    [
        (refusal("InvalidClientTokenId"), "inactive", f"aws iam get-access-key-last-used --access-key-id {ID} --endp"),
        (refusal("InvalidClientTokenId"), f"{ID} was sent to http://x", f"--endpoint-url {URL}"),
        (refusal("SignatureDoesNotMatch"), "not this key's", "keywright profiles set 'my prof' --key --replace-key"),
        (refusal("ExpiredToken"), "have ended", "aws login --profile 'my prof'"),
        (
            refusal("AccessDenied", "it's so"),
            "a permission is missing",
            """keywright why 'AccessDenied: it'"'"'s so'""",
        ),
        (
            refusal("OptInRequired"),
            "signed up",
            "keywright doctor --region us-east-1 --profile 'my prof' --endpoint-url",
        ),
        (refusal("RegionDisabledException"), "not activated STS", "keywright profiles set 'my prof' region=us-east-1"),
        (refusal("SignatureDoesNotMatch", SCOPED), "not to blame", "keywright profiles set 'my prof' region=us-east-1"),
        (refusal("InvalidSignatureException", SCOPED), "us-esat-1", "region=us-east-1"),
        (
            refusal("AuthorizationHeaderMalformed", "the region 'us-esat-1' is wrong; expecting 'eu-west-1'"),
            "not to blame",
            "region=eu-west-1",
        ),
        (
            refusal("SignatureDoesNotMatch", "Credential should be scoped to correct service: 'sts'."),
            "another service",
            "env | grep AWS_ENDPOINT_URL",
        ),
        (refusal("SignatureDoesNotMatch", EXPIRED), "the clocks agree", "env | grep -i proxy"),
        (refusal("Throttling"), "Throttling", "keywright verify --profile 'my prof' --endpoint-url http://x"),
        (SSLError(endpoint_url="https://x", error="CERTIFICATE_VERIFY_FAILED"), "not trusted", "set AWS_CA_BUNDLE"),
        (EndpointConnectionError(endpoint_url="http://x"), "http://x", "curl -sv --max-time 10 http://x"),
        (ReadTimeoutError(endpoint_url="http://x"), "not answered within 7 seconds", "curl -sv --max-time 10 http://x"),
        (ConnectTimeoutError(endpoint_url="http://x"), "not accepted a connection", "curl -sv --max-time 10 http://x"),
        (NoAnswerError("no credentials have come"), "no credentials have come", "curl"),
        (ProxyConnectionError(proxy_url="http://p"), "http://p", "proxy"),
    ],
)
def test_troubles_of_the_call(home: Home, error: Exception, what: str, then: str) -> None:
    """What the call ended with is explained, with the next command to type, as it can be pasted."""
    (found,) = diagnose_call(Reached(endpoint_url=URL, error=error, access_key_id=ID, region="us-esat-1"))
    assert what in found.what
    assert then in found.next
    if "SignatureDoesNotMatch" not in str(error) or "sc" in str(error) or "expired" in str(error):
        assert "--replace-key" not in found.next
    assert subprocess.run(["sh", "-n", "-c", found.next]).returncode == 0
    assert re.search(r"PROFILE|USER\b|FILE\b|NAME\b|<|>", found.next) is None


@pytest.mark.parametrize(
    ("method", "process", "then"),
    [
        ("env", None, "unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN"),
        ("shared-credentials-file", None, "keywright profiles set 'my prof' --key --replace-key"),
        ("custom-process", "/x/keywright credential-process 'my prof'", "keywright store put 'my prof' --replace-key"),
        ("custom-process", "/x/other", "keywright profiles show 'my prof'"),
    ],
)
def test_a_wrong_secret_is_put_right_where_it_is(home: Home, method: str, process: str | None, then: str) -> None:
    """Another secret goes where the wrong one came from."""
    reached = Reached(endpoint_url=URL, error=refusal("SignatureDoesNotMatch"), method=method)
    assert [one.next for one in diagnose_call(reached, process=process)] == [then]


@pytest.mark.parametrize(
    ("region", "source", "then"),
    [
        ("us-esat-1", "profile x", "keywright profiles set 'my prof' region=us-east-1"),
        ("eu-wset-1", "AWS_REGION", "export AWS_REGION=eu-west-1"),
        ("us-eest-1", "AWS_REGION", "export AWS_REGION=us-east-1"),
        (
            "ap-southest-2",
            "--region",
            "keywright doctor --region ap-southeast-2 --profile 'my prof' --endpoint-url http://x",
        ),
    ],
)
def test_a_region_that_is_nowhere(home: Home, region: str, source: str, then: str) -> None:
    """A region's misspelt name is told with the right one; if AWS is not reached, that is why."""
    error = EndpointConnectionError(endpoint_url=f"https://sts.{region}.amazonaws.com")
    reached = Reached(endpoint_url=f"https://sts.{region}.amazonaws.com", error=error, region=region)
    found = diagnose_call(reached, region=Choice(region, source))
    assert [one.next for one in found] == [then, then]
    assert all("is meant?" in one.what for one in found)
    for newer in ("eu-new-7", "us-east-7"):
        assert diagnose_call(Reached(arn="arn"), region=Choice(newer, source)) == [], "a region newer than our data"


REGION = Choice("us-east-1", "profile x")


def diagnose_call(reached: Reached, *, region: Choice = REGION, process: str | None = None) -> list[Diagnosis]:
    """Give what is said of a call, where nothing else is wrong."""
    wins = (Candidate("env", "AWS_ACCESS_KEY_ID", Outcome.WINS, ""),)
    chosen = Choice("my prof", "nothing else is set")
    seen = tuple(View(tool, chosen, region, wins, "", process) for tool in Tool)
    return list(diagnose(seen, reached, {"profile": "my prof", "region": None, "endpoint_url": URL}))


@pytest.mark.parametrize(
    ("skew", "words"), [(0, None), (299, None), (-299, None), (720, "12 minutes ahead of"), (-720, "12 minutes behind")]
)
@pytest.mark.parametrize("error", [None, refusal("SignatureDoesNotMatch", EARLY)])
def test_the_clock(home: Home, skew: int, words: str | None, error: ClientError | None) -> None:
    """A clock that is off by more than the five minutes that every service allows is told, and the side; once."""
    at = datetime(2026, 11, 25, 0, 12, tzinfo=UTC)
    found = diagnose_call(Reached(endpoint_url=URL, skew_seconds=skew, error=error, at=at))
    assert len(found) == (1 if words or error else 0)
    assert all("--replace-key" not in one.next for one in found)
    if words:
        assert words in found[0].what
        there = "00:00" if skew > 0 else "00:24"
        assert f"00:12 UTC here, 2026-11-25 {there} UTC there" in found[0].what


@pytest.mark.parametrize(
    ("version", "old"),
    [
        ("aws-cli/2.9.19 Python/3.11.2 Linux/6.1 source/x86_64.debian.12 prompt/off", True),
        ("aws-cli/2.12.7 Python/3.11.4", True),
        ("aws-cli/2.13.0 Python/3.11.4", False),
        ("aws-cli/1.28.85 Python/3.10", True),
        ("aws-cli/1.29.0 Python/3.10", False),
        ("aws-cli/1.46.3 Python/3.10", False),
        ("something else", False),
    ],
)
def test_an_old_aws(home: Home, run: Run, monkeypatch: pytest.MonkeyPatch, version: str, old: bool) -> None:
    """An `aws` that ignores the endpoint is named with its version, and an alias that works is given."""
    tools = home.folder / "my tools"
    tools.mkdir()
    (tools / "aws").write_text(f'#!/bin/sh\n[ "$1" = --version ] && echo "{version}" || echo "$@"\n')
    (tools / "aws").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tools}:/usr/bin:/bin")
    home.place(credentials=GOOD)
    assert examined(run, code=0)["Diagnoses"] == [], "AWS itself is called, and is meant"
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:4580/?a b")
    found = examined(run, code=int(old))["Diagnoses"]
    assert len(found) == int(old)
    if old:
        assert version.split(maxsplit=1)[0].partition("/")[2] in found[0]["What"]
        assert "2.13.0 (or 1.29.0)" in found[0]["What"]
        script = f"{found[0]['Next']}\naws sts get-caller-identity"
        done = subprocess.run(["bash", "-O", "expand_aliases", "-c", script], capture_output=True, text=True)
        assert done.stdout == "--endpoint-url http://127.0.0.1:4580/?a b sts get-caller-identity\n"
    monkeypatch.setenv("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true")
    assert examined(run, code=0)["Diagnoses"] == []


def test_an_aws_that_hangs(home: Home, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """An `aws` that does not say its version in time is not waited for."""
    monkeypatch.setattr("keywright.client.doctor.old_tools._SECONDS", 0.2)
    (home.folder / "aws").write_text("#!/bin/sh\nexec sleep 20\n")
    (home.folder / "aws").chmod(0o755)
    monkeypatch.setenv("PATH", f"{home.folder}:/usr/bin:/bin")
    monkeypatch.setenv("AWS_ENDPOINT_URL", URL)
    home.place(credentials=GOOD)
    assert examined(run, code=0)["Diagnoses"] == []
