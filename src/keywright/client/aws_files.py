"""
Write a profile into the AWS files, `~/.aws/config` and `~/.aws/credentials`, as every AWS tool reads them.

Each file is replaced whole or not at all, readable by its owner alone; what else stands in it stays as it is. Sections
and options are found as botocore finds them (Python's configparser): a header begins its line, an indented line after
an option continues it.
"""

from __future__ import annotations

import contextlib
import os
import re
import shlex
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, NamedTuple

from keywright.aws.secret import Secret

_HEADER: Final = re.compile(r"\[(.+)\]")
_OPTION: Final = re.compile(r"\s*([^=:]+?)\s*[=:]")
_NAME: Final = re.compile(r"[\w+,.@-]+")


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
    if not _NAME.fullmatch(name):
        raise AwsFileError(f"a profile's name is made of letters, digits and any of +,.@-_, not {name!r}")
    config, credentials = files(environment)
    section = "default" if name == "default" else f"profile {name}"
    key = {"aws_access_key_id": access_key_id, "aws_secret_access_key": secret_access_key.reveal()}
    try:
        # The options go first: a key without its endpoint_url would be sent to AWS.
        with _replacing(credentials) as key_lines:
            _refuse_other_key(key_lines, name, access_key_id, credentials)
            set_options(key_lines, name, key)
            with _replacing(config) as option_lines:
                set_options(option_lines, section, options)
    except (OSError, UnicodeDecodeError) as error:
        raise AwsFileError(f"the profile {name} cannot be written: {error}") from error
    return config, credentials


def set_options(lines: list[str], section: str, options: Mapping[str, str]) -> None:
    """Set options of a section, changing the lines that have them and adding those that are missing."""
    newline = "\r\n" if any(line.endswith("\r\n") for line in lines) else "\n"
    found = _find_section(lines, section)
    if found is None:
        _end_line(lines, len(lines) - 1, newline)
        if lines and lines[-1].strip():
            lines.append(newline)
        lines.append(f"[{section}]{newline}")
        found = _Section({}, len(lines))
    missing = dict(options)
    for name, index in found.options.items():
        if name in missing:
            indent = lines[index][: len(lines[index]) - len(lines[index].lstrip())]
            lines[index] = f"{indent}{name} = {missing.pop(name)}{newline}"
    _end_line(lines, found.end - 1, newline)
    lines[found.end : found.end] = [f"{name} = {value}{newline}" for name, value in missing.items()]


class _Section(NamedTuple):
    options: dict[str, int]
    """The line of each option, by its name in small letters."""
    end: int
    """The line after the section's last option: further ones go there."""


def _find_section(lines: list[str], section: str) -> _Section | None:
    found: _Section | None = None
    option_indent: int | None = None
    for index, line in enumerate(lines):
        text = line.strip()
        if not text or text[0] in "#;":
            continue
        indent = len(line) - len(line.lstrip())
        if option_indent is not None and indent > option_indent:
            if found is not None:
                found = found._replace(end=index + 1)
            continue
        header = _HEADER.match(line)
        if header is not None:
            if found is not None:
                return found
            option_indent = None
            if _section_name(header[1]) == section:
                found = _Section({}, index + 1)
            continue
        option = _OPTION.match(line)
        option_indent = indent
        if found is not None and option is not None:
            found.options[option[1].lower()] = index
            found = found._replace(end=index + 1)
    return found


def _section_name(header: str) -> str:
    """Read a header as botocore does: `profile "a b"` is the profile `a b`; in other headers every character counts."""
    if header.startswith("profile"):
        try:
            parts = shlex.split(header)
        except ValueError:
            return header
        if len(parts) == 2:
            return " ".join(parts)
    return header


def _end_line(lines: list[str], index: int, newline: str) -> None:
    """End a line that is the file's last without a line end."""
    if lines and not lines[index].endswith("\n"):
        lines[index] += newline


def _refuse_other_key(lines: list[str], section: str, access_key_id: str, file: Path) -> None:
    """Keep a secret that may be nowhere else."""
    found = _find_section(lines, section)
    index = None if found is None else found.options.get("aws_access_key_id")
    if index is not None and access_key_id not in lines[index]:
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
