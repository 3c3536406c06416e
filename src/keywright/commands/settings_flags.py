"""The flags of the server's settings."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from keywright.server.settings import SETTINGS


def add_settings(parser: argparse.ArgumentParser, *, serve: bool = False, only: Sequence[str] | None = None) -> None:
    """Add the flags of a command: all but those of `serve` alone, all, or those that are named."""
    for setting in SETTINGS:
        if (setting.only_serve and not serve) or (only is not None and setting.name not in only):
            continue
        text = f"{setting.help} [{setting.default}]" if setting.default else setting.help
        if setting.metavar:
            parser.add_argument(setting.flag, dest=setting.name, metavar=setting.metavar, help=text)
        else:
            parser.add_argument(setting.flag, dest=setting.name, action="store_const", const="1", help=text)
