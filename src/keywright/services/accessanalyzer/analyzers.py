"""Analyzers: an account that made none has none."""

from __future__ import annotations

from keywright.services.operation import Call, Inputs, Result, Target, operation


def every_analyzer(call: Call, inputs: Inputs) -> Target:
    """Name the account's analyzers in this region."""
    del inputs
    return Target(f"arn:aws:access-analyzer:{call.region}:{call.account_id}:analyzer/*")


@operation(resource=every_analyzer, action="access-analyzer:ListAnalyzers")
def list_analyzers(
    call: Call,
    *,
    next_token: str | None = None,
    max_results: int | None = None,
    type: str | None = None,  # noqa: A002
) -> Result:
    """List no analyzers, on any page and of any type."""
    del call, next_token, max_results, type
    return {"analyzers": []}
