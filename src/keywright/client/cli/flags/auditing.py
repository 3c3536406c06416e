"""The flags of audit."""

from __future__ import annotations

import argparse
from typing import Final

from keywright.client.cli.flags.subcommand import Subcommand, add_endpoint

FORMATS: Final = ("table", "json", "csv", "sarif", "html")


def _audit(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--profile", metavar="NAME", help="the profile, where it is not that of AWS_PROFILE")
    add_endpoint(parser)
    parser.add_argument(
        "--user", metavar="USER", action="append", default=[], help="look at this user only; repeatable (all)"
    )
    which = "; repeatable"
    parser.add_argument("--only", metavar="CHECK", action="append", default=[], help=f"run this check only{which}")
    parser.add_argument("--skip", metavar="CHECK", action="append", default=[], help=f"do not run this check{which}")
    parser.add_argument("--max-age", metavar="90d", default="90d", help="a key that is older is too old (90d)")
    parser.add_argument("--unused", metavar="45d", default="45d", help="unused for so long is too long (45d)")
    parser.add_argument(
        "--never-used", metavar="1d", default="1d", help="so old and never used: nobody needs the key (1d)"
    )
    parser.add_argument("--format", choices=FORMATS, metavar="|".join(FORMATS), help="what to write (table)")
    parser.add_argument("--output", metavar="FILE", help="write it into a file, mode 0600")
    change = parser.add_mutually_exclusive_group()
    change.add_argument(
        "--fix",
        action="store_true",
        help="make expired, unused and never used keys inactive, and remove tags of keys that are no more: "
        "shows the plan, and asks",
    )
    change.add_argument(
        "--undo", action="store_true", help="take back the last fix that was not; with --json prints Steps alone"
    )
    parser.add_argument("--dry-run", action="store_true", help="with --fix or --undo: only say what would be done")
    parser.add_argument("--yes", action="store_true", help="with --fix or --undo: do not ask")


AUDITING: Final = (
    Subcommand(
        ("audit",),
        "say what is wrong with the keys of an account: old, unused, nobody's, too mighty, lying about",
        "audit:run_audit",
        "audit_documents:Audited",
        _audit,
    ),
)
