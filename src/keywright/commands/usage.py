"""A command line that cannot be meant: argparse's own words, and with --json an object as well."""

from __future__ import annotations

import argparse
import contextlib
import sys
from typing import NoReturn


class WrongUsageError(Exception):
    """A command line is wrong; the message says what is."""

    def __init__(self, message: str, parser: argparse.ArgumentParser) -> None:
        super().__init__(message)
        self._parser = parser

    def end(self, *, as_json: bool) -> NoReturn:
        """End the process with code 2."""
        if as_json:
            from keywright.client.cli.failures import failure
            from keywright.client.errors import Exit

            with contextlib.suppress(BrokenPipeError):
                print(failure(f"{self._parser.prog}: {self}", Exit.USAGE).as_json())
        self._parser.print_usage(sys.stderr)
        self._parser.exit(2, f"{self._parser.prog}: error: {self}\n")


class CommandParser(argparse.ArgumentParser):
    """A parser that raises what is wrong; its subcommands' parsers are of this class too."""

    def error(self, message: str) -> NoReturn:
        """
        Refuse a command line.

        Raises: WrongUsageError.
        """
        raise WrongUsageError(message, self)
