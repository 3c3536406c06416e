"""The services that are not read at start: one after another, when a caller who is known asks for them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from threading import Lock
from types import ModuleType
from typing import Final, NamedTuple

from keywright.protocol.not_loaded import LoadedServices, NotLoaded
from keywright.server.entries import Entries, build_entries, style_of
from keywright.services.operation import Service

_MAX_KEPT: Final = 4
"""EC2, the largest by far, takes some 20 MB; the others 1 to 5."""


class Loaded(NamedTuple):
    """What the corridor asks of the services of one signing name."""

    routes: LoadedServices
    entries: Entries


class OtherServices:
    """
    Reads services' models on a thread and keeps the last few.

    `performed` gives, by botocore's name for a service, the modules of the operations that are performed of it.
    """

    def __init__(self, performed: Callable[[], Mapping[str, tuple[ModuleType, ...]]]) -> None:
        self._performed = performed
        self._kept: dict[tuple[str, str], Loaded] = {}
        self._lock = Lock()

    async def load(self, asked: NotLoaded) -> Loaded:
        """Give the services that a request may be for."""
        key = asked.signing_name, asked.protocol
        found = self._kept.get(key)
        return found if found is not None else await asyncio.to_thread(self._load, key, asked.service_names)

    def _load(self, key: tuple[str, str], names: tuple[str, ...]) -> Loaded:
        with self._lock:
            found = self._kept.get(key)
            if found is None:
                performed = self._performed()
                services = [Service(name, *performed.get(name, ())) for name in names]
                routes = LoadedServices([service.model for service in services], key[1])
                found = self._kept[key] = Loaded(routes, build_entries(services, style_of(*key)))
            while len(self._kept) > _MAX_KEPT:
                del self._kept[next(iter(self._kept))]
            return found
