"""ValidatePolicy: what is wrong with a policy, what is risky in it, and what could be better."""

from __future__ import annotations

import base64
import binascii
import hashlib
from typing import TYPE_CHECKING, Any, Final, cast

import orjson

from keywright.aws.errors import AwsError, NotPerformed
from keywright.policy.validate import policy_size
from keywright.services.operation import Call, Result, everything, operation

if TYPE_CHECKING:
    from keywright.services.accessanalyzer.policy_tree import PolicyType

_MAX_RESULTS: Final = 1000
_MAX_CHARACTERS: Final = 32_768
"""Above every quota of the policies that are checked, which end at 20,480."""


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
    # The checks are a dozen modules, which a start has no use for.
    from keywright.services.accessanalyzer.checks import check_policy

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
