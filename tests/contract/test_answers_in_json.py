"""STS and IAM in JSON for those who ask for it, as Kubernetes' aws-iam-authenticator does."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.contract.in_process import Account, Key, Reply, Server

JSON = [("Accept", "application/json")]


def presigned(account: Account, key: Key | None = None) -> str:
    """Presign GetCallerIdentity, as an authenticator's token does."""
    sts = account.client("sts", key)
    url: str = sts.generate_presigned_url("get_caller_identity", ExpiresIn=60, HttpMethod="GET")
    return url


def read(reply: Reply) -> Any:
    """Read an answer that must be JSON."""
    assert reply.headers["content-type"] == "application/json"
    return json.loads(reply.body)


def test_a_presigned_caller_identity(account: Account, server: Server) -> None:
    """The server that an authenticator's token was sent to learns from JSON who presigned it."""
    reply = server.send("GET", presigned(account), JSON)
    answer = read(reply)["GetCallerIdentityResponse"]
    assert reply.status == 200
    assert answer["GetCallerIdentityResult"] == {
        name: value for name, value in account.client("sts").get_caller_identity().items() if name != "ResponseMetadata"
    }
    assert answer["ResponseMetadata"] == {"RequestId": reply.headers["x-amzn-requestid"]}


def test_without_the_header_it_is_xml(account: Account, server: Server) -> None:
    """The same URL is answered in XML where nothing asks for JSON."""
    for headers in ([], [("Accept", "*/*")]):
        reply = server.send("GET", presigned(account), headers)
        assert (reply.status, reply.headers["content-type"]) == (200, "text/xml")


@pytest.mark.parametrize(
    ("spoil", "status", "code"),
    [
        (lambda url: url.replace("Action=GetCallerIdentity", "Action=Nothing"), 400, "InvalidAction"),
        (lambda url: url[:-1] + ("0" if url[-1] != "0" else "1"), 403, "SignatureDoesNotMatch"),
        (lambda url: url.replace("AKIA", "AKIB"), 403, "InvalidClientTokenId"),
    ],
)
def test_refusals_are_json(account: Account, server: Server, spoil: Any, status: int, code: str) -> None:
    """A refusal on the way in is JSON as well, with code, message and request id."""
    reply = server.send("GET", spoil(presigned(account)), JSON)
    answer = read(reply)
    assert (reply.status, answer["Error"]["Code"], answer["Error"]["Type"]) == (status, code, "Sender")
    assert answer["Error"]["Message"]
    assert answer["RequestId"] == reply.headers["x-amzn-requestid"]


def test_every_query_operation_answers_so(account: Account, server: Server) -> None:
    """STS and IAM answer in JSON with results, with nothing but their metadata, and with denials."""

    def ask(key: Key, service: str, name: str, **parameters: Any) -> tuple[int, Any]:
        url = account.client(service, key).generate_presigned_url(name, Params=parameters, HttpMethod="GET")
        reply = server.send("GET", url, JSON)
        return reply.status, read(reply)

    status, answer = ask(account.admin, "sts", "get_session_token")
    credentials = answer["GetSessionTokenResponse"]["GetSessionTokenResult"]["Credentials"]
    assert (status, credentials["AccessKeyId"][:4]) == (200, "ASIA")
    assert isinstance(credentials["Expiration"], int | float)
    assert ask(account.admin, "iam", "create_user", UserName="bob")[0] == 200
    _, answer = ask(account.admin, "iam", "list_users")
    assert "bob" in [user["UserName"] for user in answer["ListUsersResponse"]["ListUsersResult"]["Users"]]
    status, answer = ask(account.admin, "iam", "delete_user", UserName="bob")
    assert (status, set(answer["DeleteUserResponse"])) == (200, {"ResponseMetadata"})
    status, answer = ask(account.user("alice"), "iam", "list_users")
    assert (status, answer["Error"]["Code"]) == (403, "AccessDenied")
