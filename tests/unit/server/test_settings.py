"""Every setting, by its flag and by its variable, and every way to be wrong about it."""

from __future__ import annotations

from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest

from keywright.server.settings import ENVIRONMENT_ONLY, SETTINGS, Setting, SettingError, read_settings

# A value for each setting, and what it is once read.
VALUES: dict[str, tuple[str, Any]] = {
    "data": ("/some/folder", Path("/some/folder")),
    "database": ("postgresql://u@h/n", "postgresql://u@h/n"),
    "account_id": ("111122223333", "111122223333"),
    "alias": ("my-alias", "my-alias"),
    "root_email": ("me@example.com", "me@example.com"),
    "admin": ("boss", "boss"),
    "profile": ("kw", "kw"),
    "host": ("::1", "::1"),
    "port": ("8080", 8080),
    "tls": ("auto", "auto"),
    "insecure": ("1", True),
    "require_account": ("1", True),
    "log_format": ("json", "json"),
    "trusted_proxies": ("10.0.0.0/8, 2001:db8::/32", (ip_network("10.0.0.0/8"), ip_network("2001:db8::/32"))),
    "federation_networks": ("10.0.0.0/8,fd00::/8", (ip_network("10.0.0.0/8"), ip_network("fd00::/8"))),
}
TOGETHER = {"tls_cert": Path("/c.pem"), "tls_key": Path("/k.pem")}
BY_NAME = {setting.name: setting for setting in SETTINGS}


def test_flags_and_variables_follow_from_the_name() -> None:
    """A setting's flag and its variable are its name, and no two settings share one."""
    setting = Setting("tls_cert", "FILE", "help")
    assert (setting.flag, setting.variable) == ("--tls-cert", "KEYWRIGHT_TLS_CERT")
    assert len({one.flag for one in SETTINGS}) == len({one.variable for one in SETTINGS}) == len(SETTINGS)


def test_defaults() -> None:
    """Without flags and variables everything has its documented default."""
    settings = read_settings({}, {})
    assert settings.data == Path("~/.local/share/keywright").expanduser()
    assert (settings.host, settings.port, settings.admin, settings.insecure) == ("127.0.0.1", 4580, "admin", False)
    for name in (
        "database",
        "account_id",
        "alias",
        "root_email",
        "profile",
        "tls",
        "tls_cert",
        "tls_key",
        "log_format",
    ):
        assert getattr(settings, name) is None


@pytest.mark.parametrize("name", VALUES)
def test_a_setting_is_read_from_its_flag(name: str) -> None:
    """A flag's value is the setting's."""
    text, value = VALUES[name]
    assert getattr(read_settings({name: text}, {}), name) == value


@pytest.mark.parametrize("name", VALUES)
def test_a_setting_is_read_from_its_variable(name: str) -> None:
    """Every setting has a variable."""
    text, value = VALUES[name]
    assert getattr(read_settings({}, {BY_NAME[name].variable: text}), name) == value


@pytest.mark.parametrize("name", VALUES)
def test_a_flag_wins_over_its_variable(name: str) -> None:
    """The command line is nearer than the environment; a setting that is not given leaves the variable its word."""
    text, value = VALUES[name]
    other = {
        "tls": "",
        "insecure": "0",
        "require_account": "0",
        "port": "1",
        "account_id": "999900001111",
        "log_format": "console",
    }
    other["trusted_proxies"] = other["federation_networks"] = "192.0.2.0/24"
    environment = {BY_NAME[name].variable: other.get(name, "/other")}
    assert getattr(read_settings({name: text}, environment), name) == value
    assert getattr(read_settings({name: None}, environment), name) != value


def test_certificate_and_key_go_together() -> None:
    """A certificate without its key, or a key without its certificate, is refused; both are paths."""
    settings = read_settings({name: str(path) for name, path in TOGETHER.items()}, {})
    assert (settings.tls_cert, settings.tls_key) == tuple(TOGETHER.values())
    settings = read_settings({}, {"KEYWRIGHT_TLS_CERT": "/c.pem", "KEYWRIGHT_TLS_KEY": "/k.pem"})
    assert (settings.tls_cert, settings.tls_key) == tuple(TOGETHER.values())
    for name in TOGETHER:
        with pytest.raises(SettingError, match="go together"):
            read_settings({name: "/x.pem"}, {})


def test_a_made_certificate_excludes_a_given_one() -> None:
    """`--tls auto` beside a certificate of one's own is refused."""
    with pytest.raises(SettingError, match="--tls auto"):
        read_settings({"tls": "auto", "tls_cert": "/c.pem", "tls_key": "/k.pem"}, {})


@pytest.mark.parametrize("name", ["data", "tls_cert"])
def test_a_tilde_is_the_home_folder(name: str) -> None:
    """Paths in variables, which no shell expands, may begin with a tilde."""
    environment = {"KEYWRIGHT_TLS_CERT": "~/x", "KEYWRIGHT_TLS_KEY": "~/x", "KEYWRIGHT_DATA": "~/x"}
    assert getattr(read_settings({}, environment), name) == Path("~/x").expanduser()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("port", "x"),
        ("port", "-1"),
        ("port", "65536"),
        ("port", "1.5"),
        ("port", "٣"),
        ("account_id", "11112222333"),
        ("account_id", "1111222233334"),
        ("account_id", "11112222333x"),
        ("account_id", "٣" * 12),
        ("tls", "yes"),
        ("log_format", "xml"),
        ("insecure", "maybe"),
        ("trusted_proxies", "10.0.0.1/8"),
        ("trusted_proxies", "everybody"),
        ("federation_networks", "10.0.0.1/8"),
    ],
)
def test_values_that_are_refused(name: str, value: str) -> None:
    """A value that a setting does not take is refused, by flag and by variable, naming the setting."""
    for flags, environment in (({name: value}, {}), ({}, {BY_NAME[name].variable: value})):
        with pytest.raises(SettingError) as caught:
            read_settings(flags, environment)
        named = BY_NAME[name].flag in str(caught.value) or BY_NAME[name].variable in str(caught.value)
        assert named
        assert value in str(caught.value)


@pytest.mark.parametrize(
    ("text", "value"),
    [("1", True), ("true", True), ("YES", True), ("on", True), ("0", False), ("No", False), ("", False)],
)
def test_a_switch_takes_the_usual_words(text: str, value: bool) -> None:
    """A switch's variable is on or off in the usual words, in any case."""
    assert read_settings({}, {"KEYWRIGHT_INSECURE": text}).insecure is value


def test_an_empty_variable_is_none() -> None:
    """A variable that is set to nothing leaves the default."""
    environment = {setting.variable: "" for setting in SETTINGS}
    assert read_settings({}, environment) == read_settings({}, {})


@pytest.mark.parametrize(
    ("variable", "hint"),
    [
        ("KEYWRIGHT_PROT", "did you mean KEYWRIGHT_PORT?"),
        ("KEYWRIGHT_LOGFORMAT", "did you mean KEYWRIGHT_LOG_FORMAT?"),
        ("KEYWRIGHT_XYZZY_PLUGH", "docs/settings.md"),
        ("KEYWRIGHT_port", ""),
    ],
)
def test_an_unknown_variable_is_refused(variable: str, hint: str) -> None:
    """A misspelt setting must not look like one: it is refused by name, with a hint."""
    with pytest.raises(SettingError) as caught:
        read_settings({}, {variable: "1"})
    assert variable in str(caught.value)
    assert hint in str(caught.value)


def test_other_variables_are_nobodys_business() -> None:
    """What does not begin with KEYWRIGHT_ is not looked at; what has no flag is known."""
    environment = {"PATH": "/bin", "keywright_port": "x", "AWS_PROFILE": "x"} | dict.fromkeys(ENVIRONMENT_ONLY, "x")
    assert read_settings({}, environment) == read_settings({}, {})


def test_no_setting_is_left_out() -> None:
    """Every setting there is has a value in these tests."""
    assert BY_NAME.keys() == VALUES.keys() | TOGETHER.keys()


def test_every_setting_is_explained() -> None:
    """Each setting has a help text; only switches have no value."""
    assert all(setting.help for setting in SETTINGS)
    assert [setting.name for setting in SETTINGS if not setting.metavar] == ["insecure", "require_account"]
