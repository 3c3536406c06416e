"""What a documented example needs before it can be called, and what AWS only made up in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

import botocore.loaders

from tests.contract.in_process import Account, Key

SERVICES = ("iam", "sts")
EXAMPLES: dict[str, dict[str, list[dict[str, Any]]]] = {
    service: botocore.loaders.Loader().load_service_model(service, "examples-1")["examples"] for service in SERVICES
}


class Ready(NamedTuple):
    """An account is as the example supposes it to be."""

    filled: Mapping[str, Any] | None = MappingProxyType({})
    """What stands in place of what AWS made up; a parameter that is None is left out. None ends with the refusal."""
    key: Key | None = None
    """Who asks, where it is not the administrator."""
    signed: bool = True
    """Whether the operation takes a signature."""
    refused: tuple[str, int] | None = None
    """How the input as AWS made it up is refused, where nothing is filled in."""


Need = Callable[[Account], Ready | None]
"""Makes an account ready; None where the example is called as it stands, by the administrator."""


def documented(service: str, operation: str, number: int = 0) -> dict[str, Any]:
    """Give what an example asks."""
    given: dict[str, Any] = EXAMPLES[service][operation][number].get("input") or {}
    return given


def answered(service: str, operation: str) -> dict[str, Any]:
    """Give what an example is answered."""
    output: dict[str, Any] = EXAMPLES[service][operation][0]["output"]
    return output


def nothing(_account: Account) -> None:
    """Make nothing: the example makes it."""
