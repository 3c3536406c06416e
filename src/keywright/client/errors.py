"""
The errors that end a command: what is wrong, then what to do; never a secret.

Separate, so that catching them does not import the code that raises them. A class says which exit code it ends with and
what `--json` calls it.
"""

from __future__ import annotations

from enum import IntEnum
from typing import ClassVar


class Exit(IntEnum):
    """A command's exit code."""

    FINE = 0
    NEGATIVE = 1
    """Findings, a negative verdict, or a refusal."""
    USAGE = 2
    UNREACHABLE = 3
    """The service could not be reached, or did not let us in."""
    INTERNAL = 70
    """A fault of our own (EX_SOFTWARE of sysexits.h)."""


class CommandError(Exception):
    """A command cannot go on."""

    exit_code: ClassVar[Exit] = Exit.NEGATIVE
    kind: ClassVar[str] = "Refused"


class UsageError(CommandError):
    """Flags, durations, descriptions or recipients that cannot be meant."""

    exit_code = Exit.USAGE
    kind = "Usage"


class UnreachableError(CommandError):
    """No credentials, no connection, or not signed in."""

    exit_code = Exit.UNREACHABLE
    kind = "Unreachable"


class LocalFileError(CommandError):
    """A file of this machine cannot be read or written, or is not what it should be."""

    kind = "File"


class AwsFileError(LocalFileError):
    """The AWS files cannot be changed."""


class KeystoreError(CommandError):
    """A store of keys cannot do it."""

    kind = "Keystore"


class StepError(CommandError):
    """A step of several cannot be taken."""
