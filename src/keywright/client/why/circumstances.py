"""What is known of a refused request: the values of context keys, and which are known to be absent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from keywright.client.why.readable_policies import PolicyReader
from keywright.client.why.resources import account_in, role_of

_PRINCIPAL_TAGS = "aws:principaltag/"
_RESOURCE_TAGS = ("aws:resourcetag/", "iam:resourcetag/")


@dataclass(slots=True)
class Circumstances:
    """The context of a request, as a policy asks for it: keys in lower case."""

    values: dict[str, tuple[str, ...]] = field(default_factory=dict)
    is_complete: bool = False
    """The service itself told what the request had: what is not here was not there."""
    read: set[str] = field(default_factory=set)
    """Beginnings of keys of which all are here, such as `aws:resourcetag/`."""

    def get(self, key: str, /) -> tuple[str, ...] | None:
        """Give a key's values."""
        return self.values.get(key)

    def knows(self, key: str) -> bool:
        """Tell whether it is known what the request had for a key, be it nothing."""
        folded = key.lower()
        return self.is_complete or folded in self.values or folded.startswith(tuple(self.read))

    def entries(self, asked: Iterable[str]) -> dict[str, Sequence[str]]:
        """Give the values of the keys that are asked for, by the names by which they are."""
        return {key: values for key in asked if (values := self.get(key.lower())) is not None}


def gather(
    told: Mapping[str, Sequence[str]] | None,
    given: Mapping[str, Sequence[str]],
    principal: str | None,
    resource: str | None,
    asked: Iterable[str],
    reader: PolicyReader | None,
) -> Circumstances:
    """
    Collect what the service told, what follows from who asks, and the tags that policies ask for.

    What the person gives counts for more than anything else.
    """
    known = Circumstances(is_complete=told is not None)
    known.values |= _of_principal(principal)
    account = account_in(resource)
    if account is not None:
        known.values["aws:resourceaccount"] = (account,)
    folded = {key.lower() for key in asked}
    if told is None and reader is not None:
        _read_principal(known, principal, folded, reader)
        _read_resource(known, resource, folded, reader)
    for source in (told or {}, given):
        known.values |= {key.lower(): tuple(values) for key, values in source.items()}
    return known


def _of_principal(principal: str | None) -> dict[str, tuple[str, ...]]:
    account = account_in(principal)
    if principal is None or account is None:
        return {}
    role = role_of(principal)
    kind = "AssumedRole" if role else "User" if ":user/" in principal else "Account"
    values: dict[str, tuple[str, ...]] = {
        "aws:principalarn": (role or principal,),
        "aws:principalaccount": (account,),
        "aws:principaltype": (kind,),
        "aws:principalisawsservice": ("false",),
    }
    if kind == "User":
        values["aws:username"] = (principal.rpartition("/")[2],)
    return values


def _read_principal(known: Circumstances, principal: str | None, asked: set[str], reader: PolicyReader) -> None:
    if not any(key.startswith(_PRINCIPAL_TAGS) or key == "aws:userid" for key in asked):
        return
    entity = reader.described(principal and (role_of(principal) or principal))
    if entity is None:
        return
    known.values |= {f"{_PRINCIPAL_TAGS}{key}".lower(): (value,) for key, value in entity.tags.items()}
    if role_of(principal) is None:
        # A role's session has an id of its own, and may have tags of its own beside the role's.
        known.values["aws:userid"] = (entity.unique_id,)
        known.read.add(_PRINCIPAL_TAGS)


def _read_resource(known: Circumstances, resource: str | None, asked: set[str], reader: PolicyReader) -> None:
    if not any(key.startswith(_RESOURCE_TAGS) for key in asked):
        return
    entity = reader.described(resource)
    if entity is None:
        return
    for prefix in _RESOURCE_TAGS:
        known.values |= {f"{prefix}{key}".lower(): (value,) for key, value in entity.tags.items()}
        known.read.add(prefix)
