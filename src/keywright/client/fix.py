"""Mend what `lint` finds and can be mended without a guess."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from keywright.client.aws_files import rewrite
from keywright.client.errors import AwsFileError
from keywright.client.file_names import Files, Kind, files
from keywright.client.lint import decode, lint, lint_contents
from keywright.client.lint_rules import STRUCTURE, Finding
from keywright.client.replacing import Original, read_original

_ENOUGH: Final = 10_000
"""More findings than files hold; each pass mends one."""


@dataclass(frozen=True, slots=True)
class Mended:
    """What a repair did, or would do."""

    mended: tuple[Finding, ...]
    left: tuple[Finding, ...]
    backups: tuple[Path, ...]


def fix(environment: Mapping[str, str], *, dry_run: bool = False) -> Mended:
    """
    Mend both files and their modes; with `dry_run` only say what would be done.

    Raises: AwsFileError.
    """
    named = files(environment)
    mended: list[Finding] = []
    left: list[Finding] = []

    def change(originals: Mapping[Kind, Original]) -> dict[Kind, list[str]]:
        lines, done, rest = _mend(named, {kind: original.content for kind, original in originals.items()})
        mended.extend(done)
        left.extend(rest)
        return lines

    try:
        modes = [one for one in lint(environment) if one.rule in {"file-mode", "folder-mode"}]
        if dry_run:
            change({kind: read_original(named.of(kind)) for kind in Kind})
            return Mended((*mended, *modes), tuple(left), ())
        written = rewrite(environment, change)
        for mode in modes:
            mode.path.chmod(0o700 if mode.rule == "folder-mode" else 0o600)
    except OSError as error:
        raise AwsFileError(f"the AWS files cannot be mended: {error}") from error
    return Mended((*mended, *modes), tuple(left), written.backups)


def _mend(named: Files, contents: Mapping[Kind, bytes]) -> tuple[dict[Kind, list[str]], list[Finding], list[Finding]]:
    decoded = {kind: decode(content) for kind, content in contents.items()}
    lines = {kind: [*one.lines] for kind, one in decoded.items() if one.readable}
    found = lint_contents(named, contents)
    mended = [one for one in found if one.rule in {"bom", "encoding"} and one.index is not None]
    for _ in range(_ENOUGH):
        now = {kind: "".join(lines[kind]).encode() if kind in lines else contents[kind] for kind in Kind}
        found = lint_contents(named, now)
        finding = min((one for one in found if one.fix), key=lambda one: one.rule not in STRUCTURE, default=None)
        if finding is None:
            break
        kind = next(kind for kind in lines if named.of(kind) == finding.path)
        for replacement in finding.fix:
            lines[kind][replacement.start : replacement.end] = replacement.lines
        mended.append(finding)
    return lines, mended, found
