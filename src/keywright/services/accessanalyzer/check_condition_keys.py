"""Whether condition keys exist, fit their operators, and are known to the actions beside them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Final

from keywright.aws import service_reference
from keywright.aws.global_keys import TAG_KEYS, find_global_key
from keywright.aws.service_reference import ConditionKey, SupportedKeys, find_action, supported_keys
from keywright.policy.condition.operators import Operator
from keywright.services.accessanalyzer.findings import MAX_LOCATED, Finding, found
from keywright.services.accessanalyzer.policy_tree import Line, Place, Policy, Statement

_FAMILIES: Final[Mapping[str, tuple[str, ...]]] = {
    "String": ("string", "string-ignore-case", "string-like"),
    "ARN": ("arn", "string", "string-ignore-case", "string-like"),
    "Bool": ("bool",),
    "Date": ("date",),
    "IPAddress": ("address",),
    "Numeric": ("numeric",),
}
_ALSO_DATE: Final = "aws:epochtime"
_OPERATOR_NAMES: Final = {"IPAddress": "IpAddress", "ARN": "Arn"}
_UNTRUSTWORTHY: Final = frozenset({"aws:referer", "aws:useragent"})
_PAIRED: Final = {"aws:vpcsourceip": ("aws:SourceVpc", "aws:SourceVpce", "aws:SourceVpcArn")}
_TRUST_NEEDS: Final = {
    "sts:sourceidentity": "sts:SetSourceIdentity",
    "sts:transitivetagkeys": "sts:TagSession",
    "aws:requesttag/": "sts:TagSession",
}
_GLOBAL_BY_ACTION: Final = ("aws:requesttag/", "aws:tagkeys")
"""Global keys that only some actions have; aws:ResourceTag has findings of its own."""


def check_condition_keys(policy: Policy) -> Iterator[Finding]:
    """Check the keys of every condition line."""
    for statement in policy.statements:
        actions = _supported(statement)
        for line in statement.lines:
            key = find_key(line.key)
            yield from _check_existence(line, key)
            if key is not None:
                yield from _check_operator(line, key)
                yield from _check_actions(actions, line)
            yield from _check_company(policy, statement, line)
        yield from _check_spelling(statement)


@lru_cache(maxsize=1024)
def find_key(name: str) -> ConditionKey | None:
    """Find the key of a name: a global one, a service's, or one of an identity provider's."""
    known = find_global_key(name)
    if known is not None:
        return known
    prefix = name.partition(":")[0].lower()
    for service in (prefix, "sts", *service_reference.key_owners(prefix)):
        reference = service_reference.service(service)
        key = None if reference is None else reference.find_key(name)
        if key is not None:
            return key
    # The keys of an identity provider begin with its address, which only the account's owner knows.
    return ConditionKey(name, "String") if "." in prefix and ":" in name else None


def _check_existence(line: Line, key: ConditionKey | None) -> Iterator[Finding]:
    prefix, colon, name = line.key.partition(":")
    if not colon or not prefix or not name:
        yield found("INVALID_CONDITION_KEY_FORMAT", line.place)
    elif line.folded_key == "aws:arn":
        yield found("UNSUPPORTED_GLOBAL_CONDITION_KEY", line.place)
    elif key is None and f"{line.folded_key.rstrip('/')}/" in (*TAG_KEYS, "iam:resourcetag/", "ec2:resourcetag/"):
        yield found("MISSING_TAG_KEY_IN_CONDITION", line.place, key=f"{line.key.rstrip('/')}/")
    elif key is None and prefix.lower() == "aws":
        yield found("INVALID_GLOBAL_CONDITION_KEY", line.place, key=line.key)
    elif key is None and prefix.lower() in service_reference.services():
        yield found("INVALID_SERVICE_CONDITION_KEY", line.place, key=line.key, service=prefix)
    elif key is None:
        yield found("INVALID_SERVICE", line.place, service=prefix)


def _check_operator(line: Line, key: ConditionKey) -> Iterator[Finding]:
    operator = line.parsed
    if operator is None or operator.family == "null":
        return
    many = key.type.startswith("ArrayOf")
    if many and operator.qualifier is None:
        yield found("MISSING_QUALIFIER", line.place, key=line.key)
    elif not many and operator.qualifier == "ForAllValues":
        yield found("FORALLVALUES_WITH_SINGLE_VALUED_KEY", line.place, key=line.key)
    elif operator.qualifier == "ForAnyValue" and line.folded_key.endswith(":aud"):
        yield found("FORANYVALUE_WITH_AUDIENCE_CLAIM_TYPE", line.place, key=line.key)
    value_type = key.type.removeprefix("ArrayOf")
    if value_type == "ARN" and operator.family == "string-like":
        yield found(
            "STRING_LIKE_OPERATOR_WITH_ARN_CONDITION_KEYS",
            line.place,
            allowed="ArnNotLike" if operator.negated else "ArnLike",
            operator=line.operator,
            key=line.key,
        )
    elif not _fits(line, operator, value_type):
        allowed = _OPERATOR_NAMES.get(value_type, value_type)
        yield found("TYPE_MISMATCH", line.place, allowed=allowed, operator=line.operator, key=line.key)


def _fits(line: Line, operator: Operator, value_type: str) -> bool:
    families = _FAMILIES.get(value_type, ())
    return operator.family in families or (line.folded_key == _ALSO_DATE and operator.family == "date")


def _supported(statement: Statement) -> list[tuple[Place, SupportedKeys]]:
    """Give the known actions without wildcards and the keys that they support; nobody asks without conditions."""
    places = statement.listed("Action") if statement.lines else []
    # By service, so that each service's reference is read once however the actions are mixed.
    by_service = sorted(places, key=lambda place: (place.text or "").lower())
    known = [
        (place, supported_keys(place.text or "")) for place in by_service if find_action(place.text or "") is not None
    ]
    return sorted(known, key=lambda one: one[0].node.start)


def _check_actions(actions: list[tuple[Place, SupportedKeys]], line: Line) -> Iterator[Finding]:
    """Name the actions without wildcards whose requests never have the key."""
    own = not line.folded_key.startswith("aws:") and line.folded_key.partition(":")[0] in service_reference.services()
    if not own and not line.folded_key.startswith(_GLOBAL_BY_ACTION):
        return
    unsupported = [place for place, supported in actions if not supported.has(line.folded_key)]
    if unsupported:
        names = ", ".join(str(place.text) for place in unsupported)
        places = unsupported[:MAX_LOCATED]
        yield found("UNSUPPORTED_ACTION_FOR_CONDITION_KEY", line.place, *places, actions=names, key=line.key)


def _check_company(policy: Policy, statement: Statement, line: Line) -> Iterator[Finding]:
    """Check what a key is worth by itself, and what should stand beside it."""
    key, operator = line.folded_key, line.parsed
    if key in _UNTRUSTWORTHY:
        yield found("UNTRUSTWORTHY_CONDITION_KEY", line.place, key=line.key)
    paired = _PAIRED.get(key)
    if paired is not None and not statement.has_key(*(one.lower() for one in paired)):
        yield found("MISSING_PAIRED_CONDITION_KEYS", line.place, key=line.key, recommended=", ".join(paired))
    compares_text = operator is not None and operator.family.startswith("string")
    if key == "s3:prefix" and compares_text and _is_negated(line) is (statement.effect == "Allow"):
        yield found("S3_PREFIX_IN_NEGATIVE_CONTEXT", line.place)
    if key == "dynamodb:attributes" and statement.effect == "Allow" and not statement.has_key("dynamodb:select"):
        yield found("DYNAMODB_ATTRIBUTES_WITHOUT_SELECT", line.place)
    if key == "s3:resourceaccount" and policy.resource_type in ("AWS::S3::Bucket", "AWS::S3::AccessPoint"):
        yield found(
            "IRRELEVANT_CONDITION_KEY_IN_POLICY", line.place, key=line.key, resource_type=str(policy.resource_type)
        )
    if policy.is_trust:
        for prefix, action in _TRUST_NEEDS.items():
            named = {text.lower() for text in statement.texts("Action")}
            if key.startswith(prefix) and not named & {action.lower(), "sts:*", "*"}:
                yield found("MISSING_ACTION_FOR_CONDITION_KEY", line.place, action=action, key=line.key)


def _is_negated(line: Line) -> bool:
    return line.parsed is not None and line.parsed.negated


def _check_spelling(statement: Statement) -> Iterator[Finding]:
    """Find keys that one operator has twice, spelt differently."""
    seen: dict[tuple[str, str], Line] = {}
    for line in statement.lines:
        first = seen.setdefault((line.operator, line.folded_key), line)
        if first is not line:
            yield found("DUPLICATE_KEYS_WITH_DIFFERENT_CASE", first.place, line.place, key=line.key)
