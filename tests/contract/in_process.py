"""
The app in process, as botocore reaches it: no socket, and a clock that the test moves.

The app runs on an event loop in a thread of its own, as behind the edge; a handler of botocore's `before-send` hands it
each request as the edge would and gives back what it answers. Client and server read the same clock, which ticks a
millisecond at each look, so that no two events share a moment.
"""

from __future__ import annotations

import asyncio
import io
import secrets
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple, TypeVar
from urllib.parse import urlsplit

import boto3
from botocore import UNSIGNED
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.config import Config
from sqlalchemy import Connection, insert

from keywright.aws.identifiers import new_access_key_id, new_secret_access_key
from keywright.aws.wire import WireRequest, merge_headers
from keywright.identity.accounts import AccountSpec, PasswordHashes, draft_account, insert_account
from keywright.identity.key_sets import FOLDER
from keywright.server.app import App
from keywright.server.request_log import RequestLog
from keywright.server.runtime import Runtime, build_runtime
from keywright.services.catalogue import all_services
from keywright.store.opening import Location, open_store
from keywright.store.sealing import Sealer
from keywright.store.tables import access_keys
from keywright.store.transaction import Store, Transaction
from tests.contract.operations_seen import NOTES

T = TypeVar("T")

ENDPOINT = "http://127.0.0.1:4580"
CLIENT_ADDRESS = "192.0.2.7"
START = datetime(2026, 11, 24, 9, 0, 0, tzinfo=UTC)
_SECONDS = 30


class SteppingClock:
    """A clock that the test moves forward; each look at it takes a millisecond."""

    def __init__(self, start: datetime) -> None:
        self._now = start
        self._lock = threading.Lock()

    def __call__(self) -> datetime:
        """Tell the time, a millisecond after the last look."""
        with self._lock:
            self._now += timedelta(milliseconds=1)
            return self._now

    @property
    def now(self) -> datetime:
        """Tell the time, without taking any."""
        return self._now

    def advance(self, **by: float) -> None:
        """Move forward, e.g. by `hours=1`."""
        with self._lock:
            self._now += timedelta(**by)


class Key(NamedTuple):
    """What a client signs with."""

    access_key_id: str
    secret: str
    token: str | None = None


class Reply(NamedTuple):
    """An answer as it left the app."""

    status: int
    headers: dict[str, str]
    body: bytes


class Server:
    """The app on its loop, the store behind it, and clients for it."""

    def __init__(self, location: Location, environment: dict[str, str]) -> None:
        self.clock = SteppingClock(START)
        self.log = io.StringIO()
        self.key_sets = location.folder / FOLDER
        self._session = boto3.Session()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="app", daemon=True)
        self._thread.start()
        self.runtime: Runtime = self.call(self._build(location, environment))
        self._app = App(self.runtime, RequestLog(self.log, "json"))

    async def _build(self, location: Location, environment: dict[str, str]) -> Runtime:
        store, sealer = open_store(location, environment)
        runtime = build_runtime(store, sealer, all_services(), self.clock, self.key_sets)
        runtime.start()
        return runtime

    @property
    def store(self) -> Store:
        """Give the app's store."""
        return self.runtime.store

    @property
    def sealer(self) -> Sealer:
        """Give what seals the store's secrets."""
        return self.runtime.sealer

    def call(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine on the app's loop."""
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(_SECONDS)

    def read(self, work: Callable[[Connection], T]) -> T:
        """Read from the store behind the app's back."""
        return self.call(self.store.read(work))

    def write(self, work: Callable[[Connection], T]) -> T:
        """Write to the store behind the app's back."""
        return self.call(self.store.write(lambda transaction: work(transaction.connection)))

    def close(self) -> None:
        """Stop as on SIGTERM."""
        self.call(self.runtime.stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(_SECONDS)
        self._loop.close()

    def client(self, service: str, key: Key | None, region: str = "us-east-1", **config: Any) -> Any:
        """
        Make a boto3 client of this server; without a key one that does not sign.

        It tries once, and does not check its parameters first: what is wrong with them the server must find.
        """
        options: dict[str, Any] = {"retries": {"total_max_attempts": 1}, "parameter_validation": False} | config
        if key is None:
            options["signature_version"] = UNSIGNED
        client = self._session.client(
            service,
            region_name=region,
            endpoint_url=ENDPOINT,
            aws_access_key_id=key and key.access_key_id,
            aws_secret_access_key=key and key.secret,
            aws_session_token=key and key.token,
            config=Config(**options),
        )
        client.meta.events.register("before-send", self._send_prepared)
        NOTES.listen(client)
        return client

    def send(self, method: str, url: str, headers: list[tuple[str, str]], body: bytes = b"") -> Reply:
        """Hand the app a request as the edge would."""
        parts = urlsplit(url)
        raw = [(name.lower().encode(), value.strip().encode("latin-1")) for name, value in headers]
        if not any(name == b"host" for name, _ in raw):
            raw.insert(0, (b"host", parts.netloc.encode()))
        request = WireRequest(
            method,
            (parts.path or "/").encode(),
            parts.query.encode(),
            merge_headers(raw),
            body,
            parts.scheme == "https",
            CLIENT_ADDRESS,
        )
        return self.exchange(request)

    def exchange(self, request: WireRequest) -> Reply:
        """Hand the app a request, and return its answer."""
        response = self.call(self._app.answer(request))
        answered = {name.decode("latin-1"): value.decode("latin-1") for name, value in response.headers}
        return Reply(response.status, answered, b"" if request.method == "HEAD" else response.body)

    def _send_prepared(self, request: AWSPreparedRequest, **_context: Any) -> AWSResponse:
        body = request.body
        content = body.read() if hasattr(body, "read") else body or b""
        content = content.encode() if isinstance(content, str) else bytes(content)
        headers = [(name, _text(value)) for name, value in request.headers.items()]
        reply = self.send(request.method, request.url, headers, content)
        return AWSResponse(request.url, reply.status, reply.headers, _Raw(reply.body))


class _Raw(io.BytesIO):
    """A body as urllib3 streams it."""

    def stream(self, **_options: Any) -> Iterator[bytes]:
        yield self.read()


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value


@dataclass(frozen=True, slots=True)
class Account:
    """An account of the server's, with clients for its administrator."""

    server: Server
    account_id: str
    alias: str
    admin: Key
    root: Key

    def client(self, service: str, key: Key | None = None, region: str = "us-east-1", **config: Any) -> Any:
        """Make a client that signs as the administrator, or with another key."""
        return self.server.client(service, key or self.admin, region, **config)

    @property
    def iam(self) -> Any:
        """Make the administrator's IAM client."""
        return self.client("iam")

    def user(self, name: str, document: str | None = None) -> Key:
        """Make a user with a key, and with an inline policy where one is given."""
        iam = self.iam
        iam.create_user(UserName=name)
        if document is not None:
            iam.put_user_policy(UserName=name, PolicyName="inline", PolicyDocument=document)
        made = iam.create_access_key(UserName=name)["AccessKey"]
        return Key(made["AccessKeyId"], made["SecretAccessKey"])


def make_account(server: Server) -> Account:
    """Make an account whose root user has a key too; nobody signs in to it, so its passwords are not hashed."""
    account = draft_account(AccountSpec(None, f"alias-{secrets.token_hex(8)}", None, "admin"))
    root = Key(new_access_key_id(account.account_id), new_secret_access_key())
    now = server.clock()

    def write(transaction: Transaction) -> None:
        insert_account(transaction.connection, server.sealer, account, PasswordHashes("-", "-"), now)
        transaction.connection.execute(
            insert(access_keys).values(
                access_key_id=root.access_key_id,
                account_id=account.account_id,
                user_id=None,
                sealed_secret=server.sealer.seal(root.secret.encode(), f"access_keys/{root.access_key_id}"),
                status="Active",
                created_at=now,
            )
        )

    server.call(server.store.write(write))
    assert account.alias is not None
    admin = Key(account.access_key_id, account.secret_access_key.reveal())
    return Account(server, account.account_id, account.alias, admin, root)


@contextmanager
def running(location: Location, environment: dict[str, str]) -> Iterator[Server]:
    """Run a server on a store, and stop it."""
    server = Server(location, environment)
    try:
        yield server
    finally:
        server.close()


def sqlite_location(folder: Path) -> Location:
    """Place a SQLite store in a folder of its own."""
    from keywright.store.opening import locate

    return locate(folder / "data", None)
