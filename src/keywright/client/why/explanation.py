"""What is told of a denial: the verdict, how sure it is, what stood in the way, and what would help."""

from __future__ import annotations

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
class Check:
    """What a type of policy says by itself."""

    policy_type: Annotated[str, "the type of policy"]
    effect: Annotated[str, "allows, denies (a statement does), does not allow (none does), or has no say"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Something that was asked, and what came of it."""

    source: Annotated[str, "authorization id, encoded message, text, simulation or policies"]
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


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why an action is denied, or that it is not."""

    verdict: Annotated[str, "allowed (now), denied, or unknown"]
    confidence: Annotated[
        str,
        "verified (the service told what it evaluated), reported (the refusal's words), simulated, or incomplete",
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
    warnings: Annotated[tuple[str, ...], "what is dangerous about it, and what is not known"]
    next_commands: Annotated[tuple[str, ...], "what to type next"]
    evidence: Annotated[tuple[Evidence, ...], "what was asked, in order"]
