"""All of an account's users, groups, roles and policies in one list."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, NamedTuple

from sqlalchemy import select

from keywright.identity.aws_managed import ARN_PREFIX
from keywright.services.iam.boundaries import describe_boundary
from keywright.services.iam.documents import for_answer
from keywright.services.iam.entities import Entity, page_below
from keywright.services.iam.errors import ValidationError
from keywright.services.iam.group_memberships import groups_of
from keywright.services.iam.groups import describe_group
from keywright.services.iam.inline_policies import all_inline_policies
from keywright.services.iam.instance_profiles import profiles_of_role
from keywright.services.iam.managed import Policy, find_policy, from_row, usage, usages
from keywright.services.iam.pages import DEFAULT_ITEMS, PageRequest, read_page, slice_page
from keywright.services.iam.policies import describe_policy
from keywright.services.iam.policy_attachments import attached_policies, describe_attached
from keywright.services.iam.policy_bearers import GROUPS, ROLES, USERS, BearerKind
from keywright.services.iam.policy_versions import all_versions
from keywright.services.iam.roles import describe_last_use, describe_role
from keywright.services.iam.tags import all_tags
from keywright.services.iam.users import describe_user
from keywright.services.operation import Call, Result, everything, operation
from keywright.store.tables import policies, role_tags, user_tags

Page = tuple[list[dict[str, Any]], dict[str, Any]]
"""What a section holds of a page, and whether there is more of it."""


class _Section(NamedTuple):
    """One kind of what is listed; the list goes from section to section."""

    filter: str
    member: str
    """Where the answer has it."""
    read: Callable[[Call, PageRequest], Page]


@operation(resource=everything, takes_time=True)
def get_account_authorization_details(
    call: Call,
    *,
    filter: list[str] | None = None,  # noqa: A002 - the API's name
    marker: str | None = None,
    max_items: int | None = None,
) -> Result:
    """
    Describe users, groups, roles and managed policies with all that is theirs, as many in all as a page may hold.

    Of AWS's own policies those are listed that the account uses.
    Raises: ValidationError (marker).
    """
    sections = [section for section in _SECTIONS if not filter or section.filter in filter]
    sections, inner = _resume(sections, marker)
    answer: dict[str, Any] = {section.member: [] for section in _SECTIONS}
    left = max_items or DEFAULT_ITEMS
    for section in sections:
        # With a full page it is only asked whether there is more.
        items, more = section.read(call, PageRequest(inner, left or 1))
        if items and not left:
            return answer | {"IsTruncated": True, "Marker": f"{section.filter}."}
        answer[section.member] += items
        if more["IsTruncated"]:
            return answer | {"IsTruncated": True, "Marker": f"{section.filter}.{more['Marker']}"}
        left -= len(items)
        inner = None
    return answer | {"IsTruncated": False}


def _resume(sections: list[_Section], marker: str | None) -> tuple[list[_Section], str | None]:
    """Find where a page begins: in which section, and at which marker of its own."""
    if marker is None:
        return sections, None
    name, _, inner = marker.partition(".")
    for position, section in enumerate(sections):
        if section.filter == name:
            return sections[position:], inner or None
    raise ValidationError("Invalid Marker.")


def _reader(
    kind: BearerKind, describe: Callable[[Call, Entity], dict[str, Any]]
) -> Callable[[Call, PageRequest], Page]:
    """Read a section of entities that bear policies."""
    inline_member = f"{kind.entity.spoken.capitalize()}PolicyList"

    def read(call: Call, page: PageRequest) -> Page:
        rows, truncation = page_below(call, kind.entity, "/", page)
        return [describe(call, row) | borne(call, row) for row in rows], truncation

    def borne(call: Call, row: Entity) -> dict[str, Any]:
        return {
            inline_member: [
                {"PolicyName": name, "PolicyDocument": for_answer(document)}
                for name, document in all_inline_policies(call, kind, row)
            ],
            "AttachedManagedPolicies": describe_attached(attached_policies(call, kind, row)),
        }

    return read


def _describe_user(call: Call, user: Entity) -> dict[str, Any]:
    described = describe_user(call, user)
    del described["PasswordLastUsed"]
    return described | {
        "GroupList": [group.group_name for group in groups_of(call, user)],
        "PermissionsBoundary": describe_boundary(user.permissions_boundary_arn),
        "Tags": all_tags(call.connection, user_tags, user.user_id),
    }


def _describe_role(call: Call, role: Entity) -> dict[str, Any]:
    described = describe_role(call, role)
    del described["Description"], described["MaxSessionDuration"]
    return described | {
        "InstanceProfileList": profiles_of_role(call, role),
        "PermissionsBoundary": describe_boundary(role.permissions_boundary_arn),
        "Tags": all_tags(call.connection, role_tags, role.role_id),
        "RoleLastUsed": describe_last_use(role),
    }


def _read_own_policies(call: Call, page: PageRequest) -> Page:
    key = policies.c.policy_name_key
    statement = select(key.label("sorted_by"), policies).where(policies.c.account_id == call.account_id)
    rows, truncation = read_page(call.connection, statement, [key], page)
    return [_describe_policy(call, from_row(row)) for row in rows], truncation


def _read_aws_policies(call: Call, page: PageRequest) -> Page:
    used = sorted(arn for arn in usages(call) if arn.startswith(ARN_PREFIX))
    arns, truncation = slice_page(used, str, page)
    return [_describe_policy(call, find_policy(call, arn)) for arn in arns], truncation


def _describe_policy(call: Call, policy: Policy) -> dict[str, Any]:
    return describe_policy(policy, usage(call, policy.arn)) | {"PolicyVersionList": all_versions(call, policy)}


_SECTIONS: Final = (
    _Section("User", "UserDetailList", _reader(USERS, _describe_user)),
    _Section("Group", "GroupDetailList", _reader(GROUPS, describe_group)),
    _Section("Role", "RoleDetailList", _reader(ROLES, _describe_role)),
    _Section("LocalManagedPolicy", "Policies", _read_own_policies),
    _Section("AWSManagedPolicy", "Policies", _read_aws_policies),
)
