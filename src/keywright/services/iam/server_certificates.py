"""Server certificates: what a TLS server of the account would show."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete

from keywright.services.iam.entities import (
    SERVER_CERTIFICATE,
    Entity,
    below_path,
    existing,
    find,
    make,
    page_below,
    rename,
    to_be_made,
)
from keywright.services.iam.pages import PageRequest
from keywright.services.iam.pem import check_chain, check_key, read_certificate
from keywright.services.iam.tags import Tag, add_tags, all_tags, list_tags, remove_tags, tagging
from keywright.services.operation import Call, Result, operation
from keywright.store.tables import server_certificate_tags, server_certificates

_TAG_QUOTA = "TagsPerServerCertificate"


@operation(
    resource=to_be_made(SERVER_CERTIFICATE),
    also=tagging("iam:TagServerCertificate", to_be_made(SERVER_CERTIFICATE)),
)
def upload_server_certificate(
    call: Call,
    *,
    server_certificate_name: str,
    certificate_body: str,
    private_key: str,
    path: str = "/",
    certificate_chain: str | None = None,
    tags: list[Tag] | None = None,
) -> Result:
    """
    Keep a certificate, and its chain. The private key is seen to be the certificate's, and forgotten.

    Raises: MalformedCertificate; KeyPairMismatch; EntityAlreadyExists; LimitExceeded; InvalidInput (tags).
    """
    certificate = read_certificate(certificate_body)
    check_key(certificate, private_key)
    if certificate_chain is not None:
        check_chain(certificate, certificate_chain)
    certificate_id = make(
        call,
        SERVER_CERTIFICATE,
        server_certificate_name,
        path,
        certificate_body=certificate_body.strip(),
        certificate_chain=None if certificate_chain is None else certificate_chain.strip(),
        expires_at=certificate.not_valid_after_utc,
    )
    add_tags(call.connection, server_certificate_tags, certificate_id, tags or [], _TAG_QUOTA)
    made = find(call, SERVER_CERTIFICATE, server_certificate_name)
    return {
        "ServerCertificateMetadata": _describe(call, made),
        "Tags": all_tags(call.connection, server_certificate_tags, certificate_id) or None,
    }


@operation(resource=existing(SERVER_CERTIFICATE))
def get_server_certificate(call: Call, *, server_certificate_name: str) -> Result:
    """
    Give a certificate, its chain and its tags.

    Raises: NoSuchEntity.
    """
    row = find(call, SERVER_CERTIFICATE, server_certificate_name)
    return {
        "ServerCertificate": {
            "ServerCertificateMetadata": _describe(call, row),
            "CertificateBody": row.certificate_body,
            "CertificateChain": row.certificate_chain,
            "Tags": all_tags(call.connection, server_certificate_tags, row.server_certificate_id) or None,
        }
    }


@operation(resource=below_path(SERVER_CERTIFICATE))
def list_server_certificates(
    call: Call, *, path_prefix: str = "/", marker: str | None = None, max_items: int | None = None
) -> Result:
    """List the account's certificates by name, without their bodies and tags."""
    rows, truncation = page_below(call, SERVER_CERTIFICATE, path_prefix, PageRequest(marker, max_items))
    return {"ServerCertificateMetadataList": [_describe(call, row) for row in rows], **truncation}


@operation(resource=existing(SERVER_CERTIFICATE))
def update_server_certificate(
    call: Call,
    *,
    server_certificate_name: str,
    new_path: str | None = None,
    new_server_certificate_name: str | None = None,
) -> Result:
    """
    Rename a certificate or move it to another path.

    Raises: NoSuchEntity; EntityAlreadyExists.
    """
    row = find(call, SERVER_CERTIFICATE, server_certificate_name)
    rename(call, SERVER_CERTIFICATE, row, new_server_certificate_name, new_path)
    return None


@operation(resource=existing(SERVER_CERTIFICATE))
def delete_server_certificate(call: Call, *, server_certificate_name: str) -> Result:
    """
    Delete a certificate.

    Raises: NoSuchEntity.
    """
    certificate_id = _find_id(call, server_certificate_name)
    call.connection.execute(
        delete(server_certificates).where(server_certificates.c.server_certificate_id == certificate_id)
    )
    return None


@operation(resource=existing(SERVER_CERTIFICATE))
def tag_server_certificate(call: Call, *, server_certificate_name: str, tags: list[Tag]) -> Result:
    """
    Set tags on a certificate.

    Raises: NoSuchEntity; InvalidInput; LimitExceeded.
    """
    certificate_id = _find_id(call, server_certificate_name)
    add_tags(call.connection, server_certificate_tags, certificate_id, tags, _TAG_QUOTA)
    return None


@operation(resource=existing(SERVER_CERTIFICATE))
def untag_server_certificate(call: Call, *, server_certificate_name: str, tag_keys: list[str]) -> Result:
    """
    Remove tags from a certificate.

    Raises: NoSuchEntity.
    """
    remove_tags(call.connection, server_certificate_tags, _find_id(call, server_certificate_name), tag_keys)
    return None


@operation(resource=existing(SERVER_CERTIFICATE))
def list_server_certificate_tags(
    call: Call, *, server_certificate_name: str, marker: str | None = None, max_items: int | None = None
) -> Result:
    """
    List a certificate's tags by key.

    Raises: NoSuchEntity.
    """
    certificate_id = _find_id(call, server_certificate_name)
    return list_tags(call.connection, server_certificate_tags, certificate_id, PageRequest(marker, max_items))


def _find_id(call: Call, name: str) -> str:
    return SERVER_CERTIFICATE.row_id(find(call, SERVER_CERTIFICATE, name))


def _describe(call: Call, row: Entity) -> dict[str, Any]:
    return {
        "Path": row.path,
        "ServerCertificateName": row.server_certificate_name,
        "ServerCertificateId": row.server_certificate_id,
        "Arn": SERVER_CERTIFICATE.arn(call.account_id, row),
        "UploadDate": row.created_at,
        "Expiration": row.expires_at,
    }
