"""Standard streams that are closed, or closed while we write: no reason for a traceback."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator


def open_missing_streams() -> None:
    """
    Open the null device where the caller closed a standard stream (`>&-`).

    Else the next file that is opened becomes standard output, and Python has no stream to write to.
    """
    for descriptor, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is not None:
            continue
        try:
            os.fstat(descriptor)
        except OSError:
            # The lowest free descriptor: those below are open by now.
            os.open(os.devnull, os.O_RDWR)
        mode = "r" if descriptor == 0 else "w"
        # Standard streams have no end but the process's.
        stream = open(descriptor, mode, encoding="utf-8", errors="backslashreplace", closefd=False)  # noqa: SIM115
        setattr(sys, name, stream)


@contextlib.contextmanager
def flushed_streams() -> Iterator[None]:
    """Write out what is buffered at the end; what can no longer be written is dropped, by Python's own end too."""
    try:
        yield
    finally:
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except (OSError, ValueError):
                with contextlib.suppress(OSError, ValueError):
                    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
