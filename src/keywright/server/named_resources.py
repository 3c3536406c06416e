"""The resources on which a caller's policies allow an action: where to ask when the request's own is not known."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from keywright.policy.evaluate import PolicyType
from keywright.server.context import RequestContext
from keywright.server.denials import Asked

_VARIABLE: Final = re.compile(r"\$\{\s*([^},'\s]+)[^}]*\}")
_ALLOWING: Final[tuple[PolicyType, ...]] = ("identity", "boundary", "session")


def named_resources(asked: Asked) -> Iterable[str]:
    """
    Give each resource that a statement allows the action on, with the request's values for variables.

    A pattern stands for one of the resources that it covers: itself, read as text.
    """
    allows = asked.policies.plans[asked.request.action].allows
    patterns = (
        pattern for kind in _ALLOWING for statement in allows[kind] for pattern in statement.statement.resources or ()
    )
    return {_fill(pattern, asked.context) for pattern in patterns}


def _fill(pattern: str, context: RequestContext) -> str:
    return _VARIABLE.sub(lambda found: (context.get(found[1].lower()) or (found[0],))[0], pattern)
