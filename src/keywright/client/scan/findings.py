"""What was found: where, whose by the id, and by what it is known again."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final

from keywright.aws.identifiers import account_of
from keywright.client.sarif import Rule
from keywright.client.scan.detector import Hit, RuleId

_WHAT_TO_DO: Final = (
    "Make the key inactive (keywright scan --deactivate), issue another, and look at what was done with it "
    "(keywright watch). Only then take it out of the file: what git has seen, it keeps."
)
RULES: Final[dict[RuleId, Rule]] = {
    "leaked-key": Rule(
        "leaked-key", "LeakedKey", "An AWS access key stands here with its secret.", _WHAT_TO_DO, "error"
    ),
    "leaked-temporary-key": Rule(
        "leaked-temporary-key",
        "LeakedTemporaryKey",
        "A temporary AWS key stands here with its secret.",
        "It ends by itself, within 36 hours at most. Until then the role's sessions can be revoked in the console.",
        "warning",
    ),
    "leaked-secret": Rule(
        "leaked-secret", "LeakedSecret", "An AWS secret access key stands here without its id.", _WHAT_TO_DO, "error"
    ),
    "live-key-id": Rule(
        "live-key-id",
        "LiveKeyId",
        "The id of an active AWS access key stands here without its secret.",
        "An id is no secret, but the secret may be in a place that was not searched. Rotate the key if nobody can say "
        "where its secret is (keywright rotate), or take the id out of the file.",
        "warning",
    ),
}


@dataclass(frozen=True, slots=True)
class Commit:
    """Who brought it in, and when."""

    id: Annotated[str, "the commit's id"]
    author: Annotated[str, "its author: name and address"]
    at: Annotated[datetime, "its author's date"]


@dataclass(frozen=True, slots=True)
class Finding:
    """A key that lies open, in one file or message."""

    rule: Annotated[
        RuleId,
        "leaked-key, leaked-temporary-key, leaked-secret (without an id), or live-key-id (an active key's id alone; "
        "only where IAM can be asked)",
    ]
    access_key_id: Annotated[str | None, "the key"]
    account_id: Annotated[str | None, "its account, read off the id; null where the id is of the older kind"]
    place: Annotated[str, "file, commit message, or tag message"]
    path: Annotated[str | None, "the file, from the root of its repository; null for what no commit has"]
    object_id: Annotated[str | None, "git's object that it was read from"]
    line: Annotated[int, "the line, counted from 1; in the history, of the version that brought it in"]
    occurrences: Annotated[int, "on how many lines it is; in the history, of how many versions"]
    with_token: Annotated[bool, "a session token is beside it"]
    within: Annotated[
        str | None,
        "what it was wrapped in: base64, UTF-16, gzip, bzip2, xz, or `zip: ` and the member, from outside in; the line "
        "of an unpacked file is that of what was unpacked",
    ]
    commit: Annotated[Commit | None, "the commit that brought it in"]
    fingerprint: Annotated[str, "by what a baseline knows it again"]


def finding_of(
    hit: Hit, *, path: str | None, place: str = "file", object_id: str | None = None, commit: Commit | None = None
) -> Finding:
    """Make a finding of a hit."""
    return Finding(
        rule=hit.rule_id,
        access_key_id=hit.access_key_id,
        account_id=account_of(hit.access_key_id) if hit.access_key_id else None,
        place=place,
        path=path,
        object_id=object_id,
        line=hit.line + 1,
        occurrences=1,
        with_token=hit.with_token,
        within=hit.within,
        commit=commit,
        fingerprint=fingerprint(hit, path or place),
    )


def fingerprint(hit: Hit, where: str) -> str:
    """
    Name a finding, wherever in its file it moves (64 hexadecimal digits).

    Of a secret without an id it takes in 32 bits of a digest: enough to see that another one stands there now. A guess
    at a secret that somebody has thought up cannot be confirmed by so few, nor can two files be seen to share one.
    """
    names = where.encode("utf-8", "surrogateescape")
    which = hit.access_key_id
    if which is None:
        assert hit.secret is not None  # a hit has one of the two
        which = hashlib.sha256(names + b"\0" + hit.secret.reveal().encode()).hexdigest()[:8]
    return hashlib.sha256(b"\0".join((b"keywright scan 1", hit.rule_id.encode(), names, which.encode()))).hexdigest()
