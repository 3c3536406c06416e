"""ValidatePolicy: what is wrong with a policy, what is risky in it, and what could be better."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Iterator
from typing import Any, Final, cast

import orjson

from keywright.aws.errors import AwsError, NotPerformed
from keywright.policy.json_reader import Node, NotJsonError, read_json
from keywright.policy.validate import policy_size
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
from keywright.services.operation import Call, Result, everything, operation

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
_MAX_RESULTS: Final = 1000
_MAX_CHARACTERS: Final = 32_768
"""Above every quota of the policies that are checked, which end at 20,480."""
_LINE_END: Final = re.compile(r"\n")


class ValidationException(AwsError):
    """A value outside of what its operation takes."""


@operation(resource=everything, action="access-analyzer:ValidatePolicy", takes_time=True)
def validate_policy(
    call: Call,
    *,
    policy_document: str,
    policy_type: str,
    validate_policy_resource_type: str | None = None,
    locale: str = "EN",
    max_results: int = _MAX_RESULTS,
    next_token: str | None = None,
) -> Result:
    """
    Check a policy, and list the findings in the order of the checks.

    Raises: ValidationException.
    """
    del call
    if locale != "EN":
        raise NotPerformed(f"ValidatePolicy: the locale {locale} is not implemented by this server.")
    if validate_policy_resource_type is not None and policy_type != "RESOURCE_POLICY":
        raise _invalid("validatePolicyResourceType can be specified only for the policy type RESOURCE_POLICY.")
    if not 1 <= max_results <= _MAX_RESULTS:
        raise _invalid(f"maxResults must be between 1 and {_MAX_RESULTS}.")
    if policy_size(policy_document) > _MAX_CHARACTERS:
        # DIVERGES: Policy validation. Every check looks at every other part: what takes too long is not begun.
        raise _invalid(f"The policy document is longer than {_MAX_CHARACTERS} characters, white space not counted.")
    question = (policy_document, policy_type, validate_policy_resource_type)
    start = 0 if next_token is None else _read_token(next_token, question)
    findings = check_policy(policy_document, cast("PolicyType", policy_type), validate_policy_resource_type)
    answer: dict[str, Any] = {"findings": findings[start : start + max_results]}
    if len(findings) > start + max_results:
        answer["nextToken"] = _write_token(start + max_results, question)
    return answer


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


def _invalid(message: str) -> ValidationException:
    return ValidationException(message, reason="other")


def _write_token(start: int, question: tuple[Any, ...]) -> str:
    return base64.urlsafe_b64encode(orjson.dumps([start, _digest(question)])).decode("ascii")


def _read_token(token: str, question: tuple[Any, ...]) -> int:
    try:
        start, digest = orjson.loads(base64.urlsafe_b64decode(token.encode("ascii")))
    except (binascii.Error, ValueError, TypeError):
        raise _invalid("The specified nextToken is not valid.") from None
    if digest != _digest(question) or not isinstance(start, int):
        raise _invalid("The specified nextToken is not valid.")
    return start


def _digest(question: tuple[Any, ...]) -> str:
    return hashlib.sha256(repr(question).encode()).hexdigest()[:16]
