"""A real Secret Service, GNOME's, on a message bus of the test's own."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final

import pytest

from tests.e2e.aws_cli import AWS, AwsCli
from tests.e2e.client.conftest import Person
from tests.e2e.client.keeping import WHO, holders, plain_profile
from tests.e2e.live_server import Account, LiveServer, bare_environment
from tests.e2e.signing import Key

_DAEMON: Final = "gnome-keyring-daemon --foreground --components=secrets"


@contextmanager
def session(person: Person, password: str | None) -> Iterator[dict[str, str]]:
    """Have a bus with the service on it, unlocked by a password, or as it is; give the variables that lead there."""
    for name in ("dbus-daemon", "gnome-keyring-daemon"):
        if shutil.which(name) is None:
            pytest.skip(f"{name} is not there: apt-get install dbus gnome-keyring")
    run = person.home / "run"
    run.mkdir(mode=0o700, exist_ok=True)
    environment = bare_environment(person.home, XDG_RUNTIME_DIR=str(run))
    bus_command = ["dbus-daemon", "--session", "--nofork", f"--address=unix:path={run}/bus", "--print-address"]
    with _process(bus_command, environment, "") as bus:
        assert bus.stdout is not None
        variables = {"XDG_RUNTIME_DIR": str(run), "DBUS_SESSION_BUS_ADDRESS": bus.stdout.readline().strip()}
        daemon = [*_DAEMON.split(), *(["--unlock"] if password else [])]
        with _process(daemon, environment | variables, password or "") as service:
            assert service.stdout is not None
            service.stdout.readline()
            yield variables


@contextmanager
def _process(command: list[str], environment: dict[str, str], typed: str) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        command,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    ) as process:
        assert process.stdin is not None
        process.stdin.write(typed)
        process.stdin.close()
        try:
            yield process
        finally:
            # What the bus has started itself is of the same session.
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def test_the_desktops_own_keyring(person: Person, server: LiveServer, admin: Key, account: Account) -> None:
    """A key moves into it, and the `aws` command signs with it; locked, and with no desktop to ask at, that is said."""
    plain_profile(person, server, admin)
    with session(person, "desktop") as variables:
        assert person.json("store", "status", variables=variables)["Keyring"] == "SecretService Keyring"
        (moved,) = person.json("migrate", "--profile", "kw", variables=variables)["Keys"]
        assert (moved["Target"], moved["Arn"]) == ("keyring", f"arn:aws:iam::{account.account_id}:user/admin")
        assert holders(person.home, admin.secret_access_key) == []
        assert AwsCli(person.home, variables, AWS).json(*WHO)["Arn"].endswith(":user/admin")
        service = {"PATH": "/usr/bin:/bin", "XDG_RUNTIME_DIR": variables["XDG_RUNTIME_DIR"]}
        assert AwsCli(person.home, service, AWS).json(*WHO)["Arn"].endswith(":user/admin"), "where no bus is named"
    with session(person, None) as variables:
        done = person.keywright("credential-process", "kw", variables=variables)
        assert (done.returncode, done.stdout) == (1, "")
        assert "unlock it at the desktop" in done.stderr
        done = person.keywright("store", "list", variables=variables)
        assert (done.returncode, "the keyring is locked" in done.stdout) == (1, True)
