"""What the two operations have in common that take an identity provider's word in place of a signature."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from keywright.identity.principals import SessionTag
from keywright.services.operation import Call, Inputs, Permission, Target
from keywright.services.sts.errors import InvalidIdentityToken
from keywright.services.sts.role_trust import role_target
from keywright.services.sts.sessions import check_tags

NAME: Final = re.compile(r"[\w+=,.@-]{2,64}", re.ASCII)
"""What a role session and a source identity may be called."""
_TAG_KEY_CHARACTERS: Final = 128
_TAG_VALUE_CHARACTERS: Final = 256


def check_vouched_tags(tags: Mapping[str, str], transitive_keys: Sequence[str]) -> tuple[SessionTag, ...]:
    """
    Check the session tags that an identity provider passes.

    Raises: InvalidParameterValue; InvalidIdentityToken (too long).
    """
    for key, value in tags.items():
        if not 1 <= len(key) <= _TAG_KEY_CHARACTERS or len(value) > _TAG_VALUE_CHARACTERS:
            raise InvalidIdentityToken("A session tag passed by the identity provider is too long.")
    return check_tags([{"Key": key, "Value": value} for key, value in tags.items()], transitive_keys)


def check_source_identity(value: Any) -> str | None:
    """
    Check the source identity that an identity provider passes, None where it passes none.

    Raises: InvalidIdentityToken.
    """
    if value is None:
        return None
    if not isinstance(value, str) or NAME.fullmatch(value) is None:
        raise InvalidIdentityToken("The source identity must match [a-zA-Z_0-9+=,.@-]{2,64}")
    return value


def role_for(call: Call, inputs: Inputs, keys: Mapping[str, tuple[str, ...]]) -> Target:
    """Ask about the role under its trust policy, `keys` beside those of the tags that are passed."""
    return role_target(call, inputs["role_arn"], {**keys, **_tag_keys(call)})


def naming(call: Call, inputs: Inputs) -> Iterator[Permission]:
    """Ask for what the provider passes along: session tags, a source identity."""
    vouched = call.caller.vouched
    assert vouched is not None
    if not vouched.tags and vouched.source_identity is None:
        return
    target = role_target(call, inputs["role_arn"], {})
    if vouched.tags:
        yield Permission("sts:TagSession", target, _tag_keys(call))
    if vouched.source_identity is not None:
        yield Permission("sts:SetSourceIdentity", target)


def _tag_keys(call: Call) -> dict[str, tuple[str, ...]]:
    """Give the key of the transitive tags, which are not among the request's parameters."""
    assert call.caller.vouched is not None
    transitive = tuple(tag.key for tag in call.caller.vouched.tags if tag.transitive)
    return {"sts:TransitiveTagKeys": transitive} if transitive else {}
