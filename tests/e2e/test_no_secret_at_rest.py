"""After a session of use, no secret is in the data folder, the logs or the events: grep finds nothing."""

from __future__ import annotations

import base64
import re
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote, quote_plus

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from tests.e2e.live_server import Account, LiveServer, make_account
from tests.e2e.signing import Key, lookup_events, query, s3, send

TYPED_PASSWORD = "Correct-horse-battery/staple+9"
PIECE = 12


class Session(NamedTuple):
    """What a session of use left behind, and what must not be in it."""

    data: Path
    logs: dict[str, str]
    events: str
    secrets: dict[str, str]
    """Each by what it is."""
    signatures: list[str]


def _client(server: LiveServer, service: str, key: Key) -> Any:
    return boto3.client(
        service,
        endpoint_url=server.url,
        region_name="us-east-1",
        aws_access_key_id=key.access_key_id,
        aws_secret_access_key=key.secret_access_key,
        aws_session_token=key.session_token,
        config=Config(retries={"total_max_attempts": 1}),
    )


def _use(server: LiveServer, admin: Key) -> tuple[dict[str, str], list[str]]:
    """Use the server, rightly and wrongly; give the secrets that came up, and the signatures that were sent by hand."""
    iam, sts = _client(server, "iam", admin), _client(server, "sts", admin)
    secrets: dict[str, str] = {"typed password": TYPED_PASSWORD}
    iam.create_user(UserName="alice", Tags=[{"Key": "team", "Value": "blue"}])
    iam.attach_user_policy(UserName="alice", PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess")
    keys = []
    for number in range(2):
        made = iam.create_access_key(UserName="alice")["AccessKey"]
        keys.append(Key(made["AccessKeyId"], made["SecretAccessKey"]))
        secrets[f"secret access key {number}"] = made["SecretAccessKey"]
    with pytest.raises(ClientError):
        iam.create_access_key(UserName="alice")
    issued = _client(server, "sts", keys[0]).get_session_token()["Credentials"]
    session = Key(issued["AccessKeyId"], issued["SecretAccessKey"], issued["SessionToken"])
    secrets |= {"session secret": issued["SecretAccessKey"], "session token": issued["SessionToken"]}
    _client(server, "sts", session).get_caller_identity()
    _client(server, "s3", session).create_bucket(Bucket="a-bucket")
    with pytest.raises(ClientError):
        _client(server, "iam", session).list_users()
    # A password that a client sends is secret whether or not the operation is one that is performed.
    for call in (
        lambda: iam.create_login_profile(UserName="alice", Password=TYPED_PASSWORD),
        lambda: iam.change_password(OldPassword=TYPED_PASSWORD, NewPassword=TYPED_PASSWORD),
        lambda: sts.get_session_token(SerialNumber="arn:aws:iam::111122223333:mfa/none", TokenCode="123456"),
    ):
        with suppress(ClientError):
            call()
    right = query("sts", "GetCallerIdentity").signed(server, session)
    wrong = [
        query("iam", "ListUsers").signed(server, admin._replace(secret_access_key="x" * 40)),
        right.with_body(b"Action=GetCallerIdentity&Version=2011-06-15&Tampered=1"),
        right.with_header("Authorization", right.headers["Authorization"].replace("SignedHeaders=", "")),
        right.with_header("X-Amz-Security-Token", issued["SessionToken"][:-8] + "AAAAAAAA"),
        query("sts", "GetCallerIdentity").presigned(server, session),
        s3().presigned(server, session),
        s3("GET", "/no-such-bucket?location").presigned(server, session),
        lookup_events(MaxResults=1).signed(server, session),
    ]
    for request in (right, *wrong):
        send(server, request)
    iam.delete_access_key(UserName="alice", AccessKeyId=keys[1].access_key_id)
    return secrets, [request.signature for request in (right, *wrong) if request.signature]


def _events(server: LiveServer, admin: Key) -> str:
    """Read every event that the API gives, whole."""
    pages = _client(server, "cloudtrail", admin).get_paginator("lookup_events").paginate()
    return "\n".join(event["CloudTrailEvent"] for page in pages for event in page["Events"])


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Session:
    """Have two accounts made and used, over a restart; the store is looked at while it runs and when it has stopped."""
    folder = tmp_path_factory.mktemp("session")
    first = make_account(folder / "data", home=folder)
    admin = Key(first.access_key_id, first.secret_access_key)
    accounts = {"first": first}
    with LiveServer(folder, name="first") as server:
        secrets, signatures = _use(server, admin)
        accounts["second"] = make_account(folder / "data", home=folder, command=("account", "create"))
        second_key = Key(accounts["second"].access_key_id, accounts["second"].secret_access_key)
        _client(server, "iam", second_key).get_account_summary()
        copies = {f"live {file.name}": file.read_bytes() for file in (folder / "data").iterdir()}
        logs = {"first log": server.log, "first output": server.output}
    logs["first log"] = server.log
    for name, content in copies.items():
        (folder / name).write_bytes(content)
    with LiveServer(folder, name="second") as server:
        events = _events(server, admin)
    logs |= {"second log": server.log, "second output": server.output}
    for name, account in accounts.items():
        secrets |= _secrets_of(name, account)
    secrets["master key"] = (folder / "data" / "master.key").read_text().strip()
    return Session(folder, logs, events, secrets, signatures)


def _secrets_of(name: str, account: Account) -> dict[str, str]:
    return {
        f"{name} root password": account.root_password,
        f"{name} password": account.password,
        f"{name} secret access key": account.secret_access_key,
    }


def _spellings(name: str, secret: str) -> set[bytes]:
    """Give a secret in the forms that it may have been copied in, cut into pieces that would still give it away."""
    forms = {secret, quote(secret, safe=""), quote_plus(secret), secret.replace("/", "\\/")}
    raw = {form.encode() for form in forms}
    raw |= {base64.b64encode(secret.encode()).rstrip(b"=")[:-1], secret.encode().hex().encode()}
    if name == "master key":
        raw |= {base64.b64decode(secret), base64.b64decode(secret).hex().encode()}
    # A token begins with its version and its key's id, which are no secret.
    begin = 16 if name == "session token" else 0
    return {form[at : at + PIECE] for form in raw for at in range(begin, len(form) - PIECE + 1, PIECE)}


def _found(session: Session, places: dict[str, bytes]) -> list[str]:
    return [
        f"{name} in {place}"
        for name, secret in session.secrets.items()
        for piece in _spellings(name, secret)
        for place, content in places.items()
        if piece in content
    ]


def test_the_session_was_one(session: Session) -> None:
    """The session left what is searched: accounts, events, log lines, refusals."""
    assert len(session.secrets) == 12
    assert min(map(len, session.secrets.values())) >= 16
    assert len(session.signatures) >= 6
    for name in ("CreateAccessKey", "GetSessionToken", "CreateLoginProfile", "CreateBucket", "GetBucketLocation"):
        assert f'"eventName":"{name}"' in session.events
    assert session.logs["first log"].count('"SignatureDoesNotMatch"') >= 2


def test_nothing_in_the_data_folder(session: Session) -> None:
    """No secret is in any file of the store, live or stopped, but for the master key in its own."""
    places = {
        str(file.relative_to(session.data)): file.read_bytes()
        for pattern in ("data/**/*", "live *")
        for file in session.data.glob(pattern)
        if file.is_file() and not file.name.endswith("master.key")
    }
    assert any(b"alice" in content for content in places.values())
    assert any(name.endswith("-wal") for name in places)
    assert _found(session, places) == []


def test_nothing_in_the_logs(session: Session) -> None:
    """No secret and no signature is in what the server logged and printed."""
    places = {name: text.encode() for name, text in session.logs.items()}
    assert _found(session, places) == []
    assert [name for name, text in session.logs.items() for one in session.signatures if one in text] == []
    assert re.search(r"[0-9a-f]{64}", "".join(session.logs.values())) is None
    assert "Credential=" not in "".join(session.logs.values())


def test_nothing_in_the_events(session: Session) -> None:
    """No secret and no signature is in the events."""
    assert _found(session, {"events": session.events.encode()}) == []
    assert [one for one in session.signatures if one in session.events] == []


def test_the_search_finds(session: Session) -> None:
    """The search itself finds a secret that is put there, in each form, so that finding nothing means something."""
    for name, secret in session.secrets.items():
        for form in (secret, quote(secret, safe=""), base64.b64encode(secret.encode()).decode()):
            assert any(found.startswith(name) for found in _found(session, {"x": f"..{form}..".encode()}))
