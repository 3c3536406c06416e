"""Say which statement of which policy it is."""

from __future__ import annotations

from keywright.client.why.explanation import FoundStatement


def place(statement: FoundStatement) -> str:
    """Say which statement of which policy it is."""
    name = f"the statement {statement.sid}" if statement.sid else f"statement {statement.number}"
    if statement.number is None:
        name = name if statement.sid else "a statement"
    else:
        name += f" (line {statement.line}, column {statement.column})"
    return f"{name} of {statement.policy}"
