"""One server for each test process; an account of its own for each test; and at the end, what became of all calls."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import pytest
from botocore import auth
from sqlalchemy import select

from keywright.store.tables import events
from tests.contract.in_process import Account, Server, SteppingClock, make_account, running, sqlite_location
from tests.contract.operations_seen import NOTES, Note, missing

_OUTCOMES: Final = pytest.StashKey[set[Note]]()
_SELECTED: Final = pytest.StashKey[set[str]]()
_MISSING: Final = pytest.StashKey[list[str]]()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The app in process, on a SQLite store."""
    with running(sqlite_location(tmp_path_factory.mktemp("contract")), {}) as server, pytest.MonkeyPatch.context() as m:

        def now(*, remove_tzinfo: bool = True) -> datetime:
            return server.clock.now.replace(tzinfo=None) if remove_tzinfo else server.clock.now

        m.setattr(auth, "get_current_datetime", now)
        yield server
        _see_that_secrets_stay_out_of_events(server)


def _see_that_secrets_stay_out_of_events(server: Server) -> None:
    """No text that AWS's model calls sensitive, asked or answered in any test, is in an event."""
    written = server.read(lambda connection: b"\n".join(connection.scalars(select(events.c.record)))).decode()
    found = [secret for secret in NOTES.secrets if json.dumps(secret)[1:-1] in written]
    assert not found


@pytest.fixture
def account(server: Server) -> Account:
    """A fresh account: nothing in it but its root user and its administrator."""
    return make_account(server)


@pytest.fixture
def other(server: Server) -> Account:
    """Another account of the same server."""
    return make_account(server)


@pytest.fixture
def clock(server: Server) -> SteppingClock:
    """The clock of server and clients. Time only goes forward, as it does for the tests that follow."""
    return server.clock


@pytest.fixture
def iam(account: Account) -> Any:
    """The administrator's IAM client."""
    return account.iam


def pytest_collection_finish(session: pytest.Session) -> None:
    """Remember which of this folder's files are run whole."""
    config = session.config
    narrowed = config.option.keyword or config.option.markexpr or any("::" in argument for argument in config.args)
    config.stash[_SELECTED] = set() if narrowed else {item.path.name for item in session.items}


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any, error: Any) -> None:
    """Take what a process of pytest-xdist noted."""
    output, stash = getattr(node, "workeroutput", {}), node.config.stash
    stash.setdefault(_OUTCOMES, set[Note]()).update(tuple(note) for note in output.get("outcomes", ()))
    stash.setdefault(_SELECTED, set[str]()).update(output.get("selected", ()))


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Where the whole folder ran and passed, fail unless every operation was performed once and refused once."""
    config = session.config
    selected = config.stash.setdefault(_SELECTED, set[str]())
    if hasattr(config, "workeroutput"):
        config.workeroutput |= {"outcomes": sorted(NOTES.outcomes), "selected": sorted(selected)}
        return
    everything = {path.name for path in Path(__file__).parent.glob("test_*.py")} <= selected
    if exitstatus != pytest.ExitCode.OK or not everything:
        return
    of_processes = config.stash.setdefault(_OUTCOMES, set[Note]())
    found = missing(NOTES.outcomes | of_processes)
    if found:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
        config.stash[_MISSING] = found


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Say which operations the tests leave out."""
    for line in config.stash.get(_MISSING, []):
        terminalreporter.write_line(f"FAILED {line} (tests/contract/operations_seen.py)", red=True)
