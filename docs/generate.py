"""Write the pages of docs/ that are made from the code: `make docs`. A unit test compares them."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

from keywright.client.cli.manual import manual_page
from keywright.client.cli.reference import cli_page
from keywright.commands.administration.arguments import SETTING_NAMES
from keywright.server.settings import ENVIRONMENT_ONLY, SETTINGS
from keywright.services.catalogue import all_services, services_when_asked
from keywright.services.operation import Operation, Service

FOLDER = Path(__file__).parent
_DIVERGES = re.compile(r"# DIVERGES: ([^.\n]+)")


def settings_page() -> str:
    """Write docs/settings.md."""
    lines = [
        "# Settings",
        "",
        "Made by `make docs` from `server/settings.py`. A value comes from the flag, else from the variable, else it",
        "is the default. A variable that begins with `KEYWRIGHT_` and is not here is refused.",
        "",
        "| flag | variable | default | commands | meaning |",
        "| --- | --- | --- | --- | --- |",
    ]
    for setting in SETTINGS:
        flag = f"{setting.flag} {setting.metavar}".strip()
        default = f"`{setting.default}`" if setting.default else ""
        commands = ["serve"] if setting.only_serve else ["init", "account create", "serve"]
        commands += [name for name, names in SETTING_NAMES.items() if setting.name in names]
        lines.append(f"| `{flag}` | `{setting.variable}` | {default} | {', '.join(commands)} | {setting.help} |")
    lines += ["", "## Without a flag", "", "| variable | meaning |", "| --- | --- |"]
    lines += [f"| `{name}` | {meaning} |" for name, meaning in ENVIRONMENT_ONLY.items()]
    return "\n".join(lines) + "\n"


def operations_page() -> str:
    """Write docs/operations.md."""
    lines = [
        "# Operations",
        "",
        "Made by `make docs` from `services/`. What is not performed, of these services and of every other one that",
        "botocore knows, answers 501 `NotImplemented`, naming itself, to callers whose policies allow it.",
        "Where one knowingly differs from AWS it says so; what all share is in [divergences.md](divergences.md).",
    ]
    others = [Service(name, *modules) for name, modules in services_when_asked().items()]
    for service in [*all_services(), *others]:
        model = service.model
        performed = service.operations
        lines += [
            "",
            f"## {model.name}",
            "",
            f"{len(performed)} of {len(model.operations)} operations of {model.api_version}.",
        ]
        lines += ["", "| operation | what it does |", "| --- | --- |"]
        for name in sorted(performed):
            summary = (performed[name].perform.__doc__ or "").strip().splitlines()[0]
            differs = "".join(f" Differs: [{heading}]({_link(heading)})." for heading in _divergences(performed[name]))
            lines.append(f"| {name} | {summary}{differs} |")
        missing = sorted(model.operations.keys() - performed.keys())
        if missing and service not in others:
            lines += ["", "Not performed yet: " + ", ".join(missing) + "."]
    return "\n".join(lines) + "\n"


def _divergences(operation: Operation) -> list[str]:
    """Name the headings of divergences.md that an operation's function names, or else its whole module."""
    own = _DIVERGES.findall(inspect.getsource(operation.perform))
    module = inspect.getmodule(operation.perform)
    assert module is not None
    marked = [function for function in vars(module).values() if inspect.isfunction(function)]
    elsewhere = [heading for function in marked for heading in _DIVERGES.findall(inspect.getsource(function))]
    is_operation = {
        heading
        for function in marked
        if hasattr(function, "keywright_operation")
        for heading in _DIVERGES.findall(inspect.getsource(function))
    }
    return sorted({*own, *(heading for heading in elsewhere if heading not in is_operation)})


def _link(heading: str) -> str:
    """Link to a heading as Markdown's readers name it."""
    return "divergences.md#" + re.sub(r"[^a-z0-9 -]", "", heading.lower()).replace(" ", "-")


PAGES = {
    "settings.md": settings_page,
    "operations.md": operations_page,
    "cli.md": cli_page,
    "man/keywright.1": manual_page,
}

if __name__ == "__main__":
    for name, page in PAGES.items():
        (FOLDER / name).write_text(page())
