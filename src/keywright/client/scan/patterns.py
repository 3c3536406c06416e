"""
What AWS keys look like, and what only looks like one.

Source: the IAM User Guide's identifiers; the forms that git-secrets, gitleaks and detect-secrets look for (facts §1 and
§13).
"""

from __future__ import annotations

import math
import re
from collections import Counter
from typing import Final, NamedTuple

from keywright.client.known_options import PLACEHOLDER
from keywright.client.scan.encoded import is_wide, may_be_encoded

_KEY_ID: Final = re.compile(rb"(?<![A-Za-z0-9])A[KSB]IA[A-Z2-7]{16}(?![A-Za-z0-9])")
"""A long-term key's, a temporary one's, or a bearer token's; what the other prefixes name has no secret access key."""
SECRET: Final = re.compile(rb"(?<![A-Za-z0-9/+])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])")
_NAMED: Final = re.compile(
    # From the first letter of `secret` on. The name, in any spelling, and what a project adds to it; in a table's head
    # its words stand apart.
    rb"secret(?P<full>[ _.-]?access[ _.-]?key)?(?:[_.-]?key)?[A-Za-z0-9_]{0,24}+"
    # What stands between: `=`, `": "`, `"] = '`, `>`, a type, Kubernetes' `value:` on the next line.
    rb"[^A-Za-z0-9/+]{1,24}+(?:[A-Za-z]{1,8}+[^A-Za-z0-9/+]{1,8}+)?"
    rb"(?:(?P<secret>[A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])|(?P<encoded>[A-Za-z0-9/+]{54,56}(?![A-Za-z0-9/+])))",
    re.IGNORECASE,
)
"""The last form is base64, which Kubernetes has secrets in; a line end may be in it too."""
_OF_AWS: Final = re.compile(rb"aws[_.-]?\Z", re.IGNORECASE)
SESSION_TOKEN: Final = re.compile(
    rb"(?:session|security)[ _.-]?token[^A-Za-z0-9/+]{1,24}[A-Za-z0-9/+=]{100}", re.IGNORECASE
)
ALLOWED_LINE: Final = b"keywright:allow"
_IN_A_BASELINE: Final = re.compile(
    rb'"fingerprint": "[0-9a-f]{64}",\s{1,99}"rule": "[a-z-]{1,99}",\s{1,99}"accessKeyId": "\Z'
)
_BASELINE_REACH: Final = 300

_HEX: Final = re.compile(rb"[0-9a-f]{40}|[0-9A-F]{40}")
_CASES: Final = (re.compile(rb"[A-Z]"), re.compile(rb"[a-z]"))
_DIGIT_OR_SIGN: Final = re.compile(rb"[0-9/+]")
_ID_ENTROPY: Final = 2.5
_SECRET_ENTROPY: Final = 4.2
"""Bits a character: 40 random ones have 4.6 to 5.1, paths and prose below 4.2."""
_NAMED_ENTROPY: Final = 3.5


class Named(NamedTuple):
    """Where names give secrets away."""

    places: set[int]
    """Where the secrets begin."""
    is_encoded: bool
    """Tell whether a name stands before what may be a secret in base64."""


def may_hold_any(text: bytes) -> bool:
    """Tell, as fast as can be, whether there is more to look for: nearly every text ends here."""
    return b"IA" in text or b"ecret" in text or b"ECRET" in text or may_be_encoded(text) or is_wide(text)


def key_ids(text: bytes) -> list[re.Match[bytes]]:
    """Give what may be the ids of real keys."""
    # To search for a word is far cheaper than the pattern is.
    if not (b"AKIA" in text or b"ASIA" in text or b"ABIA" in text):
        return []
    return [one for one in _KEY_ID.finditer(text) if is_key_id(one[0])]


def named_secrets(text: bytes) -> Named:
    """Find the secrets that a name gives away."""
    found: set[int] = set()
    is_encoded = False
    for word in (b"ecret", b"ECRET"):
        at = text.find(word)
        while at >= 0:
            one = _NAMED.match(text, max(0, at - 1))
            if one is not None and (one["full"] or _OF_AWS.search(text[max(0, at - 5) : at - 1])):
                if one["encoded"]:
                    is_encoded = True
                else:
                    found.add(one.start("secret"))
            at = text.find(word, at + len(word))
    return Named(found, is_encoded)


def is_key_id(text: bytes) -> bool:
    """Tell whether it may be a real key's id: no example of the documentation, no placeholder."""
    return not text.endswith(b"EXAMPLE") and entropy(text) >= _ID_ENTROPY


def is_in_a_baseline(text: bytes, at: int) -> bool:
    """Tell whether an id stands in a baseline of ours, which names the keys that were let pass."""
    return _IN_A_BASELINE.search(text, max(0, at - _BASELINE_REACH), at) is not None


def is_secret(text: bytes, *, named: bool) -> bool:
    """Tell whether 40 characters may be a secret; where a name says so, less has to speak for it."""
    if b"EXAMPLE" in text or _HEX.fullmatch(text) or not all(case.search(text) for case in _CASES):
        return False
    if PLACEHOLDER.fullmatch(text.decode("ascii")):
        return False
    if named:
        return entropy(text) >= _NAMED_ENTROPY
    return entropy(text) >= _SECRET_ENTROPY and _DIGIT_OR_SIGN.search(text) is not None


def entropy(text: bytes) -> float:
    """Give Shannon's entropy, in bits a character."""
    total = len(text)
    return -sum(count / total * math.log2(count / total) for count in Counter(text).values())
