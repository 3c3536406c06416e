"""Git repositories to look into."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from tests.unit.client.leaks import Leak


class Repo:
    """A repository with a work tree."""

    def __init__(self, folder: Path, *flags: str) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.git("init", "-q", "-b", "main", *flags)

    def git(self, *arguments: str, code: int = 0, **variables: str) -> str:
        """Run git, with nobody's configuration."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        environment |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
        for who in ("AUTHOR", "COMMITTER"):
            environment |= {f"GIT_{who}_NAME": "Ann Author", f"GIT_{who}_EMAIL": "ann@example.com"}
            environment |= {f"GIT_{who}_DATE": "2026-03-04T05:06:07Z"}
        done = subprocess.run(
            ["git", "-c", "protocol.file.allow=always", *arguments],
            cwd=self.folder,
            env=environment | variables,
            capture_output=True,
            text=True,
            errors="surrogateescape",
            check=False,
        )
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout + done.stderr

    def write(self, name: str, text: str | bytes) -> None:
        """Write a file."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())

    def commit(self, files: dict[str, str] | None = None, message: str = "change") -> str:
        """Commit everything; give the commit's id."""
        for name, text in (files or {}).items():
            self.write(name, text)
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", message)
        return self.git("rev-parse", "HEAD").strip()


def env_file(leak: Leak) -> str:
    """Write a key as .env files have it."""
    return f"AWS_ACCESS_KEY_ID={leak.id}\nAWS_SECRET_ACCESS_KEY={leak.secret}\n"
