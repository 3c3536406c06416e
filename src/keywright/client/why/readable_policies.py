"""Read the policies that count for somebody, and find the deciding statements in them."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, TypeVar
from urllib.parse import unquote

from botocore.exceptions import BotoCoreError, ClientError
from botocore.handlers import json_decode_policies

from keywright.client.session import SignedIn, SignInError, reason
from keywright.client.why.explanation import FoundStatement
from keywright.client.why.policy_text import PlacedStatement, statements
from keywright.client.why.resources import account_in

T = TypeVar("T")
IDENTITY: Final = "identity-based policy"
BOUNDARY: Final = "permissions boundary"
RESOURCE: Final = "resource-based policy"
TRUST: Final = "role trust policy"
SCP: Final = "service control policy"
_BUCKET: Final = re.compile(r"arn:[\w-]+:s3:::([^/*]+)")
_ROLE: Final = re.compile(r"arn:[\w-]+:iam::\d{12}:role/(?:.*/)?([^/]+)")
_ORGANIZATION_POLICY: Final = re.compile(r"arn:[\w-]+:organizations::.*/(p-\w+)")


@dataclass(frozen=True, slots=True)
class ReadPolicy:
    """A policy with its text."""

    name: str
    """For a person: its ARN, or whose inline policy it is."""
    identifier: str
    """As a simulation names it: `user_alice_inline`, a managed policy's name."""
    policy_type: str
    text: str

    def found(self, statement: PlacedStatement) -> FoundStatement:
        """Name one of its statements."""
        effect = str(statement.members.get("Effect"))
        place = (statement.number, statement.line, statement.column)
        return FoundStatement(self.name, self.policy_type, effect, statement.sid, *place, statement.text)


PoliciesOf = Callable[[str | None], Sequence[ReadPolicy]]
"""Reads the policies of the principal of that ARN; of None those of who asks."""


class Entity(NamedTuple):
    """A user, role or policy of the account."""

    unique_id: str
    tags: Mapping[str, str]
    boundary: str | None
    """The ARN of its permissions boundary."""


@dataclass(slots=True)
class PolicyReader:
    """Reads policies; what could not be read is noted."""

    signed_in: SignedIn
    failures: list[str]
    account_id: str | None = None
    """The account that is read: a name of another account's means nothing in it. None: it is not known."""

    def of_principal(self, arn: str) -> tuple[list[ReadPolicy], bool]:
        """Read what a user or a role bears: inline, attached, of its groups, and its boundary; False: not all of it."""
        kind, name = arn.split(":", 5)[5].partition("/")[0], arn.rpartition("/")[2]
        if kind not in {"user", "role"} or self._is_elsewhere(arn):
            return [], False
        before = len(self.failures)
        found = list(self._borne(kind, name))
        return found, len(self.failures) == before

    def of_resource(self, action: str, resource: str | None) -> ReadPolicy | None:
        """Read a bucket's policy, or the trust policy of a role that is to be assumed."""
        bucket, role = _BUCKET.match(resource or ""), _ROLE.fullmatch(resource or "")
        if bucket is not None:
            return self._try(lambda: self._bucket_policy(bucket[1]))
        if role is not None and action.lower().startswith("sts:") and not self._is_elsewhere(resource):
            return self._try(lambda: self._trust_policy(role[1]))
        return None

    def described(self, arn: str | None) -> Entity | None:
        """Read a user's, a role's or a policy's id and tags."""
        parts = (arn or "").split(":", 5)
        if arn is None or len(parts) != 6 or parts[2] != "iam" or self._is_elsewhere(arn):
            return None
        kind, name = parts[5].partition("/")[0], arn.rpartition("/")[2]
        if kind in {"user", "role"}:
            return self._try(lambda: self._entity(kind, name))
        return self._try(lambda: self._policy_entity(arn)) if kind == "policy" else None

    def _is_elsewhere(self, arn: str | None) -> bool:
        account = account_in(arn)
        if account is None or self.account_id in {None, account}:
            return False
        self.failures.append(f"{arn} is of another account")
        return True

    def of_arn(self, arn: str, policy_type: str) -> ReadPolicy | None:
        """Read a managed policy, or an organization's."""
        organization = _ORGANIZATION_POLICY.match(arn)
        if organization is not None:
            return self._try(lambda: self._organization_policy(arn, organization[1], policy_type))
        return self._try(lambda: self._managed(arn, policy_type))

    def _try(self, read: Callable[[], T]) -> T | None:
        try:
            return read()
        except (ClientError, BotoCoreError, SignInError) as error:
            self.failures.append(reason(error))
            return None

    def _borne(self, kind: str, name: str) -> Iterator[ReadPolicy]:
        iam = _as_written(self.signed_in)
        whose = {f"{kind.capitalize()}Name": name}
        yield from self._of_bearer(iam, kind, name)
        if kind == "user":
            for group in self._listed(iam, "list_groups_for_user", "Groups", whose):
                yield from self._of_bearer(iam, "group", group["GroupName"])
        entity = self._try(lambda: self._entity(kind, name))
        boundary = None if entity is None else entity.boundary
        if boundary is not None:
            yield from self._one(lambda: self._managed(boundary, BOUNDARY))

    def _of_bearer(self, iam: Any, kind: str, name: str) -> Iterator[ReadPolicy]:
        whose = {f"{kind.capitalize()}Name": name}
        for policy in self._listed(iam, f"list_{kind}_policies", "PolicyNames", whose):
            yield from self._one(functools.partial(_inline, iam, kind, name, policy))
        for attached in self._listed(iam, f"list_attached_{kind}_policies", "AttachedPolicies", whose):
            yield from self._one(functools.partial(self._managed, attached["PolicyArn"]))

    def _listed(self, iam: Any, operation: str, member: str, whose: Mapping[str, str]) -> list[Any]:
        pages = iam.get_paginator(operation)
        return self._try(lambda: [one for page in pages.paginate(**whose) for one in page[member]]) or []

    def _one(self, read: Callable[[], ReadPolicy]) -> Iterator[ReadPolicy]:
        found = self._try(read)
        if found is not None:
            yield found

    def _entity(self, kind: str, name: str) -> Entity:
        described = getattr(self.signed_in.client("iam"), f"get_{kind}")(**{f"{kind.capitalize()}Name": name})
        one = described[kind.capitalize()]
        boundary = one.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn")
        return Entity(one[f"{kind.capitalize()}Id"], _tags(one.get("Tags", [])), boundary)

    def _policy_entity(self, arn: str) -> Entity:
        one = self.signed_in.client("iam").get_policy(PolicyArn=arn)["Policy"]
        return Entity(one["PolicyId"], _tags(one.get("Tags", [])), None)

    def _managed(self, arn: str, policy_type: str = IDENTITY) -> ReadPolicy:
        iam = _as_written(self.signed_in)
        version = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
        document = iam.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]["Document"]
        return ReadPolicy(arn, arn.rpartition("/")[2], policy_type, as_text(document))

    def _bucket_policy(self, bucket: str) -> ReadPolicy:
        name = f"the policy of the bucket {bucket}"
        try:
            text = self.signed_in.client("s3").get_bucket_policy(Bucket=bucket)["Policy"]
        except ClientError as error:
            if error.response["Error"]["Code"] != "NoSuchBucketPolicy":
                raise
            text = ""
        return ReadPolicy(name, "ResourcePolicy", RESOURCE, text)

    def _trust_policy(self, role: str) -> ReadPolicy:
        document = _as_written(self.signed_in).get_role(RoleName=role)["Role"]["AssumeRolePolicyDocument"]
        return ReadPolicy(f"the trust policy of the role {role}", "TrustPolicy", TRUST, as_text(document))

    def _organization_policy(self, arn: str, policy_id: str, policy_type: str) -> ReadPolicy:
        answer = self.signed_in.client("organizations").describe_policy(PolicyId=policy_id)
        return ReadPolicy(arn, policy_id, policy_type, answer["Policy"]["Content"])


def as_text(document: Any, *, is_quoted: bool = True) -> str:
    """Give a policy's text: as it was written, where the answer has it so; else as the console shows it."""
    if isinstance(document, str):
        return unquote(document) if is_quoted else document
    return json.dumps(document, indent=4, ensure_ascii=False)


def _as_written(signed_in: SignedIn) -> Any:
    """Make an IAM client that leaves policies as they were written: botocore reads them, and loses the places."""
    iam = signed_in.client("iam")
    iam.meta.events.unregister("after-call.iam", json_decode_policies)
    return iam


def matched(policies: Sequence[ReadPolicy], source_id: str, line: int, column: int) -> FoundStatement | None:
    """Find the statement that a simulation names by its policy and place."""
    for policy in policies:
        if policy.identifier == source_id:
            for one in statements(policy.text):
                if one.spans(line, column):
                    return policy.found(one)
    return None


def _inline(iam: Any, kind: str, name: str, policy: str) -> ReadPolicy:
    asked = {f"{kind.capitalize()}Name": name, "PolicyName": policy}
    document = getattr(iam, f"get_{kind}_policy")(**asked)["PolicyDocument"]
    shown = f"the inline policy {policy} of the {kind} {name}"
    return ReadPolicy(shown, f"{kind}_{name}_{policy}", IDENTITY, as_text(document))


def _tags(listed: Sequence[Mapping[str, str]]) -> dict[str, str]:
    return {one["Key"]: one["Value"] for one in listed}
