"""What is told of a denial: the verdict, how sure it is, what stood in the way, and what would help."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

Verdict = Literal["allowed", "denied", "unknown"]
Confidence = Literal["verified", "reported", "simulated", "incomplete"]


@dataclass(frozen=True, slots=True)
class FoundStatement:
    """A statement that decides."""

    policy: Annotated[str, "the policy: its ARN, or whose inline policy it is"]
    policy_type: Annotated[str, "the type of policy"]
    effect: Annotated[str, "Allow or Deny"]
    sid: Annotated[str | None, "its Sid; null where it has none"]
    number: Annotated[int | None, "which of the policy's statements it is, from 1; null where the policy is not read"]
    line: Annotated[int | None, "the line of the policy's text where it begins, from 1"]
    column: Annotated[int | None, "the column"]
    text: Annotated[str | None, "the statement's text; null where the policy is not read"]


@dataclass(frozen=True, slots=True)
class FailedCondition:
    """A line of a Condition that does not hold."""

    key: Annotated[str, "the context key"]
    operator: Annotated[str, "the operator"]
    values: Annotated[tuple[str, ...], "what it asks for, any of them; variables are filled in where that is known"]
    had: Annotated[tuple[str, ...] | None, "what the request had; null where it had nothing, or that is not known"]
    is_known: Annotated[bool, "false: what the request had for the key is not known"]


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A statement that would allow it, but for its conditions."""

    statement: Annotated[FoundStatement, "the statement"]
    conditions: Annotated[tuple[FailedCondition, ...], "those of its conditions that do not hold"]


@dataclass(frozen=True, slots=True)
class AdvisedPolicy:
    """A statement that is missing."""

    policy_type: Annotated[str, "the type of policy that it belongs in"]
    policy: Annotated[str, "a policy of that one statement, as JSON"]


@dataclass(frozen=True, slots=True)
class Check:
    """What a type of policy says by itself."""

    policy_type: Annotated[str, "the type of policy"]
    effect: Annotated[str, "allows, denies (a statement does), does not allow (none does), or has no say"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Something that was asked, and what came of it."""

    source: Annotated[str, "authorization id, encoded message, text, simulation, policies, request or engine"]
    result: Annotated[str, "what it told, or why it told nothing"]


@dataclass(frozen=True, slots=True)
class Finding:
    """What one source of evidence tells of the denial."""

    confidence: Confidence
    allowed: bool
    principal: str | None
    action: str | None
    resource: str | None
    blocked_by: str | None
    """The type of policy that stood in the way."""
    is_explicit: bool | None
    checks: tuple[Check, ...] = ()
    statements: tuple[FoundStatement, ...] = ()
    missing_context: tuple[str, ...] = ()
    near_misses: tuple[NearMiss, ...] = ()
    context: Mapping[str, tuple[str, ...]] | None = None
    """What the service told of the request; None where it told nothing."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why an action is denied, or that it is not."""

    verdict: Annotated[
        str,
        "allowed (now; only where all that decides was read), denied, or unknown (no denial was found, but not all was "
        "read; or nothing could be found out)",
    ]
    confidence: Annotated[
        str,
        "verified (the service told what it evaluated), reported (the refusal's words), simulated (by the service, or "
        "by our own engine over the policies as they were read), or incomplete",
    ]
    principal: Annotated[str | None, "the ARN of who asks"]
    action: Annotated[str | None, "the action"]
    resource: Annotated[str | None, "the resource"]
    blocked_by: Annotated[str | None, "the type of policy that stands in the way"]
    explicit: Annotated[bool | None, "true: a statement denies it; false: no statement allows it"]
    statements: Annotated[tuple[FoundStatement, ...], "the statements that decide, where they are known"]
    checks: Annotated[tuple[Check, ...], "what each type of policy says by itself, where it is known"]
    summary: Annotated[str, "the explanation in a sentence"]
    missing: Annotated[str | None, "what is missing, or has to change"]
    policy: Annotated[str | None, "the smallest policy that would allow it, as JSON; null where none alone would"]
    needed: Annotated[
        tuple[AdvisedPolicy, ...],
        "the statements that together would allow it, as our engine finds with what was read; where it is one, it is "
        "Policy",
    ]
    near_misses: Annotated[tuple[NearMiss, ...], "the statements that would allow it, but for their conditions"]
    unread: Annotated[tuple[str, ...], "what may have a say too, and was not read"]
    warnings: Annotated[tuple[str, ...], "what is dangerous about it, and what is not known"]
    next_commands: Annotated[tuple[str, ...], "what to type next"]
    evidence: Annotated[tuple[Evidence, ...], "what was asked, in order"]
