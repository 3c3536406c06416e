"""Write what was found as what the command prints."""

from __future__ import annotations

from keywright.client.why.advice import Advice, advise
from keywright.client.why.engine import Case
from keywright.client.why.explanation import Evidence, Explanation, Finding


def written(
    finding: Finding | None, case: Case | None, unread: tuple[str, ...], evidence: tuple[Evidence, ...]
) -> Explanation:
    """Say what a finding means: `allowed` only where all that decides was read."""
    if finding is None:
        nothing = Advice("it could not be found out", None, None, (), ())
        return _written("unknown", "incomplete", None, nothing, unread, evidence)
    advice = advise(finding, case, unread)
    if finding.allowed and unread:
        return _written("unknown", "incomplete", finding, advice, unread, evidence)
    return _written("allowed" if finding.allowed else "denied", finding.confidence, finding, advice, unread, evidence)


def _written(
    verdict: str,
    confidence: str,
    finding: Finding | None,
    advice: Advice,
    unread: tuple[str, ...],
    evidence: tuple[Evidence, ...],
) -> Explanation:
    return Explanation(
        verdict=verdict,
        confidence=confidence,
        principal=None if finding is None else finding.principal,
        action=None if finding is None else finding.action,
        resource=None if finding is None else finding.resource,
        blocked_by=None if finding is None else finding.blocked_by,
        explicit=None if finding is None else finding.is_explicit,
        statements=() if finding is None else finding.statements,
        checks=() if finding is None else finding.checks,
        summary=advice.summary,
        missing=advice.missing,
        policy=advice.policy,
        needed=advice.needed,
        near_misses=() if finding is None else finding.near_misses,
        unread=unread,
        warnings=advice.warnings,
        next_commands=advice.commands,
        evidence=evidence,
    )
