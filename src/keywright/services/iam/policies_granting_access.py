"""Which of an identity's policies let it use a service at all."""

from __future__ import annotations

from keywright.policy.document import Document, Statement, parse_document
from keywright.services.iam.borne_policies import BornePolicy, borne_policies, find_bearer
from keywright.services.iam.pages import PageRequest, slice_page
from keywright.services.operation import Call, Inputs, Result, Target, operation


def identity(call: Call, inputs: Inputs) -> Target:
    """Name the identity that is asked about."""
    del call
    return Target(inputs["arn"])


@operation(resource=identity)
def list_policies_granting_service_access(
    call: Call, *, arn: str, service_namespaces: list[str], marker: str | None = None
) -> Result:
    """
    List, for each service, the identity's policies that allow any of its actions, whatever else may deny them.

    A user's include those of the user's groups. Boundaries are left out: they grant nothing.
    Raises: NoSuchEntity; InvalidInput.
    """
    borne = [(parse_document(policy.document), policy) for policy in borne_policies(call, find_bearer(call, arn))]
    # AWS: managed policies come first (the documented example).
    borne.sort(key=lambda one: one[1].arn is None)
    entries = [
        (f"{position:03d}", {"ServiceNamespace": namespace, "Policies": _granting(borne, namespace.lower())})
        for position, namespace in enumerate(service_namespaces)
    ]
    page, truncation = slice_page(entries, lambda entry: entry[0], PageRequest(marker, None))
    return {"PoliciesGrantingServiceAccess": [entry for _, entry in page], **truncation}


def _granting(borne: list[tuple[Document, BornePolicy]], namespace: str) -> list[dict[str, str]]:
    """Choose the policies that allow an action of the service; one that user and group bear stands once."""
    found: list[dict[str, str]] = []
    for document, policy in borne:
        described = _describe(policy)
        if described not in found and any(_grants(statement, namespace) for statement in document.statements):
            found.append(described)
    return found


def _describe(policy: BornePolicy) -> dict[str, str]:
    if policy.arn is not None:
        return {"PolicyName": policy.name, "PolicyType": "MANAGED", "PolicyArn": policy.arn}
    return {
        "PolicyName": policy.name,
        "PolicyType": "INLINE",
        "EntityType": policy.bearer_type.upper(),
        "EntityName": policy.bearer_name,
    }


def _grants(statement: Statement, namespace: str) -> bool:
    if statement.effect != "Allow":
        return False
    if statement.actions is not None:
        return any(action == "*" or action.lower().partition(":")[0] == namespace for action in statement.actions)
    withheld = {action.lower() for action in statement.not_actions or ()}
    return withheld.isdisjoint({"*", f"{namespace}:*"})
