"""The client's subcommands, and how one is run; none is imported before it is to run."""

from __future__ import annotations

import importlib
import io
import os
import sys
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
    """Run a subcommand; give its exit code: 0 fine, 1 a finding or a refusal, 2 wrong usage, 3 no way in."""
    from keywright.client.cli.terminal import Exit, Stop, note
    from keywright.client.errors import AwsFileError, KeystoreError
    from keywright.client.known_options import without_secrets

    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A terminal that is not UTF-8 shows what it can.
            stream.reconfigure(errors="backslashreplace")
    module, _, function = flags["client_command"].partition(":")
    command = getattr(importlib.import_module(PACKAGE + module), function)
    try:
        code = command(flags)
        sys.stdout.flush()
    except Stop as stopped:
        note(f"keywright: {without_secrets(str(stopped))}")
        return int(stopped.code)
    except BrokenPipeError:
        # Whoever read the output has seen enough; nothing more can be written, not by Python's own ending either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return int(Exit.NEGATIVE)
    except (AwsFileError, KeystoreError, OSError) as error:
        note(f"keywright: {without_secrets(str(error))}")
        return int(Exit.NEGATIVE)
    except KeyboardInterrupt:
        print(file=sys.stderr)
        return 130
    return int(code)
