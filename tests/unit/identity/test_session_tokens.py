"""Session tokens carry themselves: what comes back, and what is refused."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keywright.aws.identifiers import new_access_key_id
from keywright.aws.secret import Secret
from keywright.identity.principals import Session
from keywright.identity.session_tokens import TemporaryCredentials, open_token, seal_token
from keywright.store.sealing import Sealer

SEALER = Sealer([bytes(32)])
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
CREDENTIALS = TemporaryCredentials(
    "111122223333",
    "AIDAQ",
    Secret("s" * 40),
    Session(new_access_key_id("111122223333", "ASIA"), NOW, NOW + timedelta(hours=1), mfa_authenticated=False),
)
TOKEN = seal_token(SEALER, CREDENTIALS)


@settings(max_examples=40, deadline=None)
@given(
    st.none() | st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", min_size=21, max_size=21),
    st.integers(0, 10**9).map(lambda milliseconds: NOW + timedelta(milliseconds=milliseconds * 1000 + 1)),
    st.integers(900, 129_600),
    st.booleans(),
)
def test_a_token_says_what_was_sealed(user_id: str | None, issued: datetime, seconds: int, mfa: bool) -> None:
    """Owner, secret, times and MFA come back as they were, to the millisecond."""
    session = Session("ASIA" + "Q" * 16, issued, issued + timedelta(seconds=seconds), mfa_authenticated=mfa)
    opened = open_token(SEALER, seal_token(SEALER, TemporaryCredentials("1" * 12, user_id, Secret("x"), session)))
    assert opened is not None
    assert (*opened[:2], opened.secret.reveal()) == ("1" * 12, user_id, "x")
    assert opened.session.access_key_id == session.access_key_id
    assert opened.session.mfa_authenticated is mfa
    assert abs(opened.session.issued_at - issued) < timedelta(milliseconds=1)
    assert abs(opened.session.expires_at - session.expires_at) < timedelta(milliseconds=1)


def test_a_token_names_its_sign_in() -> None:
    """The console's credentials name the sign-in that they hang on; all others none."""
    for session_id in ("0123456789abcdef" * 2, None):
        session = CREDENTIALS.session._replace(browser_session_id=session_id)
        opened = open_token(SEALER, seal_token(SEALER, CREDENTIALS._replace(session=session)))
        assert opened is not None
        assert opened.session == session


def test_a_token_shows_nothing() -> None:
    """Neither the secret nor the owner can be read off a token."""
    raw = base64.b64decode(TOKEN)
    for part in (b"ssss", b"111122223333", b"ASIA", b"AIDA"):
        assert part not in raw


def test_a_tampered_token_is_none() -> None:
    """A change of any byte is noticed."""
    sealed = base64.b64decode(TOKEN)
    for position, byte in enumerate(sealed):
        altered = sealed[:position] + bytes([byte ^ 1 << position % 8]) + sealed[position + 1 :]
        assert open_token(SEALER, base64.b64encode(altered).decode()) is None


def test_a_truncated_token_is_none() -> None:
    """However much of a token is missing, at its end or its beginning, it is none."""
    for length in range(len(TOKEN)):
        assert open_token(SEALER, TOKEN[:length]) is None
        assert open_token(SEALER, TOKEN[len(TOKEN) - length :]) is None


def test_a_foreign_token_is_none() -> None:
    """A token of another system, whose master key is another, is none here."""
    assert open_token(Sealer([b"x" * 32]), TOKEN) is None


def test_another_sealed_value_is_no_token() -> None:
    """What was sealed for another purpose under the same key is no token."""
    sealed = SEALER.seal(b'["ASIA","1",null,"s",0,9999999999,true]', "access_keys/AKIA")
    assert open_token(SEALER, base64.b64encode(sealed).decode()) is None


def test_a_rotated_key_opens_old_tokens() -> None:
    """Tokens outlive the rotation of the master key as long as the old one is there."""
    rotated = Sealer([b"x" * 32, bytes(32)])
    assert open_token(rotated, TOKEN) is not None
    assert open_token(SEALER, seal_token(rotated, CREDENTIALS)) is None


@pytest.mark.parametrize("token", ["", " ", "=", "AAAA", "é", "\x00", TOKEN + "A", TOKEN + "\n", "A" * 100_000])
def test_what_is_no_token_is_none(token: str) -> None:
    """Anything else is none, and never an error."""
    assert open_token(SEALER, token) is None
