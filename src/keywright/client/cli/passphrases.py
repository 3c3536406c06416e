"""Take the passphrase of a hand-over from whoever types it, or from standard input; never from the command line."""

from __future__ import annotations

import getpass
import sys
from typing import Final

from keywright.aws.secret import Secret
from keywright.client.cli.terminal import Exit, is_interactive, note, stop
from keywright.client.handover import new_passphrase

_FEWEST: Final = 12
"""The file travels, and whoever has it may try for as long as they like."""


def choose_passphrase() -> Secret:
    """
    Have a passphrase chosen; where none is typed one is made, and shown this once.

    Raises: Stop.
    """
    if not is_interactive():
        chosen = sys.stdin.readline().rstrip("\r\n")
        if not chosen:
            stop("--for passphrase takes the passphrase from standard input, or asks at a terminal", Exit.USAGE)
    else:
        chosen = getpass.getpass("Passphrase for the recipient (empty: one is made): ", stream=sys.stderr)
        if not chosen:
            made = new_passphrase()
            note(f"The passphrase, shown this once: {made.reveal()}")
            note("Tell it by another way than the file goes.")
            return made
        if getpass.getpass("The same again: ", stream=sys.stderr) != chosen:
            stop("the two are not the same; nothing was done", Exit.USAGE)
    if len(chosen) < _FEWEST:
        stop(f"a passphrase has at least {_FEWEST} characters: whoever has the file can try for ever", Exit.USAGE)
    return Secret(chosen)


def ask_passphrase(what: str) -> Secret:
    """
    Ask for the passphrase of a file.

    Raises: Stop.
    """
    if is_interactive():
        return Secret(getpass.getpass(f"Passphrase of {what}: ", stream=sys.stderr))
    typed = sys.stdin.readline().rstrip("\r\n")
    if not typed:
        stop(f"{what} takes a passphrase: a line on standard input, or a terminal to be asked at", Exit.USAGE)
    return Secret(typed)
