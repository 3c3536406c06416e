"""The flags of why, quarantine and watch."""

from __future__ import annotations

import argparse
from typing import Final

from keywright.client.cli.flags.subcommand import Subcommand, add_endpoint


def _why(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "words",
        metavar="TEXT | ID | ACTION [RESOURCE]",
        nargs="*",
        help="what was printed, an authorization id, an encoded message, or an action and its resource's ARN; without "
        "it standard input is read (`aws … 2>&1 | keywright why`). Exit 0: allowed now, 1: denied, 3: not reached",
    )
    parser.add_argument("--as", metavar="USER|ARN", help="whose denial it is: a user's name, or a user's or role's ARN")
    parser.add_argument("--profile", metavar="NAME", help="the profile that asks")
    add_endpoint(parser)
    parser.add_argument(
        "--context",
        metavar="KEY=VALUE",
        action="append",
        default=[],
        help="simulate with it, such as aws:SourceIp=192.0.2.7; repeatable",
    )
    parser.add_argument("--offline", action="store_true", help="read the text only, ask no service")


EXPLAINING: Final = (
    Subcommand(
        ("why",),
        "explain why something was denied: which statement, what is missing, what to type next",
        "why:run_why",
        "why:Explanation",
        _why,
    ),
)
