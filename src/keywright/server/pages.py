"""What is asked of the server itself rather than of AWS: its health, and a word to browsers."""

from __future__ import annotations

from typing import Final

from sqlalchemy import select

from keywright.aws.wire import Headers, WireRequest, WireResponse
from keywright.server.runtime import Runtime
from keywright.store.tables import identity_generation

_TEXT: Final[Headers] = [
    (b"content-type", b"text/plain; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
]
_WELCOME: Final = (
    "Keywright is running.\n\n"
    "This address answers AWS's own APIs: point the aws CLI, an SDK or Terraform at it by endpoint_url.\n"
    "The browser console is not part of this version yet.\n"
)


async def own_page(request: WireRequest, runtime: Runtime) -> WireResponse:
    """Answer a request that is none of AWS's."""
    if request.method not in {"GET", "HEAD"}:
        return WireResponse(405, [*_TEXT, (b"allow", b"GET, HEAD")], b"Method not allowed\n")
    match request.raw_path:
        case b"/health":
            return await _health(runtime)
        case b"/":
            return WireResponse(200, _TEXT, _WELCOME.encode())
        case _:
            return WireResponse(404, _TEXT, b"Not found\n")


async def _health(runtime: Runtime) -> WireResponse:
    """Say whether the store answers."""
    try:
        await runtime.store.read(lambda connection: connection.execute(select(identity_generation)).one())
    except Exception:  # noqa: BLE001 - whatever is wrong, it cannot serve
        return WireResponse(503, _TEXT, b"the store does not answer\n")
    return WireResponse(200, _TEXT, b"ok\n")
