"""
Role templates, which AWS's own services keep and offer: none of them is here, so there is none to be had.

AWS: a template is "managed by an Amazon Web Services service" (API reference, RoleTemplateVersion); accounts have no
operation to make one.
"""

from __future__ import annotations

from typing import Any

from keywright.services.iam.errors import NoSuchEntity
from keywright.services.operation import Call, Inputs, Result, Target, operation


def template(call: Call, inputs: Inputs) -> Target:
    """Name the template."""
    del call
    return Target(inputs["template_arn"])


@operation(resource=template)
def acquire_role(
    call: Call,
    *,
    template_arn: str,
    template_minor_version: int | None = None,
    replacement_values: dict[str, Any] | None = None,
) -> Result:
    """
    Refuse to make a role from a template.

    Raises: NoSuchEntity.
    """
    del call, template_minor_version, replacement_values
    raise _no_such_template(template_arn)


@operation(resource=template)
def get_role_template_version(call: Call, *, template_arn: str, minor_version: int | None = None) -> Result:
    """
    Refuse to show a template.

    Raises: NoSuchEntity.
    """
    del call, minor_version
    raise _no_such_template(template_arn)


def _no_such_template(template_arn: str) -> NoSuchEntity:
    return NoSuchEntity(f"Role template {template_arn} cannot be found.")
