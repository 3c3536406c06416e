"""Requests for services whose models are not read: which services they may be for, and which operation they mean."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson
import pytest

from keywright.aws.errors import AwsError
from keywright.aws.known_services import actions_of, services_signed_as
from keywright.aws.model import load_service
from keywright.protocol import NotLoaded, Route, Routes, RoutingError
from keywright.protocol.cbor import read_cbor
from keywright.protocol.not_loaded import LoadedServices
from keywright.protocol.refusals import ValidationException

REQUEST_ID = "01234567-89ab-cdef-0123-456789abcdef"
FORM = "application/x-www-form-urlencoded"

Ask = Callable[..., Any]
Signed = Callable[[str], dict[str, str]]


def asked_for(routes: Routes, request: Any) -> NotLoaded:
    """Give what is known of a request before a model is read."""
    with pytest.raises(NotLoaded) as caught:
        routes.route(request)
    return caught.value


def route(asked: NotLoaded, request: Any) -> Route:
    """Find a request's operation with the models of its services."""
    return LoadedServices([load_service(name) for name in asked.service_names], asked.protocol).route(request)


CASES: dict[str, tuple[str, str, dict[str, Any], str, tuple[str, ...], str]] = {
    "json": (
        "organizations",
        "POST /",
        {"headers": {"x-amz-target": "AWSOrganizationsV20161128.ListAccounts"}},
        "json",
        ("organizations",),
        "ListAccounts",
    ),
    "ec2": (
        "ec2",
        "POST /",
        {"body": b"Action=RunInstances&Version=2016-11-15", "headers": {"content-type": FORM}},
        "ec2",
        ("ec2",),
        "RunInstances",
    ),
    "query, told from its sibling by the version": (
        "elasticloadbalancing",
        "POST /",
        {"body": b"Action=DescribeLoadBalancers&Version=2015-12-01", "headers": {"content-type": FORM}},
        "query",
        ("elb", "elbv2"),
        "DescribeLoadBalancers",
    ),
    "rest-json, told from its sibling by the path": (
        "apigateway",
        "GET /v2/apis",
        {},
        "rest-json",
        ("apigateway", "apigatewayv2"),
        "GetApis",
    ),
    "rest-xml": ("route53", "GET /2013-04-01/hostedzone", {}, "rest-xml", ("route53",), "ListHostedZones"),
    "cbor": (
        "monitoring",
        "POST /service/GraniteServiceVersion20100801/operation/ListMetrics",
        {"headers": {"smithy-protocol": "rpc-v2-cbor"}},
        "smithy-rpc-v2-cbor",
        ("cloudwatch",),
        "ListMetrics",
    ),
    "cbor where a sibling has none": (
        "sagemaker",
        "GET /featurestore",
        {},
        "rest-json",
        tuple(one.name for one in services_signed_as()["sagemaker"] if "rest-json" in one.protocols),
        "",
    ),
    "a service in a protocol that its model has lost": (
        "sqs",
        "POST /",
        {"body": b"Action=ListQueues&Version=2012-11-05", "headers": {"content-type": FORM}},
        "query",
        ("sqs",),
        "ListQueues",
    ),
    "nothing that tells": ("kms", "GET /", {}, "json", ("kms",), ""),
    "s3 control, which is signed as S3": (
        "s3",
        "GET /v20180820/accesspoint",
        {"headers": {"x-amz-account-id": "111122223333"}},
        "rest-xml",
        ("s3control",),
        "ListAccessPoints",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_request_is_known_by_its_scope_and_its_form(routes: Routes, ask: Ask, signed: Signed, case: str) -> None:
    """The signing name says which services it may be for, the request which of their protocols it speaks."""
    signing_name, line, more, protocol, services, operation = CASES[case]
    method, path = line.split()
    request = ask(method, path, body=more.get("body", b""), headers=more.get("headers", {}) | signed(signing_name))
    asked = asked_for(routes, request)
    assert (asked.signing_name, asked.protocol, asked.service_names) == (signing_name, protocol, services)
    if operation:
        assert route(asked, request).operation.name == operation
    else:
        with pytest.raises(RoutingError):
            route(asked, request)


def test_an_error_is_written_in_the_form_that_the_request_speaks(routes: Routes, ask: Ask, signed: Signed) -> None:
    """Before a model is read, too: each protocol's error has its code and its words where its clients look."""
    written = {}
    for name in ("json", "ec2", "rest-json, told from its sibling by the path", "rest-xml", "cbor"):
        signing_name, line, more, *_ = CASES[name]
        request = ask(*line.split(), body=more.get("body", b""), headers=more.get("headers", {}) | signed(signing_name))
        response = asked_for(routes, request).refuse(ValidationException("no")).serialise(REQUEST_ID)
        assert response.status == 400
        written[name[:9]] = response
    assert orjson.loads(written["json"].body) == {"__type": "ValidationException", "message": "no"}
    assert b"<Errors><Error><Code>ValidationException</Code><Message>no</Message>" in written["ec2"].body
    assert (b"x-amzn-errortype", b"ValidationException") in written["rest-json"].headers
    assert b"<Code>ValidationException</Code>" in written["rest-xml"].body
    assert read_cbor(written["cbor"].body) == {"__type": "ValidationException", "message": "no"}
    assert (b"smithy-protocol", b"rpc-v2-cbor") in written["cbor"].headers


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/service/GraniteServiceVersion20100801/operation/ListMetrics"),
        ("POST", "/service/GraniteServiceVersion20100801/operation/NoSuchOperation"),
        ("POST", "/service/Other/operation/ListMetrics"),
        ("POST", "/service/GraniteServiceVersion20100801/other/ListMetrics"),
        ("POST", "/"),
    ],
)
def test_a_cbor_request_without_an_operation_is_refused(ask: Ask, method: str, path: str) -> None:
    """Another method or path means none."""
    loaded = LoadedServices([load_service("cloudwatch")], "smithy-rpc-v2-cbor")
    with pytest.raises(RoutingError) as caught:
        loaded.route(ask(method, path))
    response = caught.value.serialise(REQUEST_ID)
    assert (response.status, read_cbor(response.body)) == (404, {"__type": "UnknownOperationException"})


def test_an_error_without_words_has_none(ask: Ask) -> None:
    """CBOR's errors leave an empty message out, and a model's own spelling of it stands."""
    loaded = LoadedServices([load_service("resourcegroupstaggingapi")], "smithy-rpc-v2-cbor")
    found = loaded.route(ask("POST", "/service/ResourceGroupsTaggingAPI_20170126/operation/GetResources"))
    error = type("InvalidParameterException", (AwsError,), {})("no")
    assert read_cbor(found.serialise_error(error, REQUEST_ID).body) == {
        "__type": "InvalidParameterException",
        "Message": "no",
    }


def test_cbor_is_read_and_written_by_the_model(ask: Ask) -> None:
    """Parameters become keywords, what the model does not have is refused, and so is what breaks a constraint."""
    loaded = LoadedServices([load_service("resourcegroupstaggingapi")], "smithy-rpc-v2-cbor")

    def ask_for(operation: str, body: bytes) -> Route:
        return loaded.route(ask("POST", f"/service/ResourceGroupsTaggingAPI_20170126/operation/{operation}", body=body))

    found = ask_for("GetResources", b"\xa1\x70ResourcesPerPage\x05")
    assert found.parse() == {"resources_per_page": 5}
    answer = found.serialise({"PaginationToken": "", "ResourceTagMappingList": []}, REQUEST_ID)
    assert read_cbor(answer.body) == {"PaginationToken": "", "ResourceTagMappingList": []}
    for body in (b"\xa1\x65Other\x05", b"\xa1\x6fResourceARNList\x80"):
        with pytest.raises(ValidationException):
            ask_for("GetResources", body).parse()
    assert ask_for("DescribeReportCreation", b"\xa0").parse() == {}


def test_cbor_without_a_model_of_input_and_output(ask: Ask) -> None:
    """An operation that takes and gives nothing reads an empty map and writes one."""
    loaded = LoadedServices([load_service("health")], "smithy-rpc-v2-cbor")
    for body in (b"", b"\xa0"):
        found = loaded.route(ask("POST", "/service/AWSHealth_20160804/operation/EnableTags", body=body))
        assert found.parse() == {}
        assert found.serialise({}, REQUEST_ID).body == b"\xa0"


def test_actions_are_those_of_the_reference() -> None:
    """An operation's action has its own name under the service's prefix, but for the known exceptions."""
    assert actions_of("secretsmanager", "GetSecretValue", "POST") == ("secretsmanager:GetSecretValue",)
    assert actions_of("cloudwatch", "ListMetrics", "POST") == ("cloudwatch:ListMetrics",)
    assert actions_of("lambda", "Invoke", "POST") == ("lambda:InvokeFunction",)
    assert actions_of("kms", "ReEncrypt", "POST") == ("kms:ReEncryptFrom", "kms:ReEncryptTo")
    assert actions_of("apigateway", "GetRestApis", "GET") == ("apigateway:GET",)
    assert actions_of("dynamodb", "ExecuteStatement", "POST") == ()
    assert actions_of("new-service", "ListThings", "GET") == ("new-service:ListThings",)
