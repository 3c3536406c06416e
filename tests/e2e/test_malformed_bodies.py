"""Bodies that are no form, no JSON, no XML and no chunks: the client's error, and no harm done."""

from __future__ import annotations

from typing import Final

import pytest

from tests.e2e.live_server import LiveServer
from tests.e2e.signing import Key, Request, lookup_events, query, s3, send

pytestmark = pytest.mark.usefixtures("unharmed")

MEBIBYTE: Final = 1 << 20


def _signed(server: LiveServer, admin: Key, request: Request, body: bytes) -> int:
    """Sign and send a body that does not fit, so that it is its form that is refused."""
    answer = send(server, request.with_body(body).with_header("Content-Length", None).signed(server, admin))
    return answer.status


FORMS: Final = {
    "nothing": b"",
    "no action": b"Version=2010-05-08",
    "an unknown action": b"Action=DoEverything&Version=2010-05-08",
    "an unknown version": b"Action=GetUser&Version=1999-01-01",
    "two actions": b"Action=GetUser&Action=ListUsers&Version=2010-05-08",
    "bad escapes": b"Action=GetUser&UserName=%zz%&Version=2010-05-08",
    "bad UTF-8": b"Action=GetUser&UserName=%ff%fe&Version=2010-05-08",
    "raw high bytes": b"Action=GetUser&UserName=\xff\xfe&Version=2010-05-08",
    "NULs": b"Action=GetUser&UserName=%00&Version=2010-05-08",
    "a lone surrogate": b"Action=GetUser&UserName=%ed%a0%80&Version=2010-05-08",
    "no equals signs": b"&&&&Action&GetUser",
    "a structure for a string": b"Action=GetUser&UserName.member.1=a&Version=2010-05-08",
    "a string for a list": b"Action=TagUser&UserName=a&Tags=b&Version=2010-05-08",
    "an absurd index": b"Action=TagUser&UserName=a&Tags.member.99999999999.Key=a&Version=2010-05-08",
    "a negative index": b"Action=TagUser&UserName=a&Tags.member.-1.Key=a&Version=2010-05-08",
    "an index that is none": b"Action=TagUser&UserName=a&Tags.member.x.Key=a&Version=2010-05-08",
    "deep nesting": b"Action=TagUser&UserName=a&" + b"Tags.member.1." * 3000 + b"Key=a&Version=2010-05-08",
    "many fields": b"Action=GetUser&Version=2010-05-08" + b"".join(b"&F%d=1" % n for n in range(50_000)),
    "a number that is none": b"Action=ListUsers&MaxItems=many&Version=2010-05-08",
    "an absurd number": b"Action=ListUsers&MaxItems=" + b"9" * 5000 + b"&Version=2010-05-08",
    "a date that is none": b"Action=GetUser&Version=2010-05-08&X=2026-99-99",
    "a long value": b"Action=GetUser&UserName=" + b"a" * MEBIBYTE + b"&Version=2010-05-08",
    "a policy of nested lists": b"Action=CreatePolicy&PolicyName=p&Version=2010-05-08&PolicyDocument=" + b"[" * 100_000,
    "a policy of surrogates": b'Action=CreatePolicy&PolicyName=p&Version=2010-05-08&PolicyDocument="%5Cud800"',
    "a policy of a long number": b"Action=CreatePolicy&PolicyName=p&Version=2010-05-08&PolicyDocument="
    + b"1" * 100_000,
    "a marker that is none": b"Action=ListUsers&Marker=%80abc&Version=2010-05-08",
    "a marker of another list": b"Action=ListUsers&Marker=WzEsMl0=&Version=2010-05-08",
}


@pytest.mark.parametrize("name", FORMS)
def test_malformed_form(server: LiveServer, admin: Key, name: str) -> None:
    """A form that is none, or fits no operation, is the client's error."""
    assert 200 <= _signed(server, admin, query("iam", "GetUser"), FORMS[name]) < 500


JSON: Final = {
    "nothing": b"",
    "a brace": b"{",
    "a list": b"[]",
    "null": b"null",
    "a string": b'"x"',
    "bad UTF-8": b'{"NextToken": "\xff\xfe"}',
    "a UTF-16 text": '{"MaxResults": 1}'.encode("utf-16"),
    "a byte order mark": b"\xef\xbb\xbf{}",
    "a lone surrogate": b'{"NextToken": "\\ud800"}',
    "a NUL": b'{"NextToken": "\\u0000"}',
    "nested lists": b'{"LookupAttributes": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "nested objects": b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
    "another type": b'{"MaxResults": "many"}',
    "a fraction": b'{"MaxResults": 1.5}',
    "an absurd number": b'{"MaxResults": 1e999}',
    "a long number": b'{"MaxResults": ' + b"9" * 10_000 + b"}",
    "a time out of range": b'{"StartTime": 1e18}',
    "a negative time": b'{"StartTime": -1e18}',
    "a time that is none": b'{"StartTime": "yesterday"}',
    "not a number": b'{"StartTime": NaN}',
    "two of a name": b'{"MaxResults": 1, "MaxResults": 2}',
    "an unknown member": b'{"NoSuchMember": 1}',
    "an unknown attribute": b'{"LookupAttributes": [{"AttributeKey": "Weather", "AttributeValue": "x"}]}',
    "an attribute without value": b'{"LookupAttributes": [{"AttributeKey": "EventId"}]}',
    "a null in a list": b'{"LookupAttributes": [null]}',
    "a token of another kind": b'{"NextToken": "WzEsMl0="}',
    "a form": b"Action=LookupEvents",
}


@pytest.mark.parametrize("name", JSON)
def test_malformed_json(server: LiveServer, admin: Key, name: str) -> None:
    """A body that is no JSON, or does not fit the operation, is the client's error."""
    assert 200 <= _signed(server, admin, lookup_events(), JSON[name]) < 500


def test_unknown_target(server: LiveServer, admin: Key) -> None:
    """A target that names no operation, or none at all, is the client's error."""
    for target in ("", "x", "....", "CloudTrail_20131101.NoSuchOperation", "\xff.LookupEvents", "a" * 10_000):
        request = lookup_events().with_header("X-Amz-Target", target)
        assert 400 <= send(server, request.signed(server, admin)).status < 500


XML: Final = {
    "a bracket": b"<",
    "text": b"us-west-2",
    "an unclosed element": b"<CreateBucketConfiguration><LocationConstraint>",
    "another element": b"<Nonsense/>",
    "bad UTF-8": b"<CreateBucketConfiguration>\xff</CreateBucketConfiguration>",
    "a NUL": b"<CreateBucketConfiguration>\x00</CreateBucketConfiguration>",
    "an unknown encoding": b'<?xml version="1.0" encoding="klingon"?><CreateBucketConfiguration/>',
    "an external entity": b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>'
    b"<CreateBucketConfiguration><LocationConstraint>&b;</LocationConstraint></CreateBucketConfiguration>",
    "a billion laughs": b"<!DOCTYPE a [<!ENTITY a0 'ha'>"
    + b"".join(b"<!ENTITY a%d '&a%d;&a%d;&a%d;&a%d;&a%d;&a%d;&a%d;&a%d;'>" % (n, *[n - 1] * 8) for n in range(1, 12))
    + b"]><CreateBucketConfiguration><LocationConstraint>&a11;</LocationConstraint></CreateBucketConfiguration>",
    "deep nesting": b"<a>" * 50_000 + b"</a>" * 50_000,
    "many attributes": b"<CreateBucketConfiguration " + b" ".join(b'a%d="1"' % n for n in range(20_000)) + b"/>",
    "a long text": b"<CreateBucketConfiguration><LocationConstraint>%b</LocationConstraint></CreateBucketConfiguration>"
    % (b"a" * MEBIBYTE),
    "two documents": b"<CreateBucketConfiguration/><CreateBucketConfiguration/>",
    "JSON": b'{"LocationConstraint": "us-west-2"}',
}


@pytest.mark.parametrize("name", XML)
def test_malformed_xml(server: LiveServer, admin: Key, name: str) -> None:
    """A body that is no XML, is hostile, or does not fit the operation is the client's error, and makes no bucket."""
    bucket = "/xml-" + name.lower().replace(" ", "-")
    assert 400 <= send(server, s3("PUT", bucket, XML[name]).signed(server, admin)).status < 500
    assert send(server, s3("GET", bucket + "?location").signed(server, admin)).status == 404


BUCKET_PATHS: Final = ("/..", "/%2e%2e", "/" + "a" * 5000, "/%00", "/%ff", "//", "/UPPER", "/a", "/a_b", "/192.168.1.1")


@pytest.mark.parametrize("path", BUCKET_PATHS)
def test_odd_bucket_names(server: LiveServer, admin: Key, path: str) -> None:
    """A path that can be no bucket is the client's error."""
    assert 400 <= send(server, s3("PUT", path).signed(server, admin)).status < 500


CHUNKS: Final = {
    "nothing": b"",
    "noise": b"zz",
    "a signature too short": b"5;chunk-signature=0\r\nabcde\r\n0;chunk-signature=0\r\n\r\n",
    "a wrong signature": b"0;chunk-signature=" + b"0" * 64 + b"\r\n\r\n",
    "an absurd size": b"f" * 5000 + b"\r\n",
    "a negative size": b"-5\r\n",
    "a size without its bytes": b"5\r\n",
    "no line ends": b"0" * 100_000,
    "an endless trailer": b"0\r\n" + b"x-amz-checksum-crc32: AAAAAA==\r\n" * 5000 + b"\r\n",
}


@pytest.mark.parametrize("name", CHUNKS)
@pytest.mark.parametrize(
    "kind",
    [
        "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
        "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
        "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
        "STREAMING-NONSENSE",
    ],
)
def test_malformed_chunks(server: LiveServer, admin: Key, kind: str, name: str) -> None:
    """A chunked payload that is none, in every signing style, is the client's error, and makes no bucket."""
    request = s3("PUT", "/chunked-bucket").with_header("X-Amz-Decoded-Content-Length", "0")
    if kind.endswith("TRAILER"):
        request = request.with_header("X-Amz-Trailer", "x-amz-checksum-crc32")
    signed = request.with_header("X-Amz-Content-SHA256", kind).signed(server, admin)
    assert 400 <= send(server, signed.with_body(CHUNKS[name])).status < 500
    assert send(server, s3("GET", "/chunked-bucket?location").signed(server, admin)).status == 404
