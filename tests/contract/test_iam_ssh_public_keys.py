"""SSH public keys by boto3: both encodings, the fingerprint, and what is no key."""

from __future__ import annotations

import base64
import hashlib
import re
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.contract.certificates import as_pem, as_ssh, rsa_key
from tests.contract.expect import pages, refused
from tests.contract.in_process import Account

ED25519 = Ed25519PrivateKey.generate().public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()


@pytest.fixture
def alice(iam: Any) -> str:
    """A user."""
    iam.create_user(UserName="alice")
    return "alice"


@pytest.mark.parametrize("write", [as_ssh, as_pem])
def test_a_key_comes_and_goes_in_both_encodings(iam: Any, alice: str, write: Any) -> None:
    """A key is taken in OpenSSH's encoding and in PEM, and given in either; its fingerprint is ssh-keygen's MD5."""
    key = rsa_key()
    made = iam.upload_ssh_public_key(UserName=alice, SSHPublicKeyBody=write(key))["SSHPublicKey"]
    digest = hashlib.md5(base64.b64decode(as_ssh(key).split()[1]), usedforsecurity=False).hexdigest()
    assert made["Fingerprint"] == ":".join(re.findall("..", digest))
    assert (made["UserName"], made["Status"], made["SSHPublicKeyBody"]) == (alice, "Active", write(key))
    assert re.fullmatch(r"APKA[A-Z2-7]{17}", made["SSHPublicKeyId"])
    this = {"UserName": alice, "SSHPublicKeyId": made["SSHPublicKeyId"]}
    for encoding, body in (("SSH", as_ssh(key)), ("PEM", as_pem(key))):
        given = iam.get_ssh_public_key(**this, Encoding=encoding)["SSHPublicKey"]
        assert given == made | {"SSHPublicKeyBody": body}
    with refused("ValidationError", 400):
        iam.get_ssh_public_key(**this, Encoding="DER")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("nothing", "UnrecognizedPublicKeyEncoding"),
        ("ssh-rsa AAAA", "InvalidPublicKey"),
        ("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n", "InvalidPublicKey"),
        (ED25519, "InvalidPublicKey"),
        (as_ssh(rsa_key(1024)), "InvalidPublicKey"),
    ],
    ids=["nothing", "broken-ssh", "broken-pem", "ed25519", "1024-bits"],
)
def test_what_is_no_strong_rsa_key_is_refused(iam: Any, alice: str, body: str, code: str) -> None:
    """Another encoding, a broken key, one that is not RSA and one of less than 2048 bits are refused."""
    with refused(code, 400):
        iam.upload_ssh_public_key(UserName=alice, SSHPublicKeyBody=body)


def test_a_key_is_a_users_once(iam: Any, alice: str) -> None:
    """The same key again, commented or in the other encoding, is DuplicateSSHPublicKey; another user may have it."""
    iam.create_user(UserName="bob")
    iam.upload_ssh_public_key(UserName=alice, SSHPublicKeyBody=as_ssh(rsa_key()))
    for body in (as_ssh(rsa_key(), " alice@laptop"), as_pem(rsa_key())):
        with refused("DuplicateSSHPublicKey", 400):
            iam.upload_ssh_public_key(UserName=alice, SSHPublicKeyBody=body)
    iam.upload_ssh_public_key(UserName="bob", SSHPublicKeyBody=as_ssh(rsa_key()))


def test_a_user_has_five_keys_at_most(iam: Any, alice: str) -> None:
    """The sixth key is LimitExceeded; the pages list five, without their bodies."""
    for number in range(5):
        iam.upload_ssh_public_key(UserName=alice, SSHPublicKeyBody=as_ssh(rsa_key(number=number)))
    with refused("LimitExceeded", 409, "Cannot exceed quota for SSHPublicKeysPerUser: 5"):
        iam.upload_ssh_public_key(UserName=alice, SSHPublicKeyBody=as_ssh(rsa_key(number=5)))
    found = pages(iam, "list_ssh_public_keys", "SSHPublicKeys", 2, UserName=alice)
    assert [len(page) for page in found] == [2, 2, 1]
    assert set(found[0][0]) == {"UserName", "SSHPublicKeyId", "Status", "UploadDate"}


def test_keys_are_switched_and_deleted(iam: Any, alice: str) -> None:
    """A key is deactivated and deleted; while there is one its user is not."""
    made = iam.upload_ssh_public_key(UserName=alice, SSHPublicKeyBody=as_ssh(rsa_key()))["SSHPublicKey"]
    this = {"UserName": alice, "SSHPublicKeyId": made["SSHPublicKeyId"]}
    iam.update_ssh_public_key(**this, Status="Inactive")
    assert iam.list_ssh_public_keys(UserName=alice)["SSHPublicKeys"][0]["Status"] == "Inactive"
    with refused("InvalidInput", 400):
        iam.update_ssh_public_key(**this, Status="Expired")
    with refused("DeleteConflict", 409, "Cannot delete entity, must remove referenced objects first."):
        iam.delete_user(UserName=alice)
    iam.delete_ssh_public_key(**this)
    missing = f"The Public Key with id {made['SSHPublicKeyId']} cannot be found."
    with refused("NoSuchEntity", 404, missing):
        iam.delete_ssh_public_key(**this)
    with refused("NoSuchEntity", 404, missing):
        iam.update_ssh_public_key(**this, Status="Active")
    with refused("NoSuchEntity", 404, missing):
        iam.get_ssh_public_key(**this, Encoding="SSH")
    with refused("NoSuchEntity", 404):
        iam.upload_ssh_public_key(UserName="nobody", SSHPublicKeyBody=as_ssh(rsa_key()))


def test_the_root_user_has_no_ssh_keys(account: Account) -> None:
    """Without a name the keys are the caller's, and the root user has none to list."""
    assert account.iam.list_ssh_public_keys()["SSHPublicKeys"] == []
    with refused("ValidationError", 400):
        account.client("iam", account.root).list_ssh_public_keys()
