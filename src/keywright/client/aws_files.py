"""
Change the AWS files, `~/.aws/config` and `~/.aws/credentials`: the one place that writes them.

Who writes holds a lock on the files' folder, so that writers of ours wait for each other. A file is replaced whole or
not at all, readable by its owner alone; a copy of the old one is kept (`backups`), without the secrets that the edit
takes out. What an edit does not name stays as it is, byte by byte, and reads as it did: an edit that would change
another section is refused.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from keywright.aws.secret import Secret
from keywright.client import ini_edits
from keywright.client.backups import backup_folder, clean_copies, keep_backup, without
from keywright.client.errors import AwsFileError
from keywright.client.file_names import Files, Kind, files, header_of, is_good_name, profile_of
from keywright.client.ini import Section, parse, split_lines
from keywright.client.known_options import is_secret
from keywright.client.locking import locked
from keywright.client.replacing import Original, read_original, remove_left_over, replace_file

_IN_ITS_PLACE: Final = b"removed-with-its-profile"
_SHORTEST_SECRET: Final = 16
_RUN_LINT: Final = "`keywright profiles lint` says what is wrong, `keywright profiles fix` mends what it can"


@dataclass(frozen=True, slots=True)
class Lines:
    """The two files' lines, to be changed in place."""

    config: list[str]
    credentials: list[str]

    def of(self, kind: Kind) -> list[str]:
        """Give one file's."""
        return self.config if kind is Kind.CONFIG else self.credentials

    def find(self, profile: str, kind: Kind) -> Section | None:
        """Find a profile's section, however it is spelt; the last one counts, as with botocore."""
        return next(
            (one for one in reversed(parse(self.of(kind)).sections) if profile_of(one.name, kind) == profile), None
        )

    def set(self, profile: str, kind: Kind, options: Mapping[str, str]) -> None:
        """Set options of a profile in one file."""
        ini_edits.set_options(self.of(kind), self.find(profile, kind), header_of(profile, kind), options)


@dataclass(frozen=True, slots=True)
class Written:
    """What an edit did."""

    files: Files
    changed: tuple[Path, ...]
    backups: tuple[Path, ...]
    cleaned: tuple[Path, ...] = ()
    """The copies that a secret was taken out of, because the edit took it out of the files."""


def edit(
    environment: Mapping[str, str],
    change: Callable[[Lines], None],
    *,
    about: frozenset[str],
    order: tuple[Kind, Kind] = (Kind.CONFIG, Kind.CREDENTIALS),
) -> Written:
    """
    Read both files, let `change` change them, and write what has changed, in an order.

    `about` names the profiles that may change. Raises: AwsFileError, and what `change` raises.
    """
    named = files(environment)
    try:
        with _locked(named):
            originals = {kind: read_original(named.of(kind)) for kind in Kind}
            lines = Lines(*(_readable(named.of(kind), originals[kind]) for kind in Kind))
            before = {kind: _others(lines.of(kind), kind, about) for kind in Kind}
            change(lines)
            for kind in Kind:
                _refuse_side_effects(named.of(kind), before[kind], lines.of(kind), kind, about)
            gone = _secrets(_texts(originals)) - _secrets("".join(lines.of(kind)) for kind in Kind)
            wanted = {kind: (originals[kind], lines.of(kind)) for kind in order}
            return _write(named, wanted, environment, gone)
    except (OSError, UnicodeError) as error:
        raise AwsFileError(f"the AWS files cannot be changed: {error}") from error


def rewrite(environment: Mapping[str, str], change: Callable[[dict[Kind, Original]], dict[Kind, list[str]]]) -> Written:
    """
    Let `change` make new lines of both files, whatever state they are in: for repairs.

    Its copies keep all secrets: a repair takes none out on purpose, so one that is missing then was lost by mistake.
    Raises: AwsFileError.
    """
    named = files(environment)
    try:
        with _locked(named):
            originals = {kind: read_original(named.of(kind)) for kind in Kind}
            changed = change(originals)
            return _write(named, {kind: (originals[kind], lines) for kind, lines in changed.items()}, environment)
    except (OSError, UnicodeError) as error:
        raise AwsFileError(f"the AWS files cannot be changed: {error}") from error


def write_profile(
    name: str,
    access_key_id: str,
    secret_access_key: Secret,
    options: Mapping[str, str],
    environment: Mapping[str, str],
) -> tuple[Path, Path]:
    """
    Write a key to the credentials file and options (region, endpoint_url, …) to the config file.

    Gives the two files. Raises: AwsFileError; so too where the profile has another key.
    """
    key = {"aws_access_key_id": access_key_id, "aws_secret_access_key": secret_access_key.reveal()}
    # A session's token that is left over would be sent with the key, which then is refused.
    stale = frozenset({"aws_session_token"})
    written = set_profile(name, {Kind.CREDENTIALS: key, Kind.CONFIG: options}, environment, unset=stale)
    return written.files.config, written.files.credentials


def set_profile(
    name: str,
    options: Mapping[Kind, Mapping[str, str]],
    environment: Mapping[str, str],
    *,
    unset: frozenset[str] = frozenset(),
    replace_key: bool = False,
) -> Written:
    """
    Set a profile's options in each file, and take others out of both.

    Raises: AwsFileError; so too, unless `replace_key`, where the profile has another key: its secret may be nowhere
    else.
    """
    refuse_bad_name(name)
    refuse_bad_values(option for of_file in options.values() for option in of_file.items())

    def change(lines: Lines) -> None:
        if not replace_key:
            _refuse_other_key(lines, name, options, files(environment))
        for kind in Kind:
            section = lines.find(name, kind)
            if section is not None:
                ini_edits.unset_options(lines.of(kind), section, unset)
            if options.get(kind):
                lines.set(name, kind, options[kind])

    # The options go first: a key without its endpoint_url would be sent to AWS.
    return edit(environment, change, about=frozenset({name}))


def refuse_bad_name(name: str) -> None:
    """
    Refuse a profile's name that a header cannot hold.

    Raises: AwsFileError.
    """
    if not is_good_name(name):
        raise AwsFileError(
            f"a profile's name is made of letters, digits and any of +,.@-_, and not DEFAULT: {name!r} is not"
        )


def refuse_bad_values(options: Iterable[tuple[str, str]]) -> None:
    """
    Refuse a value that a line cannot hold.

    Raises: AwsFileError.
    """
    for name, value in options:
        if not value or value != value.strip() or not value.isprintable():
            raise AwsFileError(
                f"the value of {name} is empty, begins or ends with a space, or holds a line end or a control character"
            )


def _refuse_other_key(lines: Lines, name: str, options: Mapping[Kind, Mapping[str, str]], named: Files) -> None:
    """Keep a secret that may be nowhere else: that of the same key may be corrected."""
    new = {option: value for of_file in options.values() for option, value in of_file.items()}
    for kind in Kind:
        section = lines.find(name, kind)
        if section is None or "aws_access_key_id" not in new:
            continue
        key = section.value("aws_access_key_id")
        if (key or section.value("aws_secret_access_key")) and key != new["aws_access_key_id"]:
            raise AwsFileError(f"{named.of(kind)} has a profile {name} with another key: choose another name")


def _readable(path: Path, original: Original) -> list[str]:
    lines = split_lines(original.content.decode("utf-8"))
    faults = parse(lines).faults
    if faults:
        raise AwsFileError(f"no AWS tool can read {path} because of its line {faults[0].index + 1}: {_RUN_LINT}")
    return lines


def _others(lines: list[str], kind: Kind, about: frozenset[str]) -> list[tuple[str, dict[str, str]]]:
    """Give what the sections say that are not of these profiles."""
    return [
        (section.name, {option.name: option.value for option in section.options.values()})
        for section in parse(lines).sections
        if profile_of(section.name, kind) not in about
    ]


def _refuse_side_effects(
    path: Path, before: list[tuple[str, dict[str, str]]], lines: list[str], kind: Kind, about: frozenset[str]
) -> None:
    if parse(lines).faults or _others(lines, kind, about) != before:
        raise AwsFileError(
            f"the edit would change another section of {path}, whose lines are oddly indented: {_RUN_LINT}"
        )


def _texts(originals: Mapping[Kind, Original]) -> Iterator[str]:
    return (original.content.decode() for original in originals.values())


def _secrets(texts: Iterable[str]) -> frozenset[bytes]:
    """Find the secrets in files, by their options; a short one, such as LocalStack's `test`, is none."""
    return frozenset(
        option.value.encode()
        for text in texts
        for section in parse(split_lines(text)).sections
        for option in section.options.values()
        if len(option.value) >= _SHORTEST_SECRET and is_secret(option.name, option.value)
    )


def _write(
    named: Files,
    wanted: Mapping[Kind, tuple[Original, list[str]]],
    environment: Mapping[str, str],
    gone: frozenset[bytes] = frozenset(),
) -> Written:
    """Keep copies without the secrets that are `gone`, then write; killed in between, the files still have them."""
    changed: list[Path] = []
    kept: list[Path] = []
    folder = backup_folder(environment)
    cleaned = clean_copies(folder, gone, _IN_ITS_PLACE)
    for kind, (original, lines) in wanted.items():
        content = "".join(lines).encode("utf-8")
        if content == original.content:
            continue
        path = named.of(kind)
        if original.exists:
            copied = without(original.content, gone, _IN_ITS_PLACE)
            kept.append(keep_backup(path, copied, folder))
            cleaned += kept[-1:] if copied != original.content else []
        replace_file(path, original, content)
        changed.append(path)
    return Written(named, tuple(changed), tuple(kept), tuple(cleaned))


@contextlib.contextmanager
def _locked(named: Files) -> Iterator[None]:
    """Hold the lock of the files' folders."""
    folders = sorted({path.resolve().parent for path in named})
    with contextlib.ExitStack() as stack:
        for folder in folders:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            stack.enter_context(locked(folder))
        for path in named:
            # It may hold a secret, and nothing else may ever be written here again.
            remove_left_over(path.resolve())
        yield
