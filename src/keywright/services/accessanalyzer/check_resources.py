"""Whether the resources are ARNs of the services that they name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from keywright.aws import service_reference
from keywright.aws.regions import regions_by_partition
from keywright.services.accessanalyzer.findings import Finding, found
from keywright.services.accessanalyzer.policy_tree import Place, Policy

_FIELDS: Final = 6
_WILD: Final = re.compile(r"[*?]|\$\{")
_ACCOUNT: Final = re.compile(r"\d{12}")
_PLACEHOLDER: Final = re.compile(r"\$\{[^}]*\}")
_KEPT_BY_AWS: Final = ("document/AWS", "parameter/aws/", "automation-definition/AWS")
"""AWS's own of Systems Manager's, which belong to no account."""
_OF_RESOURCE_TYPE: Final = {
    "AWS::S3::Bucket": "s3",
    "AWS::S3::AccessPoint": "s3",
    "AWS::S3::MultiRegionAccessPoint": "s3",
    "AWS::S3ObjectLambda::AccessPoint": "s3-object-lambda",
    "AWS::DynamoDB::Table": "dynamodb",
}


def check_resources(policy: Policy) -> Iterator[Finding]:
    """Check the Resource and NotResource elements."""
    if policy.is_trust:
        return
    for statement in policy.statements:
        for name in ("Resource", "NotResource"):
            for place in statement.listed(name):
                if place.text != "*":
                    yield from _check_resource(policy, place, place.text or "")


def _check_resource(policy: Policy, place: Place, text: str) -> Iterator[Finding]:
    if not text.startswith("arn:"):
        yield found("INVALID_ARN_PREFIX", place)
        return
    fields = _split(text)
    if len(fields) < _FIELDS:
        yield found("MISSING_ARN_FIELD", place, fields=str(_FIELDS))
        return
    _, partition, service, region, account, path = fields
    if "*" in service or "?" in service:
        yield found("WILDCARD_IN_SERVICE_NAME", place)
        return
    if service != service.lower():
        yield found("INVALID_ARN_SERVICE_CASE", place, service=service)
        return
    partitions = regions_by_partition()
    if partition not in partitions and not _WILD.search(partition):
        yield found("INVALID_PARTITION", place, service=service, partition=partition, partitions=", ".join(partitions))
    if (
        account
        and not _WILD.search(account)
        and not _ACCOUNT.fullmatch(account)
        and account not in ("aws", "cloudfront")
    ):
        yield found("INVALID_ARN_ACCOUNT", place, account=account)
    if region and not _WILD.search(region) and not any(region in regions for regions in partitions.values()):
        yield found("INVALID_ARN_REGION", place, region=region)
    wanted = _OF_RESOURCE_TYPE.get(policy.resource_type or "")
    if wanted is not None and service != wanted:
        yield found("UNSUPPORTED_RESOURCE_ARN_IN_POLICY", place, resource_type=str(policy.resource_type))
    yield from _check_against_reference(place, service, region, account, path)


def _check_against_reference(place: Place, service: str, region: str, account: str, path: str) -> Iterator[Finding]:
    """Compare with how the service's ARNs look; what no service of that prefix has is not compared."""
    templates = _templates(service)
    if not templates:
        if service not in service_reference.services() and service not in service_reference.prefixes_by_arn_service():
            yield found("INVALID_SERVICE", place, service=service)
        return
    fitting = [one for one in templates if _may_be(one[5], path)]
    if not fitting:
        yield found("INVALID_ARN_RESOURCE", place)
        return
    if region.strip("*") and not any(one[3] for one in fitting):
        yield found("ARN_REGION_NOT_ALLOWED", place, service=service)
    elif not region and all(one[3] for one in fitting):
        yield found("MISSING_ARN_REGION", place, service=service)
    if account.strip("*") and not any(one[4] for one in fitting):
        yield found("ARN_ACCOUNT_NOT_ALLOWED", place, service=service)
    elif not account and all(one[4] for one in fitting) and not path.startswith(_KEPT_BY_AWS):
        yield found("MISSING_ARN_ACCOUNT", place, resource_name=path)


def _templates(service: str) -> list[list[str]]:
    """Give the service's ARN templates, split: those of every prefix whose resources have ARNs of this service."""
    prefixes = [service] if service in service_reference.services() else []
    if not prefixes:
        prefixes = [*service_reference.prefixes_by_arn_service().get(service, ())]
    references = [found for prefix in prefixes if (found := service_reference.service(prefix)) is not None]
    split = [_split(one.arn) for reference in references for one in reference.resource_types.values()]
    return [one for one in split if len(one) == _FIELDS and one[2] == service]


def _may_be(template: str, path: str) -> bool:
    """Tell whether a pattern could name something of a template's form: up to its first wildcard, literals agree."""
    literal = _PLACEHOLDER.split(template)[0]
    given = _WILD.split(path)[0]
    if given == path and "${" not in template:
        return path == template
    return given.startswith(literal) or (given != path and literal.startswith(given))


def _split(arn: str) -> list[str]:
    """Split an ARN at its first five colons, none of them inside a variable."""
    fields: list[str] = []
    depth = start = 0
    for index, character in enumerate(arn):
        if arn.startswith("${", index):
            depth += 1
        elif character == "}":
            depth = max(0, depth - 1)
        elif character == ":" and not depth and len(fields) < _FIELDS - 1:
            fields.append(arn[start:index])
            start = index + 1
    return [*fields, arn[start:]]
