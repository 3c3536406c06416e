"""
How a command says that it failed: a sentence on standard error, and with `--json` an object on standard output.

The one place that turns an exception into words and into an exit code.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Annotated, Final

from keywright.client.cli.terminal import Stop
from keywright.client.errors import CommandError, Exit
from keywright.client.known_options import without_secrets

_COMMAND: Final = re.compile(r"`((?:keywright|aws) [^`]+)`")
_KINDS: Final = {
    Exit.NEGATIVE: "Refused",
    Exit.USAGE: "Usage",
    Exit.UNREACHABLE: "Unreachable",
    Exit.INTERNAL: "Internal",
}


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a command failed."""

    code: Annotated[
        str,
        "AWS's code where the service refused (`AccessDenied`), else `Usage`, `Unreachable`, `NotAwsAnswer` (what "
        "answered is not AWS, or does not answer like it), `File`, `Keystore`, `Refused`, `Undecided` (`why`) or "
        "`Internal`",
    ]
    message: Annotated[str, "the sentence of standard error: what is wrong, and what to do"]
    next: Annotated[tuple[str, ...], "the commands that the sentence names"]
    exit_code: Annotated[int, "the exit code"]

    def as_json(self) -> str:
        """Write it as one JSON object, in one line."""
        return json.dumps({"error": asdict(self)}, ensure_ascii=False)


def failure(message: str, exit_code: Exit, code: str | None = None) -> Failure:
    """Describe a failure in words that are there."""
    clean = without_secrets(message)
    return Failure(code or _KINDS.get(exit_code, "Refused"), clean, tuple(_COMMAND.findall(clean)), int(exit_code))


def failure_of(error: Exception, exit_code: Exit | None = None) -> Failure:
    """Describe a failure by its exception; the exit code may be another than it has by itself."""
    exit_code = exit_code or _exit_code(error)
    if exit_code is Exit.INTERNAL:
        # Its words are anybody's, and may hold what must not be shown.
        name = type(error).__name__
        return failure(
            f"internal error ({name}): please report it, with KEYWRIGHT_DEBUG=1 for its traceback", exit_code
        )
    return failure(_words(error), exit_code, None if exit_code is Exit.USAGE else _code(error))


def _exit_code(error: Exception) -> Exit:
    if isinstance(error, Stop):
        return error.code
    if isinstance(error, CommandError):
        return error.exit_code
    if _is_from_botocore(error):
        from keywright.client.session import is_refusal

        return Exit.NEGATIVE if is_refusal(error) else Exit.UNREACHABLE
    return Exit.NEGATIVE if isinstance(error, OSError) else Exit.INTERNAL


def _words(error: Exception) -> str:
    if _is_from_botocore(error):
        # Before OSError, which some of botocore's are too.
        from keywright.client.session import reason

        return reason(error)
    if isinstance(error, OSError) and error.strerror and error.filename:
        return f"{error.filename}: {error.strerror}"
    return str(error)


def _code(error: Exception) -> str | None:
    """Name the cause: the first exception of the chain that tells more than that the command stopped."""
    for one in _chain(error):
        if isinstance(one, CommandError) and not isinstance(one, Stop) and one.kind not in _KINDS.values():
            return one.kind
        if _is_from_botocore(one):
            from botocore.exceptions import ClientError

            from keywright.client.answers import NotAwsAnswerError
            from keywright.client.session import is_refusal

            if isinstance(one, NotAwsAnswerError) or (isinstance(one, ClientError) and not is_refusal(one)):
                return "NotAwsAnswer"
            return str(one.response["Error"]["Code"]) if isinstance(one, ClientError) else "Unreachable"
        if isinstance(one, OSError):
            return "File"
    return None


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        yield error
        seen.add(id(error))
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _is_from_botocore(error: BaseException) -> bool:
    """Tell whether botocore raised it, without loading botocore to ask."""
    exceptions = sys.modules.get("botocore.exceptions")
    return exceptions is not None and isinstance(error, exceptions.BotoCoreError | exceptions.ClientError)
