"""The credential report: asked for, made in the background, given out for four hours."""

from __future__ import annotations

import zlib
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, insert, select

from keywright.identity.credential_report import LIFETIME
from keywright.services.iam.errors import ReportExpired, ReportInProgress, ReportNotPresent
from keywright.services.operation import Call, Result, everything, operation
from keywright.store.tables import credential_reports


@operation(resource=everything, starts_work=True)
def generate_credential_report(call: Call) -> Result:
    """Ask for a report, unless there is one of the last four hours, or one is being made."""
    report = _find(call)
    if report is not None and report.generated_at is None:
        return {"State": "INPROGRESS"}
    if report is not None and not _has_expired(report, call.now):
        return {"State": "COMPLETE"}
    call.connection.execute(delete(credential_reports).where(credential_reports.c.account_id == call.account_id))
    call.connection.execute(insert(credential_reports).values(account_id=call.account_id, requested_at=call.now))
    return {"State": "STARTED", "Description": "No report exists. Starting a new report generation task"}


@operation(resource=everything, takes_time=True)
def get_credential_report(call: Call) -> Result:
    """
    Give the report.

    Raises: ReportNotPresent; ReportInProgress; ReportExpired.
    """
    report = _find(call)
    if report is None:
        raise ReportNotPresent
    if report.generated_at is None:
        raise ReportInProgress
    if _has_expired(report, call.now):
        raise ReportExpired
    content = call.connection.execute(
        select(credential_reports.c.content).where(credential_reports.c.account_id == call.account_id)
    ).scalar_one()
    return {
        "Content": zlib.decompress(content),
        "ReportFormat": "text/csv",
        "GeneratedTime": report.generated_at,
    }


def _find(call: Call) -> Row[Any] | None:
    return call.connection.execute(
        select(credential_reports.c.generated_at).where(credential_reports.c.account_id == call.account_id)
    ).one_or_none()


def _has_expired(report: Row[Any], now: datetime) -> bool:
    return bool(report.generated_at + LIFETIME <= now)
