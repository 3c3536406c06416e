"""An audit for a person at a terminal: check by check, the worst first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, TextIO

from keywright.client.audit.findings import Audit, Outcome, Result, Severity
from keywright.client.audit.repairs import State, plan
from keywright.client.cli.terminal import columns, paint, printable

_COLOURS: Final = {Severity.CRITICAL: "red", Severity.HIGH: "red", Severity.MEDIUM: "yellow", Severity.LOW: "dim"}


def write_table(audit: Audit, stream: TextIO) -> None:
    """Write it all."""
    for line in (*_head(audit, stream), *_findings(audit, stream), *_rest(audit), *_gaps(audit), *_end(audit, stream)):
        print(line, file=stream)


def count(number: int, noun: str) -> str:
    """Count things: `1 key`, `2 keys`."""
    return f"{number} {noun}{'s' * (number != 1)}"


def _head(audit: Audit, stream: TextIO) -> Iterator[str]:
    facts = audit.facts
    keys = [key for _, key in facts.each_key()]
    active = sum(key.is_active for key in keys)
    alias = f" ({printable(facts.alias)})" if facts.alias else ""
    counted = f"{count(len(facts.users), 'user')}, {count(len(keys), 'key')}, {active} of them active"
    yield paint(f"Account {facts.caller.account_id}{alias}", "bold", stream) + f": {counted}"


def _findings(audit: Audit, stream: TextIO) -> Iterator[str]:
    for result in audit.results:
        if not result.findings:
            continue
        check = result.check
        severity = paint(f"{check.severity}", _COLOURS[check.severity], stream)
        control = check.controls.get("v7.0") or check.controls.get("v6.0")
        newest = "7.0" if "v7.0" in check.controls else "6.0"
        cis = f", CIS {newest}: {control}" if control else ""
        yield ""
        yield f"{severity}: {paint(check.title, 'bold', stream)} [{check.name}{cis}]"
        yield columns([(f"  {one.user_name or '-'}", one.access_key_id or "-", one.what) for one in result.findings])
        more = f" (and so for the other {len(result.steps) - 1})" if len(result.steps) > 1 else ""
        yield printable(f"  next: {result.steps[0]}{more}")


def _rest(audit: Audit) -> Iterator[str]:
    clear = [result.check.name for result in audit.results if result.outcome is Outcome.CLEAR]
    if clear:
        yield ""
        yield f"Nothing found: {', '.join(clear)}"
    for result in audit.results:
        if result.gaps:
            yield f"{_verdict(result)}: {result.check.name}, for want of {', '.join(gap.action for gap in result.gaps)}"


def _verdict(result: Result) -> str:
    return str(Outcome.NOT_CHECKED if result.outcome is Outcome.NOT_CHECKED else Outcome.PARTLY).capitalize()


def _gaps(audit: Audit) -> Iterator[str]:
    facts = audit.facts
    if facts.gaps:
        yield ""
        yield "Refused, while the rest went on:"
        for gap in facts.gaps:
            whom = f" for {count(gap.users, 'user')}" if gap.users else ""
            made = f"{facts.report_made_at:%Y-%m-%d %H:%M} UTC" if facts.report_made_at else ""
            instead = f"; the credential report of {made} answered instead" if gap.made_up_for and made else ""
            yield printable(f"  {gap.action}{whom}: {gap.why}{instead}")


def _end(audit: Audit, stream: TextIO) -> Iterator[str]:
    by_severity = [f"{audit.count(one)} {one}" for one in Severity if audit.count(one)]
    total = sum(1 for _ in audit.findings())
    yield ""
    if not total:
        yield paint("No findings", "green", stream)
        return
    yield f"{count(total, 'finding')}: {', '.join(by_severity)}"
    steps = sum(step.state is State.PLANNED for step in plan(audit))
    if steps:
        yield f"`keywright audit --fix` mends with {count(steps, 'step')} what can be taken back; --dry-run shows them"
