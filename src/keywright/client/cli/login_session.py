"""`keywright login-session PROFILE`: the credentials of `aws login`, as `credential_process` has them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from keywright.client.cli.process_output import print_credentials
from keywright.client.cli.terminal import Exit, stop
from keywright.client.export_credentials import CredentialsError
from keywright.client.export_login import login_credentials


def run_login_session(flags: Mapping[str, Any]) -> Exit:
    """Print them, renewed where they end soon."""
    try:
        found, account_id = login_credentials(flags["profile"])
    except CredentialsError as error:
        stop(str(error), Exit.UNREACHABLE)
    print_credentials(
        found.access_key_id,
        found.secret,
        found.session_token,
        expires_at=found.expires_at,
        account_id=account_id,
        show_secret=flags["show_secret"],
    )
    return Exit.FINE
