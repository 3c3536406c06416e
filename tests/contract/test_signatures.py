"""Every way to be wrong, by boto3: each has AWS's code, status and words (facts §11)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from botocore import auth

from tests.contract.expect import refused
from tests.contract.in_process import ENDPOINT, Account, Key, Server

MISMATCH = (
    "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key "
    "and signing method. Consult the service documentation for details."
)
S3_MISMATCH = (
    "The request signature we calculated does not match the signature you provided. Check your key and signing method."
)
UNKNOWN = "The security token included in the request is invalid."
S3_UNKNOWN = "The AWS Access Key Id you provided does not exist in our records."
CALLS = {"sts": "get_caller_identity", "iam": "get_user", "cloudtrail": "lookup_events", "s3": "list_buckets"}


def call(account: Account, service: str, key: Key) -> None:
    """Make a service's plainest call."""
    getattr(account.client(service, key), CALLS[service])()


@pytest.mark.parametrize(
    ("service", "code", "status", "message"),
    [
        ("sts", "SignatureDoesNotMatch", 403, MISMATCH),
        ("iam", "SignatureDoesNotMatch", 403, MISMATCH),
        ("cloudtrail", "InvalidSignatureException", 400, MISMATCH),
        ("s3", "SignatureDoesNotMatch", 403, S3_MISMATCH),
    ],
)
def test_a_wrong_secret(account: Account, service: str, code: str, status: int, message: str) -> None:
    """A wrong secret is a signature that does not match."""
    with refused(code, status, message):
        call(account, service, account.admin._replace(secret="x" * 40))


@pytest.mark.parametrize(
    ("service", "code", "status", "message"),
    [
        ("sts", "InvalidClientTokenId", 403, UNKNOWN),
        ("iam", "InvalidClientTokenId", 403, UNKNOWN),
        ("cloudtrail", "UnrecognizedClientException", 400, UNKNOWN),
        ("s3", "InvalidAccessKeyId", 403, S3_UNKNOWN),
    ],
)
def test_an_unknown_key(account: Account, service: str, code: str, status: int, message: str) -> None:
    """A key that nobody has is told apart from a wrong secret, as AWS does."""
    with refused(code, status, message):
        call(account, service, Key("AKIA" + "Q" * 16, "x" * 40))


@pytest.mark.parametrize(
    ("service", "code", "status"),
    [
        ("sts", "MissingAuthenticationToken", 403),
        ("iam", "MissingAuthenticationToken", 403),
        ("cloudtrail", "MissingAuthenticationTokenException", 400),
    ],
)
def test_no_signature(server: Server, service: str, code: str, status: int) -> None:
    """An unsigned request is refused before anything is looked up."""
    with refused(code, status):
        getattr(server.client(service, None), CALLS[service])()


def test_no_signature_for_a_bucket(server: Server) -> None:
    """An unsigned request for a bucket is S3's AccessDenied, whether the bucket is there or not."""
    with refused("AccessDenied", 403, "Access Denied"):
        server.client("s3", None).get_bucket_location(Bucket="any-bucket")


@pytest.mark.parametrize(("skew", "word"), [(timedelta(hours=-1), "expired"), (timedelta(hours=1), "not yet current")])
def test_a_clock_that_is_an_hour_off(
    account: Account, monkeypatch: pytest.MonkeyPatch, skew: timedelta, word: str
) -> None:
    """An hour late and an hour early are refused with both times; five minutes are not."""
    true = auth.get_current_datetime
    monkeypatch.setattr(auth, "get_current_datetime", lambda **options: true(**options) + skew)
    with refused("SignatureDoesNotMatch", 403) as answer:
        call(account, "sts", account.admin)
    assert answer["Error"]["Message"].startswith(f"Signature {word}: ")
    assert " 15 min.)" in answer["Error"]["Message"]
    with refused("InvalidSignatureException", 400):
        call(account, "cloudtrail", account.admin)
    with refused("RequestTimeTooSkewed", 403):
        call(account, "s3", account.admin)
    monkeypatch.setattr(auth, "get_current_datetime", lambda **options: true(**options) + skew / 12)
    call(account, "sts", account.admin)


def test_a_body_that_was_changed_on_its_way(account: Account) -> None:
    """A body other than the signed one is a mismatch, and nothing of it is done."""
    iam = account.client("iam")

    def tamper(request: Any, **_context: Any) -> None:
        request.body = request.body.replace("alice", "mallo")

    iam.meta.events.register_first("before-send.iam.CreateUser", tamper)
    with refused("SignatureDoesNotMatch", 403, MISMATCH):
        iam.create_user(UserName="alice")
    assert [user["UserName"] for user in account.iam.list_users()["Users"]] == ["admin"]


@pytest.mark.parametrize("part", ["Credential=", "SignedHeaders=", "Signature="])
def test_half_an_authorization(account: Account, part: str) -> None:
    """An Authorization header that lacks a part is IncompleteSignature, and says which."""
    sts = account.client("sts")

    def cut(request: Any, **_context: Any) -> None:
        sent = request.headers["Authorization"]
        value = sent.decode() if isinstance(sent, bytes) else sent
        kind, _, parts = value.partition(" ")
        rest = [one for one in parts.split(", ") if not one.startswith(part)]
        del request.headers["Authorization"]
        request.headers["Authorization"] = f"{kind} {', '.join(rest)}"

    sts.meta.events.register_first("before-send.sts.GetCallerIdentity", cut)
    with refused("IncompleteSignature", 400) as answer:
        sts.get_caller_identity()
    assert f"Authorization header requires '{part[:-1]}' parameter." in answer["Error"]["Message"]


def test_a_presigned_call(account: Account) -> None:
    """A presigned GetCallerIdentity works for 15 minutes whatever its X-Amz-Expires says, as on AWS's STS."""
    url = account.client("sts").generate_presigned_url("get_caller_identity", ExpiresIn=60, HttpMethod="GET")
    server = account.server
    server.clock.advance(minutes=14)
    answer = server.send("GET", url, [])
    assert answer.status == 200
    assert account.account_id.encode() in answer.body
    server.clock.advance(minutes=2)
    late = server.send("GET", url, [])
    assert (late.status, b"Signature expired: " in late.body) == (403, True)


def test_what_is_not_awss_is_answered_plainly(server: Server) -> None:
    """/health says ok and / what this is, to everybody; what is nothing is not found."""
    assert server.send("GET", f"{ENDPOINT}/health", [])[::2] == (200, b"ok\n")
    assert b"Keywright" in server.send("GET", f"{ENDPOINT}/", []).body
    assert server.send("DELETE", f"{ENDPOINT}/health", []).status == 405


def test_an_operation_that_aws_does_not_know(server: Server) -> None:
    """An unknown Action is InvalidAction in AWS's form, signed or not."""
    headers = [("content-type", "application/x-www-form-urlencoded; charset=utf-8")]
    reply = server.send("POST", f"{ENDPOINT}/", headers, b"Action=MakeCoffee&Version=2010-05-08")
    assert reply.status == 400
    assert b"<Code>InvalidAction</Code>" in reply.body
    assert b"MakeCoffee" in reply.body
    assert "x-amzn-requestid" in reply.headers


USE_VERSION_4 = "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256."


def test_version_2_is_refused_with_what_to_do(account: Account, server: Server) -> None:
    """S3 refuses boto3's own default for presigned URLs, and version 2 in a header, and says what to sign with."""
    url = account.client("s3").generate_presigned_url("get_object", Params={"Bucket": "bucket", "Key": "key"})
    assert "AWSAccessKeyId=" in url
    for headers, address in (
        ([], url),
        ([("Authorization", "AWS AKIAQQQQ:c2lnbmF0dXJl/w==")], f"{ENDPOINT}/bucket/key"),
    ):
        reply = server.send("GET", address, headers)
        assert (reply.status, b"<Code>InvalidRequest</Code>" in reply.body) == (400, True), reply.body
        assert USE_VERSION_4.encode() in reply.body
    client = account.client("s3", signature_version="s3v4")
    client.create_bucket(Bucket="signed-by-version-4")
    url = client.generate_presigned_url("head_bucket", Params={"Bucket": "signed-by-version-4"})
    assert server.send("HEAD", url, []).status == 200
