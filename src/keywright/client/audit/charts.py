"""Lay out the charts of an audit's page: bars of key age and of use, and the one against the other."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from keywright.client.audit.facts import AuditedKey, AuditedUser
from keywright.client.audit.findings import Audit

_DAY: Final = timedelta(days=1)
_AGES: Final = (0, 30, 60, 90, 180, 365, 730)
_USES: Final = (0, 1, 7, 30, 45, 90, 365)
_MOST_DAYS: Final = 3650
_YEAR: Final = 365


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar; measures are shares of the plot's width and height, from 0 to 1."""

    label: str
    count: int
    height: float
    is_late: bool
    """It lies beyond the limit."""


@dataclass(frozen=True, slots=True)
class Dot:
    """One key: x is its age, y the time since its last use, both from 0 to 1."""

    x: float
    y: float
    kind: str
    """`fine`, `old`, `unused` or `never`."""
    title: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on an axis."""

    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Scatter:
    """All keys; those that were never used lie above the plot."""

    dots: tuple[Dot, ...]
    ticks: tuple[Tick, ...]
    age_limit: Tick
    use_limit: Tick
    radius: float
    """Of a dot: the more there are, the smaller."""


def age_bars(audit: Audit) -> tuple[Bar, ...]:
    """Count the active keys by age."""
    ages = [_days_since(audit, key.created_at) for _, key in _active(audit) if key.created_at]
    limit = audit.thresholds.max_age.days
    starts = sorted({*_AGES, limit})
    return _bars(_labels(starts), _counts(ages, starts), [start >= limit for start in starts])


def use_bars(audit: Audit) -> tuple[Bar, ...]:
    """Count the active keys by the time since their last use; the last bar is of those never used."""
    keys = [key for _, key in _active(audit) if key.use_is_known]
    used = [_days_since(audit, key.last_used_at) for key in keys if key.last_used_at]
    limit = audit.thresholds.unused.days
    starts = sorted({*_USES, limit})
    labels = ["today", *_labels(starts)[1:], "never"]
    counts = [*_counts(used, starts), len(keys) - len(used)]
    return _bars(labels, counts, [*(start >= limit for start in starts), True])


def scatter(audit: Audit) -> Scatter:
    """Put each active key where its age and its last use meet."""
    limits = audit.thresholds
    days = [_days_since(audit, key.created_at) for _, key in _active(audit) if key.created_at]
    most = min(_MOST_DAYS, max([2 * limits.max_age.days, *days]) * 1.05)
    dots = [
        _dot(audit, user, key, most) for user, key in _active(audit) if key.created_at is not None and key.use_is_known
    ]
    ticks = tuple(Tick(_scale(day, most), label) for day, label in _TICKS if day <= most)
    return Scatter(
        tuple(sorted(dots, key=lambda dot: dot.kind)),
        ticks,
        Tick(_scale(limits.max_age.days, most), f"{limits.max_age.days} days"),
        Tick(_scale(limits.unused.days, most), f"{limits.unused.days} days"),
        6 if len(dots) <= 100 else 4.5 if len(dots) <= 400 else 3.5,
    )


_TICKS: Final = (
    (1, "1 d"),
    (7, "1 wk"),
    (30, "1 mo"),
    (90, "3 mo"),
    (365, "1 yr"),
    (730, "2 yr"),
    (1825, "5 yr"),
    (3650, "10 yr"),
)


def _dot(audit: Audit, user: AuditedUser, key: AuditedKey, most: float) -> Dot:
    assert key.created_at is not None
    age = _days_since(audit, key.created_at)
    idle = None if key.last_used_at is None else _days_since(audit, key.last_used_at)
    used = "never used" if idle is None else f"used {idle:.0f} days ago"
    return Dot(
        _scale(age, most),
        1.0 if idle is None else _scale(idle, most),
        _kind(audit, age, idle),
        f"{key.name}, {user.name}: {age:.0f} days old, {used}",
    )


def _kind(audit: Audit, age: float, idle: float | None) -> str:
    if idle is None:
        return "never"
    if idle >= audit.thresholds.unused.days:
        return "unused"
    return "old" if age > audit.thresholds.max_age.days else "fine"


def _scale(days: float, most: float) -> float:
    """Give the first days as much room as the later years."""
    return min(1.0, math.log1p(max(0.0, days)) / math.log1p(most))


def _active(audit: Audit) -> list[tuple[AuditedUser, AuditedKey]]:
    return [(user, key) for user, key in audit.facts.each_key() if key.is_active]


def _days_since(audit: Audit, moment: datetime) -> float:
    return (audit.facts.audited_at - moment) / _DAY


def _counts(days: Sequence[float], starts: Sequence[int]) -> list[int]:
    ends = (*starts[1:], math.inf)
    return [sum(start <= one < end for one in days) for start, end in zip(starts, ends, strict=True)]


def _bars(labels: Sequence[str], counts: Sequence[int], late: Sequence[bool]) -> tuple[Bar, ...]:
    most = max(1, *counts)
    return tuple(
        Bar(label, count, count / most, is_late) for label, count, is_late in zip(labels, counts, late, strict=True)
    )


def _labels(starts: Sequence[int]) -> list[str]:
    """Name the spans between days: `30–60`, `180–365`, `1–2 yr`, `over 2 yr`."""
    spans = [
        f"{low // _YEAR}–{high // _YEAR} yr" if low % _YEAR == 0 and high % _YEAR == 0 and low else f"{low}–{high}"
        for low, high in itertools.pairwise(starts)
    ]
    last = starts[-1]
    return [*spans, f"over {last // _YEAR} yr" if last % _YEAR == 0 else f"over {last}"]
