"""How long a refused sign-in takes, with passwords hashed at their full cost."""

from __future__ import annotations

import asyncio
import statistics
import time

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


def test_nobody_waits_for_a_password(account: Account, server: Server) -> None:
    """While passwords are being hashed the loop goes on: what it answers meanwhile takes no hash's time."""

    async def longest_pause() -> float:
        longest = 0.0
        deadline = time.perf_counter() + 1.0
        while time.perf_counter() < deadline:
            before = time.perf_counter()
            await asyncio.sleep(0.001)
            longest = max(longest, time.perf_counter() - before)
        return longest

    async def together() -> tuple[float, list[int]]:
        content = b'{"account":"nobody","user":"nobody","password":"x"}'
        browsers = [Browser(server) for _ in range(4)]
        scopes = [one.scope("POST", "/signin", one.json_headers) for one in browsers]
        watching = asyncio.ensure_future(longest_pause())
        replies = await asyncio.gather(*(server._exchange(scope, content) for scope in scopes))
        return await watching, [reply.status for reply in replies]

    alone = server.call(longest_pause())
    pause, statuses = server.call(together())
    assert statuses == [401] * 4
    # On a busy machine a loop pauses by itself.
    assert pause < max(0.03, 3 * alone)
