"""How long a refused sign-in takes, with passwords hashed at their full cost."""

from __future__ import annotations

import statistics
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from keywright.identity import passwords
from keywright.server.signin import attempts
from tests.contract.browser import Browser
from tests.contract.in_process import Account, Server
from tests.contract.totp_device import enable_device

PASSWORD, WRONG = "correct-Horse-1", "not-Right-3"


def test_every_refusal_takes_as_long(account: Account, server: Server) -> None:
    """Whether the account, the user, the password or the code was wrong does not show in the time."""
    account.iam.create_user(UserName="alice")
    account.iam.create_login_profile(UserName="alice", Password=PASSWORD)
    phone = enable_device(account.iam, server.clock, "alice")
    wrong_code = f"{(int(phone.code()) + 1) % 10**6:06}"
    right = {"account": account.alias, "user": "alice", "password": PASSWORD}
    tries = {
        "account": right | {"account": "no-such-account"},
        "user": right | {"user": "nobody"},
        "password": right | {"password": WRONG},
        "code": right | {"mfaCode": wrong_code},
    }
    took: dict[str, list[float]] = {name: [] for name in tries}
    for _ in range(6):
        for name, one in tries.items():
            started = time.perf_counter()
            assert Browser(server).post("/signin", one).outcome == (401, "refused")
            took[name].append(time.perf_counter() - started)
        server.clock.advance(hours=2)
    # A hash takes tens of milliseconds, all else a few: one that is left out, or made twice, would show.
    fastest = {name: min(times) for name, times in took.items()}
    middle = statistics.median(fastest.values())
    assert all(0.6 * middle < one < 1.7 * middle for one in fastest.values()), fastest
    assert middle > 0.01


def test_nobody_waits_for_a_password(account: Account, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords are hashed off the event loop, at most two at a time: each takes 64 MiB."""
    running: list[str] = []
    most = 0

    def is_password(password_hash: str, password: str) -> bool:
        nonlocal most
        running.append(threading.current_thread().name)
        most = max(most, len(running))
        time.sleep(0.05)
        assert running.pop().startswith("password")
        return passwords.is_password(password_hash, password)

    monkeypatch.setattr(attempts, "is_password", is_password)
    with ThreadPoolExecutor(6) as threads:
        answers = list(threads.map(lambda _: Browser(server).sign_in(account.alias, "nobody", "x").outcome, range(5)))
    assert answers == [(401, "refused")] * 5
    assert most == 2
