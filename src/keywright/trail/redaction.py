"""
What of a call's parameters and answer its event may show.

Compiled from the model when an operation is first called: member names as CloudTrail writes them (`userName`), moments
as it writes them, and nothing that the model marks as sensitive.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any, Final

from keywright.aws.model import Member, OperationModel, Shape
from keywright.protocol.keywords import keyword

Render = Callable[[Any], Any]
RenderStructure = Callable[[Mapping[str, Any]], dict[str, Any]]

_SECRET_MEMBERS: Final = frozenset(
    {"SessionToken", "SecretAccessKey", "TokenCode", "AuthenticationCode1", "AuthenticationCode2"}
)
"""Secret whatever the model says: it marks neither session tokens nor one-time codes."""


_RENAMED: Final = {"Bucket": "bucketName"}
"""CloudTrail's S3 records call it so."""


def trail_name(member: str) -> str:
    """Write a member's name as CloudTrail does: `UserName` is `userName`, `MFAToken` is `mFAToken`."""
    return _RENAMED.get(member) or member[0].lower() + member[1:]


def trail_moment(moment: datetime) -> str:
    """Write a moment as CloudTrail's `responseElements` do: `Jan 15, 2024, 3:30:00 AM`."""
    hour = moment.hour % 12 or 12
    return f"{moment:%b} {moment.day}, {moment.year}, {hour}:{moment:%M:%S %p}"


def compile_parameters(operation: OperationModel) -> RenderStructure:
    """Compile the view of an operation's keywords that `requestParameters` shows."""
    return _compile_structure(lambda: operation.input, keyword, {})


def compile_elements(operation: OperationModel) -> RenderStructure:
    """Compile the view of an operation's result that `responseElements` shows."""
    return _compile_structure(lambda: operation.output, str, {})


def _compile_structure(
    find: Callable[[], Shape | None], name_in: Callable[[str], str], known: dict[str, RenderStructure]
) -> RenderStructure:
    fields: list[tuple[str, str, Render]] | None = None

    def render(values: Mapping[str, Any]) -> dict[str, Any]:
        nonlocal fields
        if fields is None:
            fields = _compile_fields(find(), name_in, known)
        shown = {}
        for source, target, show in fields:
            value = values.get(source)
            if value is not None:
                shown[target] = show(value)
        return shown

    return render


def _compile_fields(
    shape: Shape | None, name_in: Callable[[str], str], known: dict[str, RenderStructure]
) -> list[tuple[str, str, Render]]:
    members = () if shape is None else shape.members.items()
    return [
        (name_in(name), trail_name(name), _compile(member.shape, known))
        for name, member in members
        if not _is_secret(name, member.shape)
    ]


def _is_secret(name: str, shape: Shape) -> bool:
    return shape.sensitive or shape.streaming or name in _SECRET_MEMBERS


def _compile(shape: Shape, known: dict[str, RenderStructure]) -> Render:
    match shape.type:
        case "structure":
            # Kept by name: a shape may contain itself.
            return known.setdefault(shape.name, _compile_structure(lambda: shape, str, known))
        case "list":
            return partial(_render_list, _compile_element(shape.element, known))
        case "map":
            return partial(_render_map, _compile_element(shape.value, known))
        case "timestamp":
            return trail_moment
        case "blob":
            return _render_blob
        case _:
            return _as_it_is


def _compile_element(element: Member | None, known: dict[str, RenderStructure]) -> Render:
    if element is None or element.shape.sensitive:
        return _hide
    return _compile(element.shape, known)


def _render_list(show: Render, values: list[Any]) -> list[Any]:
    return [show(value) for value in values]


def _render_map(show: Render, values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: show(value) for name, value in values.items()}


def _render_blob(value: bytes) -> str:
    """Say how long it is: CloudTrail's records hold no bodies."""
    return f"<{len(value)} bytes>"


def _hide(_value: Any) -> str:
    return "HIDDEN_DUE_TO_SECURITY_REASONS"


def _as_it_is(value: Any) -> Any:
    return value
