"""An account's turns: one at once, and others' beside them."""

from __future__ import annotations

import asyncio

from keywright.server.turns import Turns


def test_one_at_once_for_each_account() -> None:
    """Five of one account run one by one, while another account's and who takes no turns go at once."""

    async def run() -> None:
        turns, running, most = Turns(), 0, 0

        async def work() -> None:
            nonlocal running, most
            async with turns.of("a", takes_turns=True):
                running += 1
                most = max(most, running)
                await asyncio.sleep(0.01)
                running -= 1

        tasks = [asyncio.create_task(work()) for _ in range(5)]
        await asyncio.sleep(0)
        for account, takes in (("b", True), ("a", False)):
            async with turns.of(account, takes_turns=takes):
                assert running == 1
        tasks[2].cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        assert most == 1
        assert not turns._locks
        assert not turns._asking

    asyncio.run(run())
