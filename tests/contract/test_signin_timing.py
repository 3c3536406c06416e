"""How long a refused sign-in takes, with passwords hashed at their full cost."""

from __future__ import annotations

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


def test_every_refusal_takes_as_long(account: Account, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether account, user, password or code was wrong, one password is hashed: that is what takes the time."""
    account.iam.create_user(UserName="alice")
    account.iam.create_login_profile(UserName="alice", Password=PASSWORD)
    phone = enable_device(account.iam, server.clock, "alice")
    wrong_code = f"{(int(phone.code()) + 1) % 10**6:06}"
    right = {"account": account.alias, "user": "alice", "password": PASSWORD}
    hashed: list[str] = []

    def is_password(password_hash: str, password: str) -> bool:
        hashed.append(password_hash.rpartition("$")[0].rpartition("$")[0])
        return passwords.is_password(password_hash, password)

    monkeypatch.setattr(attempts, "is_password", is_password)
    for one in (
        right | {"account": "no-such-account"},
        right | {"user": "nobody"},
        right | {"password": WRONG},
        right | {"mfaCode": wrong_code},
    ):
        assert Browser(server).post("/signin", one).outcome == (401, "refused")
    # The same algorithm at the same cost, once for each.
    assert len(hashed) == 4
    assert len(set(hashed)) == 1


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
