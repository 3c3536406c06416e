"""The facts of a request that policy conditions may ask for, found when they are asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from keywright.aws.clock import iso8601
from keywright.server.stages import Authenticated
from keywright.services.operation import Call

Values = tuple[str, ...]
Find = Callable[["RequestContext"], Values | None]


class RequestContext:
    """A request's context keys, by their names in lower case; each is worked out once, and only when asked for."""

    __slots__ = ("_found", "authenticated", "call", "inputs")

    def __init__(self, authenticated: Authenticated, call: Call, inputs: Mapping[str, Any]) -> None:
        self.authenticated: Final = authenticated
        self.call: Final = call
        self.inputs: Final = inputs
        self._found: dict[str, Values | None] = {}

    def get(self, key: str, /) -> Values | None:
        """Give a key's values, None where this request does not have it."""
        if key not in self._found:
            find = _GLOBAL_KEYS.get(key)
            self._found[key] = None if find is None else find(self)
        return self._found[key]


def _one(value: str | None) -> Values | None:
    return None if value is None else (value,)


def _bool(value: bool) -> Values:  # noqa: FBT001 - a condition value, not a switch
    return ("true",) if value else ("false",)


def _age_of_mfa(context: RequestContext) -> Values | None:
    session = context.call.caller.session
    if session is None or not session.mfa_authenticated:
        return None
    return (str(int((context.call.now - session.issued_at).total_seconds())),)


def _mfa_present(context: RequestContext) -> Values | None:
    session = context.call.caller.session
    return None if session is None else _bool(session.mfa_authenticated)


def _token_issue_time(context: RequestContext) -> Values | None:
    session = context.call.caller.session
    return None if session is None else (iso8601(session.issued_at),)


_GLOBAL_KEYS: Final[dict[str, Find]] = {
    "aws:principalarn": lambda context: (context.call.caller.arn,),
    "aws:principalaccount": lambda context: (context.call.account_id,),
    "aws:principaltype": lambda context: ("Account" if context.call.caller.kind == "Root" else "User",),
    "aws:userid": lambda context: (context.call.caller.principal_id,),
    "aws:username": lambda context: _one(context.call.caller.user_name),
    "aws:sourceip": lambda context: (context.authenticated.request.client_address,),
    "aws:securetransport": lambda context: _bool(context.authenticated.request.secure),
    "aws:useragent": lambda context: _one(context.authenticated.request.header(b"user-agent")),
    "aws:referer": lambda context: _one(context.authenticated.request.header(b"referer")),
    "aws:currenttime": lambda context: (iso8601(context.call.now),),
    "aws:epochtime": lambda context: (str(int(context.call.now.timestamp())),),
    "aws:requestedregion": lambda context: (context.authenticated.region,),
    "aws:multifactorauthpresent": _mfa_present,
    "aws:multifactorauthage": _age_of_mfa,
    "aws:tokenissuetime": _token_issue_time,
}
"""Global condition keys (IAM User Guide, "AWS global condition context keys"), by name in lower case."""
