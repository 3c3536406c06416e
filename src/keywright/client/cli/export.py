"""`keywright export PROFILE`: credentials for a shell, a .env file or a CI service."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from keywright.aws.endpoint_support import VERSIONS
from keywright.client.cli.exec import CONFLICTING
from keywright.client.cli.terminal import MASK, Exit, note, stop
from keywright.client.export_credentials import CredentialsError, credentials_of
from keywright.client.export_forms import FORMS, SECRET_VARIABLES, add_mask, github_env
from keywright.client.export_settings import CA_BUNDLE, ENDPOINT, find_profile, settings_of

_GITHUB_FILE: Final = "GITHUB_ENV"


def run_export(flags: Mapping[str, Any]) -> Exit:
    """Print the variables."""
    name, form = flags["profile"], flags["format"]
    profile = find_profile(name, os.environ)
    try:
        credentials = credentials_of(name, profile, flags).variables()
    except CredentialsError as error:
        stop(str(error), Exit.UNREACHABLE)
    settings = settings_of(profile, os.environ, region=flags["region"], endpoint_url=flags["endpoint_url"])
    if form == "gitlab":
        # It is a file of this machine's.
        settings.pop(CA_BUNDLE, None)
    # A secret of GitHub's hides its value wherever a log has it: a region or an endpoint should stay readable.
    variables = credentials if form == "github" else credentials | settings
    _refuse_unprintable(variables)
    if form == "github-env":
        return _to_github(variables)
    masked = sys.stdout.isatty() and not flags["show_secret"]
    if masked:
        variables |= {name: MASK for name in SECRET_VARIABLES if name in variables}
    print(FORMS[form](variables, [name for name in CONFLICTING if name not in variables]), end="")
    if ENDPOINT in variables and sys.stdout.isatty():
        note(f"The aws CLI reads {ENDPOINT} from {VERSIONS} on; an older one calls AWS itself")
    if masked:
        note("Secrets are masked on a terminal; --show-secret shows them")
    return Exit.FINE


def _to_github(variables: Mapping[str, str]) -> Exit:
    """Hide the secrets in the log of the job, then hand the variables to its next steps."""
    file = os.environ.get(_GITHUB_FILE)
    if not file:
        stop(f"github-env is for a step of GitHub Actions: {_GITHUB_FILE} is not set", Exit.USAGE)
    if sys.stdout.isatty():
        stop("github-env prints secrets, for the runner to hide: not on a terminal", Exit.USAGE)
    # The runner reads the masks off the log, so they go first.
    print("".join(add_mask(variables[name]) for name in SECRET_VARIABLES if name in variables), end="", flush=True)
    with Path(file).open("a", encoding="utf-8") as opened:
        opened.write(github_env(variables))
    return Exit.FINE


def _refuse_unprintable(variables: Mapping[str, str]) -> None:
    """Refuse a value that would be a line of its own, and could be a variable of its own."""
    for name, value in variables.items():
        if not value.isprintable():
            stop(f"the value of {name} holds a line end or a control character")
