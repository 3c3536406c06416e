"""The tags of instance profiles."""

from __future__ import annotations

from keywright.services.iam.instance_profiles import existing_instance_profile, find_instance_profile
from keywright.services.iam.pages import PageRequest
from keywright.services.iam.tags import Tag, add_tags, list_tags, remove_tags
from keywright.services.operation import Call, Result, operation
from keywright.store.tables import instance_profile_tags


@operation(resource=existing_instance_profile)
def tag_instance_profile(call: Call, *, instance_profile_name: str, tags: list[Tag]) -> Result:
    """
    Set tags on an instance profile.

    Raises: NoSuchEntity; InvalidInput; LimitExceeded (TagsPerInstanceProfile).
    """
    add_tags(
        call.connection,
        instance_profile_tags,
        find_instance_profile(call, instance_profile_name).instance_profile_id,
        tags,
        "TagsPerInstanceProfile",
    )
    return None


@operation(resource=existing_instance_profile)
def untag_instance_profile(call: Call, *, instance_profile_name: str, tag_keys: list[str]) -> Result:
    """
    Remove tags from an instance profile.

    Raises: NoSuchEntity.
    """
    remove_tags(
        call.connection,
        instance_profile_tags,
        find_instance_profile(call, instance_profile_name).instance_profile_id,
        tag_keys,
    )
    return None


@operation(resource=existing_instance_profile)
def list_instance_profile_tags(
    call: Call, *, instance_profile_name: str, marker: str | None = None, max_items: int | None = None
) -> Result:
    """
    List an instance profile's tags by key.

    Raises: NoSuchEntity.
    """
    instance_profile = find_instance_profile(call, instance_profile_name)
    return list_tags(
        call.connection, instance_profile_tags, instance_profile.instance_profile_id, PageRequest(marker, max_items)
    )
