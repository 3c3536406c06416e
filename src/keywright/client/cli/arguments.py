"""What a subcommand takes, as its pages say it."""

from __future__ import annotations

import argparse
from typing import NamedTuple

from keywright.client.cli.flags.subcommand import Subcommand


class Argument(NamedTuple):
    """One argument."""

    flags: tuple[str, ...]
    """Empty: it is known by its place."""
    value: str
    """Empty: it takes none."""
    meaning: str


class Usage(NamedTuple):
    """How a subcommand is called."""

    line: str
    arguments: tuple[Argument, ...]


def usage_of(one: Subcommand) -> Usage:
    """Say how a subcommand is called."""
    parser = argparse.ArgumentParser(prog=" ".join(("keywright", *one.words)), add_help=False)
    one.add_flags(parser)
    line = " ".join(parser.format_usage().removeprefix("usage: ").split())
    return Usage(
        line + ("" if one.document is None else " [--json]"),
        tuple(
            Argument(tuple(action.option_strings), "" if action.nargs == 0 else _metavar(action), action.help)
            for action in parser._actions  # noqa: SLF001 - argparse has no public list
            if action.help
        ),
    )


def _metavar(action: argparse.Action) -> str:
    if isinstance(action.metavar, tuple):
        first, *rest = action.metavar
        return " ".join([first, *(f"[{one}]" for one in rest)])
    return action.metavar or action.dest.upper()
