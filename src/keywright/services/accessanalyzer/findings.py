"""Access Analyzer's findings: their codes, their impact and their words (User Guide, "Policy validation checks")."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from importlib.resources import files
from typing import Any, Final, NamedTuple

import orjson

from keywright.services.accessanalyzer.policy_tree import Place, Policy

_GUIDE: Final = "https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html"
_REFERENCE: Final = (
    "https://docs.aws.amazon.com/service-authorization/latest/reference/"
    "reference_policies_actions-resources-contextkeys.html"
)
OUR_OWN: Final = "KEYWRIGHT_"
"""What the codes of findings begin with that AWS does not have."""
MAX_LOCATED: Final = 50
"""Actions whose places a finding tells; all of them are named in its words."""
_ANCHORS: Final = {
    "ERROR": "error",
    "SECURITY_WARNING": "security-warning",
    "WARNING": "general-warning",
    "SUGGESTION": "suggestion",
}


class Finding(NamedTuple):
    """One finding, and where in the policy it is."""

    code: str
    places: tuple[Place, ...]
    details: dict[str, str]


Check = Callable[[Policy], Iterator[Finding]]


def found(code: str, *places: Place, **details: str) -> Finding:
    """Make a finding; `details` fill the places in its check's words."""
    return Finding(code, places, details)


@cache
def texts() -> dict[str, tuple[str, str]]:
    """Give every check's impact and words by its code: AWS's own, as its page has them (late 2026), and ours."""
    by_type = orjson.loads((files(__package__) / "finding_texts.json").read_bytes())
    return {code: (kind, words) for kind, checks in by_type.items() for code, words in checks.items()}


def describe(finding: Finding, policy: Policy) -> dict[str, Any]:
    """Write a finding as ValidatePolicy answers it."""
    kind, words = texts()[finding.code]
    anchor = f"access-analyzer-reference-policy-checks-{_ANCHORS[kind]}-{finding.code.lower().replace('_', '-')}"
    return {
        "findingDetails": words.format(**finding.details),
        "findingType": kind,
        "issueCode": finding.code,
        "learnMoreLink": _REFERENCE if finding.code.startswith(OUR_OWN) else f"{_GUIDE}#{anchor}",
        "locations": [_locate(place, policy) for place in finding.places],
    }


def _locate(place: Place, policy: Policy) -> dict[str, Any]:
    span = {"start": policy.position(place.node.start), "end": policy.position(place.node.end)}
    return {"path": list(place.path), "span": span}
