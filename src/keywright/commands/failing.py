"""How a command of the server's fails: one line, and with --json an object as well."""

from __future__ import annotations

import sys


def fail(reason: object, code: int, *, as_json: bool) -> int:
    """Say why; return the exit code."""
    print(f"keywright: {reason}", file=sys.stderr)
    if as_json:
        from keywright.client.cli.failures import failure
        from keywright.client.errors import Exit

        print(failure(str(reason), Exit(code)).as_json())
    return code
