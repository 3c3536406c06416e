"""Python keywords for the model's member names, the same that botocore gives (`botocore.xform_name`)."""

from __future__ import annotations

import re
from functools import cache

# The rules, in order: a plural acronym at the end (ARNs), a capitalised word, a capital after a small letter or digit.
_PLURAL_ACRONYM = re.compile(r"[A-Z]{2,}s$")
_WORD = re.compile(r"(.)([A-Z][a-z]+)")
_CAPITAL = re.compile(r"([a-z0-9])([A-Z])")

_EXCEPTIONS = {
    "CreateOAuth2Token": "create_oauth2_token",
    "CreateOAuth2TokenWithIAM": "create_oauth2_token_with_iam",
    "IntrospectOAuth2TokenWithIAM": "introspect_oauth2_token_with_iam",
    "RevokeOAuth2TokenWithIAM": "revoke_oauth2_token_with_iam",
}
"""Botocore's own exceptions, as far as these services have them."""


@cache
def keyword(name: str) -> str:
    """Give the snake_case keyword of a member or operation name: `UserName` is `user_name`."""
    if "_" in name:
        return name
    if name in _EXCEPTIONS:
        return _EXCEPTIONS[name]
    plural = _PLURAL_ACRONYM.search(name)
    if plural is not None:
        acronym = plural.group()
        name = f"{name[: -len(acronym)]}_{acronym.lower()}"
    return _CAPITAL.sub(r"\1_\2", _WORD.sub(r"\1_\2", name)).lower()
