"""
What a service is made of: functions marked as operations, and what they are given.

`@operation` only marks. A `Service` collects the marked functions of the modules that it lists, and refuses to start
when a name is not an API operation, when the keywords are not in the input shape, or when the resource is not stated.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import datetime
from types import MappingProxyType, ModuleType
from typing import Any, Final, NamedTuple, TypeVar

from sqlalchemy import Connection

from keywright.aws.model import OperationModel, load_service
from keywright.identity.key_sets import KeySets
from keywright.identity.principals import Caller
from keywright.policy.policy_set import Policies
from keywright.protocol.keywords import keyword
from keywright.store.sealing import Sealer
from keywright.store.transaction import Store

Inputs = Mapping[str, Any]
"""An operation's keywords, as parsed."""
Result = dict[str, Any] | None
"""An operation's answer by the model's member names; None for an empty one."""


class Target(NamedTuple):
    """What an operation acts upon."""

    arn: str
    """What policies are asked about; `*` where the action takes no resource."""
    refusal_text: str | None = None
    """What a refusal says after `on resource: `, where AWS does not say the ARN; empty for nothing at all."""
    account_id: str | None = None
    """The account that owns it, where that may be another than the caller's."""
    granted: bool = False
    """Whether the account grants it to the caller whatever its policies say, unless one denies it."""
    policies: Policies = ()
    """The resource's own policies: a bucket's, a role's trust policy."""
    policies_must_allow: bool = False
    """Whether those must allow even where the caller's own policies do, as a role's trust policy must."""
    keys: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    """Context keys that the operation knows better than its parameters say, as AWS spells them."""


class Permission(NamedTuple):
    """One thing that a call must be allowed to do."""

    action: str
    target: Target
    keys: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    """Context keys that only this permission has, as AWS spells them, e.g. `iam:PassedToService`."""


class Call(NamedTuple):
    """What an operation may know of the request that it performs."""

    caller: Caller
    connection: Connection
    sealer: Sealer
    region: str
    now: datetime
    origin: str = ""
    """The address at which the caller reached this server, without a path: `https://keywright.example:4580`."""
    prepared: Any = None
    """What the operation's `prepare` gave."""

    @property
    def account_id(self) -> str:
        """Give the account that the call acts in: the caller's."""
        return self.caller.account_id


ResourceOf = Callable[[Call, Inputs], Target]
AlsoOf = Callable[[Call, Inputs], Iterable[Permission]]
Perform = Callable[..., Result]
Prepare = Callable[[Call, Inputs], Any]


class Means(NamedTuple):
    """What finds out whom an identity provider vouches for."""

    store: Store
    sealer: Sealer
    key_sets: KeySets


Identify = Callable[[Means, Inputs, datetime], Awaitable[Caller]]


class Marked(NamedTuple):
    """What `@operation` says of a function."""

    resource: ResourceOf | None
    action: str | None
    unless_denied: bool
    takes_time: bool
    prepare: Prepare | None
    starts_work: bool
    also: AlsoOf | None
    writes_with: str | None
    identify: Identify | None


class Operation(NamedTuple):
    """An API operation that Keywright performs."""

    model: OperationModel
    action: str
    """The IAM action that permits it, e.g. `iam:CreateUser`."""
    perform: Perform
    resource: ResourceOf | None
    """None for an operation that needs no permission at all."""
    unless_denied: bool
    """Needs no permission, but an explicit deny counts."""
    handled: frozenset[str]
    """The keywords that the function takes; any other of the shape's is refused when sent."""
    read_only: bool
    """Whether it changes nothing."""
    takes_time: bool
    """Whether it may read much, and so must not hold up others."""
    prepare: Prepare | None
    """What takes long and is done before the transaction, aside, so that nobody waits for it: hashing a password."""
    starts_work: bool
    """Whether it leaves work to be done in the background."""
    also: AlsoOf | None
    """What must be allowed beside the action itself; None where that is nothing."""
    writes_with: str | None
    """The parameter, by its name on the wire, that makes a read-only operation write: a code that is used up."""
    identify: Identify | None
    """What finds the caller, for an operation that takes no signature; None for all others."""


_F = TypeVar("_F", bound=Perform)
_MARK: Final = "keywright_operation"
_READING: Final = ("Get", "List", "Head", "Lookup", "Describe", "Simulate", "Assume", "Decode", "Validate")


def is_read_only(operation_name: str) -> bool:
    """Tell whether an operation changes nothing, as CloudTrail's `readOnly` does."""
    return operation_name.startswith(_READING)


def operation(
    *,
    resource: ResourceOf | None,
    action: str | None = None,
    unless_denied: bool = False,
    takes_time: bool = False,
    prepare: Prepare | None = None,
    starts_work: bool = False,
    also: AlsoOf | None = None,
    writes_with: str | None = None,
    identify: Identify | None = None,
) -> Callable[[_F], _F]:
    """
    Mark a function as the operation of its name (`create_user` is CreateUser).

    `resource` finds what to authorise; None, to be written out, lets everyone who has signed. `action` is the IAM
    action where it is not `service:Operation`. `unless_denied` asks for no permission, but heeds an explicit deny.
    `takes_time` sets an operation aside that may read much.
    `prepare` works aside on what is committed, before the transaction, and gives what `call.prepared` is then; the
    operation must see for itself that it still holds. `starts_work` wakes what runs in the background. `also` finds the
    further permissions that a call of its kind needs, in the order in which they are asked: tagging, passing a role.
    `writes_with` names the parameter that makes one write which else only reads. `identify` finds the caller of one
    that takes no signature.
    """
    mark = Marked(resource, action, unless_denied, takes_time, prepare, starts_work, also, writes_with, identify)

    def put_mark(function: _F) -> _F:
        setattr(function, _MARK, mark)
        return function

    return put_mark


def everything(call: Call, inputs: Inputs) -> Target:
    """Name every resource, for an action that takes none."""
    del call, inputs
    return Target("*")


def unnamed(call: Call, inputs: Inputs) -> Target:
    """Name every resource, for an action whose refusal says none."""
    del call, inputs
    return Target("*", "")


class Service:
    """A service: its model, and what of it is performed."""

    def __init__(self, name: str, *modules: ModuleType) -> None:
        self.model: Final = load_service(name)
        by_keyword = {keyword(operation_name): model for operation_name, model in self.model.operations.items()}
        self.operations: Final[dict[str, Operation]] = {}
        for module in modules:
            for function_name, function in vars(module).items():
                mark = getattr(function, _MARK, None)
                if mark is None or function.__module__ != module.__name__:
                    continue
                model = by_keyword.get(function_name)
                if model is None:
                    raise TypeError(f"{module.__name__}.{function_name} is no operation of {name}")
                if model.name in self.operations:
                    raise TypeError(f"{name}:{model.name} is performed twice")
                self.operations[model.name] = _collect(name, model, function, mark)


def _collect(service: str, model: OperationModel, function: Perform, mark: Marked) -> Operation:
    members = {} if model.input is None else {keyword(name): name for name in model.input.members}
    code = function.__code__
    parameters = code.co_varnames[code.co_argcount : code.co_argcount + code.co_kwonlyargcount]
    defaults = function.__kwdefaults__ or {}
    required = set() if model.input is None else {keyword(name) for name in model.input.required}
    for parameter in parameters:
        if parameter not in members:
            raise TypeError(f"{service}:{model.name} takes no {parameter}")
        if parameter not in defaults and parameter not in required:
            raise TypeError(f"{service}:{model.name} may be called without {parameter}: give it a default")
    handled = frozenset(parameters)
    if not required <= handled:
        raise TypeError(f"{service}:{model.name} does not take {sorted(required - handled)}")
    action = mark.action or f"{service}:{model.name}"
    read_only = is_read_only(model.name)
    return Operation(
        model,
        action,
        function,
        mark.resource,
        mark.unless_denied,
        handled,
        read_only,
        mark.takes_time,
        mark.prepare,
        mark.starts_work,
        mark.also,
        mark.writes_with,
        mark.identify,
    )
