"""The console's files: which one, in which form, with which headers, and none but those."""

from __future__ import annotations

from pathlib import Path

import pytest

from keywright.aws.wire import WireRequest, WireResponse
from keywright.server.console_files import ConsoleFiles, find_console

PAGE = b"<!doctype html><title>Keywright</title>"
SCRIPT = b"export const answer = 42;"
NAME = "/assets/main-a1B2_c-4.js"


@pytest.fixture
def console(tmp_path: Path) -> ConsoleFiles:
    """A console as it is built: one page, a script in three forms, a picture in one."""
    folder = tmp_path / "console_static"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_bytes(PAGE)
    (folder / "index.html.br").write_bytes(b"page by br")
    for ending, content in (("", SCRIPT), (".br", b"script by br"), (".gz", b"script by gzip")):
        (folder / (NAME[1:] + ending)).write_bytes(content)
    (folder / "assets/keywright.svg").write_bytes(b"<svg/>")
    (folder / ".sources.sha256").write_text("0" * 64)
    (tmp_path / "secret.txt").write_text("not to be served")
    return find_console(folder)


def request(path: str, **headers: str) -> WireRequest:
    """Make a GET."""
    given = {name.replace("_", "-").encode(): value.encode() for name, value in headers.items()}
    return WireRequest("GET", path.encode(), b"", given, b"", False, "192.0.2.7")


def ask(console: ConsoleFiles, path: str, **headers: str) -> WireResponse | None:
    """Ask for a file."""
    asked = request(path, **headers)
    file = console.find(asked)
    return None if file is None else file.answer(asked)


@pytest.mark.parametrize("path", ["/", "/console", "/console/", "/console/iam/users/a%2Fb", "/iam/home"])
def test_the_page_answers_to_every_address_of_the_console(console: ConsoleFiles, path: str) -> None:
    """A browser that opens a deep link gets the page; a program that asks for the same does not."""
    response = ask(console, path, accept="text/html,application/xhtml+xml,*/*;q=0.8")
    assert response is not None
    headers = dict(response.headers)
    assert (response.status, response.body) == (200, PAGE)
    assert headers[b"content-type"] == b"text/html; charset=utf-8"
    assert headers[b"cache-control"] == b"no-cache"
    for accept in ("application/json", "*/*", ""):
        assert ask(console, path, accept=accept) is None


def test_the_page_may_do_little_and_be_framed_nowhere(console: ConsoleFiles) -> None:
    """The page has the policy of console.md, word for word, and is in no frame of anybody's."""
    response = ask(console, "/", accept="text/html")
    assert response is not None
    headers = dict(response.headers)
    assert headers[b"content-security-policy"] == (
        b"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        b"connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
        b"require-trusted-types-for 'script'; trusted-types kw-xml"
    )
    assert headers[b"x-frame-options"] == b"DENY"
    assert headers[b"x-content-type-options"] == b"nosniff"
    assert headers[b"referrer-policy"] == b"same-origin"
    assert headers[b"cross-origin-opener-policy"] == b"same-origin"


@pytest.mark.parametrize(
    ("accepted", "encoding", "body"),
    [
        ("gzip, deflate, br, zstd", b"br", b"script by br"),
        ("gzip", b"gzip", b"script by gzip"),
        ("GZIP;q=0.5 , br; q=0", b"gzip", b"script by gzip"),
        ("deflate", None, SCRIPT),
        ("", None, SCRIPT),
    ],
)
def test_the_best_form_that_is_taken(console: ConsoleFiles, accepted: str, encoding: bytes | None, body: bytes) -> None:
    """Brotli before gzip before the file itself, and nothing that the browser did not name or ruled out."""
    response = ask(console, NAME, accept_encoding=accepted)
    assert response is not None
    headers = dict(response.headers)
    assert (headers.get(b"content-encoding"), response.body) == (encoding, body)
    assert headers[b"content-length"] == b"%d" % len(body)
    assert headers[b"vary"] == b"accept-encoding"
    assert headers[b"content-type"] == b"text/javascript; charset=utf-8"


def test_what_is_kept_how_long(console: ConsoleFiles) -> None:
    """A name that says what is in the file is good for a year; another is asked about, and answered in short."""
    hashed, named = ask(console, NAME), ask(console, "/assets/keywright.svg")
    assert hashed is not None
    assert named is not None
    assert dict(hashed.headers)[b"cache-control"] == b"public, max-age=31536000, immutable"
    headers = dict(named.headers)
    assert headers[b"cache-control"] == b"no-cache"
    assert headers[b"content-type"] == b"image/svg+xml; charset=utf-8"
    again = ask(console, "/assets/keywright.svg", if_none_match=headers[b"etag"].decode())
    assert again is not None
    assert (again.status, again.body) == (304, b"")
    other = ask(console, "/assets/keywright.svg", if_none_match='W/"another"')
    assert other is not None
    assert other.status == 200


@pytest.mark.parametrize(
    "path",
    [
        "/assets/../../secret.txt",
        "/../secret.txt",
        "/assets/%2e%2e/%2e%2e/secret.txt",
        "/.sources.sha256",
        f"{NAME}.br",
        "/assets/",
        "/assets/none-12345678.js",
    ],
)
def test_nothing_else_is_served(console: ConsoleFiles, path: str) -> None:
    """Neither a path out of the folder nor what only the build needs is served."""
    assert ask(console, path, accept="text/html") is None


def test_no_console_in_the_package(tmp_path: Path) -> None:
    """Without its page there is no console: no file of it is found, and it says so."""
    (tmp_path / "assets").mkdir()
    (tmp_path / NAME[1:]).write_bytes(SCRIPT)
    for folder in (tmp_path, tmp_path / "missing"):
        console = find_console(folder)
        assert not console.present
        assert ask(console, "/", accept="text/html") is None
        assert ask(console, NAME) is None
