"""`keywright resume`: finish a key whose issue was interrupted, or take it back."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from keywright.client.cli.documents import as_json
from keywright.client.cli.failures import failure
from keywright.client.cli.passphrases import choose_passphrase
from keywright.client.cli.terminal import Exit, Stop, note
from keywright.client.errors import AwsFileError, KeystoreError
from keywright.client.issuing import find_lost, finish, undo
from keywright.client.journal import Entry, journal_folder, only_one, read_entries, remove_entry
from keywright.client.journal_form import JournalError
from keywright.client.recipients import BY_PASSPHRASE, RecipientError
from keywright.client.session import SignInError, is_refusal, reason, sign_in

EXPECTED: Final = (ClientError, BotoCoreError, SignInError, AwsFileError, KeystoreError, RecipientError, OSError)
"""What can come in the way of a key."""


@dataclass(frozen=True, slots=True)
class ResumedKey:
    """One unfinished key."""

    user_name: Annotated[str, "the user"]
    access_key_id: Annotated[str | None, "the key; null where none had been made"]
    outcome: Annotated[str, "finished, undone, nothing (no key had been made), or unfinished"]


@dataclass(frozen=True, slots=True)
class Resumed:
    """`resume`."""

    keys: Annotated[tuple[ResumedKey, ...], "what was unfinished, the oldest first"]


def run_resume(flags: Mapping[str, Any]) -> Exit:
    """Finish what was interrupted, or undo it; what cannot be done now keeps nothing else from it."""
    done: list[ResumedKey] = []
    unread: list[JournalError] = []
    code, why = Exit.FINE, ""
    with only_one(journal_folder(os.environ)):
        for path, entry in read_entries(journal_folder(os.environ), unread.append):
            try:
                outcome, key = _resume(path, entry, take_back=flags["undo"])
            except EXPECTED as error:
                why = f"the key of {entry.user_name} is still unfinished ({path}): {said(error)}"
                note(f"keywright: {why}")
                outcome, key, code = "unfinished", entry.access_key_id, max(code, code_of(error))
            except Stop as error:
                why = f"the key of {entry.user_name} is still unfinished ({path}): {error}"
                note(f"keywright: {why}")
                outcome, key, code = "unfinished", entry.access_key_id, max(code, error.code)
            done.append(ResumedKey(entry.user_name, key, outcome))
            if not flags["json"]:
                print(f"{outcome}: {key or 'no key had been made'}, user {entry.user_name}, {_target(entry)}")
    for one in unread:
        note(f"keywright: {one}")
        code, why = max(code, Exit.NEGATIVE), why or str(one)
    if flags["json"]:
        failed = code is Exit.UNREACHABLE or bool(unread)
        print(as_json(Resumed(tuple(done)), failure(why, code) if failed else None))
    elif not done and not unread:
        print("There is nothing unfinished")
    return code


def said(error: Exception) -> str:
    """Say what came in the way."""
    return reason(error) if isinstance(error, ClientError | BotoCoreError) else str(error)


def code_of(error: Exception) -> Exit:
    """Give the exit code for what came in the way."""
    unreached = isinstance(error, SignInError | BotoCoreError | ClientError) and not is_refusal(error)
    return Exit.UNREACHABLE if unreached else Exit.NEGATIVE


def _resume(path: Path, entry: Entry, *, take_back: bool) -> tuple[str, str | None]:
    signed_in = sign_in(entry.flags)
    if entry.access_key_id is None:
        # The answer was lost, and with it the secret: the key can only go.
        lost, others = find_lost(signed_in.client("iam"), entry)
        if lost is not None:
            undo(signed_in, path, entry, lost, os.environ)
            return "undone", lost
        for key in others:
            note(f"{entry.user_name} has a new key, {key}, perhaps this one: delete it if nobody uses it")
        remove_entry(path)
        return "nothing", None
    if take_back:
        undo(signed_in, path, entry, entry.access_key_id, os.environ)
        return "undone", entry.access_key_id
    passphrase = None
    if entry.recipients == (BY_PASSPHRASE,):
        note(f"{entry.handover_file} is written anew, with a passphrase of its own")
        passphrase = choose_passphrase()
    for text in finish(signed_in, path, entry, os.environ, passphrase):
        note(text)
    return "finished", entry.access_key_id


def _target(entry: Entry) -> str:
    return f"profile {entry.profile}" if entry.profile is not None else f"handed over in {entry.handover_file}"
