"""`keywright profiles lint` and `fix`: every trap is found at its line, and mended without a guess or not at all."""

from __future__ import annotations

import json
import re
import stat
import tempfile
from pathlib import Path

import pytest
from botocore.configloader import raw_config_parse
from botocore.exceptions import ConfigParseError
from botocore.session import Session
from hypothesis import example, given, settings

from keywright.client.file_names import Files, Kind, files
from keywright.client.fix import fix
from keywright.client.lint import lint_contents
from keywright.client.lint_rules import RULES
from tests.unit.client.conftest import Home, Run
from tests.unit.client.odd_files import odd_texts

ID, SECRET = "AKIA" + "Q" * 16, "wJalrXUtnFEMI/K7MDENG/bPxRfiCYzzzzzzKEYY"
KEY = f"aws_access_key_id = {ID}\naws_secret_access_key = {SECRET}\n"
NAMED = Files(Path("config"), Path("credentials"))
FOUND = [
    # rule, config, credentials, file, line, what fix makes of that file (None: left as it is)
    ("bom", "", b"\xef\xbb\xbf[a]\n" + KEY.encode(), "credentials", 1, "[a]\n" + KEY),
    ("encoding", "", ("[a]\n" + KEY).encode("utf-16"), "credentials", 1, "[a]\n" + KEY),
    ("encoding", "", b"[a]\nx = \xe9\n", "credentials", None, None),
    ("text-before-section", "region = x1\n[default]\n", "", "config", 1, None),
    ("no-delimiter", "[default]\nregion eu-west-1\n", "", "config", 2, "[default]\nregion = eu-west-1\n"),
    ("no-delimiter", "[default]\nhello there\n", "", "config", 2, "[default]\n# hello there\n"),
    ("no-option-name", "[default]\n= 1\n", "", "config", 2, "[default]\n# = 1\n"),
    ("unclosed-header", "[default\noutput = json\n", "", "config", 1, "[default]\noutput = json\n"),
    (
        "duplicate-section",
        "",
        f"[a]\n{KEY}[b]\n{KEY}[a]\nregion = eu-west-1\n# end\n",
        "credentials",
        7,
        f"[a]\n{KEY}region = eu-west-1\n[b]\n{KEY}# end\n",
    ),
    ("duplicate-section", "", f"[a]\n{KEY}[a]\naws_access_key_id = AKIAZ\n", "credentials", 4, None),
    ("duplicate-option", "[default]\nregion = a-b-1\nREGION = a-b-1\n", "", "config", 3, "[default]\nregion = a-b-1\n"),
    ("duplicate-option", "[default]\nregion = a-b-1\nregion = a-b-2\n", "", "config", 3, None),
    ("nested-without-value", "[default]\ns3 =\n  addressing_style path\n", "", "config", 3, None),
    (
        "header-in-value",
        "",
        f"[a]\n{KEY}aws_session_token = t\n [b]\n{KEY}",
        "credentials",
        5,
        f"[a]\n{KEY}[b]\n{KEY}",
    ),
    ("indented-header", "", f" [a]\n{KEY}", "credentials", 1, f"[a]\n{KEY}"),
    ("spaces-in-header", "", f"[ a ]\n{KEY}", "credentials", 1, f"[a]\n{KEY}"),
    ("profile-prefix", "", f"[profile a]\n{KEY}", "credentials", 1, f"[a]\n{KEY}"),
    ("profile-prefix", "", f"[profile a]\n{KEY}[a]\nx = 1\n", "credentials", 1, None),
    ("no-profile-prefix", "[a] # c\nregion = eu-west-1\n", "", "config", 1, "[profile a] # c\nregion = eu-west-1\n"),
    ("header-case", "[Default]\n", "", "config", 1, "[default]\n"),
    ("header-case", "[Profile a]\n", "", "config", 1, "[profile a]\n"),
    ("defaults-section", "[DEFAULT]\nregion = eu-west-1\n", "", "config", 1, None),
    ("unquoted-name", "[profile a b]\n", "", "config", 1, '[profile "a b"]\n'),
    ("spelt-twice", '[profile a]\nx = 1\n[profile "a"]\n', "", "config", 3, None),
    ("upper-case-option", "[default]\nREGION=eu-west-1\n", "", "config", 2, "[default]\nregion=eu-west-1\n"),
    ("misspelt-option", "", "[a]\n" + KEY.replace("_id", ""), "credentials", 2, "[a]\n" + KEY),
    ("misspelt-option", "[default]\nregoin = eu-west-1\n", "", "config", 2, None),
    (
        "inline-comment",
        "",
        "[a]\n" + KEY.replace(ID, ID + "   # my key"),
        "credentials",
        2,
        "[a]\n# my key\n" + KEY,
    ),
    ("quotes", "", "[a]\n" + KEY.replace(SECRET, f'"{SECRET}"'), "credentials", 3, "[a]\n" + KEY),
    (
        "swapped-key",
        "",
        f"[a]\naws_access_key_id = {SECRET}\naws_secret_access_key = {ID}\n",
        "credentials",
        2,
        None,
    ),
    ("key-id-form", "", "[a]\n" + KEY.replace(ID, "akia-x"), "credentials", 2, None),
    ("secret-form", "", "[a]\n" + KEY.replace(SECRET, SECRET[:-1]), "credentials", 3, None),
    ("placeholder", "", "[a]\n" + KEY.replace(ID, "your-access-key-id"), "credentials", 2, None),
    ("example-key", "", "[a]\n" + KEY.replace(ID, "AKIAIOSFODNN7EXAMPLE"), "credentials", 2, None),
    ("no-secret", "", f"[a]\naws_access_key_id = {ID}\n", "credentials", 2, None),
    ("no-key-id", "", f"[a]\naws_secret_access_key = {SECRET}\n", "credentials", 2, None),
    ("stale-session-token", "", f"[a]\n{KEY}aws_session_token = t\n", "credentials", 4, f"[a]\n{KEY}"),
    ("no-session-token", "", "[a]\n" + KEY.replace("AKIA", "ASIA"), "credentials", 2, None),
    ("shadowed-key", f"[default]\n{KEY}", f"[default]\n{KEY}", "config", 2, None),
    ("shadowed-provider", "[default]\ncredential_process = x\n", f"[default]\n{KEY}", "config", 2, None),
    ("shadowed-provider", "[profile a]\nlogin_session = x\n", f"[a]\n{KEY}", "config", 2, None),
    ("unknown-source-profile", "[default]\nsource_profile = b\n", "", "config", 2, None),
    ("unknown-section", "[default]\nsso_session = b\n", "", "config", 2, None),
    ("region-form", "[default]\nregion = eu-west-1a\n", "", "config", 2, None),
    ("output-form", "[default]\noutput = jsn\n", "", "config", 2, None),
]


@pytest.mark.parametrize(("rule", "config", "credentials", "file", "line", "mended"), FOUND)
def test_every_rule(
    home: Home,
    run: Run,
    rule: str,
    config: str | bytes,
    credentials: str | bytes,
    file: str,
    line: int | None,
    mended: str | None,
) -> None:
    """Each trap is named with file and line; what can be mended without a guess is, the rest stays byte by byte."""
    home.place(config=config, credentials=credentials)
    path = home.aws / file
    before = path.read_bytes()
    done = run("profiles", "lint", "--json")
    assert (done.code, done.err) == (1, "")
    found = {one["Rule"]: one for one in json.loads(done.out)["Findings"]}
    assert (found[rule]["Path"], found[rule]["Line"]) == (str(path), line)
    assert found[rule]["Fixable"] is (mended is not None)
    assert SECRET not in done.out
    dry = run("profiles", "fix", "--dry-run", "--json")
    assert (dry.code, path.read_bytes()) == (1, before)
    fixed = run("profiles", "fix", "--json")
    assert json.loads(fixed.out)["Mended"] == json.loads(dry.out)["Mended"]
    assert path.read_bytes() == (before if mended is None else mended.encode())
    left = json.loads(fixed.out)["Left"]
    assert (rule in {one["Rule"] for one in left}) is (mended is None)
    assert fixed.code == bool(left)


def test_every_rule_is_tested() -> None:
    """No rule is without its case above; modes have tests of their own."""
    assert {case[0] for case in FOUND} == RULES.keys() - {"file-mode", "folder-mode"}


GOOD = """# fine
[default]
region = eu-central-1
output=json
s3 =
  addressing_style = path
[profile "my prof"] # note
sso_session = s
credential_process = /bin/x --c "# not a comment"
[sso-session s]
sso_region = eu-west-1
[profile r]
role_arn = arn:aws:iam::111122223333:role/x
source_profile = k
cli_pager =
[plugins]
cli_legacy_plugin_path = /x
[services s]
[preview]
cloudfront = true
"""


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_good_files_have_no_findings(home: Home, run: Run, newline: str) -> None:
    """What every tool reads well is not complained about, and not touched."""
    home.place(config=GOOD.replace("\n", newline), credentials=f"[k]\n{KEY}".replace("\n", newline))
    files = (home.config, home.credentials)
    before = [(file.stat().st_ino, file.stat().st_mtime_ns, file.stat().st_mode) for file in files]
    assert run("profiles", "lint") == (0, "Nothing is wrong with the AWS files\n", "")
    assert run("profiles", "fix").code == 0
    assert [(file.stat().st_ino, file.stat().st_mtime_ns, file.stat().st_mode) for file in files] == before


def test_no_files_have_no_findings(home: Home, run: Run) -> None:
    """Somebody without AWS files has nothing wrong with them, and fix makes none."""
    assert run("profiles", "lint").code == 0
    assert run("profiles", "fix").code == 0
    assert list(home.aws.iterdir()) == []


def test_modes(home: Home, run: Run) -> None:
    """Files and folder that others can read are found, and closed by fix."""
    home.place(credentials="[a]\n")
    home.credentials.chmod(0o644)
    home.aws.chmod(0o755)
    found = json.loads(run("profiles", "lint", "--json").out)["Findings"]
    assert [(one["Rule"], one["Path"]) for one in found] == [
        ("file-mode", str(home.credentials)),
        ("folder-mode", str(home.aws)),
    ]
    assert run("profiles", "fix").code == 0
    assert stat.S_IMODE(home.credentials.stat().st_mode) == 0o600
    assert stat.S_IMODE(home.aws.stat().st_mode) == 0o700


def test_a_folder_that_is_not_ours_keeps_its_mode(home: Home, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a variable puts the files into another folder, that folder's mode is its own affair."""
    shared = home.folder / "shared"
    shared.mkdir(mode=0o755)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(shared / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(shared / "credentials"))
    assert run("profiles", "lint").code == 0


def test_after_fix_the_tools_read_it(home: Home, run: Run) -> None:
    """A file with several traps at once serves botocore once it is mended."""
    home.place(
        config=b"\xef\xbb\xbf[work]\r\nREGION = eu-west-1\r\n",
        credentials=" [ work ]\n"
        + KEY.replace(ID, ID + " # mine").replace(SECRET, repr(SECRET))
        + "aws_session_token = t\n",
    )
    assert run("profiles", "fix").code == 0
    session = Session(profile="work")
    credentials = session.get_credentials()
    assert (credentials.access_key, credentials.secret_key, credentials.token) == (ID, SECRET, None)
    assert session.get_config_variable("region") == "eu-west-1"


@given(text=odd_texts())
@example(text="[default]\r\n0 = \r\n0 = \r\n0:00")
@settings(max_examples=300, deadline=None)
def test_fix_loses_nothing(text: str) -> None:
    """Of whatever file, fix keeps every word, comes to an end, and says what is still in botocore's way."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            "AWS_CONFIG_FILE": f"{folder}/config",
            "AWS_SHARED_CREDENTIALS_FILE": f"{folder}/credentials",
            "XDG_STATE_HOME": f"{folder}/state",
        }
        path = files(environment).credentials
        path.write_bytes(text.encode())
        done = fix(environment)
        fixed = path.read_bytes().decode()
        again = fix(environment)
        assert (again.mended, path.read_bytes().decode()) == ((), fixed)
        try:
            raw_config_parse(str(path))
        except ConfigParseError:
            assert done.left
    assert set(re.findall(r"\w+", text)) - {"profile"} <= set(re.findall(r"\w+", fixed))


@given(text=odd_texts())
@settings(max_examples=200, deadline=None)
def test_lint_says_of_every_file_that_tools_refuse_why(text: str) -> None:
    """A config file that botocore cannot parse has a finding that is an error."""
    found = lint_contents(NAMED, {Kind.CONFIG: text.encode(), Kind.CREDENTIALS: b""})
    with tempfile.NamedTemporaryFile() as file:
        file.write(text.encode())
        file.flush()
        try:
            raw_config_parse(file.name)
        except ConfigParseError:
            assert any(one.weight == "error" for one in found)
