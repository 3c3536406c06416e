"""Edits of odd AWS files: what is read is what botocore reads, and only what was named changes."""

from __future__ import annotations

import difflib
import tempfile
from pathlib import Path
from typing import Any

import pytest
from botocore.configloader import raw_config_parse
from botocore.exceptions import ConfigParseError
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from keywright.client.aws_files import edit, set_profile
from keywright.client.errors import AwsFileError
from keywright.client.file_names import Kind, files, profile_of
from keywright.client.ini import DEFAULTS, Fault, Parsed, is_comment, parse, split_lines
from keywright.client.ini_edits import delete_section, rename_section
from tests.unit.client.odd_files import odd_texts

pytestmark = pytest.mark.long

KEY = {"aws_access_key_id": "AKIA" + "Q" * 16, "aws_secret_access_key": "s" * 40}


def as_botocore_reads(path: Path) -> dict[str, Any] | None:
    """Read a file's sections; None where botocore cannot."""
    try:
        found: dict[str, Any] = raw_config_parse(str(path), parse_subsections=False)
        raw_config_parse(str(path))
    except ConfigParseError:
        return None
    return found


def nested_in_defaults(parsed: Parsed) -> bool:
    """Tell of a nested line without a value in [DEFAULT], which botocore misses where no section takes it over."""
    return any(
        one.name == DEFAULTS and one.index < spoilt.index < one.end
        for one in parsed.sections
        for spoilt in parsed.faults
        if spoilt.fault is Fault.NESTED_WITHOUT_VALUE
    )


def refusal_of(key: dict[str, str], environment: dict[str, str]) -> str | None:
    """Set a profile; give the refusal."""
    try:
        set_profile("kw", {Kind.CREDENTIALS: key}, environment, replace_key=True)
    except AwsFileError as error:
        return str(error)
    return None


def place(folder: str, text: str) -> tuple[dict[str, str], Path]:
    """Put a text in a credentials file."""
    environment = {
        "AWS_CONFIG_FILE": f"{folder}/config",
        "AWS_SHARED_CREDENTIALS_FILE": f"{folder}/credentials",
        "XDG_STATE_HOME": f"{folder}/state",
    }
    path = files(environment).credentials
    path.write_bytes(text.encode())
    return environment, path


@given(text=odd_texts())
@settings(max_examples=400, deadline=None)
def test_reads_as_botocore_reads(text: str) -> None:
    """Every file that botocore reads is read the same, and every other one has a fault with its line."""
    with tempfile.TemporaryDirectory() as folder:
        _, path = place(folder, text)
        expected = as_botocore_reads(path)
    parsed = parse(split_lines(text))
    assume(not nested_in_defaults(parsed))
    assert (expected is None) is bool(parsed.faults)
    if expected is not None:
        defaults = {
            name: option.value
            for one in parsed.sections
            if one.name == DEFAULTS
            for name, option in one.options.items()
        }
        assert expected == {
            one.name: defaults | {name: option.value for name, option in one.options.items()}
            for one in parsed.sections
            if one.name != DEFAULTS
        }


@given(text=odd_texts(), key=st.sampled_from([KEY, KEY | {"aws_session_token": "t/=+"}, {"x": "1"}]))
@settings(max_examples=400, deadline=None)
def test_an_edit_changes_what_it_names(text: str, key: dict[str, str]) -> None:
    """After a profile is set botocore reads it, reads all else as before, and every other line has its bytes."""
    with tempfile.TemporaryDirectory() as folder:
        environment, path = place(folder, text)
        before = as_botocore_reads(path)
        refusal = refusal_of(key, environment)
        if refusal is not None:
            assert path.read_bytes() == text.encode()
            assert nested_in_defaults(parse(split_lines(text))) or (before is None) is ("no AWS tool" in refusal)
            return
        assert before is not None
        after, written = as_botocore_reads(path), path.read_bytes().decode()
    assert after is not None
    assert key.items() <= after.pop("kw").items()
    before.pop("kw", None)
    assert after == before
    old, new = split_lines(text), split_lines(written)
    removed = [line for line in difflib.ndiff(old, new) if line.startswith("- ")]
    # A line without an end gets one; the others that go held what was set.
    names = tuple(key)
    assert all(line[2:].strip().lower().startswith(names) or not line.endswith(("\n", "\r")) for line in removed) or (
        _continued_lines_of(old, names)
    )


def _continued_lines_of(lines: list[str], names: tuple[str, ...]) -> bool:
    """Tell whether an option of these names goes over several lines."""
    return any(
        option.continued for one in parse(lines).sections for name, option in one.options.items() if name in names
    )


@given(above=odd_texts(), own=st.sampled_from(["", "x = 1", "  x = 1", "# c\nx =\n  y = 2\n# d"]), below=odd_texts())
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
def test_delete_takes_one_section(above: str, own: str, below: str) -> None:
    """Deleting a profile leaves every other section's bytes, or refuses and leaves the file."""
    text = f"{above}\n[kw]\n{own}\n{below}"
    with tempfile.TemporaryDirectory() as folder:
        environment, path = place(folder, text)
        before = as_botocore_reads(path)
        assume(before is not None and "kw" in before)

        def change(lines: Any) -> None:
            delete_section(lines.credentials, lines.find("kw", Kind.CREDENTIALS))

        try:
            edit(environment, change, about=frozenset({"kw"}))
        except AwsFileError:
            assert path.read_bytes() == text.encode()
            return
        after, written = as_botocore_reads(path), path.read_bytes().decode()
    assert before is not None
    assert after == {name: options for name, options in before.items() if name != "kw"}
    kept = [line for line in split_lines(written) if line.strip()]
    section = next(one for one in parse(split_lines(text)).sections if one.name == "kw")
    old = split_lines(text)
    outside = [line for line in old[: section.index] + old[section.end :] if not is_comment(line)]
    assert [line for line in kept if not is_comment(line)] == outside


@given(text=odd_texts())
@settings(max_examples=200, deadline=None)
def test_rename_changes_one_line(text: str) -> None:
    """Renaming a section changes its header and nothing else."""
    lines = split_lines(text)
    parsed = parse(lines)
    assume(parsed.sections and not parsed.faults)
    section = parsed.sections[0]
    rename_section(lines, section, "newname")
    old = split_lines(text)
    assert [index for index in range(len(old)) if old[index] != lines[index]] == [section.index]
    again = parse(lines).sections
    assert again[0].name == "newname"
    assert [one.options for one in again] == [one.options for one in parsed.sections]
    assert profile_of("newname", Kind.CREDENTIALS) == "newname"
