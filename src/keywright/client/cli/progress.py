"""Show how far a long work has come: a bar on a terminal's standard error, nothing elsewhere."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator


@contextlib.contextmanager
def progress(label: str, total: float | None = None) -> Iterator[Callable[[float], None]]:
    """Give a function that is told how many more are done; `total` None: nobody knows how many there are."""
    if not sys.stderr.isatty():
        yield lambda _more: None
        return
    # Imported here: who pipes our output has no use for it.
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(label, total=total)
        yield lambda more: bar.advance(task, more)
