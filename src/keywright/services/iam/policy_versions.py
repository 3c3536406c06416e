"""The versions of managed policies: five at most, one of them in force."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, delete, func, insert, select, update

from keywright.aws.quotas import MANAGED_POLICY_CHARACTERS, VERSIONS_PER_POLICY
from keywright.services.iam.documents import check_document, check_size, for_answer
from keywright.services.iam.errors import DeleteConflict, LimitExceeded, NoSuchEntity
from keywright.services.iam.managed import Policy, default_document, existing_policy, find_own_policy, find_policy
from keywright.services.iam.pages import PageRequest, slice_page
from keywright.services.operation import Call, Result, operation
from keywright.store.tables import policies, policy_versions


def all_versions(call: Call, policy: Policy) -> list[dict[str, Any]]:
    """Describe each of a policy's versions with its document, the newest first."""
    if policy.is_aws_managed:
        return [{"Document": for_answer(default_document(call, policy)), **_describe_aws_version(policy)}]
    return [{"Document": for_answer(row.document), **_describe(policy, row)} for row in _versions(call, policy)]


@operation(resource=existing_policy)
def create_policy_version(call: Call, *, policy_arn: str, policy_document: str, set_as_default: bool = False) -> Result:
    """
    Add a version to a policy, and put it in force if asked to. Numbers are never used again.

    Raises: NoSuchEntity; MalformedPolicyDocument; LimitExceeded.
    """
    policy = find_own_policy(call, policy_arn)
    check_document(policy_document, "managed")
    check_size([policy_document], "PolicySize", MANAGED_POLICY_CHARACTERS)
    count = call.connection.execute(
        select(func.count()).select_from(policy_versions).where(policy_versions.c.policy_id == policy.policy_id)
    ).scalar_one()
    if count >= VERSIONS_PER_POLICY:
        raise LimitExceeded(
            f"A managed policy can have up to {VERSIONS_PER_POLICY} versions. Before you create a new version, "
            "you must delete an existing version."
        )
    number = (
        1
        + call.connection.execute(
            select(policies.c.latest_version).where(policies.c.policy_id == policy.policy_id)
        ).scalar_one()
    )
    call.connection.execute(
        insert(policy_versions).values(
            policy_id=policy.policy_id, version=number, document=policy_document, created_at=call.now
        )
    )
    changes: dict[str, Any] = {"latest_version": number, "updated_at": call.now}
    if set_as_default:
        changes["default_version"] = number
    call.connection.execute(update(policies).where(policies.c.policy_id == policy.policy_id).values(changes))
    version = {"VersionId": f"v{number}", "IsDefaultVersion": set_as_default, "CreateDate": call.now}
    return {"PolicyVersion": version}


@operation(resource=existing_policy)
def get_policy_version(call: Call, *, policy_arn: str, version_id: str) -> Result:
    """
    Give a version's document.

    Raises: NoSuchEntity.
    """
    policy = find_policy(call, policy_arn)
    if policy.is_aws_managed:
        if version_id != policy.default_version_id:
            raise _no_such_version(policy_arn, version_id)
        description = _describe_aws_version(policy)
        return {"PolicyVersion": {"Document": for_answer(default_document(call, policy)), **description}}
    row = _find(call, policy, version_id)
    return {"PolicyVersion": {"Document": for_answer(row.document), **_describe(policy, row)}}


@operation(resource=existing_policy)
def list_policy_versions(
    call: Call, *, policy_arn: str, marker: str | None = None, max_items: int | None = None
) -> Result:
    """
    List a policy's versions, the newest first, without their documents.

    Raises: NoSuchEntity.
    """
    policy = find_policy(call, policy_arn)
    if policy.is_aws_managed:
        return {"Versions": [_describe_aws_version(policy)], "IsTruncated": False}
    rows = _versions(call, policy)
    page, truncation = slice_page(rows, lambda row: f"{10**10 - row.version:011d}", PageRequest(marker, max_items))
    return {"Versions": [_describe(policy, row) for row in page], **truncation}


@operation(resource=existing_policy)
def set_default_policy_version(call: Call, *, policy_arn: str, version_id: str) -> Result:
    """
    Put a version in force.

    Raises: NoSuchEntity.
    """
    policy = find_own_policy(call, policy_arn)
    row = _find(call, policy, version_id)
    call.connection.execute(
        update(policies)
        .where(policies.c.policy_id == policy.policy_id)
        .values(default_version=row.version, updated_at=call.now)
    )
    return None


@operation(resource=existing_policy)
def delete_policy_version(call: Call, *, policy_arn: str, version_id: str) -> Result:
    """
    Delete a version that is not in force.

    Raises: NoSuchEntity; DeleteConflict.
    """
    policy = find_own_policy(call, policy_arn)
    row = _find(call, policy, version_id)
    if version_id == policy.default_version_id:
        raise DeleteConflict("Cannot delete the default version of a policy.")
    call.connection.execute(
        delete(policy_versions).where(
            policy_versions.c.policy_id == policy.policy_id, policy_versions.c.version == row.version
        )
    )
    call.connection.execute(
        update(policies).where(policies.c.policy_id == policy.policy_id).values(updated_at=call.now)
    )
    return None


def _versions(call: Call, policy: Policy) -> Sequence[Row[Any]]:
    return call.connection.execute(
        select(policy_versions)
        .where(policy_versions.c.policy_id == policy.policy_id)
        .order_by(policy_versions.c.version.desc())
    ).all()


def _find(call: Call, policy: Policy, version_id: str) -> Row[Any]:
    digits = version_id[1:].split(".", maxsplit=1)[0]
    row = call.connection.execute(
        select(policy_versions).where(
            policy_versions.c.policy_id == policy.policy_id,
            policy_versions.c.version == (int(digits) if len(digits) <= 9 else 0),
        )
    ).one_or_none()
    if row is None or version_id != f"v{row.version}":
        raise _no_such_version(policy.arn, version_id)
    return row


def _no_such_version(policy_arn: str, version_id: str) -> NoSuchEntity:
    return NoSuchEntity(f"Policy {policy_arn} version {version_id} does not exist or is not attachable.")


def _describe(policy: Policy, row: Row[Any]) -> dict[str, Any]:
    version_id = f"v{row.version}"
    return {
        "VersionId": version_id,
        "IsDefaultVersion": version_id == policy.default_version_id,
        "CreateDate": row.created_at,
    }


def _describe_aws_version(policy: Policy) -> dict[str, Any]:
    return {"VersionId": policy.default_version_id, "IsDefaultVersion": True, "CreateDate": policy.updated_at}
