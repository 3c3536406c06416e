"""How much a client may send, how many may send at once, and how long each may take."""

from __future__ import annotations

import resource
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

MAX_HEAD_BYTES: Final = 65_536
MAX_HEADERS: Final = 200
MAX_BODY_BYTES: Final = 1_048_576
"""Of any call but those below: the longest parameter of IAM and STS besides them has 131,072 characters."""
MAX_METADATA_BYTES: Final = 10_000_000
"""AWS: STS refuses a longer body with 413 (facts §11); SAML metadata may have 10,000,000 characters (model)."""
FREE_BODY_BYTES: Final = 16_384
"""Of a body, which need no room in the sum of all bodies: whoever fills that stops no ordinary call."""
MAX_FRAMING_BYTES: Final = 65_536
"""Of what a chunked body holds between two pieces of content: chunk sizes, extensions, trailers."""

_METADATA_ACTIONS: Final = (b"Action=CreateSAMLProvider&", b"Action=UpdateSAMLProvider&")
_ACTION_WITHIN: Final = 4096
_FILES_BESIDE: Final = 256
"""Descriptors kept for the database, the log, fetches and files."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The edge's limits; a test makes its own."""

    connections: int = 8192
    """In all; never more than the process may open."""
    connections_per_address: int = 4096
    """From one address, unless it is a trusted proxy's."""
    requests: int = 256
    """Answered at once: beyond it a client waits longer for its turn than for a second attempt."""
    body_bytes: int = 64 * 1_048_576
    """Of all the bodies that are being received or answered, beyond each one's first 16 KiB."""
    head_seconds: float = 30
    """For a header section, from its first byte (from the connection's beginning, for the first)."""
    idle_seconds: float = 75
    """Between two requests."""
    body_seconds: float = 60
    """For a body."""
    body_grace_seconds: float = 10
    least_bytes_per_second: float = 1024
    """What a body must bring on average, once the grace is over."""
    answer_seconds: float = 28
    """For the work on an answer."""
    send_seconds: float = 60
    """For a client to take an answer."""
    linger_seconds: float = 2
    linger_bytes: int = 4 * 1_048_576
    """How much longer a refused client's bytes are read, so that it sees the answer rather than a reset."""


def takes_metadata(body_so_far: Sequence[bytes], length: int | None) -> bool:
    """Return whether a body may be SAML metadata; a form names its action in its first bytes, and these may be few."""
    beginning = b"".join(body_so_far) if len(body_so_far[0]) < _ACTION_WITHIN else body_so_far[0]
    if len(beginning) < _ACTION_WITHIN and length != len(beginning):
        return True
    beginning = beginning[:_ACTION_WITHIN]
    return any(beginning.startswith(action) or b"&" + action in beginning for action in _METADATA_ACTIONS)


def connections_within(limits: Limits) -> int:
    """Raise the process's limit of open files as far as it goes, and return how many connections fit."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = limits.connections + _FILES_BESIDE
    if soft != resource.RLIM_INFINITY and soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    room = limits.connections if soft == resource.RLIM_INFINITY else soft - _FILES_BESIDE
    return max(1, min(limits.connections, room))
