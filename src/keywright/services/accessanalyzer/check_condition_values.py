"""Whether operators exist, and values are what their operators compare."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from ipaddress import IPv4Interface, IPv4Network, IPv6Interface, IPv6Network, ip_interface
from typing import Final, NamedTuple

from keywright.aws.regions import regions_by_partition
from keywright.policy.condition.operators import Operator, parse_operator
from keywright.policy.condition.values import read_binary, read_bool, read_date, read_network, read_number
from keywright.policy.json_reader import Number
from keywright.services.accessanalyzer.findings import Finding, found
from keywright.services.accessanalyzer.policy_tree import Line, Place, Policy

_READERS: Final[dict[str, tuple[Callable[[str], object | None], str]]] = {
    "bool": (read_bool, "TYPE_MISMATCH_BOOLEAN"),
    "null": (read_bool, "TYPE_MISMATCH_BOOLEAN"),
    "date": (read_date, "TYPE_MISMATCH_DATE"),
    "numeric": (read_number, "TYPE_MISMATCH_NUMBER"),
    "binary": (read_binary, "TYPE_MISMATCH_STRING"),
    "address": (read_network, "TYPE_MISMATCH_IP_RANGE"),
}


class _Form(NamedTuple):
    """What a key's values look like, and what is said of one that does not."""

    pattern: re.Pattern[str]
    code: str
    expected: str = ""


_FORMS: Final = {
    "aws:sourcevpc": _Form(re.compile(r"vpc-(?:[0-9a-z]{8}|[0-9a-z]{17})"), "INVALID_VPC_FORMAT"),
    "aws:sourcevpce": _Form(re.compile(r"vpce-(?:[0-9a-z]{8}|[0-9a-z]{17})"), "INVALID_VPCE_FORMAT"),
    "iam:passedtoservice": _Form(
        re.compile(r"[a-z0-9.-]+\.amazonaws\.com(?:\.cn)?"),
        "INVALID_SERVICE_PRINCIPAL_FORMAT",
        "service-name.amazonaws.com",
    ),
    "kms:viaservice": _Form(
        re.compile(r"[a-z0-9-]+\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?"),
        "INVALID_SERVICE_PRINCIPAL_FORMAT",
        "service-name.AWS_region.amazonaws.com",
    ),
    "s3:x-amz-server-side-encryption-aws-kms-key-id": _Form(
        re.compile(r"arn:[^:]+:kms:[^:]*:[^:]*:key/.+"), "INVALID_KMS_KEY_VALUE"
    ),
}
_EPOCH: Final = re.compile(r"-?\d+(?:\.\d+)?")
_WILD: Final = re.compile(r"[*?]")
_SPECIAL: Final = re.compile(r"\$\{[*?$]\}")


def check_condition_values(policy: Policy) -> Iterator[Finding]:
    """Check the operator and the values of every condition line."""
    for statement in policy.statements:
        for line in statement.lines:
            operator = line.parsed
            if operator is None:
                yield from _check_unknown(line)
                continue
            yield from _check_values(line, operator)
            yield from _check_by_key(line, operator)
            yield from _check_wildcards(line, operator)
            yield from _check_redundant_numbers(line, operator)


def _check_unknown(line: Line) -> Iterator[Finding]:
    qualifier, colon, rest = line.operator.rpartition(":")
    if rest == "NullIfExists":
        yield found("NULL_WITH_IF_EXISTS", line.place)
    elif parse_operator(rest) is None or (colon and qualifier not in ("ForAllValues", "ForAnyValue")):
        yield found("INVALID_CONDITION_OPERATOR", line.place, operator=line.operator)
    else:
        yield found("NULL_WITH_QUALIFIER", line.place)


def _check_values(line: Line, operator: Operator) -> Iterator[Finding]:
    kinds = {_json_type(value) for value in line.values}
    if len(kinds) > 1:
        yield found("INVALID_CONDITION_DATA_TYPE", line.place)
    if operator.family == "bool" and operator.qualifier is None and len(line.values) > 1:
        yield found("INVALID_CONDITION_MULTIPLE_BOOLEAN", line.place)
    if operator.family == "null" and line.operator != "Null":
        yield found("NULL_WITH_QUALIFIER", line.place)
    if operator.family not in _READERS:
        return
    read, code = _READERS[operator.family]
    for value in line.values:
        text = value.spelling
        if text is None:
            continue
        if "${" in text:
            if not operator.takes_variables:
                yield found("INVALID_VARIABLE_FOR_OPERATOR", value)
        elif read(text) is None:
            yield found(code, value, operator=line.operator)
        elif operator.family == "date" and _EPOCH.fullmatch(text) and len(text) != 4:
            yield found("INVALID_DATE_VALUE", value, date=text)
        elif operator.family == "address":
            yield from _check_range(value, text)


def _json_type(value: Place) -> str:
    node = value.node.value
    return "Boolean" if isinstance(node, bool) else "Number" if isinstance(node, Number) else type(node).__name__


def _check_range(value: Place, text: str) -> Iterator[Finding]:
    interface: IPv4Interface | IPv6Interface = ip_interface(text)
    if "/" in text and interface.ip != interface.network.network_address:
        yield found("IMPROVE_IP_RANGE", value, address=str(interface.network))


def _check_by_key(line: Line, operator: Operator) -> Iterator[Finding]:
    """Check values that only their key explains; what holds a wildcard or a variable may be anything."""
    key = line.folded_key
    if key == "aws:sourceip" and operator.family == "address":
        yield from _check_private(line, operator)
    form = _FORMS.get(key) if operator.family.startswith(("string", "arn")) else None
    for value in line.values if form is not None or (key, operator.family) == ("aws:requestedregion", "string") else ():
        text = value.spelling
        if text is None or _WILD.search(text) or "${" in text:
            continue
        if form is not None and not form.pattern.fullmatch(text):
            yield found(form.code, value, key=line.key, expected_format=form.expected)
        elif form is None and not any(text in regions for regions in regions_by_partition().values()):
            yield found("INVALID_REGION", value, region=text)


def _check_private(line: Line, operator: Operator) -> Iterator[Finding]:
    networks: list[IPv4Network | IPv6Network] = [
        one for text in line.texts() if (one := read_network(text)) is not None
    ]
    private = [network.is_private and network.prefixlen > 0 for network in networks]
    code = "PRIVATE_NOT_IP_ADDRESS" if operator.negated else "PRIVATE_IP_ADDRESS"
    if private and all(private):
        yield found(code, line.place)
    elif any(private):
        yield found(f"{code}_SUBSET", line.place)


def _check_wildcards(line: Line, operator: Operator) -> Iterator[Finding]:
    texts = line.texts()
    if operator.family in ("string", "string-ignore-case"):
        for value in line.values:
            if value.text is not None and _WILD.search(_SPECIAL.sub("", value.text)):
                yield found("WILDCARD_WITHOUT_LIKE_OPERATOR", value)
    if operator.family != "string-like" or "*" not in texts:
        return
    details = {"key": line.key, "operator": line.operator}
    if operator.qualifier == "ForAnyValue" and operator.negated:
        yield found("REDUNDANT_STATEMENT_DUE_TO_WILDCARD_IN_CONDITION", line.place, **details)
    elif operator.qualifier == "ForAllValues" or (operator.if_exists and not operator.negated):
        if not operator.negated:
            yield found("REDUNDANT_KEY_DUE_TO_WILDCARD_IN_CONDITION", line.place, **details)
    elif operator.negated:
        yield found("EQUIVALENT_TO_NULL_TRUE", line.place, **details)
    else:
        yield found("EQUIVALENT_TO_NULL_FALSE", line.place, **details)


def _check_redundant_numbers(line: Line, operator: Operator) -> Iterator[Finding]:
    """Find several bounds of which one says it all."""
    if operator.family != "numeric" or operator.comparison == "equals" or operator.negated:
        return
    numbers: set[Decimal] = {number for text in line.texts() if (number := read_number(text)) is not None}
    if len(numbers) > 1:
        which = "greatest" if operator.comparison.startswith("less") else "least"
        yield found("REDUNDANT_CONDITION_VALUE_NUM", line.place, operator=line.operator, which=which, key=line.key)
