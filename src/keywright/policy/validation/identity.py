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
from keywright.policy.document import Document, MalformedDocument, Statement

LEGACY_PARSING: Final = "The policy failed legacy parsing"
SYNTAX: Final = "Syntax errors in policy."

_VENDOR: Final = re.compile(r"[A-Za-z0-9._-]+")
_SID: Final = re.compile(r"[0-9A-Za-z]*")
_SEGMENT: Final = re.compile(r"[a-z0-9*?-]*")
_IAM_PATHS: Final = (
    *("user/", "federated-user/", "role/", "group/", "instance-profile/", "mfa/", "server-certificate/", "policy/"),
    *("sms-mfa/", "saml-provider/", "oidc-provider/", "report/", "access-report/"),
)
_IAM_PATHS_SINCE: Final = ("assumed-role/", "delegation-request/", "role-template/")
"""Resource types of IAM that its message does not list yet (service authorization reference)."""
_REGIONAL_S3_PATHS: Final = ("accesspoint/", "access-grants/", "async-request/", "job/", "storage-lens")
"""S3's resource types that have a region (service authorization reference); buckets and objects have none."""


def check_identity(document: Document, *, partition: str) -> None:
    """
    Check an identity's policy: its syntax whole, then what the legacy parser minds, then the rest.

    Raises: MalformedDocument.
    """
    for statement in document.statements:
        check_syntax(statement)
    for statement in document.statements:
        check_legacy(statement)
    for statement in document.statements:
        if statement.principal is not None or statement.not_principal is not None:
            raise MalformedDocument("Policy document should not specify a principal.")
        check_names(statement, partition=partition)
    _check_sids(document.statements)


def check_syntax(statement: Statement) -> None:
    """Check that condition operators exist, and that base-64 is base-64."""
    for line in statement.conditions:
        operator = parse_operator(line.operator)
        if operator is None or (operator.family == "binary" and not readable(line, operator)):
            raise MalformedDocument(SYNTAX)


def check_legacy(statement: Statement) -> None:
    """
    Check what IAM's legacy parser minds: actions without a name, ARNs cut short, values that cannot be read.

    Call `check_syntax` before.
    """
    for action in statement.actions or statement.not_actions or ():
        if action.endswith(":") and action.count(":") == 1 and action != ":":
            raise MalformedDocument(LEGACY_PARSING)
    for resource in statement.resources or statement.not_resources or ():
        if resource.startswith("arn:"):
            _check_segments(resource)
    for line in statement.conditions:
        operator = parse_operator(line.operator)
        if operator is not None and not readable(line, operator):
            raise MalformedDocument(LEGACY_PARSING)


def check_names(statement: Statement, *, partition: str) -> None:
    """Check what a statement's actions and resources name."""
    _check_actions(statement)
    _check_resources(statement, partition)


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
        vendor, colon, name = action.partition(":")
        if not vendor or not colon:
            raise MalformedDocument("Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.")
        if ":" in name:
            raise MalformedDocument("Actions/Condition can contain only one colon.")
        if "*" in vendor or "?" in vendor:
            raise MalformedDocument("Action vendors (e.g., aws, ec2, etc.) must not contain wildcards.")
        if not _VENDOR.fullmatch(vendor):
            raise MalformedDocument(f"Vendor {vendor} is not valid")


def _check_resources(statement: Statement, partition: str) -> None:
    """Check that a statement names resources, each `*` or an ARN of the partition."""
    resources = statement.resources or statement.not_resources
    if not resources:
        raise MalformedDocument("Policy statement must contain resources.")
    for resource in resources:
        if resource != "*":
            _check_arn(resource, partition)


def _check_segments(resource: str) -> None:
    """
    Check that an ARN pattern has its six segments, and nothing but a region's or an account's characters in those two.

    AWS: an ARN of three segments, `arn:aws:fdsasf`, is stored (recorded in 2019); of four or five it is refused.
    """
    segments = resource.split(":", 5)
    if len(segments) in (4, 5):
        raise MalformedDocument(LEGACY_PARSING)
    if not all(_SEGMENT.fullmatch(segment) or "${" in segment for segment in segments[3:5]):
        raise MalformedDocument(LEGACY_PARSING)


def _check_arn(resource: str, partition: str) -> None:
    """Check an ARN pattern of a Resource element, segment by segment."""
    if not resource.startswith("arn:"):
        raise MalformedDocument(f'Resource {resource} must be in ARN format or "*".')
    segments = resource.split(":", 5)
    _, given, vendor, region, account, path = (*segments, *[""] * (6 - len(segments)))
    if given != partition and not set(given) & {"*", "?"}:
        raise MalformedDocument(f'Partition "{given}" is not valid for resource "{resource}".')
    if not vendor or "*" in vendor or "?" in vendor:
        raise MalformedDocument("Resource vendor must be fully qualified and cannot contain regexes.")
    _check_global(resource, vendor, region, account, path)
    if vendor == "iam" and len(segments) == 6:
        _check_iam_path(path)


def _check_iam_path(path: str) -> None:
    """Check that an ARN of IAM is of a type that IAM has."""
    if path not in ("*", "root") and not path.startswith((*_IAM_PATHS, *_IAM_PATHS_SINCE)):
        raise MalformedDocument(f'IAM resource path must either be "*", root, or start with {", ".join(_IAM_PATHS)}.')


def _check_global(resource: str, vendor: str, region: str, account: str, path: str) -> None:
    """Check that the ARNs of services without regions or accounts name none; wildcards there are let be."""
    if region.strip("*?"):
        if vendor == "iam":
            raise MalformedDocument(f"IAM resource {resource} cannot contain region information.")
        # AWS: of a bucket aws-cdk#22445; of a hosted zone quoted in public Terraform code, as is the account's refusal.
        if vendor == "route53" or (vendor == "s3" and path != "*" and not path.startswith(_REGIONAL_S3_PATHS)):
            raise MalformedDocument(f"Resource {resource} can not contain region information.")
    if vendor == "route53" and account.strip("*?"):
        raise MalformedDocument(f"Resource {resource} cannot contain an account id.")
