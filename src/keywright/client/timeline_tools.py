"""Tell which tool called, by the user agent that it gave of itself."""

from __future__ import annotations

import re
from typing import Final

_OURS: Final = re.compile(r"(?:^|\s)keywright(?:/(?P<version>[\w.]+))?(?:\s|$)")
_KNOWN: Final = (
    ("Terraform", re.compile(r"\bTerraform/(?P<version>[\w.-]+)")),
    ("OpenTofu", re.compile(r"\bOpenTofu/(?P<version>[\w.-]+)")),
    ("Pulumi", re.compile(r"\bpulumi[\w-]*/(?P<version>[\w.-]+)", re.IGNORECASE)),
    ("AWS CDK", re.compile(r"\baws-cdk/(?P<version>[\w.-]+)")),
    ("AWS SAM CLI", re.compile(r"\baws-sam-cli/(?P<version>[\w.-]+)")),
    ("AWS CLI", re.compile(r"\baws-cli/(?P<version>[\w.-]+)")),
    ("AWS Tools for PowerShell", re.compile(r"\bAWSPowerShell[\w.]*/(?P<version>[\w.-]+)")),
    ("Boto3", re.compile(r"\bBoto3/(?P<version>[\w.-]+)", re.IGNORECASE)),
    ("Botocore", re.compile(r"^\[?Botocore/(?P<version>[\w.-]+)", re.IGNORECASE)),
    ("AWS SDK", re.compile(r"\baws-sdk-(?P<language>[a-z+]+)[\w-]*/(?P<version>[\w.-]+)")),
    ("AWS console", re.compile(r"^(?:console|signin)\.amazonaws\.com$|^\[?S3Console/(?P<version>[\w.-]+)")),
)
"""The first that fits: Terraform's agent names the SDK that it is built with too."""
_SERVICE: Final = re.compile(r"^(?P<service>[\w.-]+)\.amazonaws\.com$|^AWS Internal$|^(?P<host>\w+)\.aws\.internal$")
_BROWSER: Final = re.compile(r"^\[?Mozilla/\d")
_FIRST: Final = re.compile(r"^\[?(?P<name>[^\s/\[]{1,60})(?:/(?P<version>[\w.-]{1,40}))?")


def tool_of(user_agent: str) -> str:
    """Give the tool's name and version; of a browser and a service no version is told."""
    ours = _OURS.search(user_agent)
    if ours is not None:
        return _versioned("keywright", ours["version"])
    for name, pattern in _KNOWN:
        found = pattern.search(user_agent)
        if found is not None:
            groups = found.groupdict()
            language = groups.get("language")
            return _versioned(name if language is None else f"{name} for {language}", groups.get("version"))
    service = _SERVICE.match(user_agent)
    if service is not None:
        return f"AWS ({service['service'] or service['host'] or 'internal'})"
    if _BROWSER.match(user_agent):
        return "browser"
    first = _FIRST.match(user_agent)
    return "unknown" if first is None else _versioned(first["name"], first["version"])


def family_of(tool: str) -> str:
    """Give a tool's name and major version: an update is no new tool."""
    name, _, version = tool.rpartition(" ")
    return f"{name} {version.partition('.')[0]}" if name and version[:1].isdigit() else tool


def _versioned(name: str, version: str | None) -> str:
    return name if not version else f"{name} {version}"
