"""Tell policies that allow far too much: everything, or all of IAM, which comes to the same."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

ANYTHING: Final = "\0:\0"
ALL_OF_IAM: Final = "iam:\0"
"""Actions that do not exist: only a wildcard that covers them all matches them."""


class Breadth(StrEnum):
    """How much a policy allows."""

    ADMINISTRATOR = "everything on everything"
    IAM = "all of IAM, and with it everything"


@dataclass(frozen=True, slots=True)
class Grant:
    """An over-broad policy that a user has."""

    policy: str
    """Its name."""
    is_inline: bool
    breadth: Breadth
    group: str | None
    """The group by which the user has it; None: it is the user's own."""
    has_condition: bool
    """It counts under a condition only."""

    def __str__(self) -> str:
        by = f" by group {self.group}" if self.group else ""
        condition = ", under a condition" if self.has_condition else ""
        kind = "inline " if self.is_inline else ""
        return f"{kind}{self.policy}{by} allows {self.breadth}{condition}"


_KNOWN: Final = {"AdministratorAccess": Breadth.ADMINISTRATOR, "IAMFullAccess": Breadth.IAM}
_EVERYTHING: Final = re.compile(r"[*]+|arn:[*]")
_IAM_OR_MORE: Final = re.compile(_EVERYTHING.pattern + r"|arn:[^:]*:(iam|[*]):[^:]*:[^:]*:[*]")
_AWS_POLICY: Final = re.compile(r"arn:[\w-]+:iam::aws:policy/(?P<name>\w+)")


def known_breadth(arn: str) -> tuple[Breadth, bool] | None:
    """Tell the breadth of a policy of AWS's own by its name, where its document cannot be read."""
    found = _AWS_POLICY.fullmatch(arn)
    breadth = _KNOWN.get(found["name"]) if found else None
    return None if breadth is None else (breadth, False)


def breadth_of(document: Any) -> tuple[Breadth, bool] | None:
    """
    Tell how much too much a document allows, and whether under a condition only; None: not that much.

    What another statement denies is not weighed: it can be taken away as easily.
    """
    found = list(_broad_statements(document))
    if not found:
        return None
    # The widest counts, and of two as wide the one without a condition.
    return min(found, key=lambda one: (one[0] is not Breadth.ADMINISTRATOR, one[1]))


def _broad_statements(document: Any) -> Iterator[tuple[Breadth, bool]]:
    if not isinstance(document, Mapping):
        return
    statements = document.get("Statement", [])
    for statement in [statements] if isinstance(statements, Mapping) else statements:
        if statement.get("Effect") != "Allow":
            continue
        condition = bool(statement.get("Condition"))
        if _is_on(statement, _EVERYTHING) and _allows(statement, ANYTHING):
            yield Breadth.ADMINISTRATOR, condition
        elif _is_on(statement, _IAM_OR_MORE) and _allows(statement, ALL_OF_IAM):
            yield Breadth.IAM, condition


def _is_on(statement: Mapping[str, Any], resource: re.Pattern[str]) -> bool:
    """Tell whether a statement counts for all of something; what it leaves out by NotResource is little."""
    if "NotResource" in statement:
        return not any(_EVERYTHING.fullmatch(one) for one in _strings(statement["NotResource"]))
    return any(resource.fullmatch(one) for one in _strings(statement.get("Resource")))


def _allows(statement: Mapping[str, Any], action: str) -> bool:
    if "NotAction" in statement:
        # What is left out is not everything; all of IAM it may still be.
        spared = _strings(statement["NotAction"])
        return action == ALL_OF_IAM and not any(_touches_iam(one) for one in spared)
    return any(_glob(one).fullmatch(action) for one in _strings(statement.get("Action")))


def _touches_iam(pattern: str) -> bool:
    return _glob(pattern.partition(":")[0]).fullmatch("iam") is not None


def _glob(pattern: str) -> re.Pattern[str]:
    parts = (".*" if one == "*" else "." if one == "?" else re.escape(one) for one in pattern.lower())
    return re.compile("".join(parts), re.DOTALL)


def _strings(value: Any) -> Iterable[str]:
    return [value] if isinstance(value, str) else [one for one in value or [] if isinstance(one, str)]
