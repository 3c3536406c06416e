"""The build hook: when it builds the console, when it need not, and when it must not."""

from __future__ import annotations

import importlib.util
import sys
import types
from pathlib import Path
from typing import Any, Generic, TypeVar

import pytest

ROOT = Path(__file__).parents[2]
T = TypeVar("T")


class Interface(Generic[T]):
    """What hatchling gives a hook, as far as this one asks for it: it is there only while a package is built."""

    def __init__(self, root: Path) -> None:
        self.root = str(root)


@pytest.fixture
def hook_module(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The hook's module, without hatchling."""
    stand_in = types.ModuleType("hatchling.builders.hooks.plugin.interface")
    stand_in.BuildHookInterface = Interface  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, stand_in.__name__, stand_in)
    monkeypatch.delenv("KEYWRIGHT_CONSOLE", raising=False)
    spec = importlib.util.spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout with the sources of a console, and what a developer has beside them."""
    for name in ("package.json", "src/main.ts", "build/plugin.ts", "node_modules/x/index.js", "tests/a.test.ts"):
        file = tmp_path / "console" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(name)
    return tmp_path


def build(module: Any, root: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[list[str], list[Path], list[str]]:
    """Run the hook; gives what it asks for, what it built, and what it packs beside."""
    built: list[Path] = []

    def build_console(sources: Path, folder: Path) -> None:
        built.append(sources)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / ".sources.sha256").write_text(module.digest_of(sources) + "\n")

    monkeypatch.setattr(module, "build_console", build_console)
    hook = module.ConsoleBuildHook(root)
    asked = hook.dependencies()
    data: dict[str, Any] = {"artifacts": []}
    hook.initialize("standard", data)
    return asked, built, data["artifacts"]


def test_a_stale_console_is_built_once(hook_module: Any, checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first time, and after a change of a source, Node.js is asked for; in between nothing is to do."""
    packed = ["/src/keywright/console_static/**"]
    sources = checkout / "console"
    assert build(hook_module, checkout, monkeypatch) == ([hook_module.NODE], [sources], packed)
    assert build(hook_module, checkout, monkeypatch) == ([], [], packed)
    for name in ("node_modules/x/index.js", "tests/a.test.ts", ".eslintcache"):
        (sources / name).write_text("changed")
    assert build(hook_module, checkout, monkeypatch) == ([], [], packed)
    (sources / "build/plugin.ts").write_text("changed")
    assert build(hook_module, checkout, monkeypatch) == ([hook_module.NODE], [sources], packed)


def test_the_digest_tells_names_from_contents(hook_module: Any, checkout: Path) -> None:
    """A file that is renamed, and a byte that goes from one file to the next, are another console."""
    sources = checkout / "console"
    first = hook_module.digest_of(sources)
    (sources / "src/main.ts").rename(sources / "src/index.ts")
    second = hook_module.digest_of(sources)
    (sources / "src/index.ts").rename(sources / "src/main.ts")
    assert hook_module.digest_of(sources) == first != second


def test_without_sources_nothing_is_built(hook_module: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A tree without the console's package.json is packed as it is."""
    (tmp_path / "console").mkdir()
    assert build(hook_module, tmp_path, monkeypatch) == ([], [], [])


def test_the_console_is_left_out(hook_module: Any, checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """KEYWRIGHT_CONSOLE=skip builds and packs no console, not even one that was built before."""
    build(hook_module, checkout, monkeypatch)
    monkeypatch.setenv("KEYWRIGHT_CONSOLE", "skip")
    assert build(hook_module, checkout, monkeypatch) == ([], [], [])


def test_a_setting_that_is_none(hook_module: Any, checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Any other value stops the build and says so."""
    monkeypatch.setenv("KEYWRIGHT_CONSOLE", "no")
    with pytest.raises(SystemExit, match="takes skip"):
        build(hook_module, checkout, monkeypatch)
