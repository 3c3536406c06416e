"""What a role's trust policy says of who wants to assume it: the simulator does not ask it."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from typing import Any, Final

from keywright.client.why.explanation import Evidence, Finding
from keywright.client.why.policy_text import PlacedStatement, statements
from keywright.client.why.readable_policies import TRUST, ReadPolicy
from keywright.client.why.resources import account_in

_SESSION: Final = re.compile(r"arn:([\w-]+):sts::(\d{12}):assumed-role/([^/]+)/.*")


def is_assuming(action: str | None) -> bool:
    """Tell whether an action assumes a role by one's own credentials."""
    return (action or "").lower() == "sts:assumerole"


def with_trust(finding: Finding, policy: ReadPolicy | None) -> tuple[Finding, Evidence]:
    """Join what the policies of who asks say with what the role's trust policy says; conditions are not evaluated."""
    if policy is None:
        said = "not read: it has its say, and what was simulated has not"
        return dataclasses.replace(finding, confidence="incomplete"), Evidence("trust policy", said)
    trusting = [one for one in _naming(policy, finding.principal) if one.members.get("Effect") == "Allow"]
    if not trusting:
        refused = dataclasses.replace(finding, allowed=False, blocked_by=TRUST, is_explicit=False, statements=())
        return refused, Evidence("trust policy", "names nobody whom the caller is")
    conditional = all("Condition" in one.members for one in trusting)
    if conditional:
        found = tuple(policy.found(one) for one in trusting)
        doubtful = dataclasses.replace(finding, confidence="incomplete", statements=(*finding.statements, *found))
        return doubtful, Evidence("trust policy", "names the caller, under conditions that were not evaluated")
    return finding, Evidence("trust policy", "names the caller")


def _naming(policy: ReadPolicy, principal: str | None) -> Iterator[PlacedStatement]:
    names = {"*", principal or "", account_in(principal) or ""}
    found = _SESSION.fullmatch(principal or "")
    if found is not None:
        names.add(f"arn:{found[1]}:iam::{found[2]}:role/{found[3]}")
    names.add(f"arn:{(principal or 'arn:aws').split(':')[1]}:iam::{account_in(principal)}:root")
    for one in statements(policy.text):
        if names & set(_principals(one.members.get("Principal"))):
            yield one


def _principals(element: Any) -> Iterator[str]:
    named = element.get("AWS", []) if isinstance(element, dict) else element
    for one in [named] if isinstance(named, str) else named or []:
        yield str(one)
