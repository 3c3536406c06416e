"""`keywright rotate`, killed at every step, and resumed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from tests.e2e.client.street import AT_A_TIME, Street, die, steps_of


def test_killed_and_resumed(street: Street) -> None:
    """Killed at whatever step, a rotation is resumed to its end: one key, in all places, none forgotten."""
    first = street.move_in("resumed-0")
    steps = steps_of(street.begin(first))
    assert street.assert_clean(first) != first.key.access_key_id

    def at(step: int) -> bool:
        home = street.move_in(f"resumed-{step}")
        die(street.begin(home, die_at=step), step)
        resumed = street.run(home, "rotate", "--resume", "--wait", "1m")
        assert resumed.returncode == 0, (step, resumed)
        is_new = street.assert_clean(home) != home.key.access_key_id
        assert is_new is not ("nothing unfinished" in resumed.stdout and step < steps // 2), (step, resumed)
        street.move_out(home)
        return is_new

    with ThreadPoolExecutor(AT_A_TIME) as executor:
        are_new = list(executor.map(at, range(1, steps + 1)))
    # Before the first entry of the journal nothing has changed; from then on every one comes to its end.
    assert are_new == sorted(are_new)
    assert are_new.count(True) > steps // 2
