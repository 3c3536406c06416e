"""Trails: none can be created here; the event history needs none."""

from __future__ import annotations

from keywright.services.operation import Call, Result, operation, unnamed


@operation(resource=unnamed)
def describe_trails(
    call: Call, *, trail_name_list: list[str] | None = None, include_shadow_trails: bool = True
) -> Result:
    """
    List no trails.

    AWS: a name that no trail has is no error (API reference: "information is returned only if the names match").
    """
    del call, trail_name_list, include_shadow_trails
    return {"trailList": []}
