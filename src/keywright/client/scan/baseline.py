"""The findings that somebody has looked at already, in a file that goes with the code."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from keywright.client.errors import LocalFileError
from keywright.client.replacing import put_file
from keywright.client.scan.findings import Finding

_VERSION: Final = 1


class BaselineError(LocalFileError):
    """The file is no baseline; the message says why."""


def read_baseline(path: Path) -> frozenset[str]:
    """
    Give the fingerprints.

    Raises: BaselineError; OSError.
    """
    try:
        document = json.loads(path.read_bytes())
        if document["version"] != _VERSION:
            raise BaselineError(f"{path} is a baseline of version {document['version']}, not {_VERSION}")
        return frozenset(str(one["fingerprint"]) for one in document["findings"])
    except (ValueError, KeyError, TypeError) as error:
        raise BaselineError(f"{path} is no baseline: write one by --write-baseline") from error


def write_baseline(path: Path, findings: Iterable[Finding]) -> None:
    """
    Write the findings; of a key its id, which is no secret, so that who reviews the file knows what was let pass.

    Raises: OSError.
    """
    known = [
        {"fingerprint": one.fingerprint, "rule": one.rule, "accessKeyId": one.access_key_id, "path": one.path}
        for one in findings
    ]
    text = json.dumps({"version": _VERSION, "findings": known}, indent=2) + "\n"
    put_file(path.resolve(), text.encode(), mode=0o644)
