"""A browser as far as sign-in sees one: it keeps cookies, and says truly which page asks."""

from __future__ import annotations

import itertools
import json
from datetime import datetime
from typing import Any, NamedTuple

from keywright.aws.wire import WireRequest
from tests.contract.in_process import Account, Key, Reply, Server

HOST = "localhost:4580"
ORIGIN = f"http://{HOST}"
_BASE_HEADERS = {"host": HOST, "user-agent": "Mozilla/5.0", "content-type": "application/json"}
_ADDRESSES = itertools.count(1)


def new_address() -> str:
    """Give an address that nobody else comes from: failed sign-ins are counted for it."""
    number = next(_ADDRESSES)
    return f"198.51.{number // 250}.{number % 250 + 1}"


class Answer(NamedTuple):
    """What came back."""

    status: int
    content: dict[str, Any]
    reply: Reply

    @property
    def outcome(self) -> tuple[int, str]:
        """Give the status and the result."""
        return self.status, self.content["result"]

    @property
    def cookie(self) -> str:
        """Give the cookie that is set, as it came."""
        return self.reply.headers["set-cookie"]


class Browser:
    """One person's browser, on this server's own page."""

    def __init__(self, server: Server, *, secure: bool = False, address: str | None = None) -> None:
        self.server = server
        self.cookies: dict[str, str] = {}
        self.address = address or new_address()
        self._scheme = "https" if secure else "http"

    @property
    def own_headers(self) -> dict[str, str]:
        """Give what a browser says of a page of this server's that asks this server."""
        return {"origin": f"{self._scheme}://{HOST}", "sec-fetch-site": "same-origin"}

    @property
    def json_headers(self) -> dict[str, str]:
        """Give what goes with JSON of a page of this server's."""
        return _BASE_HEADERS | self.own_headers

    def post(self, path: str, content: Any = None, headers: dict[str, str] | None = None) -> Answer:
        """Post JSON; `headers` replace what a browser says of its page."""
        body = b"" if content is None else json.dumps(content).encode()
        sent = self.json_headers if headers is None else _BASE_HEADERS | headers
        if self.cookies:
            sent["cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        reply = self.send("POST", path, sent, body)
        self._keep(reply.headers.get("set-cookie"))
        return Answer(reply.status, json.loads(reply.body) if reply.body else {}, reply)

    def get(self, path: str, **headers: str) -> Reply:
        """Open an address, or fetch a file."""
        return self.send("GET", path, {"host": HOST} | {name.replace("_", "-"): one for name, one in headers.items()})

    def send(self, method: str, path: str, headers: dict[str, str], body: bytes = b"") -> Reply:
        """Hand the app a request from this browser's address."""
        return self.server.exchange(self.request(method, path, headers, body))

    def request(self, method: str, path: str, headers: dict[str, str], body: bytes = b"") -> WireRequest:
        """Make a request as the edge hands it on."""
        sent = {name.encode(): value.encode() for name, value in headers.items()}
        return WireRequest(method, path.encode(), b"", sent, body, self._scheme == "https", self.address)

    def sign_in(self, account: str, user: str, password: str, **more: str) -> Answer:
        """Sign in as a user."""
        return self.post("/signin", {"account": account, "user": user, "password": password} | more)

    def credentials(self) -> Key:
        """Get the credentials of the session."""
        given = self.post("/signin/credentials")
        assert given.status == 200, given.content
        return Key(given.content["accessKeyId"], given.content["secretAccessKey"], given.content["sessionToken"])

    def _keep(self, header: str | None) -> None:
        if header is None:
            return
        name, _, value = header.partition(";")[0].partition("=")
        if value:
            self.cookies[name] = value
        else:
            self.cookies.pop(name, None)


def sign_in_events(account: Account, since: datetime | None = None) -> list[dict[str, Any]]:
    """Look up what the trail has of sign-ins, oldest first, as CloudTrail wrote it."""
    attributes = [{"AttributeKey": "EventSource", "AttributeValue": "signin.amazonaws.com"}]
    options: dict[str, Any] = {"LookupAttributes": attributes} | ({} if since is None else {"StartTime": since})
    found = account.client("cloudtrail").lookup_events(**options)["Events"]
    return [json.loads(one["CloudTrailEvent"]) for one in reversed(found)]
