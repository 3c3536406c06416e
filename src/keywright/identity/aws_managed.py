"""
AWS's own policies, `arn:aws:iam::aws:policy/…`: data, read when first asked for.

One archive: an index of all that ListPolicies tells, and the documents in blocks, of which one is read to find one.
The documents are AWS's with their names, versions and dates; `aws_managed_policies/README.md` says where each is from.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, Final, NamedTuple

import orjson

from keywright.aws.identifiers import account_independent_id

ARN_PREFIX: Final = "arn:aws:iam::aws:policy/"
_ARCHIVE: Final = ("aws_managed_policies", "policies.zip")
_DOCUMENTS_KEPT: Final = 64


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
    block: int
    """Which of the archive's blocks holds the document."""

    @property
    def document(self) -> str:
        """The default version's text. Older versions are not published."""
        return _document(self.policy_name, self.block)


def aws_managed_policy(arn: str) -> AwsManagedPolicy | None:
    """Find AWS's policy of that ARN."""
    return aws_managed_policies().get(arn)


@cache
def aws_managed_policies() -> Mapping[str, AwsManagedPolicy]:
    """Map the ARNs of all of AWS's policies that are kept here to the policies, by name without case."""
    policies = [_describe(entry) for entry in _read("index.json")]
    return {policy.arn: policy for policy in policies}


def _describe(entry: dict[str, Any]) -> AwsManagedPolicy:
    arn = f"{ARN_PREFIX[:-1]}{entry['Path']}{entry['PolicyName']}"
    return AwsManagedPolicy(
        entry["PolicyName"],
        entry.get("PolicyId") or account_independent_id("ANPA", arn),
        arn,
        entry["Path"],
        entry["DefaultVersionId"],
        datetime.fromisoformat(entry["CreateDate"]),
        datetime.fromisoformat(entry["UpdateDate"]),
        entry["Description"],
        entry["Block"],
    )


@lru_cache(maxsize=_DOCUMENTS_KEPT)
def _document(policy_name: str, block: int) -> str:
    document = _read(f"documents/{block}.json")[policy_name]
    return orjson.dumps(document, option=orjson.OPT_INDENT_2).decode()


def _read(member: str) -> Any:
    from zipfile import ZipFile  # only who asks for a policy pays for it

    with files(__package__).joinpath(*_ARCHIVE).open("rb") as file, ZipFile(file) as archive:
        return orjson.loads(archive.read(member))
