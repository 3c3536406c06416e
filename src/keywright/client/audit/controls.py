"""
Which controls of the CIS AWS Foundations Benchmarks each check answers.

From Prowler's mappings of v3.0, v4.0.1, v5.0, v6.0 and v7.0 (facts §13): from 5.0 on the numbers moved, from 6.0 on
they begin with 2, and 7.0 asks neither for one active key nor about keys made at set-up.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

BENCHMARKS: Final = ("v3.0", "v4.0", "v5.0", "v6.0", "v7.0")

_NUMBERS: Final[Mapping[str, tuple[str | None, ...]]] = {
    "root-key": ("1.4", "1.4", "1.3", "2.3", "2.4"),
    "root-no-mfa": ("1.5", "1.5", "1.4", "2.4", "2.5"),
    "no-mfa": ("1.10", "1.10", "1.9", "2.9", "2.10"),
    "key-at-set-up": ("1.11", "1.11", "1.10", "2.10", None),
    "key-unused": ("1.12", "1.12", "1.11", "2.11", "2.11"),
    "key-never-used": ("1.12", "1.12", "1.11", "2.11", "2.11"),
    "password-unused": ("1.12", "1.12", "1.11", "2.11", "2.11"),
    "two-active-keys": ("1.13", "1.13", "1.12", "2.12", None),
    "key-age": ("1.14", "1.14", "1.13", "2.13", "2.12"),
    "administrator": ("1.16", "1.16", "1.15", "2.15", "2.14"),
}


def controls(check: str) -> dict[str, str]:
    """Give the controls that a check answers, by benchmark."""
    numbers = _NUMBERS.get(check, (None,) * len(BENCHMARKS))
    return {benchmark: number for benchmark, number in zip(BENCHMARKS, numbers, strict=True) if number is not None}
