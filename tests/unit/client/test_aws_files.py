"""Writing profiles into the AWS files: odd files stay what they are, and botocore reads what was written."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import botocore.session
import pytest
from botocore.configloader import raw_config_parse

from keywright.aws.secret import Secret
from keywright.client.aws_files import write_profile
from keywright.client.errors import AwsFileError
from keywright.client.file_names import files
from keywright.client.ini import parse
from keywright.client.ini_edits import set_options

KEY, SECRET = "AKIA" + "Q" * 16, "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
OPTIONS = {"region": "us-east-1", "output": "json", "endpoint_url": "http://127.0.0.1:4580"}


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """An environment whose AWS files are the test's own."""
    return {
        "AWS_CONFIG_FILE": str(tmp_path / "aws" / "config"),
        "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "aws" / "credentials"),
        "XDG_STATE_HOME": str(tmp_path / "state"),
    }


def place(environment: Mapping[str, str], *, config: str | None = None, credentials: str | None = None) -> None:
    """Put texts into the AWS files, byte by byte."""
    for path, text in zip(files(environment), (config, credentials), strict=True):
        path.parent.mkdir(exist_ok=True)
        if text is not None:
            path.write_bytes(text.encode())


def texts(environment: Mapping[str, str]) -> tuple[str, str]:
    """Read the AWS files, byte by byte."""
    config, credentials = (path.read_bytes().decode() for path in files(environment))
    return config, credentials


def write(environment: Mapping[str, str], profile: str = "kw", key: str = KEY) -> None:
    """Write a profile."""
    write_profile(profile, key, Secret(SECRET), OPTIONS, environment)


def as_botocore_reads(environment: Mapping[str, str], profile: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Read a profile as every AWS tool does."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    session = botocore.session.Session(profile=profile)
    credentials = session.get_credentials()
    assert credentials is not None
    return {"key": credentials.access_key, "secret": credentials.secret_key, **session.get_scoped_config()}


@pytest.mark.parametrize("profile", ["kw", "default", "a.b-c_d@e+f,g", "Ünï"])
def test_botocore_reads_what_was_written(
    environment: dict[str, str], profile: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where there were no files, a profile of any name is complete for every AWS tool."""
    write(environment, profile)
    found = as_botocore_reads(environment, profile, monkeypatch)
    assert (found["key"], found["secret"]) == (KEY, SECRET)
    assert {name: found[name] for name in OPTIONS} == OPTIONS


def test_the_files_are_for_their_owner_alone(environment: dict[str, str]) -> None:
    """New files are 0600 in a folder of 0700, and nothing else is left in it."""
    write(environment)
    folder = files(environment)[0].parent
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {path.name for path in folder.iterdir()} == {"config", "credentials"}
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}


def test_a_file_that_others_read_is_closed(environment: dict[str, str]) -> None:
    """A credentials file of mode 0644 is 0600 once it holds a secret of ours."""
    place(environment, credentials="[other]\n", config="")
    for path in files(environment):
        path.chmod(0o644)
    write(environment)
    assert {stat.S_IMODE(path.stat().st_mode) for path in files(environment)} == {0o600}


ODD = """# a comment with [brackets]
; another

[default]
aws_access_key_id = AKIAOTHER   # kept as it is
  region=eu-west-1
s3 =
  addressing_style = path
[profile "my prof"] # note
output = text

[Other]
#aws_access_key_id = commented out"""


@pytest.mark.parametrize(
    "text", [ODD, ODD + "\n", ODD + "\n\n\n", ODD.replace("\n", "\r\n"), "", "\n\n", "# only this"]
)
def test_what_else_stands_there_stays(environment: dict[str, str], text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Comments, other profiles, line ends and a missing final newline survive; the profile is added at the end."""
    place(environment, config=text, credentials=text)
    write(environment)
    for written in texts(environment):
        assert written.startswith(text)
        if "\r\n" in text:
            assert "\n" not in written.replace("\r\n", "")
    found = as_botocore_reads(environment, "kw", monkeypatch)
    assert (found["key"], found["endpoint_url"]) == (KEY, OPTIONS["endpoint_url"])


def test_writing_twice_changes_nothing(environment: dict[str, str]) -> None:
    """The same profile written again leaves the files as they are."""
    place(environment, config=ODD, credentials=ODD)
    write(environment)
    first = texts(environment)
    write(environment)
    assert texts(environment) == first


def test_a_profile_is_changed_in_its_place(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Options of the profile take the new values where they stand; its other options and its neighbours stay."""
    before, after = "[profile a]\nregion = x\n\n[profile kw]\n", "\n# about b\n[profile b]\nregion = y\n"
    place(environment, config=f"{before}region = old\nmax_attempts = 7\n{after}", credentials="")
    write(environment)
    found = texts(environment)[0]
    assert found.startswith(f"{before}region = us-east-1\nmax_attempts = 7\n")
    assert found.endswith(after)
    assert found.count("[profile kw]") == 1
    assert as_botocore_reads(environment, "kw", monkeypatch)["max_attempts"] == "7"


@pytest.mark.parametrize(
    "section", ["[profile kw]", '[profile "kw"]', "[profile kw] # note", "[profile  kw]", "[profile\tkw]"]
)
def test_a_section_is_found_as_botocore_finds_it(
    environment: dict[str, str], section: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A profile whose header is quoted, commented or spaced is the same profile, and is not written a second time."""
    place(environment, config=f"{section}\nmax_attempts = 7\n", credentials="")
    write(environment)
    found = as_botocore_reads(environment, "kw", monkeypatch)
    assert (found["max_attempts"], found["region"]) == ("7", "us-east-1")


@pytest.mark.parametrize("header", ["[ kw ]", "[KW]", "[profile kw]"])
def test_a_section_that_botocore_does_not_find_is_not_ours(
    environment: dict[str, str], header: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A header in the credentials file that no tool takes for this profile does not swallow its key."""
    place(environment, credentials=f"{header}\nregion = x\n", config="")
    write(environment)
    assert as_botocore_reads(environment, "kw", monkeypatch)["key"] == KEY


@pytest.mark.parametrize(
    "line",
    [
        "aws_access_key_id = AKIAOTHER",
        "aws_access_key_id=AKIAOTHER",
        "AWS_ACCESS_KEY_ID = AKIAOTHER",
        "aws_access_key_id : AKIAOTHER",
        "  aws_access_key_id = AKIAOTHER",
    ],
)
def test_another_key_is_not_overwritten(environment: dict[str, str], line: str) -> None:
    """A profile that has another key is refused, however its line is written: that secret may be nowhere else."""
    before = f"[kw]\n{line}\naws_secret_access_key = precious\n"
    place(environment, credentials=before, config="")
    with pytest.raises(AwsFileError, match="another key"):
        write(environment)
    assert texts(environment) == ("", before)


@pytest.mark.parametrize("indent", ["  ", "\t"])
def test_an_indented_option_is_no_second_one(
    environment: dict[str, str], indent: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Options that are indented, which botocore reads, are changed and not doubled: a double breaks the whole file."""
    credentials = f"[kw]\n{indent}aws_access_key_id = {KEY}\n{indent}aws_secret_access_key = old\n"
    place(environment, credentials=credentials, config=f"[profile kw]\n{indent}region = old\n")
    write(environment)
    for path in files(environment):
        raw_config_parse(str(path))
    found = as_botocore_reads(environment, "kw", monkeypatch)
    assert (found["secret"], found["region"]) == (SECRET, "us-east-1")


def test_a_nested_option_is_not_the_profiles(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """What is nested under another option has its own meaning, and stays."""
    config = "[profile kw]\nservices = mine\ns3 =\n  endpoint_url = http://s3.example\n  region = nested\n"
    place(environment, config=config, credentials="")
    write(environment)
    found = as_botocore_reads(environment, "kw", monkeypatch)
    assert found["s3"] == {"endpoint_url": "http://s3.example", "region": "nested"}
    assert (found["endpoint_url"], found["region"]) == (OPTIONS["endpoint_url"], "us-east-1")


@pytest.mark.parametrize("name", ["", "a b", "a]b", "[a", "a\nb", "a#b", "a=b", 'a"b', "a/b", "../a"])
def test_names_that_would_break_a_file_are_refused(environment: dict[str, str], name: str) -> None:
    """A name that a header cannot hold is refused before anything is written."""
    with pytest.raises(AwsFileError, match="name"):
        write(environment, name)
    assert not files(environment)[0].parent.exists()


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_an_interrupted_write_leaves_the_old_file(
    environment: dict[str, str], step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk or a kill in the middle leaves the files as they were, and no half of a new one."""
    place(environment, config=ODD, credentials=ODD)

    def fail(*_arguments: Any) -> None:
        raise OSError("No space left on device")

    if step == "fsync":
        monkeypatch.setattr("os.fsync", fail)
    else:
        monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(AwsFileError, match="No space left"):
        write(environment)
    assert texts(environment) == (ODD, ODD)
    assert {path.name for path in files(environment)[0].parent.iterdir()} == {"config", "credentials"}


def test_a_key_is_never_without_its_endpoint(environment: dict[str, str]) -> None:
    """Where the config file cannot be written the key is not either: without endpoint_url it would go to AWS."""
    place(environment, credentials="[other]\n")
    files(environment)[0].mkdir()
    with pytest.raises(AwsFileError):
        write(environment)
    assert files(environment)[1].read_text() == "[other]\n"


def test_a_file_that_is_not_utf8_is_left_alone(environment: dict[str, str]) -> None:
    """A file in another encoding is refused rather than mangled."""
    place(environment, config="")
    content = "[a]\nx = \xe9\n".encode("latin-1")
    files(environment)[1].write_bytes(content)
    with pytest.raises(AwsFileError):
        write(environment)
    assert files(environment)[1].read_bytes() == content


def test_a_link_stays_a_link(environment: dict[str, str], tmp_path: Path) -> None:
    """A file that is a link is written where it points to."""
    real = tmp_path / "elsewhere"
    real.write_text("[other]\n")
    place(environment, config="")
    files(environment)[1].symlink_to(real)
    write(environment)
    assert files(environment)[1].is_symlink()
    assert KEY in real.read_text()


def test_errors_hold_no_secret(environment: dict[str, str]) -> None:
    """What is said of a failure does not repeat the key's secret."""
    place(environment, credentials="[kw]\naws_access_key_id = AKIAOTHER\naws_secret_access_key = precious\n")
    with pytest.raises(AwsFileError) as caught:
        write(environment)
    assert not any(secret in str(caught.value) for secret in (SECRET, "precious"))


def test_the_files_are_where_botocore_looks() -> None:
    """Without variables they are in ~/.aws; a tilde in a variable is the home folder."""
    home = Path("~").expanduser()
    assert files({}) == (home / ".aws" / "config", home / ".aws" / "credentials")
    assert files({"AWS_CONFIG_FILE": "~/c", "AWS_SHARED_CREDENTIALS_FILE": ""}) == (
        home / "c",
        home / ".aws" / "credentials",
    )


def test_options_go_before_the_blank_lines_of_their_section() -> None:
    """A new option joins its section's lines, not the gap below them."""
    lines = ["[a]\n", "x = 1\n", "\n", "\n", "[b]\n", "y = 2"]
    for header, value in (("a", "3"), ("b", "4")):
        (section,) = (one for one in parse(lines).sections if one.name == header)
        set_options(lines, section, header, {"z": value})
    assert "".join(lines) == "[a]\nx = 1\nz = 3\n\n\n[b]\ny = 2\nz = 4\n"
