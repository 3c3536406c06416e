"""Regions that nobody has: a letter swapped gives a name of the right form, whose endpoint is nowhere."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any, Final

from botocore.loaders import Loader

from keywright.client.chain import REGION_VARIABLES, Tool
from keywright.client.doctor.diagnosis import Diagnosis, Gravity, asked_again, command
from keywright.client.doctor.views import View
from keywright.client.known_options import REGION_FORM

_DEFAULT: Final = "us-east-1"
_DIGITS: Final = "0123456789"
_MOST_STEPS: Final = 2
_NO_REGIONS: Final = frozenset({"aws-global", "local"})


def region_diagnosis(view: View, flags: Mapping[str, Any]) -> Diagnosis | None:
    """Say what is wrong with the region that a tool takes."""
    region, source = view.region.value, view.region.source
    if region is None:
        what = "has no region: many commands end with `You must specify a region`"
        return Diagnosis(Gravity.WARNING, what, region_command(view, _DEFAULT, flags))
    if not REGION_FORM.fullmatch(region):
        what = f"takes the region {region} ({source}), which is none"
        return Diagnosis(Gravity.ERROR, what, region_command(view, likely(region) or _DEFAULT, flags))
    meant = likely(region)
    if is_known(region) or meant is None:
        return None
    what = f"takes the region {region} ({source}), which AWS does not have: {meant} is meant?"
    return Diagnosis(Gravity.WARNING, what, region_command(view, meant, flags))


def region_command(view: View, region: str, flags: Mapping[str, Any]) -> str:
    """Write the command that sets another region where the present one is set."""
    source = view.region.source
    if source == "--region":
        return asked_again(("keywright", "doctor", "--region", region), flags, without=frozenset({"--region"}))
    if source in REGION_VARIABLES[Tool.CLI]:
        return f"export {source}={region}"
    return command("keywright", "profiles", "set", view.profile.value or "default", f"region={region}")


def is_known(region: str) -> bool:
    """Check whether botocore's data knows a region; a newer one than the data is unknown too."""
    return region in _NO_REGIONS or region in _regions()


def likely(region: str) -> str | None:
    """Return the region that was meant; None where none is like it, or it is one."""
    if is_known(region):
        return None
    # `us-east-1a` is a zone: its region comes before any that is merely alike.
    zone = region.rstrip("abcdef")
    if is_known(zone):
        return zone
    # Of those that are as near the one of the same letters is meant: us-east-1 by us-esat-1, not us-west-1.
    nearest = min(_regions(), key=lambda one: (_steps(region, one), sorted(region) != sorted(one), one))
    if region.rstrip(_DIGITS) == nearest.rstrip(_DIGITS):
        # A new region of a place that has some, more likely than a slip.
        return None
    return nearest if _steps(region, nearest) <= _MOST_STEPS else None


def _steps(one: str, other: str) -> int:
    """Count the letters to be put in, taken out, changed, or swapped with their neighbours."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, 1):
        older, before, row = before, row, [at]
        for column, there in enumerate(other, 1):
            steps = min(before[column] + 1, row[-1] + 1, before[column - 1] + (letter != there))
            if older and column > 1 and one[at - 2 : at] == there + other[column - 2]:
                steps = min(steps, older[column - 2] + 1)
            row.append(steps)
    return row[-1]


@functools.cache
def _regions() -> frozenset[str]:
    partitions = Loader().load_data("partitions")["partitions"]
    return frozenset(name for one in partitions for name in one["regions"] if "global" not in name)
