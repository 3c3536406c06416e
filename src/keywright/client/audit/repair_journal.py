"""
Remember what a fix did, to take it back: `~/.local/state/keywright/audit`, mode 0600.

INVARIANT: a step is written down before it is taken.
"""

from __future__ import annotations

import dataclasses
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from keywright.client.audit.repairs import Kind, State, Step
from keywright.client.journal_form import Form, damaged, read_journal, write_journal
from keywright.client.state_folder import state_folder

_FORM: Final = Form("audit-fix", {name: name for name in ("account_id", "endpoint_url")})
_TO_UNDO = frozenset({State.BEGUN, State.DONE})


@dataclass(frozen=True, slots=True)
class Repair:
    """The steps of one fix."""

    path: Path
    account_id: str
    endpoint_url: str
    steps: tuple[Step, ...]

    def with_step(self, at: int, step: Step) -> Repair:
        """
        Put a step in another's place, and write it down.

        Raises: OSError.
        """
        changed = dataclasses.replace(self, steps=(*self.steps[:at], step, *self.steps[at + 1 :]))
        write_repair(changed)
        return changed


def repair_folder(environment: Mapping[str, str]) -> Path:
    """Name the folder."""
    return state_folder(environment, "audit")


def new_repair(folder: Path, account_id: str, endpoint_url: str, steps: tuple[Step, ...]) -> Repair:
    """Give a new one its place; nothing is written yet."""
    path = folder / f"{datetime.now(UTC):%Y%m%dT%H%M%S.%f}-{secrets.token_hex(4)}.json"
    return Repair(path, account_id, endpoint_url, steps)


def write_repair(repair: Repair) -> None:
    """
    Write it down, durably.

    Raises: OSError.
    """
    values = {
        "account_id": repair.account_id,
        "endpoint_url": repair.endpoint_url,
        "steps": [_written(step) for step in repair.steps],
    }
    write_journal(repair.path, _FORM, values)


def last_repair(folder: Path, account_id: str, endpoint_url: str) -> Repair | None:
    """
    Find the last fix of an account that has something to take back.

    Raises: JournalError; OSError.
    """
    for path in sorted(folder.glob("*.json"), reverse=True):
        values = read_journal(path, _FORM)
        try:
            steps = tuple(_read(step) for step in values["steps"])
            repair = Repair(path, values["account_id"], values["endpoint_url"], steps)
        except (KeyError, TypeError, ValueError):
            raise damaged(path) from None
        is_here = (repair.account_id, repair.endpoint_url) == (account_id, endpoint_url)
        if is_here and any(step.state in _TO_UNDO for step in repair.steps):
            return repair
    return None


def to_undo(step: Step) -> bool:
    """Tell whether a step was taken, or may have been: its process was killed in the middle of it."""
    return step.state in _TO_UNDO


def _written(step: Step) -> dict[str, Any]:
    used = step.last_used_at
    return dataclasses.asdict(step) | {"last_used_at": None if used is None else used.isoformat()}


def _read(values: dict[str, Any]) -> Step:
    used = values["last_used_at"]
    known = {"kind": Kind(values["kind"]), "state": State(values["state"])}
    return Step(**values | known | {"last_used_at": None if used is None else datetime.fromisoformat(used)})
