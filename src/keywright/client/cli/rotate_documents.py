"""What `keywright rotate --json` prints, and the lines that say the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Final

from keywright.client.cli.terminal import Exit, columns, paint, printable
from keywright.client.durations import write_duration
from keywright.client.rotation.record import Rotation, Step

_COLOURS: Final = {"rotated": "green", "rolled back": "green", "waiting": "yellow", "failed": "red"}
_BACK: Final = frozenset({Step.RESTORING, Step.RESTORED})


@dataclass(frozen=True, slots=True)
class RotatedKey:
    """One key."""

    user_name: Annotated[str, "the user"]
    old_access_key_id: Annotated[str, "the key that is replaced"]
    new_access_key_id: Annotated[str | None, "the one that replaces it; null where there is none"]
    outcome: Annotated[
        str,
        "rotated, rolled back, waiting (go on by --resume), failed, elsewhere (not on this machine), refused, or with "
        "--dry-run planned or unfinished",
    ]
    step: Annotated[
        str | None,
        "of what is not finished: creating, storing, watching, deactivating, inactive, deleting, restoring or restored",
    ]
    places: Annotated[tuple[str, ...], "where the key stands: path:line, or the key store's entry"]
    steps: Annotated[tuple[str, ...], "what --dry-run says would be done, in order"]
    ready_at: Annotated[datetime | None, "when the next step can be taken"]
    why: Annotated[str | None, "why it waits, failed or was refused, and what to do"]
    notes: Annotated[tuple[str, ...], "what could not be done besides, and where else the key stands"]


@dataclass(frozen=True, slots=True)
class Rotated:
    """`rotate`."""

    keys: Annotated[tuple[RotatedKey, ...], "the keys; with --all the oldest first"]


def steps_of(rotation: Rotation, removed: str | None) -> tuple[str, ...]:
    """Say what a rotation does, in order."""
    old_id = rotation.old_access_key_id
    unused, inactive = (
        write_duration(timedelta(seconds=seconds))
        for seconds in (rotation.deactivate_after_seconds, rotation.delete_after_seconds)
    )
    return (
        *(() if removed is None else (f"delete {removed}, which is unused",)),
        f"create a second key for {rotation.user_name}, and prove that it signs",
        *(f"replace {old_id} in {place}" for place in rotation.places),
        *(() if rotation.new_description is None else (f"describe it: {rotation.new_description}",)),
        f"watch {old_id} until it has been unused for {unused} (IAM notes uses late, and every 15 minutes)",
        f"deactivate {old_id}",
        f"delete it {inactive} later, with its description",
    )


def lines_of(keys: tuple[RotatedKey, ...]) -> Iterator[str]:
    """Say how it went with one key, or with each of several."""
    if len(keys) == 1:
        yield from _one(keys[0])
        return
    yield columns(
        [
            ("USER", "OLD KEY", "NEW KEY", "OUTCOME", "STEP"),
            *(
                (key.user_name, key.old_access_key_id, key.new_access_key_id or "-", key.outcome, key.step or "-")
                for key in keys
            ),
        ]
    )
    for key in keys:
        for text in (key.why, *key.notes, *key.steps):
            if text is not None:
                yield f"  {key.user_name}: {printable(text)}"
    ready = [key.ready_at for key in keys if key.ready_at is not None]
    if ready:
        yield f"come back after {min(ready):%Y-%m-%d %H:%M} UTC: keywright rotate --resume"


def code_of(keys: tuple[RotatedKey, ...]) -> Exit:
    """Give the exit code: what could not be rotated is a finding."""
    fine = {"rotated", "rolled back", "waiting", "planned", "unfinished"}
    return Exit.FINE if all(key.outcome in fine for key in keys) else Exit.NEGATIVE


def _one(key: RotatedKey) -> Iterator[str]:
    goes_back = key.outcome == "rolled back" or key.step in _BACK
    arrow = "" if key.new_access_key_id is None else f" {'instead of' if goes_back else '->'} {key.new_access_key_id}"
    step = "" if key.step is None else f" ({key.step})"
    outcome = paint(key.outcome.capitalize(), _COLOURS.get(key.outcome, "bold"))
    yield f"{outcome}{step}: {key.old_access_key_id}{arrow}, user {printable(key.user_name)}"
    if key.steps:
        yield from (f"  {number}. {printable(text)}" for number, text in enumerate(key.steps, 1))
    else:
        yield from (f"  in {printable(place)}" for place in key.places)
    yield from (f"  {printable(text)}" for text in key.notes)
    if key.why is not None:
        yield f"  {printable(key.why)}"
    if key.ready_at is not None:
        yield f"  come back after {key.ready_at:%Y-%m-%d %H:%M} UTC: keywright rotate --resume"
        if not goes_back:
            yield "  if something misses the old key: keywright rotate --rollback"
