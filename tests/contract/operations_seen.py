"""
What became of every IAM and STS operation that the contract tests asked for, as botocore read it.

Each test process notes what its clients were answered; where the whole folder ran, the notes of all must say of every
operation that it was once performed and once refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

import botocore.loaders

SERVICES: Final = ("iam", "sts")
REFUSED_ALWAYS: Final = frozenset(
    {
        # What only an organisation's management account may do, or reports on an organisation.
        "iam:EnableOrganizationsRootCredentialsManagement",
        "iam:DisableOrganizationsRootCredentialsManagement",
        "iam:EnableOrganizationsRootSessions",
        "iam:DisableOrganizationsRootSessions",
        "iam:ListOrganizationsFeatures",
        "iam:GenerateOrganizationsAccessReport",
        "iam:GetOrganizationsAccessReport",
        "sts:AssumeRoot",
        # Role templates are kept by AWS's own services, and no account makes one.
        "iam:AcquireRole",
        "iam:GetRoleTemplateVersion",
        # What partners of AWS ask for, who must be registered with it.
        "iam:CreateDelegationRequest",
        "iam:AcceptDelegationRequest",
        "iam:AssociateDelegationRequest",
        "iam:GetDelegationRequest",
        "iam:GetHumanReadableSummary",
        "iam:RejectDelegationRequest",
        "iam:SendDelegationToken",
        "iam:UpdateDelegationRequest",
        "sts:GetDelegatedAccessToken",
    }
)
"""Operations of which AWS, too, refuses every call of a single account that is nobody's partner."""
NOT_PERFORMED: Final = frozenset({"iam:UpdateOpenIDConnectProvider", "sts:GetScopedCredentials"})
"""Operations that Keywright answers by 501; docs/divergences.md says why. An older botocore does not know them."""
NOT_TAKEN: Final[dict[str, frozenset[str]]] = {
    "iam:CreateLoginProfile": frozenset({"MaxSigninSessionDuration"}),
    "iam:UpdateLoginProfile": frozenset({"MaxSigninSessionDuration", "ResetMaxSigninSessionDuration"}),
    "iam:CreateRole": frozenset({"MaxSigninSessionDuration"}),
    "iam:UpdateRole": frozenset({"MaxSigninSessionDuration", "ResetMaxSigninSessionDuration"}),
    "iam:CreateOpenIDConnectProvider": frozenset({"ContextProvider", "IdentityCenterInstanceArn"}),
    "iam:CreateSAMLProvider": frozenset({"ContextProvider", "IdentityCenterInstanceArn"}),
    "iam:UpdateSAMLProvider": frozenset(
        {"ContextProvider", "IdentityCenterInstanceArn", "RemoveContextProvider", "RemoveIdentityCenterInstance"}
    ),
    "sts:GetWebIdentityToken": frozenset({"Scope", "SubjectMode"}),
}
"""Parameters that Keywright answers by 501, by their operations; as `NOT_PERFORMED`."""
_WORTH_HIDING: Final = 8
"""Shorter texts are found by chance."""

Note = tuple[str, str, str]
"""A service, an operation, and its error's code; no code where it was performed."""


class Notes:
    """What the clients of one test process were answered, and which sensitive texts they sent and got."""

    def __init__(self) -> None:
        self.outcomes: set[Note] = set()
        self.secrets: set[str] = set()

    def listen(self, client: Any) -> None:
        """Note what becomes of a client's calls."""
        client.meta.events.register("provide-client-params", self._note_sent)
        client.meta.events.register("after-call", self._note_answer)

    def _note_sent(self, params: dict[str, Any], model: Any, **_more: Any) -> None:
        self.secrets.update(sensitive_texts(params, model.input_shape))

    def _note_answer(self, parsed: dict[str, Any], model: Any, **_more: Any) -> None:
        code = parsed.get("Error", {}).get("Code", "")
        self.outcomes.add((model.service_model.service_name, model.name, code))
        if not code:
            self.secrets.update(sensitive_texts(parsed, model.output_shape))


NOTES: Final = Notes()


def sensitive_texts(value: Any, shape: Any) -> Iterator[str]:
    """Find the texts of a message that AWS's model calls sensitive."""
    if shape is None:
        return
    if getattr(shape, "sensitive", False) or shape.metadata.get("sensitive"):
        if isinstance(value, str) and len(value) >= _WORTH_HIDING:
            yield value
    elif shape.type_name == "structure" and isinstance(value, dict):
        for name, member in shape.members.items():
            if name in value:
                yield from sensitive_texts(value[name], member)
    elif shape.type_name == "list" and isinstance(value, list):
        for item in value:
            yield from sensitive_texts(item, shape.member)


def operations(service: str) -> list[str]:
    """List a service's operations, as AWS's model has them."""
    return list(botocore.loaders.Loader().load_service_model(service, "service-2")["operations"])


def missing(outcomes: Iterable[Note]) -> list[str]:
    """Say which operations were not seen performed, and which not refused."""
    seen = set(outcomes)
    performed = {(service, operation) for service, operation, code in seen if not code}
    refused = {(service, operation) for service, operation, code in seen if code}
    found = []
    for service in SERVICES:
        for operation in operations(service):
            name = f"{service}:{operation}"
            if (service, operation) not in performed and name not in REFUSED_ALWAYS | NOT_PERFORMED:
                found.append(f"{name} was never performed")
            if (service, operation) not in refused:
                found.append(f"{name} was never refused")
    found += [
        f"{name} is listed as always refused, and was performed"
        for name in REFUSED_ALWAYS | NOT_PERFORMED
        if tuple(name.split(":")) in performed
    ]
    return found
