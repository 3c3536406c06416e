"""An audit's findings as CSV, for a spreadsheet."""

from __future__ import annotations

import csv
from typing import Final, TextIO

from keywright.client.audit.controls import BENCHMARKS
from keywright.client.audit.findings import Audit

_HEADER: Final = ("severity", "check", "user", "access_key_id", "what", "next", "path", "line")


def write_csv(audit: Audit, stream: TextIO) -> None:
    """Write a row for each finding."""
    rows = csv.writer(stream)
    rows.writerow((*_HEADER, *(f"cis_{one}" for one in BENCHMARKS)))
    for check, one in audit.findings():
        controls = (check.controls.get(benchmark, "") for benchmark in BENCHMARKS)
        known = (check.severity, check.name, one.user_name, one.access_key_id, one.what, one.next, one.path, one.line)
        rows.writerow(_harmless(cell) for cell in (*known, *controls))


def _harmless(cell: object) -> str:
    """Keep a spreadsheet from taking a name for a formula: IAM allows `=` and `+` and `@` in names."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
