"""The credential report: what AWS and others have ever written into it, and how long it may take."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError

from keywright.client.audit.credential_report import ROOT, fetch_report, parse_report

HEADER = (
    "user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,password_next_rotation,"
    "mfa_active,access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,access_key_1_last_used_region,"
    "access_key_1_last_used_service,access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date,"
    "access_key_2_last_used_region,access_key_2_last_used_service,cert_1_active,cert_1_last_rotated,cert_2_active,"
    "cert_2_last_rotated"
)
ROOT_ROW = (
    "<root_account>,arn:aws:iam::123456789012:root,2020-01-01T00:00:00Z,not_supported,no_information,not_supported,"
    "not_supported,true,false,N/A,N/A,N/A,N/A,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A"
)
ADA_ROW = (
    "ada,arn:aws:iam::123456789012:user/ada,2026-09-11T13:14:52Z,true,2026-09-12T00:00:00+00:00,2026-09-11T13:14:52Z,"
    "N/A,false,true,2026-09-11T13:15:00Z,2026-11-01T10:00:00Z,us-east-1,s3,false,2026-10-01T00:00:00+00:00,N/A,N/A,N/A,"
    "false,N/A,false,N/A"
)
REPORT = f"{HEADER}\n{ROOT_ROW}\n{ADA_ROW}"


def test_rows() -> None:
    """Both forms of dates are read, and each word for nothing is nothing; no line end is needed at the end."""
    users = parse_report(REPORT)
    assert list(users) == [ROOT, "ada"]
    root, ada = users[ROOT], users["ada"]
    assert (root.has_password, root.password_last_used_at, root.has_mfa, root.keys) == (None, None, True, ())
    assert ada.created_at == datetime(2026, 9, 11, 13, 14, 52, tzinfo=UTC)
    assert ada.password_last_used_at == datetime(2026, 9, 12, tzinfo=UTC)
    assert (ada.has_password, ada.has_mfa) == (True, False)
    active, inactive = ada.keys
    assert (active.is_active, active.last_used_service, active.last_used_region) == (True, "s3", "us-east-1")
    # An inactive key keeps the date of its making (facts §4).
    assert (inactive.is_active, inactive.made_at, inactive.last_used_at) == (
        False,
        datetime(2026, 10, 1, tzinfo=UTC),
        None,
    )


def test_columns_by_name() -> None:
    """More columns, in another order, with a byte order mark, CRLF and capitals, read the same."""
    names, values = HEADER.split(","), ADA_ROW.split(",")
    values = [{"true": "TRUE", "false": "FALSE"}.get(value, value) for value in values]
    header = ",".join(["additional_credentials_info", *reversed(names)])
    row = ",".join(['"more, keys"', *reversed(values)])
    assert parse_report(f"\ufeff{header}\r\n{row}\r\n")["ada"] == parse_report(REPORT)["ada"]


def test_fewer_columns() -> None:
    """A report without the columns of keys is one of users without keys."""
    assert parse_report("user,arn\nada,arn:aws:iam::1:user/ada\n")["ada"].keys == ()


@pytest.mark.parametrize("text", ["", "nonsense", "<html>\n<body>"])
def test_not_a_report(text: str) -> None:
    """What is no report is refused."""
    with pytest.raises(ValueError, match="no columns"):
        parse_report(text)


def refusal(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "Unknown"}}, "GetCredentialReport")


def report_maker(states: list[str], answers: list[Any]) -> Any:
    """Be an IAM that makes its report slowly."""

    def get() -> Any:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return {"Content": answer, "GeneratedTime": datetime(2026, 11, 24, tzinfo=UTC)}

    return SimpleNamespace(
        generate_credential_report=lambda: {"State": states.pop(0) if states else "INPROGRESS"},
        get_credential_report=get,
    )


def test_it_waits() -> None:
    """A report that is not ready, or has just expired, is waited for; each wait is longer or as long."""
    waits: list[float] = []
    iam = report_maker(
        ["STARTED", "INPROGRESS", "COMPLETE", "COMPLETE", "COMPLETE"],
        [refusal("ReportInProgress"), refusal("ReportExpiredException"), REPORT.encode()],
    )
    assert set(fetch_report(iam, waits.append).users) == {ROOT, "ada"}
    assert len(waits) == 4
    assert waits == sorted(waits)


def test_it_does_not_wait_for_ever() -> None:
    """A report that never comes is given up."""
    waits: list[float] = []
    with pytest.raises(TimeoutError):
        fetch_report(report_maker([], []), waits.append)
    assert 30 < sum(waits) < 90


def test_a_refusal_is_not_waited_for() -> None:
    """Who may not read it learns so at once."""
    with pytest.raises(ClientError, match="AccessDenied"):
        fetch_report(report_maker(["COMPLETE"], [refusal("AccessDenied")]), lambda _seconds: pytest.fail("it waits"))
