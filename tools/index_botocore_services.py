"""
Write `src/keywright/aws/known_services.tsv`: what tells every service that botocore knows by its signing name.

A line: botocore's name, the signing name, the protocols in the model's order, the prefix of its IAM actions.
"""

from __future__ import annotations

import gzip
from importlib import resources
from pathlib import Path
from typing import Any, Final

import orjson

FILE: Final = Path(__file__).resolve().parents[1] / "src" / "keywright" / "aws" / "known_services.tsv"
PREFIXES: Final = {
    "IoTSecuredTunneling": "iot",
    "awsssoportal": "sso",
    "cloudcontrolapi": "cloudformation",
    "iot-jobs-data": "iotjobsdata",
    "iotdata": "iot",
    "monitoring": "cloudwatch",
    "mturk-requester": "mechanicalturk",
    "partnercentral-account": "partnercentral",
    "partnercentral-benefits": "partnercentral",
    "partnercentral-channel": "partnercentral",
    "partnercentral-marketing": "partnercentral",
    "partnercentral-selling": "partnercentral",
    "tagging": "tag",
}
"""By signing name, where the actions' prefix is another."""


def lines() -> list[str]:
    """Read every service's metadata; its newest model counts."""
    found = []
    data = Path(str(resources.files("botocore") / "data"))
    for folder in sorted(one for one in data.iterdir() if one.is_dir()):
        models = sorted(folder.glob("*/service-2.json.gz"))
        if not models:
            continue
        metadata: dict[str, Any] = orjson.loads(gzip.decompress(models[-1].read_bytes()))["metadata"]
        signing = metadata.get("signingName", metadata["endpointPrefix"])
        protocols = ",".join(metadata.get("protocols") or [metadata["protocol"]])
        prefix = PREFIXES.get(signing, signing)
        found.append(f"{folder.name}\t{signing}\t{protocols}\t{prefix}\n")
    return found


if __name__ == "__main__":
    FILE.write_text("".join(lines()), "ascii")
