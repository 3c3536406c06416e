"""Which operation a request means."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson
import pytest

from keywright.aws.model import ServiceModel, load_service
from keywright.protocol import Route, Routes, RoutingError

REQUEST_ID = "01234567-89ab-cdef-0123-456789abcdef"
FORM = "application/x-www-form-urlencoded"
IDENTITY = b"Action=GetCallerIdentity&Version=2011-06-15"
TARGET = "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101."

Ask = Callable[..., Any]
Signed = Callable[[str], dict[str, str]]


def name(route: Route | None) -> str | None:
    """Say an operation in full."""
    return None if route is None else f"{route.service.name}.{route.operation.name}"


def refused(routes: Routes, request: Any) -> RoutingError:
    """Give the error of a request without an operation."""
    with pytest.raises(RoutingError) as caught:
        routes.route(request)
    return caught.value


def test_a_signed_form_goes_to_the_service_of_its_scope(routes: Routes, ask: Ask, signed: Signed) -> None:
    """The credential scope names the service, the form the operation, in either order of fields."""
    headers = {"content-type": f"{FORM}; charset=utf-8", **signed("sts")}
    assert name(routes.route(ask(body=IDENTITY, headers=headers))) == "sts.GetCallerIdentity"
    swapped = b"Version=2011-06-15&Action=GetCallerIdentity"
    assert name(routes.route(ask(body=swapped, headers=headers))) == "sts.GetCallerIdentity"


def test_a_query_string_serves_as_well_as_a_form(routes: Routes, ask: Ask, signed: Signed) -> None:
    """GET takes its fields from the query string, and POST from both."""
    assert name(routes.route(ask("GET", query=IDENTITY.decode(), headers=signed("sts")))) == "sts.GetCallerIdentity"
    route = routes.route(
        ask(
            query="Action=GetUser",
            body=b"Version=2010-05-08&UserName=a",
            headers={"content-type": FORM, **signed("iam")},
        )
    )
    assert name(route) == "iam.GetUser"
    assert route is not None
    assert route.parse() == {"user_name": "a"}
    assert name(routes.route(ask(query=IDENTITY.decode(), headers=signed("sts")))) == "sts.GetCallerIdentity"


def test_a_presigned_query_names_its_scope(routes: Routes, ask: Ask) -> None:
    """X-Amz-Credential in the query string is as good as the header."""
    credential = "X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20260101%2Fus-east-1%2F{}%2Faws4_request"
    query = f"{IDENTITY.decode()}&X-Amz-Algorithm=AWS4-HMAC-SHA256&{credential.format('sts')}&X-Amz-Signature=00"
    assert name(routes.route(ask("GET", query=query))) == "sts.GetCallerIdentity"
    assert name(routes.route(ask("GET", "/photos", f"{credential.format('s3')}"))) == "s3.ListObjects"
    # A broken one still is a signature, for `sigv4` to judge.
    assert name(routes.route(ask("GET", "/photos", "X-Amz-Credential=AKIA"))) == "s3.ListObjects"
    assert refused(routes, ask("GET", "/photos", "X-Amz-Credential=%zz")).error.code == "InvalidURI"


@pytest.mark.parametrize("content_type", [FORM, f"{FORM};charset=utf-8", f'{FORM.upper()} ; charset="UTF-8"'])
def test_an_unsigned_form_goes_by_action_and_version(routes: Routes, ask: Ask, content_type: str) -> None:
    """AssumeRoleWithWebIdentity has no signature: the action and its version are enough."""
    body = b"Action=AssumeRoleWithWebIdentity&Version=2011-06-15"
    assert name(routes.route(ask(body=body, headers={"content-type": content_type}))) == "sts.AssumeRoleWithWebIdentity"


@pytest.mark.parametrize("content_type", ["text/plain", f"{FORM}; charset=utf-16", f"{FORM}; charset=utf-8; x=y", ""])
def test_another_content_type_is_no_form(routes: Routes, ask: Ask, signed: Signed, content_type: str) -> None:
    """A body that does not call itself a form in UTF-8 names no action."""
    request = ask(body=IDENTITY, headers={"content-type": content_type, **signed("sts")})
    assert refused(routes, request).error.code == "MissingAction"
    assert routes.route(ask(body=IDENTITY, headers={"content-type": content_type})) is None


@pytest.mark.parametrize(
    ("form", "message"),
    [
        (b"Action=Foo&Version=2011-06-15", "Could not find operation Foo for version 2011-06-15"),
        (b"Action=GetCallerIdentity", "Could not find operation GetCallerIdentity for version NO_VERSION_SPECIFIED"),
        (b"Action=GetCallerIdentity&Version=x", "Could not find operation GetCallerIdentity for version x"),
        (b"Action=GetUser&Version=2010-05-08", "Could not find operation GetUser for version 2010-05-08"),
    ],
)
def test_an_unknown_action_is_answered_by_the_dispatcher(
    routes: Routes, ask: Ask, signed: Signed, form: bytes, message: str
) -> None:
    """What STS does not have is InvalidAction, in the namespace of AWS's dispatcher."""
    error = refused(routes, ask(body=form, headers={"content-type": FORM, **signed("sts")}))
    response = error.serialise(REQUEST_ID)
    assert response.status == 400
    assert response.body.decode() == (
        '<ErrorResponse xmlns="http://webservices.amazon.com/AWSFault/2005-15-09"><Error><Type>Sender</Type>'
        f"<Code>InvalidAction</Code><Message>{message}</Message></Error><RequestId>{REQUEST_ID}</RequestId>"
        "</ErrorResponse>\n"
    )


def test_a_service_that_is_nobodys_is_answered_as_its_request_looks(routes: Routes, ask: Ask, signed: Signed) -> None:
    """A signing name that no service has gets InvalidAction for a form, else UnknownOperationException as JSON."""
    form = ask(body=b"Action=RunInstances&Version=2016-11-15", headers={"content-type": FORM, **signed("nobody")})
    assert refused(routes, form).error.message == "Could not find operation RunInstances for version 2016-11-15"
    target = ask(body=b"{}", headers={"x-amz-target": "DynamoDB_20120810.ListTables", **signed("nobody")})
    response = refused(routes, target).serialise(REQUEST_ID)
    assert (response.status, orjson.loads(response.body)) == (400, {"__type": "UnknownOperationException"})
    response = refused(routes, ask("GET", "/2015-03-31/functions", headers=signed("nobody"))).serialise(REQUEST_ID)
    assert response.status == 404
    assert (b"x-amzn-errortype", b"UnknownOperationException") in response.headers
    assert response.body == b"{}"


def test_a_wrong_scope_still_finds_the_operation(routes: Routes, ask: Ask, signed: Signed) -> None:
    """Scoped to a service that is nobody's, GetCallerIdentity is found, for `sigv4` to refuse."""
    request = ask(body=IDENTITY, headers={"content-type": FORM, **signed("nobody")})
    assert name(routes.route(request)) == "sts.GetCallerIdentity"


def test_the_query_api_has_one_path_and_two_methods(routes: Routes, ask: Ask, signed: Signed) -> None:
    """Another path has no operation, another method is not allowed, a broken form is named so."""
    headers = {"content-type": FORM, **signed("sts")}
    assert refused(routes, ask(path="/sts", body=IDENTITY, headers=headers)).error.code == "InvalidAction"
    assert refused(routes, ask("PUT", body=IDENTITY, headers=headers)).error.code == "MethodNotAllowed"
    assert refused(routes, ask(body=b"Action=%", headers=headers)).error.code == "MalformedQueryString"
    both = ask(query="Version=2011-06-15", body=IDENTITY, headers=headers)
    assert refused(routes, both).error.code == "MalformedQueryString"
    assert routes.route(ask(path="/sts", body=IDENTITY, headers={"content-type": FORM})) is None


def test_a_target_names_a_json_operation(routes: Routes, ask: Ask, signed: Signed) -> None:
    """X-Amz-Target decides, signed or not; a target of another service than the scope's is unknown."""
    target = {"x-amz-target": f"{TARGET}LookupEvents"}
    assert name(routes.route(ask(headers=target | signed("cloudtrail")))) == "cloudtrail.LookupEvents"
    assert name(routes.route(ask(headers=target))) == "cloudtrail.LookupEvents"
    short = {"x-amz-target": "CloudTrail_20131101.LookupEvents"}
    assert name(routes.route(ask(headers=short | signed("cloudtrail")))) == "cloudtrail.LookupEvents"
    for request in (
        ask(headers=target | signed("secretsmanager")),
        ask("GET", headers=target | signed("cloudtrail")),
        ask(path="/x", headers=target | signed("cloudtrail")),
        ask(headers={"x-amz-target": f"{TARGET}Foo"} | signed("cloudtrail")),
        ask(headers=signed("cloudtrail")),
    ):
        assert refused(routes, request).error.code == "UnknownOperationException"


def test_one_signing_name_may_have_two_services(routes: Routes, ask: Ask, signed: Signed) -> None:
    """IAM and IAM Toolbox both sign as iam; the path tells them apart, and IAM answers for what neither has."""
    route = routes.route(ask("GET", "/authorization-details/abc", headers=signed("iam")))
    assert name(route) == "iam-toolbox.GetRequestAuthorizationDetails"
    assert (
        name(routes.route(ask("GET", query="Action=GetUser&Version=2010-05-08", headers=signed("iam"))))
        == "iam.GetUser"
    )
    assert refused(routes, ask("GET", "/nothing", headers=signed("iam"))).error.code == "MissingAction"


@pytest.mark.parametrize(
    ("method", "path", "query", "headers", "expected"),
    [
        ("GET", "/", "", {}, "ListBuckets"),
        ("GET", "", "", {}, "ListBuckets"),
        ("PUT", "/b", "", {}, "CreateBucket"),
        ("PUT", "/b/", "", {}, "CreateBucket"),
        ("HEAD", "/b", "", {}, "HeadBucket"),
        ("DELETE", "/b", "", {}, "DeleteBucket"),
        ("GET", "/b", "location", {}, "GetBucketLocation"),
        ("GET", "/b", "location=", {}, "GetBucketLocation"),
        ("GET", "/b", "", {}, "ListObjects"),
        ("GET", "/b", "list-type=2", {}, "ListObjectsV2"),
        ("GET", "/b", "list-type=2&x-id=ListObjectsV2", {}, "ListObjectsV2"),
        ("GET", "/b", "list-type=1", {}, "ListObjects"),
        ("GET", "/b", "policy", {}, "GetBucketPolicy"),
        ("PUT", "/b", "policy", {}, "PutBucketPolicy"),
        ("GET", "/b", "lifecycle", {}, "GetBucketLifecycleConfiguration"),
        ("PUT", "/b", "lifecycle", {}, "PutBucketLifecycleConfiguration"),
        ("GET", "/b", "notification", {}, "GetBucketNotificationConfiguration"),
        ("PUT", "/b", "notification", {}, "PutBucketNotificationConfiguration"),
        ("GET", "/b", "analytics", {}, "ListBucketAnalyticsConfigurations"),
        ("GET", "/b", "analytics&id=1", {}, "GetBucketAnalyticsConfiguration"),
        ("POST", "/b", "delete", {}, "DeleteObjects"),
        ("GET", "/b/k/e/y", "", {}, "GetObject"),
        ("GET", "/b//k", "", {}, "GetObject"),
        ("GET", "/b/k", "acl", {}, "GetObjectAcl"),
        ("GET", "/b/k", "uploadId=1", {}, "ListParts"),
        ("PUT", "/b/k", "", {}, "PutObject"),
        ("PUT", "/b/k", "", {"x-amz-copy-source": "/a/b"}, "CopyObject"),
        ("PUT", "/b/k", "partNumber=1&uploadId=1", {}, "UploadPart"),
        ("PUT", "/b/k", "partNumber=1&uploadId=1", {"x-amz-copy-source": "/a/b"}, "UploadPartCopy"),
        ("DELETE", "/b/k", "", {}, "DeleteObject"),
        ("DELETE", "/b/k", "uploadId=1", {}, "AbortMultipartUpload"),
        ("POST", "/b/k", "select&select-type=2", {}, "SelectObjectContent"),
    ],
)
def test_s3_operations_are_found_the_most_specific_first(
    routes: Routes, ask: Ask, signed: Signed, method: str, path: str, query: str, headers: dict[str, str], expected: str
) -> None:
    """Method, path, query literals, and required query fields and headers tell S3's operations apart."""
    route = routes.route(ask(method, path, query, headers=headers | signed("s3")))
    assert name(route) == f"s3.{expected}"


def test_the_labels_of_a_path_are_decoded(routes: Routes, ask: Ask, signed: Signed) -> None:
    """Bucket and key come out of the path decoded; a key may hold slashes, escaped or not."""
    route = routes.route(ask("GET", "/my%2Dbucket/a%2Fb//c%20%C3%BC+", headers=signed("s3")))
    assert route is not None
    assert route.labels == {"Bucket": "my-bucket", "Key": "a/b//c ü+"}


@pytest.mark.parametrize(
    ("host", "bucket"),
    [
        ("photos.s3.localhost:4580", "photos"),
        ("photos.s3.eu-west-1.example.org", "photos"),
        ("my.photos.s3.localhost", "my.photos"),
        ("PHOTOS.localhost:4580", "photos"),
        ("s3.localhost:4580", "path"),
        ("s3-eu-west-1.localhost", "path"),
        ("localhost:4580", "path"),
        ("127.0.0.1:4580", "path"),
        ("a/b.s3.localhost", "path"),
        ("a%2Fb.localhost", "path"),
        ("[::1]:4580", "path"),
        ("", "path"),
    ],
)
def test_the_host_may_name_the_bucket(routes: Routes, ask: Ask, signed: Signed, host: str, bucket: str) -> None:
    """Virtual-host addresses have the bucket in the host, path-style ones in the path."""
    path = "/key" if bucket != "path" else "/path/key"
    route = routes.route(ask("GET", path, headers={"host": host, **signed("s3")}))
    assert route is not None
    assert route.labels == {"Bucket": bucket, "Key": "key"}


def test_a_bucket_in_the_host_has_its_own_operations(routes: Routes, ask: Ask, signed: Signed) -> None:
    """The root of a bucket's host is the bucket, also without a signature."""
    assert (
        name(routes.route(ask("HEAD", "/", headers={"host": "photos.s3.localhost", **signed("s3")}))) == "s3.HeadBucket"
    )
    assert name(routes.route(ask("GET", "/", headers={"host": "photos.s3.localhost"}))) == "s3.ListObjects"


def test_other_domains_may_hold_buckets(models: dict[str, ServiceModel], ask: Ask, signed: Signed) -> None:
    """The server's own names are its to choose."""
    routes = Routes([models["s3"]], bucket_domains=["aws.example.org"])
    route = routes.route(ask("GET", "/", headers={"host": "photos.aws.example.org", **signed("s3")}))
    assert route is not None
    assert route.labels == {"Bucket": "photos"}


def test_s3_refuses_in_its_own_form(routes: Routes, ask: Ask, signed: Signed) -> None:
    """No such method is MethodNotAllowed 405, a path that is no text InvalidURI 400; HEAD has no body."""
    response = refused(routes, ask("PATCH", "/b", headers=signed("s3"))).serialise(REQUEST_ID)
    assert response.status == 405
    assert b"<Code>MethodNotAllowed</Code><Message>The specified method is not allowed against this resource.</Mes" in (
        response.body
    )
    # The path of an operation that demands more than the path is, without it, a bucket's.
    assert (
        refused(routes, ask("POST", "/WriteGetObjectResponse", headers=signed("s3"))).error.code == "MethodNotAllowed"
    )
    response = refused(routes, ask("GET", "/b/%ff", headers=signed("s3"))).serialise(REQUEST_ID)
    assert response.status == 400
    assert b"<Error><Code>InvalidURI</Code><Message>Couldn't parse the specified URI.</Message>" in response.body
    response = refused(routes, ask("HEAD", "/", headers=signed("s3"))).serialise(REQUEST_ID)
    assert (response.status, response.body) == (405, b"")


def test_rest_json_paths_are_found_and_refused(routes: Routes, ask: Ask, signed: Signed) -> None:
    """Access Analyzer's literals win over labels; what it does not have is 404 in its form."""
    headers = signed("access-analyzer")
    assert name(routes.route(ask("PUT", "/archive-rule", headers=headers))) == "accessanalyzer.ApplyArchiveRule"
    assert name(routes.route(ask("GET", "/analyzer/a", headers=headers))) == "accessanalyzer.GetAnalyzer"
    response = refused(routes, ask("GET", "/nothing", headers=headers)).serialise(REQUEST_ID)
    assert response.status == 404
    assert (b"x-amzn-errortype", b"UnknownOperationException") in response.headers
    assert refused(routes, ask("GET", "/analyzer/%zz", headers=headers)).error.code == "MalformedQueryString"


def test_an_unsigned_rest_operation_is_found_by_its_path(routes: Routes, ask: Ask) -> None:
    """`aws login` asks for its token without a signature."""
    assert name(routes.route(ask("POST", "/v1/token", body=b"{}"))) == "signin.CreateOAuth2Token"
    assert routes.route(ask("GET", "/v1/token")) is None


def test_the_host_names_the_service_where_nothing_else_does(routes: Routes, ask: Ask) -> None:
    """sts.localhost is STS's, s3.localhost S3's; a path that a service does not have is nobody's."""
    assert refused(routes, ask("GET", headers={"host": "sts.localhost:4580"})).error.code == "MissingAction"
    assert name(routes.route(ask("GET", headers={"host": "s3.localhost:4580"}))) == "s3.ListBuckets"
    assert routes.route(ask("GET", "/console", headers={"host": "signin.localhost"})) is None
    assert routes.route(ask("GET", "/console", headers={"host": "cloudtrail.localhost"})) is None
    assert routes.route(ask("GET", headers={"host": "sts"})) is None


@pytest.mark.parametrize(
    "headers",
    [
        {"x-amz-date": "20260101T000000Z"},
        {"authorization": "AWS AKIAIOSFODNN7EXAMPLE:signature"},
        {"authorization": "AWS4-HMAC-SHA256 nonsense"},
    ],
)
def test_what_is_aws_in_any_way_is_s3s_at_last(routes: Routes, ask: Ask, headers: dict[str, str]) -> None:
    """With nothing but a header of AWS's kind, or half a signature, the path is a bucket's."""
    assert name(routes.route(ask("GET", "/photos", headers=headers))) == "s3.ListObjects"


def test_an_old_presigned_url_is_s3s(routes: Routes, ask: Ask) -> None:
    """Version 2 signatures in the query string are S3's, for `sigv4` to refuse."""
    query = "AWSAccessKeyId=AKIA&Signature=x&Expires=1"
    assert name(routes.route(ask("GET", "/photos/a", query))) == "s3.GetObject"


@pytest.mark.parametrize(
    ("method", "path", "query", "headers"),
    [
        ("GET", "/", "", {}),
        ("GET", "/", "a=b", {"accept": "text/html"}),
        ("GET", "/health", "", {}),
        ("GET", "/console/iam", "", {"authorization": "Bearer token"}),
        ("OPTIONS", "/", "", {"access-control-request-headers": "x-amz-date"}),
        ("POST", "/session", "", {"content-type": "application/json"}),
    ],
)
def test_a_browsers_request_is_left_to_the_server(
    routes: Routes, ask: Ask, method: str, path: str, query: str, headers: dict[str, str]
) -> None:
    """Nothing of AWS's: no route and no error."""
    assert routes.route(ask(method, path, query, headers=headers)) is None


def test_without_s3_nothing_is_s3s(ask: Ask) -> None:
    """A server without S3 leaves its paths alone."""
    routes = Routes([load_service("sts")])
    assert routes.route(ask("GET", "/photos", headers={"x-amz-date": "x"})) is None


def test_a_route_can_be_given_another_body(routes: Routes, ask: Ask, signed: Signed) -> None:
    """Once a chunked upload is verified, its plain body takes the place of the chunks."""
    route = routes.route(ask("PUT", "/b/k", body=b"4;chunk-signature=00\r\nabcd", headers=signed("s3")))
    assert route is not None
    plain = route._replace(request=route.request._replace(body=b"abcd"))
    assert plain.parse()["body"] == b"abcd"
