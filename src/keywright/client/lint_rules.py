"""What `keywright profiles lint` looks for: each rule's name, weight and meaning. docs/cli.md is made from it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final, NamedTuple


class Weight(StrEnum):
    """How bad it is."""

    ERROR = "error"
    """A tool stops, or signs with the wrong thing."""
    WARNING = "warning"
    """It works, until something else happens."""


class Rule(NamedTuple):
    """One rule."""

    weight: Weight
    meaning: str
    fixed: str = ""
    """What `fix` does about it; empty: nothing."""


_E, _W = Weight.ERROR, Weight.WARNING

RULES: Final = {
    "bom": Rule(_E, "a byte order mark, at which tools stop", "removed"),
    "encoding": Rule(_E, "the file is not UTF-8", "UTF-16 is written as UTF-8"),
    "file-mode": Rule(_W, "others of this machine can read or write the file", "mode 600"),
    "folder-mode": Rule(_W, "others of this machine can look into ~/.aws", "mode 700"),
    "text-before-section": Rule(_E, "text before the first section, at which tools stop"),
    "no-delimiter": Rule(
        _E, "a line without `=`, at which tools stop", "` = ` is put after an option's name; else it becomes a comment"
    ),
    "no-option-name": Rule(_E, "a line that begins with `=`, at which tools stop", "made a comment"),
    "unclosed-header": Rule(_E, "a header without its `]`, at which tools stop", "closed"),
    "duplicate-section": Rule(
        _E, "a section that is there twice, at which tools stop", "joined, where nothing differs"
    ),
    "duplicate-option": Rule(
        _E, "an option that is there twice, at which tools stop", "dropped, where the value is one"
    ),
    "nested-without-value": Rule(_E, "an indented line without `=` below an option without a value: tools stop"),
    "header-in-value": Rule(_E, "an indented header, which tools take for the value of the option above", "moved left"),
    "indented-header": Rule(
        _W, "an indented header, which `aws configure` does not see: it writes a second one", "moved left"
    ),
    "spaces-in-header": Rule(_E, "spaces inside the brackets: no tool finds the profile", "removed"),
    "profile-prefix": Rule(_E, "`[profile NAME]` in the credentials file: no tool finds it", "`[NAME]`"),
    "no-profile-prefix": Rule(_E, "`[NAME]` in the config file, where it must be `[profile NAME]`", "`[profile NAME]`"),
    "header-case": Rule(_E, "`default` or `profile` in other letters: no tool finds it", "written small"),
    "defaults-section": Rule(_E, "`[DEFAULT]`, whose options count in every section"),
    "unquoted-name": Rule(_E, "a profile's name with a space or an odd quote: no tool finds it", "quoted"),
    "spelt-twice": Rule(_E, "one profile under two spellings: the later hides all of the earlier"),
    "upper-case-option": Rule(
        _W, "an option in large letters, which `aws configure` does not see: it writes a second one", "written small"
    ),
    "misspelt-option": Rule(_E, "an option that no tool reads, much like one that they do", "renamed"),
    "inline-comment": Rule(_E, "a comment behind a value, which becomes part of it", "moved above"),
    "quotes": Rule(_E, "quotes around a value, which become part of it", "removed"),
    "swapped-key": Rule(_E, "the secret where the key id belongs, and the id where the secret does"),
    "key-id-form": Rule(_E, "no access key id"),
    "secret-form": Rule(_W, "a secret that has not 40 characters of A–Z, a–z, 0–9, + and /"),
    "placeholder": Rule(_E, "an example's text where a value belongs"),
    "example-key": Rule(_E, "the documentation's example key"),
    "no-secret": Rule(_E, "a key id without its secret: tools stop"),
    "no-key-id": Rule(_E, "a secret without its key id: it is passed over"),
    "stale-session-token": Rule(
        _E, "a session's token beside a long-term key: it is sent along, and the key is refused", "removed"
    ),
    "no-session-token": Rule(_E, "a temporary key (ASIA) without its token"),
    "shadowed-key": Rule(_W, "a key in the config file that another in the credentials file hides"),
    "shadowed-provider": Rule(_W, "`credential_process` or `login_session`, which a key in the credentials file beats"),
    "unknown-source-profile": Rule(_E, "`source_profile` names a profile that is not there"),
    "unknown-section": Rule(_E, "`sso_session` or `services` names a section that is not there"),
    "region-form": Rule(_W, "no region (an availability zone, a typo)"),
    "output-form": Rule(_W, "no output format of the aws CLI"),
}


STRUCTURE: Final = frozenset(tuple(RULES)[4 : tuple(RULES).index("upper-case-option")])
"""The rules about lines and headers, which are mended first: what a value is hangs on them."""


class Replacement(NamedTuple):
    """Lines that take the place of others (from `start` up to `end`, counted from 0)."""

    start: int
    end: int
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule found, and how to mend it."""

    rule: str
    path: Path
    index: int | None
    """The line, counted from 0; None: the file, or its folder."""
    detail: str
    """What stands there, without secrets."""
    fix: tuple[Replacement, ...] = ()
    """The lines to change, from the last to the first; empty where it is not mended, or not in the lines."""

    @property
    def weight(self) -> Weight:
        """Give the rule's weight."""
        return RULES[self.rule].weight
