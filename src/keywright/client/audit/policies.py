"""
Read what tags and policies users have: all at once by GetAccountAuthorizationDetails, else user by user.

The first takes a call for each hundred users; the second is for an audit of few users, and for auditors who may not.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from botocore.exceptions import ClientError

from keywright.client.audit.asking import Asking
from keywright.client.audit.breadth import Breadth, Grant, breadth_of, known_breadth

_WANTED: Final = ["User", "Group", "LocalManagedPolicy", "AWSManagedPolicy"]
_Broad = tuple[Breadth, bool] | None


class Permissions(NamedTuple):
    """A user's tags and policies; None: they could not be read."""

    tags: Mapping[str, str] | None
    policies: frozenset[str] | None
    """The names of the managed policies attached to the user itself."""
    grants: tuple[Grant, ...] | None


def permissions_of_all(iam: Any) -> dict[str, Permissions]:
    """
    Read every user's, by name.

    Raises: BotoCoreError; ClientError.
    """
    users: list[Any] = []
    groups: dict[str, Any] = {}
    managed: dict[str, _Broad] = {}
    for page in iam.get_paginator("get_account_authorization_details").paginate(Filter=_WANTED):
        users += page["UserDetailList"]
        groups |= {group["GroupName"]: group for group in page["GroupDetailList"]}
        managed |= {policy["Arn"]: _of_versions(policy) for policy in page["Policies"]}
    of_groups = {
        name: tuple(_detailed(group, group.get("GroupPolicyList", []), managed, name)) for name, group in groups.items()
    }
    return {user["UserName"]: _permissions(user, of_groups, managed) for user in users}


def _permissions(
    user: Mapping[str, Any], of_groups: Mapping[str, tuple[Grant, ...]], managed: Mapping[str, _Broad]
) -> Permissions:
    own = _detailed(user, user.get("UserPolicyList", []), managed, None)
    by_groups = (grant for name in user.get("GroupList", []) for grant in of_groups.get(name, ()))
    return Permissions(
        {tag["Key"]: tag["Value"] for tag in user.get("Tags", [])},
        frozenset(one["PolicyName"] for one in user.get("AttachedManagedPolicies", [])),
        (*own, *by_groups),
    )


def _of_versions(policy: Mapping[str, Any]) -> _Broad:
    default = (one["Document"] for one in policy["PolicyVersionList"] if one["IsDefaultVersion"])
    return breadth_of(next(default, None))


def _detailed(
    entity: Mapping[str, Any], inline: list[Any], managed: Mapping[str, _Broad], group: str | None
) -> Iterator[Grant]:
    for one in entity.get("AttachedManagedPolicies", []):
        arn = one["PolicyArn"]
        yield from _granted(arn, managed[arn] if arn in managed else known_breadth(arn), group)
    for one in inline:
        yield from _granted(one["PolicyName"], breadth_of(one["PolicyDocument"]), group)


def _granted(policy: str, broad: _Broad, group: str | None) -> Iterator[Grant]:
    """Give the policy, named by its ARN where it is a managed one, if it is too broad."""
    if broad is not None:
        path, _, name = policy.rpartition("/")
        yield Grant(name, not path, broad[0], group, broad[1])


class OneByOne:
    """Read users' tags and policies by themselves; groups and managed policies are read once."""

    def __init__(self, asking: Asking) -> None:
        self._asking = asking
        # Two threads may both read a new one: no harm.
        self._managed = functools.cache(self._read_managed)
        self._group = functools.cache(self._read_group)

    def permissions(self, user: str) -> Permissions:
        """
        Read one user's.

        Raises: BotoCoreError; ClientError NoSuchEntity.
        """
        tags = self._asking.items("list_user_tags", "Tags", "iam:ListUserTags", {"UserName": user}, user)
        attached = self._attached("user", user, user)
        inline = self._inline("user", user, user)
        groups = self._asking.items("list_groups_for_user", "Groups", "iam:ListGroupsForUser", {"UserName": user}, user)
        parts = [attached, inline, groups]
        grants = [
            *(grant for arn in attached or () for grant in _granted(arn, self._managed(arn), None)),
            *(grant for name, document in inline or () for grant in _granted(name, breadth_of(document), None)),
            *(grant for group in groups or () for grant in self._group(group["GroupName"])),
        ]
        return Permissions(
            None if tags is None else {tag["Key"]: tag["Value"] for tag in tags},
            None if attached is None else frozenset(arn.rpartition("/")[2] for arn in attached),
            # What was found counts, even where more could not be seen.
            None if parts == [None, None, None] else tuple(grants),
        )

    def _attached(self, kind: str, name: str, user: str | None) -> list[str] | None:
        action = f"iam:ListAttached{kind.capitalize()}Policies"
        asked = {f"{kind.capitalize()}Name": name}
        found = self._asking.items(f"list_attached_{kind}_policies", "AttachedPolicies", action, asked, user)
        return None if found is None else [one["PolicyArn"] for one in found]

    def _inline(self, kind: str, name: str, user: str | None) -> list[tuple[str, Any]] | None:
        title = kind.capitalize()
        asked = {f"{title}Name": name}
        names = self._asking.items(f"list_{kind}_policies", "PolicyNames", f"iam:List{title}Policies", asked, user)
        if names is None:
            return None
        read = getattr(self._asking.iam, f"get_{kind}_policy")
        found = []
        for policy in names:
            call = functools.partial(read, PolicyName=policy, **asked)
            answer = self._asking.ask(f"iam:Get{title}Policy", call, user)
            found.append((policy, None if answer is None else answer["PolicyDocument"]))
        return found

    def _read_group(self, group: str) -> tuple[Grant, ...]:
        try:
            attached, inline = self._attached("group", group, None), self._inline("group", group, None)
        except ClientError:
            # It has gone since the user was asked for.
            return ()
        return (
            *(grant for arn in attached or () for grant in _granted(arn, self._managed(arn), group)),
            *(grant for name, document in inline or () for grant in _granted(name, breadth_of(document), group)),
        )

    def _read_managed(self, arn: str) -> _Broad:
        iam = self._asking.iam
        try:
            policy = self._asking.ask("iam:GetPolicy", lambda: iam.get_policy(PolicyArn=arn)["Policy"])
            if policy is None:
                return known_breadth(arn)
            version = policy["DefaultVersionId"]
            answer = self._asking.ask(
                "iam:GetPolicyVersion", lambda: iam.get_policy_version(PolicyArn=arn, VersionId=version)
            )
        except ClientError:
            return None
        return known_breadth(arn) if answer is None else breadth_of(answer["PolicyVersion"]["Document"])
