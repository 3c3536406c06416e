"""What follows a refusal's words in IAM's answers: where to read why (facts §10, "Authorization ID")."""

from __future__ import annotations

import re
from typing import Final

_POINTER: Final = re.compile(
    r"\. Go to (http://\S+)/iam/home\?region=us-east-1#/authorization-details/([0-9a-z]+) for complete details, or "
    r"call the GetRequestAuthorizationDetails API with the following authorization id: ([0-9a-z]+)$"
)


def without_pointer(message: str) -> str:
    """Give a refusal's words alone; the pointer must be there, and say one id twice."""
    words, origin, first_id, second_id, rest = _POINTER.split(message)
    assert origin.startswith("http://")
    assert (first_id, rest) == (second_id, "")
    return words
