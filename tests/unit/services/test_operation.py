"""Operations and services: what starts, and what must not."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

from keywright.protocol.keywords import keyword
from keywright.services.catalogue import all_services
from keywright.services.operation import Service, everything, is_read_only, operation


def module(**functions: Callable[..., Any]) -> ModuleType:
    """Make a module of functions, under the names given."""
    made = ModuleType("made")
    for name, function in functions.items():
        function.__module__ = "made"
        setattr(made, name, function)
    return made


@operation(resource=everything)
def good(call: Any, *, user_name: str | None = None) -> None:
    """Take what GetUser takes."""


def test_marked_functions_are_collected() -> None:
    """A function is the operation of its name, with its action, its keywords and whether it reads."""
    service = Service("iam", module(get_user=good, unmarked=lambda: None))
    assert set(service.operations) == {"GetUser"}
    found = service.operations["GetUser"]
    assert (found.action, found.handled, found.read_only) == ("iam:GetUser", frozenset({"user_name"}), True)
    assert (found.resource, found.unless_denied) == (everything, False)


def test_an_action_may_have_another_name() -> None:
    """What an operation needs may be another action than its own."""

    @operation(resource=everything, action="s3:ListBucket", unless_denied=True)
    def head_bucket(call: Any, *, bucket: str) -> None:
        """Take what HeadBucket must have."""

    found = Service("s3", module(head_bucket=head_bucket)).operations["HeadBucket"]
    assert (found.action, found.unless_denied) == ("s3:ListBucket", True)


def test_an_unknown_name_does_not_start() -> None:
    """A function that is no operation of the service is a mistake that shows at start."""
    with pytest.raises(TypeError, match="get_usr is no operation of iam"):
        Service("iam", module(get_usr=good))


def test_an_unknown_keyword_does_not_start() -> None:
    """A keyword that is not in the input shape does not start."""

    @operation(resource=everything)
    def get_user(call: Any, *, username: str | None = None) -> None:
        """Misspell."""

    with pytest.raises(TypeError, match="iam:GetUser takes no username"):
        Service("iam", module(get_user=get_user))


def test_an_optional_member_needs_a_default() -> None:
    """A keyword that may be left out must have a default."""

    @operation(resource=everything)
    def get_user(call: Any, *, user_name: str) -> None:
        """Ask for what may be missing."""

    with pytest.raises(TypeError, match="may be called without user_name"):
        Service("iam", module(get_user=get_user))


def test_a_required_member_must_be_taken() -> None:
    """What AWS requires an operation must take."""

    @operation(resource=everything)
    def delete_user(call: Any) -> None:
        """Take nothing."""

    with pytest.raises(TypeError, match=r"does not take \['user_name'\]"):
        Service("iam", module(delete_user=delete_user))


def test_an_operation_is_performed_once() -> None:
    """Two modules with the same operation do not start."""
    with pytest.raises(TypeError, match="iam:GetUser is performed twice"):
        Service("iam", module(get_user=good), module(get_user=good))


def test_a_resource_must_be_stated() -> None:
    """An operation that names no resource cannot be written: None is to be written out."""
    with pytest.raises(TypeError):
        operation()  # type: ignore[call-arg]


def test_what_is_imported_is_not_collected() -> None:
    """A marked function that a module only imports is its own module's."""
    importing = ModuleType("importing")
    good.__module__ = "elsewhere"
    importing.__dict__["get_user"] = good
    assert Service("iam", importing).operations == {}


def test_a_keyword_is_one_operations() -> None:
    """No two operations of a service share a function's name."""
    for service in all_services():
        names = [keyword(name) for name in service.model.operations]
        assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("name", "reads"),
    [
        ("GetUser", True),
        ("ListUsers", True),
        ("HeadBucket", True),
        ("LookupEvents", True),
        ("TagUser", False),
        ("GenerateCredentialReport", False),
    ],
)
def test_reading_is_told_by_the_name(name: str, reads: bool) -> None:
    """An operation's name tells whether it changes something."""
    assert is_read_only(name) is reads
