"""What the doctor says of a call that failed: the cause that it had, and a command that can be pasted."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import time
from datetime import timedelta
from typing import Any

import pytest

from tests.e2e.client.answering import answering, hanging
from tests.e2e.client.conftest import DEBIAN_AWS, NEW_AWS, Person
from tests.e2e.client.test_terminal import at_terminal
from tests.e2e.live_server import LiveServer, bare_environment
from tests.e2e.signing import Key

KEY = Key("AKIAXYAFLIG2DFBKVWHJ", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYzzzzzzKEYY")
PLACEHOLDER = re.compile(r"\b(PROFILE|USER|FILE|NAME|KEYID|REGION)\b|[<>]")


def place(person: Person, url: str, name: str = "work", region: str = "us-east-1") -> None:
    """Have a profile with a key."""
    typed = f"{KEY.access_key_id}\n{KEY.secret_access_key}\n"
    options = (f"region={region}", f"endpoint_url={url}")
    assert person.keywright("profiles", "set", name, *options, "--key", typed=typed).returncode == 0


def errors(found: dict[str, Any]) -> list[dict[str, str]]:
    """Give what is wrong."""
    return [one for one in found["Diagnoses"] if one["Gravity"] == "error"]


@pytest.mark.parametrize(
    ("code", "message", "what", "then"),
    [
        (
            "SignatureDoesNotMatch",
            "Credential should be scoped to a valid region, not 'us-esat-1'.",
            "the key is not to blame); the region is us-esat-1",
            "keywright profiles set work region=us-east-1",
        ),
        ("AccessDenied", "User: x is not authorized to perform: y", "a permission is missing", "keywright why"),
        ("OptInRequired", "The key needs a subscription", "the key works", "keywright doctor --region us-east-1"),
        (
            "RegionDisabledException",
            "STS is not activated in this region for account:1",
            "the key works",
            "keywright profiles set work region=us-east-1",
        ),
        (
            "InvalidClientTokenId",
            "The security token is invalid",
            "no such key here",
            "aws iam get-access-key-last-used",
        ),
    ],
)
def test_each_refusal_has_its_own_advice(person: Person, code: str, message: str, what: str, then: str) -> None:
    """Only a wrong secret is to be replaced; the advice names the profile, and a shell takes it as it is."""
    with answering(code, message) as url:
        place(person, url, region="us-esat-1")
        found = person.json("doctor", "--profile", "work", code=3, variables=NEW_AWS)
    (one,) = errors(found)
    assert what in one["What"]
    assert one["Next"].startswith(then)
    assert "--replace-key" not in one["Next"]
    for each in found["Diagnoses"]:
        assert subprocess.run(["sh", "-n", "-c", each["Next"]]).returncode == 0
        assert PLACEHOLDER.search(each["Next"]) is None
    if then.startswith("keywright why"):
        assert shlex.split(one["Next"])[3:] == ["--profile", "work"]


@pytest.mark.parametrize(
    ("ahead", "message", "side"),
    [
        (timedelta(hours=2), "Signature expired: 1 is now earlier than 2", "119 minutes behind|120 minutes behind"),
        (timedelta(hours=-2), "Signature not yet current: 1 is still later than 2", "120 minutes ahead of"),
    ],
)
def test_the_clock(person: Person, ahead: timedelta, message: str, side: str) -> None:
    """The skew is measured by the service's Date, for signatures too old and too new: told once, and no new key."""
    with answering("SignatureDoesNotMatch", message, ahead=ahead) as url:
        place(person, url)
        found = person.json("doctor", "--profile", "work", code=3, variables=NEW_AWS)
    (one,) = errors(found)
    assert re.search(side, one["What"])
    assert "clock" in one["What"] + one["Next"]
    assert "--replace-key" not in one["Next"]
    assert abs(found["ClockSkewSeconds"] + ahead.total_seconds()) < 60


def test_a_typo_in_the_region_is_told_by_verify_too(person: Person) -> None:
    """A scope that the service refuses is not told as a wrong secret, by whatever command."""
    with answering("SignatureDoesNotMatch", "Credential should be scoped to a valid region.") as url:
        place(person, url)
        done = person.keywright("verify", "--profile", "work")
    assert done.returncode == 3
    assert "the key is not to blame" in done.stderr


def test_an_endpoint_that_hangs(person: Person) -> None:
    """An endpoint that accepts and never answers is told within ten seconds; on a terminal progress is seen."""
    with hanging() as url:
        place(person, url)
        began = time.monotonic()
        person.keywright("doctor", "--offline", "--profile", "work", variables=NEW_AWS)
        starting = time.monotonic() - began
        began = time.monotonic()
        found = person.json("doctor", "--profile", "work", code=3, variables=NEW_AWS)
        assert time.monotonic() - began - starting < 10, "but for what a busy machine's processes take to start"
        (one,) = errors(found)
        assert f"{url} has accepted a connection, and not answered within" in one["What"]
        assert one["Next"] == f"curl -sv --max-time 10 {url}"
        _code, screen = at_terminal(person, "doctor", "--profile", "work", answers=[], variables=NEW_AWS)
        assert "Asking the service who you are" in screen


def test_debians_aws_is_too_old(person: Person, server: LiveServer, admin: Key) -> None:
    """Debian 12's `aws` would call AWS itself: it is named, and the alias that is given reaches this server."""
    if not DEBIAN_AWS.exists():
        pytest.skip("Debian's aws CLI is not there: apt-get install awscli")
    if "aws-cli/2.9." not in subprocess.run([DEBIAN_AWS, "--version"], capture_output=True, text=True).stdout:
        pytest.skip("this Debian's aws CLI is new enough")
    typed = f"{admin.access_key_id}\n{admin.secret_access_key}\n"
    options = ("region=us-east-1", f"endpoint_url={server.url}")
    assert person.keywright("profiles", "set", "default", *options, "--key", typed=typed).returncode == 0
    for _ in range(5):
        found = json.loads(person.keywright("doctor", "--json", variables={"PATH": "/usr/bin:/bin"}).stdout)
        if found["Diagnoses"]:
            break
        # On a busy machine it takes longer to say its version than the doctor waits.
    (one,) = errors(found)
    assert one["What"].startswith("/usr/bin/aws is version 2.9.19, which ignores AWS_ENDPOINT_URL")
    script = f"{one['Next']}\naws sts get-caller-identity --query Arn --output text"
    done = subprocess.run(
        ["bash", "-O", "expand_aliases", "-c", script],
        env=bare_environment(person.home, PATH="/usr/bin:/bin"),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.stdout == f"{found['Arn']}\n", done
    assert person.json("doctor", variables=NEW_AWS)["Diagnoses"] == []
