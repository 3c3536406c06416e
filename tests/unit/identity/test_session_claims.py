"""What a session carries in its token: all that it was given, in little room, and never more than a token holds."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from keywright.aws.secret import Secret
from keywright.identity.principals import Session, SessionTag
from keywright.identity.session_tokens import MAX_CHARACTERS, TemporaryCredentials, open_token, seal_token
from keywright.store.sealing import Sealer

NOW = datetime(2026, 11, 24, 9, 0, 0, 123_000, tzinfo=UTC)
SEALER = Sealer([secrets.token_bytes(32)])


def credentials(**more: Any) -> TemporaryCredentials:
    """Make credentials of a role session."""
    values: dict[str, Any] = {"mfa_authenticated": False, "name": "bob"} | more
    session = Session("ASIAQAAAAAAAAAAAAAAA", NOW, NOW + timedelta(hours=1), **values)
    return TemporaryCredentials("111122223333", "AROAQAAAAAAAAAAAAAAAA", Secret("s" * 40), session)


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"source_identity": "alice"},
        {"tags": (SessionTag("Project", "Löwe", transitive=True), SessionTag("Team", ""))},
        {"policy": '{"Version": "2012-10-17", "Statement": []}' * 20},
        {"policy_arns": ("arn:aws:iam::aws:policy/ReadOnlyAccess",)},
        {"keys": {"saml:sub": ("x",), "aws:federatedprovider": ("arn",), "idp:amr": ("a", "b")}},
    ],
)
def test_a_token_carries_its_session(given: dict[str, Any]) -> None:
    """Whatever a session was given comes out of its token as it went in."""
    made = credentials(**given)
    opened = open_token(SEALER, seal_token(SEALER, made))
    assert opened is not None
    assert opened.session == made.session


@pytest.mark.parametrize("characters", [0, 1, 300, 301, 302, 303, 1024, 4095, 4096])
def test_a_token_is_as_long_as_asked(characters: int) -> None:
    """The least length is kept, and not exceeded by more than base64 must."""
    token = seal_token(SEALER, credentials(), characters)
    assert characters <= len(token) <= max(characters + 3, len(seal_token(SEALER, credentials())))
    assert len(token) <= MAX_CHARACTERS
    assert open_token(SEALER, token) is not None


def test_what_repeats_itself_takes_little_room() -> None:
    """A policy of two thousand characters of the same kind does not make a token of that length."""
    assert len(seal_token(SEALER, credentials(policy="s3:GetObject " * 150))) < 600


def test_what_cannot_be_packed_is_too_long_for_a_token() -> None:
    """Values that do not compress make a token over the limit, which then does not open."""
    tags = tuple(SessionTag(f"k{number}", secrets.token_hex(128)) for number in range(50))
    token = seal_token(SEALER, credentials(tags=tags))
    assert len(token) > MAX_CHARACTERS
    assert open_token(SEALER, token) is None


def test_a_session_without_anything_is_short() -> None:
    """A token of GetSessionToken or of a plain role session fits what every proxy lets through."""
    assert len(seal_token(SEALER, credentials())) < 300
