"""
One line a request, as JSON or for people.

Lines are gathered for a turn of the event loop and written at once. No header, no parameter and no body is in them, so
that no secret and no signature can be.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from datetime import UTC, datetime
from typing import Any, Final, Literal, TextIO

import orjson

LogFormat = Literal["json", "console"]
_FIELDS: Final = ("request_id",)


class RequestLog:
    """Writes the lines of requests."""

    def __init__(self, stream: TextIO, log_format: LogFormat) -> None:
        self._stream: Final = stream
        self._json: Final = log_format == "json"
        self._lines: list[str] = []

    def write(
        self,
        at: datetime,
        milliseconds: float,
        status: int,
        *,
        request_id: str | None,
        action: str | None,
        principal: str | None,
        error_code: str | None,
        source_address: str,
    ) -> None:
        """Note a request that has been answered."""
        if self._json:
            line = orjson.dumps(
                {
                    "time": at.isoformat(timespec="milliseconds"),
                    "request_id": request_id,
                    "principal": principal,
                    "action": action,
                    "status": status,
                    "error": error_code,
                    "milliseconds": round(milliseconds, 3),
                    "source": source_address,
                }
            ).decode()
        else:
            line = (
                f"{at:%H:%M:%S} {status} {milliseconds:7.1f} ms  {action or '-'}  {principal or '-'}"
                f"{'  ' + error_code if error_code else ''}  {request_id or ''}"
            )
        if not self._lines:
            asyncio.get_running_loop().call_soon(self.flush)
        self._lines.append(line)

    def flush(self) -> None:
        """Write what has been gathered."""
        lines, self._lines = self._lines, []
        self._stream.write("\n".join((*lines, "")))
        self._stream.flush()


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


def configure_logging(stream: TextIO, log_format: LogFormat) -> None:
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
