"""`keywright serve`: run the server; on an empty store make its first account, and show it once."""

from __future__ import annotations

import asyncio
import os
import shlex
import socket
import ssl
import sys
from pathlib import Path
from typing import Final, cast

from keywright.aws.clock import system_clock
from keywright.aws.endpoint_support import VERSIONS, alias
from keywright.commands.accounts import AlreadyInitialised, create_account, show_account
from keywright.commands.endpoint import Endpoint, endpoint_url, own_certificate
from keywright.commands.own_command import own_command
from keywright.identity.accounts import has_accounts
from keywright.identity.key_sets import FOLDER as KEY_SETS
from keywright.server.app import App
from keywright.server.log_stream import QueuedStream, blocks
from keywright.server.proxies import TrustedProxies
from keywright.server.request_log import (
    LogFormat,
    LogTarget,
    RequestLog,
    configure_logging,
    default_format,
    dropped_line,
)
from keywright.server.runtime import build_runtime
from keywright.server.serving import ServeError, bind, is_loopback, new_loop, serve
from keywright.server.settings import SETTINGS, Settings
from keywright.services.catalogue import all_services
from keywright.store.opening import Location, locate, open_store
from keywright.store.sealing import Sealer
from keywright.store.transaction import Store

_LOG_SECONDS: Final = 2.0
"""How long the end waits for a pipe that the log goes to and that nobody reads."""
_OF_THE_FIRST_ACCOUNT: Final = frozenset({"account_id", "alias", "root_email", "admin", "profile"})


def run_server(settings: Settings) -> None:
    """
    Serve until told to stop.

    Raises: ServeError; StoreError; AccountError; AwsFileError.
    """
    uses_tls = settings.tls is not None or settings.tls_cert is not None
    if not is_loopback(settings.host) and not uses_tls and not settings.insecure:
        raise ServeError(
            f"{settings.host} is reached from other machines, and without TLS what they send can be read on the way: "
            "add --tls auto, or --tls-cert and --tls-key, or --insecure if something in front does TLS"
        )
    location = locate(settings.data, settings.database)
    listener = bind(settings.host, settings.port)
    certificate = _certificate(settings, location.folder)
    url = endpoint_url(settings.host, listener.getsockname()[1], secure=certificate is not None)
    endpoint = Endpoint(url, own_certificate(location.folder) if settings.tls else None)
    log_format = cast("LogFormat", settings.log_format) if settings.log_format else default_format()
    queued = QueuedStream(sys.stderr.fileno(), dropped_line(log_format)) if blocks(sys.stderr) else None
    target: LogTarget = sys.stderr if queued is None else queued
    log = RequestLog(target, log_format)
    configure_logging(target, log_format)
    try:
        with asyncio.Runner(loop_factory=new_loop) as runner:
            runner.run(_serve(settings, location, listener, endpoint, certificate, log))
    finally:
        if queued is not None:
            queued.drain(_LOG_SECONDS)


async def _serve(
    settings: Settings,
    location: Location,
    listener: socket.socket,
    endpoint: Endpoint,
    certificate: tuple[str, str] | None,
    log: RequestLog,
) -> None:
    store, sealer = open_store(location, os.environ)
    try:
        await _first_account(store, sealer, settings, endpoint)
        runtime = build_runtime(
            store,
            sealer,
            all_services(),
            system_clock,
            location.folder / KEY_SETS,
            federation_networks=settings.federation_networks,
        )
    except BaseException:
        await store.close()
        raise
    proxies = TrustedProxies(settings.trusted_proxies) if settings.trusted_proxies else None
    app = App(runtime, log, proxies)
    announcement = _announcement(endpoint.url, certificate, has_console=runtime.console.present)
    exempt = proxies.trusts if proxies is not None else lambda _address: False
    await serve(app, runtime, listener, certificate, lambda: print(announcement), exempt)


async def _first_account(store: Store, sealer: Sealer, settings: Settings, endpoint: Endpoint) -> None:
    """
    Create the first account of an empty store, and show it.

    Raises: ServeError where that is not wanted.
    """
    if settings.require_account and not await store.read(has_accounts):
        raise ServeError(
            "the store has no account, and with --require-account none is created, so that no secret is printed to "
            f"a log: run `keywright init --data {shlex.quote(str(settings.data))}` first"
        )
    try:
        account = await create_account(store, sealer, settings, only_first=True)
    except AlreadyInitialised:
        unused = [
            setting.flag
            for setting in SETTINGS
            if setting.name in _OF_THE_FIRST_ACCOUNT and getattr(settings, setting.name) not in {None, setting.default}
        ]
        if unused:
            print(f"keywright: this store has its account already; not used: {', '.join(unused)}", file=sys.stderr)
        return
    note = show_account(account, settings.profile, endpoint, os.environ)
    if note:
        print(note, flush=True)


def _certificate(settings: Settings, folder: Path) -> tuple[str, str] | None:
    """Give the certificate and the key to use, once it is known that they can be."""
    if settings.tls is not None:
        from keywright.server.tls import self_signed

        try:
            certificate, key = self_signed(folder / "tls", settings.host, system_clock())
        except OSError as error:
            raise ServeError(f"the certificate cannot be written: {error}") from error
    elif settings.tls_cert is not None and settings.tls_key is not None:
        certificate, key = settings.tls_cert, settings.tls_key
    else:
        return None
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key, password="")
    except (OSError, ssl.SSLError) as error:
        raise ServeError(f"the certificate {certificate} with the key {key} cannot be used: {error}") from None
    return str(certificate), str(key)


def _announcement(endpoint: str, certificate: tuple[str, str] | None, *, has_console: bool) -> str:
    console = f"console: {endpoint}/" if has_console else "without the browser console"
    lines = [
        f"Keywright serves at {endpoint} ({console}). Stop it with Ctrl-C.",
        "",
        "In another terminal, for the aws CLI and every AWS SDK:",
        "",
        f"  export AWS_ENDPOINT_URL={endpoint}",
    ]
    if certificate is not None:
        lines.append(f"  export AWS_CA_BUNDLE={certificate[0]}")
    lines += [
        "  export AWS_DEFAULT_REGION=us-east-1",
        "  aws configure    # asks for the access key ID and the secret key",
        "  aws sts get-caller-identity",
        f"  {own_command(sys.argv[0])} verify    # Keywright's command line: who you are, and with which key",
        "",
        f"The aws CLI reads AWS_ENDPOINT_URL from {VERSIONS} on. An older one, such as Debian 12's, calls AWS itself:",
        "",
        f"  {alias(endpoint)}    # for an older one",
        "",
    ]
    return "\n".join(lines)
