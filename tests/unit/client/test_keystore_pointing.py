"""Profiles that lead to a store: what is written into the AWS files, what is taken out, and what stays."""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path

import pytest
from botocore.session import Session

from keywright.aws.secret import Secret
from keywright.client.errors import AwsFileError
from keywright.client.keystore import StoredKey
from keywright.client.keystore.pointing import (
    is_ours,
    point_nowhere,
    point_to_file,
    point_to_store,
    process_of,
    refuse_other_key,
)
from tests.unit.client.conftest import Home

ID, OTHER, SECRET = "AKIAXYAFLIG2DFBKVWHJ", "AKIA" + "Q" * 16, "wJalrXUtnFEMI/K7MDENG/bPxRfiCYzzzzzzKEYY"
OWN = str(Path(sys.executable).with_name("keywright"))
KEY = StoredKey(ID, Secret(SECRET))
PLAIN = f"aws_access_key_id = {ID}\naws_secret_access_key = {SECRET}\n"


@pytest.fixture(autouse=True)
def on_path(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the command where names are looked up."""
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")


def test_a_key_gives_way_to_the_process(home: Home) -> None:
    """The key and its token go, the process comes, and every other byte of both files stays."""
    home.place(
        credentials=f"# mine\r\n[other]\r\nx = 1\r\n\r\n[kw]\r\n# rotated in May\r\n{PLAIN}aws_session_token = t\r\n",
        config="[default]\nregion=eu-west-1\n\n[profile kw] # work\n  region = us-east-1\n\n[sso-session s]\ny = 2\n",
    )
    written = point_to_store("kw", KEY, os.environ)
    assert home.credentials.read_bytes() == b"# mine\r\n[other]\r\nx = 1\r\n\r\n[kw]\r\n# rotated in May\r\n"
    assert home.config.read_text() == (
        "[default]\nregion=eu-west-1\n\n[profile kw] # work\n  region = us-east-1\n"
        f"  credential_process = {OWN} credential-process kw\n\n[sso-session s]\ny = 2\n"
    )
    assert written.changed == (home.config, home.credentials)
    assert Session(profile="kw").get_scoped_config()["credential_process"] == f"{OWN} credential-process kw"


def test_a_section_of_which_nothing_is_left_goes(home: Home) -> None:
    """A section that held nothing but the key goes with it; its neighbours stay as they are."""
    home.place(credentials=f"[a]\nx = 1\n\n[kw]\n{PLAIN}\n[b]\ny = 2\n")
    point_to_store("kw", KEY, os.environ)
    assert home.credentials.read_text() == "[a]\nx = 1\n\n[b]\ny = 2\n"


def test_every_spelling_of_the_profile(home: Home) -> None:
    """A key that stands in the config file, or under a second spelling, goes too."""
    home.place(config=f'[profile kw]\n{PLAIN}\n[profile "kw"]\n{PLAIN}output = json\n')
    point_to_store("kw", KEY, os.environ, options={"region": "us-east-1"})
    text = home.config.read_text()
    assert SECRET not in text
    assert text.endswith(
        f'[profile "kw"]\noutput = json\nregion = us-east-1\ncredential_process = {OWN} credential-process kw\n'
    )


@pytest.mark.parametrize(
    ("credentials", "config", "words"),
    [
        (f"[kw]\naws_access_key_id = {OTHER}\naws_secret_access_key = {SECRET}\n", "", "another key"),
        (f"[kw]\naws_access_key_id = {ID}\naws_secret_access_key = {SECRET[::-1]}\n", "", "another key"),
        ("", "[profile kw]\ncredential_process = /opt/theirs kw\n", "credential_process of its own"),
        (f"[kw]\n{PLAIN}", "[profile kw]\nlogin_session = arn\n", "login_session too, which comes before"),
        (f"[kw]\n{PLAIN}", "[profile kw]\nrole_arn = r\nsource_profile = kw\n", "role_arn too, which comes before"),
    ],
)
def test_what_would_be_lost_or_come_first_is_refused(home: Home, credentials: str, config: str, words: str) -> None:
    """Another key's secret is kept, and a profile that the store could not serve is not led there."""
    home.place(credentials=credentials, config=config)
    with pytest.raises(AwsFileError, match=words):
        point_to_store("kw", KEY, os.environ)
    assert (home.credentials.read_text(), home.config.read_text()) == (credentials, config)


def test_another_key_is_replaced_when_asked(home: Home) -> None:
    """With `replace_key` the store's key counts, whatever key was there."""
    home.place(credentials=f"[kw]\naws_access_key_id = {OTHER}\naws_secret_access_key = x\n")
    point_to_store("kw", KEY, os.environ, replace_key=True)
    assert home.credentials.read_text() == ""


def test_there_and_back(home: Home) -> None:
    """Back in plain text the profile is what it was, token included, and leads to no store."""
    key = StoredKey(ID, Secret(SECRET), Secret("token"))
    home.place(config="[profile kw]\nregion = us-east-1\n")
    point_to_store("kw", key, os.environ)
    written = point_to_file("kw", key, os.environ)
    assert written.changed == (home.credentials, home.config), "the key goes first: there is one at every moment"
    assert home.config.read_text() == "[profile kw]\nregion = us-east-1\n"
    assert home.credentials.read_text() == f"[kw]\n{PLAIN}aws_session_token = token\n"


def test_nowhere(home: Home) -> None:
    """A profile that leads to no store any more keeps the rest; another program's line is not ours to take."""
    home.place(config="[profile kw]\nregion = us-east-1\n[profile x]\ncredential_process = theirs\n")
    point_to_store("kw", KEY, os.environ)
    point_nowhere("kw", os.environ)
    point_nowhere("x", os.environ)
    assert home.config.read_text() == "[profile kw]\nregion = us-east-1\n[profile x]\ncredential_process = theirs\n"


def test_odd_names(home: Home) -> None:
    """A profile that is there may have a space in its name; a new one may not."""
    home.place(config='[profile "my prof"]\nregion = us-east-1\n')
    point_to_store("my prof", KEY, os.environ)
    process = Session(profile="my prof").get_scoped_config()["credential_process"]
    assert shlex.split(process) == [OWN, "credential-process", "my prof"]
    with pytest.raises(AwsFileError, match="a profile's name"):
        point_to_store("new one", KEY, os.environ)


def test_the_path_is_absolute_and_stays(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The line has the path of the name where that leads to this keywright (an installer's link), else its own path."""
    assert shlex.split(process_of("kw", {})) == [OWN, "credential-process", "kw"]
    monkeypatch.setenv("PATH", str(tmp_path))
    assert shlex.split(process_of("kw", {})) == [OWN, "credential-process", "kw"]
    folder = tmp_path / "with a space"
    folder.mkdir()
    link = folder / "keywright"
    link.write_text("#!/bin/sh\n")
    link.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))
    assert shlex.split(process_of("kw", {})) == [OWN, "credential-process", "kw"], "another program of this name"
    link.unlink()
    link.symlink_to(OWN)
    assert process_of("kw", {}) == f"'{link}' credential-process kw"
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", "with a space")
    assert process_of("kw", {}) == f"'{link}' credential-process kw", "whatever the folder"


@pytest.mark.parametrize(
    ("prefix", "tag"),
    [
        (".cache/uv/archive-v0/x1", ".cache/uv"),
        ("elsewhere/archive-v0/x1", "elsewhere"),
        (".cache/pipx/abc", None),
        (".local/pipx/.cache/abc", None),
        ("Library/Caches/pipx/abc", None),
    ],
)
def test_an_environment_for_one_run_is_not_pointed_to(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, home: Home, prefix: str, tag: str | None
) -> None:
    """Under `uvx` or `pipx run` the line has an installed keywright's path; without one nothing is written."""
    scripts = tmp_path / prefix / "bin"
    scripts.mkdir(parents=True)
    if tag:
        (tmp_path / tag / "CACHEDIR.TAG").touch()
    for name in ("python", "keywright"):
        (scripts / name).write_text("#!/bin/sh\n")
        (scripts / name).chmod(0o755)
    monkeypatch.setattr("sys.executable", str(scripts / "python"))
    monkeypatch.setattr("sys.prefix", str(scripts.parent))
    monkeypatch.setenv("PATH", str(scripts))
    for attempt in (point_to_store, lambda *given: refuse_other_key(*given, replace_key=False)):
        with pytest.raises(AwsFileError, match="uv tool install keywright"):
            attempt("kw", KEY, os.environ)
    assert not home.config.exists()
    installed = tmp_path / "bin" / "keywright"
    installed.parent.mkdir()
    installed.write_text("#!/bin/sh\n")
    installed.chmod(0o755)
    monkeypatch.setenv("PATH", f"{scripts}:{installed.parent}")
    assert process_of("kw", {}) == f"{installed} credential-process kw"


@pytest.mark.parametrize(
    "prefix", [".local/share/pipx/venvs/keywright", ".local/share/uv/tools/keywright", "work/.venv"]
)
def test_an_environment_that_stays(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, prefix: str) -> None:
    """What pipx and uv install, and a project's own environment (which uv tags as one of its own), are pointed to."""
    scripts = tmp_path / prefix / "bin"
    scripts.mkdir(parents=True)
    for name in ("pyvenv.cfg", "CACHEDIR.TAG"):
        (scripts.parent / name).touch()
    (scripts / "keywright").write_text("#!/bin/sh\n")
    (scripts / "keywright").chmod(0o755)
    monkeypatch.setattr("sys.executable", str(scripts / "python"))
    monkeypatch.setattr("sys.prefix", str(scripts.parent))
    monkeypatch.setenv("PATH", "/usr/bin")
    assert process_of("kw", {}) == f"{scripts}/keywright credential-process kw"
    link = tmp_path / "keywright"
    link.symlink_to(scripts / "keywright")
    monkeypatch.setenv("PATH", f"/usr/bin:{tmp_path}")
    assert process_of("kw", {}) == f"{link} credential-process kw"


def test_another_data_home(home: Home) -> None:
    """Where the store is not where HOME alone leads to, the line says where."""
    default = str(home.folder / ".local" / "share")
    assert shlex.split(process_of("kw", {"XDG_DATA_HOME": default})) == [OWN, "credential-process", "kw"]
    process = process_of("kw", {"XDG_DATA_HOME": "/my data"})
    assert shlex.split(process) == [OWN, "credential-process", "--data-home", "/my data", "kw"]
    assert is_ours(process, "kw")


@pytest.mark.parametrize(
    ("line", "ours"),
    [
        ("keywright credential-process kw", True),
        ("'/opt/a b/keywright' credential-process kw", True),
        ("/usr/bin/python3 -m keywright credential-process kw", True),
        ("/bin/keywright credential-process --data-home /d kw", True),
        ("/bin/keywright credential-process --data-home kw", False),
        ("credential-process kw", False),
        ("kw", False),
        ("keywright credential-process other", False),
        ("keywright login-session kw", False),
        ("notkeywright credential-process kw", False),
        ("keywright 'unbalanced", False),
        (None, False),
    ],
)
def test_what_is_ours(line: str | None, *, ours: bool) -> None:
    """Only a line that has us give this very profile's key is ours."""
    assert is_ours(line, "kw") is ours
