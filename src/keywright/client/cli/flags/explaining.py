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
        "it standard input is read (`aws … 2>&1 | keywright why`). Exit 0: allowed now, 1: denied, 3: not found "
        "out, or not all that decides was read",
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


def _quarantine(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--user", metavar="USER", help="this user (everybody who is in quarantine)")
    parser.add_argument("--profile", metavar="NAME", help="the profile that asks: an administrator's")
    add_endpoint(parser)
    parser.add_argument("--all-regions", action="store_true", help="every region's history (the region's, us-east-1's)")
    parser.add_argument(
        "--key",
        metavar="KEYID",
        action="append",
        default=[],
        help="the exposed key; repeatable (those made before the quarantine)",
    )
    parser.add_argument("--since", metavar="30d", help="since when it was exposed (7 days before the quarantine)")
    parser.add_argument("--looked", action="store_true", help="you have looked at what was made: what is left is yours")
    parser.add_argument(
        "--do",
        metavar="STEP",
        choices=("deactivate", "sessions", "delete", "detach"),
        help="do a step: deactivate, sessions, delete or detach",
    )
    parser.add_argument("--confirm", metavar="USER", help="the user's name again, for --do detach")


def _watch(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("who", metavar="USER|KEY", help="a user's name, or an access key's id")
    parser.add_argument("--profile", metavar="NAME", help="the profile that asks")
    add_endpoint(parser)
    parser.add_argument("--all-regions", action="store_true", help="every region's history (the region's, us-east-1's)")
    parser.add_argument("--since", metavar="7d", default="7d", help="how far back: 30m, 12h, up to 90d (7d)")
    parser.add_argument("--each", action="store_true", help="a line for each call, not a sum")
    parser.add_argument("--max-events", metavar="N", type=_number, default=10_000, help="how many at most (10000)")
    parser.add_argument("--follow", action="store_true", help="go on: a line for each new call, until Ctrl-C")
    parser.add_argument("--every", metavar="S", type=_number, default=10, help="how often --follow looks, seconds (10)")


def _number(text: str) -> int:
    """
    Read a number from 1.

    Raises: ArgumentTypeError.
    """
    if not text.isdecimal() or not 0 < int(text) < 10**7:
        raise argparse.ArgumentTypeError(f"a number from 1 on is needed, not {text!r}")
    return int(text)


EXPLAINING: Final = (
    Subcommand(
        ("why",),
        "explain why something was denied: which statement, what is missing, what to type next",
        "why:run_why",
        "why:Explanation",
        _why,
    ),
    Subcommand(
        ("quarantine",),
        "say who is in AWS's quarantine for compromised keys, and walk through the recovery",
        "quarantine:run_quarantine",
        "quarantine:QuarantineDocument",
        _quarantine,
    ),
    Subcommand(
        ("watch",),
        "show what a user or a key did, from where, with which tool; mark what is new, and refusals",
        "watch:run_watch",
        "watch:Watched",
        _watch,
    ),
)
