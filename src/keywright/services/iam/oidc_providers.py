"""OpenID Connect providers: whose tokens the account's roles may trust."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from keywright.aws.arn import oidc_provider_arn
from keywright.aws.quotas import CLIENT_IDS_PER_OIDC_PROVIDER, THUMBPRINTS_PER_OIDC_PROVIDER
from keywright.services.iam.errors import (
    EntityAlreadyExists,
    InvalidInput,
    ValidationError,
    quota_exceeded,
)
from keywright.services.iam.identity_providers import (
    OIDC,
    check_room,
    find_provider,
    list_provider_tags,
    tag_provider,
    untag_provider,
)
from keywright.services.iam.pages import PageRequest
from keywright.services.iam.tags import Tag, add_tags, all_tags, tagging
from keywright.services.operation import Call, Inputs, Result, Target, operation
from keywright.store.tables import oidc_client_ids, oidc_provider_tags, oidc_providers

_THUMBPRINT: Final = re.compile(r"[0-9a-fA-F]{40}")


def new_provider(call: Call, inputs: Inputs) -> Target:
    """Name the provider that is to be made."""
    return Target(oidc_provider_arn(call.account_id, inputs["url"].removeprefix("https://")))


def existing_provider(call: Call, inputs: Inputs) -> Target:
    """Name the provider that is acted upon."""
    del call
    return Target(inputs["open_id_connect_provider_arn"])


def every_provider(call: Call, inputs: Inputs) -> Target:
    """Name the account's providers."""
    del inputs
    return Target(oidc_provider_arn(call.account_id, "*"))


@operation(resource=new_provider, also=tagging("iam:TagOpenIDConnectProvider", new_provider))
def create_open_id_connect_provider(
    call: Call,
    *,
    url: str,
    client_id_list: list[str] | None = None,
    thumbprint_list: list[str] | None = None,
    tags: list[Tag] | None = None,
) -> Result:
    """
    Trust a provider's tokens. Its certificate is looked at when a token is verified, not now.

    DIVERGES: OIDC thumbprints. Where none is given AWS fetches one and keeps it; here there is none then, and a
    certificate that no authority vouches for is not trusted.
    Raises: ValidationError; EntityAlreadyExists; LimitExceeded; InvalidInput.
    """
    address = _check_url(url)
    check_room(call, OIDC)
    arn = oidc_provider_arn(call.account_id, address)
    thumbprints = _check_thumbprints(thumbprint_list or [])
    try:
        call.connection.execute(
            insert(oidc_providers).values(
                arn=arn, account_id=call.account_id, url=address, thumbprints=thumbprints, created_at=call.now
            )
        )
    except IntegrityError:
        raise EntityAlreadyExists(f"Provider with url {url} already exists.") from None
    for client_id in dict.fromkeys(client_id_list or []):
        _add_client_id(call, arn, client_id)
    add_tags(call.connection, oidc_provider_tags, arn, tags or [], OIDC.tag_quota)
    return {"OpenIDConnectProviderArn": arn, "Tags": all_tags(call.connection, oidc_provider_tags, arn) or None}


@operation(resource=existing_provider)
def get_open_id_connect_provider(call: Call, *, open_id_connect_provider_arn: str) -> Result:
    """
    Describe a provider.

    Raises: NoSuchEntity.
    """
    provider = find_provider(call, OIDC, open_id_connect_provider_arn)
    return {
        "Url": provider.url,
        "ClientIDList": _client_ids(call, provider.arn),
        "ThumbprintList": provider.thumbprints.split(),
        "CreateDate": provider.created_at,
        "Tags": all_tags(call.connection, oidc_provider_tags, provider.arn),
    }


@operation(resource=every_provider)
def list_open_id_connect_providers(call: Call) -> Result:
    """List the account's providers."""
    arns = call.connection.execute(
        select(oidc_providers.c.arn)
        .where(oidc_providers.c.account_id == call.account_id)
        .order_by(oidc_providers.c.arn)
    ).scalars()
    return {"OpenIDConnectProviderList": [{"Arn": arn} for arn in arns]}


@operation(resource=existing_provider)
def update_open_id_connect_provider_thumbprint(
    call: Call, *, open_id_connect_provider_arn: str, thumbprint_list: list[str]
) -> Result:
    """
    Replace a provider's thumbprints.

    Raises: NoSuchEntity; InvalidInput.
    """
    provider = find_provider(call, OIDC, open_id_connect_provider_arn)
    call.connection.execute(
        update(oidc_providers)
        .where(oidc_providers.c.arn == provider.arn)
        .values(thumbprints=_check_thumbprints(thumbprint_list))
    )
    return None


@operation(resource=existing_provider)
def add_client_id_to_open_id_connect_provider(
    call: Call, *, open_id_connect_provider_arn: str, client_id: str
) -> Result:
    """
    Take tokens that are for a client, too; one that is there already stays.

    Raises: NoSuchEntity; LimitExceeded.
    """
    provider = find_provider(call, OIDC, open_id_connect_provider_arn)
    if client_id not in _client_ids(call, provider.arn):
        _add_client_id(call, provider.arn, client_id)
    return None


@operation(resource=existing_provider)
def remove_client_id_from_open_id_connect_provider(
    call: Call, *, open_id_connect_provider_arn: str, client_id: str
) -> Result:
    """
    Take no more tokens that are for a client; one that is not there is no error.

    Raises: NoSuchEntity.
    """
    provider = find_provider(call, OIDC, open_id_connect_provider_arn)
    call.connection.execute(
        delete(oidc_client_ids).where(oidc_client_ids.c.arn == provider.arn, oidc_client_ids.c.client_id == client_id)
    )
    return None


@operation(resource=existing_provider)
def delete_open_id_connect_provider(call: Call, *, open_id_connect_provider_arn: str) -> Result:
    """Trust a provider no more; one that is not there is no error."""
    call.connection.execute(
        delete(oidc_providers).where(
            oidc_providers.c.arn == open_id_connect_provider_arn, oidc_providers.c.account_id == call.account_id
        )
    )
    return None


@operation(resource=existing_provider)
def tag_open_id_connect_provider(call: Call, *, open_id_connect_provider_arn: str, tags: list[Tag]) -> Result:
    """
    Set tags on a provider.

    Raises: NoSuchEntity; InvalidInput; LimitExceeded.
    """
    tag_provider(call, OIDC, open_id_connect_provider_arn, tags)
    return None


@operation(resource=existing_provider)
def untag_open_id_connect_provider(call: Call, *, open_id_connect_provider_arn: str, tag_keys: list[str]) -> Result:
    """
    Remove tags from a provider.

    Raises: NoSuchEntity.
    """
    untag_provider(call, OIDC, open_id_connect_provider_arn, tag_keys)
    return None


@operation(resource=existing_provider)
def list_open_id_connect_provider_tags(
    call: Call, *, open_id_connect_provider_arn: str, marker: str | None = None, max_items: int | None = None
) -> Result:
    """
    List a provider's tags.

    Raises: NoSuchEntity.
    """
    return list_provider_tags(call, OIDC, open_id_connect_provider_arn, PageRequest(marker, max_items))


def _client_ids(call: Call, arn: str) -> list[str]:
    statement = select(oidc_client_ids.c.client_id).where(oidc_client_ids.c.arn == arn)
    return list(call.connection.execute(statement.order_by(oidc_client_ids.c.position)).scalars())


def _add_client_id(call: Call, arn: str, client_id: str) -> None:
    count, last = call.connection.execute(
        select(func.count(), func.max(oidc_client_ids.c.position)).where(oidc_client_ids.c.arn == arn)
    ).one()
    if count >= CLIENT_IDS_PER_OIDC_PROVIDER:
        raise quota_exceeded("ClientIdsPerOpenIdConnectProvider", CLIENT_IDS_PER_OIDC_PROVIDER)
    call.connection.execute(insert(oidc_client_ids).values(arn=arn, client_id=client_id, position=(last or 0) + 1))


def _check_url(url: str) -> str:
    """Refuse what no provider's URL can be; give it without its scheme."""
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname or "@" in parts.netloc or parts.query or parts.fragment:
        raise ValidationError("Invalid Open ID Connect Provider URL")
    if any(part in {".", ".."} for part in parts.path.split("/")) or not url.isascii() or " " in url:
        raise ValidationError("Invalid Open ID Connect Provider URL")
    return url.removeprefix("https://")


def _check_thumbprints(thumbprints: list[str]) -> str:
    if len(thumbprints) > THUMBPRINTS_PER_OIDC_PROVIDER:
        raise InvalidInput(f"Thumbprint list must contain fewer than {THUMBPRINTS_PER_OIDC_PROVIDER} entries.")
    if not all(_THUMBPRINT.fullmatch(thumbprint) for thumbprint in thumbprints):
        raise InvalidInput("A thumbprint must be 40 hexadecimal digits.")
    return " ".join(thumbprint.lower() for thumbprint in thumbprints)
