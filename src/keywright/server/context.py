"""
The facts of a request that policy conditions may ask for, found when they are asked for.

What is here is true of every request (`_GLOBAL`), or follows from a call's parameters (`_OF_PARAMETERS`); the latter
only for the actions that have the key by AWS's service reference. A key that the request does not have has no values.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from keywright.aws.clock import iso8601
from keywright.aws.service_reference import supported_keys, supports_key
from keywright.identity.principals import NO_KEYS, ContextKeys
from keywright.server.stages import Authenticated
from keywright.services.iam.resource_facts import find_boundary, find_tags
from keywright.services.operation import Call, Permission

Values = tuple[str, ...]
Find = Callable[["RequestContext"], Values | None]

_PRINCIPAL_TYPES: Final = {
    "Root": "Account",
    "IAMUser": "User",
    "AssumedRole": "AssumedRole",
    "FederatedUser": "FederatedUser",
}
"""aws:PrincipalType by the caller's kind; whom an identity provider vouches for has none yet."""


class RequestContext:
    """A request's context keys, by their names in lower case; each is worked out once, and only when asked for."""

    __slots__ = ("_found", "authenticated", "call", "inputs", "permission")

    def __init__(
        self, authenticated: Authenticated, call: Call, inputs: Mapping[str, Any], permission: Permission
    ) -> None:
        self.authenticated: Final = authenticated
        self.call: Final = call
        self.inputs: Final = inputs
        self.permission: Final = permission
        self._found: dict[str, Values | None] = {name.lower(): values for name, values in permission.keys.items()}

    def get(self, key: str, /) -> Values | None:
        """Give a key's values, None where this request does not have it."""
        if key not in self._found:
            self._found[key] = self._find(key)
        return self._found[key]

    def _find(self, key: str) -> Values | None:
        find = _GLOBAL_BY_KEY.get(key)
        if find is not None:
            return find(self)
        prefix, slash, tag_key = key.partition("/")
        if slash and prefix in _TAGS:
            return _one({name.casefold(): value for name, value in _TAGS[prefix](self).items()}.get(tag_key.casefold()))
        carried = _carried(self).get(key)
        if carried is not None or key.startswith("aws:") or not supports_key(self.permission.action, key):
            return carried
        find = _OF_PARAMETERS_BY_KEY.get(key)
        if find is not None:
            return find(self)
        # AWS: S3's keys of this form are the request's headers (S3 User Guide, "Policy keys").
        if key.startswith("s3:x-amz-"):
            return _one(self.authenticated.request.header(key[3:].encode()))
        return None

    def of_request(self) -> Mapping[str, Values]:
        """Give every key that holds for the whole request, as AWS spells it."""
        found = {name: self.get(key) for key, name in _GLOBAL_NAMES.items()}
        found |= {f"aws:PrincipalTag/{key}": (value,) for key, value in _principal_tags(self).items()}
        found |= _carried(self)
        return {name: values for name, values in found.items() if values is not None}

    def of_permission(self) -> Mapping[str, Values]:
        """Give every key that holds for this one permission, as AWS spells it."""
        supported = supported_keys(self.permission.action).plain
        found = {name: self.get(name.lower()) for name in _OF_PARAMETERS if name.lower() in supported}
        found |= {f"aws:RequestTag/{key}": (value,) for key, value in _request_tags(self).items()}
        for key, value in _resource_tags(self).items():
            found[f"aws:ResourceTag/{key}"] = (value,)
            own = f"iam:ResourceTag/{key}"
            if supports_key(self.permission.action, own):
                found[own] = (value,)
        found |= {name: self.get(name.lower()) for name in (*_OF_TARGET, *self.permission.keys)}
        return {name: values for name, values in found.items() if values is not None}


def _one(value: str | None) -> Values | None:
    return None if value is None else (value,)


def _bool(value: bool) -> Values:  # noqa: FBT001 - a condition value, not a switch
    return ("true",) if value else ("false",)


def _age_of_mfa(context: RequestContext) -> Values | None:
    session = context.call.caller.session
    if session is None or not session.mfa_authenticated:
        return None
    return (str(int((context.call.now - session.issued_at).total_seconds())),)


def _mfa_present(context: RequestContext) -> Values | None:
    session = context.call.caller.session
    return None if session is None else _bool(session.mfa_authenticated)


def _token_issue_time(context: RequestContext) -> Values | None:
    session = context.call.caller.session
    return None if session is None else (iso8601(session.issued_at),)


def _source_identity(context: RequestContext) -> Values | None:
    session = context.call.caller.session
    return None if session is None else _one(session.source_identity)


def _carried(context: RequestContext) -> ContextKeys:
    """Give what an identity provider said of the caller, now or when the session was made."""
    caller = context.call.caller
    if caller.vouched is not None:
        return caller.vouched.keys
    return NO_KEYS if caller.session is None else caller.session.keys


def _principal_tags(context: RequestContext) -> Mapping[str, str]:
    return context.call.caller.tags


def _request_tags(context: RequestContext) -> Mapping[str, str]:
    # AWS: that permission has a key of its own alone (service authorization reference), and public reports of roles
    # whose trust policies ask for a tag in the same statement agree.
    if context.permission.action == "sts:SetSourceIdentity":
        return {}
    vouched = context.call.caller.vouched
    if vouched is not None:
        return {tag.key: tag.value for tag in vouched.tags}
    inputs = context.inputs
    tags = inputs.get("tags") or (inputs.get("create_bucket_configuration") or {}).get("Tags")
    # S3's PutBucketTagging has them in a structure of their own.
    tags = tags or (inputs.get("tagging") or {}).get("TagSet")
    return {tag["Key"]: tag["Value"] for tag in tags or ()}


def _resource_tags(context: RequestContext) -> Mapping[str, str]:
    return find_tags(context.call.connection, context.permission.target.arn)


def _tag_keys(context: RequestContext) -> Values | None:
    """Give the keys of the tags that are set or removed; as many as the request names, in the request's order."""
    removed: list[str] = context.inputs.get("tag_keys") or []
    return (*_request_tags(context), *removed) or None


def _resource_account(context: RequestContext) -> Values:
    target = context.permission.target
    parts = target.arn.split(":", 5)
    named = parts[4] if len(parts) == 6 and parts[4].isdigit() else None
    return (target.account_id or named or context.call.account_id,)


def _boundary(context: RequestContext) -> Values | None:
    """
    Give the boundary that a call sets, else the one that its user or role has.

    AWS: "checks that the specified policy is attached as permissions boundary on the IAM principal resource", also of
    calls that attach or change that principal's policies (User Guide, "IAM and AWS STS condition context keys").
    """
    asked: str | None = context.inputs.get("permissions_boundary")
    return _one(asked or find_boundary(context.call.connection, context.permission.target.arn))


def _asked_source_identity(context: RequestContext) -> Values | None:
    vouched = context.call.caller.vouched
    asked: str | None = context.inputs.get("source_identity") if vouched is None else vouched.source_identity
    return _one(asked)


def _location(context: RequestContext) -> Values | None:
    configuration: Mapping[str, Any] = context.inputs.get("create_bucket_configuration") or {}
    return _one(configuration.get("LocationConstraint"))


def _authentication_type(context: RequestContext) -> Values:
    return ("REST-HEADER",) if b"authorization" in context.authenticated.request.headers else ("REST-QUERY-STRING",)


def _parameter(name: str) -> Find:
    """Take a key's value from a parameter, by its keyword; a list's values are the key's."""

    def find(context: RequestContext) -> Values | None:
        value = context.inputs.get(name)
        if isinstance(value, list):
            return tuple(map(str, value)) or None
        return None if value is None else (str(value),)

    return find


_GLOBAL: Final[dict[str, Find]] = {
    "aws:PrincipalArn": lambda context: (context.call.caller.entity_arn,),
    "aws:PrincipalAccount": lambda context: (context.call.account_id,),
    "aws:PrincipalType": lambda context: _one(_PRINCIPAL_TYPES.get(context.call.caller.kind)),
    "aws:PrincipalIsAWSService": lambda _: ("false",),
    "aws:userid": lambda context: (context.call.caller.principal_id,),
    "aws:username": lambda context: _one(context.call.caller.user_name),
    "aws:SourceIp": lambda context: (context.authenticated.request.client_address,),
    "aws:SecureTransport": lambda context: _bool(context.authenticated.request.secure),
    "aws:UserAgent": lambda context: _one(context.authenticated.request.header(b"user-agent")),
    "aws:referer": lambda context: _one(context.authenticated.request.header(b"referer")),
    "aws:CurrentTime": lambda context: (iso8601(context.call.now),),
    "aws:EpochTime": lambda context: (str(int(context.call.now.timestamp())),),
    "aws:RequestedRegion": lambda context: (context.authenticated.region,),
    "aws:MultiFactorAuthPresent": _mfa_present,
    "aws:MultiFactorAuthAge": _age_of_mfa,
    "aws:TokenIssueTime": _token_issue_time,
    "aws:SourceIdentity": _source_identity,
    "aws:ViaAWSService": lambda _: ("false",),
}
"""What every request may have (IAM User Guide, "AWS global condition context keys")."""

_OF_TARGET: Final[dict[str, Find]] = {"aws:ResourceAccount": _resource_account, "aws:TagKeys": _tag_keys}

_OF_PARAMETERS: Final[dict[str, Find]] = {
    "iam:AWSServiceName": _parameter("aws_service_name"),
    "iam:PermissionsBoundary": _boundary,
    "iam:PolicyARN": _parameter("policy_arn"),
    "iam:ServiceSpecificCredentialAgeDays": _parameter("credential_age_days"),
    "iam:ServiceSpecificCredentialServiceName": _parameter("service_name"),
    "sts:DurationSeconds": _parameter("duration_seconds"),
    "sts:ExternalId": _parameter("external_id"),
    "sts:RoleSessionName": _parameter("role_session_name"),
    "sts:SourceIdentity": _asked_source_identity,
    "sts:TransitiveTagKeys": _parameter("transitive_tag_keys"),
    "s3:authType": _authentication_type,
    "s3:delimiter": _parameter("delimiter"),
    "s3:locationconstraint": _location,
    "s3:max-keys": _parameter("max_keys"),
    "s3:prefix": _parameter("prefix"),
    "s3:ResourceAccount": _resource_account,
    "s3:signatureversion": lambda _: ("AWS4-HMAC-SHA256",),
    "s3:VersionId": _parameter("version_id"),
}
"""
What services derive from a call's parameters (service authorization reference).

`iam:PassedToService` and `iam:AssociatedResourceArn` come with the permission to pass a role: `Permission.keys`.
"""

_TAGS: Final[dict[str, Callable[[RequestContext], Mapping[str, str]]]] = {
    "aws:principaltag": _principal_tags,
    "aws:requesttag": _request_tags,
    "aws:resourcetag": _resource_tags,
    "iam:resourcetag": _resource_tags,
}

_GLOBAL_NAMES: Final = {name.lower(): name for name in _GLOBAL}
_GLOBAL_BY_KEY: Final = {name.lower(): find for name, find in (_GLOBAL | _OF_TARGET).items()}
_OF_PARAMETERS_BY_KEY: Final = {name.lower(): find for name, find in _OF_PARAMETERS.items()}
