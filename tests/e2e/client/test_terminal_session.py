"""docs/terminal-session.md shows what the commands really print."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.e2e.client.terminal_session import PAGE, record
from tests.e2e.live_server import Account, LiveServer

pytestmark = pytest.mark.usefixtures("aws_command")


def shape(page: str) -> list[str]:
    """Give headings and commands whole, of each other line its first word: numbers and names may differ."""
    lines = [line for line in page.splitlines() if line.strip()]
    return [line if line[0] in "#$`" else re.split(r"[^A-Za-z/=.]", line.strip(), maxsplit=1)[0] for line in lines]


def test_the_page_is_what_is_printed(tmp_path: Path, server: LiveServer, account: Account) -> None:
    """Recorded again the page has the same headings, commands and lines; no secret is in it (else: record it anew)."""
    recorded = record(tmp_path, server, account)
    assert shape(recorded) == shape(PAGE.read_text()), "python -m tests.e2e.client.terminal_session"
    assert not [one for one in (account.secret_access_key, account.password) if one in recorded]
