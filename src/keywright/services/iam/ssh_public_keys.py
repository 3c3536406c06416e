"""SSH public keys of users."""

from __future__ import annotations

import base64
import hashlib
from typing import Any, Final, NamedTuple

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_public_key,
    load_ssh_public_key,
)
from sqlalchemy import Row, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from keywright.aws.identifiers import new_unique_id
from keywright.aws.quotas import SSH_PUBLIC_KEYS_PER_USER
from keywright.services.iam.errors import (
    DuplicateSSHPublicKey,
    InvalidInput,
    InvalidPublicKey,
    NoSuchEntity,
    UnrecognizedPublicKeyEncoding,
    ValidationError,
    quota_exceeded,
)
from keywright.services.iam.pages import PageRequest, read_page
from keywright.services.iam.users import User, existing_user, find_user, find_user_or_caller
from keywright.services.operation import Call, Result, operation
from keywright.store.tables import ssh_public_keys

_LEAST_BITS: Final = 2048


class _PublicKey(NamedTuple):
    openssh: str
    fingerprint: str


@operation(resource=existing_user)
def upload_ssh_public_key(call: Call, *, user_name: str, ssh_public_key_body: str) -> Result:
    """
    Keep a user's RSA key, active, whichever of the two encodings it comes in.

    Raises: NoSuchEntity; UnrecognizedPublicKeyEncoding; InvalidPublicKey; DuplicateSSHPublicKey; LimitExceeded.
    """
    user = find_user(call, user_name)
    key = _read(ssh_public_key_body)
    count = call.connection.execute(
        select(func.count()).select_from(ssh_public_keys).where(ssh_public_keys.c.user_id == user.user_id)
    ).scalar_one()
    if count >= SSH_PUBLIC_KEYS_PER_USER:
        raise quota_exceeded("SSHPublicKeysPerUser", SSH_PUBLIC_KEYS_PER_USER)
    key_id = new_unique_id("APKA", call.account_id)
    try:
        call.connection.execute(
            insert(ssh_public_keys).values(
                ssh_public_key_id=key_id,
                user_id=user.user_id,
                fingerprint=key.fingerprint,
                body=key.openssh,
                status="Active",
                created_at=call.now,
            )
        )
    except IntegrityError:
        raise DuplicateSSHPublicKey(
            f"The SSH Public Key is already associated with the user {user.user_name}."
        ) from None
    return {"SSHPublicKey": _describe(user, _find(call, user, key_id), ssh_public_key_body)}


@operation(resource=existing_user)
def get_ssh_public_key(call: Call, *, user_name: str, ssh_public_key_id: str, encoding: str) -> Result:
    """
    Give a key in one of its encodings.

    Raises: NoSuchEntity.
    """
    user = find_user(call, user_name)
    row = _find(call, user, ssh_public_key_id)
    return {"SSHPublicKey": _describe(user, row, _as_pem(row.body) if encoding == "PEM" else row.body)}


@operation(resource=existing_user)
def list_ssh_public_keys(
    call: Call, *, user_name: str | None = None, marker: str | None = None, max_items: int | None = None
) -> Result:
    """
    List a user's keys, without their bodies.

    Raises: NoSuchEntity; ValidationError (called by the root user without a name).
    """
    user = find_user_or_caller(call, user_name)
    if user is None:
        raise ValidationError("Must specify userName when calling with non-User credentials")
    order = ssh_public_keys.c.ssh_public_key_id
    statement = select(order.label("sorted_by"), ssh_public_keys).where(ssh_public_keys.c.user_id == user.user_id)
    rows, truncation = read_page(call.connection, statement, [order], PageRequest(marker, max_items))
    keys = [
        {
            "UserName": user.user_name,
            "SSHPublicKeyId": row.ssh_public_key_id,
            "Status": row.status,
            "UploadDate": row.created_at,
        }
        for row in rows
    ]
    return {"SSHPublicKeys": keys, **truncation}


@operation(resource=existing_user)
def update_ssh_public_key(call: Call, *, user_name: str, ssh_public_key_id: str, status: str) -> Result:
    """
    Activate or deactivate a key.

    Raises: NoSuchEntity; InvalidInput (it cannot be set to Expired).
    """
    if status not in {"Active", "Inactive"}:
        raise InvalidInput(f"Status {status} is not valid for UpdateSSHPublicKey.")
    row = _find(call, find_user(call, user_name), ssh_public_key_id)
    call.connection.execute(
        update(ssh_public_keys)
        .where(ssh_public_keys.c.ssh_public_key_id == row.ssh_public_key_id)
        .values(status=status)
    )
    return None


@operation(resource=existing_user)
def delete_ssh_public_key(call: Call, *, user_name: str, ssh_public_key_id: str) -> Result:
    """
    Delete a key.

    Raises: NoSuchEntity.
    """
    row = _find(call, find_user(call, user_name), ssh_public_key_id)
    call.connection.execute(delete(ssh_public_keys).where(ssh_public_keys.c.ssh_public_key_id == row.ssh_public_key_id))
    return None


def _read(body: str) -> _PublicKey:
    text = body.strip().encode("latin-1")
    if text.startswith(b"-----BEGIN"):
        load = load_pem_public_key
    elif text.startswith(b"ssh-"):
        load = load_ssh_public_key
    else:
        raise UnrecognizedPublicKeyEncoding("The public key must be encoded in ssh-rsa format or PEM format.")
    try:
        key = load(text)
    except (ValueError, UnsupportedAlgorithm):
        raise InvalidPublicKey("The public key is malformed.") from None
    if not isinstance(key, RSAPublicKey) or key.key_size < _LEAST_BITS:
        raise InvalidPublicKey(f"The public key must be an RSA key of {_LEAST_BITS} bits at least.")
    openssh = key.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode("ascii")
    digest = hashlib.md5(base64.b64decode(openssh.split()[1]), usedforsecurity=False).hexdigest()
    return _PublicKey(openssh, ":".join(digest[place : place + 2] for place in range(0, len(digest), 2)))


def _as_pem(openssh: str) -> str:
    key = load_ssh_public_key(openssh.encode("ascii"))
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode("ascii")


def _find(call: Call, user: User, key_id: str) -> Row[Any]:
    row = call.connection.execute(
        select(ssh_public_keys).where(
            ssh_public_keys.c.user_id == user.user_id, ssh_public_keys.c.ssh_public_key_id == key_id
        )
    ).one_or_none()
    if row is None:
        raise NoSuchEntity(f"The Public Key with id {key_id} cannot be found.")
    return row


def _describe(user: User, row: Row[Any], body: str) -> dict[str, Any]:
    return {
        "UserName": user.user_name,
        "SSHPublicKeyId": row.ssh_public_key_id,
        "Fingerprint": row.fingerprint,
        "SSHPublicKeyBody": body,
        "Status": row.status,
        "UploadDate": row.created_at,
    }
