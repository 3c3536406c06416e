"""What a subcommand is, to those that list them: its words, its flags, its function, what --json prints."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import NamedTuple


class Subcommand(NamedTuple):
    """One subcommand, or one action of a subcommand that has several."""

    words: tuple[str, ...]
    help: str
    run: str
    """`module:function` of client/cli; it takes the flags and gives the exit code."""
    document: str | None
    """`module:class` of client/cli: what --json prints; None where what is printed is a form of its own."""
    add_flags: Callable[[argparse.ArgumentParser], None]


def no_flags(_parser: argparse.ArgumentParser) -> None:
    """Have no flags but those of every subcommand."""


def add_endpoint(parser: argparse.ArgumentParser) -> None:
    """Take what names another service than AWS's own."""
    parser.add_argument("--region", metavar="REGION", help="the region")
    parser.add_argument("--endpoint-url", metavar="URL", help="the endpoint, where it is not AWS's")
