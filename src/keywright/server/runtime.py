"""What the corridor stands on: made once at start, the same for every request."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from keywright.aws.clock import Clock
from keywright.identity.directory import Directory
from keywright.identity.key_sets import KeySets
from keywright.identity.provider_addresses import Network
from keywright.protocol.route import Routes
from keywright.server.background import Background
from keywright.server.console_files import CONSOLE_FOLDER, ConsoleFiles, find_console
from keywright.server.entries import Entries, build_entries
from keywright.server.other_services import OtherServices
from keywright.server.pruning import Pruning
from keywright.server.readiness import Readiness
from keywright.server.recording import Recorder
from keywright.server.turns import Turns
from keywright.services.catalogue import services_when_asked
from keywright.services.operation import Means, Service
from keywright.store.sealing import Sealer
from keywright.store.transaction import Store

log: Final = logging.getLogger("keywright.runtime")

REFRESH_SECONDS: Final = 0.1
"""How long another process's change to credentials and policies may go unnoticed (documented in architecture.md)."""
_PASSWORD_THREADS: Final = 2


@dataclass(frozen=True, slots=True)
class Runtime:
    """The corridor's fixed parts."""

    clock: Clock
    routes: Routes
    entries: Entries
    recorder: Recorder
    directory: Directory
    store: Store
    sealer: Sealer
    background: Background
    readiness: Readiness
    means: Means
    console: ConsoleFiles
    other_services: OtherServices
    password_threads: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(_PASSWORD_THREADS, thread_name_prefix="password")
    )
    """Where the passwords of sign-ins are hashed: 64 MiB each, so that not many are at once."""
    turns: Turns = field(default_factory=Turns)
    """Whose simulation is next: an account's own wait for one another, and leave a thread to the others."""
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)

    def start(self) -> None:
        """Begin what runs beside the requests; call it on the event loop."""
        self._tasks.append(asyncio.create_task(_repeat(self.store.refresh, REFRESH_SECONDS)))
        self._tasks.append(asyncio.create_task(Pruning(self.store, self.clock).run()))
        self._tasks.append(asyncio.create_task(self.background.run()))
        self._tasks.append(asyncio.create_task(self.readiness.run()))

    async def stop(self) -> None:
        """Stop what runs beside, finish what is being written, and let the store go."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self.password_threads.shutdown(wait=False)
        await self.store.close()


async def _repeat(work: Callable[[], Awaitable[None]], seconds: float) -> None:
    """Do work again and again; what goes wrong is logged, and tried again the next time."""
    while True:
        try:
            await work()
        except Exception:
            log.exception("%s failed", work.__qualname__)
        await asyncio.sleep(seconds)


def build_runtime(
    store: Store,
    sealer: Sealer,
    services: list[Service],
    clock: Clock,
    key_sets: Path | None = None,
    console: Path | None = None,
    federation_networks: Sequence[Network] = (),
) -> Runtime:
    """
    Compile the services and put the parts together.

    `key_sets` is the folder with the keys of OIDC providers that are not to be fetched (`identity.key_sets`);
    `console` the one with the browser console, where it is not the package's own;
    `federation_networks` those that are not public and where providers are asked all the same.
    """
    return Runtime(
        clock,
        Routes([service.model for service in services]),
        build_entries(services),
        Recorder(),
        Directory(store, sealer),
        store,
        sealer,
        Background(store, clock),
        Readiness(store, clock),
        Means(store, sealer, KeySets(key_sets, federation_networks)),
        find_console(console or CONSOLE_FOLDER),
        OtherServices(services_when_asked),
    )
