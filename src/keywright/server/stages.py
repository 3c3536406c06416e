"""
The types that keep the corridor's order: each door returns the next, and the next door accepts only that.

Named tuples rather than frozen dataclasses: as immutable, and a third of their cost on the hottest path.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from keywright.aws.wire import WireRequest
from keywright.identity.directory import Credential
from keywright.protocol.route import Route
from keywright.server.entries import Entry
from keywright.services.operation import Call, Operation


class Parsed(NamedTuple):
    """What is asked: the operation is known, its parameters are on the wire yet."""

    request: WireRequest
    route: Route
    entry: Entry


class Authenticated(NamedTuple):
    """Who asks: the signature is this caller's, and the body is the one that was signed."""

    request: WireRequest
    route: Route
    entry: Entry
    credential: Credential
    region: str


class Authorised(NamedTuple):
    """They may: what follows does it."""

    operation: Operation
    call: Call
    inputs: Mapping[str, Any]
