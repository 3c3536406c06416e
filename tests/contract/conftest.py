"""One server for each test process; an account of its own for each test."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from botocore import auth

from tests.contract.in_process import Account, Server, SteppingClock, make_account, running, sqlite_location


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The app in process, on a SQLite store."""
    with running(sqlite_location(tmp_path_factory.mktemp("contract")), {}) as server, pytest.MonkeyPatch.context() as m:

        def now(*, remove_tzinfo: bool = True) -> datetime:
            return server.clock.now.replace(tzinfo=None) if remove_tzinfo else server.clock.now

        m.setattr(auth, "get_current_datetime", now)
        yield server


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
