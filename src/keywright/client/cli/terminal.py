"""What a person sees: aligned columns, colour on a terminal only, questions on one only."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final, NoReturn, TextIO

from keywright.client.errors import CommandError, Exit

__all__ = [
    "MASK",
    "Exit",
    "Stop",
    "columns",
    "confirm",
    "is_interactive",
    "moment",
    "note",
    "paint",
    "printable",
    "stop",
]

_COLOURS: Final = {"red": "31", "green": "32", "yellow": "33", "bold": "1", "dim": "2"}
MASK: Final = "****************"


class Stop(CommandError):
    """A command ends here; the message says why and what to do."""

    def __init__(self, message: str, code: Exit) -> None:
        super().__init__(message)
        self.code = code


def stop(message: str, code: Exit = Exit.NEGATIVE) -> NoReturn:
    """
    End the command.

    Raises: Stop.
    """
    raise Stop(message, code)


def paint(text: str, colour: str, stream: TextIO | None = None) -> str:
    """Colour a text for a terminal (https://no-color.org is honoured)."""
    stream = stream or sys.stdout
    if not stream.isatty() or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return text
    return f"\x1b[{_COLOURS[colour]}m{text}\x1b[0m"


def columns(rows: Sequence[Sequence[str]]) -> str:
    """Align rows in columns; what is not printable (from a file, from a service) is escaped."""
    clean = [[printable(cell) for cell in row] for row in rows]
    widths = [max(len(row[at]) for row in clean) for at in range(len(clean[0]))] if clean else []
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in clean
    )


def printable(text: str) -> str:
    """Escape what would steer a terminal."""
    return "".join(one if one.isprintable() else one.encode("unicode_escape").decode() for one in text)


def moment(at: datetime) -> str:
    """Write a moment for a person."""
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")


def note(text: str) -> None:
    """Say something beside the answer, which stays clean for a pipe."""
    with contextlib.suppress(BrokenPipeError):
        # That nobody reads the notes is no reason to stop in the middle of something.
        print(printable(text), file=sys.stderr)


def is_interactive() -> bool:
    """Tell whether there is somebody to ask."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def confirm(question: str) -> bool:
    """Ask a yes-or-no question on the terminal; no is the default."""
    print(f"{printable(question)} [y/N] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in {"y", "yes"}
