"""Take a key from whoever types it, or from standard input; never from the command line."""

from __future__ import annotations

import getpass
import sys

from keywright.client.cli.terminal import Exit, is_interactive, stop
from keywright.client.known_options import KEY_ID, KEY_ID_FORM, SECRET, TOKEN


def read_key(what: str) -> dict[str, str]:
    """
    Read a key's id, secret and, for a temporary one, token, by their options' names: a line each.

    `what` is what takes them, for whoever gives something else. Raises: Stop.
    """
    key_id = _ask("AWS Access Key ID: ", secret=False)
    # A secret in the place of the id is not repeated on the terminal.
    if not KEY_ID_FORM.fullmatch(key_id):
        stop(f"{what} takes the access key id first: what came is none", Exit.USAGE)
    key = {KEY_ID: key_id, SECRET: _ask("AWS Secret Access Key: ", secret=True)}
    if key_id.startswith("ASIA"):
        key[TOKEN] = _ask("AWS Session Token: ", secret=True)
    if not all(key.values()):
        stop(
            f"{what} takes the id, the secret and, for an ASIA key, its token: a line each on standard input",
            Exit.USAGE,
        )
    return key


def _ask(prompt: str, *, secret: bool) -> str:
    if not is_interactive():
        return sys.stdin.readline().strip()
    if secret:
        return getpass.getpass(prompt, stream=sys.stderr).strip()
    print(prompt, end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip()
