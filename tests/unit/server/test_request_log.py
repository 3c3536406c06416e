"""The log's lines: one a request, in both forms, and nothing of a request but what they name."""

from __future__ import annotations

import asyncio
import io
import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from keywright.aws.wire import WireRequest, WireResponse
from keywright.server.pipeline import Handled
from keywright.server.request_log import RequestLog, configure_logging, default_format
from keywright.trail.event import OpenEvent

NOW = datetime(2026, 11, 24, 9, 0, 0, 123_456, tzinfo=UTC)
SECRETS = b"Credential=AKIA/20261124, Signature=abcdef0123456789"
REQUEST = WireRequest(
    "POST",
    b"/secret-path",
    b"X-Amz-Signature=abcdef0123456789",
    {b"authorization": SECRETS, b"x-amz-security-token": b"abcdef0123456789"},
    b"Action=CreateLoginProfile&Password=abcdef0123456789",
    secure=False,
    client_address="192.0.2.7",
)
EVENT = OpenEvent(NOW, "request-1", "192.0.2.7", "agent abcdef0123456789")
RESPONSE = WireResponse(200, [], b"abcdef0123456789")
DONE = Handled(RESPONSE, EVENT, "iam:GetUser", "arn:aws:iam::111122223333:user/a", None)
REFUSED = Handled(RESPONSE, EVENT, "iam:GetUser", None, "InvalidClientTokenId")


def written(log_format: str, *handled: Handled | None) -> str:
    """Write lines for requests of one turn of the loop."""
    stream = io.StringIO()

    async def turn() -> None:
        log = RequestLog(stream, "json" if log_format == "json" else "console")
        for one in handled:
            log.write(REQUEST, one, 200, 1.23456)
        assert stream.getvalue() == ""
        await asyncio.sleep(0)

    asyncio.run(turn())
    return stream.getvalue()


def test_a_json_line_has_all_of_it() -> None:
    """Request id, principal, action, status, milliseconds, source and error are in a line of JSON."""
    line = json.loads(written("json", DONE))
    assert line == {
        "time": "2026-11-24T09:00:00.123456Z",
        "request_id": "request-1",
        "principal": "arn:aws:iam::111122223333:user/a",
        "action": "iam:GetUser",
        "error": None,
        "status": 200,
        "milliseconds": 1.235,
        "source": "192.0.2.7",
    }
    refused = json.loads(written("json", REFUSED))
    assert (refused["principal"], refused["error"]) == (None, "InvalidClientTokenId")


@pytest.mark.parametrize("log_format", ["json", "console"])
def test_a_request_is_one_line(log_format: str) -> None:
    """As many requests, as many lines, whatever they were."""
    assert written(log_format, DONE, REFUSED, None, DONE).count("\n") == 4


@pytest.mark.parametrize("log_format", ["json", "console"])
def test_no_secret_is_in_a_line(log_format: str) -> None:
    """No header, parameter, body or path is in the log."""
    lines = written(log_format, DONE, REFUSED, None)
    for secret in ("abcdef0123456789", "Signature", "Password", "secret-path", "Authorization"):
        assert secret not in lines


def test_a_console_line_is_for_people() -> None:
    """A line for people has time, status, action, principal and error."""
    first, second = written("console", DONE, REFUSED).splitlines()
    assert first.split() == [
        "09:00:00", "200", "1.2", "ms", "iam:GetUser", "arn:aws:iam::111122223333:user/a", "request-1",
    ]  # fmt: skip
    assert "InvalidClientTokenId" in second


@pytest.fixture
def root_logger() -> Iterator[logging.Logger]:
    """The root logger, which is put back as it was."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield root
    root.handlers[:] = handlers
    root.setLevel(level)


def test_what_else_is_logged_goes_the_same_way(root_logger: logging.Logger) -> None:
    """Warnings and exceptions are lines of JSON, too, with the request's id where they have one."""
    stream = io.StringIO()
    configure_logging(stream, "json")
    try:
        raise LookupError("why")
    except LookupError:
        logging.getLogger("keywright.test").exception("it failed", extra={"request_id": "r1"})
    logging.getLogger("keywright.test").info("too quiet")
    line = json.loads(stream.getvalue())
    assert (line["level"], line["logger"], line["message"], line["request_id"]) == (
        "error",
        "keywright.test",
        "it failed",
        "r1",
    )
    assert "LookupError: why" in line["exception"]


def test_the_form_follows_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a terminal the log is for people, elsewhere it is JSON."""
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    assert default_format() == "console"
    monkeypatch.setattr("sys.stderr.isatty", lambda: False, raising=False)
    assert default_format() == "json"
