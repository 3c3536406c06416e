"""An `aws` command that is too old for the endpoint that is configured."""

from __future__ import annotations

import re
import shutil
import subprocess
import threading
from collections.abc import Iterator, Sequence
from typing import Final

from keywright.aws.endpoint_support import LEAST, Version, alias, written
from keywright.client.doctor.diagnosis import Diagnosis, Gravity
from keywright.client.doctor.views import View

_VERSION: Final = re.compile(r"aws-cli/(\d+)\.(\d+)\.(\d+)")
_SECONDS: Final = 9


class OldAws:
    """The look at the `aws` that PATH finds, while the service is asked: either may hang."""

    def __init__(self, seen: Sequence[View]) -> None:
        self._found: Diagnosis | None = None
        self._seen: Final = seen
        self._thread: Final = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def found(self) -> Iterator[Diagnosis]:
        """Wait for its end, and say what is wrong."""
        self._thread.join()
        if self._found is not None:
            yield self._found

    def _look(self) -> None:
        self._found = _old_aws(self._seen)


def _old_aws(seen: Sequence[View]) -> Diagnosis | None:
    """Say what is wrong with the `aws` that PATH finds; it is run only where an endpoint is configured for it."""
    endpoint_url = next((one.endpoint_url for one in seen if one.endpoint_url), None)
    path = shutil.which("aws") if endpoint_url else None
    version = None if path is None else _version(path)
    if endpoint_url is None or path is None or version is None or version >= LEAST.get(version[0], (0, 0, 0)):
        return None
    what = (
        f"{path} is version {written(version)}, which ignores AWS_ENDPOINT_URL and endpoint_url and calls AWS itself: "
        f"install {written(LEAST[2])} (or {written(LEAST[1])}) or later, or give it the endpoint with each call, "
        "as this alias does"
    )
    return Diagnosis(Gravity.ERROR, what, alias(endpoint_url, path))


def _version(path: str) -> Version | None:
    """Ask a command for its version; None where it does not say in time."""
    try:
        # Version 1 of Python 2's days wrote it to standard error.
        done = subprocess.run(  # noqa: S603 - what the person's own PATH finds
            [path, "--version"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    found = _VERSION.search(done.stdout.decode(errors="replace"))
    return (int(found[1]), int(found[2]), int(found[3])) if found else None
