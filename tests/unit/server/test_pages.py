"""What the server says of itself to a browser, with the console and without."""

from __future__ import annotations

import asyncio
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from keywright.aws.wire import WireRequest
from keywright.server.console_files import find_console
from keywright.server.pages import console_file, own_page


def get(folder: Path, path: str, accept: str) -> tuple[int, bytes, bytes]:
    """Ask for a page; gives status, type and body."""
    request = WireRequest("GET", path.encode(), b"", {b"accept": accept.encode()}, b"", False, "192.0.2.7")
    runtime = cast("Any", SimpleNamespace(console=find_console(folder)))
    response = console_file(request, runtime) or asyncio.run(own_page(request, runtime))
    return response.status, dict(response.headers)[b"content-type"], response.body


@pytest.mark.parametrize("accept", ["text/html", "*/*"])
def test_a_console_that_is_not_there_is_missed(tmp_path: Path, accept: str) -> None:
    """Without the console `/` and its addresses say so in plain words, and how to have it."""
    status, kind, body = get(tmp_path, "/", accept)
    assert (status, kind) == (200, b"text/plain; charset=utf-8")
    assert b"The browser console is not in this installation" in body
    assert b"KEYWRIGHT_CONSOLE=skip" in body
    status, kind, body = get(tmp_path, "/console/iam/users", accept)
    assert (status, kind) == (404, b"text/plain; charset=utf-8")
    assert b"The browser console is not in this installation" in body


def test_what_is_signed_is_no_browsers(tmp_path: Path) -> None:
    """A signed request is AWS's, whatever it accepts and whatever its path: a bucket may be called `console`."""
    (tmp_path / "index.html").write_bytes(b"<!doctype html>")
    headers = {b"accept": b"text/html", b"authorization": b"AWS4-HMAC-SHA256 Credential=x"}
    runtime = cast("Any", SimpleNamespace(console=find_console(tmp_path)))
    for request in (
        WireRequest("GET", b"/console/", b"", headers, b"", False, "192.0.2.7"),
        WireRequest("GET", b"/console/", b"X-Amz-Algorithm=x", {b"accept": b"text/html"}, b"", False, "192.0.2.7"),
        WireRequest("POST", b"/console/", b"", {b"accept": b"text/html"}, b"", False, "192.0.2.7"),
    ):
        assert console_file(request, runtime) is None


def test_a_console_that_is_there_is_for_browsers(tmp_path: Path) -> None:
    """With the console a browser gets its page at `/`, and a program a word of text."""
    (tmp_path / "index.html").write_bytes(b"<!doctype html>")
    assert get(tmp_path, "/", "text/html")[2] == b"<!doctype html>"
    status, kind, body = get(tmp_path, "/", "*/*")
    assert (status, kind) == (200, b"text/plain; charset=utf-8")
    assert b"not in this installation" not in body
    assert get(tmp_path, "/console/iam", "*/*")[0] == 404
    assert get(tmp_path, "/index.html", "*/*")[2] == b"<!doctype html>"
