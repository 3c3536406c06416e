"""The JSON protocol: CloudTrail and Secrets Manager."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from keywright.aws.errors import AwsError
from keywright.aws.model import Member, Shape
from keywright.protocol import Routes
from keywright.protocol.json_values import MAX_VALUES, JsonReaders, JsonWriters, read_object
from keywright.protocol.refusals import RequestEntityTooLarge, SerializationException, ValidationException
from keywright.protocol.routed import Route

REQUEST_ID = "01234567-89ab-cdef-0123-456789abcdef"
CLOUDTRAIL = "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101"
Send = Callable[..., Route]


@pytest.fixture
def send(routes: Routes, ask: Callable[..., Any], signed: Callable[[str], dict[str, str]]) -> Send:
    """Give the route of a body sent to a target."""

    def route(
        body: bytes, operation: str = "LookupEvents", prefix: str = CLOUDTRAIL, service: str = "cloudtrail"
    ) -> Route:
        found = routes.route(ask(body=body, headers={"x-amz-target": f"{prefix}.{operation}", **signed(service)}))
        assert found is not None
        return found

    return route


def test_a_body_becomes_keywords(send: Send) -> None:
    """Numbers become moments, nested structures keep the model's names, null is absent."""
    body = b'{"StartTime": 1767323045.5, "MaxResults": 5.0, "EndTime": "2026-01-02T03:04:05Z", "NextToken": null,'
    body += b'"LookupAttributes": [{"AttributeKey": "AccessKeyId", "AttributeValue": "AKIA"}]}'
    assert send(body).parse() == {
        "start_time": datetime(2026, 1, 2, 3, 4, 5, 500000, tzinfo=UTC),
        "end_time": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
        "max_results": 5,
        "lookup_attributes": [{"AttributeKey": "AccessKeyId", "AttributeValue": "AKIA"}],
    }


def test_an_empty_body_has_no_parameters(send: Send) -> None:
    """No body and an empty object are the same."""
    assert send(b"").parse() == send(b"{}").parse() == {}


@pytest.mark.parametrize("body", [b"{", b"\xff", b'{"a": 1} x', b"nul", b'{"MaxResults": NaN}', b"[" * 100_000])
def test_what_is_no_json_is_refused(send: Send, body: bytes) -> None:
    """A broken document is a SerializationException."""
    with pytest.raises(SerializationException, match="not valid JSON"):
        send(body).parse()


def test_depth_is_bounded(send: Send) -> None:
    """A document nested deeper than any model is refused before it is read."""
    with pytest.raises(SerializationException, match="too deeply"):
        send(b'{"LookupAttributes": ' + b"[" * 70 + b"]" * 70 + b"}").parse()


def test_the_number_of_values_is_bounded(send: Send) -> None:
    """A document of very many values is refused before they are read."""
    with pytest.raises(RequestEntityTooLarge):
        send(b'{"LookupAttributes": [' + b"{}," * MAX_VALUES + b"{}]}").parse()


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b'{"MaxResults": "5"}', "STRING_VALUE can not be converted to an Integer"),
        (b'{"MaxResults": 1.5}', "NUMBER_VALUE can not be converted to an Integer"),
        (b'{"MaxResults": true}', "TRUE_VALUE can not be converted to an Integer"),
        (b'{"MaxResults": 4294967296}', "NUMBER_VALUE can not be converted to an Integer"),
        (b'{"NextToken": 1}', "NUMBER_VALUE can not be converted to a String"),
        (b'{"NextToken": false}', "FALSE_VALUE can not be converted to a String"),
        (b'{"NextToken": []}', "Start of list found where not expected"),
        (b'{"NextToken": {}}', "Start of structure or map found where not expected"),
        (b'{"LookupAttributes": "x"}', "Unexpected field type"),
        (b'{"LookupAttributes": [null]}', "Unexpected field type"),
        (b'{"LookupAttributes": {}}', "Start of structure or map found where not expected"),
        (b'{"LookupAttributes": ["x"]}', "Unexpected field type"),
        (b'{"StartTime": "soon"}', "STRING_VALUE can not be converted to a Timestamp"),
        (b'{"StartTime": 1e300}', "NUMBER_VALUE can not be converted to a Timestamp"),
        (b'{"StartTime": true}', "TRUE_VALUE can not be converted to a Double"),
        (b"[]", "Start of list found where not expected"),
        (b'"x"', "Unexpected field type"),
    ],
)
def test_a_value_of_another_type_is_refused(send: Send, body: bytes, message: str) -> None:
    """Type errors speak of the token that came and the type that was wanted."""
    with pytest.raises(SerializationException) as caught:
        send(body).parse()
    assert caught.value.message == message


def test_a_null_in_a_list_is_a_value_of_another_type(send: Send) -> None:
    """Null stands for an absent member, not for an item."""
    with pytest.raises(SerializationException, match="NULL_VALUE can not be converted to a String"):
        send(b'{"trailNameList": [null]}', "DescribeTrails").parse()


def test_blobs_and_booleans(send: Send) -> None:
    """A blob is base64, a boolean only true or false."""
    secrets = ("secretsmanager", "secretsmanager")
    body = b'{"SecretId": "s", "SecretBinary": "AAE=", "ClientRequestToken": "' + b"t" * 32 + b'"}'
    assert send(body, "PutSecretValue", *secrets).parse()["secret_binary"] == b"\x00\x01"
    with pytest.raises(SerializationException, match="Blob"):
        send(body.replace(b"AAE=", b"AAE"), "PutSecretValue", *secrets).parse()
    with pytest.raises(SerializationException, match="NUMBER_VALUE can not be converted to a Boolean"):
        send(b'{"SecretId": "s", "ForceDeleteWithoutRecovery": 1}', "DeleteSecret", *secrets).parse()


def test_an_unknown_member_is_refused(send: Send) -> None:
    """A member that the shape does not have is named, never dropped, at any depth."""
    for body in (b'{"Foo": 1}', b'{"LookupAttributes": [{"Foo": "x"}]}'):
        with pytest.raises(ValidationException, match=r"^The parameter Foo is not recognized$"):
            send(body).parse()


def test_a_member_with_an_error_of_its_own_gets_it(send: Send) -> None:
    """CloudTrail declares InvalidMaxResultsException, so a number out of range is that."""
    with pytest.raises(AwsError) as caught:
        send(b'{"MaxResults": 51}').parse()
    assert caught.value.code == "InvalidMaxResultsException"
    assert "Value '51' at 'maxResults' failed to satisfy constraint" in caught.value.message
    with pytest.raises(ValidationException, match="Value null at 'name' failed"):
        send(b"{}", "CreateTrail").parse()
    with pytest.raises(AwsError) as caught:
        send(b'{"LookupAttributes": [{"AttributeKey": "Shoe", "AttributeValue": "x"}]}').parse()
    assert caught.value.code == "InvalidLookupAttributesException"
    assert "at 'lookupAttributes.1.member.attributeKey' failed" in caught.value.message


def test_an_answer_is_json_under_its_type(send: Send) -> None:
    """The content type carries the JSON version; moments are seconds; None is absent."""
    when = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    response = send(b"{}").serialise({"Events": [{"EventId": "e", "EventTime": when}], "NextToken": None}, REQUEST_ID)
    assert response.status == 200
    assert orjson.loads(response.body) == {"Events": [{"EventId": "e", "EventTime": 1767323045}]}
    assert dict(response.headers) == {
        b"x-amzn-requestid": REQUEST_ID.encode(),
        b"content-type": b"application/x-amz-json-1.1",
        b"content-length": str(len(response.body)).encode(),
    }


def test_a_result_that_the_model_does_not_know_is_a_mistake(send: Send) -> None:
    """A member that would be dropped from the answer raises instead."""
    with pytest.raises(ValueError, match="has no members"):
        send(b"{}").serialise({"Evens": []}, REQUEST_ID)


def test_operations_without_shapes(send: Send) -> None:
    """Secrets Manager has operations without output: they answer an empty object, and take no result."""
    route = send(b'{"SecretId": "s", "Tags": []}', "TagResource", "secretsmanager", "secretsmanager")
    assert route.serialise({}, REQUEST_ID).body == b"{}"
    with pytest.raises(ValueError, match="no output"):
        route.serialise({"a": 1}, REQUEST_ID)


def test_an_error_names_its_type(send: Send) -> None:
    """The type, the message under the name that the model has for it, further members, the model's status."""

    class InternalServiceError(AwsError):
        """Secrets Manager's own fault; its message is spelled `Message` in the model."""

    class TrailNotFoundException(AwsError):
        """CloudTrail's model spells it `message`, or not at all."""

    response = send(b"{}").serialise_error(TrailNotFoundException("Unknown trail: x"), REQUEST_ID, {"more": "m"})
    assert response.status == 400
    assert orjson.loads(response.body) == {
        "__type": "TrailNotFoundException",
        "more": "m",
        "message": "Unknown trail: x",
    }
    other = send(b"{}", "GetRandomPassword", "secretsmanager", "secretsmanager")
    response = other.serialise_error(InternalServiceError("no"), REQUEST_ID)
    assert response.status == 500
    assert orjson.loads(response.body) == {"__type": "InternalServiceError", "Message": "no"}
    response = other.serialise_error(ValidationException("no"), REQUEST_ID)
    assert orjson.loads(response.body) == {"__type": "ValidationException", "message": "no"}
    assert orjson.loads(other.serialise_error(ValidationException(), REQUEST_ID).body) == {
        "__type": "ValidationException"
    }


def test_recursive_shapes_and_documents() -> None:
    """A shape may contain itself, both ways; a document is whatever it is; a map's values are read."""
    shapes: dict[str, Shape] = {"Text": Shape("Text", "string"), "Any": Shape("Any", "structure", document=True)}
    place = {name: Member(name, name, shapes=shapes) for name in ("Text", "Any", "Map", "Node", "Number")}
    shapes["Number"] = Shape("Number", "float")
    shapes["Map"] = Shape("Map", "map", key=place["Text"], value=place["Node"])
    shapes["Node"] = Shape("Node", "structure", members={n: place[n] for n in ("Number", "Node", "Map", "Any")})
    value = {"Node": {"Number": 1.0}, "Map": {"a": {"Node": {}}}, "Any": [1, None]}
    assert JsonReaders().value(place["Node"])(value) == value
    assert JsonWriters().value(place["Node"])(value) == value
    with pytest.raises(SerializationException, match="Double"):
        JsonReaders().value(place["Node"])({"Number": "1"})
    with pytest.raises(SerializationException, match="Unexpected field type"):
        JsonReaders().value(place["Map"])("x")


def test_an_operation_without_input_takes_nothing() -> None:
    """Where the model has no input, an empty object is all there may be."""
    from keywright.aws.model import OperationModel
    from keywright.protocol.aws_json import compile_parse
    from keywright.protocol.constraints import Constraints, Wording

    operation = OperationModel(
        "demo", "Demo", "POST", "/", 200, None, None, None, {}, unsigned=False, deprecated=False,
        host_prefix=None, _input=None, _output=None, _shapes={},
    )  # fmt: skip
    parse = compile_parse(operation, Constraints(Wording(shows_value=True, specified={})), JsonReaders())

    class Asked:
        fields: dict[str, str] = {}  # noqa: RUF012
        labels: dict[str, str] = {}  # noqa: RUF012

        def __init__(self, body: bytes) -> None:
            self.request: Any = type("Request", (), {"body": body})

    assert parse(Asked(b"{}")) == {}
    with pytest.raises(ValidationException, match="Foo"):
        parse(Asked(b'{"Foo": 1}'))


def test_read_object_reads_objects_alone() -> None:
    """Nothing but an object is a set of members."""
    assert read_object(b'{"a": [1]}') == {"a": [1]}
