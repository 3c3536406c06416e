"""
Which `aws` commands read AWS_ENDPOINT_URL and a profile's endpoint_url.

AWS: from version 1.29.0 and 2.13.0 on. An older one (Debian 12 has 2.9.19) ignores both, and sends what it signs to AWS
itself.
"""

from __future__ import annotations

import shlex
from typing import Final

LEAST: Final = {1: (1, 29, 0), 2: (2, 13, 0)}
Version = tuple[int, int, int]


def written(version: Version) -> str:
    """Write a version."""
    return ".".join(map(str, version))


VERSIONS: Final = f"{written(LEAST[1])} and {written(LEAST[2])}"
"""As in `the aws CLI reads it from … on`."""


def alias(endpoint_url: str, command: str = "aws") -> str:
    """Write the line with which a shell gives the endpoint to an older `aws` with each call."""
    # Quoted twice: once for the alias, once for the command that it stands for.
    return f"alias aws={shlex.quote(f'{shlex.quote(command)} --endpoint-url {shlex.quote(endpoint_url)}')}"
