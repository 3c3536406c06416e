"""What a service sealed in a refusal: the encoded message, which STS opens."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from keywright.client.why.explanation import Finding, FoundStatement
from keywright.client.why.policy_text import statements
from keywright.client.why.readable_policies import IDENTITY, PoliciesOf, ReadPolicy


def find_by_message(sts: Any, encoded_message: str, policies_of: PoliciesOf) -> Finding:
    """
    Have the message opened; `policies_of` reads the caller's policies, in which its statements are found.

    Raises: BotoCoreError; ClientError; ValueError for a message that is not of the form that is known.
    """
    message = json.loads(sts.decode_authorization_message(EncodedMessage=encoded_message)["DecodedMessage"])
    if not isinstance(message, dict) or "context" not in message:
        raise ValueError("the decoded message is not of the form that is known")
    context, explicit = message["context"], bool(message.get("explicitDeny"))
    matched = message.get("matchedStatements", {}).get("items", [])
    principal = context.get("principal", {}).get("arn")
    known = policies_of(principal)
    found = tuple(_statement(one, known) for one in matched)
    return Finding(
        "verified",
        allowed=bool(message.get("allowed")),
        principal=principal,
        action=context.get("action"),
        resource=context.get("resource"),
        # The message does not say which type of policy refused where no statement did.
        blocked_by=found[0].policy_type if explicit and found else None,
        is_explicit=explicit,
        statements=found,
        context={
            item["key"]: tuple(value["value"] for value in item.get("values", {}).get("items", []))
            for item in context.get("conditions", {}).get("items", [])
        },
    )


def _statement(item: Mapping[str, Any], known: Sequence[ReadPolicy]) -> FoundStatement:
    sid, source = item.get("statementId") or None, str(item.get("sourcePolicyId", ""))
    effect = str(item.get("effect", "")).capitalize()
    actions = {one["value"] for one in item.get("actions", {}).get("items", [])}
    for policy in known:
        if source and source not in {policy.identifier, policy.name, policy.identifier.rpartition("_")[2]}:
            continue
        for placed in statements(policy.text):
            named = placed.members.get("Action", placed.members.get("NotAction", []))
            same = {named} if isinstance(named, str) else set(named)
            if placed.sid == sid and placed.members.get("Effect") == effect and same == actions:
                return policy.found(placed)
    return FoundStatement(source or "a policy that is not named", IDENTITY, effect, sid, None, None, None, None)
