"""`keywright receive FILE.age`: from a hand-over to a profile that works, and no file left behind."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from keywright.client.cli.import_csv import import_keys
from keywright.client.cli.passphrases import ask_passphrase
from keywright.client.cli.terminal import Exit, stop
from keywright.client.csv_keys import CsvError, parse_csv
from keywright.client.handover_opening import (
    OpeningError,
    identities_here,
    open_with_identities,
    open_with_passphrase,
    read_sealed,
    wants_passphrase,
)


def run_receive(flags: Mapping[str, Any]) -> Exit:
    """Open the file, and do with the key as `import` does."""
    path = Path(flags["file"])
    try:
        keys = parse_csv(_open(path, [Path(one).expanduser() for one in flags["identity"]]))
    except FileNotFoundError as error:
        stop(f"there is no file {error.filename}")
    except (OpeningError, CsvError) as error:
        stop(f"{path}: {error}")
    return import_keys(keys, path, {**flags, "user": None, "all": False})


def _open(path: Path, identities: list[Path]) -> bytes:
    content = read_sealed(path)
    if wants_passphrase(content):
        return open_with_passphrase(content, ask_passphrase(str(path)))
    return open_with_identities(content, identities or identities_here(Path.home()), ask_passphrase)
