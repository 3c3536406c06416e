"""Act as the root user of a member account, for one task: what an organisation's management account may."""

from __future__ import annotations

import re
from typing import Final

from keywright.aws.arn import root_arn
from keywright.aws.errors import AccessDenied
from keywright.identity.aws_managed import ARN_PREFIX
from keywright.services.operation import Call, Inputs, Result, Target, operation
from keywright.services.sts.errors import ValidationError

_TARGET: Final = re.compile(r"(\d{12})|arn:aws:iam::(\d{12}):root")
_TASKS: Final = frozenset(
    f"{ARN_PREFIX}root-task/{name}"
    for name in (
        *("IAMAuditRootUserCredentials", "IAMCreateRootUserPassword", "IAMDeleteRootUserCredentials"),
        *("S3UnlockBucketPolicy", "SQSUnlockQueuePolicy"),
    )
)


def member_root(call: Call, inputs: Inputs) -> Target:
    """
    Name the root user that is to be acted as.

    Raises: ValidationError; AccessDenied.
    """
    match = _TARGET.fullmatch(inputs["target_principal"])
    if match is None:
        raise ValidationError(f"{inputs['target_principal']} is invalid")
    task: str = inputs["task_policy_arn"].get("arn", "")
    if task not in _TASKS:
        raise ValidationError(f"{task} is not a policy of a privileged task.")
    if call.caller.kind == "Root":
        # AWS: "You cannot use root user credentials to make this call" (API reference).
        raise AccessDenied("AssumeRoot may not be called by root accounts.")
    return Target(root_arn(match[1] or match[2]), keys={"sts:TaskPolicyArn": (task,)})


@operation(resource=member_root)
def assume_root(
    call: Call,
    *,
    target_principal: str,
    task_policy_arn: dict[str, str],
    duration_seconds: int = 900,
    minimum_session_token_size: int | None = None,
) -> Result:
    """
    Refuse: this account manages no organisation, so that it has no members.

    Raises: AccessDenied.
    """
    del task_policy_arn, duration_seconds, minimum_session_token_size
    match = _TARGET.fullmatch(target_principal)
    assert match is not None
    raise AccessDenied(
        f"User: {call.caller.arn} is not authorized to perform: sts:AssumeRoot on resource: "
        f"{root_arn(match[1] or match[2])}"
    )
