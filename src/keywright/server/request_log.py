"""
One line a request, as JSON or for people.

Lines are gathered for a turn of the event loop and written at once. No header, no parameter and no body is in them, so
that no secret and no signature can be.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final, Literal, Protocol

import orjson

from keywright.aws.wire import WireRequest
from keywright.server.pipeline import Handled

LogFormat = Literal["json", "console"]
_FIELDS: Final = ("request_id",)
_AS_LINE: Final = orjson.OPT_APPEND_NEWLINE | orjson.OPT_UTC_Z


class LogTarget(Protocol):
    """Where lines go: a stream, or the queue before one."""

    def write(self, text: str, /) -> int:
        """Write lines."""

    def flush(self) -> None:
        """Let go of what has been written."""


class RequestLog:
    """Writes the lines of requests."""

    def __init__(self, stream: LogTarget, log_format: LogFormat) -> None:
        self._stream: Final = stream
        self._form: Final = _json_line if log_format == "json" else _console_line
        self._lines: list[str] = []

    def write(self, request: WireRequest, handled: Handled | None, status: int, milliseconds: float) -> None:
        """Note a request that has been answered; `handled` is None for one that was none of AWS's."""
        if not self._lines:
            asyncio.get_running_loop().call_soon(self.flush)
        self._lines.append(self._form(request, handled, status, milliseconds))

    def flush(self) -> None:
        """Write what has been gathered."""
        lines, self._lines = self._lines, []
        self._stream.write("".join(lines))
        self._stream.flush()


def _json_line(request: WireRequest, handled: Handled | None, status: int, milliseconds: float) -> str:
    line: dict[str, Any] = {"time": datetime.now(UTC) if handled is None else handled.event.at}
    if handled is not None:
        line["request_id"] = handled.event.request_id
        line["principal"] = handled.principal
        line["action"] = handled.action
        line["error"] = handled.error_code
    line["status"] = status
    line["milliseconds"] = round(milliseconds, 3)
    line["source"] = request.client_address
    return orjson.dumps(line, option=_AS_LINE).decode()


def _console_line(request: WireRequest, handled: Handled | None, status: int, milliseconds: float) -> str:
    if handled is None:
        return f"{datetime.now(UTC):%H:%M:%S} {status} {milliseconds:7.1f} ms  {request.method} (not an AWS request)\n"
    error = f"  {handled.error_code}" if handled.error_code else ""
    return (
        f"{handled.event.at:%H:%M:%S} {status} {milliseconds:7.1f} ms  {handled.action or '-'}"
        f"  {handled.principal or '-'}{error}  {handled.event.request_id}\n"
    )


class _JsonFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        line |= {name: getattr(record, name) for name in _FIELDS if hasattr(record, name)}
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return orjson.dumps(line).decode()


def dropped_line(log_format: LogFormat) -> Callable[[int], str]:
    """Return what writes the line that tells how many lines are missing."""

    def say(count: int) -> str:
        message = f"the log was not read in time: {count} lines are missing here"
        if log_format == "console":
            return f"{datetime.now(UTC):%H:%M:%S} WARNING keywright.log: {message}\n"
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        return orjson.dumps(
            {"time": at, "level": "warning", "logger": "keywright.log", "message": message}, option=_AS_LINE
        ).decode()

    return say


def configure_logging(stream: LogTarget, log_format: LogFormat) -> None:
    """Send everything else that is logged to the same stream, in the same format."""
    handler = logging.StreamHandler(stream)
    if log_format == "json":
        handler.setFormatter(_JsonFormatter())
    else:
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s", "%H:%M:%S"))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)


def default_format() -> LogFormat:
    """Choose for people on a terminal, else JSON."""
    return "console" if sys.stderr.isatty() else "json"
