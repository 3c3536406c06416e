"""The Query protocol's answers in JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from keywright.aws.errors import AwsError
from keywright.protocol import Routes
from keywright.protocol.routed import Route, RoutingError

REQUEST_ID = "01234567-89ab-cdef-0123-456789abcdef"
METADATA = {"ResponseMetadata": {"RequestId": REQUEST_ID}}
Ask = Callable[..., Any]


class NoSuchEntity(AwsError):
    """An error that IAM's model knows."""


class ServiceFailure(AwsError):
    """An error that is IAM's own fault."""


@pytest.fixture
def asked(routes: Routes, ask: Ask, signed: Callable[[str], dict[str, str]]) -> Callable[..., Route]:
    """Give the route of a form that asks for JSON, or for what it says."""

    def find(service: str, version: str, form: str, accept: str = "application/json") -> Route:
        headers = {
            "content-type": "application/x-www-form-urlencoded",
            "accept": accept,
            **signed(service),
        }
        route = routes.route(ask("POST", headers=headers, body=f"Version={version}&Action={form}".encode()))
        assert route is not None
        return route

    return find


def test_a_result_is_wrapped_as_in_xml(asked: Callable[..., Route]) -> None:
    """Response, result and metadata stand in JSON as they do in XML; times are numbers, what is absent is left out."""
    route = asked("sts", "2011-06-15", "AssumeRole", "application/json, */*")
    expires = datetime(2026, 1, 1, tzinfo=UTC)
    credentials = {"AccessKeyId": "A", "SecretAccessKey": "s", "SessionToken": "t", "Expiration": expires}
    response = route.serialise({"Credentials": credentials, "PackedPolicySize": None}, REQUEST_ID)
    written = credentials | {"Expiration": int(expires.timestamp())}
    assert json.loads(response.body) == {
        "AssumeRoleResponse": {"AssumeRoleResult": {"Credentials": written}} | METADATA
    }
    headers = dict(response.headers)
    assert (response.status, headers[b"content-type"]) == (200, b"application/json")
    assert headers[b"x-amzn-requestid"] == REQUEST_ID.encode()
    assert headers[b"content-length"] == b"%d" % len(response.body)


def test_an_operation_without_a_result_has_its_metadata(asked: Callable[..., Route]) -> None:
    """DeleteUser answers who asked for JSON with the request id alone; a result that it has not is an error."""
    route = asked("iam", "2010-05-08", "DeleteUser&UserName=alice")
    assert route.parse() == {"user_name": "alice"}
    assert json.loads(route.serialise({}, REQUEST_ID).body) == {"DeleteUserResponse": METADATA}
    with pytest.raises(ValueError, match="has no output"):
        route.serialise({"User": {}}, REQUEST_ID)


def test_errors_are_json(asked: Callable[..., Route]) -> None:
    """An error has its code, words, whose fault it is and what else it tells, with the model's status."""
    route = asked("iam", "2010-05-08", "GetUser")
    response = route.serialise_error(NoSuchEntity("nobody"), REQUEST_ID, {"More": "x"})
    error = {"Code": "NoSuchEntity", "Message": "nobody", "Type": "Sender", "More": "x"}
    assert (response.status, json.loads(response.body)) == (404, {"Error": error, "RequestId": REQUEST_ID})
    response = route.serialise_error(ServiceFailure(), REQUEST_ID)
    error = {"Code": "ServiceFailure", "Type": "Receiver"}
    assert (response.status, json.loads(response.body)) == (500, {"Error": error, "RequestId": REQUEST_ID})


def test_an_unknown_action_is_told_in_json(asked: Callable[..., Route]) -> None:
    """What the dispatcher refuses is in the form that was asked for, too."""
    with pytest.raises(RoutingError) as caught:
        asked("sts", "2011-06-15", "Nothing")
    answer = json.loads(caught.value.serialise(REQUEST_ID).body)
    assert (answer["Error"]["Code"], answer["RequestId"]) == ("InvalidAction", REQUEST_ID)


@pytest.mark.parametrize("accept", ["*/*", "text/xml", ""])
def test_others_are_answered_in_xml(asked: Callable[..., Route], accept: str) -> None:
    """Whoever does not ask for JSON gets XML."""
    response = asked("sts", "2011-06-15", "GetCallerIdentity", accept).serialise({"Account": "1"}, REQUEST_ID)
    assert response.body.startswith(b"<GetCallerIdentityResponse")
