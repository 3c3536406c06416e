"""One thing that is wrong with a store."""

from __future__ import annotations

from typing import NamedTuple


class Problem(NamedTuple):
    """What is wrong, and what to do."""

    check: str
    where: str
    what: str
    fix: str
