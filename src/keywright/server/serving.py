"""Run the server: bind, announce, serve, and stop when what is under way is done."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import errno
import gc
import ipaddress
import signal
import socket
import ssl
import sys
from collections.abc import Callable
from typing import Final

from keywright.server.app import App
from keywright.server.edge.limits import Limits
from keywright.server.edge.listening import BACKLOG, Edge
from keywright.server.runtime import Runtime

_GRACE_SECONDS: Final = 30
_COLLECT: Final = (10_000, 20, 50)
"""A request makes a hundred objects and leaves no cycle: the collector may look a tenth as often as it would."""


class ServeError(Exception):
    """The server cannot start; the message says why and what to do."""


def is_loopback(host: str) -> bool:
    """Tell whether an address is reached from this machine only."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def bind(host: str, port: int) -> socket.socket:
    """
    Take the address to listen on.

    Raises: ServeError.
    """
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    except socket.gaierror as error:
        raise ServeError(f"{host} is no address of this machine: {error.strerror}") from None
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        raise ServeError(_why_not(error, host, port)) from None
    listener.setblocking(False)
    return listener


def _why_not(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"port {port} on {host} is already in use: stop the program that uses it, or choose another port with "
            "--port or KEYWRIGHT_PORT (0 takes a free one)"
        )
    return f"cannot listen on {host} port {port}: {error.strerror}; choose another address with --host or --port"


async def serve(
    app: App,
    runtime: Runtime,
    listener: socket.socket,
    certificate: tuple[str, str] | None,
    announce: Callable[[], None],
    exempt: Callable[[str], bool],
) -> None:
    """
    Serve until SIGTERM or Ctrl-C; then answer what is under way, for half a minute at most, and stop.

    Raises: ServeError where the database was taken away meanwhile.
    """
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopping.set)
    edge = Edge(app.answer, Limits(), exempt, secure=certificate is not None)
    runtime.start()
    try:
        await edge.listen(listener, None if certificate is None else _tls_context(*certificate))
        _settle()
        announce()
        sys.stdout.flush()
        await _first_of(stopping, runtime.readiness.lost)
    finally:
        await edge.drain(_GRACE_SECONDS)
        await runtime.stop()
    if runtime.readiness.lost.is_set():
        raise ServeError(
            "the database's file was removed or replaced while it was served: nothing more was answered; put the file "
            "back, or restore a backup, and start the server again"
        )


async def _first_of(*events: asyncio.Event) -> None:
    """Wait until one of the events is set."""
    waits = [asyncio.ensure_future(event.wait()) for event in events]
    try:
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()


def _tls_context(certificate: str, key: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    context.set_alpn_protocols(["http/1.1"])
    return context


def _settle() -> None:
    """Let the collector not look again at what was made to serve; it was off until now (`commands.main`)."""
    gc.freeze()
    gc.set_threshold(*_COLLECT)
    gc.enable()
    _give_back_memory()


def _give_back_memory() -> None:
    """Return to the system what reading the models took for a moment; glibc would keep it (3 MB)."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


def new_loop() -> asyncio.AbstractEventLoop:
    """Make an event loop: uvloop's, where there is one for the system."""
    try:
        import uvloop
    except ImportError:
        return asyncio.new_event_loop()
    return uvloop.new_event_loop()
