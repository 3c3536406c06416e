"""What is asked of the server itself rather than of AWS: its health, and a word to browsers."""

from __future__ import annotations

from typing import Any, Final

import orjson
from sqlalchemy import Connection

from keywright.aws.wire import WireRequest, WireResponse
from keywright.identity.web_identity_issuers import PATH, discovery_document, key_set
from keywright.protocol.addresses import is_signed
from keywright.server.runtime import Runtime

ISSUERS: Final = PATH.encode()
_WELCOME: Final = (
    "Keywright is running.\n\n"
    "This address answers AWS's own APIs: point the aws CLI, an SDK or Terraform at it by endpoint_url.\n"
)
_CONSOLE: Final = "With a browser, it opens the console.\n"
_NO_CONSOLE: Final = (
    "The browser console is not in this installation: it was built with KEYWRIGHT_CONSOLE=skip, or without its"
    " sources.\nInstall Keywright again without that setting to have it.\n"
)


def plain_text(status: int, text: str, *headers: tuple[bytes, bytes]) -> WireResponse:
    """Answer with a text that nobody keeps."""
    body = text.encode()
    own = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", b"%d" % len(body)),
        (b"cache-control", b"no-store"),
        (b"x-content-type-options", b"nosniff"),
    ]
    return WireResponse(status, [*own, *headers], body)


def console_file(request: WireRequest, runtime: Runtime) -> WireResponse | None:
    """
    Answer a browser that opens the console or fetches a file of it; None for any other request.

    It is asked before the corridor is: by this server's name, which may be `s3.example.org`, or by a path a request
    could be AWS's, too. Then it is signed.
    """
    if request.method not in {"GET", "HEAD"} or is_signed(request):
        return None
    file = runtime.console.find(request)
    return None if file is None else file.answer(request)


async def own_page(request: WireRequest, runtime: Runtime) -> WireResponse:
    """Answer a request that is none of AWS's."""
    if request.method not in {"GET", "HEAD"}:
        return plain_text(405, "Method not allowed\n", (b"allow", b"GET, HEAD"))
    match request.raw_path:
        case b"/health":
            return plain_text(200, "ok\n")
        case b"/ready":
            return _ready(runtime)
        case b"/":
            return plain_text(200, _WELCOME + (_CONSOLE if runtime.console.present else _NO_CONSOLE))
        case path if not runtime.console.present and path.startswith(b"/console/"):
            return plain_text(404, _NO_CONSOLE)
        case path if path.startswith(ISSUERS):
            return await _issuer_document(path.removeprefix(ISSUERS).decode("latin-1"), runtime)
        case _:
            return plain_text(404, "Not found\n")


async def _issuer_document(path: str, runtime: Runtime) -> WireResponse:
    """Give what verifies the tokens of GetWebIdentityToken: an issuer's discovery document, or its keys."""
    issuer_id, _, name = path.partition("/")

    def read(connection: Connection) -> dict[str, Any] | None:
        match name:
            case ".well-known/openid-configuration":
                return discovery_document(connection, issuer_id)
            case ".well-known/jwks.json":
                return key_set(connection, runtime.sealer, issuer_id)
            case _:
                return None

    found = await runtime.store.read(read)
    if found is None:
        return plain_text(404, "Not found\n")
    body = orjson.dumps(found)
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", b"%d" % len(body)),
        (b"cache-control", b"public, max-age=300"),
        (b"x-content-type-options", b"nosniff"),
    ]
    return WireResponse(200, headers, body)


def _ready(runtime: Runtime) -> WireResponse:
    """Say whether the server has written and read within the last seconds."""
    reason = runtime.readiness.reason
    return plain_text(200, "ready\n") if reason is None else plain_text(503, f"not ready: {reason}\n")
