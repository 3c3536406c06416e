"""Paths that only AWS's own roles have."""

from __future__ import annotations

from typing import Final

from keywright.services.iam.errors import InvalidInput
from keywright.services.iam.managed import SERVICE_LINKED_PATH

# AWS: the first is recorded (tilfin/aws-iam-policy-tool#9). No words were found for the second, where IAM Identity
# Center keeps its roles.
# DIVERGES: Reserved paths
_OWNERS: Final = {SERVICE_LINKED_PATH: "AWS Service linked Roles", "/aws-reserved/": "AWS reserved Roles"}


def refuse_reserved_path(path: str) -> None:
    """
    Refuse to put a user or role where only AWS's own roles are.

    Raises: InvalidInput.
    """
    for prefix, owners in _OWNERS.items():
        if path.startswith(prefix):
            raise InvalidInput(f"Path prefix '{prefix}' can only be used for {owners}")
