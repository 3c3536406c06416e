"""Signing certificates: X.509, for the services of old that were asked by them."""

from __future__ import annotations

import base64
from typing import Any

from cryptography.hazmat.primitives.hashes import SHA1
from sqlalchemy import ColumnElement, Row, and_, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from keywright.aws.quotas import SIGNING_CERTIFICATES_PER_USER
from keywright.services.iam.errors import DuplicateCertificate, InvalidInput, NoSuchEntity, quota_exceeded
from keywright.services.iam.pages import PageRequest, read_page
from keywright.services.iam.pem import check_validity, read_certificate
from keywright.services.iam.users import User, existing_user, find_user_or_caller
from keywright.services.operation import Call, Result, operation
from keywright.store.tables import signing_certificates


@operation(resource=existing_user)
def upload_signing_certificate(call: Call, *, certificate_body: str, user_name: str | None = None) -> Result:
    """
    Keep a user's certificate, active.

    Raises: NoSuchEntity; MalformedCertificate; InvalidCertificate; DuplicateCertificate; LimitExceeded.
    """
    user = find_user_or_caller(call, user_name)
    certificate = read_certificate(certificate_body)
    check_validity(certificate, call.now)
    count = call.connection.execute(
        select(func.count()).select_from(signing_certificates).where(_owned_by(call, user))
    ).scalar_one()
    if count >= SIGNING_CERTIFICATES_PER_USER:
        raise quota_exceeded("CertificatesPerUser", SIGNING_CERTIFICATES_PER_USER)
    # A fingerprint, not a proof: SHA-1 gives the 32 characters that AWS's ids have.
    certificate_id = base64.b32encode(certificate.fingerprint(SHA1())).decode("ascii")  # noqa: S303
    try:
        call.connection.execute(
            insert(signing_certificates).values(
                account_id=call.account_id,
                certificate_id=certificate_id,
                user_id=None if user is None else user.user_id,
                # As it came: Terraform makes the certificate anew where its last newline is not told again.
                certificate_body=certificate_body,
                status="Active",
                created_at=call.now,
            )
        )
    except IntegrityError:
        raise DuplicateCertificate(f"The certificate {certificate_id} is associated with a user already.") from None
    return {"Certificate": _describe(user, _find(call, user, certificate_id))}


@operation(resource=existing_user)
def list_signing_certificates(
    call: Call, *, user_name: str | None = None, marker: str | None = None, max_items: int | None = None
) -> Result:
    """
    List a user's certificates.

    Raises: NoSuchEntity.
    """
    user = find_user_or_caller(call, user_name)
    order = signing_certificates.c.certificate_id
    statement = select(order.label("sorted_by"), signing_certificates).where(_owned_by(call, user))
    rows, truncation = read_page(call.connection, statement, [order], PageRequest(marker, max_items))
    return {"Certificates": [_describe(user, row) for row in rows], **truncation}


@operation(resource=existing_user)
def update_signing_certificate(call: Call, *, certificate_id: str, status: str, user_name: str | None = None) -> Result:
    """
    Activate or deactivate a certificate.

    Raises: NoSuchEntity; InvalidInput (it cannot be set to Expired).
    """
    if status not in {"Active", "Inactive"}:
        raise InvalidInput(f"Status {status} is not valid for UpdateSigningCertificate.")
    row = _find(call, find_user_or_caller(call, user_name), certificate_id)
    call.connection.execute(update(signing_certificates).where(_same(call, row)).values(status=status))
    return None


@operation(resource=existing_user)
def delete_signing_certificate(call: Call, *, certificate_id: str, user_name: str | None = None) -> Result:
    """
    Delete a certificate.

    Raises: NoSuchEntity.
    """
    row = _find(call, find_user_or_caller(call, user_name), certificate_id)
    call.connection.execute(delete(signing_certificates).where(_same(call, row)))
    return None


def _owned_by(call: Call, user: User | None) -> ColumnElement[bool]:
    """Select the certificates of a user; without one, the account's root user's."""
    if user is not None:
        return and_(signing_certificates.c.user_id == user.user_id)
    return and_(signing_certificates.c.account_id == call.account_id, signing_certificates.c.user_id.is_(None))


def _same(call: Call, row: Row[Any]) -> ColumnElement[bool]:
    return and_(
        signing_certificates.c.account_id == call.account_id,
        signing_certificates.c.certificate_id == row.certificate_id,
    )


def _find(call: Call, user: User | None, certificate_id: str) -> Row[Any]:
    row = call.connection.execute(
        select(signing_certificates).where(
            _owned_by(call, user), signing_certificates.c.certificate_id == certificate_id
        )
    ).one_or_none()
    if row is None:
        raise NoSuchEntity(f"The Certificate with id {certificate_id} cannot be found.")
    return row


def _describe(user: User | None, row: Row[Any]) -> dict[str, Any]:
    return {
        "UserName": None if user is None else user.user_name,
        "CertificateId": row.certificate_id,
        "CertificateBody": row.certificate_body,
        "Status": row.status,
        "UploadDate": row.created_at,
    }
