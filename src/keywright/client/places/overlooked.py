"""Where else a key may stand: what nobody named, and what cannot be changed from here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from keywright.client.file_names import files

_AT_HOME: Final = (
    *(".bashrc", ".bash_profile", ".profile", ".zshrc", ".zshenv", ".config/fish/config.fish"),
    *(".boto", ".s3cfg", ".passwd-s3fs", ".config/rclone/rclone.conf", ".mc/config.json"),
)
_HERE: Final = (".env", ".env.local", ".envrc", "docker-compose.yml", "compose.yaml", "terraform.tfvars")
_VARIABLES: Final = ("AWS_ACCESS_KEY_ID", "AWS_ACCESS_KEY")
_MAX_BYTES: Final = 1_000_000


def overlooked(access_key_id: str, environment: Mapping[str, str], named: Iterable[Path]) -> list[str]:
    """Say where a key stands that a rotation does not change: a variable, a comment, a file of another tool."""
    return [
        *_variables(access_key_id, environment),
        *_comments(access_key_id, environment),
        *(
            f"{path}:{line} holds {access_key_id} too: --also {path} changes it there"
            for path in _others(named)
            for line in _lines_with(path, access_key_id)
        ),
    ]


def _variables(access_key_id: str, environment: Mapping[str, str]) -> Iterator[str]:
    for name in _VARIABLES:
        if environment.get(name) == access_key_id:
            yield f"this shell's {name} holds {access_key_id}, and no command can change it: unset it, or set it anew"


def _comments(access_key_id: str, environment: Mapping[str, str]) -> Iterator[str]:
    for path in files(environment):
        for line, text in enumerate(_text(path).splitlines(), 1):
            if access_key_id in text and text.lstrip().startswith(("#", ";")):
                yield f"{path}:{line} names {access_key_id} in a comment, which stays"


def _others(named: Iterable[Path]) -> Iterator[Path]:
    known = {path.resolve() for path in named}
    for path in (*(Path.home() / name for name in _AT_HOME), *(Path.cwd() / name for name in _HERE)):
        if path.is_file() and path.resolve() not in known:
            yield path


def _lines_with(path: Path, access_key_id: str) -> Iterator[int]:
    for line, text in enumerate(_text(path).splitlines(), 1):
        if access_key_id in text:
            yield line


def _text(path: Path) -> str:
    """Read what can be read; what cannot is nothing to warn of."""
    try:
        if path.stat().st_size > _MAX_BYTES:
            return ""
        return path.read_text(encoding="latin-1")
    except OSError:
        return ""
