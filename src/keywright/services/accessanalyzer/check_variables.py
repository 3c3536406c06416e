"""Whether policy variables are well formed, and stand where they mean something."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from keywright.services.accessanalyzer.findings import Finding, found
from keywright.services.accessanalyzer.policy_tree import Place, Policy, Statement

_VARIABLE: Final = re.compile(r"\$\{([^}]*)(\}?)")
_CHARACTERS: Final = frozenset("*?$")


def check_variables(policy: Policy) -> Iterator[Finding]:
    """Check the variables in resources, conditions and principals; those in actions are checked with them."""
    for statement in policy.statements:
        places = list(_where_allowed(statement))
        for place in places:
            yield from _check_syntax(place)
        with_variables = [place for place in places if "${" in (place.text or "")]
        if with_variables and policy.version != "2012-10-17":
            yield found("VARIABLE_UNSUPPORTED_IN_VERSION", *with_variables)
        for _, place in statement.principals:
            match = _VARIABLE.search(place.text or "")
            if match is not None:
                yield found("VARIABLE_UNSUPPORTED_IN_ELEMENT", place, variable=match[0])


def _where_allowed(statement: Statement) -> Iterator[Place]:
    for name in ("Resource", "NotResource"):
        yield from statement.listed(name)
    for line in statement.lines:
        yield from line.values


def _check_syntax(place: Place) -> Iterator[Finding]:
    for match in _VARIABLE.finditer(place.text or ""):
        content, brace = match.groups()
        name, comma, default = content.partition(",")
        if not brace:
            yield found("MISSING_BRACE_IN_VARIABLE", place)
        elif not content.strip():
            yield found("EMPTY_VARIABLE", place)
        elif content in _CHARACTERS:
            continue
        elif " " in name:
            yield found("UNSUPPORTED_SPACE_IN_VARIABLE", place)
        elif comma and not re.fullmatch(r"\s*'[^']*'\s*", default):
            yield found("MISSING_QUOTE_IN_VARIABLE", place)
