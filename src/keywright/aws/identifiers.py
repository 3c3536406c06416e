"""
Make and read AWS's identifiers.

An access key id is `AKIA` and 16 characters of base32 (A–Z, 2–7), an entity's unique id a prefix and 17. Both carry the
account: the first bit is 1, the next 40 are the account id, the rest is random.
AWS: the account bits were checked against a public write-up (facts §1); the prefixes are the IAM User Guide's
(reference_identifiers).
"""

from __future__ import annotations

import base64
import hashlib
import os
import secrets
from typing import Final

_ALPHABET: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_ACCOUNT_BITS: Final = 40


def _base32(value: int, characters: int) -> str:
    return "".join(_ALPHABET[value >> shift & 31] for shift in range(5 * (characters - 1), -1, -5))


def _with_account(prefix: str, account_id: str, characters: int) -> str:
    random_bits = 5 * characters - 1 - _ACCOUNT_BITS
    value = (1 << _ACCOUNT_BITS | int(account_id)) << random_bits | secrets.randbits(random_bits)
    return prefix + _base32(value, characters)


def new_access_key_id(account_id: str, prefix: str = "AKIA") -> str:
    """Make an access key id (20 characters) for an account; `ASIA` makes a temporary one's."""
    return _with_account(prefix, account_id, 16)


def new_unique_id(prefix: str, account_id: str) -> str:
    """Make an entity's unique id (21 characters): `AIDA` a user's, `ANPA` a managed policy's, and so on."""
    return _with_account(prefix, account_id, 17)


def account_independent_id(prefix: str, name: str) -> str:
    """Derive a unique id (21 characters) for what belongs to no account: always the same for the same name."""
    digest = int.from_bytes(hashlib.sha256(name.encode()).digest(), "big")
    return prefix + "I" + _base32(digest & (1 << 80) - 1, 16)


def new_secret_access_key() -> str:
    """Make a secret access key: 240 random bits as 40 characters of A–Z, a–z, 0–9, + and /."""
    return base64.b64encode(secrets.token_bytes(30)).decode("ascii")


def new_password(length: int = 20) -> str:
    """Make a console password that meets AWS's default policy: all four character classes, none easily confused."""
    classes = ("ABCDEFGHJKLMNPQRSTUVWXYZ", "abcdefghijkmnopqrstuvwxyz", "23456789", "!@#%^*_+-=?")
    characters = [secrets.choice(one) for one in classes]
    characters += [secrets.choice("".join(classes)) for _ in range(length - len(classes))]
    secrets.SystemRandom().shuffle(characters)
    return "".join(characters)


def new_account_id() -> str:
    """Make a random account id: 12 digits, the first not zero (some tools drop leading zeros)."""
    return str(secrets.randbelow(9 * 10**11) + 10**11)


def random_hex() -> str:
    """Give 32 random hexadecimal digits, drawn from the system many at a time."""
    try:
        return _drawn.pop()
    except IndexError:
        digits = secrets.token_hex(16 * 256)
        _drawn.extend(digits[start : start + 32] for start in range(0, len(digits), 32))
        return _drawn.pop()


_drawn: Final[list[str]] = []
# A forked process must not draw what its parent draws.
os.register_at_fork(after_in_child=_drawn.clear)


def new_uuid() -> str:
    """Make a random UUID (version 4) as text, as AWS's request ids are."""
    digits = random_hex()
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-{_VARIANTS[digits[16]]}{digits[17:20]}-{digits[20:]}"


def new_ordered_uuid(milliseconds: int) -> str:
    """Make a UUID whose order is time's (version 7, RFC 9562), for a moment in milliseconds since 1970."""
    time, digits = f"{milliseconds:012x}", random_hex()
    return f"{time[:8]}-{time[8:]}-7{digits[:3]}-{_VARIANTS[digits[3]]}{digits[4:7]}-{digits[7:19]}"


_VARIANTS: Final = {digit: "89ab"[int(digit, 16) & 3] for digit in "0123456789abcdef"}
"""The variant bits of a UUID in place of a random digit's first two."""


def account_of(identifier: str) -> str | None:
    """
    Read the account id (12 digits) that an access key id or a unique id carries.

    None for what does not decode, and for ids from before the account was put in them (their fifth character is A–P).
    """
    body = identifier[4:20]
    if len(body) != 16:
        return None
    try:
        value = int.from_bytes(base64.b32decode(body), "big")
    except ValueError:
        return None
    if not value >> 79:
        return None
    account = value >> 39 & (1 << _ACCOUNT_BITS) - 1
    return f"{account:012d}" if account < 10**12 else None
