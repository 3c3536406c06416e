"""Customer managed policies, and AWS's beside them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, func, insert, select
from sqlalchemy.exc import IntegrityError

from keywright.aws.arn import iam_arn
from keywright.aws.identifiers import new_unique_id
from keywright.aws.quotas import MANAGED_POLICY_CHARACTERS, POLICIES_PER_ACCOUNT
from keywright.identity.aws_managed import aws_managed_policies
from keywright.services.iam.documents import check_document, check_size
from keywright.services.iam.errors import DeleteConflict, EntityAlreadyExists, NoSuchEntity, quota_exceeded
from keywright.services.iam.managed import (
    UNUSED,
    Policy,
    Usage,
    existing_policy,
    find_own_policy,
    find_policy,
    from_aws,
    from_row,
    usage,
    usages,
)
from keywright.services.iam.pages import PageRequest, slice_page
from keywright.services.iam.tags import Tag, add_tags, all_tags, tagging
from keywright.services.operation import Call, Inputs, Result, Target, operation
from keywright.store.tables import policies, policy_tags, policy_versions


def new_policy(call: Call, inputs: Inputs) -> Target:
    """Name the policy that is to be made."""
    name = inputs["policy_name"]
    return Target(iam_arn(call.account_id, "policy", inputs.get("path") or "/", name), f"policy {name}")


def policy_path(call: Call, inputs: Inputs) -> Target:
    """Name the policies below a path."""
    path = inputs.get("path_prefix") or "/"
    return Target(iam_arn(call.account_id, "policy", path, ""), f"policy path {path}")


def describe_policy(policy: Policy, uses: Usage) -> dict[str, Any]:
    """Describe a managed policy, without its tags."""
    return {
        "PolicyName": policy.policy_name,
        "PolicyId": policy.policy_id,
        "Arn": policy.arn,
        "Path": policy.path,
        "DefaultVersionId": policy.default_version_id,
        "AttachmentCount": uses.attachments,
        "PermissionsBoundaryUsageCount": uses.boundaries,
        "IsAttachable": True,
        "Description": policy.description or None,
        "CreateDate": policy.created_at,
        "UpdateDate": policy.updated_at,
    }


@operation(resource=new_policy, also=tagging("iam:TagPolicy", new_policy))
def create_policy(
    call: Call,
    *,
    policy_name: str,
    policy_document: str,
    path: str = "/",
    description: str = "",
    tags: list[Tag] | None = None,
) -> Result:
    """
    Make a managed policy, with its document as version v1.

    Raises: EntityAlreadyExists; MalformedPolicyDocument; LimitExceeded; InvalidInput.
    """
    connection, account_id = call.connection, call.account_id
    check_document(policy_document, "managed")
    check_size([policy_document], "PolicySize", MANAGED_POLICY_CHARACTERS)
    count = connection.execute(
        select(func.count()).select_from(policies).where(policies.c.account_id == account_id)
    ).scalar_one()
    if count >= POLICIES_PER_ACCOUNT:
        raise quota_exceeded("PoliciesPerAccount", POLICIES_PER_ACCOUNT)
    policy_id = new_unique_id("ANPA", account_id)
    arn = iam_arn(account_id, "policy", path, policy_name)
    try:
        connection.execute(
            insert(policies).values(
                policy_id=policy_id,
                account_id=account_id,
                policy_name=policy_name,
                policy_name_key=policy_name.casefold(),
                path=path,
                arn=arn,
                description=description,
                default_version=1,
                latest_version=1,
                created_at=call.now,
                updated_at=call.now,
            )
        )
    except IntegrityError:
        raise EntityAlreadyExists(
            f"A policy called {policy_name} already exists. Duplicate names are not allowed."
        ) from None
    connection.execute(
        insert(policy_versions).values(policy_id=policy_id, version=1, document=policy_document, created_at=call.now)
    )
    add_tags(connection, policy_tags, policy_id, tags or [], "TagsPerPolicy")
    # AWS: the answer to CreatePolicy has no description, GetPolicy's has (API reference, "CreatePolicy").
    described = describe_policy(find_policy(call, arn), UNUSED)
    del described["Description"]
    return {"Policy": described | {"Tags": all_tags(connection, policy_tags, policy_id) or None}}


@operation(resource=existing_policy)
def get_policy(call: Call, *, policy_arn: str) -> Result:
    """
    Describe a managed policy.

    Raises: NoSuchEntity; ValidationError.
    """
    policy = find_policy(call, policy_arn)
    tags = [] if policy.is_aws_managed else all_tags(call.connection, policy_tags, policy.policy_id)
    return {"Policy": describe_policy(policy, usage(call, policy.arn)) | {"Tags": tags}}


@operation(resource=policy_path)
def list_policies(
    call: Call,
    *,
    scope: str = "All",
    only_attached: bool = False,
    path_prefix: str = "/",
    policy_usage_filter: str | None = None,
    marker: str | None = None,
    max_items: int | None = None,
) -> Result:
    """List managed policies, the account's own and AWS's, by name; without descriptions and tags, as AWS does."""
    found: list[Policy] = []
    if scope in {"All", "Local"}:
        rows = call.connection.execute(select(policies).where(policies.c.account_id == call.account_id))
        found += [from_row(row) for row in rows]
    if scope in {"All", "AWS"}:
        found += [from_aws(policy) for policy in aws_managed_policies().values()]
    uses = usages(call)
    found = [
        policy
        for policy in found
        if policy.path.startswith(path_prefix)
        and _passes(uses.get(policy.arn, UNUSED), policy_usage_filter, only_attached=only_attached)
    ]
    found.sort(key=_sort_key)
    page, truncation = slice_page(found, _sort_key, PageRequest(marker, max_items))
    described = [describe_policy(policy, uses.get(policy.arn, UNUSED)) for policy in page]
    for description in described:
        del description["Description"]
    return {"Policies": described, **truncation}


@operation(resource=existing_policy)
def delete_policy(call: Call, *, policy_arn: str) -> Result:
    """
    Delete a policy that nobody bears and that has but its default version.

    Raises: NoSuchEntity; DeleteConflict.
    """
    try:
        policy = find_own_policy(call, policy_arn)
    except NoSuchEntity:
        raise NoSuchEntity(f"Policy {policy_arn} was not found.") from None
    if any(usage(call, policy.arn)):
        raise DeleteConflict("Cannot delete a policy attached to entities.")
    versions = call.connection.execute(
        select(func.count()).select_from(policy_versions).where(policy_versions.c.policy_id == policy.policy_id)
    ).scalar_one()
    if versions > 1:
        raise DeleteConflict(
            "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. "
            "The default version is deleted with the policy."
        )
    call.connection.execute(delete(policies).where(policies.c.policy_id == policy.policy_id))
    return None


def _passes(uses: Usage, usage_filter: str | None, *, only_attached: bool) -> bool:
    if only_attached and not uses.attachments:
        return False
    if usage_filter == "PermissionsBoundary":
        return uses.boundaries > 0
    return usage_filter is None or uses.attachments > 0


def _sort_key(policy: Policy) -> str:
    return f"{policy.policy_name.casefold()}\0{policy.arn}"
