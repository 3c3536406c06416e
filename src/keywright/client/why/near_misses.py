"""Say in words what a statement's condition asks for, and what the request had; and what a caller can do about it."""

from __future__ import annotations

from typing import Final

from keywright.client.why.explanation import FailedCondition, NearMiss
from keywright.client.why.places import place
from keywright.policy.condition.operators import parse_operator

_COMPARED: Final = {
    "less": "less than ",
    "less-or-equal": "at most ",
    "greater": "more than ",
    "greater-or-equal": "at least ",
}
_FAMILIES: Final = {"string-like": "something like ", "arn": "the ARN ", "address": "an address in "}


def told(miss: NearMiss) -> str:
    """Say which statement it is, and what the request lacked."""
    lacked = "; and for ".join(f"{one.key}: {had(one)}, it asks for {asked(one)}" for one in miss.conditions)
    return f"{place(miss.statement)} would allow it, but for {lacked}"


def had(failed: FailedCondition) -> str:
    """Say what the request had."""
    if failed.had:
        return f"the request had {', '.join(failed.had)}"
    return "the request had none" if failed.is_known else "what the request had is not known"


def asked(failed: FailedCondition) -> str:
    """Say what the condition asks for."""
    operator = parse_operator(failed.operator)
    values = " or ".join(failed.values) or "nothing"
    if operator is None:
        return f"{failed.operator} {values}"
    if operator.family == "null":
        return "none" if failed.values == ("true",) else "any"
    if operator.family == "date":
        words = {"less": "before ", "less-or-equal": "until ", "greater": "after ", "greater-or-equal": "from "}
        return words.get(operator.comparison, "") + values
    words_of = _COMPARED.get(operator.comparison) or _FAMILIES.get(operator.family, "")
    every = "for each value " if operator.qualifier == "ForAllValues" else ""
    return f"{every}{'anything but ' if operator.negated else ''}{words_of}{values}"


def lacking(miss: NearMiss) -> str:
    """Say what a request must have for the statement to allow it."""
    return " and ".join(f"{one.key}: {asked(one)}" for one in miss.conditions)
