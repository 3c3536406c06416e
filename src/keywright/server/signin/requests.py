"""What a browser asks of sign-in: read, and only from this server's own pages."""

from __future__ import annotations

import re
from typing import Any, Final, NamedTuple

import orjson

from keywright.aws.secret import Secret
from keywright.aws.wire import WireRequest

_MAX_BYTES: Final = 8192
_FIELDS: Final = frozenset({"account", "user", "email", "password", "mfaCode", "newPassword"})
_CODE: Final = re.compile(r"[0-9]{6}", re.ASCII)


class BadRequest(Exception):
    """Not what this server's own pages send; the message says why."""

    def __init__(self, status: int, result: str, message: str) -> None:
        super().__init__(message)
        self.status: Final = status
        self.result: Final = result
        self.message: Final = message


class SignInRequest(NamedTuple):
    """A sign-in, as typed: of a user of an account, or by e-mail address of a root user."""

    account: str
    """The account's id or alias; empty for a root user."""
    user_name: str | None
    email: str | None
    password: Secret
    mfa_code: str | None
    new_password: Secret | None
    """The answer to a change that was asked for; to be sent for nothing else."""


def check_site(request: WireRequest) -> None:
    """
    Let through what pages of this server's own ask for, and nothing else.

    Both headers are the browser's, and no page can set them. Browsers leave Sec-Fetch-Site out where the page came by
    plain HTTP from another machine: nobody signs in there.
    Raises: BadRequest.
    """
    if request.header(b"sec-fetch-site") != "same-origin" or request.header(b"origin") != request.origin:
        raise BadRequest(
            403,
            "crossSite",
            "Sign in from this server's own page, by https or on localhost. If a proxy stands in front, let it pass on"
            " Host and X-Forwarded-Proto, and name it by --trusted-proxies.",
        )


def read_sign_in(request: WireRequest) -> SignInRequest:
    """
    Read a sign-in's JSON.

    Raises: BadRequest.
    """
    if request.header(b"content-type") != "application/json" or len(request.body) > _MAX_BYTES:
        raise _invalid("A sign-in is a short JSON text of type application/json.")
    try:
        fields = orjson.loads(request.body)
    except orjson.JSONDecodeError:
        raise _invalid("The body is not JSON.") from None
    if not isinstance(fields, dict) or not _FIELDS.issuperset(fields):
        raise _invalid(f"The body is an object with fields of {', '.join(sorted(_FIELDS))}.")
    account, user_name = _text(fields, "account"), _text(fields, "user")
    email, password = _text(fields, "email"), _text(fields, "password")
    is_user, is_root = bool(account and user_name and not email), bool(email and not account and not user_name)
    if password is None or not (is_user or is_root):
        raise _invalid("A password is needed, and an account with a user, or an email alone.")
    mfa_code, new_password = _text(fields, "mfaCode"), _text(fields, "newPassword")
    if mfa_code is not None and not _CODE.fullmatch(mfa_code):
        raise _invalid("An mfaCode has six digits.")
    new = None if new_password is None else Secret(new_password)
    return SignInRequest(account or "", user_name, email, Secret(password), mfa_code, new)


def nothing_to_change() -> BadRequest:
    """Refuse a new password that nobody asked for."""
    return _invalid("No change of the password is asked for: leave newPassword out.")


def _text(fields: dict[str, Any], name: str) -> str | None:
    value = fields.get(name)
    if value is not None and (not isinstance(value, str) or "\0" in value):
        raise _invalid(f"{name} is a text.")
    return value


def _invalid(message: str) -> BadRequest:
    return BadRequest(400, "invalidRequest", message)
