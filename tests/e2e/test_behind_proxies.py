"""Behind nginx and Caddy, configured as deploy/ shows: all clients work through them, and who asks is known."""

from __future__ import annotations

import http.client
import json
import re
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from tests.e2e.aws_cli import AwsCli
from tests.e2e.live_server import Account, LiveServer
from tests.e2e.reverse_proxy import KINDS, ReverseProxy, program
from tests.e2e.signing import Answer, Key, Request, lookup_events, query, s3, send

CLIENT = "127.0.0.9"
"""Linux lets a client of this machine call from any address of 127.0.0.0/8: this one is not the proxy's."""
FORGED = {"X-Forwarded-For": "203.0.113.7", "X-Forwarded-Proto": "http", "Forwarded": "for=203.0.113.7;proto=http"}
DENY_WITHOUT_TLS = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Action": "iam:*", "Resource": "*"},
        {
            "Effect": "Deny",
            "Action": "*",
            "Resource": "*",
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        },
    ],
}


@pytest.fixture(scope="module")
def server(folder: Path, account: Account) -> Iterator[LiveServer]:
    """Run the server as the samples say that it is started."""
    with LiveServer(folder, "--trusted-proxies", "127.0.0.1/32") as server:
        yield server


@pytest.fixture(scope="module", params=KINDS)
def proxy(request: pytest.FixtureRequest, server: LiveServer) -> Iterator[ReverseProxy]:
    """Run each proxy in front of it."""
    if program(request.param) is None:
        pytest.skip(f"there is no {request.param}: apt-get install {request.param}")
    with ReverseProxy(request.param, server.port) as proxy:
        yield proxy


@pytest.fixture(scope="module")
def through(proxy: ReverseProxy) -> LiveServer:
    """Have the proxy where a request is signed for a server, of which the URL alone counts."""
    return cast("LiveServer", proxy)


def send_by(proxy: ReverseProxy, request: Request) -> Answer:
    """Send a request through the proxy, from the client's own address."""
    context = ssl.create_default_context(cafile=str(proxy.certificate))
    connection = http.client.HTTPSConnection(
        "localhost", proxy.port, timeout=30, context=context, source_address=(CLIENT, 0)
    )
    try:
        connection.putrequest(request.method, request.target, skip_accept_encoding=True)
        for name, value in request.headers.items():
            connection.putheader(name, value)
        connection.endheaders(request.body or None)
        response = connection.getresponse()
        headers = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, headers, response.read())
    finally:
        connection.close()


def variables(proxy: ReverseProxy, key: Key) -> dict[str, str]:
    """Give what the `aws` command needs."""
    return {
        "AWS_ENDPOINT_URL": proxy.url,
        "AWS_CA_BUNDLE": str(proxy.certificate),
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": key.access_key_id,
        "AWS_SECRET_ACCESS_KEY": key.secret_access_key,
    }


def client_of(service: str, proxy: ReverseProxy, key: Key) -> Any:
    """Give boto3's client, which asks once."""
    return boto3.client(
        service,
        endpoint_url=proxy.url,
        verify=str(proxy.certificate),
        region_name="us-east-1",
        aws_access_key_id=key.access_key_id,
        aws_secret_access_key=key.secret_access_key,
        aws_session_token=key.session_token,
        config=Config(retries={"total_max_attempts": 1}),
    )


def test_the_aws_command(proxy: ReverseProxy, admin: Key, account: Account, tmp_path: Path, aws_command: None) -> None:
    """The `aws` command signs for the proxy's host and port, and every protocol gets through."""
    aws = AwsCli(tmp_path, variables(proxy, admin))
    assert aws.json("sts", "get-caller-identity")["Account"] == account.account_id
    name = f"cli-{proxy.port}"
    aws.json("iam", "create-user", "--user-name", name)
    assert aws.error("iam", "create-user", "--user-name", name).code == "EntityAlreadyExists"
    aws.text("s3", "mb", f"s3://{name}")
    assert name in aws.text("s3", "ls")
    assert aws.json("cloudtrail", "lookup-events", "--max-items", "1")["Events"]


def test_boto3(proxy: ReverseProxy, admin: Key, through: LiveServer) -> None:
    """boto3 works with a session's credentials, a large document, and presigned URLs."""
    session = client_of("sts", proxy, admin).get_session_token()["Credentials"]
    temporary = Key(session["AccessKeyId"], session["SecretAccessKey"], session["SessionToken"])
    client = client_of("s3", proxy, temporary)
    client.create_bucket(Bucket=f"boto3-{proxy.port}")
    statement = {
        "Sid": "A" * 12_000,
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": f"arn:aws:s3:::boto3-{proxy.port}",
        "Condition": {"StringEquals": {"aws:PrincipalTag/none": "none"}},
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    client_of("s3", proxy, admin).put_bucket_policy(Bucket=f"boto3-{proxy.port}", Policy=policy)
    assert client.get_bucket_policy(Bucket=f"boto3-{proxy.port}")["Policy"]
    presigned = query("sts", "GetCallerIdentity").presigned(through, temporary)
    assert send_by(proxy, presigned).status == 200


def test_who_asks_is_the_client(proxy: ReverseProxy, server: LiveServer, admin: Key, through: LiveServer) -> None:
    """The trail and the log have the client's address, and what the client writes into the headers counts nothing."""
    name = f"asked-{proxy.port}"
    asked = query("iam", "CreateUser", UserName=name).signed(through, admin)
    for header, value in FORGED.items():
        asked = asked.with_header(header, value)
    answer = send_by(proxy, asked)
    assert answer.status == 200
    assert server.line_of(answer.request_id)["source"] == CLIENT
    by_name = [{"AttributeKey": "ResourceName", "AttributeValue": name}]
    found = send(server, lookup_events(LookupAttributes=by_name).signed(server, admin))
    (event,) = json.loads(found.body)["Events"]
    assert json.loads(event["CloudTrailEvent"])["sourceIPAddress"] == CLIENT


def test_secure_transport(proxy: ReverseProxy, server: LiveServer, iam: Any, new_key: Any, through: LiveServer) -> None:
    """`aws:SecureTransport` is true through the proxy's TLS, whatever the client writes, and false without."""
    name = f"secure-{proxy.port}"
    key = new_key(name)
    iam.put_user_policy(UserName=name, PolicyName="tls", PolicyDocument=json.dumps(DENY_WITHOUT_TLS))
    client_of("iam", proxy, key).get_user()
    forged = query("iam", "GetUser").signed(through, key).with_header("X-Forwarded-Proto", "http")
    assert send_by(proxy, forged).status == 200
    assert send(server, query("iam", "GetUser").signed(server, key)).fault("query").code == "AccessDenied"


@pytest.mark.parametrize(
    ("action", "size"), [("GetUser", 1_000_000), ("GetUser", 1_200_000), ("CreateSAMLProvider", 9_500_000)]
)
def test_large_bodies(
    proxy: ReverseProxy, server: LiveServer, admin: Key, through: LiveServer, action: str, size: int
) -> None:
    """A body of any size up to Keywright's bounds gets there, and beyond one the refusal is Keywright's own."""
    asked = query("iam", action)
    asked = asked.with_body(asked.body + b"&Padding=" + b"x" * (size - len(asked.body) - 9))
    answers = [send(server, asked.signed(server, admin)), send_by(proxy, asked.signed(through, admin))]
    direct, proxied = ((one.status, re.sub(rb"[0-9a-f]{8}-[0-9a-f-]{27}", b"", one.body)) for one in answers)
    assert proxied == direct


def test_long_headers(proxy: ReverseProxy, admin: Key, through: LiveServer) -> None:
    """A header as long as Keywright takes gets there."""
    asked = query("sts", "GetCallerIdentity").signed(through, admin).with_header("X-Pad", "x" * 40_000)
    assert send_by(proxy, asked).status == 200


@pytest.mark.parametrize("target", ["/bucket//a%2Fb", "/bucket/a/../c", "/bucket/%7Ea?x=%20y&list-type=2", "/%C3%A9"])
def test_paths_are_passed_on_as_they_are(
    proxy: ReverseProxy, server: LiveServer, admin: Key, through: LiveServer, target: str
) -> None:
    """A path that a proxy could put in another form is answered as without one: the signature is over its bytes."""
    asked = s3("GET", target)
    direct, proxied = send(server, asked.signed(server, admin)), send_by(proxy, asked.signed(through, admin))
    assert (proxied.status, proxied.fault("s3").code) == (direct.status, direct.fault("s3").code)
    assert proxied.fault("s3").code != "SignatureDoesNotMatch"


def test_a_wrong_signature_is_refused(proxy: ReverseProxy, admin: Key) -> None:
    """A refusal comes through in AWS's form."""
    with pytest.raises(ClientError) as refused:
        client_of("iam", proxy, admin._replace(secret_access_key="x" * 40)).get_user()
    assert refused.value.response["Error"]["Code"] == "SignatureDoesNotMatch"


def test_plain_http_is_led_to_https(proxy: ReverseProxy) -> None:
    """Port 80 answers with the address by TLS, and passes nothing on."""
    connection = http.client.HTTPConnection("127.0.0.1", proxy.http_port, timeout=10)
    connection.request("GET", "/", headers={"Host": "localhost"})
    response = connection.getresponse()
    assert response.status in {301, 308}
    assert (response.getheader("Location") or "").startswith("https://localhost")
    connection.close()


def test_the_console(proxy: ReverseProxy, account: Account, browser: Any) -> None:
    """A person signs in through the proxy, and the page's signed calls get through."""
    from tests.e2e.console.browser import Person

    context = browser.new_context(ignore_https_errors=True, reduced_motion="reduce")
    person = Person(context, cast("LiveServer", proxy))
    person.sign_in(account)
    person.go("/console/iam/users")
    person.see_heading("Users")
    person.see(account.user_name)
    (cookie,) = (one for one in context.cookies() if "keywright-signin" in one["name"])
    assert cookie["secure"], "the server knows that it is TLS"
    context.close()
    assert person.complaints == []


@pytest.mark.parametrize("kind", KINDS)
def test_no_log_has_a_signature(kind: Any, server: LiveServer, admin: Key) -> None:
    """No log of the proxy's has the signature or the token of a session's requests, answered or not."""
    if program(kind) is None:
        pytest.skip(f"there is no {kind}: apt-get install {kind}")
    answer = send(server, query("sts", "GetSessionToken").signed(server, admin))
    parts = (re.search(rb"<%s>([^<]+)" % name, answer.body) for name in (b"AccessKeyId", b"SecretAccessKey"))
    key_id, secret = (found[1].decode() for found in parts if found)
    token = re.search(rb"<SessionToken>([^<]+)", answer.body)
    assert token
    key = Key(key_id, secret, token[1].decode())
    for port in (server.port, 1):
        with ReverseProxy(kind, port) as proxy:
            through = cast("LiveServer", proxy)
            sent = [query("sts", "GetCallerIdentity").presigned(through, key)]
            sent.append(query("sts", "GetCallerIdentity").signed(through, key))
            assert [send_by(proxy, one).status for one in sent] == [200 if port > 1 else 502] * 2
            proxy.stop()
            written = proxy.written()
        assert not [one for one in sent if one.signature in written]
        assert key.session_token is not None
        assert key.session_token[:40] not in written
