"""Do it: the fourth door."""

from __future__ import annotations

from typing import Any

from keywright.server.stages import Authorised


def perform(authorised: Authorised) -> dict[str, Any]:
    """
    Run the operation; its answer is by the model's member names.

    Raises: AwsError.
    """
    return authorised.operation.perform(authorised.call, **authorised.inputs) or {}
