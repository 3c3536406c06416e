"""
Check what is stored with a resource: role trust policies and the likes of bucket policies.

They share a parser in AWS, whose words differ from those for an identity's policies ("Missing required field …").
"""

from __future__ import annotations

import re
from typing import Final

from keywright.policy.condition.compile import readable
from keywright.policy.condition.operators import parse_operator
from keywright.policy.document import Document, MalformedDocument, PrincipalElement, Statement
from keywright.policy.principals import TRUST_ACTIONS, account_of
from keywright.policy.validation.identity import LEGACY_PARSING

_IAM_PRINCIPAL: Final = re.compile(r"arn:[^:*?]+:iam::(?:[0-9]{12}|cloudfront):(?:user|role)/[^*?]+")
_STS_PRINCIPAL: Final = re.compile(r"arn:[^:*?]+:sts::[0-9]{12}:(?:assumed-role|federated-user)/[^*?]+")
_UNIQUE_ID: Final = re.compile(r"A(?:IDA|ROA)[A-Z0-9]{12,124}")
_SERVICE: Final = re.compile(r"(?:[a-z0-9-]+\.)+amazon(?:aws)?\.com(?:\.cn)?")
_CANONICAL_USER: Final = re.compile(r"[0-9a-f]{64}")


def check_trust(document: Document) -> None:
    """
    Check a role's trust policy.

    Raises: MalformedDocument.
    """
    for statement in document.statements:
        for name in ("Resource", "NotResource"):
            if name in statement.nodes:
                raise MalformedDocument(f"Has prohibited field {name}")
        _check_fields(statement, "Principal", "Action")
        _check_trust_principals(statement)
        if statement.effect == "Allow" and not statement.conditions and _trusts_cognito(statement):
            raise MalformedDocument("A condition block must be present for the Cognito provider")
        actions = statement.actions or statement.not_actions or ()
        if not TRUST_ACTIONS.issuperset(action.lower() for action in actions):
            raise MalformedDocument("AssumeRole policy may only specify STS AssumeRole actions.")
        _check_conditions(statement)
    _check_sids(document)


def check_resource(document: Document) -> None:
    """
    Check a resource's policy as far as it does not depend on the service; a bucket's name is S3's to compare.

    Raises: MalformedDocument.
    """
    for statement in document.statements:
        _check_fields(statement, "Principal", "Action", "Resource")
        element = statement.principal or statement.not_principal
        if element is not None and not all(_valid(kind, name) for kind, name in element.names):
            raise MalformedDocument("Invalid principal in policy")
        for action in statement.actions or statement.not_actions or ():
            if action != "*" and not re.fullmatch(r"[A-Za-z0-9-]+:[A-Za-z0-9*?]+", action):
                raise MalformedDocument("Policy has invalid action")
        for resource in statement.resources or statement.not_resources or ():
            if resource != "*" and (not resource.startswith("arn:") or resource.count(":") < 5):
                raise MalformedDocument("Policy has invalid resource")
        _check_conditions(statement)
    _check_sids(document)


def _check_fields(statement: Statement, *names: str) -> None:
    """Check that elements are there, in their plain or their Not form, and hold something."""
    for name in names:
        node = statement.nodes.get(name) or statement.nodes.get(f"Not{name}")
        if node is None:
            raise MalformedDocument(f"Missing required field {name}")
        if node.value == []:
            raise MalformedDocument(f"Missing required field {name} cannot be empty!")


def _check_trust_principals(statement: Statement) -> None:
    """Check whom a role trusts; that they exist is IAM's to look up."""
    element = statement.principal or statement.not_principal or PrincipalElement(())
    for kind, name in element.names:
        if kind == "*":
            raise MalformedDocument('AssumeRolepolicy contained an invalid principal: "STAR":"*".')
        if kind == "CanonicalUser" or not _valid(kind, name):
            raise MalformedDocument(f'Invalid principal in policy: "{kind.upper()}":"{name}"')


def _trusts_cognito(statement: Statement) -> bool:
    """Tell whether a statement trusts every identity pool of every account."""
    element = statement.principal or PrincipalElement(())
    return ("Federated", "cognito-identity.amazonaws.com") in element.names


def _valid(kind: str, name: str) -> bool:
    """Tell whether a name has a form that its type allows; a wildcard stands for everyone or for nobody."""
    if kind == "*":
        return True
    if kind == "AWS":
        forms = (_IAM_PRINCIPAL, _STS_PRINCIPAL, _UNIQUE_ID)
        return name == "*" or account_of(name) is not None or any(form.fullmatch(name) for form in forms)
    if kind == "Service":
        return _SERVICE.fullmatch(name) is not None
    if kind == "CanonicalUser":
        return _CANONICAL_USER.fullmatch(name) is not None
    return bool(name) and not set(name) & {"*", "?", " "}


def _check_conditions(statement: Statement) -> None:
    """Check that operators exist and values can be read."""
    for line in statement.conditions:
        operator = parse_operator(line.operator)
        if operator is None:
            raise MalformedDocument(f"Invalid Condition type : {line.operator}")
        if not readable(line, operator):
            raise MalformedDocument(LEGACY_PARSING)


def _check_sids(document: Document) -> None:
    """Check that statement ids differ; unlike an identity's they may hold any character."""
    sids = [statement.sid for statement in document.statements if statement.sid]
    if len(sids) != len(set(sids)):
        raise MalformedDocument("The Statement Ids in the policy are not unique")
