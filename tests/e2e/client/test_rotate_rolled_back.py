"""`keywright rotate`, killed at every step, and rolled back."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from tests.e2e.client.street import AT_A_TIME, Street, die, steps_of


def test_killed_and_rolled_back(street: Street) -> None:
    """Killed at whatever step, a rotation is rolled back while the old key exists: everything is as it was."""
    first = street.move_in("back-0")
    steps = steps_of(street.begin(first))

    def at(step: int) -> bool:
        home = street.move_in(f"back-{step}")
        die(street.begin(home, die_at=step), step)
        old_is_there = home.key.access_key_id in street.keys(home)
        back = street.run(home, "rotate", "--rollback", "--wait", "1m")
        if old_is_there:
            assert back.returncode == 0, (step, back)
            assert street.assert_clean(home) == home.key.access_key_id
            assert street.tags(home)[home.key.access_key_id] == "purpose=test"
        else:
            assert (back.returncode == 1 and "--resume" in back.stdout) or "nothing unfinished" in back.stdout, back
            assert street.run(home, "rotate", "--resume").returncode == 0
            assert street.assert_clean(home) != home.key.access_key_id
        street.move_out(home)
        return old_is_there

    with ThreadPoolExecutor(AT_A_TIME) as executor:
        came_back = list(executor.map(at, range(1, steps + 1)))
    # Not sorted: how often a run looks whether it may go on differs from one to the next, and its steps with it.
    assert came_back[0]
    assert came_back.count(True) > len(came_back) // 2
