"""`keywright rotate --rollback`, killed at every step, and taken up again."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from tests.e2e.client.street import AT_A_TIME, Street, die, steps_of


def test_rollback_killed(street: Street) -> None:
    """A rollback that is killed at whatever step comes to its end when it is taken up again."""
    inactive = ("--deactivate-after", "2s", "--delete-after", "7d", "--wait", "10s")
    first = street.move_in("turned-0")
    assert "inactive" in street.begin(first, *inactive).stdout
    steps = steps_of(street.run(first, "rotate", "--rollback", "--wait", "1m"))

    def at(step: int) -> None:
        home = street.move_in(f"turned-{step}")
        assert "inactive" in street.begin(home, *inactive).stdout
        assert street.keys(home)[home.key.access_key_id] == "Inactive"
        die(street.run(home, "rotate", "--rollback", "--wait", "1m", die_at=step), step)
        # Before the rollback is written down, --resume would go on forward.
        again = street.run(home, "rotate", "--rollback", "--wait", "1m")
        assert again.returncode == 0, (step, again)
        assert street.assert_clean(home) == home.key.access_key_id
        street.move_out(home)

    with ThreadPoolExecutor(AT_A_TIME) as executor:
        list(executor.map(at, range(1, steps + 1)))
