"""
What the server needs beyond the client: the requirements of `keywright[server]`.

`pip install keywright` installs the command line alone (ADR 11); a subcommand of the server then says how to install
the rest, before it has changed anything.
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import Final

SERVER_MODULES: Final = ("alembic", "httptools", "psycopg", "segno", "signxml", "sqlalchemy")
"""uvloop is not among them: without it the server runs on asyncio's own loop."""

NO_SERVER: Final = (
    "the server is not installed ({missing} is missing): install it with `pip install 'keywright[server]'`, "
    "`pipx install --force 'keywright[server]'` or `uv tool install 'keywright[server]'`"
)


def missing_requirement() -> str | None:
    """Return the first module that the server needs and that is not installed; import none."""
    return next((name for name in SERVER_MODULES if find_spec(name) is None), None)
