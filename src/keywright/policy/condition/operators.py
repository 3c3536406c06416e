"""
Take the names of condition operators apart: `ForAnyValue:StringLikeIfExists` is a qualifier, an operator, a suffix.

Names are matched letter by letter, as AWS writes them.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final, Literal, NamedTuple

Comparison = Literal["equals", "less", "less-or-equal", "greater", "greater-or-equal"]
Family = Literal[
    "string", "string-ignore-case", "string-like", "numeric", "date", "bool", "binary", "address", "arn", "null"
]
Qualifier = Literal["ForAllValues", "ForAnyValue"]


class Operator(NamedTuple):
    """An operator's meaning, whatever the values it is given."""

    family: Family
    comparison: Comparison = "equals"
    negated: bool = False
    qualifier: Qualifier | None = None
    if_exists: bool = False

    @property
    def takes_variables(self) -> bool:
        """Tell whether the operator's values may hold policy variables; elsewhere they are plain text."""
        return self.family in ("string", "string-ignore-case", "string-like", "arn", "bool")


_ORDERED: Final[dict[str, tuple[Comparison, bool]]] = {
    "Equals": ("equals", False),
    "NotEquals": ("equals", True),
    "LessThan": ("less", False),
    "LessThanEquals": ("less-or-equal", False),
    "GreaterThan": ("greater", False),
    "GreaterThanEquals": ("greater-or-equal", False),
}

_OPERATORS: Final[dict[str, Operator]] = {
    "StringEquals": Operator("string"),
    "StringNotEquals": Operator("string", negated=True),
    "StringEqualsIgnoreCase": Operator("string-ignore-case"),
    "StringNotEqualsIgnoreCase": Operator("string-ignore-case", negated=True),
    "StringLike": Operator("string-like"),
    "StringNotLike": Operator("string-like", negated=True),
    **{f"Numeric{name}": Operator("numeric", *meaning) for name, meaning in _ORDERED.items()},
    **{f"Date{name}": Operator("date", *meaning) for name, meaning in _ORDERED.items()},
    "Bool": Operator("bool"),
    "BinaryEquals": Operator("binary"),
    "IpAddress": Operator("address"),
    "NotIpAddress": Operator("address", negated=True),
    "ArnEquals": Operator("arn"),
    "ArnLike": Operator("arn"),
    "ArnNotEquals": Operator("arn", negated=True),
    "ArnNotLike": Operator("arn", negated=True),
    "Null": Operator("null"),
}


@lru_cache(maxsize=256)
def parse_operator(name: str) -> Operator | None:
    """Give the operator of a name; None for a name that the language does not have."""
    qualifier, colon, rest = name.rpartition(":")
    plain = rest.removesuffix("IfExists")
    operator = _OPERATORS.get(plain)
    if operator is None or (colon and qualifier not in ("ForAllValues", "ForAnyValue")):
        return None
    if operator.family == "null":
        # AWS: IfExists goes with every operator "except the Null condition"; a set qualifier says nothing of absence.
        return operator if name == "Null" else None
    return Operator(
        operator.family,
        operator.comparison,
        operator.negated,
        "ForAllValues" if qualifier == "ForAllValues" else "ForAnyValue" if colon else None,
        plain != rest,
    )
