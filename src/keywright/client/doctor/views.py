"""What each tool sees: the profile, the region and the sources of credentials that it takes, without taking any."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from keywright.client.chain import (
    Candidate,
    Choice,
    Outcome,
    Tool,
    candidates,
    chosen_profile,
    chosen_region,
)
from keywright.client.profiles import Profile, read_profiles


@dataclass(frozen=True, slots=True)
class View:
    """What one tool sees."""

    tool: Tool
    profile: Choice
    region: Choice
    chain: tuple[Candidate, ...]
    stops: str
    """Why it gives up before it looks for credentials; empty: it does not."""
    process: str | None = None
    """The `credential_process` that it takes."""
    endpoint_url: str | None = None
    """The endpoint that is configured, in place of AWS's own."""

    @property
    def winner(self) -> Candidate | None:
        """Give the source that it takes; None where it gives up."""
        return next((one for one in self.chain if one.outcome is Outcome.WINS), None)


def views(flags: Mapping[str, Any]) -> tuple[View, ...]:
    """Say what each tool sees."""
    profiles, faults = read_profiles(os.environ)
    return tuple(_view(tool, {one.name: one for one in profiles}, faults, flags) for tool in Tool)


def _view(tool: Tool, profiles: Mapping[str, Profile], faults: list[str], flags: Mapping[str, Any]) -> View:
    profile = chosen_profile(tool, flags["profile"], os.environ)
    found = profiles.get(profile.value or "")
    stops = ""
    if faults:
        stops = f"`Unable to parse config file`, because of {', '.join(faults)}"
    elif found is None and profile.value != "default":
        stops = f"`The config profile ({profile.value}) could not be found`"
    chain = () if stops else tuple(candidates(found, explicit=flags["profile"] is not None, environment=os.environ))
    region = chosen_region(tool, flags["region"], found, os.environ)
    process = None if found is None else found.value("credential_process")
    configured = None if found is None else found.value("endpoint_url")
    # AWS: the variable comes before the profile's option, and either is passed over where the tool is told so.
    named = os.environ.get("AWS_ENDPOINT_URL") or configured
    ignored = os.environ.get("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "").lower() == "true"
    endpoint_url = flags.get("endpoint_url") or (None if ignored else named)
    return View(tool, profile, region, chain, stops, process, endpoint_url)
