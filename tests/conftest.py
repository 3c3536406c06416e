"""
The order of the tests: as they are written, or any (`make test ORDER=random`).

In a random order the files are shuffled, and the tests of each: whatever a file's tests share is still made once.
"""

from __future__ import annotations

import os
import random
from itertools import groupby
from operator import attrgetter
from typing import Final

import pytest

ORDER: Final = "TESTS_ORDER"
"""`random`, or the number of an order."""


def pytest_configure() -> None:
    """Choose the order before there are workers: all of them have this one's variables, and must agree."""
    if os.environ.get(ORDER) == "random":
        os.environ[ORDER] = str(random.SystemRandom().randrange(1_000_000))


def pytest_report_header() -> str | None:
    """Say which order it is, to have it again."""
    return f"random order: ORDER={os.environ[ORDER]}" if os.environ.get(ORDER) else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Shuffle."""
    if not os.environ.get(ORDER):
        return
    shuffled = random.Random(int(os.environ[ORDER]))
    files = [list(tests) for _, tests in groupby(items, key=attrgetter("path"))]
    shuffled.shuffle(files)
    for tests in files:
        shuffled.shuffle(tests)
    items[:] = [one for tests in files for one in tests]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say it at the end too: `-q` leaves the header out."""
    if os.environ.get(ORDER):
        terminalreporter.write_line(f"random order: ORDER={os.environ[ORDER]}")
