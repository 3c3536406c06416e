"""
Documents of identity providers, fetched over TLS.

Whoever may register a provider chooses what is fetched. So a fetch has one deadline for all that it does, an account
has a share of the threads, and an address counts only where anybody could reach it, or the administrator has listed it.
The name is resolved once, and what was checked is what is connected to. No redirection is followed.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import http.client
import socket
import ssl
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

from keywright.identity.provider_addresses import Network, is_permitted

T = TypeVar("T")

FETCH_SECONDS: Final = 10.0
"""For a whole fetch: every name, connection, handshake and read of it."""
MAX_BYTES: Final = 64 * 1024
_THREADS: Final = 8
_THREADS_OF_AN_ACCOUNT: Final = 2
_MAX_ADDRESSES: Final = 4


class KeySetError(Exception):
    """The keys cannot be had."""


class Unreachable(KeySetError):
    """The provider did not answer."""


class Busy(Unreachable):
    """As many fetches are under way as may be; this says nothing of the provider."""


class WrongThumbprint(KeySetError):
    """The server's certificate is neither trusted nor one that the provider was given."""


class FetchThreads:
    """
    Runs fetches on threads that nothing waits for: neither a call beyond its deadline, nor the end of the process.

    A resolver cannot be interrupted. Its thread counts for the account until it returns.
    """

    def __init__(self, seconds: float = FETCH_SECONDS) -> None:
        self._seconds: Final = seconds
        self._running: Final[Counter[str]] = Counter()

    async def run(self, account_id: str, work: Callable[[Deadline], T]) -> T:
        """
        Do work for an account, at once or not at all.

        Raises: Busy; Unreachable where it takes too long; what the work raises.
        """
        if self._running.total() >= _THREADS or self._running[account_id] >= _THREADS_OF_AN_ACCOUNT:
            raise Busy("too many fetches are under way")
        loop = asyncio.get_running_loop()
        done: asyncio.Future[T] = loop.create_future()
        deadline = Deadline(self._seconds)

        def finish(result: T | None, error: BaseException | None) -> None:
            self._release(account_id)
            if done.done():
                return
            if error is not None:
                done.set_exception(error)
            else:
                done.set_result(result)  # type: ignore[arg-type]

        def run() -> None:
            result, error = None, None
            try:
                result = work(deadline)
            except BaseException as raised:  # noqa: BLE001
                error = raised
            # The loop is closed where the server stopped meanwhile.
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(finish, result, error)

        self._running[account_id] += 1
        try:
            threading.Thread(target=run, name="fetch", daemon=True).start()
        except RuntimeError as error:
            self._release(account_id)
            raise Busy("no thread can be started") from error
        try:
            return await asyncio.wait_for(done, self._seconds)
        except TimeoutError:
            raise Unreachable("the provider took too long") from None

    def _release(self, account_id: str) -> None:
        self._running[account_id] -= 1
        if not self._running[account_id]:
            del self._running[account_id]


class Deadline:
    """When a fetch must have ended."""

    def __init__(self, seconds: float) -> None:
        self._at: Final = time.monotonic() + seconds

    def left(self) -> float:
        """
        Return how many seconds are left.

        Raises: TimeoutError.
        """
        seconds = self._at - time.monotonic()
        if seconds <= 0:
            raise TimeoutError("the provider took too long")
        return seconds


class _TimedSocket(ssl.SSLSocket):
    """A socket whose reads all share one deadline, so that a drip of bytes does not prolong it."""

    deadline: Deadline

    def recv_into(self, buffer: Any, nbytes: int | None = None, flags: int = 0) -> int:
        self.settimeout(self.deadline.left())
        return super().recv_into(buffer, nbytes, flags)


class Fetch:
    """One fetch: of a document and those that it names, before one deadline."""

    def __init__(self, deadline: Deadline, networks: Sequence[Network], thumbprints: tuple[str, ...]) -> None:
        self._deadline: Final = deadline
        self._networks: Final = networks
        self._thumbprints: Final = thumbprints

    def get(self, url: str) -> bytes:
        """
        Fetch a document: 64 KiB at most.

        Raises: KeySetError.
        """
        try:
            parts = urlsplit(url)
            if parts.scheme != "https" or not parts.hostname:
                raise KeySetError(f"{url} is no address")
            addresses = self._resolve(parts.hostname, parts.port or 443)
            try:
                return self._request(url, addresses, ssl.create_default_context())
            except ssl.SSLCertVerificationError:
                return self._request(url, addresses, self._pinned(url, addresses))
        except (OSError, http.client.HTTPException) as error:
            raise Unreachable(f"{url} cannot be reached: {error}") from error
        except ValueError as error:
            # Last: an error of verification is one of these, too.
            raise KeySetError(f"{url} is no address") from error

    def _resolve(self, host: str, port: int) -> list[Any]:
        """Resolve a name, once: every address of it must be one that may be asked."""
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        self._deadline.left()
        for entry in found:
            if not is_permitted(str(entry[4][0]), self._networks):
                raise Unreachable(
                    f"{host} is at an address that is not asked: --federation-networks lists those that are"
                )
        return found[:_MAX_ADDRESSES]

    def _connect(self, host: str, addresses: list[Any], context: ssl.SSLContext) -> _TimedSocket:
        context.sslsocket_class = _TimedSocket
        tls = context.wrap_socket(self._open(addresses), server_hostname=host, do_handshake_on_connect=False)
        assert isinstance(tls, _TimedSocket)
        tls.deadline = self._deadline
        try:
            tls.settimeout(self._deadline.left())
            tls.do_handshake()
            tls.settimeout(self._deadline.left())
        except BaseException:
            tls.close()
            raise
        return tls

    def _open(self, addresses: list[Any]) -> socket.socket:
        """Connect to the first address that answers; each has an equal part of the time that is left."""
        for waiting, (family, kind, protocol, _, address) in zip(range(len(addresses), 0, -1), addresses, strict=True):
            opened = socket.socket(family, kind, protocol)
            try:
                opened.settimeout(self._deadline.left() / waiting)
                opened.connect(address)
            except OSError:
                opened.close()
                if waiting == 1:
                    raise
            else:
                return opened
        raise OSError("the name has no address")

    def _request(self, url: str, addresses: list[Any], context: ssl.SSLContext) -> bytes:
        parts = urlsplit(url)
        connection = http.client.HTTPConnection(parts.netloc)
        connection.sock = self._connect(parts.hostname or "", addresses, context)
        try:
            path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            headers = {"Accept": "application/json", "User-Agent": "keywright", "Connection": "close"}
            connection.request("GET", path, headers=headers)
            with connection.getresponse() as response:
                if response.status != http.client.OK:
                    raise KeySetError(f"{url} answers {response.status}")
                content = response.read(MAX_BYTES + 1)
            if len(content) > MAX_BYTES:
                raise KeySetError(f"{url} answers more than {MAX_BYTES} bytes")
            return content
        finally:
            connection.close()

    def _pinned(self, url: str, addresses: list[Any]) -> ssl.SSLContext:
        """Trust what was pinned, if the server shows it, and nothing else."""
        for certificate in self._shown_certificates(url, addresses):
            if hashlib.sha1(certificate, usedforsecurity=False).hexdigest() in self._thumbprints:
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
                # Any certificate may be the anchor, not only one that signs itself.
                context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
                context.load_verify_locations(cadata=ssl.DER_cert_to_PEM_cert(certificate))
                return context
        raise WrongThumbprint(f"{url} shows no certificate that is trusted or pinned")

    def _shown_certificates(self, url: str, addresses: list[Any]) -> list[bytes]:
        """List the certificates that a server shows, its own first; nothing of it is verified by that."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        with self._connect(urlsplit(url).hostname or "", addresses, context) as shown:
            tls: Any = shown
            if hasattr(tls, "get_unverified_chain"):  # Python 3.13
                return list(tls.get_unverified_chain())
            # Python has had it since 3.10, without a public name.
            return [one.public_bytes(2) for one in tls._sslobj.get_unverified_chain()]  # noqa: SLF001
