"""The credential report by boto3: its states, its columns, its age."""

from __future__ import annotations

import csv
import time
import zlib
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import insert, update

from keywright.aws.clock import iso8601
from keywright.identity.credential_report import CHUNK, claim, find_requested, make_report
from keywright.store.tables import credential_reports, users
from tests.contract.certificates import issue
from tests.contract.expect import refused
from tests.contract.in_process import Account, Server, SteppingClock
from tests.contract.totp_device import enable_device

HEADER = (
    "user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,password_next_rotation,"
    "mfa_active,access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,access_key_1_last_used_region,"
    "access_key_1_last_used_service,access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date,"
    "access_key_2_last_used_region,access_key_2_last_used_service,cert_1_active,cert_1_last_rotated,cert_2_active,"
    "cert_2_last_rotated"
)
GOOD = "correct-Horse-1"


def wait_for_report(iam: Any) -> dict[str, Any]:
    """Ask for a report until it is there, as every client does."""
    for _ in range(200):
        if iam.generate_credential_report()["State"] == "COMPLETE":
            answer: dict[str, Any] = iam.get_credential_report()
            return answer
        time.sleep(0.02)
    raise AssertionError("no report in four seconds")


def rows_of(report: dict[str, Any]) -> dict[str, dict[str, str]]:
    """Read a report's rows by user."""
    return {row["user"]: row for row in csv.DictReader(report["Content"].decode().split("\n"))}


def test_a_report_is_asked_for_made_and_given(iam: Any) -> None:
    """Before one is asked for it is not present; then it starts, and is complete."""
    with refused("ReportNotPresent", 410) as answer:
        iam.get_credential_report()
    assert "Message" not in answer["Error"]
    assert iam.generate_credential_report()["State"] == "STARTED"
    report = wait_for_report(iam)
    assert report["ReportFormat"] == "text/csv"
    content = report["Content"].decode()
    assert content.split("\n")[0] == HEADER
    assert not content.endswith("\n")
    assert [line.split(",")[0] for line in content.split("\n")[1:]] == ["<root_account>", "admin"]


def test_the_first_answer_says_what_starts(iam: Any) -> None:
    """STARTED comes with AWS's description, COMPLETE with none."""
    started = iam.generate_credential_report()
    assert started["Description"] == "No report exists. Starting a new report generation task"
    wait_for_report(iam)
    assert "Description" not in iam.generate_credential_report()


def test_a_report_that_is_being_made_says_so(account: Account, server: Server) -> None:
    """While a report is under way, asking again is INPROGRESS and getting it is ReportInProgress."""
    server.write(
        lambda connection: connection.execute(
            insert(credential_reports).values(
                account_id=account.account_id, requested_at=server.clock.now, claimed_at=server.clock.now
            )
        )
    )
    assert account.iam.generate_credential_report()["State"] == "INPROGRESS"
    with refused("ReportInProgress", 404) as answer:
        account.iam.get_credential_report()
    assert "Message" not in answer["Error"]


def test_a_report_lasts_four_hours(account: Account, clock: SteppingClock) -> None:
    """For four hours the report is the same whatever happens; then it has expired, and the next is a new one."""
    iam = account.iam
    first = wait_for_report(iam)
    iam.create_user(UserName="late")
    clock.advance(hours=3, minutes=59)
    again = wait_for_report(iam)
    assert (again["Content"], again["GeneratedTime"]) == (first["Content"], first["GeneratedTime"])
    clock.advance(minutes=1)
    with refused("ReportExpired", 410):
        iam.get_credential_report()
    assert iam.generate_credential_report()["State"] == "STARTED"
    later = wait_for_report(iam)
    assert later["GeneratedTime"] > first["GeneratedTime"]
    assert "late" in rows_of(later)


def test_the_report_says_how_things_are(account: Account, clock: SteppingClock) -> None:
    """Every column of a user with everything, of one with nothing, and of the root user."""
    iam = account.iam
    iam.update_account_password_policy(MinimumPasswordLength=8, MaxPasswordAge=90)
    iam.create_user(UserName="Full", Path="/team/")
    iam.create_login_profile(UserName="Full", Password=GOOD)
    changed = clock.now
    enable_device(iam, clock, "Full", f"full-{account.account_id}")
    keys = sorted(
        (iam.create_access_key(UserName="Full")["AccessKey"] for _ in range(2)), key=lambda key: key["AccessKeyId"]
    )
    iam.update_access_key(UserName="Full", AccessKeyId=keys[1]["AccessKeyId"], Status="Inactive")
    certificate = iam.upload_signing_certificate(UserName="Full", CertificateBody=issue("x").pem)["Certificate"]
    iam.create_user(UserName="bare")
    rows = rows_of(wait_for_report(iam))
    full = rows["Full"]
    assert full["arn"] == f"arn:aws:iam::{account.account_id}:user/team/Full"
    assert (full["password_enabled"], full["password_last_used"], full["mfa_active"]) == (
        "true",
        "no_information",
        "true",
    )
    set_at = datetime.fromisoformat(full["password_last_changed"])
    assert abs((set_at - changed).total_seconds()) < 2
    assert (datetime.fromisoformat(full["password_next_rotation"]) - set_at).days == 90
    assert (full["access_key_1_active"], full["access_key_2_active"]) == ("true", "false")
    assert [full[f"access_key_{number}_last_rotated"] for number in (1, 2)] == [
        iso8601(key["CreateDate"]) for key in keys
    ]
    assert full["access_key_1_last_used_date"] == full["access_key_1_last_used_service"] == "N/A"
    assert (full["cert_1_active"], full["cert_1_last_rotated"]) == ("true", iso8601(certificate["UploadDate"]))
    assert (full["cert_2_active"], full["cert_2_last_rotated"]) == ("false", "N/A")
    bare = rows["bare"]
    assert {name: value for name, value in bare.items() if name not in {"user", "arn", "user_creation_time"}} == {
        name: "false" if name.endswith(("active", "enabled")) else "N/A" for name in HEADER.split(",")[3:]
    }
    root = rows["<root_account>"]
    assert (root["arn"], root["password_enabled"], root["password_next_rotation"], root["access_key_1_active"]) == (
        f"arn:aws:iam::{account.account_id}:root",
        "true",
        "not_supported",
        "true",
    )
    assert list(rows) == ["<root_account>", "admin", "bare", "Full"]


def test_the_report_says_what_was_used(account: Account, server: Server) -> None:
    """A key's last use stands with service and region, and a password's with its moment."""
    at = server.clock.now.replace(microsecond=0)
    server.write(
        lambda connection: connection.execute(
            update(users).where(users.c.account_id == account.account_id).values(password_last_used=at)
        )
    )
    account.client("s3").list_buckets()
    row = rows_of(wait_for_report(account.iam))["admin"]
    assert row["password_last_used"] == iso8601(at)
    assert (row["access_key_1_last_used_service"], row["access_key_1_last_used_region"]) == ("s3", "N/A")
    assert row["access_key_1_last_used_date"].endswith("Z")


def test_names_with_commas_stay_one_column(iam: Any) -> None:
    """A comma in a name and a quotation mark in a path do not move the columns."""
    iam.create_user(UserName="a,b", Path='/"x"/')
    rows = rows_of(wait_for_report(iam))
    assert rows["a,b"]["arn"].endswith(':user/"x"/a,b')
    assert rows["a,b"]["password_enabled"] == "false"


@pytest.mark.parametrize("count", [0, CHUNK - 1, CHUNK, 3 * CHUNK + 1])
def test_no_user_is_lost_between_chunks(account: Account, server: Server, count: int) -> None:
    """A report made some users at a time has every user once, in order."""
    names = [f"U{number:03}" for number in range(count)]
    server.write(
        lambda connection: [
            connection.execute(
                insert(users).values(
                    user_id=f"AIDA{account.account_id}{name}",
                    account_id=account.account_id,
                    user_name=name,
                    user_name_key=name.casefold(),
                    path="/",
                    created_at=server.clock.now,
                )
            )
            for name in names
        ]
    )
    rests: list[float] = []
    content = zlib.decompress(
        server.read(lambda connection: make_report(connection, account.account_id, rests.append))
    ).decode()
    assert [line.split(",")[0] for line in content.split("\n")[1:]] == ["<root_account>", "admin", *names]
    assert len(rests) == -(-(count + 1) // CHUNK)


def test_a_report_is_made_by_one_and_taken_over_when_abandoned(account: Account, server: Server) -> None:
    """Of two who would make a report one does; ten minutes later another may."""
    now = server.clock.now

    def work(connection: Any) -> list[Any]:
        connection.execute(insert(credential_reports).values(account_id=account.account_id, requested_at=now))
        first = claim(connection, account.account_id, now)
        second = claim(connection, account.account_id, now)
        found = find_requested(connection, now)
        server.clock.advance(minutes=11)
        later = claim(connection, account.account_id, server.clock.now)
        return [first, second, found, later]

    assert server.write(work) == [True, False, None, True]


def test_a_report_is_the_accounts_own(account: Account, other: Account) -> None:
    """Another account's users are in no report of this one."""
    other.iam.create_user(UserName="stranger")
    assert "stranger" not in rows_of(wait_for_report(account.iam))
    with refused("ReportNotPresent", 410):
        other.iam.get_credential_report()
