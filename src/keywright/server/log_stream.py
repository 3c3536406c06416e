"""
A log that somebody reads through a pipe, and may stop reading.

Whoever writes to a full pipe waits. Here a thread does, with a queue that has an end; what does not fit is left out and
counted, and the count is said once there is room. A file or a terminal is written to as ever.
"""

from __future__ import annotations

import io
import os
import stat
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Final, TextIO

_MAX_CHARACTERS: Final = 256 * 1024


def blocks(stream: TextIO) -> bool:
    """Return whether writing to a stream may wait for a reader: a pipe or a socket."""
    try:
        mode = os.fstat(stream.fileno()).st_mode
    except (OSError, ValueError):
        return False
    return stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode)


class QueuedStream(io.TextIOBase):
    """Lines on their way to a pipe, which nobody waits for; for use by several threads."""

    def __init__(self, descriptor: int, say_dropped: Callable[[int], str]) -> None:
        """`say_dropped` writes the line that tells how many are missing."""
        self._descriptor: Final = descriptor
        self._say_dropped: Final = say_dropped
        self._texts: Final[deque[str]] = deque()
        self._characters = 0
        self._dropped = 0
        self._writing = False
        self._changed: Final = threading.Condition()
        threading.Thread(target=self._run, name="log", daemon=True).start()

    def write(self, text: str, /) -> int:
        """Put whole lines into the queue, or count them where it is full."""
        with self._changed:
            if self._characters + len(text) > _MAX_CHARACTERS:
                self._dropped += max(text.count("\n"), 1)
            elif text:
                self._texts.append(text)
                self._characters += len(text)
                self._changed.notify_all()
        return len(text)

    def drain(self, seconds: float) -> None:
        """Wait until everything is written, but no longer than that: the reader may never come back."""
        end = time.monotonic() + seconds
        with self._changed:
            while (self._texts or self._writing or self._dropped) and time.monotonic() < end:
                self._changed.wait(max(end - time.monotonic(), 0))

    def _run(self) -> None:
        while True:
            with self._changed:
                while not self._texts and not self._dropped:
                    self._changed.wait()
                text = "".join(self._texts)
                self._texts.clear()
                self._characters = 0
                if self._dropped:
                    # Those that were left out came after all that is in the queue.
                    text += self._say_dropped(self._dropped)
                    self._dropped = 0
                self._writing = True
            self._write(text.encode("utf-8", "backslashreplace"))
            with self._changed:
                self._writing = False
                self._changed.notify_all()

    def _write(self, content: bytes) -> None:
        left = memoryview(content)
        while left:
            try:
                left = left[os.write(self._descriptor, left) :]
            except BlockingIOError:
                time.sleep(0.05)
            except OSError:
                return  # Nobody is at the other end any more.
