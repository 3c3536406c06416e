"""
What `credential_process` prints.

AWS: `Version` 1; without `Expiration` a tool never asks again
(https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html).
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime

from keywright.aws.secret import Secret
from keywright.client.cli.terminal import MASK, note


def print_credentials(
    access_key_id: str,
    secret: Secret,
    session_token: Secret | None,
    *,
    expires_at: datetime | None = None,
    account_id: str | None = None,
    show_secret: bool,
) -> None:
    """Print credentials; on a terminal, secrets are masked."""
    masked = sys.stdout.isatty() and not show_secret
    values = {
        "Version": 1,
        "AccessKeyId": access_key_id,
        "SecretAccessKey": MASK if masked else secret.reveal(),
        "SessionToken": None if session_token is None else MASK if masked else session_token.reveal(),
        "Expiration": None if expires_at is None else expires_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "AccountId": account_id,
    }
    print(json.dumps({name: value for name, value in values.items() if value is not None}, indent=2))
    if masked:
        note("The secret is masked on a terminal; --show-secret shows it")
