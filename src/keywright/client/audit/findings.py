"""What a check is, what it finds, and how an audit ends."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from pathlib import Path

from keywright.client.audit.controls import controls
from keywright.client.audit.facts import Facts, Gap


class Severity(StrEnum):
    """How bad a finding is, the worst first."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"

    @property
    def rank(self) -> int:
        """Sort by this: 0 is the worst."""
        return list(Severity).index(self)


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From when on something is too old."""

    max_age: timedelta = timedelta(days=90)
    unused: timedelta = timedelta(days=45)
    never_used: timedelta = timedelta(days=1)
    """AWS: the first use of a key may show hours later (facts §5)."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong."""

    check: str
    user_name: str | None
    """None: it is the root user's, or nobody's that is known."""
    access_key_id: str | None
    what: str
    next: str
    """What to type, or to do, next."""
    path: Path | None = None
    line: int | None = None


Find = Callable[[Facts, Thresholds], Iterator[Finding]]


@dataclass(frozen=True, slots=True)
class Check:
    """Something that is looked for."""

    name: str
    severity: Severity
    title: str
    """What is wrong where it finds something."""
    why: str
    """Why that matters."""
    needs: frozenset[str]
    """The actions without which it does not see all."""
    is_about_account: bool
    """Of no use where only some users are looked at."""
    find: Find

    @property
    def controls(self) -> dict[str, str]:
        """Give the CIS controls that it answers, by benchmark."""
        return controls(self.name)


class Outcome(StrEnum):
    """How a check ended."""

    FINDINGS = "findings"
    CLEAR = "clear"
    PARTLY = "partly checked"
    NOT_CHECKED = "not checked"


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a check."""

    check: Check
    findings: tuple[Finding, ...]
    gaps: tuple[Gap, ...]
    """What it could not see."""
    outcome: Outcome

    @property
    def has_ids(self) -> bool:
        """Tell whether it is about keys with ids."""
        return any(one.access_key_id for one in self.findings)

    @property
    def steps(self) -> tuple[str, ...]:
        """Give what to do next, each once."""
        return tuple(dict.fromkeys(one.next for one in self.findings))


@dataclass(frozen=True, slots=True)
class Audit:
    """What came of all of them, the worst first."""

    facts: Facts
    thresholds: Thresholds
    results: tuple[Result, ...]

    def findings(self) -> Iterator[tuple[Check, Finding]]:
        """Give the findings, the worst first."""
        for result in self.results:
            for finding in result.findings:
                yield result.check, finding

    def count(self, severity: Severity) -> int:
        """Count the findings of one severity."""
        return sum(check.severity is severity for check, _ in self.findings())


def judge(facts: Facts, thresholds: Thresholds, checks: tuple[Check, ...]) -> Audit:
    """Run the checks over the facts."""
    able = (check for check in checks if facts.root is not None or not check.is_about_account)
    results = (_result(check, facts, thresholds) for check in able)
    return Audit(facts, thresholds, tuple(sorted(results, key=lambda one: one.check.severity.rank)))


def _result(check: Check, facts: Facts, thresholds: Thresholds) -> Result:
    findings = tuple(check.find(facts, thresholds))
    gaps = tuple(gap for gap in facts.gaps if gap.action in check.needs and not gap.made_up_for)
    if findings:
        outcome = Outcome.FINDINGS
    elif any(gap.users >= len(facts.users) for gap in gaps if gap.users) or (gaps and check.is_about_account):
        outcome = Outcome.NOT_CHECKED
    else:
        outcome = Outcome.PARTLY if gaps else Outcome.CLEAR
    return Result(check, findings, gaps, outcome)
