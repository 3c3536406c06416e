"""
Clients that keep one connection each and ask as fast as they are answered, from a thread of their own.

An answer that arrived whole is an acknowledgement: what it tells must be there after any crash.
"""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final, Self
from xml.etree import ElementTree as ET

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from tests.e2e.signing import Answer, Key, Request, query

_SECONDS: Final = 20


def texts(answer: Answer, name: str) -> list[str]:
    """Read all elements of one name out of an XML answer."""
    return [element.text or "" for element in ET.fromstring(answer.body).iter() if element.tag.endswith(f"}}{name}")]


class Client:
    """One connection; the signature is botocore's, by its own clock, which threads may share."""

    def __init__(self, port: int) -> None:
        self._host: Final = f"127.0.0.1:{port}"
        self._connection: Final = http.client.HTTPConnection("127.0.0.1", port, timeout=_SECONDS)

    def ask(self, key: Key, request: Request) -> Answer:
        """
        Sign a request, send it, and read the whole answer.

        Raises: OSError; http.client.HTTPException.
        """
        signed = AWSRequest(request.method, f"http://{self._host}/", data=request.body, headers=request.headers)
        SigV4Auth(Credentials(*key), request.service, "us-east-1").add_auth(signed)
        self._connection.request(request.method, "/", request.body, dict(signed.headers.items()))
        response = self._connection.getresponse()
        body = response.read()
        return Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, body)

    def ask_for(self, key: Key, request: Request) -> Answer:
        """Ask what must succeed."""
        answer = self.ask(key, request)
        assert answer.status == 200, answer.body
        return answer

    def close(self) -> None:
        """Let the connection go."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()


@dataclass(slots=True)
class Acknowledged:
    """What a server has said is done."""

    users: dict[str, str] = field(default_factory=dict)
    """User ids by their names."""
    keys: dict[str, tuple[str, Key]] = field(default_factory=dict)
    """The user's name and the key, by the key's id."""
    request_ids: set[str] = field(default_factory=set)
    """Of every call that succeeded; each has left an event."""

    def take(self, others: Iterable[Acknowledged]) -> None:
        """Add what others were told."""
        for other in others:
            self.users |= other.users
            self.keys |= other.keys
            self.request_ids |= other.request_ids


class Writer:
    """Makes a user, a key for it, and a call by that key, again and again, until the server is gone."""

    def __init__(self, port: int, admin: Key, prefix: str) -> None:
        self._client: Final = Client(port)
        self._admin: Final = admin
        self._prefix: Final = prefix
        self.acknowledged: Final = Acknowledged()

    def run(self, killed: threading.Event) -> None:
        """Write; a connection that breaks before the server is killed is an error."""
        number = 0
        try:
            while True:
                number += 1
                self._make_user(f"{self._prefix}-{number}")
        except (OSError, http.client.HTTPException):
            if not killed.is_set():
                raise
        finally:
            self._client.close()

    def run_until(self, stop: threading.Event) -> None:
        """Write until told to stop; whatever does not succeed meanwhile is an error."""
        number = 0
        try:
            while not stop.is_set():
                number += 1
                self._make_user(f"{self._prefix}-{number}")
        finally:
            self._client.close()

    def _make_user(self, name: str) -> None:
        user = self._call(self._admin, query("iam", "CreateUser", UserName=name))
        (self.acknowledged.users[name],) = texts(user, "UserId")
        made = self._call(self._admin, query("iam", "CreateAccessKey", UserName=name))
        key = Key(*texts(made, "AccessKeyId"), *texts(made, "SecretAccessKey"))
        self.acknowledged.keys[key.access_key_id] = name, key
        self._call(key, query("sts", "GetCallerIdentity"))

    def _call(self, key: Key, request: Request) -> Answer:
        answer = self._client.ask_for(key, request)
        self.acknowledged.request_ids.add(answer.request_id)
        return answer


@contextmanager
def load(port: int, admin: Key, prefix: str, writers: int = 3) -> Iterator[Callable[[], Acknowledged]]:
    """Write all the while; give what tells what has been acknowledged so far. Any call that fails is an error."""
    stop = threading.Event()
    running = [Writer(port, admin, f"{prefix}{number}") for number in range(writers)]

    def so_far() -> Acknowledged:
        gathered = Acknowledged()
        for one in running:
            told = one.acknowledged
            gathered.take([Acknowledged(dict(told.users), dict(told.keys), set(told.request_ids))])
        return gathered

    with ThreadPoolExecutor(writers) as pool:
        done = [pool.submit(one.run_until, stop) for one in running]
        deadline = time.monotonic() + _SECONDS
        try:
            while not all(one.acknowledged.keys for one in running):
                assert time.monotonic() < deadline
                time.sleep(0.02)
            yield so_far
        finally:
            stop.set()
        for one in done:
            one.result()


def all_pages(client: Client, key: Key, request: Any, name: str) -> set[str]:
    """Gather the elements of one name from all pages of an IAM list; `request` makes a page's request."""
    found: set[str] = set()
    marker: dict[str, str] = {}
    while True:
        answer = client.ask_for(key, request(**marker))
        found.update(texts(answer, name))
        if texts(answer, "IsTruncated") != ["true"]:
            return found
        marker = {"Marker": texts(answer, "Marker")[0]}
