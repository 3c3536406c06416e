"""
Check what IAM stores for an identity: inline and managed policies, boundaries, session policies.

The messages are IAM's own; where each is known from stands in tests/unit/policy/cases/documents.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from keywright.policy.condition.compile import readable
from keywright.policy.condition.operators import parse_operator
from keywright.policy.document import ConditionLine, Document, MalformedDocument, Statement

LEGACY_PARSING: Final = "The policy failed legacy parsing"
SYNTAX: Final = "Syntax errors in policy."

_SID: Final = re.compile(r"[0-9A-Za-z]*")
_SEGMENT: Final = re.compile(r"[a-z0-9*?-]*")
_IAM_PATHS: Final = (
    *("user/", "federated-user/", "role/", "group/", "instance-profile/", "mfa/", "server-certificate/", "policy/"),
    *("sms-mfa/", "saml-provider/", "oidc-provider/", "report/", "access-report/"),
)
_IAM_PATHS_SINCE: Final = ("assumed-role/", "delegation-request/", "role-template/")
"""Resource types of IAM that its message does not list yet (service authorization reference)."""


def check_identity(document: Document, *, partition: str) -> None:
    """
    Check an identity's policy.

    Raises: MalformedDocument.
    """
    for statement in document.statements:
        if statement.principal is not None or statement.not_principal is not None:
            raise MalformedDocument("Policy document should not specify a principal.")
        check_statement(statement, partition=partition)
    _check_sids(document.statements)


def check_statement(statement: Statement, *, partition: str) -> None:
    """Check a statement's actions, resources and conditions."""
    _check_actions(statement)
    _check_resources(statement, partition)
    for line in statement.conditions:
        _check_condition(line)


def _check_sids(statements: Iterable[Statement]) -> None:
    """Check that statement ids are plain and each is used once."""
    seen: set[str] = set()
    for statement in statements:
        if not statement.sid:
            continue
        if not _SID.fullmatch(statement.sid):
            raise MalformedDocument(
                "Statement IDs (SID) must be alpha-numeric. "
                "Check that your input satisfies the regular expression [0-9A-Za-z]*"
            )
        if statement.sid in seen:
            raise MalformedDocument("Statement IDs (SID) in a single policy must be unique.")
        seen.add(statement.sid)


def _check_actions(statement: Statement) -> None:
    """Check that a statement names actions, each `*` or `service:name`."""
    actions = statement.actions or statement.not_actions
    if not actions:
        raise MalformedDocument("Policy statement must contain actions.")
    for action in actions:
        if action == "*":
            continue
        vendor, _, name = action.partition(":")
        _check_vendor(vendor, action)
        if ":" in name:
            raise MalformedDocument("Actions/Condition can contain only one colon.")
        if "*" in vendor or "?" in vendor:
            raise MalformedDocument("Action vendors (e.g., aws, ec2, etc.) must not contain wildcards.")
        if not name:
            raise MalformedDocument(LEGACY_PARSING)


def _check_vendor(vendor: str, text: str) -> None:
    """Check that an action or a condition key begins with its service."""
    if not vendor or ":" not in text:
        raise MalformedDocument("Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.")


def _check_resources(statement: Statement, partition: str) -> None:
    """Check that a statement names resources, each `*` or an ARN of the partition."""
    resources = statement.resources or statement.not_resources
    if not resources:
        raise MalformedDocument("Policy statement must contain resources.")
    for resource in resources:
        if resource != "*":
            _check_arn(resource, partition)


def _check_arn(resource: str, partition: str) -> None:
    """Check an ARN pattern of a Resource element, segment by segment."""
    if not resource.startswith("arn:"):
        raise MalformedDocument(f'Resource {resource} must be in ARN format or "*".')
    given, _, rest = resource.removeprefix("arn:").partition(":")
    if given != partition and not set(given) & {"*", "?"}:
        raise MalformedDocument(f'Partition "{given}" is not valid for resource "{resource}".')
    vendor = rest.partition(":")[0]
    if not vendor or "*" in vendor or "?" in vendor:
        raise MalformedDocument("Resource vendor must be fully qualified and cannot contain regexes.")
    segments = rest.split(":", 3)
    if len(segments) < 4:
        raise MalformedDocument(LEGACY_PARSING)
    _, region, account, path = segments
    if not all(_SEGMENT.fullmatch(segment) or "${" in segment for segment in (region, account)):
        raise MalformedDocument(LEGACY_PARSING)
    if vendor == "iam":
        _check_iam_resource(resource, region, path)


def _check_iam_resource(resource: str, region: str, path: str) -> None:
    """Check what only IAM's ARNs must be: of no region, and of a known type."""
    if region.strip("*?"):
        raise MalformedDocument(f"IAM resource {resource} cannot contain region information.")
    if path not in ("*", "root") and not path.startswith((*_IAM_PATHS, *_IAM_PATHS_SINCE)):
        raise MalformedDocument(f'IAM resource path must either be "*", root, or start with {", ".join(_IAM_PATHS)}.')


def _check_condition(line: ConditionLine) -> None:
    """Check a condition line: its operator exists, its key has a service, its values can be read."""
    operator = parse_operator(line.operator)
    if operator is None:
        raise MalformedDocument(SYNTAX)
    _check_vendor(line.key.partition(":")[0], line.key)
    if not readable(line, operator):
        # AWS: base-64 is refused as syntax, numbers, dates, addresses and ARNs by the legacy parser.
        raise MalformedDocument(SYNTAX if operator.family == "binary" else LEGACY_PARSING)
