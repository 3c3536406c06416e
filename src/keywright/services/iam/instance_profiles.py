"""Instance profiles: what carries a role to an EC2 instance."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import delete, select, update

from keywright.services.iam.entities import (
    INSTANCE_PROFILE,
    Entity,
    below_path,
    existing,
    find,
    make,
    page_below,
    to_be_made,
)
from keywright.services.iam.errors import DeleteConflict, LimitExceeded, NoSuchEntity
from keywright.services.iam.pages import PageRequest, read_page
from keywright.services.iam.roles import Role, describe_role, existing_role, find_modifiable_role, find_role
from keywright.services.iam.tags import Tag, add_tags, all_tags, tagging
from keywright.services.operation import Call, Inputs, Permission, Result, operation
from keywright.store.tables import instance_profile_tags, instance_profiles, roles

InstanceProfile = Entity
"""A row of `instance_profiles`."""

existing_instance_profile: Final = existing(INSTANCE_PROFILE)
new_instance_profile: Final = to_be_made(INSTANCE_PROFILE)


def find_instance_profile(call: Call, instance_profile_name: str) -> InstanceProfile:
    """
    Find an instance profile of the calling account by name, in whatever case.

    Raises: NoSuchEntity.
    """
    return find(call, INSTANCE_PROFILE, instance_profile_name)


def passing_role(call: Call, inputs: Inputs) -> Iterator[Permission]:
    """Ask whether the role may be passed to EC2."""
    role = existing_role(call, inputs)._replace(refusal_text=None)
    yield Permission("iam:PassRole", role, {"iam:PassedToService": ("ec2.amazonaws.com",)})


def profiles_of_role(call: Call, role: Role) -> list[dict[str, Any]]:
    """Describe the instance profiles that carry a role, by name."""
    rows = call.connection.execute(
        select(instance_profiles)
        .where(instance_profiles.c.role_id == role.role_id)
        .order_by(instance_profiles.c.instance_profile_name_key)
    )
    return [_describe(call, row) for row in rows]


@operation(resource=new_instance_profile, also=tagging("iam:TagInstanceProfile", new_instance_profile))
def create_instance_profile(
    call: Call, *, instance_profile_name: str, path: str = "/", tags: list[Tag] | None = None
) -> Result:
    """
    Make an instance profile, with no role in it.

    Raises: EntityAlreadyExists; LimitExceeded (InstanceProfilesPerAccount, TagsPerInstanceProfile); InvalidInput.
    """
    profile_id = make(call, INSTANCE_PROFILE, instance_profile_name, path)
    add_tags(call.connection, instance_profile_tags, profile_id, tags or [], "TagsPerInstanceProfile")
    profile = find_instance_profile(call, instance_profile_name)
    return {"InstanceProfile": _describe(call, profile) | _tags(call, profile)}


@operation(resource=existing_instance_profile)
def get_instance_profile(call: Call, *, instance_profile_name: str) -> Result:
    """
    Describe an instance profile, its role and its tags.

    Raises: NoSuchEntity.
    """
    profile = find_instance_profile(call, instance_profile_name)
    return {"InstanceProfile": _describe(call, profile) | _tags(call, profile)}


@operation(resource=below_path(INSTANCE_PROFILE))
def list_instance_profiles(
    call: Call, *, path_prefix: str = "/", marker: str | None = None, max_items: int | None = None
) -> Result:
    """List the account's instance profiles by name, without their tags, as AWS does."""
    rows, truncation = page_below(call, INSTANCE_PROFILE, path_prefix, PageRequest(marker, max_items))
    return {"InstanceProfiles": [_describe(call, row) for row in rows], **truncation}


@operation(resource=existing_role)
def list_instance_profiles_for_role(
    call: Call, *, role_name: str, marker: str | None = None, max_items: int | None = None
) -> Result:
    """
    List the instance profiles that carry a role, by name.

    Raises: NoSuchEntity.
    """
    key = instance_profiles.c.instance_profile_name_key
    statement = select(key.label("sorted_by"), instance_profiles).where(
        instance_profiles.c.role_id == find_role(call, role_name).role_id
    )
    rows, truncation = read_page(call.connection, statement, [key], PageRequest(marker, max_items))
    return {"InstanceProfiles": [_describe(call, row) for row in rows], **truncation}


@operation(resource=existing_instance_profile, also=passing_role)
def add_role_to_instance_profile(call: Call, *, instance_profile_name: str, role_name: str) -> Result:
    """
    Put a role into an instance profile that has none.

    Raises: NoSuchEntity; LimitExceeded (one role in a profile); UnmodifiableEntity.
    """
    profile = find_instance_profile(call, instance_profile_name)
    role = find_modifiable_role(call, role_name)
    if profile.role_id is not None:
        raise LimitExceeded("Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1")
    _put_role(call, profile, role.role_id)
    return None


@operation(resource=existing_instance_profile)
def remove_role_from_instance_profile(call: Call, *, instance_profile_name: str, role_name: str) -> Result:
    """
    Take the role out of an instance profile.

    Raises: NoSuchEntity (no such profile or role, or the role is not in it); UnmodifiableEntity.
    """
    profile = find_instance_profile(call, instance_profile_name)
    role = find_modifiable_role(call, role_name)
    if profile.role_id != role.role_id:
        raise NoSuchEntity(f"Role {role.role_name} is not in instance profile {profile.instance_profile_name}.")
    _put_role(call, profile, None)
    return None


@operation(resource=existing_instance_profile)
def delete_instance_profile(call: Call, *, instance_profile_name: str) -> Result:
    """
    Delete an instance profile that has no role in it.

    Raises: NoSuchEntity; DeleteConflict.
    """
    profile = find_instance_profile(call, instance_profile_name)
    if profile.role_id is not None:
        raise DeleteConflict("Cannot delete entity, must remove roles from instance profile first.")
    call.connection.execute(
        delete(instance_profiles).where(instance_profiles.c.instance_profile_id == profile.instance_profile_id)
    )
    return None


def _put_role(call: Call, profile: InstanceProfile, role_id: str | None) -> None:
    call.connection.execute(
        update(instance_profiles)
        .where(instance_profiles.c.instance_profile_id == profile.instance_profile_id)
        .values(role_id=role_id)
    )


def _describe(call: Call, profile: InstanceProfile) -> dict[str, Any]:
    carried = call.connection.execute(select(roles).where(roles.c.role_id == profile.role_id))
    return {
        "Path": profile.path,
        "InstanceProfileName": profile.instance_profile_name,
        "InstanceProfileId": profile.instance_profile_id,
        "Arn": INSTANCE_PROFILE.arn(call.account_id, profile),
        "CreateDate": profile.created_at,
        "Roles": [_describe_carried(call, role) for role in carried],
    }


def _describe_carried(call: Call, role: Role) -> dict[str, Any]:
    described = describe_role(call, role)
    # AWS: a role in an instance profile is shown without these two (API reference, "GetInstanceProfile").
    return {name: value for name, value in described.items() if name not in {"Description", "MaxSessionDuration"}}


def _tags(call: Call, profile: InstanceProfile) -> dict[str, Any]:
    return {"Tags": all_tags(call.connection, instance_profile_tags, profile.instance_profile_id) or None}
