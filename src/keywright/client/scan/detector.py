"""Find keys in a text: an id with the secret that belongs to it, or a secret that its name gives away."""

from __future__ import annotations

import bisect
from dataclasses import dataclass, replace
from typing import Final, Literal

from keywright.aws.secret import Secret
from keywright.client.scan.encoded import decoded, is_wide, may_be_encoded, narrowed
from keywright.client.scan.patterns import (
    ALLOWED_LINE,
    SECRET,
    SESSION_TOKEN,
    is_in_a_baseline,
    is_secret,
    key_ids,
    may_hold_any,
    named_secrets,
)

RuleId = Literal["leaked-key", "leaked-temporary-key", "leaked-secret", "live-key-id"]
REACH: Final = 1500
"""How far, in bytes, a secret may be from its id."""
_LINES: Final = 8
"""And in lines: Terraform's state and CloudTrail's answers put some members between."""
_A_LINE: Final = 2000
_BACKWARDS: Final = 800


@dataclass(frozen=True, slots=True)
class Hit:
    """A key in a text."""

    rule_id: RuleId
    access_key_id: str | None
    secret: Secret | None
    """None for an id that stands alone."""
    start: int
    """Where its id begins, or else its secret: in bytes."""
    line: int
    """The line of that; counted from 0."""
    with_token: bool
    within: str | None = None
    """What it was wrapped in: `base64`, `UTF-16`, `gzip`, `zip: config/.env`."""


def find(text: bytes, *, ids_alone: bool = False) -> list[Hit]:
    """Find the keys of a text, in order; on demand the ids of keys too that stand without a secret."""
    if not may_hold_any(text):
        return []
    hits = _find_encoded(text, ids_alone=ids_alone)
    for first, narrow in narrowed(text) if is_wide(text) else ():
        hits += [
            replace(hit, start=first + 2 * hit.start, within=hit.within or "UTF-16")
            for hit in _find_encoded(narrow, ids_alone=ids_alone)
        ]
    return sorted(hits, key=lambda hit: hit.start)


def _find_encoded(text: bytes, *, ids_alone: bool) -> list[Hit]:
    """Find the keys of a text and of what stands in it in base64."""
    named = named_secrets(text)
    view = decoded(text) if named.is_encoded or may_be_encoded(text) else None
    if view is None:
        return _find_plain(text, named.places, ids_alone=ids_alone)
    hits = []
    for hit in _find_plain(view.text, named_secrets(view.text).places, ids_alone=ids_alone):
        start, is_encoded = view.place(hit.start)
        hits.append(replace(hit, start=start, within="base64" if is_encoded else None))
    return hits


def _find_plain(text: bytes, named: set[int], *, ids_alone: bool) -> list[Hit]:
    ids = [one for one in key_ids(text) if not _is_allowed(text, one.start())]
    if not ids and not named:
        return []
    # A separator may end in what a secret may begin with, so a named one is not always among the others.
    places = named | ({one.start() for one in SECRET.finditer(text)} if ids else set())
    secrets = _secrets(text, places, named)
    owned = _pair(text, [one.start() for one in ids], sorted(secrets))
    hits = []
    for one in ids:
        at = owned.get(one.start())
        if at is not None:
            key_id = one[0].decode("ascii")
            rule: RuleId = "leaked-temporary-key" if key_id.startswith("ASIA") else "leaked-key"
            hits.append(_hit(text, rule, key_id, secrets[at], one.start()))
        elif ids_alone and one[0].startswith(b"AKIA") and not is_in_a_baseline(text, one.start()):
            hits.append(_hit(text, "live-key-id", one[0].decode("ascii"), None, one.start()))
    taken = set(owned.values())
    hits += [
        _hit(text, "leaked-secret", None, secret, at)
        for at, secret in secrets.items()
        if at in named and at not in taken
    ]
    return hits


def _secrets(text: bytes, places: set[int], named: set[int]) -> dict[int, bytes]:
    """Give what may be secrets, by where they begin; what is no text proper has names by chance too."""
    is_text = b"\0" not in text
    return {
        at: text[at : at + 40]
        for at in places
        if is_secret(text[at : at + 40], named=at in named and is_text) and not _is_allowed(text, at)
    }


def _pair(text: bytes, ids: list[int], secrets: list[int]) -> dict[int, int]:
    """Give each id the secret nearest to it, and no secret to two; a secret stands after its id more often."""
    pairs = []
    for key in ids:
        first, last = bisect.bisect_left(secrets, key - REACH), bisect.bisect_right(secrets, key + REACH)
        for secret in secrets[first:last]:
            lines = text.count(b"\n", min(key, secret), max(key, secret))
            if lines <= _LINES:
                before = _BACKWARDS if secret < key else 0
                pairs.append((lines * _A_LINE + abs(secret - key) + before, key, secret))
    owned: dict[int, int] = {}
    taken: set[int] = set()
    for _, key, secret in sorted(pairs):
        if key not in owned and secret not in taken:
            owned[key] = secret
            taken.add(secret)
    return owned


def _hit(text: bytes, rule: RuleId, key_id: str | None, secret: bytes | None, start: int) -> Hit:
    token = SESSION_TOKEN.search(text, max(0, start - REACH), start + REACH)
    kept = None if secret is None else Secret(secret.decode("ascii"))
    return Hit(rule, key_id, kept, start, text.count(b"\n", 0, start), token is not None)


def _is_allowed(text: bytes, at: int) -> bool:
    """Tell whether a person has said, on the line itself, that it is no leak."""
    end = text.find(b"\n", at)
    return text.find(ALLOWED_LINE, text.rfind(b"\n", 0, at) + 1, end if end >= 0 else len(text)) >= 0
