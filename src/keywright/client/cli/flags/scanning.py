"""The flags of scan."""

from __future__ import annotations

import argparse
from typing import Final

from keywright.client.cli.flags.subcommand import Subcommand, add_endpoint

FORMATS: Final = ("table", "json", "sarif")
HOOKS: Final = ("pre-commit", "pre-push")


def _scan(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "path", metavar="PATH", nargs="*", help="a file or a folder; in a repository what git takes (.)"
    )
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--history", action="store_true", help="the whole history of PATH's repository, stashes too")
    where.add_argument("--staged", action="store_true", help="what is staged, as a commit would take it")
    where.add_argument(
        "--pushed", action="store_true", help="what git is about to push, as its hook hears it on standard input"
    )
    where.add_argument(
        "--install-hook",
        nargs="?",
        const=HOOKS[0],
        choices=HOOKS,
        metavar="|".join(HOOKS),
        help="have git refuse a commit, or a push, that holds a key (pre-commit)",
    )
    parser.add_argument(
        "--chain", action="store_true", help="with --install-hook: keep the hook that is there, go after it"
    )
    parser.add_argument("--baseline", metavar="FILE", help="do not tell of the findings that this file names")
    parser.add_argument("--write-baseline", action="store_true", help="write that file anew, of all that is found now")
    parser.add_argument("--format", choices=FORMATS, metavar="|".join(FORMATS), help="what to print (table)")
    parser.add_argument("--profile", metavar="NAME", help="the profile that asks whose the keys are")
    add_endpoint(parser)
    asking = parser.add_mutually_exclusive_group()
    asking.add_argument(
        "--ask", action="store_true", help="it must be asked, of keys whose id tells no account too: else exit code 3"
    )
    asking.add_argument("--offline", action="store_true", help="ask no service")
    asking.add_argument(
        "--deactivate", action="store_true", help="make the keys that are found inactive, each asked for"
    )
    parser.add_argument(
        "--yes", action="store_true", help="with --deactivate: do not ask, not even for the key that asks"
    )


SCANNING: Final = (
    Subcommand(
        ("scan",),
        "find keys in files and in git's history, say whose they are, make them inactive",
        "scan:run_scan",
        "scan_documents:Scan",
        _scan,
    ),
)
