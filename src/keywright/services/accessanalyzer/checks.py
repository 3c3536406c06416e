"""Every check of a policy, in the order in which ValidatePolicy lists what they find."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from keywright.policy.json_reader import Node, NotJsonError, read_json
from keywright.services.accessanalyzer.check_action_resources import check_action_resources
from keywright.services.accessanalyzer.check_actions import check_actions
from keywright.services.accessanalyzer.check_condition_keys import check_condition_keys
from keywright.services.accessanalyzer.check_condition_values import check_condition_values
from keywright.services.accessanalyzer.check_organisation import check_organisation
from keywright.services.accessanalyzer.check_permissions import check_permissions
from keywright.services.accessanalyzer.check_principals import check_principals
from keywright.services.accessanalyzer.check_redundancy import check_redundancy
from keywright.services.accessanalyzer.check_resources import check_resources
from keywright.services.accessanalyzer.check_structure import check_structure
from keywright.services.accessanalyzer.check_tags import check_tags
from keywright.services.accessanalyzer.check_variables import check_variables
from keywright.services.accessanalyzer.findings import Check, Finding, describe, found
from keywright.services.accessanalyzer.policy_tree import Place, Policy, PolicyType

_CHECKS: Final[tuple[Check, ...]] = (
    check_structure,
    check_actions,
    check_resources,
    check_action_resources,
    check_condition_keys,
    check_condition_values,
    check_variables,
    check_principals,
    check_organisation,
    check_permissions,
    check_tags,
    check_redundancy,
)
_LINE_END: Final = re.compile(r"\n")


def check_policy(text: str, policy_type: PolicyType, resource_type: str | None) -> list[dict[str, Any]]:
    """Give every finding of a policy."""
    line_starts = (0, *(match.end() for match in _LINE_END.finditer(text)))
    try:
        root, errors = Place(read_json(text)), None
    except NotJsonError as error:
        end = min(error.offset, len(text))
        root, errors = Place(Node(None, end, end)), error
    policy = Policy(text, root, policy_type, resource_type, line_starts)
    findings = _findings(policy) if errors is None else iter([_not_json(policy)])
    return [describe(finding, policy) for finding in findings]


def _findings(policy: Policy) -> Iterator[Finding]:
    for check in _CHECKS:
        yield from check(policy)


def _not_json(policy: Policy) -> Finding:
    at = policy.position(policy.root.node.start)
    details = {"index": str(at["offset"]), "line": str(at["line"]), "column": str(at["column"])}
    return found("JSON_SYNTAX_ERROR", policy.root, **details)
