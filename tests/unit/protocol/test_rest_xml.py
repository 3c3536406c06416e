"""The REST-XML protocol: S3."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from keywright.aws.errors import AwsError
from keywright.aws.model import Member, OperationModel, ServiceModel, Shape
from keywright.protocol import Routes
from keywright.protocol import rest_xml as codec
from keywright.protocol.constraints import Constraints, Wording
from keywright.protocol.refusals import InvalidArgument, MalformedXML, MissingRequestBodyError
from keywright.protocol.rest_binding import compile_headers
from keywright.protocol.routed import Route
from keywright.protocol.xml_read import MAX_DEPTH, MAX_ELEMENTS, XmlReaders, read_xml
from keywright.protocol.xml_write import XmlWriters
from tests.unit.endings import must_end

REQUEST_ID = "0123456789ABCDEF"
PROLOGUE = '<?xml version="1.0" encoding="UTF-8"?>\n'
NAMESPACE = 'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"'
Send = Callable[..., Route]


class NoSuchBucket(AwsError):
    """An error that S3's model knows."""


class NotModified(AwsError):
    """An answer that has no body."""

    status = 304


@pytest.fixture
def send(routes: Routes, ask: Callable[..., Any], signed: Callable[[str], dict[str, str]]) -> Send:
    """Give the route of a request to S3."""

    def route(method: str, path: str, query: str = "", *, body: bytes = b"", **headers: str) -> Route:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        found = routes.route(ask(method, path, query, body=body, headers=named | signed("s3")))
        assert found is not None
        return found

    return route


def test_labels_queries_and_headers_become_keywords(send: Send) -> None:
    """Each location of the model is read, typed, under botocore's keyword."""
    route = send(
        "PUT", "/b/k", body=b"data", content_length="4", x_amz_meta_Colour="blue", x_amz_acl="private",
        x_amz_server_side_encryption_bucket_key_enabled="true", expires="Fri, 02 Jan 2026 03:04:05 GMT",
        x_amz_object_lock_retain_until_date="2026-01-02T03:04:05Z",
    )  # fmt: skip
    assert route.parse() == {
        "bucket": "b",
        "key": "k",
        "body": b"data",
        "acl": "private",
        "content_length": 4,
        "metadata": {"colour": "blue"},
        "bucket_key_enabled": True,
        "expires": "Fri, 02 Jan 2026 03:04:05 GMT",
        "object_lock_retain_until_date": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
    }
    listing = send("GET", "/b", "list-type=2&max-keys=7&prefix=a%2F+b&fetch-owner=false")
    assert listing.parse() == {"bucket": "b", "max_keys": 7, "prefix": "a/ b", "fetch_owner": False}


def test_a_list_in_a_header_is_split(send: Send) -> None:
    """Commas part the items of a header."""
    route = send("GET", "/b/k", "attributes", x_amz_object_attributes="ETag, ObjectSize")
    assert route.parse()["object_attributes"] == ["ETag", "ObjectSize"]


def test_a_value_that_cannot_be_read_is_an_invalid_argument(send: Send) -> None:
    """A number that is none, a field twice and a field that nobody knows are InvalidArgument."""
    for query in ("max-keys=x", "max-keys=1&max-keys=1", "colour=blue"):
        with pytest.raises(InvalidArgument):
            send("GET", "/b", query).parse()
    with pytest.raises(InvalidArgument, match="Value 'everyone' at 'aCL' failed"):
        send("PUT", "/b", x_amz_acl="everyone").parse()


def test_a_literal_a_signature_and_an_sdks_mark_are_no_arguments(send: Send) -> None:
    """What is in the query string for other reasons is let pass."""
    query = "location&x-id=GetBucketLocation&X-Amz-Signature=00&AWSAccessKeyId=AKIA&&"
    assert send("GET", "/b", query).parse() == {"bucket": "b"}


def test_a_presigned_header_may_stand_in_the_query(send: Send) -> None:
    """Presigning moves headers into the query string: S3's own are read there, others ignored as headers are."""
    query = "x-amz-expected-bucket-owner=111122223333&x-amz-user-agent=aws-sdk-js"
    assert send("GET", "/b", query).parse() == {"bucket": "b", "expected_bucket_owner": "111122223333"}


def test_a_body_is_optional_or_not(send: Send) -> None:
    """CreateBucket may have a body; PutBucketTagging must."""
    assert send("PUT", "/b").parse() == {"bucket": "b"}
    body = f"<CreateBucketConfiguration {NAMESPACE}><LocationConstraint>eu-west-1</LocationConstraint>"
    parsed = send("PUT", "/b", body=f"{body}</CreateBucketConfiguration>".encode()).parse()
    assert parsed["create_bucket_configuration"] == {"LocationConstraint": "eu-west-1"}
    with pytest.raises(MissingRequestBodyError):
        send("PUT", "/b", "tagging").parse()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<",
        b"\xff",
        b"<Tagging>",
        b"<Tagging/>",
        b"<Other><TagSet/></Other>",
        b"<Tagging><TagSet/><TagSet/></Tagging>",
        b"<Tagging><TagSet><Tog/></TagSet></Tagging>",
        b"<Tagging><TagSet>text</TagSet></Tagging>",
        b"<Tagging>text<TagSet/></Tagging>",
        b"<Tagging><Colour/></Tagging>",
        b"<Tagging a='b'><TagSet/></Tagging>",
        b"<Tagging><TagSet><Tag><Key><b/></Key><Value/></Tag></TagSet></Tagging>",
        b"<Tagging><TagSet><Tag><Key>a</Key></Tag></TagSet></Tagging>",
        b"<!DOCTYPE Tagging><Tagging><TagSet/></Tagging>",
        b'<!DOCTYPE T [<!ENTITY e "x">]><Tagging><TagSet><Tag><Key>&e;</Key><Value/></Tag></TagSet></Tagging>',
        b"<Tagging>&nosuch;</Tagging>",
        b"<?xml version='1.0' encoding='utf-7'?><Tagging>+ADw-</Tagging>",
        b"<a>" * (MAX_DEPTH + 1) + b"</a>" * (MAX_DEPTH + 1),
        b"<Tagging>" + b"<a/>" * MAX_ELEMENTS + b"</Tagging>",
    ],
)
def test_a_body_that_does_not_fit_is_malformed(send: Send, body: bytes) -> None:
    """Broken XML, document types, entities, wrong elements, text in odd places and excess are MalformedXML."""
    route = send("PUT", "/b", "tagging", body=body or b" ")
    with pytest.raises(MalformedXML, match=r"^The XML you provided was not well-formed"):
        route.parse()


def test_a_number_in_a_body_must_be_one(send: Send) -> None:
    """A scalar of another type in a body is MalformedXML too."""
    body = b"<PublicAccessBlockConfiguration><BlockPublicAcls>maybe</BlockPublicAcls></PublicAccessBlockConfiguration>"
    with pytest.raises(MalformedXML):
        send("PUT", "/b", "publicAccessBlock", body=body).parse()


def test_long_texts_in_a_body_take_linear_time() -> None:
    """Ten megabytes of text in one element are joined once."""
    with must_end():
        assert len(read_xml(b"<a>" + b"x&amp;" * 1_700_000 + b"</a>").text) == 3_400_000


def test_an_attribute_may_be_a_member(send: Send) -> None:
    """A grantee's type is an attribute, both ways."""
    grantee = (
        '<Grantee xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="CanonicalUser"><ID>i</ID></Grantee>'
    )
    acl = f"<AccessControlPolicy><AccessControlList><Grant>{grantee}</Grant></AccessControlList></AccessControlPolicy>"
    parsed = send("PUT", "/b", "acl", body=acl.encode()).parse()
    grants = [{"Grantee": {"ID": "i", "Type": "CanonicalUser"}}]
    assert parsed["access_control_policy"] == {"Grants": grants}
    assert grantee.encode() in send("GET", "/b", "acl").serialise({"Grants": grants}, REQUEST_ID).body


def test_a_text_body_is_text(send: Send) -> None:
    """A bucket policy is the body itself, in UTF-8, both ways."""
    assert send("PUT", "/b", "policy", body=b'{"a":"\xc3\xbc"}').parse()["policy"] == '{"a":"ü"}'
    with pytest.raises(InvalidArgument, match="UTF-8"):
        send("PUT", "/b", "policy", body=b"\xff").parse()
    response = send("GET", "/b", "policy").serialise({"Policy": "{}"}, REQUEST_ID)
    assert response.body == b"{}"
    assert b"content-type" not in dict(response.headers)


def test_answers_have_s3s_names_and_headers(send: Send) -> None:
    """The root element, both request ids, the type and the length are S3's."""
    when = datetime(2026, 1, 2, 3, 4, 5, 6000, tzinfo=UTC)
    response = send("GET", "/").serialise({"Buckets": [{"Name": "b", "CreationDate": when}]}, REQUEST_ID)
    assert response.status == 200
    assert response.body.decode() == (
        f"{PROLOGUE}<ListAllMyBucketsResult {NAMESPACE}><Buckets><Bucket><Name>b</Name>"
        "<CreationDate>2026-01-02T03:04:05.006Z</CreationDate></Bucket></Buckets></ListAllMyBucketsResult>"
    )
    headers = dict(response.headers)
    assert headers[b"x-amz-request-id"] == REQUEST_ID.encode()
    assert len(headers[b"x-amz-id-2"]) == 64
    assert headers[b"content-type"] == b"application/xml"
    assert headers[b"content-length"] == str(len(response.body)).encode()


def test_a_location_is_its_own_root(send: Send) -> None:
    """GetBucketLocation's root element is the value, empty for us-east-1."""
    route = send("GET", "/b", "location")
    root = f"LocationConstraint {NAMESPACE}>"
    assert route.serialise({"LocationConstraint": "eu-west-1"}, REQUEST_ID).body.decode() == (
        f"{PROLOGUE}<{root}eu-west-1</LocationConstraint>"
    )
    assert route.serialise({}, REQUEST_ID).body.decode() == f"{PROLOGUE}<{root}</LocationConstraint>"


def test_answers_in_headers_alone(send: Send) -> None:
    """CreateBucket and HeadBucket answer in headers, DeleteBucket with 204 and no length; None is absent."""
    response = send("PUT", "/b").serialise({"Location": "/b"}, REQUEST_ID)
    assert (response.status, response.body) == (200, b"")
    assert (b"location", b"/b") in response.headers
    assert (b"content-length", b"0") in response.headers
    response = send("HEAD", "/b").serialise({"BucketRegion": "eu-west-1", "AccessPointAlias": False}, REQUEST_ID)
    assert (b"x-amz-bucket-region", b"eu-west-1") in response.headers
    assert (b"x-amz-access-point-alias", b"false") in response.headers
    response = send("DELETE", "/b").serialise({}, REQUEST_ID)
    assert response.status == 204
    assert b"content-length" not in dict(response.headers)


def test_a_length_that_the_operation_gives_stands(send: Send) -> None:
    """HeadObject tells the length of what GET would give; metadata have their prefix."""
    result = {"ContentLength": 7, "Metadata": {"Colour": "blue"}, "LastModified": datetime(2026, 1, 2, tzinfo=UTC)}
    headers = send("HEAD", "/b/k").serialise(result, REQUEST_ID).headers
    assert [value for name, value in headers if name == b"content-length"] == [b"7"]
    assert (b"x-amz-meta-colour", b"blue") in headers
    assert (b"last-modified", b"Fri, 02 Jan 2026 00:00:00 GMT") in headers


def test_a_list_in_a_header_is_joined() -> None:
    """A list of header values is one header."""
    shapes = {"Text": Shape("Text", "string")}
    shapes["List"] = Shape("List", "list", element=Member("member", "Text", shapes=shapes))
    place = Member("Items", "List", location="header", location_name="X-Items", shapes=shapes)
    write = compile_headers(Shape("Out", "structure", members={"Items": place}))
    assert write({"Items": ["a", "b"]}) == [(b"x-items", b"a, b")]


def test_a_header_cannot_be_split(send: Send) -> None:
    """A line end in a header value is a mistake of ours, and raises."""
    with pytest.raises(ValueError, match="control character"):
        send("PUT", "/b").serialise({"Location": "/b\r\nset-cookie: x"}, REQUEST_ID)


def test_mistakes_in_results_raise(send: Send) -> None:
    """Members that the model does not know would be dropped; event streams are not written."""
    for route in (send("GET", "/"), send("DELETE", "/b")):
        with pytest.raises(ValueError, match="has no"):
            route.serialise({"Buckts": []}, REQUEST_ID)
    with pytest.raises(ValueError, match="has no members"):
        send("GET", "/").serialise({"Buckets": [{"name": "b"}]}, REQUEST_ID)
    body = b"<SelectObjectContentRequest/>"
    with pytest.raises(NotImplementedError, match="event stream"):
        send("POST", "/b/k", "select&select-type=2", body=body).serialise({}, REQUEST_ID)


def test_a_body_that_is_the_input_itself_has_its_root(send: Send) -> None:
    """SelectObjectContent's input is a document of its own name."""
    path = ("POST", "/b/k", "select&select-type=2")
    with pytest.raises(MalformedXML):
        send(*path, body=b"<Other/>").parse()
    with pytest.raises(MalformedXML):
        send(*path, body=b"<SelectObjectContentRequest/>").parse()


def test_an_error_has_s3s_form(send: Send) -> None:
    """Code, message, further members and both ids; the model's status; no body for HEAD or 304."""
    response = send("GET", "/b").serialise_error(NoSuchBucket("No <b>"), REQUEST_ID, {"BucketName": "b&c"})
    assert response.status == 404
    host_id = dict(response.headers)[b"x-amz-id-2"].decode()
    assert response.body.decode() == (
        f"{PROLOGUE}<Error><Code>NoSuchBucket</Code><Message>No &lt;b&gt;</Message><BucketName>b&amp;c</BucketName>"
        f"<RequestId>{REQUEST_ID}</RequestId><HostId>{host_id}</HostId></Error>"
    )
    response = send("HEAD", "/b").serialise_error(NoSuchBucket(), REQUEST_ID)
    assert (response.status, response.body) == (404, b"")
    assert send("GET", "/b/k").serialise_error(NotModified(), REQUEST_ID).body == b""


def test_what_the_models_do_not_have_is_not_compiled(models: dict[str, ServiceModel]) -> None:
    """An operation without input, or a map in an XML body, would need code that is not here."""
    operation = OperationModel(
        "s3", "Demo", "GET", "/", 200, None, None, None, {}, unsigned=False, deprecated=False,
        host_prefix=None, _input=None, _output=None, _shapes={},
    )  # fmt: skip
    readers = XmlReaders()
    with pytest.raises(ValueError, match="no input"):
        codec.compile_parse(operation, Constraints(Wording(shows_value=True, specified={})), readers)
    shapes = {"Map": Shape("Map", "map")}
    with pytest.raises(ValueError, match="maps"):
        readers.value(Member("Map", "Map", shapes=shapes))


def test_recursive_shapes_are_read_and_timestamps_written_in_any_format() -> None:
    """A structure may contain itself; a timestamp has the format of its place."""
    shapes: dict[str, Shape] = {"When": Shape("When", "timestamp")}
    shapes["Node"] = Shape("Node", "structure", members={"Node": Member("Node", "Node", shapes=shapes)})
    node = Member("Node", "Node", shapes=shapes)
    assert XmlReaders().value(node)(read_xml(b"<Node><Node><Node/></Node></Node>")) == {"Node": {"Node": {}}}
    when = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    for form, text in (("unixTimestamp", "1767323045"), ("rfc822", "Fri, 02 Jan 2026 03:04:05 GMT")):
        place = Member("When", "When", timestamp_format=form, shapes=shapes)
        assert XmlWriters(milliseconds=True).element("When", place)(when) == f"<When>{text}</When>"
