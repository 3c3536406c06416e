"""Server certificates and signing certificates by boto3: read, checked, listed, renamed."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from tests.contract.certificates import chain, issue
from tests.contract.expect import pages, refused
from tests.contract.in_process import START, Account, Server

UNREADABLE = "Unable to parse certificate. Please ensure the certificate is in PEM format."


def upload(iam: Any, name: str = "web", **more: Any) -> dict[str, Any]:
    """Upload the server's certificate of the chain."""
    server = chain()[0]
    request = {"ServerCertificateName": name, "CertificateBody": server.pem, "PrivateKey": server.key_pem}
    answer: dict[str, Any] = iam.upload_server_certificate(**request | more)
    return answer


def test_a_server_certificate_is_kept(account: Account) -> None:
    """Upload answers the metadata, read off the certificate; Get gives body, chain and tags back."""
    server, intermediate, root = chain()
    whole = intermediate.pem + root.pem
    tags = [{"Key": "team", "Value": "web"}]
    answer = upload(account.iam, Path="/cloudfront/", CertificateChain=whole, Tags=tags)
    metadata = answer["ServerCertificateMetadata"]
    assert metadata["Arn"] == f"arn:aws:iam::{account.account_id}:server-certificate/cloudfront/web"
    assert re.fullmatch(r"ASCA[A-Z2-7]{17}", metadata["ServerCertificateId"])
    assert metadata["Expiration"] == server.certificate.not_valid_after_utc
    assert answer["Tags"] == tags
    kept = account.iam.get_server_certificate(ServerCertificateName="WEB")["ServerCertificate"]
    assert kept["ServerCertificateMetadata"] == metadata
    assert (kept["CertificateBody"], kept["CertificateChain"]) == (server.pem.strip(), whole.strip())
    assert kept["Tags"] == tags


def test_the_private_key_is_nowhere(account: Account, server: Server) -> None:
    """Neither the trail nor the database has a server certificate's private key."""
    upload(account.iam)
    key = chain()[0].key_pem.splitlines()[1]
    events = account.client("cloudtrail").lookup_events()["Events"]
    event = next(one for one in events if one["EventName"] == "UploadServerCertificate")
    assert key not in event["CloudTrailEvent"]
    dump = server.read(
        lambda connection: "\n".join(
            str(row) for row in connection.exec_driver_sql("SELECT * FROM server_certificates").all()
        )
    )
    assert chain()[0].pem.splitlines()[1] in dump
    assert key not in dump


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"CertificateBody": "no certificate"}, "MalformedCertificate"),
        ({"CertificateBody": chain()[0].pem + chain()[1].pem}, "MalformedCertificate"),
        ({"PrivateKey": "no key"}, "MalformedCertificate"),
        ({"PrivateKey": chain()[0].locked_key_pem}, "MalformedCertificate"),
        ({"PrivateKey": chain()[1].key_pem}, "KeyPairMismatch"),
        ({"CertificateChain": "no chain"}, "MalformedCertificate"),
        ({"CertificateChain": chain()[2].pem}, "MalformedCertificate"),
        ({"CertificateChain": chain()[2].pem + chain()[1].pem}, "MalformedCertificate"),
    ],
    ids=["body", "two-bodies", "key", "locked-key", "another-key", "chain", "gap", "order"],
)
def test_what_does_not_fit_is_refused(iam: Any, more: dict[str, str], code: str) -> None:
    """A body, key or chain that cannot be read, or is not the certificate's, is refused and nothing kept."""
    with refused(code, 400):
        upload(iam, **more)
    assert iam.list_server_certificates()["ServerCertificateMetadataList"] == []


def test_the_chain_says_where_it_breaks(iam: Any) -> None:
    """A chain that begins with another issuer says at which place."""
    _, intermediate, _ = chain()
    with refused("MalformedCertificate", 400) as answer:
        upload(iam, CertificateChain=intermediate.pem + issue("stranger").pem)
    assert answer["Error"]["Message"].endswith("The index within the chain of the invalid certificate is: 1")


def test_server_certificates_are_listed_renamed_and_deleted(account: Account, other: Account) -> None:
    """Certificates are listed by name and path, renamed and moved, deleted; another account's are not seen."""
    iam = account.iam
    for name, path in (("b", "/x/"), ("A", "/"), ("c", "/x/y/")):
        upload(iam, name, Path=path)
    upload(other.iam, "z")

    def listed(**parameters: Any) -> list[list[str]]:
        found = pages(iam, "list_server_certificates", "ServerCertificateMetadataList", 2, **parameters)
        return [[one["ServerCertificateName"] for one in page] for page in found]

    assert listed() == [["A", "b"], ["c"]]
    assert listed(PathPrefix="/x/") == [["b", "c"]]
    with refused("EntityAlreadyExists", 409, "The Server Certificate with name B already exists."):
        upload(iam, "B")
    with refused("EntityAlreadyExists", 409):
        iam.update_server_certificate(ServerCertificateName="A", NewServerCertificateName="C")
    before = iam.get_server_certificate(ServerCertificateName="A")["ServerCertificate"]["ServerCertificateMetadata"]
    iam.update_server_certificate(ServerCertificateName="A", NewServerCertificateName="d", NewPath="/z/")
    after = iam.get_server_certificate(ServerCertificateName="d")["ServerCertificate"]["ServerCertificateMetadata"]
    assert after["ServerCertificateId"] == before["ServerCertificateId"]
    assert after["Arn"].endswith(":server-certificate/z/d")
    iam.delete_server_certificate(ServerCertificateName="d")
    for call in ("get_server_certificate", "delete_server_certificate", "update_server_certificate"):
        with refused("NoSuchEntity", 404, "The Server Certificate with name d cannot be found."):
            getattr(iam, call)(ServerCertificateName="d")
    assert iam.get_account_summary()["SummaryMap"]["ServerCertificates"] == 2


def test_an_account_has_twenty_server_certificates_at_most(iam: Any) -> None:
    """The twenty-first is LimitExceeded."""
    for number in range(20):
        upload(iam, f"web{number}")
    with refused("LimitExceeded", 409, "Cannot exceed quota for ServerCertificatesPerAccount: 20"):
        upload(iam, "web20")


def test_server_certificates_have_tags(iam: Any) -> None:
    """Tags are set, listed by pages and removed; a certificate that is not there has none."""
    upload(iam, Tags=[{"Key": "a", "Value": "1"}])
    name = {"ServerCertificateName": "web"}
    iam.tag_server_certificate(**name, Tags=[{"Key": "b", "Value": "2"}])
    assert [len(page) for page in pages(iam, "list_server_certificate_tags", "Tags", ServerCertificateName="web")] == [
        1,
        1,
    ]
    iam.untag_server_certificate(**name, TagKeys=["A"])
    assert iam.list_server_certificate_tags(**name)["Tags"] == [{"Key": "b", "Value": "2"}]
    with refused("InvalidInput", 400):
        iam.tag_server_certificate(**name, Tags=[{"Key": "c", "Value": ""}, {"Key": "C", "Value": ""}])
    missing = {"ServerCertificateName": "missing"}
    with refused("NoSuchEntity", 404):
        iam.list_server_certificate_tags(**missing)
    with refused("NoSuchEntity", 404):
        iam.tag_server_certificate(**missing, Tags=[])
    with refused("NoSuchEntity", 404):
        iam.untag_server_certificate(**missing, TagKeys=["a"])


def test_a_signing_certificate_is_a_users(iam: Any) -> None:
    """Upload keeps a certificate, active; it is switched, listed and deleted."""
    iam.create_user(UserName="alice")
    pem = issue("alice").pem
    made = iam.upload_signing_certificate(UserName="alice", CertificateBody=pem)["Certificate"]
    assert (made["UserName"], made["Status"], made["CertificateBody"]) == ("alice", "Active", pem)
    assert re.fullmatch(r"[A-Z2-7]{32}", made["CertificateId"])
    this = {"UserName": "alice", "CertificateId": made["CertificateId"]}
    iam.update_signing_certificate(**this, Status="Inactive")
    [listed] = iam.list_signing_certificates(UserName="alice")["Certificates"]
    assert listed == made | {"Status": "Inactive"}
    with refused("InvalidInput", 400):
        iam.update_signing_certificate(**this, Status="Expired")
    with refused("DeleteConflict", 409, "Cannot delete entity, must delete signing certificates first."):
        iam.delete_user(UserName="alice")
    iam.delete_signing_certificate(**this)
    missing = f"The Certificate with id {made['CertificateId']} cannot be found."
    with refused("NoSuchEntity", 404, missing):
        iam.delete_signing_certificate(**this)
    with refused("NoSuchEntity", 404, missing):
        iam.update_signing_certificate(**this, Status="Active")
    iam.delete_user(UserName="alice")


def test_signing_certificates_that_are_refused(iam: Any) -> None:
    """What is no certificate, not valid now, or the account's already is refused; a third is too many."""
    for name in ("alice", "bob"):
        iam.create_user(UserName=name)
    with refused("MalformedCertificate", 400, UNREADABLE):
        iam.upload_signing_certificate(UserName="alice", CertificateBody="nothing")
    for late in (
        issue("past", since=START - timedelta(days=9), days=1),
        issue("future", since=START + timedelta(days=9999)),
    ):
        with refused("InvalidCertificate", 400):
            iam.upload_signing_certificate(UserName="alice", CertificateBody=late.pem)
    with refused("NoSuchEntity", 404):
        iam.upload_signing_certificate(UserName="nobody", CertificateBody=issue("x").pem)
    with refused("NoSuchEntity", 404):
        iam.list_signing_certificates(UserName="nobody")
    first = issue("first").pem
    iam.upload_signing_certificate(UserName="alice", CertificateBody=first)
    with refused("DuplicateCertificate", 409):
        iam.upload_signing_certificate(UserName="bob", CertificateBody=first)
    iam.upload_signing_certificate(UserName="alice", CertificateBody=issue("second").pem)
    with refused("LimitExceeded", 409):
        iam.upload_signing_certificate(UserName="alice", CertificateBody=issue("third").pem)
    assert [len(page) for page in pages(iam, "list_signing_certificates", "Certificates", UserName="alice")] == [1, 1]


def test_the_root_users_signing_certificate(account: Account) -> None:
    """Without a name a certificate is the root user's own, and the summary says so."""
    root = account.client("iam", account.root)
    root.upload_signing_certificate(CertificateBody=issue("root").pem)
    assert len(root.list_signing_certificates()["Certificates"]) == 1
    assert account.iam.list_signing_certificates()["Certificates"] == []
    assert account.iam.get_account_summary()["SummaryMap"]["AccountSigningCertificatesPresent"] == 1
