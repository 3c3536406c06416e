"""AWS's partitions and regions, read from botocore's package data."""

from __future__ import annotations

from functools import cache
from importlib import resources

import orjson


@cache
def regions_by_partition() -> dict[str, frozenset[str]]:
    """Give the names of every partition's regions: `aws`, `aws-cn` and so on."""
    partitions = orjson.loads((resources.files("botocore") / "data" / "partitions.json").read_bytes())["partitions"]
    return {partition["id"]: frozenset(partition["regions"]) for partition in partitions}
