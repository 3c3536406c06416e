"""`keywright doctor` against a server: who is signed in, and what is said where nobody is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.e2e.client.conftest import NEW_AWS, Person
from tests.e2e.conftest import CopyStore
from tests.e2e.live_server import Account, LiveServer
from tests.e2e.signing import Key


def place(person: Person, key: Key, url: str) -> None:
    """Have a default profile."""
    options = ("region=us-east-1", f"endpoint_url={url}")
    typed = f"{key.access_key_id}\n{key.secret_access_key}\n"
    assert person.keywright("profiles", "set", "default", *options, "--key", typed=typed).returncode == 0


def errors(found: dict[str, Any]) -> list[tuple[str, str]]:
    """Give what is wrong, and the next commands."""
    return [(one["What"], one["Next"]) for one in found["Diagnoses"] if one["Gravity"] == "error"]


def test_all_is_well(person: Person, server: LiveServer, admin: Key, account: Account) -> None:
    """Signed in, clocks agreed, nothing wrong: exit code 0."""
    place(person, admin, server.url)
    found = person.json("doctor", variables=NEW_AWS)
    assert found["Arn"] == f"arn:aws:iam::{account.account_id}:user/admin"
    assert found["EndpointUrl"] == server.url
    assert abs(found["ClockSkewSeconds"]) < 60
    assert found["Diagnoses"] == []


def test_a_wrong_secret(person: Person, server: LiveServer, admin: Key) -> None:
    """A wrong secret is told as such, with how to give the right one: exit code 3."""
    place(person, Key(admin.access_key_id, admin.secret_access_key[::-1]), server.url)
    ((what, then),) = errors(person.json("doctor", code=3, variables=NEW_AWS))
    assert "SignatureDoesNotMatch" in what
    assert "--replace-key" in then


def test_nobody_there(person: Person, admin: Key) -> None:
    """Where no server answers the endpoint is named: exit code 3."""
    place(person, admin, "http://127.0.0.1:9")
    ((what, then),) = errors(person.json("doctor", code=3, variables=NEW_AWS))
    assert "http://127.0.0.1:9" in what + then


def test_a_certificate_that_nobody_knows(person: Person, admin: Key, tmp_path: Path, copy_store: CopyStore) -> None:
    """A self-signed certificate leads to AWS_CA_BUNDLE, which then helps."""
    copied = copy_store(tmp_path / "data")
    key = Key(copied.access_key_id, copied.secret_access_key)
    with LiveServer(tmp_path, "--tls", "auto") as server:
        place(person, key, server.url)
        ((what, then),) = errors(person.json("doctor", code=3, variables=NEW_AWS))
        assert "certificate" in what.lower()
        assert "AWS_CA_BUNDLE" in then
        (bundle,) = [line.partition("=")[2] for line in server.output.splitlines() if "AWS_CA_BUNDLE=" in line]
        assert person.json("doctor", variables={**NEW_AWS, "AWS_CA_BUNDLE": bundle})["Arn"] is not None


def test_nothing_configured(person: Person) -> None:
    """Somebody with nothing is told what to do first: exit code 3."""
    ((what, then),) = errors(person.json("doctor", code=3, variables=NEW_AWS))
    assert what.startswith("AWS CLI v2, boto3: ends with `Unable to locate credentials`")
    assert then == "keywright profiles set default --key"
