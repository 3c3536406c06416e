"""The list of services that botocore knows."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from keywright.aws.known_services import services_signed_as

ROOT = Path(__file__).parents[3]


def test_the_list_is_that_of_the_installed_botocore() -> None:
    """`tools/index_botocore_services.py` would write the same: run it when botocore is renewed."""
    spec = importlib.util.spec_from_file_location("indexing", ROOT / "tools" / "index_botocore_services.py")
    assert spec is not None
    assert spec.loader is not None
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    assert tool.FILE.read_text("ascii") == "".join(tool.lines())


def test_services_share_signing_names() -> None:
    """Several services may be signed for by one name."""
    found = services_signed_as()
    assert [one.name for one in found["elasticloadbalancing"]] == ["elb", "elbv2"]
    assert found["monitoring"][0].action_prefix == "cloudwatch"
    assert found["monitoring"][0].protocols == ("smithy-rpc-v2-cbor", "json", "query")
