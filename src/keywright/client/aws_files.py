"""
Write a profile into the AWS files, `~/.aws/config` and `~/.aws/credentials`, as every AWS tool reads them.

Each file is replaced whole or not at all, readable by its owner alone; what else stands in it stays as it is.
"""

from __future__ import annotations

import contextlib
import os
import re
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from keywright.aws.secret import Secret

_SECTION: Final = re.compile(r"^\s*\[\s*([^\]]*?)\s*\]")
_OPTION: Final = re.compile(r"^([^\s#;=:\[][^=:]*?)\s*[=:]")
_UNQUOTED: Final = re.compile(r"[\w+,.@-]+")


class AwsFileError(Exception):
    """A profile cannot be written; the message says why and what to do."""


def files(environment: Mapping[str, str]) -> tuple[Path, Path]:
    """Name the config and the credentials file, as botocore finds them."""
    folder = Path("~/.aws")
    return (
        Path(environment.get("AWS_CONFIG_FILE") or folder / "config").expanduser(),
        Path(environment.get("AWS_SHARED_CREDENTIALS_FILE") or folder / "credentials").expanduser(),
    )


def write_profile(
    name: str,
    access_key_id: str,
    secret_access_key: Secret,
    options: Mapping[str, str],
    environment: Mapping[str, str],
) -> tuple[Path, Path]:
    """
    Write a key to the credentials file and options (region, endpoint_url, …) to the config file.

    Gives the two files. Raises: AwsFileError.
    """
    if not _UNQUOTED.fullmatch(name):
        raise AwsFileError(f"a profile's name is made of letters, digits and any of +,.@-_, not {name!r}")
    config, credentials = files(environment)
    section = "default" if name == "default" else f"profile {name}"
    key = {"aws_access_key_id": access_key_id, "aws_secret_access_key": secret_access_key.reveal()}
    try:
        with _replacing(credentials) as lines:
            _refuse_other_key(lines, name, access_key_id, credentials)
            set_options(lines, name, key)
        with _replacing(config) as lines:
            set_options(lines, section, options)
    except (OSError, UnicodeDecodeError) as error:
        raise AwsFileError(f"the profile {name} cannot be written: {error}") from error
    return config, credentials


def set_options(lines: list[str], section: str, options: Mapping[str, str]) -> None:
    """Set options of a section, changing the lines that have them and adding those that are missing."""
    start, end = _find_section(lines, section)
    newline = "\r\n" if any(line.endswith("\r\n") for line in lines) else "\n"
    if start is None:
        if lines and not lines[-1].endswith("\n"):
            lines[-1] += newline
        if lines and lines[-1].strip():
            lines.append(newline)
        lines.append(f"[{section}]{newline}")
        start, end = len(lines) - 1, len(lines)
    missing = dict(options)
    for index in range(start + 1, end):
        option = _OPTION.match(lines[index])
        name = option[1].strip().lower() if option else None
        if name in missing:
            lines[index] = f"{name} = {missing.pop(name)}{newline}"
    while end > start + 1 and not lines[end - 1].strip():
        end -= 1
    if not lines[end - 1].endswith("\n"):
        lines[end - 1] += newline
    lines[end:end] = [f"{name} = {value}{newline}" for name, value in missing.items()]


def _find_section(lines: list[str], section: str) -> tuple[int | None, int]:
    """Give the lines where a section begins and where the next one does; None where there is none."""
    start: int | None = None
    for index, line in enumerate(lines):
        header = _SECTION.match(line)
        if header is None:
            continue
        if start is not None:
            return start, index
        if " ".join(header[1].replace('"', " ").split()) == section:
            start = index
    return start, len(lines)


def _refuse_other_key(lines: list[str], section: str, access_key_id: str, file: Path) -> None:
    """Keep a secret that may be nowhere else."""
    start, end = _find_section(lines, section)
    if start is None:
        return
    for line in lines[start + 1 : end]:
        option = _OPTION.match(line)
        if option and option[1].strip().lower() == "aws_access_key_id" and access_key_id not in line:
            raise AwsFileError(f"{file} has a profile {section} with another key: choose another name")


@contextlib.contextmanager
def _replacing(path: Path) -> Iterator[list[str]]:
    """Give a file's lines to be changed, then put the result in its place in one step, durably, mode 0600."""
    target = path.resolve()
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    lines = target.read_bytes().decode("utf-8").splitlines(keepends=True) if target.exists() else []
    yield lines
    descriptor, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    new = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write("".join(lines).encode("utf-8"))
            file.flush()
            os.fsync(file.fileno())
        new.replace(target)
    except BaseException:
        new.unlink(missing_ok=True)
        raise
