"""SAML providers: whose assertions the account's roles may trust."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from keywright.aws.arn import saml_provider_arn
from keywright.aws.quotas import PRIVATE_KEYS_PER_SAML_PROVIDER
from keywright.identity.saml_metadata import MetadataError, read_metadata
from keywright.services.iam.errors import EntityAlreadyExists, InvalidInput, NoSuchEntity, quota_exceeded
from keywright.services.iam.identity_providers import (
    SAML,
    check_room,
    find_provider,
    list_provider_tags,
    tag_provider,
    untag_provider,
)
from keywright.services.iam.pages import PageRequest
from keywright.services.iam.tags import Tag, add_tags, all_tags, tagging
from keywright.services.operation import Call, Inputs, Result, Target, operation
from keywright.store.tables import saml_private_keys, saml_provider_tags, saml_providers

_DEFAULT_YEARS: Final = 100
"""AWS: a metadata document without a validUntil counts for a century."""
_ID_ALPHABET: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_ID_CHARACTERS: Final = 26


def new_provider(call: Call, inputs: Inputs) -> Target:
    """Name the provider that is to be made."""
    return Target(saml_provider_arn(call.account_id, inputs["name"]))


def existing_provider(call: Call, inputs: Inputs) -> Target:
    """Name the provider that is acted upon."""
    del call
    return Target(inputs["saml_provider_arn"])


def every_provider(call: Call, inputs: Inputs) -> Target:
    """Name the account's providers."""
    del inputs
    return Target(saml_provider_arn(call.account_id, "*"))


@operation(resource=new_provider, also=tagging("iam:TagSAMLProvider", new_provider))
def create_saml_provider(
    call: Call,
    *,
    saml_metadata_document: str,
    name: str,
    tags: list[Tag] | None = None,
    assertion_encryption_mode: str | None = None,
    add_private_key: str | None = None,
) -> Result:
    """
    Trust a provider's assertions, by the certificates in its metadata.

    Raises: InvalidInput; EntityAlreadyExists; LimitExceeded.
    """
    valid_until = _check_metadata(call, saml_metadata_document)
    _check_encryption(assertion_encryption_mode, has_key=add_private_key is not None)
    check_room(call, SAML)
    arn = saml_provider_arn(call.account_id, name)
    try:
        call.connection.execute(
            insert(saml_providers).values(
                arn=arn,
                account_id=call.account_id,
                provider_uuid=_new_id(),
                provider_name=name,
                metadata_document=saml_metadata_document,
                assertion_encryption_mode=assertion_encryption_mode,
                valid_until=valid_until,
                created_at=call.now,
            )
        )
    except IntegrityError:
        raise EntityAlreadyExists(f"SAMLProvider {arn} already exists.") from None
    if add_private_key is not None:
        _add_key(call, arn, add_private_key)
    add_tags(call.connection, saml_provider_tags, arn, tags or [], SAML.tag_quota)
    return {"SAMLProviderArn": arn, "Tags": all_tags(call.connection, saml_provider_tags, arn) or None}


@operation(resource=existing_provider)
def get_saml_provider(call: Call, *, saml_provider_arn: str) -> Result:
    """
    Describe a provider, with the metadata that it was given.

    Raises: NoSuchEntity.
    """
    provider = find_provider(call, SAML, saml_provider_arn)
    keys = call.connection.execute(
        select(saml_private_keys.c.key_id, saml_private_keys.c.created_at)
        .where(saml_private_keys.c.arn == provider.arn)
        .order_by(saml_private_keys.c.created_at)
    )
    return {
        "SAMLProviderUUID": provider.provider_uuid,
        "SAMLMetadataDocument": provider.metadata_document,
        "CreateDate": provider.created_at,
        "ValidUntil": provider.valid_until,
        "Tags": all_tags(call.connection, saml_provider_tags, provider.arn),
        "AssertionEncryptionMode": provider.assertion_encryption_mode,
        "PrivateKeyList": [{"KeyId": key.key_id, "Timestamp": key.created_at} for key in keys],
    }


@operation(resource=every_provider)
def list_saml_providers(call: Call) -> Result:
    """List the account's providers."""
    rows = call.connection.execute(
        select(saml_providers.c.arn, saml_providers.c.valid_until, saml_providers.c.created_at)
        .where(saml_providers.c.account_id == call.account_id)
        .order_by(saml_providers.c.arn)
    )
    found = [{"Arn": row.arn, "ValidUntil": row.valid_until, "CreateDate": row.created_at} for row in rows]
    return {"SAMLProviderList": found}


@operation(resource=existing_provider)
def update_saml_provider(
    call: Call,
    *,
    saml_provider_arn: str,
    saml_metadata_document: str | None = None,
    assertion_encryption_mode: str | None = None,
    add_private_key: str | None = None,
    remove_private_key: str | None = None,
) -> Result:
    """
    Replace a provider's metadata, say whether its assertions must be encrypted, exchange what decrypts them.

    Raises: NoSuchEntity; InvalidInput; LimitExceeded.
    """
    provider = find_provider(call, SAML, saml_provider_arn)
    values: dict[str, Any] = {}
    if saml_metadata_document is not None:
        valid_until = _check_metadata(call, saml_metadata_document)
        values = {"metadata_document": saml_metadata_document, "valid_until": valid_until}
    if remove_private_key is not None:
        _remove_key(call, provider.arn, remove_private_key)
    if add_private_key is not None:
        _add_key(call, provider.arn, add_private_key)
    mode = assertion_encryption_mode or provider.assertion_encryption_mode
    _check_encryption(mode, has_key=_count_keys(call, provider.arn) > 0)
    values["assertion_encryption_mode"] = mode
    call.connection.execute(update(saml_providers).where(saml_providers.c.arn == provider.arn).values(values))
    return {"SAMLProviderArn": provider.arn}


@operation(resource=existing_provider)
def delete_saml_provider(call: Call, *, saml_provider_arn: str) -> Result:
    """
    Trust a provider no more.

    Raises: NoSuchEntity.
    """
    provider = find_provider(call, SAML, saml_provider_arn)
    call.connection.execute(delete(saml_providers).where(saml_providers.c.arn == provider.arn))
    return None


@operation(resource=existing_provider)
def tag_saml_provider(call: Call, *, saml_provider_arn: str, tags: list[Tag]) -> Result:
    """
    Set tags on a provider.

    Raises: NoSuchEntity; InvalidInput; LimitExceeded.
    """
    tag_provider(call, SAML, saml_provider_arn, tags)
    return None


@operation(resource=existing_provider)
def untag_saml_provider(call: Call, *, saml_provider_arn: str, tag_keys: list[str]) -> Result:
    """
    Remove tags from a provider.

    Raises: NoSuchEntity.
    """
    untag_provider(call, SAML, saml_provider_arn, tag_keys)
    return None


@operation(resource=existing_provider)
def list_saml_provider_tags(
    call: Call, *, saml_provider_arn: str, marker: str | None = None, max_items: int | None = None
) -> Result:
    """
    List a provider's tags.

    Raises: NoSuchEntity.
    """
    return list_provider_tags(call, SAML, saml_provider_arn, PageRequest(marker, max_items))


def _check_metadata(call: Call, document: str) -> datetime:
    """Refuse what is no metadata; give the moment until which it counts."""
    try:
        metadata = read_metadata(document)
    except MetadataError:
        raise InvalidInput("Could not parse metadata") from None
    if metadata.valid_until is not None:
        return metadata.valid_until
    # The 29th of February has no like in a hundred years.
    return call.now.replace(year=call.now.year + _DEFAULT_YEARS, day=min(call.now.day, 28))


def _check_encryption(mode: str | None, *, has_key: bool) -> None:
    if mode == "Required" and not has_key:
        raise InvalidInput("A private key is required where assertions must be encrypted.")


def _count_keys(call: Call, arn: str) -> int:
    return call.connection.execute(
        select(func.count()).select_from(saml_private_keys).where(saml_private_keys.c.arn == arn)
    ).scalar_one()


def _add_key(call: Call, arn: str, pem: str) -> None:
    try:
        key = load_pem_private_key(pem.encode(), None)
    except (TypeError, ValueError):
        key = None
    if not isinstance(key, RSAPrivateKey):
        raise InvalidInput("The private key must be an RSA key in PEM form, not encrypted itself.")
    if _count_keys(call, arn) >= PRIVATE_KEYS_PER_SAML_PROVIDER:
        raise quota_exceeded("PrivateKeysPerSAMLProvider", PRIVATE_KEYS_PER_SAML_PROVIDER)
    key_id = _new_id()
    sealed = call.sealer.seal(pem.encode(), f"saml_private_keys/{key_id}")
    call.connection.execute(
        insert(saml_private_keys).values(key_id=key_id, arn=arn, sealed_key=sealed, created_at=call.now)
    )


def _remove_key(call: Call, arn: str, key_id: str) -> None:
    removed = call.connection.execute(
        delete(saml_private_keys).where(saml_private_keys.c.arn == arn, saml_private_keys.c.key_id == key_id)
    )
    if removed.rowcount == 0:
        raise NoSuchEntity(f"Private key {key_id} not found for arn {arn}")


def _new_id() -> str:
    return "".join(secrets.choice(_ID_ALPHABET) for _ in range(_ID_CHARACTERS))
