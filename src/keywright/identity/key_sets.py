"""
The keys by which OIDC providers' tokens are verified.

They are fetched from where the provider's discovery document says, or, where no network is to be asked, read from a
file: `jwks/HOST/PATH.json` in the data folder holds the keys of `https://HOST/PATH`, and then nothing is fetched.

A server's certificate is verified as any browser would; where that fails, by a thumbprint that the provider was given:
the certificate with that SHA-1 hash is then the one authority that counts, be it the server's own or one above it.
"""

from __future__ import annotations

import asyncio
import hashlib
import http.client
import ssl
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

import orjson

from keywright.identity.jwt import Jwk

FOLDER: Final = "jwks"
"""Where in the data folder the keys are that are not to be fetched."""
_KEPT_FOR: Final = timedelta(minutes=10)
_NOT_AGAIN_WITHIN: Final = timedelta(seconds=15)
"""How soon keys are fetched again for a token that names one which was not among them."""
_TIMEOUT_SECONDS: Final = 5.0
_MAX_BYTES: Final = 1_000_000
_MAX_KEPT: Final = 1000


class KeySetError(Exception):
    """The keys cannot be had."""


class Unreachable(KeySetError):
    """The provider did not answer."""


class WrongThumbprint(KeySetError):
    """The server's certificate is neither trusted nor one that the provider was given."""


class Provider(NamedTuple):
    """Whose keys are wanted."""

    url: str
    """Without its scheme, as in its ARN."""
    thumbprints: tuple[str, ...]
    """In lower case."""


class _Kept(NamedTuple):
    keys: list[Jwk]
    fetched_at: datetime


class KeySets:
    """Fetches key sets, and keeps them for a while."""

    def __init__(self, folder: Path | None) -> None:
        self._folder: Final = folder
        self._kept: dict[Provider, _Kept] = {}
        self._fetching: dict[Provider, asyncio.Task[list[Jwk]]] = {}

    async def find(self, provider: Provider, key_id: str | None, now: datetime) -> list[Jwk]:
        """
        Give a provider's keys, fetched anew where the key that is asked for may have come since.

        Raises: KeySetError.
        """
        kept = self._kept.get(provider)
        if kept is not None:
            has_key = key_id is None or any(key.get("kid") == key_id for key in kept.keys)
            if now - kept.fetched_at < (_KEPT_FOR if has_key else _NOT_AGAIN_WITHIN):
                return kept.keys
        # Those who ask at the same time wait for one fetch, which none of them cancels.
        task = self._fetching.get(provider)
        if task is None:
            task = self._fetching[provider] = asyncio.create_task(asyncio.to_thread(self._fetch, provider))
            task.add_done_callback(lambda _: self._fetching.pop(provider, None))
        keys = await asyncio.shield(task)
        if len(self._kept) >= _MAX_KEPT:
            self._kept.clear()
        self._kept[provider] = _Kept(keys, now)
        return keys

    def _fetch(self, provider: Provider) -> list[Jwk]:
        file = self._file_of(provider.url.rstrip("/"))
        if file is not None and file.is_file():
            return _read_keys(file.read_bytes())
        discovery = _read_object(_get(f"https://{provider.url.rstrip('/')}/.well-known/openid-configuration", provider))
        address = discovery.get("jwks_uri")
        if not isinstance(address, str) or not address.startswith("https://"):
            raise KeySetError(f"{provider.url} does not say where its keys are")
        return _read_keys(_get(address, provider))

    def _file_of(self, url: str) -> Path | None:
        if self._folder is None or any(part in {"", ".", ".."} for part in url.split("/")):
            return None
        return self._folder / f"{url}.json"


def _read_keys(content: bytes) -> list[Jwk]:
    keys = _read_object(content).get("keys")
    if not isinstance(keys, list):
        raise KeySetError("no key set")
    return [key for key in keys if isinstance(key, dict)]


def _read_object(content: bytes) -> dict[str, Any]:
    try:
        value = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise KeySetError("not JSON") from error
    if not isinstance(value, dict):
        raise KeySetError("not a JSON object")
    return value


def _get(url: str, provider: Provider) -> bytes:
    """Fetch a document over TLS. No redirection is followed: the certificate vouches for this address alone."""
    context = ssl.create_default_context()
    try:
        try:
            return _request(url, context)
        except ssl.SSLCertVerificationError:
            return _request(url, _pinned(url, provider.thumbprints))
    except (OSError, http.client.HTTPException) as error:
        raise Unreachable(f"{url} cannot be reached: {error}") from error
    except ValueError as error:
        # Last: an error of verification is one of these, too.
        raise KeySetError(f"{url} is no address") from error


def _request(url: str, context: ssl.SSLContext) -> bytes:
    parts = urlsplit(url)
    connection = http.client.HTTPSConnection(parts.netloc, timeout=_TIMEOUT_SECONDS, context=context)
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("GET", path, headers={"Accept": "application/json", "User-Agent": "keywright"})
        response = connection.getresponse()
        content = response.read(_MAX_BYTES + 1)
        if response.status != http.client.OK or len(content) > _MAX_BYTES:
            raise KeySetError(f"{url} answers {response.status}")
        return content
    finally:
        connection.close()


def _pinned(url: str, thumbprints: tuple[str, ...]) -> ssl.SSLContext:
    """Trust what was pinned, if the server shows it, and nothing else."""
    for certificate in _shown_certificates(url):
        if hashlib.sha1(certificate, usedforsecurity=False).hexdigest() in thumbprints:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            # Any certificate may be the anchor, not only one that signs itself.
            context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
            context.load_verify_locations(cadata=ssl.DER_cert_to_PEM_cert(certificate))
            return context
    raise WrongThumbprint(f"{url} shows no certificate that is trusted or pinned")


def _shown_certificates(url: str) -> list[bytes]:
    """List the certificates that a server shows, its own first; nothing of it is verified by that."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    connection = http.client.HTTPSConnection(urlsplit(url).netloc, timeout=_TIMEOUT_SECONDS, context=context)
    try:
        connection.connect()
        socket: Any = connection.sock
        if hasattr(socket, "get_unverified_chain"):  # Python 3.13
            return list(socket.get_unverified_chain())
        # Python has had it since 3.10, without a public name.
        return [one.public_bytes(2) for one in socket._sslobj.get_unverified_chain()]  # noqa: SLF001
    finally:
        connection.close()
