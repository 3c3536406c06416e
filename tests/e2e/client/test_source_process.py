"""A `credential_process` that hangs, and one of ours whose program was deleted."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path

from tests.e2e.client.conftest import NEW_AWS, Person
from tests.e2e.client.keeping import in_keyring
from tests.e2e.live_server import LiveServer, bare_environment
from tests.e2e.signing import Key


def lead_to(person: Person, process: str, server: LiveServer) -> None:
    """Have a profile whose credentials come from a process."""
    person.config.parent.mkdir(exist_ok=True, mode=0o700)
    person.config.write_text(
        f"[profile kw]\nregion = us-east-1\nendpoint_url = {server.url}\ncredential_process = {process}\n"
    )
    person.config.chmod(0o600)


def test_a_process_that_hangs(person: Person, server: LiveServer) -> None:
    """One that never ends is told within ten seconds, and is not left behind."""
    path = person.home / "hangs"
    path.write_text(f"#!/bin/sh\necho $$ > {person.home}/pid\nexec sleep 600\n")
    path.chmod(0o755)
    lead_to(person, str(path), server)
    began = time.monotonic()
    person.keywright("doctor", "--offline", "--profile", "kw", variables=NEW_AWS)
    starting = time.monotonic() - began
    began = time.monotonic()
    (one,) = person.json("doctor", "--profile", "kw", code=3, variables=NEW_AWS)["Diagnoses"]
    assert time.monotonic() - began - starting < 10, "but for what a busy machine's processes take to start"
    assert "has not ended within 7 seconds" in one["What"]
    assert not Path(f"/proc/{(person.home / 'pid').read_text().strip()}").exists()


def test_ours_that_was_moved(person: Person, server: LiveServer, alice: Key) -> None:
    """A line of ours whose keywright was deleted is told with the line of today, which then works."""
    session = {**in_keyring(), **NEW_AWS}
    typed = f"{alice.access_key_id}\n{alice.secret_access_key}\n"
    assert person.keywright("store", "put", "kw", typed=typed, variables=session).returncode == 0
    lead_to(person, f"{person.home}/old/bin/keywright credential-process kw", server)
    (one,) = person.json("doctor", "--profile", "kw", code=3, variables=session)["Diagnoses"]
    assert f"names {person.home}/old/bin/keywright, which does not exist" in one["What"]
    subprocess.run(["sh", "-c", one["Next"]], env=bare_environment(person.home, **session), check=True)
    assert person.json("verify", "--profile", "kw", variables=session)["AccessKeyId"] == alice.access_key_id
