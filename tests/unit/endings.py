"""A guard for work that could go on for ever: it is no measure of time, and no sane run comes near it."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager

_CPU_SECONDS = 120


@contextmanager
def must_end() -> Iterator[None]:
    """Let work come to its end; what grows faster than its input would not, with inputs as long as these."""

    def give_up(*_arguments: object) -> None:
        raise AssertionError(f"no end in {_CPU_SECONDS} seconds of CPU")

    before = signal.signal(signal.SIGPROF, give_up)
    signal.setitimer(signal.ITIMER_PROF, _CPU_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
