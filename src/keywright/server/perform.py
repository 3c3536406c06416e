"""Do it: the fourth door."""

from __future__ import annotations

from typing import Any

from keywright.server.stages import Authorised


def prepare_for(authorised: Authorised) -> Any:
    """
    Do what the operation does before its transaction, None where it does nothing.

    Raises: AwsError.
    """
    prepare = authorised.operation.prepare
    return None if prepare is None else prepare(authorised.call, authorised.inputs)


def perform(authorised: Authorised, prepared: Any = None) -> dict[str, Any]:
    """
    Run the operation on what was prepared for it; its answer is by the model's member names.

    Raises: AwsError.
    """
    operation, call, inputs = authorised
    if prepared is not None:
        call = call._replace(prepared=prepared)
    return operation.perform(call, **inputs) or {}
