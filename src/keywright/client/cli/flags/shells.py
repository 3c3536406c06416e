"""The flags of completion."""

from __future__ import annotations

import argparse
from typing import Final

from keywright.client.cli.flags.subcommand import Subcommand


def _completion(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "shell",
        metavar="SHELL",
        choices=("bash", "zsh", "fish"),
        help='bash or zsh, whose start-up file says eval "$(keywright completion bash)"; or fish: '
        "keywright completion fish | source",
    )


SHELLS: Final = (
    Subcommand(
        ("completion",),
        "print what a shell needs to complete a command line",
        "completion:run_completion",
        None,
        _completion,
    ),
)
