"""What decides a request beside what was read: `allowed` is said only where there is nothing of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from keywright.client.session import SignedIn, SignInError, reason
from keywright.client.why.explanation import Finding
from keywright.client.why.readable_policies import SCP
from keywright.client.why.resources import account_in, role_of

_WITHOUT_RESOURCE_POLICIES: Final = frozenset(
    {
        *("iam", "ec2", "autoscaling", "cloudformation", "cloudfront", "cloudwatch", "ecs", "eks", "elasticache"),
        *("elasticloadbalancing", "elasticmapreduce", "rds", "route53", "ssm-guiconnect", "support", "tag", "sso"),
    }
)
"""Services whose resources bear no policies of their own (User Guide, "AWS services that work with IAM")."""
_NO_ORGANIZATION: Final = frozenset(
    {
        "AWSOrganizationsNotInUseException",
        # A server that has no such service has no organizations, and no policies of theirs.
        *("UnknownOperationException", "UnknownOperation", "InvalidAction", "NotImplemented", "501"),
    }
)


def unread(
    finding: Finding, signed_in: SignedIn | None, account_id: str | None, *, identity: bool, resource: bool
) -> Iterator[str]:
    """
    Give what may have a say and was not read.

    `identity`: the caller's own policies, its groups' and its boundary were read, or simulated; `resource`: the policy
    of the resource was.
    """
    principal, action = finding.principal, finding.action or ""
    if not identity:
        yield f"the policies of {principal or 'the caller'}, its groups' and its permissions boundary"
    if not resource and may_have_policy(action, finding.resource):
        whose = "trust policy" if action.lower() == "sts:assumerole" else "policy"
        yield f"the {whose} of {finding.resource or 'the resource'}"
    if role_of(principal) is not None or ":federated-user/" in (principal or ""):
        yield "the session policy, if the session was made with one"
    if not any(check.policy_type == SCP for check in finding.checks):
        yield from _of_organization(signed_in, account_id, account_in(principal))
    for key in finding.missing_context:
        yield f"what a request has for {key}: --context {key}=VALUE says it"


def may_have_policy(action: str, resource: str | None) -> bool:
    """Tell whether a resource may have a policy of its own that has a say about an action."""
    if action.lower() == "sts:assumerole":
        return True
    return resource != "*" and action.partition(":")[0].lower() not in _WITHOUT_RESOURCE_POLICIES


def _of_organization(signed_in: SignedIn | None, own: str | None, account: str | None) -> Iterator[str]:
    """Say which policies of an organization may have a say: of an account in none, or of its head, none."""
    what = "the organization's policies (service and resource control policies)"
    if signed_in is None or own is None or account not in {None, own}:
        yield what
        return
    try:
        organization: dict[str, Any] = signed_in.client("organizations").describe_organization()["Organization"]
    except ClientError as error:
        status = str(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode"))
        if not {error.response["Error"]["Code"], status} & _NO_ORGANIZATION:
            yield f"{what}: {reason(error)}"
    except (BotoCoreError, SignInError) as error:
        yield f"{what}: {reason(error)}"
    else:
        # AWS: neither kind of policy limits the management account (Organizations User Guide).
        if organization.get("MasterAccountId") != own:
            yield what
