"""Run git, and read what it writes as it writes it."""

from __future__ import annotations

import contextlib
import os
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import IO, BinaryIO, Final

from keywright.client.errors import LocalFileError

# Nobody's configuration and no replaced object changes what we read; nothing missing is fetched.
_VARIABLES: Final = {
    "LC_ALL": "C",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_TERMINAL_PROMPT": "0",
}


class GitError(LocalFileError):
    """Git cannot do it; the message says why."""


class NotARepository(GitError):
    """There is no repository at this place."""


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository, asked from a folder of it."""

    folder: str
    top: str | None
    """The root of its work tree; None: it has none."""
    is_shallow: bool

    def output(self, *arguments: str) -> bytes:
        """
        Give what git says.

        Raises: GitError.
        """
        return _output(self.folder, *arguments)

    @contextlib.contextmanager
    def reading(self, *arguments: str, stdin: IO[bytes] | None = None) -> Iterator[BinaryIO]:
        """
        Read what git says while it says it; to leave early ends it.

        Raises: GitError, at the end.
        """
        with tempfile.TemporaryFile() as errors:
            process = subprocess.Popen(  # noqa: S603 - arguments of our own
                _command(self.folder, arguments),
                stdin=stdin or subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
                env=_environment(),
                bufsize=1 << 20,
            )
            assert process.stdout is not None
            with process:
                try:
                    # typeshed cannot know that a buffered pipe is what it is
                    yield process.stdout  # type: ignore[misc]
                except BaseException:
                    process.kill()
                    raise
            if process.returncode:
                errors.seek(0)
                raise GitError(_reason(errors.read()))


def find_repository(folder: str) -> Repository:
    """
    Find the repository that a folder is in.

    Raises: GitError; NotARepository.
    """
    said = _output(folder, "rev-parse", "--is-inside-work-tree", "--is-shallow-repository").split()
    top = None
    if said[0] == b"true":
        top = os.fsdecode(_output(folder, "rev-parse", "--show-toplevel").removesuffix(b"\n"))
    return Repository(folder, top, said[1] == b"true")


def _output(folder: str, *arguments: str) -> bytes:
    try:
        done = subprocess.run(  # noqa: S603 - arguments of our own
            _command(folder, arguments),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            env=_environment(),
            check=False,
        )
    except FileNotFoundError as error:
        raise NotARepository("git is not installed") from error
    if done.returncode:
        kind = NotARepository if b"not a git repository" in done.stderr else GitError
        raise kind(_reason(done.stderr))
    return done.stdout


def _command(folder: str, arguments: Sequence[str]) -> list[str]:
    return ["git", "-C", folder, *arguments]


def _environment() -> dict[str, str]:
    return {**os.environ, **_VARIABLES}


def _reason(stderr: bytes) -> str:
    said = stderr.decode("utf-8", "replace").strip().splitlines()
    # Of several lines the first names the trouble; what follows are hints.
    return said[0] if said else "git failed, and says nothing of why"
