"""`keywright audit`: look at an account's keys, say what is wrong with them, and mend what can be mended."""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, TextIO

from botocore.exceptions import BotoCoreError, ClientError

from keywright.client.audit.checks import choose
from keywright.client.audit.findings import Audit, Check, Outcome, Severity, Thresholds, judge
from keywright.client.audit.gathering import NoSuchUserError, NotLetInError, gather
from keywright.client.cli.audit_documents import document_of
from keywright.client.cli.audit_fix import run_fix, run_undo
from keywright.client.cli.audit_rows import write_csv
from keywright.client.cli.audit_sarif import write_sarif
from keywright.client.cli.audit_table import count, write_table
from keywright.client.cli.documents import as_json
from keywright.client.cli.failures import Failure, failure
from keywright.client.cli.progress import progress
from keywright.client.cli.terminal import Exit, note, stop
from keywright.client.replacing import put_file
from keywright.client.session import SignInError, reason, sign_in

_DAYS = re.compile(r"(\d{1,4})d?")


def run_audit(flags: Mapping[str, Any]) -> Exit:
    """Gather the facts, judge them, and write what was found."""
    form = _form(flags)
    flags = {**flags, "json": form == "json"}
    thresholds = Thresholds(*(_days(flags, name) for name in ("max_age", "unused", "never_used")))
    checks = _checks(flags)
    try:
        signed_in = sign_in(flags)
        if flags["undo"]:
            return run_undo(signed_in, flags)
        audit = judge(gather(signed_in, tuple(flags["user"]), progress), thresholds, checks)
    except (SignInError, NotLetInError) as error:
        stop(str(error), Exit.UNREACHABLE)
    except (BotoCoreError, ClientError) as error:
        stop(reason(error), Exit.UNREACHABLE)
    except NoSuchUserError as error:
        stop(str(error))
    if flags["fix"]:
        return run_fix(signed_in, audit, flags)
    unseen = _unseen(audit)
    _write(audit, form, flags["output"], unseen)
    if any(audit.findings()):
        return Exit.NEGATIVE
    if unseen is not None:
        note(f"keywright: {unseen.message}")
        return Exit.UNREACHABLE
    return Exit.FINE


def _unseen(audit: Audit) -> Failure | None:
    """Name the checks that could not see all: a broken permission must not pass for a clean account."""
    names = [result.check.name for result in audit.results if result.outcome is not Outcome.CLEAR]
    if any(audit.findings()) or not names:
        return None
    message = f"there are no findings, but {count(len(names), 'check')} could not see all: {', '.join(names)}"
    return failure(message, Exit.UNREACHABLE)


def _form(flags: Mapping[str, Any]) -> str:
    form = flags["format"] or ("json" if flags["json"] else "table")
    changes = flags["fix"] or flags["undo"]
    if flags["json"] and form != "json":
        stop(f"--json and --format {form}: choose one", Exit.USAGE)
    if changes and (form not in {"table", "json"} or flags["output"]):
        stop("--fix and --undo tell what they do: they write no report", Exit.USAGE)
    if not changes and (flags["dry_run"] or flags["yes"]):
        stop("--dry-run and --yes belong to --fix or --undo", Exit.USAGE)
    _refuse_bad_output(flags["output"])
    if form == "html" and flags["output"] is None and sys.stdout.isatty():
        stop("a page is for a browser: write it into a file by --output FILE", Exit.USAGE)
    return str(form)


def _refuse_bad_output(output: str | None) -> None:
    """Find before the work is done that its result could not be written."""
    if output is not None and Path(output).is_dir():
        stop(f"{output} is a folder: name a file in it")
    if output is not None and not Path(output).parent.is_dir():
        stop(f"there is no folder {Path(output).parent}")


def _days(flags: Mapping[str, Any], name: str) -> timedelta:
    found = _DAYS.fullmatch(flags[name])
    if found is None:
        stop(f"--{name.replace('_', '-')} takes days, such as 90d, not {flags[name]!r}", Exit.USAGE)
    return timedelta(days=int(found[1]))


def _checks(flags: Mapping[str, Any]) -> tuple[Check, ...]:
    try:
        chosen = choose(flags["only"], flags["skip"])
    except ValueError as error:
        stop(str(error), Exit.USAGE)
    if not chosen:
        stop("--only and --skip leave no check", Exit.USAGE)
    return chosen


def _write(audit: Audit, form: str, output: str | None, unseen: Failure | None) -> None:
    def write(stream: TextIO) -> None:
        if form == "json":
            print(as_json(document_of(audit), unseen), file=stream)
        else:
            _WRITERS[form](audit, stream)

    if output is None:
        write(sys.stdout)
        return
    page = io.StringIO(newline="")
    write(page)
    put_file(Path(output), page.getvalue().encode(errors="backslashreplace"))
    found = ", ".join(f"{audit.count(one)} {one}" for one in Severity if audit.count(one))
    total = sum(1 for _ in audit.findings())
    print(f"Wrote {output}: {count(total, 'finding')}" + (f" ({found})" if found else ""))


def _write_html(audit: Audit, stream: TextIO) -> None:
    # Imported here: the other forms need no templates.
    from keywright.client.audit.page import write_page

    stream.write(write_page(audit))


_WRITERS: Mapping[str, Callable[[Audit, TextIO], None]] = {
    "table": write_table,
    "csv": write_csv,
    "sarif": write_sarif,
    "html": _write_html,
}
