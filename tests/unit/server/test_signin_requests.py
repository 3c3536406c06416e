"""What sign-in reads of a request: where it comes from, its JSON, its cookie."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from keywright.aws.secret import Secret
from keywright.aws.wire import WireRequest
from keywright.server.signin.cookies import clear_cookie, read_cookie, set_cookie
from keywright.server.signin.requests import BadRequest, check_site, read_sign_in


def request(content: Any = None, *, secure: bool = False, **headers: str) -> WireRequest:
    """Make a POST of JSON."""
    given = {"host": "kw.example:4580", "content_type": "application/json"} | headers
    raw = {name.replace("_", "-").encode(): value.encode("latin-1") for name, value in given.items()}
    body = content if isinstance(content, bytes) else orjson.dumps(content)
    return WireRequest("POST", b"/signin", b"", raw, body, secure, "192.0.2.7")


def test_the_own_page_passes() -> None:
    """A page of this server's own passes, by http or by https."""
    for secure, origin in ((False, "http://kw.example:4580"), (True, "https://kw.example:4580")):
        check_site(request(secure=secure, origin=origin, sec_fetch_site="same-origin"))


def test_the_refusal_says_what_to_do() -> None:
    """Who runs a proxy in front is told what it must pass on."""
    with pytest.raises(BadRequest, match="--trusted-proxies") as caught:
        check_site(request(origin="https://kw.example", sec_fetch_site="same-origin"))
    assert (caught.value.status, caught.value.result) == (403, "crossSite")


def test_a_sign_in_is_read() -> None:
    """A user's, with all that may be sent, and a root user's; null counts as left out."""
    full = {"account": "a", "user": "b", "password": "c", "mfaCode": "012345", "newPassword": "d", "email": None}
    asked = read_sign_in(request(full))
    assert (asked.account, asked.user_name, asked.email, asked.mfa_code) == ("a", "b", None, "012345")
    assert asked.new_password is not None
    assert (asked.password.reveal(), asked.new_password.reveal()) == ("c", "d")
    root = read_sign_in(request({"account": None, "email": "e@x", "password": ""}))
    assert (root.account, root.user_name, root.email, root.new_password) == ("", None, "e@x", None)


def test_no_password_shows() -> None:
    """What was read may be printed: the passwords in it are masked."""
    asked = read_sign_in(request({"account": "a", "user": "b", "password": "hunter-2", "newPassword": "hunter-3"}))
    assert "hunter" not in repr(asked)


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"null", b'"text"', b'{"account":"a","user":"\\ud800"}'])
def test_what_is_no_json_object(body: bytes) -> None:
    """Anything but a JSON object is refused, and nothing of it is repeated."""
    with pytest.raises(BadRequest) as caught:
        read_sign_in(request(body))
    assert caught.value.status == 400


def test_the_cookie_comes_back() -> None:
    """The token that was set is read again among others, by the name for this port and scheme only."""
    for secure in (False, True):
        name, header = set_cookie(request(secure=secure), Secret("token"))
        assert name == b"set-cookie"
        pair = header.decode().partition(";")[0]
        assert read_cookie(request(secure=secure, cookie=f"a=b; {pair}; c=d")) == "token"
        assert read_cookie(request(secure=not secure, cookie=pair)) is None
        assert read_cookie(request(secure=secure, host="kw.example:4581", cookie=pair)) is None
        gone = clear_cookie(request(secure=secure))[1].decode()
        assert gone.partition("=")[0] == pair.partition("=")[0]
        assert "Max-Age=0" in gone


@pytest.mark.parametrize("host", ["kw.example", "[::1]", "kw.example:x"])
def test_a_host_without_a_port(host: str) -> None:
    """Without a port the name has none either; nothing of the Host header but digits gets into a cookie's name."""
    assert set_cookie(request(host=host), Secret("token"))[1].startswith(b"keywright-signin=")


@pytest.mark.parametrize("cookie", ["", "keywright-signin-4580=", "keywright-signin-4580=" + "x" * 129, ";;="])
def test_no_cookie_to_speak_of(cookie: str) -> None:
    """An empty or an endless token is none."""
    assert read_cookie(request(cookie=cookie)) is None
