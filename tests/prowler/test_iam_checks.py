"""
Prowler, unmodified, audits accounts of Keywright's by its IAM checks, and finds exactly what is wrong with them.

It is big and lives apart: `make prowler`.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from tests.e2e.live_server import LiveServer, bare_environment, make_account
from tests.e2e.signing import Key
from tests.prowler.accounts import Place, set_up_right
from tests.prowler.faults import FAULTS, UNPREPARED, Finding

PROWLER: Final = Path(__file__).parents[2] / "build" / "prowler" / "bin" / "prowler"
_SECONDS: Final = 240
_FOUND: Final = 3
"""Prowler's exit code where it found something wrong."""
_BESIDE: Final = (
    # A device of hardware is made by no API, and asked of every user.
    "user_hardware_mfa_enabled",
    # Asked of everybody who may call a service, and answered by a service that is not here.
    "user_access_not_stale_to_bedrock",
    "role_access_not_stale_to_bedrock",
)
"""Checks that fail as they should, for many more than the tests make wrong."""


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    """Serve a fresh account."""
    if not PROWLER.exists():
        pytest.skip("prowler is not there: make prowler")
    account = make_account(tmp_path / "data", home=tmp_path)
    with LiveServer(tmp_path) as server:
        yield Place(server, account)


def audit(place: Place, key: Key, folder: Path) -> dict[str, set[Finding]]:
    """Let Prowler run its IAM checks; give what passed and what failed."""
    environment = bare_environment(
        folder,
        AWS_ENDPOINT_URL=place.server.url,
        AWS_DEFAULT_REGION="us-east-1",
        AWS_ACCESS_KEY_ID=key.access_key_id,
        AWS_SECRET_ACCESS_KEY=key.secret_access_key,
    )
    output = ("--output-modes", "json-ocsf", "--output-directory", str(folder / "report"), "--output-filename", "iam")
    done = subprocess.run(
        [str(PROWLER), "aws", "--service", "iam", "--region", "us-east-1", "--no-banner", "--no-color", *output],
        env=environment,
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=_SECONDS,
        check=False,
    )
    assert done.returncode in {0, _FOUND}, done.stdout + done.stderr
    assert "ERROR" not in done.stdout + done.stderr, done.stdout + done.stderr
    assert '"status":5' not in place.server.log
    found: dict[str, set[Finding]] = {"PASS": set(), "FAIL": set()}
    for one in json.loads((folder / "report" / "iam.ocsf.json").read_text()):
        found[one["status_code"]].add(_read(one, place.account.account_id))
    return found


def _read(one: dict[str, Any], account_id: str) -> Finding:
    [resource] = one["resources"]
    check: str = one["metadata"]["event_code"]
    name = resource["uid"].rpartition("/")[2] if resource["name"].startswith("ASCA") else resource["name"]
    return check.removeprefix("iam_"), "account" if name == account_id else name


def test_nothing_is_found_where_nothing_is_wrong(place: Place, tmp_path: Path) -> None:
    """An account set up right passes all checks, but for those that would have neither keys nor virtual devices."""
    found = audit(place, set_up_right(place), tmp_path)
    assert found["FAIL"] == {
        ("root_hardware_mfa_enabled", "<root_account>"),
        ("user_hardware_mfa_enabled", "auditor"),
        ("user_with_temporary_credentials", "auditor"),
        # SecurityAudit reads Bedrock's configuration, too.
        ("user_access_not_stale_to_bedrock", "auditor"),
        ("role_access_not_stale_to_bedrock", "Audit"),
    }
    assert {
        ("root_mfa_enabled", "<root_account>"),
        ("password_policy_reuse_24", "account"),
        ("support_role_created", "account"),
        ("role_cross_service_confused_deputy_prevention", "server"),
        ("rotate_access_key_90_days", "auditor"),
        ("user_two_active_access_key", "auditor"),
        ("no_expired_server_certificates_stored", "fresh"),
    } <= found["PASS"]


def test_what_is_wrong_is_found_and_nothing_else(place: Place, tmp_path: Path) -> None:
    """Of a new account, everything that it lacks is found, and then each fault that was made, by its own checks."""
    for fault in FAULTS:
        fault.set_up(place, place.iam())
    found = audit(place, place.admin, tmp_path)["FAIL"]
    expected = set.union(UNPREPARED, *(fault.found for fault in FAULTS))
    assert {one for one in found if one[0] not in _BESIDE} == expected
