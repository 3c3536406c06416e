"""The REST-JSON protocol: IAM Toolbox, Access Analyzer, Sign-In."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson
import pytest

from keywright.aws.errors import AwsError
from keywright.aws.model import OperationModel
from keywright.protocol import Routes
from keywright.protocol import rest_json as codec
from keywright.protocol.constraints import Constraints, Wording
from keywright.protocol.json_values import JsonReaders
from keywright.protocol.refusals import SerializationException, ValidationException
from keywright.protocol.routed import Route

REQUEST_ID = "01234567-89ab-cdef-0123-456789abcdef"
ARN = "arn%3Aaws%3Aaccess-analyzer%3Aeu-west-1%3A111122223333%3Aanalyzer%2Fmain"
Send = Callable[..., Route]


@pytest.fixture
def send(routes: Routes, ask: Callable[..., Any], signed: Callable[[str], dict[str, str]]) -> Send:
    """Give the route of a request to Access Analyzer."""

    def route(method: str, path: str, query: str = "", body: bytes = b"") -> Route:
        found = routes.route(ask(method, path, query, body=body, headers=signed("access-analyzer")))
        assert found is not None
        return found

    return route


def test_labels_queries_and_body_become_keywords(send: Send) -> None:
    """The path, repeated query fields and the body are read together."""
    assert send("DELETE", f"/tags/{ARN}", "tagKeys=a&tagKeys=b%20c").parse() == {
        "resource_arn": "arn:aws:access-analyzer:eu-west-1:111122223333:analyzer/main",
        "tag_keys": ["a", "b c"],
    }
    assert send("POST", f"/tags/{ARN}", body=b'{"tags": {"a": "b"}}').parse()["tags"] == {"a": "b"}


def test_a_field_that_may_not_be_repeated_is_refused(send: Send) -> None:
    """Only lists may come twice."""
    with pytest.raises(ValidationException, match="twice"):
        send("GET", "/analyzer", "type=ACCOUNT&type=ACCOUNT").parse()
    with pytest.raises(ValidationException, match="maxResults is not a valid integer"):
        send("GET", "/analyzer", "maxResults=x").parse()


def test_what_does_not_fit_is_refused(send: Send) -> None:
    """Broken JSON, unknown members, missing ones and values out of range each have their error."""
    with pytest.raises(SerializationException):
        send("PUT", "/analyzer", body=b"{").parse()
    with pytest.raises(ValidationException, match="colour"):
        send("PUT", "/analyzer", body=b'{"colour": 1}').parse()
    with pytest.raises(ValidationException, match="Value null at 'analyzerName'"):
        send("PUT", "/analyzer", body=b'{"type": "ACCOUNT"}').parse()
    without_keys = send("DELETE", f"/tags/{ARN}", "tagKeys=a")._replace(fields={})
    with pytest.raises(ValidationException, match="Value null at 'tagKeys'"):
        without_keys.parse()


def test_a_payload_is_the_body_itself(routes: Routes, ask: Callable[..., Any]) -> None:
    """CreateOAuth2Token's input and output are the bodies, under their members' own names."""
    arn = "arn:aws:signin:::devtools/same-device"
    body = orjson.dumps({"clientId": arn, "grantType": "refresh_token", "refreshToken": "r"})
    route = routes.route(ask("POST", "/v1/token", body=body))
    assert route is not None
    assert route.parse()["token_input"] == {"clientId": arn, "grantType": "refresh_token", "refreshToken": "r"}
    token = {"accessToken": {"accessKeyId": "a", "secretAccessKey": "s", "sessionToken": "t"}, "expiresIn": 900}
    response = route.serialise({"tokenOutput": token}, REQUEST_ID)
    assert orjson.loads(response.body) == token
    assert (b"content-type", b"application/json") in response.headers


def test_an_answer_may_be_empty(send: Send) -> None:
    """An operation without output answers with no body, and takes no result."""
    route = send("PUT", "/archive-rule")
    response = route.serialise({}, REQUEST_ID)
    assert (response.status, response.body) == (200, b"")
    with pytest.raises(ValueError, match="no output"):
        route.serialise({"a": 1}, REQUEST_ID)
    with pytest.raises(ValueError, match="has no members"):
        send("GET", "/analyzer").serialise({"analysers": []}, REQUEST_ID)


def test_an_error_names_its_type_in_a_header(send: Send) -> None:
    """The code is a header, the message the body, with further members beside it."""

    class ResourceNotFoundException(AwsError):
        """An error that Access Analyzer's model knows."""

    response = send("GET", "/analyzer/a").serialise_error(
        ResourceNotFoundException("No such analyzer"), REQUEST_ID, {"resourceId": "a"}
    )
    assert response.status == 404
    assert (b"x-amzn-errortype", b"ResourceNotFoundException") in response.headers
    assert (b"x-amzn-requestid", REQUEST_ID.encode()) in response.headers
    assert orjson.loads(response.body) == {"resourceId": "a", "message": "No such analyzer"}


def test_an_operation_without_input_is_not_compiled() -> None:
    """No model has one, and the codec would have to know what to do with its body."""
    operation = OperationModel(
        "demo", "Demo", "GET", "/", 200, None, None, None, {}, unsigned=False, deprecated=False,
        host_prefix=None, _input=None, _output=None, _shapes={},
    )  # fmt: skip
    with pytest.raises(ValueError, match="no input"):
        codec.compile_parse(operation, Constraints(Wording(shows_value=True, specified={})), JsonReaders())
