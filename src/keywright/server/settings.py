"""
Every setting, in one place: its flag, its variable, its default.

A value comes from the flag, else from the environment, else it is the default. A variable that begins with `KEYWRIGHT_`
and is not here is refused: a misspelt setting must not look like one. docs/settings.md is made from this file.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from pathlib import Path
from typing import Final, NamedTuple

from keywright.server.proxies import Network, read_networks

PREFIX: Final = "KEYWRIGHT_"
_YES: Final = frozenset({"1", "true", "yes", "on"})
_NO: Final = frozenset({"", "0", "false", "no", "off"})


class SettingError(Exception):
    """A setting is wrong; the message says which, and what it takes."""


class Setting(NamedTuple):
    """One setting."""

    name: str
    """Its attribute in `Settings`; flag and variable follow from it."""
    metavar: str
    """Empty for a switch."""
    help: str
    default: str = ""
    choices: tuple[str, ...] = ()
    only_serve: bool = False

    @property
    def flag(self) -> str:
        """Give the flag: `--tls-cert`."""
        return "--" + self.name.replace("_", "-")

    @property
    def variable(self) -> str:
        """Give the variable: `KEYWRIGHT_TLS_CERT`."""
        return PREFIX + self.name.upper()


SETTINGS: Final = (
    Setting("data", "DIR", "the folder that holds the store and its master key", "~/.local/share/keywright"),
    Setting("database", "URL", "the database, where it is not DIR/keywright.db: sqlite:////path or postgresql://…"),
    Setting("account_id", "N", "the new account's id, 12 digits (random)"),
    Setting("alias", "NAME", "the new account's alias"),
    Setting("root_email", "EMAIL", "the new account's root user (root@ACCOUNT.keywright.internal)"),
    Setting("admin", "NAME", "the new account's administrator, an IAM user", "admin"),
    Setting("profile", "NAME", "also write the administrator's key to this profile of the AWS files"),
    Setting("host", "ADDRESS", "the address that `serve` listens on", "127.0.0.1"),
    Setting("port", "N", "the port that `serve` listens on; 0 takes a free one", "4580"),
    Setting("tls", "auto", "`serve` makes a self-signed certificate and uses it", choices=("auto",)),
    Setting("tls_cert", "FILE", "the TLS certificate and its chain (PEM)", only_serve=True),
    Setting("tls_key", "FILE", "the TLS certificate's key (PEM)", only_serve=True),
    Setting("insecure", "", "listen beyond this machine without TLS", only_serve=True),
    Setting(
        "trusted_proxies",
        "CIDR,…",
        "the proxies in front, whose X-Forwarded-For and X-Forwarded-Proto say who asks",
        only_serve=True,
    ),
    Setting(
        "federation_networks",
        "CIDR,…",
        "networks that are not public, where OIDC providers may be asked for their keys all the same",
        only_serve=True,
    ),
    Setting(
        "require_account",
        "",
        "refuse a store without an account instead of creating one, whose secrets would be printed to a service's log",
        only_serve=True,
    ),
    Setting(
        "log_format",
        "FORMAT",
        "the log's form: json or console (console on a terminal)",
        choices=("json", "console"),
        only_serve=True,
    ),
)

ENVIRONMENT_ONLY: Final = {
    "KEYWRIGHT_MASTER_KEY": "the keys that seal the store's secrets (base64, 32 bytes each, the current one first), "
    "in place of DIR/master.key",
    "KEYWRIGHT_STORE": "the command line's: where it keeps keys, `keyring` or `file`",
    "KEYWRIGHT_STORE_PASSPHRASE_FILE": "the command line's: the file that holds the passphrase of its sealed file",
    "KEYWRIGHT_DEBUG": "the command line's: any value shows the traceback of a command that fails",
    "KEYWRIGHT_CONSOLE": "at build time: `skip` leaves the browser console out of the package",
}
"""What has no flag: a command line can be read by every process of the machine."""


class Settings(NamedTuple):
    """The settings of one command, read and checked."""

    data: Path
    database: str | None
    account_id: str | None
    alias: str | None
    root_email: str | None
    admin: str
    profile: str | None
    host: str
    port: int
    tls: str | None
    tls_cert: Path | None
    tls_key: Path | None
    insecure: bool
    trusted_proxies: tuple[Network, ...]
    federation_networks: tuple[Network, ...]
    require_account: bool
    log_format: str | None


def read_settings(flags: Mapping[str, str | None], environment: Mapping[str, str]) -> Settings:
    """
    Put the settings together; `flags` has those given on the command line, by name.

    Raises: SettingError.
    """
    _refuse_unknown(environment)
    values = {setting.name: _read(setting, flags.get(setting.name), environment) for setting in SETTINGS}

    def path(name: str) -> Path | None:
        return Path(values[name]).expanduser() if values[name] else None

    if bool(values["tls_cert"]) != bool(values["tls_key"]):
        raise SettingError("--tls-cert and --tls-key go together")
    if values["tls"] and values["tls_cert"]:
        raise SettingError("--tls auto makes a certificate of its own: leave out --tls-cert and --tls-key, or --tls")
    return Settings(
        data=Path(values["data"]).expanduser(),
        database=values["database"] or None,
        account_id=_account_id(values["account_id"]),
        alias=values["alias"] or None,
        root_email=values["root_email"] or None,
        admin=values["admin"],
        profile=values["profile"] or None,
        host=values["host"],
        port=_port(values["port"]),
        tls=values["tls"] or None,
        tls_cert=path("tls_cert"),
        tls_key=path("tls_key"),
        insecure=_switch("insecure", values["insecure"]),
        trusted_proxies=_networks("--trusted-proxies", values["trusted_proxies"]),
        federation_networks=_networks("--federation-networks", values["federation_networks"]),
        require_account=_switch("require_account", values["require_account"]),
        log_format=values["log_format"] or None,
    )


def _refuse_unknown(environment: Mapping[str, str]) -> None:
    known = {setting.variable for setting in SETTINGS} | ENVIRONMENT_ONLY.keys()
    for name in sorted(environment):
        if name.startswith(PREFIX) and name not in known:
            close = difflib.get_close_matches(name.removeprefix(PREFIX), [one.removeprefix(PREFIX) for one in known], 1)
            hint = f": did you mean {PREFIX}{close[0]}?" if close else "; docs/settings.md lists them all"
            raise SettingError(f"{name} is no setting of Keywright's{hint}")


def _read(setting: Setting, flag: str | None, environment: Mapping[str, str]) -> str:
    if flag is not None:
        value, source = flag, setting.flag
    else:
        value, source = environment.get(setting.variable, ""), setting.variable
    if not value:
        return setting.default
    if setting.choices and value not in setting.choices:
        raise SettingError(f"{source} takes {' or '.join(setting.choices)}, not {value!r}")
    return value


def _account_id(value: str) -> str | None:
    if value and not (len(value) == 12 and value.isascii() and value.isdigit()):
        raise SettingError(f"--account-id takes 12 digits, not {value!r}")
    return value or None


def _networks(flag: str, value: str) -> tuple[Network, ...]:
    try:
        return read_networks(value)
    except ValueError as error:
        raise SettingError(f"{flag} takes networks like 10.0.0.0/8,2001:db8::/32: {error}") from error


def _port(value: str) -> int:
    if not value.isascii() or not value.isdigit() or int(value) > 65535:
        raise SettingError(f"--port takes a number from 0 to 65535, not {value!r}")
    return int(value)


def _switch(name: str, value: str) -> bool:
    if value.lower() not in _YES | _NO:
        raise SettingError(f"{PREFIX}{name.upper()} takes 1 or 0, not {value!r}")
    return value.lower() in _YES
