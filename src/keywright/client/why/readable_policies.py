"""Read the policies that count for somebody, and find the deciding statements in them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar
from urllib.parse import unquote

from botocore.exceptions import BotoCoreError, ClientError
from botocore.handlers import json_decode_policies

from keywright.client.session import SignedIn, SignInError, reason
from keywright.client.why.explanation import FoundStatement
from keywright.client.why.policy_text import PlacedStatement, statements

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


@dataclass(slots=True)
class PolicyReader:
    """Reads policies; what could not be read is noted."""

    signed_in: SignedIn
    failures: list[str]

    def of_principal(self, arn: str) -> list[ReadPolicy]:
        """Read what a user or a role bears: inline, attached, of its groups, and its boundary."""
        kind, name = arn.split(":", 5)[5].partition("/")[0], arn.rpartition("/")[2]
        if kind not in {"user", "role"}:
            return []
        found = self._try(lambda: list(self._borne(kind, name)))
        return [] if found is None else found

    def of_resource(self, action: str, resource: str | None) -> ReadPolicy | None:
        """Read a bucket's policy, or the trust policy of a role that is to be assumed."""
        bucket, role = _BUCKET.match(resource or ""), _ROLE.fullmatch(resource or "")
        if bucket is not None:
            return self._try(lambda: self._bucket_policy(bucket[1]))
        if role is not None and action.lower().startswith("sts:"):
            return self._try(lambda: self._trust_policy(role[1]))
        return None

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
        yield from _of_bearer(iam, kind, name, self._managed)
        if kind == "user":
            for page in iam.get_paginator("list_groups_for_user").paginate(**whose):
                for group in page["Groups"]:
                    yield from _of_bearer(iam, "group", group["GroupName"], self._managed)
        described = getattr(iam, f"get_{kind}")(**whose)[kind.capitalize()]
        boundary = described.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn")
        if boundary is not None:
            yield self._managed(boundary, BOUNDARY)

    def _managed(self, arn: str, policy_type: str = IDENTITY) -> ReadPolicy:
        iam = _as_written(self.signed_in)
        version = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
        document = iam.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]["Document"]
        return ReadPolicy(arn, arn.rpartition("/")[2], policy_type, as_text(document))

    def _bucket_policy(self, bucket: str) -> ReadPolicy:
        text = self.signed_in.client("s3").get_bucket_policy(Bucket=bucket)["Policy"]
        return ReadPolicy(f"the policy of the bucket {bucket}", "ResourcePolicy", RESOURCE, text)

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


def deciding(
    policies: Iterable[ReadPolicy], policy_type: str | None, action: str, resource: str | None
) -> tuple[FoundStatement, ...]:
    """Find the Deny statements that name an action and a resource, of one type of policy or of any."""
    return tuple(
        policy.found(one)
        for policy in policies
        if policy_type is None or policy.policy_type == policy_type
        for one in statements(policy.text)
        if one.members.get("Effect") == "Deny" and one.concerns(action, resource)
    )


def matched(policies: Sequence[ReadPolicy], source_id: str, line: int, column: int) -> FoundStatement | None:
    """Find the statement that a simulation names by its policy and place."""
    for policy in policies:
        if policy.identifier == source_id:
            for one in statements(policy.text):
                if one.spans(line, column):
                    return policy.found(one)
    return None


def _of_bearer(iam: Any, kind: str, name: str, managed: Callable[[str], ReadPolicy]) -> Iterator[ReadPolicy]:
    whose = {f"{kind.capitalize()}Name": name}
    for page in iam.get_paginator(f"list_{kind}_policies").paginate(**whose):
        for policy in page["PolicyNames"]:
            document = getattr(iam, f"get_{kind}_policy")(**whose, PolicyName=policy)["PolicyDocument"]
            shown = f"the inline policy {policy} of the {kind} {name}"
            yield ReadPolicy(shown, f"{kind}_{name}_{policy}", IDENTITY, as_text(document))
    for page in iam.get_paginator(f"list_attached_{kind}_policies").paginate(**whose):
        for policy in page["AttachedPolicies"]:
            yield managed(policy["PolicyArn"])
