"""The condition keys of every service (IAM User Guide, "AWS global condition context keys", late 2026)."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from keywright.aws.service_reference import ConditionKey

_BY_TYPE: Final = {
    "ARN": ("PrincipalArn", "SourceArn", "SourceVpcArn", "ChatbotSourceArn", "SignInSessionArn"),
    "ArrayOfString": (
        *("CalledVia", "CalledViaAWSMCP", "PrincipalOrgPaths", "PrincipalServiceNamesList", "ResourceOrgPaths"),
        *("SourceOrgPaths", "TagKeys", "VpceOrgPaths"),
    ),
    "Bool": (
        *("AssumedRoot", "IsMcpServiceAction", "MultiFactorAuthPresent", "PrincipalIsAWSService", "SecureTransport"),
        *("ViaAWSMCPService", "ViaAWSService"),
    ),
    "Date": ("CurrentTime", "TokenIssueTime"),
    "IPAddress": ("SourceIp", "VpcSourceIp", "Ec2InstanceSourcePrivateIPv4"),
    "Numeric": ("EpochTime", "MultiFactorAuthAge"),
    "String": (
        *("CalledViaFirst", "CalledViaLast", "Ec2InstanceSourceVpc", "FederatedProvider", "PrincipalAccount"),
        *(
            "PrincipalOrgID",
            "PrincipalOrgMasterAccountId",
            "PrincipalServiceName",
            "PrincipalTag/${TagKey}",
            "PrincipalType",
            "referer",
        ),
        *("RequestedRegion", "RequestTag/${TagKey}", "ResourceAccount", "ResourceOrgID", "ResourceTag/${TagKey}"),
        *("SourceAccount", "SourceIdentity", "SourceOrgID", "SourceOwner", "SourceVpc", "SourceVpce", "userid"),
        *("UserAgent", "username", "VpceAccount", "VpceOrgID"),
    ),
}

GLOBAL_KEYS: Final = MappingProxyType(
    {
        f"aws:{name}".lower(): ConditionKey(f"aws:{name}", key_type)
        for key_type, names in _BY_TYPE.items()
        for name in names
    }
)
"""By name in lower case; the three about tags have a placeholder."""

TAG_KEYS: Final = ("aws:principaltag/", "aws:requesttag/", "aws:resourcetag/")
"""The keys that a tag's key follows, in lower case."""


def find_global_key(key: str) -> ConditionKey | None:
    """Find a global key by name, in whatever case."""
    folded = key.lower()
    for prefix in TAG_KEYS:
        if folded.startswith(prefix) and len(folded) > len(prefix):
            return GLOBAL_KEYS[prefix + "${tagkey}"]
    return None if "${" in folded else GLOBAL_KEYS.get(folded)
