"""
`keywright credential-process PROFILE`: what an AWS tool runs to have a stored key.

AWS: the tool captures standard output and error, so that nobody sees a question (facts §7). There is none: what is
locked ends the process, with words that the tool repeats.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from keywright.aws.identifiers import account_of
from keywright.client.cli.process_output import print_credentials
from keywright.client.cli.terminal import Exit, stop
from keywright.client.errors import KeystoreError
from keywright.client.keystore import holding, stores
from keywright.client.keystore.passphrase import ask_nobody
from keywright.client.own_command import command_line

_PATIENCE_SECONDS: Final = 60
"""A keyring may ask on the desktop; where nobody answers the tool would wait for ever."""


def run_credential_process(flags: Mapping[str, Any]) -> Exit:
    """Print a stored key."""
    profile = flags["profile"]
    environment = os.environ | ({"XDG_DATA_HOME": flags["data_home"]} if flags["data_home"] else {})
    with _patience():
        both = stores(environment, ask=ask_nobody, for_tools=True)
        store = holding(profile, environment, among=both)
        key = None if store is None else store.get(profile)
    if key is None:
        stop(
            f"no store has a key for the profile {profile}: `{command_line('store', 'list')}` shows those that there "
            f"are, `{command_line('store', 'put', profile)}` puts one in"
        )
    print_credentials(
        key.access_key_id,
        key.secret,
        key.session_token,
        account_id=account_of(key.access_key_id),
        show_secret=flags["show_secret"],
    )
    return Exit.FINE


@contextmanager
def _patience() -> Iterator[None]:
    def give_up(*_signal: object) -> None:
        raise KeystoreError(f"the keyring has not answered for {_PATIENCE_SECONDS} seconds: is it locked?")

    before = signal.signal(signal.SIGALRM, give_up)
    signal.alarm(_PATIENCE_SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
