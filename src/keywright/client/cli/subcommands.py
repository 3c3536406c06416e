"""The client's subcommands, and how one is run; none is imported before it is to run."""

from __future__ import annotations

import contextlib
import importlib
import io
import os
import sys
import traceback
from collections.abc import Mapping
from typing import Any, Final

from keywright.client.cli.flags.auditing import AUDITING
from keywright.client.cli.flags.explaining import EXPLAINING
from keywright.client.cli.flags.keys import KEYS
from keywright.client.cli.flags.profiles import PROFILES
from keywright.client.cli.flags.rotation import ROTATION
from keywright.client.cli.flags.scanning import SCANNING
from keywright.client.cli.flags.shells import SHELLS
from keywright.client.cli.flags.storing import STORING
from keywright.client.errors import Exit
from keywright.client.known_options import without_secrets

PACKAGE: Final = "keywright.client.cli."
SUBCOMMANDS: Final = (*KEYS, *ROTATION, *PROFILES, *AUDITING, *EXPLAINING, *SCANNING, *STORING, *SHELLS)
NAMES: Final = frozenset(one.words[0] for one in SUBCOMMANDS)
"""The words that a command line may begin with."""

_GROUPS: Final = {
    "profiles": "read and change the AWS files, ~/.aws/config and ~/.aws/credentials",
    "store": "keep keys in the system's keyring, or in a sealed file",
}


def add_subcommands(commands: Any, name: str | None) -> None:
    """Add the subcommands of one name to a parser's; of every name where it is None."""
    groups: dict[str, Any] = {}
    for one in SUBCOMMANDS:
        if name not in {None, one.words[0]}:
            continue
        place = commands
        if len(one.words) > 1:
            group = one.words[0]
            if group not in groups:
                parser = commands.add_parser(group, help=_GROUPS[group], description=_GROUPS[group], allow_abbrev=False)
                groups[group] = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
            place = groups[group]
        parser = place.add_parser(one.words[-1], help=one.help, description=one.help, allow_abbrev=False)
        one.add_flags(parser)
        if one.document is not None:
            parser.add_argument("--json", action="store_true", help="print one JSON object")
        parser.set_defaults(client_command=one.run)


def run(flags: Mapping[str, Any]) -> int:
    """Run a subcommand; return its exit code: 0 success, 1 a finding or a refusal, 2 wrong usage, 3 no way in."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A terminal that is not UTF-8 shows what it can.
            stream.reconfigure(errors="backslashreplace")
    module, _, function = flags["client_command"].partition(":")
    try:
        command = getattr(importlib.import_module(PACKAGE + module), function)
        code = command(flags)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read the output has seen enough.
        return int(Exit.NEGATIVE)
    except KeyboardInterrupt:
        with contextlib.suppress(BrokenPipeError):
            print(file=sys.stderr)
        return 130
    except Exception as error:  # noqa: BLE001 - the boundary: no command ends in a traceback
        if os.environ.get("KEYWRIGHT_DEBUG"):
            print(without_secrets(traceback.format_exc()), file=sys.stderr)
        return _fail(error, as_json=_wants_json(flags))
    return int(code)


def _fail(error: Exception, *, as_json: bool) -> int:
    from keywright.client.cli.failures import failure_of
    from keywright.client.cli.terminal import note

    failure = failure_of(error)
    note(f"keywright: {failure.message}")
    if as_json:
        with contextlib.suppress(OSError):
            # A full disk is what may have failed.
            print(failure.as_json(), flush=True)
    return failure.exit_code


def _wants_json(flags: Mapping[str, Any]) -> bool:
    # `audit --format json` is its --json, and so is scan's; the formats of `export` are other programs'.
    return bool(flags.get("json")) or (flags.get("format") == "json" and "json" in flags)
