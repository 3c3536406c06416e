"""What `audit --json` prints."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated

from keywright.client.audit.facts import AuditedKey, AuditedUser
from keywright.client.audit.findings import Audit, Check, Finding, Result
from keywright.client.audit.repairs import Step


@dataclass(frozen=True, slots=True)
class ShownCheck:
    """A check, and how it ended."""

    name: Annotated[str, "its name, for --only and --skip"]
    severity: Annotated[str, "critical, high, medium or low"]
    title: Annotated[str, "what it looks for"]
    controls: Annotated[dict[str, str], "the controls of the CIS AWS Foundations Benchmarks that it answers"]
    outcome: Annotated[str, "findings, clear, partly checked, or not checked"]
    findings: Annotated[int, "how many there are"]
    missing: Annotated[tuple[str, ...], "the actions that it would need to see all"]


@dataclass(frozen=True, slots=True)
class ShownFinding:
    """One thing that is wrong."""

    check: Annotated[str, "the check"]
    severity: Annotated[str, "its severity"]
    user_name: Annotated[str | None, "whose it is; null for the root user's and for strangers' keys"]
    access_key_id: Annotated[str | None, "the key, where it is about one whose id is known"]
    what: Annotated[str, "what is wrong"]
    next: Annotated[str, "what to type, or to do, next"]
    path: Annotated[Path | None, "the file on this machine"]
    line: Annotated[int | None, "the line in it"]


@dataclass(frozen=True, slots=True)
class ShownKey:
    """A key of the account."""

    user_name: Annotated[str, "whose it is"]
    access_key_id: Annotated[str | None, "the key; null where only the credential report could be read"]
    status: Annotated[str, "Active or Inactive"]
    created_at: Annotated[datetime | None, "when it was made"]
    last_used_at: Annotated[datetime | None, "when it was last used; null for never, and where nobody knows"]
    last_used_service: Annotated[str | None, "for which service"]
    last_used_region: Annotated[str | None, "in which region"]
    use_is_known: Annotated[bool, "the last use could be read"]
    description: Annotated[str | None, "what the tag named by its id says"]


@dataclass(frozen=True, slots=True)
class ShownGap:
    """An action that was refused."""

    action: Annotated[str, "the action"]
    why: Annotated[str, "what the service said"]
    users: Annotated[int, "for how many users; 0: it is about the account"]
    made_up_for: Annotated[bool, "the credential report answered it instead"]


@dataclass(frozen=True, slots=True)
class ShownStep:
    """One step of --fix or --undo."""

    kind: Annotated[str, "deactivate or untag"]
    user_name: Annotated[str, "whose key or tag"]
    access_key_id: Annotated[str, "the key, or the key that the tag describes"]
    why: Annotated[str, "why"]
    state: Annotated[str, "planned, begun, done, left, failed or undone"]
    note: Annotated[str, "why it was left, or failed"]


@dataclass(frozen=True, slots=True)
class Audited:
    """`audit`."""

    account_id: Annotated[str, "the account"]
    account_alias: Annotated[str | None, "its alias"]
    arn: Annotated[str, "who audited"]
    audited_at: Annotated[datetime, "when"]
    report_made_at: Annotated[datetime | None, "when IAM made its credential report, which fills in what is refused"]
    users: Annotated[int, "how many users were looked at"]
    checks: Annotated[tuple[ShownCheck, ...], "the checks, the worst first"]
    findings: Annotated[tuple[ShownFinding, ...], "what is wrong, the worst first"]
    keys: Annotated[tuple[ShownKey, ...], "the keys of the users"]
    gaps: Annotated[tuple[ShownGap, ...], "what could not be seen"]
    steps: Annotated[tuple[ShownStep, ...], "what --fix did, or would do"]


@dataclass(frozen=True, slots=True)
class Undone:
    """`audit --undo`."""

    steps: Annotated[tuple[ShownStep, ...], "what was taken back, or would be"]


def document_of(audit: Audit, steps: tuple[Step, ...] = ()) -> Audited:
    """Put an audit together."""
    facts = audit.facts
    return Audited(
        account_id=facts.caller.account_id,
        account_alias=facts.alias,
        arn=facts.caller.arn,
        audited_at=facts.audited_at,
        report_made_at=facts.report_made_at,
        users=len(facts.users),
        checks=tuple(_check(result) for result in audit.results),
        findings=tuple(_finding(check, finding) for check, finding in audit.findings()),
        keys=tuple(_key(user, key) for user, key in facts.each_key()),
        gaps=tuple(ShownGap(one.action, one.why, one.users, one.made_up_for) for one in facts.gaps),
        steps=shown_steps(steps),
    )


def shown_steps(steps: tuple[Step, ...]) -> tuple[ShownStep, ...]:
    """Show the steps of a fix."""
    return tuple(
        ShownStep(str(one.kind), one.user_name, one.access_key_id, one.why, str(one.state), one.note) for one in steps
    )


def _check(result: Result) -> ShownCheck:
    check = result.check
    missing = tuple(gap.action for gap in result.gaps)
    return ShownCheck(
        check.name,
        str(check.severity),
        check.title,
        check.controls,
        str(result.outcome),
        len(result.findings),
        missing,
    )


def _finding(check: Check, one: Finding) -> ShownFinding:
    return ShownFinding(
        check.name, str(check.severity), one.user_name, one.access_key_id, one.what, one.next, one.path, one.line
    )


def _key(user: AuditedUser, key: AuditedKey) -> ShownKey:
    return ShownKey(
        user.name,
        key.access_key_id,
        "Active" if key.is_active else "Inactive",
        key.created_at,
        key.last_used_at,
        key.last_used_service,
        key.last_used_region,
        key.use_is_known,
        user.description(key.access_key_id),
    )
