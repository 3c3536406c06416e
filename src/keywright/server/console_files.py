"""
The browser console's files: built with the package, compressed beforehand, served as they are.

They are looked up by the names that were there at the start: no request's path reaches the file system.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final, NamedTuple

from keywright.aws.wire import Headers, WireRequest, WireResponse

CONSOLE_FOLDER: Final = Path(__file__).parents[1] / "console_static"
_INDEX: Final = "index.html"
_ENCODINGS: Final = (("br", ".br"), ("gzip", ".gz"))
"""Best first: the name that HTTP has for it, and the file's ending."""
_PAGES: Final = (b"/", b"/console", b"/iam/home")
"""What the one page answers to, beside all below `/console/`; the last is where IAM's refusals point to."""
_BELOW: Final = b"/console/"
_HASHED: Final = re.compile(r"assets/.+-([\w-]{8})\.\w+", re.ASCII)
"""A name with the hash of what is in the file: another content has another name."""
_IMMUTABLE: Final = b"public, max-age=31536000, immutable"
_TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
}
"""Our own: `mimetypes` reads what the machine says, and browsers run no script of another type."""
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types kw-xml"
)
_SECURITY: Final[Headers] = [
    (b"content-security-policy", _POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=(), payment=(), usb=()"),
]


class ConsoleFile(NamedTuple):
    """One file, in every form that it is kept in."""

    content_type: bytes
    cache_control: bytes
    etag: bytes
    forms: Mapping[str, Path]
    """By content encoding; `identity` is the file itself."""

    def answer(self, request: WireRequest) -> WireResponse:
        """Give the file in the best form that the browser takes; nothing, where it has it already."""
        headers = [(b"etag", self.etag), (b"cache-control", self.cache_control), (b"vary", b"accept-encoding")]
        if self.etag in request.headers.get(b"if-none-match", b""):
            return WireResponse(304, [*headers, *_SECURITY], b"")
        accepted = _accepted(request.header(b"accept-encoding") or "")
        encoding = next((name for name, _ in _ENCODINGS if name in self.forms and name in accepted), "identity")
        body = self.forms[encoding].read_bytes()
        headers += [(b"content-type", self.content_type), (b"content-length", b"%d" % len(body))]
        if encoding != "identity":
            headers.append((b"content-encoding", encoding.encode()))
        return WireResponse(200, [*headers, *_SECURITY], body)


class ConsoleFiles:
    """All of the console's files, by path; none of them where the console is not in the package."""

    def __init__(self, files: Mapping[bytes, ConsoleFile]) -> None:
        self._files: Final = files
        self._index: Final = files.get(b"/" + _INDEX.encode())

    @property
    def present(self) -> bool:
        """Tell whether the console is in the package."""
        return self._index is not None

    def find(self, request: WireRequest) -> ConsoleFile | None:
        """Find the file for a GET: the page, where a browser opens one of the console's addresses."""
        path = request.raw_path
        if self._index is not None and (path in _PAGES or path.startswith(_BELOW)):
            return self._index if b"text/html" in request.headers.get(b"accept", b"") else None
        return self._files.get(path)


def find_console(folder: Path) -> ConsoleFiles:
    """Take in the console's files, as many as there are."""
    if not (folder / _INDEX).is_file():
        return ConsoleFiles({})
    paths = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    return ConsoleFiles(
        {
            b"/" + name.encode(): _take_in(name, paths)
            for name, path in paths.items()
            if not path.name.startswith(".") and path.suffix not in {".br", ".gz"}
        }
    )


def _take_in(name: str, paths: Mapping[str, Path]) -> ConsoleFile:
    path = paths[name]
    forms = {"identity": path}
    for encoding, ending in _ENCODINGS:
        if name + ending in paths:
            forms[encoding] = paths[name + ending]
    content_type = _TYPES.get(path.suffix, "application/octet-stream")
    hashed = _HASHED.fullmatch(name)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()[:32] if hashed is None else hashed[1]
    cache_control = b"no-cache" if hashed is None else _IMMUTABLE
    return ConsoleFile(content_type.encode(), cache_control, f'W/"{digest}"'.encode(), forms)


def _accepted(header: str) -> set[str]:
    """Read Accept-Encoding: the encodings that are named, but for those that are ruled out."""
    accepted = set()
    for part in header.lower().split(","):
        name, _, weight = part.replace(" ", "").partition(";")
        if weight not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}:
            accepted.add(name)
    return accepted
