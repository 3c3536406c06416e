"""
The cookie that holds a browser session's token.

No script sees it, no other site's page sends it, and it goes to `/signin` alone: whatever else this server answers is
signed. Cookies know no ports, so that the name does: two servers on one machine do not sign each other out.
"""

from __future__ import annotations

from typing import Final

from keywright.aws.secret import Secret
from keywright.aws.wire import WireRequest

_ATTRIBUTES: Final = "; Path=/signin; HttpOnly; SameSite=Strict"
_MAX_CHARACTERS: Final = 128


def read_cookie(request: WireRequest) -> str | None:
    """Give the token that a browser sends; None where it sends none."""
    name = _name(request)
    for cookie in (request.header(b"cookie") or "").split(";"):
        found, _, value = cookie.strip().partition("=")
        if found == name and 0 < len(value) <= _MAX_CHARACTERS:
            return value
    return None


def set_cookie(request: WireRequest, token: Secret) -> tuple[bytes, bytes]:
    """Hand a token to the browser, for as long as it runs."""
    return _header(request, token.reveal())


def clear_cookie(request: WireRequest) -> tuple[bytes, bytes]:
    """Take the token from the browser."""
    return _header(request, "", "; Max-Age=0")


def _header(request: WireRequest, value: str, more: str = "") -> tuple[bytes, bytes]:
    secure = "; Secure" if request.secure else ""
    return b"set-cookie", f"{_name(request)}={value}{_ATTRIBUTES}{secure}{more}".encode("ascii")


def _name(request: WireRequest) -> str:
    port = request.origin.rpartition(":")[2]
    name = f"keywright-signin-{port}" if port.isascii() and port.isdigit() else "keywright-signin"
    # A browser takes a name with this prefix only by TLS, so that nobody on the way can plant one.
    return f"__Secure-{name}" if request.secure else name
