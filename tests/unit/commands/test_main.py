"""The command line: its flags, its answers, its exit codes."""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path

import pytest

from keywright.aws.identifiers import account_of
from keywright.client.cli import subcommands
from keywright.commands.administration.arguments import MEANINGS
from keywright.commands.main import _parser, main
from keywright.identity import accounts
from keywright.server.settings import SETTINGS
from keywright.store.migrations import version_table
from keywright.store.sqlite import sqlite_engine


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Keep the developer's own settings and AWS files out, and hashing out of the way."""
    for name in [name for name in os.environ if name.startswith(("KEYWRIGHT_", "AWS_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "aws" / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "aws" / "credentials"))
    monkeypatch.setattr(accounts, "hash_password", lambda _password: "hash")


@pytest.fixture
def data(tmp_path: Path) -> str:
    """A folder for a store, which is not there yet."""
    return str(tmp_path / "data")


def test_init_prints_one_json_object(data: str, capsys: pytest.CaptureFixture[str]) -> None:
    """`init --json` prints the account and its secrets as one object, and nothing else."""
    assert main(["init", "--data", data, "--alias", "my-alias", "--admin", "boss", "--json"]) == 0
    printed = capsys.readouterr()
    account = json.loads(printed.out)
    assert set(account) == {
        "AccountId",
        "AccountAlias",
        "RootEmail",
        "RootPassword",
        "UserName",
        "Password",
        "AccessKeyId",
        "SecretAccessKey",
    }
    assert (account["AccountAlias"], account["UserName"]) == ("my-alias", "boss")
    assert account_of(account["AccessKeyId"]) == account["AccountId"]
    assert len(account["SecretAccessKey"]) == 40
    assert printed.err == ""


def test_a_wrong_command_is_told_the_right_ones(capsys: pytest.CaptureFixture[str]) -> None:
    """The server's and the client's are all named."""
    with pytest.raises(SystemExit) as ended:
        main(["rotat"])
    assert ended.value.code == 2
    printed = capsys.readouterr().err
    assert all(name in printed for name in ("init", "account", "serve", *MEANINGS, *subcommands.NAMES))


@pytest.mark.parametrize("name", ["init", "account", "serve", *MEANINGS, *sorted(subcommands.NAMES)])
def test_a_commands_own_parser_is_that_of_the_whole(name: str) -> None:
    """A command line's parser, which has its command alone, knows as much of it as the one that has all."""
    own, whole = (_commands_of(_parser(first)) for first in (name, None))
    assert own[name].format_help() == whole[name].format_help()
    assert len(whole) == 3 + len(MEANINGS) + len(subcommands.NAMES)
    assert len(own) == (len(whole) if name == "completion" else 1)


def _commands_of(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    (commands,) = (action for action in parser._actions if isinstance(action, argparse._SubParsersAction))
    return dict(commands.choices)


def test_init_is_for_people_too(data: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Without --json the same is written as text, once."""
    assert main(["init", "--data", data, "--account-id", "111122223333"]) == 0
    text = capsys.readouterr().out
    assert "Account 111122223333 is ready." in text
    for word in ("Root user", "Administrator", "Access key ID", "AKIA"):
        assert word in text


def test_a_second_init_says_so(data: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A store is initialised once: the second time is exit 1, one line, and no secret."""
    main(["init", "--data", data])
    capsys.readouterr()
    assert main(["init", "--data", data, "--json"]) == 1
    printed = capsys.readouterr()
    assert json.loads(printed.out)["error"]["next"] == ["keywright account create"]
    assert printed.err.count("\n") == 1
    assert "keywright account create" in printed.err


def test_a_further_account(data: str, capsys: pytest.CaptureFixture[str]) -> None:
    """`account create` adds an account; an id, alias or e-mail that is taken is exit 1 and one line."""
    main(["init", "--data", data, "--account-id", "111122223333", "--alias", "one"])
    assert main(["account", "create", "--data", data, "--account-id", "444455556666", "--alias", "two"]) == 0
    capsys.readouterr()
    for taken in (
        ["--account-id", "444455556666"],
        ["--alias", "one"],
        ["--root-email", "ROOT@111122223333.keywright.internal"],
    ):
        assert main(["account", "create", "--data", data, *taken]) == 1
        printed = capsys.readouterr()
        assert (printed.out, printed.err.count("\n")) == ("", 1)


def test_init_writes_a_profile(data: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`--profile` writes the new key and the endpoint into the AWS files, and says how to use it."""
    assert main(["init", "--data", data, "--profile", "kw", "--json"]) == 0
    printed = capsys.readouterr()
    account = json.loads(printed.out)
    assert f"aws_access_key_id = {account['AccessKeyId']}\n" in (tmp_path / "aws" / "credentials").read_text()
    assert account["SecretAccessKey"] is None
    assert "endpoint_url = http://127.0.0.1:4580" in (tmp_path / "aws" / "config").read_text()
    assert "aws --profile kw sts get-caller-identity" in printed.err


def test_a_profile_that_cannot_be_written_does_not_cost_the_secret(
    data: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where the profile has another key the account is made and shown all the same, and the exit code says so."""
    (tmp_path / "aws").mkdir()
    (tmp_path / "aws" / "credentials").write_text("[kw]\naws_access_key_id = AKIAOTHER\n")
    assert main(["init", "--data", data, "--profile", "kw", "--json"]) == 1
    printed = capsys.readouterr()
    assert len(json.loads(printed.out)["SecretAccessKey"]) == 40
    assert "another key" in printed.err


@pytest.mark.parametrize(
    "arguments",
    [
        ["--alias", "Not An Alias"],
        ["--admin", "not a name"],
        ["--root-email", "nobody"],
    ],
)
def test_an_account_that_cannot_be(data: str, arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """What no account can have is exit 1 and one line."""
    assert main(["init", "--data", data, *arguments]) == 1
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize("arguments", [["--account-id", "12"], ["--database", "mysql://u:hunter2@h/n"]])
def test_settings_that_are_wrong(data: str, arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """A wrong setting, or a store of no use, is exit 2 and one line that shows no password."""
    assert main(["init", "--data", data, *arguments]) == 2
    printed = capsys.readouterr()
    assert (printed.out, printed.err.count("\n")) == ("", 1)
    assert printed.err.startswith("keywright: ")
    assert "hunter2" not in printed.err


def test_an_unknown_variable_is_wrong(
    data: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A misspelt variable stops every command."""
    monkeypatch.setenv("KEYWRIGHT_DATTA", data)
    assert main(["init", "--data", data]) == 2
    assert "KEYWRIGHT_DATA" in capsys.readouterr().err
    assert not Path(data).exists()


def test_a_variable_sets_a_command(
    data: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What a flag can say, a variable can."""
    monkeypatch.setenv("KEYWRIGHT_DATA", data)
    monkeypatch.setenv("KEYWRIGHT_ACCOUNT_ID", "111122223333")
    assert main(["init", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["AccountId"] == "111122223333"


def test_a_store_that_is_newer(data: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A store from a newer version is exit 2 and one line."""
    main(["init", "--data", data])
    engine = sqlite_engine(Path(data) / "keywright.db")
    with engine.connect() as connection:
        connection.execute(version_table.update().values(version_num="9999"))
    capsys.readouterr()
    assert main(["account", "create", "--data", data]) == 2
    printed = capsys.readouterr()
    assert (printed.out, printed.err.count("\n")) == ("", 1)
    assert "newer Keywright" in printed.err


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7"])
def test_other_machines_need_tls(data: str, host: str, capsys: pytest.CaptureFixture[str]) -> None:
    """To listen beyond this machine without TLS is refused before anything is made."""
    assert main(["serve", "--data", data, "--host", host]) == 2
    error = capsys.readouterr().err
    assert "--tls auto" in error
    assert "--insecure" in error
    assert not Path(data).exists()


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["nonsense"],
        ["init", "--insecure"],
        ["init", "--dat", "x"],
        ["account"],
        ["serve", "--json"],
        ["init", "x"],
    ],
)
def test_a_wrong_usage_is_exit_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """An unknown command, a flag that is another command's, and an abbreviated one are refused."""
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    out = capsys.readouterr().out
    assert out == "" if "--json" not in arguments else json.loads(out)["error"]["code"] == "Usage"


def test_variables_are_promised_where_they_work(capsys: pytest.CaptureFixture[str]) -> None:
    """The server's commands take every flag by a variable, and say so; the client's do not, and say nothing."""
    for command in ([], ["init"], ["account", "create"], ["serve"], ["issue"], ["profiles", "list"]):
        with pytest.raises(SystemExit):
            main([*command, "--help"])
        assert ("Every flag can be set by a variable" in capsys.readouterr().out) is (
            command[:1] in [["init"], ["account"], ["serve"]]
        )


@pytest.mark.parametrize("command", [["init"], ["account", "create"], ["serve"]])
def test_every_flag_is_in_the_help(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """A command's help lists each of its flags."""
    with pytest.raises(SystemExit) as caught:
        main([*command, "--help"])
    assert caught.value.code == 0
    text = capsys.readouterr().out
    for setting in SETTINGS:
        assert (f"{setting.flag} " in text) is (command == ["serve"] or not setting.only_serve)
