"""Tagged resources: S3's buckets in their regions, and IAM's in us-east-1, but for users and roles."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Iterator
from typing import Any, Final

from sqlalchemy import Column, Connection, Select, Table, select

from keywright.aws.arn import bucket_arn, iam_arn
from keywright.aws.errors import AwsError
from keywright.services.operation import Call, Result, operation, unnamed
from keywright.store.tables import (
    bucket_tags,
    buckets,
    instance_profile_tags,
    instance_profiles,
    mfa_device_tags,
    mfa_devices,
    oidc_provider_tags,
    oidc_providers,
    policies,
    policy_tags,
    saml_provider_tags,
    saml_providers,
    server_certificate_tags,
    server_certificates,
)

Tags = dict[str, str]

_IAM_REGION: Final = "us-east-1"
_BY_ARN: Final[tuple[tuple[Column[str], Table], ...]] = (
    (mfa_devices.c.serial_number, mfa_device_tags),
    (oidc_providers.c.arn, oidc_provider_tags),
    (policies.c.arn, policy_tags),
    (saml_providers.c.arn, saml_provider_tags),
)
_BY_NAME: Final[tuple[tuple[str, Column[str], Column[str], Table], ...]] = (
    (
        "instance-profile",
        instance_profiles.c.path,
        instance_profiles.c.instance_profile_name,
        instance_profile_tags,
    ),
    (
        "server-certificate",
        server_certificates.c.path,
        server_certificates.c.server_certificate_name,
        server_certificate_tags,
    ),
)
"""AWS: GetResources has no users and roles (API reference, "Services that support the Resource Groups Tagging API")."""
_MAX_RESOURCES: Final = 100
_MAX_TAGS: Final = 500
_TAGS_STEP: Final = 100


class InvalidParameterException(AwsError):
    """Parameters that are out of range or do not go together."""


@operation(resource=unnamed, action="tag:GetResources", takes_time=True)
def get_resources(
    call: Call,
    *,
    pagination_token: str | None = None,
    tag_filters: list[dict[str, Any]] | None = None,
    resources_per_page: int | None = None,
    tags_per_page: int | None = None,
    resource_type_filters: list[str] | None = None,
    include_compliance_details: bool = False,
    exclude_compliant_resources: bool = False,
    resource_arn_list: list[str] | None = None,
) -> Result:
    """
    List the tagged resources of this region, by ARN.

    Without an organization no tag policy is in force: every resource complies.
    Raises: InvalidParameterException.
    """
    # DIVERGES: Tagged resources.
    if resource_arn_list and (tag_filters or resource_type_filters):
        raise InvalidParameterException("ResourceARNList cannot be used with TagFilters or ResourceTypeFilters")
    if resource_arn_list and (pagination_token or resources_per_page or tags_per_page):
        raise InvalidParameterException("ResourceARNList cannot be used with pagination parameters")
    if exclude_compliant_resources and not include_compliance_details:
        raise InvalidParameterException("ExcludeCompliantResources requires IncludeComplianceDetails")
    _check_sizes(resources_per_page, tags_per_page)
    after = _read_token(pagination_token)
    found = [
        (arn, tags)
        for arn, tags in sorted(_tagged(call.connection, call.account_id, call.region))
        if arn > after
        and (not resource_arn_list or arn in resource_arn_list)
        and (not resource_type_filters or _has_type(arn, resource_type_filters))
        and all(_passes(tags, one) for one in tag_filters or ())
        and not exclude_compliant_resources
    ]
    size = _page_size(found, resources_per_page, tags_per_page)
    return {
        "PaginationToken": _write_token(found[size - 1][0]) if size < len(found) else "",
        "ResourceTagMappingList": [
            {
                "ResourceARN": arn,
                "Tags": [{"Key": key, "Value": value} for key, value in tags.items()],
                "ComplianceDetails": {"ComplianceStatus": True} if include_compliance_details else None,
            }
            for arn, tags in found[:size]
        ],
    }


def _check_sizes(resources: int | None, tags: int | None) -> None:
    if resources is not None and not 1 <= resources <= _MAX_RESOURCES:
        raise InvalidParameterException(f"ResourcesPerPage must be between 1 and {_MAX_RESOURCES}")
    if tags is not None and (not _TAGS_STEP <= tags <= _MAX_TAGS or tags % _TAGS_STEP):
        raise InvalidParameterException(f"TagsPerPage must be a multiple of {_TAGS_STEP} up to {_MAX_TAGS}")


def _tagged(connection: Connection, account_id: str, region: str) -> Iterator[tuple[str, Tags]]:
    """Read every resource that has tags, with its tags."""
    statement = (
        select(buckets.c.bucket_name, bucket_tags.c.tag_key, bucket_tags.c.tag_value)
        .join(bucket_tags, bucket_tags.c.bucket_name == buckets.c.bucket_name)
        .where(buckets.c.account_id == account_id, buckets.c.region == region)
        .order_by(bucket_tags.c.tag_key)
    )
    yield from _group((bucket_arn(name), key, value) for name, key, value in connection.execute(statement))
    if region != _IAM_REGION:
        return
    for arn, tags in _BY_ARN:
        rows = connection.execute(_of_account(account_id, tags, arn))
        yield from _group((row[0], row.tag_key, row.tag_value) for row in rows)
    for kind, path, name, tags in _BY_NAME:
        rows = connection.execute(_of_account(account_id, tags, path, name))
        yield from _group((iam_arn(account_id, kind, row[0], row[1]), row.tag_key, row.tag_value) for row in rows)


def _of_account(account_id: str, tags: Table, *columns: Column[str]) -> Select[Any]:
    """Select columns of an account's resources of one kind, with the tags of each."""
    table = columns[0].table
    statement: Select[Any] = (
        select(*columns)
        .add_columns(tags.c.tag_key, tags.c.tag_value)
        .join(tags, tags.columns[0] == table.primary_key.columns[0])
        .where(table.c.account_id == account_id)
        .order_by(tags.c.tag_key_key)
    )
    return statement


def _group(rows: Iterable[tuple[str, str, str]]) -> Iterable[tuple[str, Tags]]:
    found: dict[str, Tags] = {}
    for arn, key, value in rows:
        found.setdefault(arn, {})[key] = value
    return found.items()


def _has_type(arn: str, wanted: list[str]) -> bool:
    """Tell whether a resource's service, or its service and type, is among those that are wanted."""
    service, resource = arn.split(":", 5)[2::3]
    # AWS: "the same as that embedded in a resource's ARN"; a bucket's has no type there, and goes by this one.
    kind = "bucket" if service == "s3" else resource.partition("/")[0]
    return service in wanted or f"{service}:{kind}" in wanted


def _passes(tags: Tags, tag_filter: dict[str, Any]) -> bool:
    key, values = tag_filter.get("Key"), tag_filter.get("Values")
    if key is None:
        raise InvalidParameterException("A TagFilter must have a Key")
    return key in tags and (not values or tags[key] in values)


def _page_size(found: list[tuple[str, Tags]], resources: int | None, tags: int | None) -> int:
    """Count the resources of this page; one is never split, and one without room for it begins the next."""
    size = min(len(found), resources or _MAX_RESOURCES)
    if tags is None:
        return size
    room = tags
    for index, (_, its) in enumerate(found[:size]):
        room -= len(its)
        if room < 0:
            return index
    return size


def _write_token(arn: str) -> str:
    return base64.urlsafe_b64encode(arn.encode()).decode("ascii")


def _read_token(token: str | None) -> str:
    try:
        return base64.b64decode((token or "").encode("ascii"), b"-_", validate=True).decode()
    except (binascii.Error, UnicodeError):
        raise InvalidParameterException("The PaginationToken is invalid") from None
