"""`keywright profiles list | show | set | rename | delete`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from botocore.session import Session

from tests.unit.client.conftest import Home, Run

ID, OTHER, SECRET = "AKIAXYAFLIG2DFBKVWHJ", "AKIA" + "Q" * 16, "wJalrXUtnFEMI/K7MDENG/bPxRfiCYzzzzzzKEYY"
KEY = f"aws_access_key_id = {ID}\naws_secret_access_key = {SECRET}\n"
CONFIG = "# mine\n[default]\nregion = eu-central-1\n\n[profile work]\nendpoint_url = http://127.0.0.1:4580\n"
CREDENTIALS = f"[work]\n{KEY}\n# about other\n[other]\naws_access_key_id = {OTHER}\n"


@pytest.fixture
def files(home: Home) -> Home:
    """Have a few profiles."""
    home.place(config=CONFIG, credentials=CREDENTIALS)
    return home


def test_list(files: Home, run: Run) -> None:
    """The list says where each profile's credentials come from, and the account of a key without a call."""
    done = run("profiles", "list", "--json")
    profiles = {one["Name"]: one for one in json.loads(done.out)["Profiles"]}
    assert done.code == 0
    assert set(profiles) == {"default", "work", "other"}
    assert profiles["default"] == {
        "Name": "default",
        "Provider": "none",
        "AccessKeyId": None,
        "AccountId": None,
        "Region": "eu-central-1",
        "EndpointUrl": None,
    }
    assert (profiles["work"]["Provider"], profiles["work"]["AccountId"]) == ("access key", "532587168180")
    assert profiles["work"]["EndpointUrl"] == "http://127.0.0.1:4580"
    text = run("profiles", "list").out
    assert [line.split()[0] for line in text.splitlines()] == ["PROFILE", "default", "other", "work"]
    assert "\x1b" not in text


@pytest.mark.parametrize(
    ("config", "provider"),
    [
        ("role_arn = arn:aws:iam::111122223333:role/x\nsource_profile = default\n", "role"),
        ("sso_session = s\n", "sso"),
        ("login_session = x\n", "login"),
        ("credential_process = x\n", "process"),
        (KEY, "access key"),
        (KEY + "credential_process = x\n", "process"),
        ("region = x\n", "none"),
    ],
)
def test_providers(home: Home, run: Run, config: str, provider: str) -> None:
    """A profile's provider is the one that the tools take; of a key and a process in the config file the process."""
    home.place(config=f"[profile a]\n{config}")
    (profile,) = json.loads(run("profiles", "list", "--json").out)["Profiles"]
    assert profile["Provider"] == provider


def test_a_key_in_the_credentials_file_beats_a_process(home: Home, run: Run) -> None:
    """Where the key stands in the credentials file, the process of the config file loses."""
    home.place(config="[profile a]\ncredential_process = x\n", credentials=f"[a]\n{KEY}")
    (profile,) = json.loads(run("profiles", "list", "--json").out)["Profiles"]
    assert profile["Provider"] == "access key"


def test_a_file_that_no_tool_reads_is_listed_all_the_same(home: Home, run: Run) -> None:
    """The list comes with the line at which tools give up, and exit code 1."""
    home.place(credentials=f"[a]\n{KEY}[a]\n")
    done = run("profiles", "list", "--json")
    assert done.code == 1
    assert json.loads(done.out)["Unreadable"] == [f"{home.credentials}:4"]
    assert "profiles lint" in done.err


def test_show(files: Home, run: Run) -> None:
    """Each option comes with its place; a secret only when it is asked for."""
    done = run("profiles", "show", "work")
    assert done.code == 0
    assert f"{files.credentials}:2" in done.out
    assert SECRET not in run("profiles", "show", "work", "--json").out + done.out
    assert SECRET in run("profiles", "show", "work", "--show-secret").out


def test_show_marks_what_is_hidden(home: Home, run: Run) -> None:
    """An option of the config file that the credentials file has too is marked as hidden."""
    home.place(config="[default]\nregion = a-b-1\n", credentials="[default]\nregion = c-d-1\n")
    options = json.loads(run("profiles", "show", "default", "--json").out)["Options"]
    assert [(one["Value"], one["Hidden"]) for one in options] == [("c-d-1", False), ("a-b-1", True)]
    assert Session(profile="default").get_config_variable("region") == "c-d-1"


def test_show_does_not_steer_the_terminal(home: Home, run: Run) -> None:
    """A control character in a file is shown as text."""
    home.place(config="[default]\nregion = \x1b[2Jx\n")
    assert "\\x1b[2Jx" in run("profiles", "show", "default").out


@pytest.mark.parametrize("command", [("show", "nope"), ("rename", "nope", "x"), ("delete", "nope", "--yes")])
def test_a_profile_that_is_not_there(files: Home, run: Run, command: tuple[str, ...]) -> None:
    """Exit code 1, and the names that there are."""
    done = run("profiles", *command)
    assert (done.code, done.out) == (1, "")
    assert "there are: default, other, work" in done.err


def test_set_writes_each_option_where_it_belongs(files: Home, run: Run) -> None:
    """Options go to the config file; all else stays byte by byte."""
    done = run("profiles", "set", "work", "region=eu-west-1", "output=json", "--json")
    assert (done.code, json.loads(done.out)["Changed"]) == (0, [str(files.config)])
    assert files.config.read_text() == CONFIG + "region = eu-west-1\noutput = json\n"
    assert files.credentials.read_text() == CREDENTIALS
    assert run("profiles", "set", "work", "region=eu-west-1").out == "Profile work is so already; nothing was written\n"


def test_set_key_reads_standard_input(files: Home, run: Run) -> None:
    """A key comes from standard input, never from the command line, and the secret is not printed."""
    done = run("profiles", "set", "new", "region=eu-west-1", "--key", stdin=f"{ID}\n{SECRET}\n")
    assert done.code == 0
    assert SECRET not in done.out + done.err
    credentials = Session(profile="new").get_credentials()
    assert (credentials.access_key, credentials.secret_key) == (ID, SECRET)
    refused = run("profiles", "set", "new", f"aws_secret_access_key={SECRET}")
    assert refused.code == 2
    assert "--key" in refused.err


def test_set_key_of_a_session(files: Home, run: Run) -> None:
    """A temporary key comes with its token; a long-term one in its place takes the token away."""
    temporary = "ASIA" + ID[4:]
    assert run("profiles", "set", "new", "--key", stdin=f"{temporary}\n{SECRET}\n").code == 2
    assert run("profiles", "set", "new", "--key", stdin=f"{temporary}\n{SECRET}\ntoken\n").code == 0
    assert Session(profile="new").get_credentials().token == "token"
    assert run("profiles", "set", "new", "--key", "--replace-key", stdin=f"{ID}\n{SECRET}\n").code == 0
    assert Session(profile="new").get_credentials().token is None


def test_our_copies_forget_what_was_deleted(files: Home, run: Run) -> None:
    """The secret of a profile that is deleted or gets another key is in none of our copies; others' secrets stay."""
    secret, third = "z" * 20 + SECRET[20:], "y" * 20 + SECRET[20:]
    assert run("profiles", "set", "gone", "--key", stdin=f"{OTHER}\n{secret}\n").code == 0
    for number in range(2):
        assert run("profiles", "set", "gone", f"region=eu-west-{number + 1}").code == 0
    files.credentials.write_text(files.credentials.read_text() + f"# aws_secret_access_key = {secret}\n")
    assert run("profiles", "set", "fresh", "--key", stdin=f"{ID}\n{third}\n").code == 0
    folder = files.folder / ".local" / "state" / "keywright" / "aws-files"

    def holding(text: str) -> int:
        return sum(text in copy.read_text() for copy in folder.iterdir())

    assert holding(secret)
    assert run("profiles", "set", "fresh", "--key", "--replace-key", stdin=f"{OTHER}\n{secret[::-1]}\n").code == 0
    assert holding(third) == 0
    assert run("profiles", "delete", "gone", "--yes").code == 0
    assert holding(secret) == 0
    assert holding(SECRET)
    assert holding("removed-with-its-profile")


def test_set_keeps_another_key(files: Home, run: Run) -> None:
    """A profile's key is overwritten only on request: its secret may be nowhere else."""
    done = run("profiles", "set", "work", "--key", stdin=f"{OTHER}\n{SECRET}\n")
    assert (done.code, files.credentials.read_text()) == (1, CREDENTIALS)
    assert "--replace-key" in done.err
    done = run("profiles", "set", "work", "--key", "--replace-key", "--json", stdin=f"{OTHER}\n{SECRET}\n")
    assert files.credentials.read_text() == CREDENTIALS.replace(ID, OTHER)
    (backup,) = json.loads(done.out)["Backups"]
    assert Path(backup).read_text() == CREDENTIALS


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("region",),
        ("Region=x",),
        ("a b=x",),
        ("s3.addressing_style=path",),
        ("--key",),
        ("--unset",),
    ],
)
def test_set_wrong_usage(files: Home, run: Run, arguments: tuple[str, ...]) -> None:
    """Nothing to set, no OPTION=VALUE, no option's name, no key on standard input: exit code 2, nothing written."""
    done = run("profiles", "set", "work", *arguments, stdin=SECRET)
    assert (done.code, done.out) == (2, "")
    assert SECRET not in done.err
    assert (files.config.read_text(), files.credentials.read_text()) == (CONFIG, CREDENTIALS)


@pytest.mark.parametrize("value", ["", " x", "a\nb", "a\rb", "a\x00b", "a\x1b[2J"])
def test_set_values_that_a_line_cannot_hold(files: Home, run: Run, value: str) -> None:
    """A value that would come back as another is refused."""
    assert run("profiles", "set", "work", f"region={value}").code == 1
    assert files.config.read_text() == CONFIG


def test_set_unset(files: Home, run: Run) -> None:
    """An option that is unset goes, alone."""
    assert run("profiles", "set", "work", "--unset", "endpoint_url").code == 0
    assert files.config.read_text() == CONFIG.replace("endpoint_url = http://127.0.0.1:4580\n", "")


def test_set_says_of_an_option_that_no_tool_reads(files: Home, run: Run) -> None:
    """An unknown option is written, with a word about it."""
    done = run("profiles", "set", "work", "regoin=x")
    assert done.code == 0
    assert "regoin" in done.err


def test_set_refuses_a_broken_file(home: Home, run: Run) -> None:
    """A file that no tool reads is not edited: lint and fix come first."""
    home.place(config="[default]\nhello\n")
    done = run("profiles", "set", "work", "region=x")
    assert (done.code, home.config.read_text()) == (1, "[default]\nhello\n")
    assert "line 2" in done.err
    assert "profiles fix" in done.err


def test_rename(files: Home, run: Run) -> None:
    """The name changes in both files and in what is based on it; all else stays."""
    with files.config.open("a") as file:
        file.write("[profile admin]\nrole_arn = arn:aws:iam::111122223333:role/x\nsource_profile = work\n")
    before = files.config.read_text()
    assert run("profiles", "rename", "work", "job").code == 0
    assert files.config.read_text() == before.replace("[profile work]", "[profile job]").replace("= work", "= job")
    assert files.credentials.read_text() == CREDENTIALS.replace("[work]", "[job]")
    assert Session(profile="job").get_credentials().access_key == ID


@pytest.mark.parametrize("new", ["other", "a b", "DEFAULT", "a]"])
def test_rename_to_a_bad_name(files: Home, run: Run, new: str) -> None:
    """A name that is taken, or that a header cannot hold, is refused."""
    assert run("profiles", "rename", "work", new).code == 1
    assert (files.config.read_text(), files.credentials.read_text()) == (CONFIG, CREDENTIALS)


def test_rename_to_and_from_default(files: Home, run: Run) -> None:
    """`default` has another header in the config file, both ways."""
    assert run("profiles", "rename", "default", "first").code == 0
    assert run("profiles", "rename", "work", "default").code == 0
    assert files.config.read_text() == CONFIG.replace("[default]", "[profile first]").replace(
        "[profile work]", "[default]"
    )


def test_delete(files: Home, run: Run) -> None:
    """The profile goes from both files, its neighbours and their comments stay, and the key is named."""
    done = run("profiles", "delete", "work", "--yes")
    assert done.code == 0
    assert files.config.read_text() == "# mine\n[default]\nregion = eu-central-1\n"
    assert files.credentials.read_text() == f"# about other\n[other]\naws_access_key_id = {OTHER}\n"
    assert ID in done.err


def test_delete_asks(files: Home, run: Run) -> None:
    """Without --yes and without a terminal nothing is deleted: exit code 2."""
    done = run("profiles", "delete", "work", stdin="y\n")
    assert (done.code, files.credentials.read_text()) == (2, CREDENTIALS)


def test_delete_keeps_what_others_need(files: Home, run: Run) -> None:
    """A profile that another is based on stays, unless --force."""
    with files.config.open("a") as file:
        file.write("[profile admin]\nsource_profile = work\n")
    assert run("profiles", "delete", "work", "--yes").code == 1
    assert files.credentials.read_text() == CREDENTIALS
    assert run("profiles", "delete", "work", "--yes", "--force").code == 0


def test_delete_takes_every_spelling(home: Home, run: Run) -> None:
    """A profile that is there under two spellings does not come back with its older options."""
    home.place(config='[profile a]\nregion = a-b-1\n[profile "a"]\nregion = a-b-2\n[profile b]\n')
    assert run("profiles", "rename", "a", "c").code == 1
    assert run("profiles", "delete", "a", "--yes").code == 0
    assert home.config.read_text() == "[profile b]\n"


@pytest.mark.parametrize(
    "line",
    [
        f"aws_access_key_id = {SECRET}\naws_secret_access_key = {ID}",
        f"aws_secret_key = {SECRET}",
        f"region = {SECRET}",
        f"aws_session_token = {SECRET}",
        f"aws_secret_access_key = {SECRET}   # mine",
        f"aws_access_key_id = {SECRET} # swapped",
        f"credential_process = /bin/x --secret {SECRET}",
    ],
)
@pytest.mark.parametrize(
    "command",
    [
        ("profiles", "list"),
        ("profiles", "show", "a"),
        ("profiles", "lint"),
        ("profiles", "fix", "--dry-run"),
        ("doctor", "--offline", "--profile", "a"),
        ("verify", "--profile", "a", "--endpoint-url", "http://127.0.0.1:9"),
    ],
)
def test_a_secret_in_the_wrong_place_is_not_shown(home: Home, run: Run, line: str, command: tuple[str, ...]) -> None:
    """A secret that was misspelt, swapped or pasted elsewhere is not printed by whatever command."""
    home.place(credentials=f"[a]\n{line}\n")
    for form in ((), ("--json",)):
        done = run(*command, *form)
        assert SECRET not in done.out + done.err


def test_a_secret_is_not_taken_from_the_command_line(files: Home, run: Run) -> None:
    """What looks like a secret is refused as an argument, under whatever name."""
    for option in ("aws_secret_key", "region", "aws_session_token"):
        assert run("profiles", "set", "work", f"{option}={SECRET}").code == 2
    assert files.config.read_text() == CONFIG
