"""
AWS's own policies, `arn:aws:iam::aws:policy/…`: data, read when first asked for.

The documents are AWS's with their names, versions and dates; `aws_managed_policies/README.md` says where each is from.
"""

from __future__ import annotations

from datetime import datetime
from functools import cache, lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, Final, NamedTuple

import orjson

from keywright.aws.identifiers import account_independent_id

ARN_PREFIX: Final = "arn:aws:iam::aws:policy/"
_SUFFIX: Final = ".json"


class AwsManagedPolicy(NamedTuple):
    """A policy that AWS keeps for everyone; nobody but AWS changes it."""

    policy_name: str
    policy_id: str
    arn: str
    path: str
    default_version_id: str
    created_at: datetime
    updated_at: datetime
    description: str
    document: str
    """The default version's text. Older versions are not published."""


def _folder() -> Traversable:
    return files(__package__) / "aws_managed_policies"


def _read(file: Traversable) -> AwsManagedPolicy:
    policy: dict[str, Any] = orjson.loads(file.read_bytes())
    return AwsManagedPolicy(
        policy["PolicyName"],
        policy.get("PolicyId") or account_independent_id("ANPA", policy["Arn"]),
        policy["Arn"],
        policy["Path"],
        policy["DefaultVersionId"],
        datetime.fromisoformat(policy["CreateDate"]),
        datetime.fromisoformat(policy["UpdateDate"]),
        policy.get("Description", ""),
        orjson.dumps(policy["Document"], option=orjson.OPT_INDENT_2).decode(),
    )


@lru_cache(maxsize=2048)
def aws_managed_policy(arn: str) -> AwsManagedPolicy | None:
    """Find AWS's policy of that ARN."""
    name = arn.rsplit("/", 1)[-1]
    if not arn.startswith(ARN_PREFIX) or not name.replace("-", "").replace("_", "").isalnum():
        return None
    file = _folder() / (name + _SUFFIX)
    policy = _read(file) if file.is_file() else None
    return policy if policy is not None and policy.arn == arn else None


@cache
def aws_managed_arns() -> tuple[str, ...]:
    """List the ARNs of all of AWS's policies that are kept here, by name without case."""
    policies = (orjson.loads(file.read_bytes()) for file in _folder().iterdir() if file.name.endswith(_SUFFIX))
    return tuple(sorted((policy["Arn"] for policy in policies), key=lambda arn: arn.rsplit("/", 1)[-1].casefold()))
