"""The kinds of identity provider whom roles may trust, OpenID Connect and SAML, and what they have in common."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from sqlalchemy import Row, Table, func, select

from keywright.aws.quotas import OIDC_PROVIDERS_PER_ACCOUNT, SAML_PROVIDERS_PER_ACCOUNT
from keywright.services.iam.errors import NoSuchEntity, quota_exceeded
from keywright.services.iam.pages import PageRequest
from keywright.services.iam.tags import Tag, add_tags, list_tags, remove_tags
from keywright.services.operation import Call, Result
from keywright.store.tables import oidc_provider_tags, oidc_providers, saml_provider_tags, saml_providers


class ProviderKind(NamedTuple):
    """A kind of provider, and where its providers and their tags are."""

    table: Table
    tags: Table
    most: int
    quota: str
    """IAM's name for how many there may be."""
    tag_quota: str
    missing: str
    """What is said of one that is not there, before its ARN."""


OIDC: Final = ProviderKind(
    oidc_providers,
    oidc_provider_tags,
    OIDC_PROVIDERS_PER_ACCOUNT,
    "OpenIdConnectProvidersPerAccount",
    "TagsPerOpenIdConnectProvider",
    "OpenIDConnect Provider not found for arn",
)
SAML: Final = ProviderKind(
    saml_providers,
    saml_provider_tags,
    SAML_PROVIDERS_PER_ACCOUNT,
    "SAMLProvidersPerAccount",
    "TagsPerSAMLProvider",
    "Manifest not found for arn",
)


def find_provider(call: Call, kind: ProviderKind, arn: str) -> Row[Any]:
    """
    Find a provider of the account's.

    Raises: NoSuchEntity.
    """
    row = call.connection.execute(
        select(kind.table).where(kind.table.c.arn == arn, kind.table.c.account_id == call.account_id)
    ).one_or_none()
    if row is None:
        raise NoSuchEntity(f"{kind.missing} {arn}")
    return row


def check_room(call: Call, kind: ProviderKind) -> None:
    """
    See whether the account may have one more.

    Raises: LimitExceeded.
    """
    count = call.connection.execute(
        select(func.count()).select_from(kind.table).where(kind.table.c.account_id == call.account_id)
    ).scalar_one()
    if count >= kind.most:
        raise quota_exceeded(kind.quota, kind.most)


def tag_provider(call: Call, kind: ProviderKind, arn: str, tags: list[Tag]) -> None:
    """
    Set tags on a provider.

    Raises: NoSuchEntity; InvalidInput; LimitExceeded.
    """
    add_tags(call.connection, kind.tags, find_provider(call, kind, arn).arn, tags, kind.tag_quota)


def untag_provider(call: Call, kind: ProviderKind, arn: str, tag_keys: list[str]) -> None:
    """
    Remove tags from a provider.

    Raises: NoSuchEntity.
    """
    remove_tags(call.connection, kind.tags, find_provider(call, kind, arn).arn, tag_keys)


def list_provider_tags(call: Call, kind: ProviderKind, arn: str, page: PageRequest) -> Result:
    """
    List a provider's tags.

    Raises: NoSuchEntity.
    """
    return list_tags(call.connection, kind.tags, find_provider(call, kind, arn).arn, page)
