"""The policies that an entity bears, with whose each one is: what the simulator and its kin read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import select

from keywright.policy.match import compile_glob
from keywright.services.iam.entities import Entity
from keywright.services.iam.errors import InvalidInput, NoSuchEntity
from keywright.services.iam.group_memberships import groups_of
from keywright.services.iam.inline_policies import all_inline_policies
from keywright.services.iam.managed import default_document, find_policy
from keywright.services.iam.policy_attachments import attached_arns
from keywright.services.iam.policy_bearers import GROUPS, ROLES, USERS, BearerKind
from keywright.services.operation import Call, Inputs, Target

_SOURCE_ARN: Final = re.compile(r"arn:aws:iam::(\d{12}):(user|group|role)/(?:.*/)?([^/]+)")
_KINDS: Final = {"user": USERS, "group": GROUPS, "role": ROLES}
_POLICY_ARN: Final = re.compile(r"arn:[^:*?]+:iam::(?:\d{12}|aws):policy/.+")


class Bearer(NamedTuple):
    """A user, group or role, found by ARN."""

    kind: BearerKind
    row: Entity

    @property
    def name(self) -> str:
        """Give its name as it was made."""
        return self.kind.entity.name(self.row)


class BornePolicy(NamedTuple):
    """A policy, and who bears it."""

    name: str
    document: str
    arn: str | None
    """A managed policy's; None for an inline one."""
    bearer_type: str
    bearer_name: str

    @property
    def identifier(self) -> str:
        """Give the name by which simulations tell it: an inline policy's says whose it is."""
        return self.name if self.arn is not None else f"{self.bearer_type}_{self.bearer_name}_{self.name}"

    @property
    def type(self) -> str:
        """Give its type as PolicyExclusionList has it."""
        if self.arn is None:
            return "inline"
        return "aws-managed" if self.arn.startswith("arn:aws:iam::aws:") else "user-managed"


def policy_source(call: Call, inputs: Inputs) -> Target:
    """Name the entity whose policies are asked about."""
    del call
    return Target(inputs["policy_source_arn"])


def find_bearer(call: Call, arn: str) -> Bearer:
    """
    Find the calling account's user, group or role of that ARN.

    Raises: InvalidInput; NoSuchEntity.
    """
    match = _SOURCE_ARN.fullmatch(arn)
    if match is None:
        raise InvalidInput(f"Invalid Entity Arn: {arn} does not clearly define entity type and name.")
    kind = _KINDS[match[2]]
    table, name_key = kind.entity.table, f"{kind.entity.name_column}_key"
    row = call.connection.execute(
        select(table).where(table.c.account_id == call.account_id, table.c[name_key] == match[3].casefold())
    ).one_or_none()
    if match[1] != call.account_id or row is None or kind.entity.arn(call.account_id, row).lower() != arn.lower():
        raise NoSuchEntity("Unable to retrieve specified IAM entity.")
    return Bearer(kind, row)


def borne_policies(call: Call, bearer: Bearer) -> list[BornePolicy]:
    """Read what an entity bears; what a user's groups bear is the user's too."""
    found = list(_own_policies(call, bearer))
    if bearer.kind is USERS:
        for row in groups_of(call, bearer.row):
            found += _own_policies(call, Bearer(GROUPS, row))
    return found


def boundary_of(call: Call, bearer: Bearer) -> BornePolicy | None:
    """Read the permissions boundary of a user or role, None where there is none."""
    arn: str | None = bearer.row._mapping.get("permissions_boundary_arn")  # noqa: SLF001 - the row's public mapping
    return None if arn is None else _managed(call, arn, bearer)


def _own_policies(call: Call, bearer: Bearer) -> Iterator[BornePolicy]:
    for name, document in all_inline_policies(call, bearer.kind, bearer.row):
        yield BornePolicy(name, document, None, bearer.kind.entity.arn_type, bearer.name)
    for arn in sorted(attached_arns(call, bearer.kind, bearer.row)):
        yield _managed(call, arn, bearer)


def _managed(call: Call, arn: str, bearer: Bearer) -> BornePolicy:
    policy = find_policy(call, arn)
    document = default_document(call, policy)
    return BornePolicy(policy.policy_name, document, arn, bearer.kind.entity.arn_type, bearer.name)


def without_excluded(policies: Sequence[BornePolicy], exclusions: Sequence[Mapping[str, Any]]) -> list[BornePolicy]:
    """
    Leave out what a PolicyExclusionList names by type, by ARN or by name and bearer.

    Raises: InvalidInput.
    """
    for exclusion in exclusions:
        _check_exclusion(exclusion)
    return [policy for policy in policies if not any(_excludes(exclusion, policy) for exclusion in exclusions)]


def excludes_boundary(exclusions: Sequence[Mapping[str, Any]], boundary: BornePolicy) -> bool:
    """Tell whether a permissions boundary is left out: by its type, or by its ARN."""
    return any(
        exclusion.get("PolicyType") == "permission-boundary" or _names(exclusion.get("PolicyArn"), boundary.arn)
        for exclusion in exclusions
    )


def _excludes(exclusion: Mapping[str, Any], policy: BornePolicy) -> bool:
    inline: Mapping[str, str] | None = exclusion.get("InlinePolicyIdentifier")
    if inline is not None:
        return (
            policy.arn is None
            and policy.name == inline["PolicyName"]
            and policy.bearer_type == inline["AttachmentType"]
            and _names(inline["AttachmentName"], policy.bearer_name)
        )
    return exclusion.get("PolicyType") == policy.type or _names(exclusion.get("PolicyArn"), policy.arn)


def _names(pattern: str | None, text: str | None) -> bool:
    return pattern is not None and text is not None and compile_glob(pattern)(text)


def _check_exclusion(exclusion: Mapping[str, Any]) -> None:
    if len(exclusion) != 1:
        raise InvalidInput("Specify exactly one of PolicyType, PolicyArn or InlinePolicyIdentifier.")
    arn: str | None = exclusion.get("PolicyArn")
    if arn is not None and (_POLICY_ARN.fullmatch(arn) is None or arn.count("*") > 1):
        raise InvalidInput(f"The policy ARN {arn} is not valid.")
    inline: Mapping[str, str] = exclusion.get("InlinePolicyIdentifier", {})
    if inline.get("AttachmentName", "").count("*") > 1:
        raise InvalidInput(f"The attachment name {inline['AttachmentName']} is not valid.")
