"""Instances of IAM Identity Center: an account without it has none."""

from __future__ import annotations

from keywright.services.operation import Call, Result, operation, unnamed


@operation(resource=unnamed, action="sso:ListInstances")
def list_instances(
    call: Call, *, max_results: int | None = None, next_token: str | None = None, region_scope: str | None = None
) -> Result:
    """List no instances, on any page and of any scope."""
    del call, max_results, next_token, region_scope
    return {"Instances": []}
