"""
The keys by which OIDC providers' tokens are verified.

They are fetched from where the provider's discovery document says, or, where no network is to be asked, read from a
file: `jwks/HOST/PATH.json` in the data folder holds the keys of `https://HOST/PATH`, and then nothing is fetched.

A server's certificate is verified as any browser would; where that fails, by a thumbprint that the provider was given:
the certificate with that SHA-1 hash is then the one authority that counts, be it the server's own or one above it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeVar

import orjson

from keywright.identity.fetching import FETCH_SECONDS, Busy, Deadline, Fetch, FetchThreads, KeySetError
from keywright.identity.jwt import Jwk
from keywright.identity.provider_addresses import Network

FOLDER: Final = "jwks"
"""Where in the data folder the keys are that are not to be fetched."""
_KEPT_FOR: Final = timedelta(minutes=10)
_NOT_AGAIN_WITHIN: Final = timedelta(seconds=15)
"""How soon keys are fetched again for a token that names one which was not among them."""
_FAILED_FOR: Final = timedelta(seconds=30)
"""How long a provider is not asked again after a fetch that failed."""
_MAX_KEYS: Final = 200
"""AWS takes 100 RSA keys and 100 of elliptic curves."""
_MAX_KEPT: Final = 1000


class Provider(NamedTuple):
    """Whose keys are wanted."""

    url: str
    """Without its scheme, as in its ARN."""
    thumbprints: tuple[str, ...]
    """In lower case."""


class _Kept(NamedTuple):
    keys: list[Jwk]
    fetched_at: datetime


class _Failed(NamedTuple):
    error: KeySetError
    at: datetime


class KeySets:
    """Fetches key sets, and keeps them for a while."""

    def __init__(
        self, folder: Path | None, networks: Sequence[Network] = (), fetch_seconds: float = FETCH_SECONDS
    ) -> None:
        """`networks` are those that are asked beside the public addresses."""
        self._folder: Final = folder
        self._networks: Final = tuple(networks)
        self._threads: Final = FetchThreads(fetch_seconds)
        self._kept: dict[Provider, _Kept] = {}
        self._failed: dict[Provider, _Failed] = {}
        self._fetching: dict[Provider, asyncio.Task[list[Jwk]]] = {}

    async def find(self, account_id: str, provider: Provider, key_id: str | None, now: datetime) -> list[Jwk]:
        """
        Give a provider's keys, fetched anew where the key that is asked for may have come since.

        A fetch counts for the account that asks.
        Raises: KeySetError.
        """
        kept = self._kept.get(provider)
        if kept is not None:
            has_key = key_id is None or any(key.get("kid") == key_id for key in kept.keys)
            if now - kept.fetched_at < (_KEPT_FOR if has_key else _NOT_AGAIN_WITHIN):
                return kept.keys
        failed = self._failed.get(provider)
        if failed is not None and now - failed.at < _FAILED_FOR:
            raise type(failed.error)(*failed.error.args)
        # Those who ask at the same time wait for one fetch, which none of them cancels.
        task = self._fetching.get(provider)
        if task is None:
            task = self._fetching[provider] = asyncio.create_task(self._renew(account_id, provider, now))
            task.add_done_callback(partial(self._forget, provider))
        return await asyncio.shield(task)

    async def _renew(self, account_id: str, provider: Provider, now: datetime) -> list[Jwk]:
        file = self._file_of(provider.url.rstrip("/"))
        try:
            if file is not None and await asyncio.to_thread(file.is_file):
                # The administrator's own, and near: it counts for no account, and a mended one is read at once.
                keys = await asyncio.to_thread(lambda: _read_keys(file.read_bytes()))
            else:
                keys = await self._threads.run(account_id, partial(self._fetch, provider))
        except Busy:
            raise
        except KeySetError as error:
            if file is None or not file.exists():
                _put(self._failed, provider, _Failed(error, now))
            raise
        self._failed.pop(provider, None)
        _put(self._kept, provider, _Kept(keys, now))
        return keys

    def _forget(self, provider: Provider, task: asyncio.Task[list[Jwk]]) -> None:
        self._fetching.pop(provider, None)
        if not task.cancelled():
            task.exception()  # seen, even where nobody waits for it any more

    def _fetch(self, provider: Provider, deadline: Deadline) -> list[Jwk]:
        fetch = Fetch(deadline, self._networks, provider.thumbprints)
        discovery = _read_object(fetch.get(f"https://{provider.url.rstrip('/')}/.well-known/openid-configuration"))
        address = discovery.get("jwks_uri")
        if not isinstance(address, str) or not address.startswith("https://"):
            raise KeySetError(f"{provider.url} does not say where its keys are")
        return _read_keys(fetch.get(address))

    def _file_of(self, url: str) -> Path | None:
        if self._folder is None or any(part in {"", ".", ".."} for part in url.split("/")):
            return None
        return self._folder / f"{url}.json"


_V = TypeVar("_V")


def _put(kept: dict[Provider, _V], provider: Provider, value: _V) -> None:
    """Keep a value; the one that has been there longest goes where there is no room."""
    kept.pop(provider, None)
    if len(kept) >= _MAX_KEPT:
        del kept[next(iter(kept))]
    kept[provider] = value


def _read_keys(content: bytes) -> list[Jwk]:
    keys = _read_object(content).get("keys")
    if not isinstance(keys, list):
        raise KeySetError("no key set")
    if len(keys) > _MAX_KEYS:
        raise KeySetError(f"more than {_MAX_KEYS} keys")
    return [key for key in keys if isinstance(key, dict)]


def _read_object(content: bytes) -> dict[str, Any]:
    try:
        value = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise KeySetError("not JSON") from error
    if not isinstance(value, dict):
        raise KeySetError("not a JSON object")
    return value
