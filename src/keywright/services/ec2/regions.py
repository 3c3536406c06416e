"""AWS's regions."""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase
from typing import Any, Final

from keywright.aws.errors import AwsError
from keywright.aws.regions import regions_by_partition
from keywright.services.operation import Call, Result, operation, unnamed

ALWAYS_ENABLED: Final = frozenset(
    {
        *("us-east-1", "us-east-2", "us-west-1", "us-west-2", "ca-central-1", "sa-east-1"),
        *("eu-central-1", "eu-north-1", "eu-west-1", "eu-west-2", "eu-west-3"),
        *("ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-southeast-1", "ap-southeast-2"),
    }
)
"""AWS: the regions that need no opt-in; all later ones do (Account Management guide, "Enable or disable Regions")."""
_FILTERS: Final = {"endpoint": "Endpoint", "opt-in-status": "OptInStatus", "region-name": "RegionName"}
_MAX_VALUES: Final = 200


class DryRunOperation(AwsError):
    """The caller may do what was asked, and it was not to be done."""

    status = 412


class InvalidParameterValue(AwsError):
    """A region or a filter that there is not."""


@operation(resource=unnamed)
def describe_regions(
    call: Call,
    *,
    region_names: list[str] | None = None,
    all_regions: bool = False,
    filters: list[dict[str, Any]] | None = None,
    dry_run: bool = False,
) -> Result:
    """
    Describe the regions that the account has enabled, those that are named, or all of them.

    No account here has opted in to a region.
    Raises: InvalidParameterValue; DryRunOperation.
    """
    del call
    # DIVERGES: Regions.
    if dry_run:
        raise DryRunOperation("Request would have succeeded, but DryRun flag is set.")
    known = {name: _describe(name) for name in _regions()}
    if unknown := sorted(set(region_names or ()) - known.keys()):
        # AWS: the code is EC2's for what does not exist; the words are ours.
        raise InvalidParameterValue(f"Invalid region names: [{', '.join(unknown)[:512]}]")
    found: Iterable[dict[str, Any]] = (
        region
        for name, region in known.items()
        if (name in region_names if region_names else all_regions or name in ALWAYS_ENABLED)
    )
    for one in filters or ():
        found = _filter(found, one.get("Name", ""), one.get("Values", []))
    return {"Regions": list(found)}


def _regions() -> list[str]:
    """List AWS's own partition's regions; `aws-global` is none."""
    return sorted(name for name in regions_by_partition()["aws"] if not name.endswith("-global"))


def _describe(name: str) -> dict[str, Any]:
    status = "opt-in-not-required" if name in ALWAYS_ENABLED else "not-opted-in"
    return {"RegionName": name, "Endpoint": f"ec2.{name}.amazonaws.com", "OptInStatus": status}


def _filter(regions: Iterable[dict[str, Any]], name: str, values: list[str]) -> Iterable[dict[str, Any]]:
    member = _FILTERS.get(name)
    if member is None:
        raise InvalidParameterValue(f"The filter '{name[:128]}' is invalid")
    if len(values) > _MAX_VALUES:
        raise InvalidParameterValue(f"The filter '{name}' has more than {_MAX_VALUES} values")
    # AWS: `*` and `?` stand for any text and any character, a `[` for itself (EC2 User Guide, "Filters").
    patterns = [value.replace("[", "[[]") for value in values]
    return [region for region in regions if any(fnmatchcase(region[member], pattern) for pattern in patterns)]
