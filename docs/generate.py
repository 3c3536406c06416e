"""Write the pages of docs/ that are made from the code: `make docs`. A unit test compares them."""

from __future__ import annotations

from pathlib import Path

from keywright.client.cli.reference import cli_page
from keywright.server.settings import ENVIRONMENT_ONLY, SETTINGS
from keywright.services.catalogue import all_services

FOLDER = Path(__file__).parent


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
        commands = "serve" if setting.only_serve else "init, account create, serve"
        lines.append(f"| `{flag}` | `{setting.variable}` | {default} | {commands} | {setting.help} |")
    lines += ["", "## Without a flag", "", "| variable | meaning |", "| --- | --- |"]
    lines += [f"| `{name}` | {meaning} |" for name, meaning in ENVIRONMENT_ONLY.items()]
    return "\n".join(lines) + "\n"


def operations_page() -> str:
    """Write docs/operations.md."""
    lines = [
        "# Operations",
        "",
        "Made by `make docs` from `services/`. What is not performed answers 501 `NotImplemented`, naming itself.",
    ]
    for service in all_services():
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
            lines.append(f"| {name} | {summary} |")
        missing = sorted(model.operations.keys() - performed.keys())
        if missing:
            lines += ["", "Not performed yet: " + ", ".join(missing) + "."]
    return "\n".join(lines) + "\n"


PAGES = {"settings.md": settings_page, "operations.md": operations_page, "cli.md": cli_page}

if __name__ == "__main__":
    for name, page in PAGES.items():
        (FOLDER / name).write_text(page())
