"""
Every service that botocore knows: by which name it is signed for, what it speaks, which actions permit its operations.

Read from two small lists when first asked for; no service's model is. `known_services.tsv` is written by
`tools/index_botocore_services.py`; `operation_actions.tsv` has the operations that other actions permit than those of
their own name (service reference; actions that hang on a parameter are left out).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import NamedTuple


class KnownService(NamedTuple):
    """A service, as far as it is known without its model."""

    name: str
    """botocore's: `secretsmanager`, `elbv2`."""
    signing_name: str
    protocols: tuple[str, ...]
    """In the model's order, which is that in which an SDK chooses."""
    action_prefix: str


@cache
def services_signed_as() -> Mapping[str, tuple[KnownService, ...]]:
    """Map signing names to the services that have them: `elasticloadbalancing` is two."""
    found: dict[str, list[KnownService]] = {}
    for service in _services().values():
        found.setdefault(service.signing_name, []).append(service)
    return {name: tuple(services) for name, services in found.items()}


def actions_of(service: str, operation: str, http_method: str) -> tuple[str, ...]:
    """Give the IAM actions that an operation needs whatever its parameters; empty where its parameters say."""
    known = _services().get(service)
    prefix = service if known is None else known.action_prefix
    # AWS: API Gateway's actions are methods on paths (service reference, "Amazon API Gateway Management").
    if prefix == "apigateway":
        return (f"apigateway:{http_method}",)
    return _other_actions().get((service, operation), (f"{prefix}:{operation}",))


@cache
def _services() -> Mapping[str, KnownService]:
    rows = (line.split("\t") for line in _lines("known_services.tsv"))
    return {
        name: KnownService(name, signing, tuple(protocols.split(",")), prefix)
        for name, signing, protocols, prefix in rows
    }


@cache
def _other_actions() -> Mapping[tuple[str, str], tuple[str, ...]]:
    rows = (line.split("\t") for line in _lines("operation_actions.tsv"))
    return {(service, operation): tuple(actions.split()) for service, operation, actions in rows}


def _lines(name: str) -> list[str]:
    return (files(__package__) / name).read_text("ascii").splitlines()
