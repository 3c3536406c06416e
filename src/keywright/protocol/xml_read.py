"""XML in: bounded, without document types or entities, and then into the model's types."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from xml.parsers.expat import ExpatError, ParserCreate

from keywright.aws.model import Member, Shape
from keywright.protocol.refusals import MALFORMED_XML_MESSAGE, MalformedXML
from keywright.protocol.scalars import CONVERSIONS

MAX_DEPTH = 64
MAX_ELEMENTS = 50_000


@dataclass(slots=True)
class Node:
    """An element: its name without prefix, its attributes with theirs."""

    tag: str
    attributes: Mapping[str, str]
    children: list[Node] = field(default_factory=list)
    text: str = ""


def malformed() -> MalformedXML:
    """Give S3's one answer to every fault in a body."""
    return MalformedXML(MALFORMED_XML_MESSAGE)


def read_xml(body: bytes) -> Node:
    """
    Read a document's root element.

    Raises: MalformedXML, also for a document type, which is where entities and external files come from.
    """
    builder = _Builder()
    parser = ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.characters
    parser.StartDoctypeDeclHandler = builder.refuse
    try:
        parser.Parse(body, True)
    except (ExpatError, LookupError, ValueError):
        # The latter two: an encoding that Python does not know, or that is not of single bytes.
        raise malformed() from None
    return builder.top.children[0]


class _Builder:
    def __init__(self) -> None:
        self.top = Node("", {})
        self._open = [self.top]
        self._texts: list[list[str]] = []
        self._count = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._count += 1
        if len(self._open) > MAX_DEPTH or self._count > MAX_ELEMENTS:
            raise malformed()
        node = Node(tag.rpartition(":")[2], attributes)
        self._open[-1].children.append(node)
        self._open.append(node)
        self._texts.append([])

    def end(self, _tag: str) -> None:
        self._open.pop().text = "".join(self._texts.pop())

    def characters(self, text: str) -> None:
        self._texts[-1].append(text)

    def refuse(self, *_declaration: object) -> None:
        raise malformed()


Read = Callable[[Node], Any]


class XmlReaders:
    """The readers of one service's shapes. All raise MalformedXML."""

    def __init__(self) -> None:
        self._compiled: dict[str, Read] = {}

    def members(self, shape: Shape, names: Mapping[str, str]) -> Callable[[Node], dict[str, Any]]:
        """Compile the reading of a structure; `names` gives the key of each member that travels in the body."""
        elements: dict[str, tuple[str, Read, bool]] = {}
        attributes: dict[str, str] = {}
        for name, key in names.items():
            member = shape.members[name]
            if member.xml_attribute:
                attributes[member.location_name or name] = key
            else:
                tag, read, many = self._place(name, member)
                elements[tag] = key, read, many

        def read_members(node: Node) -> dict[str, Any]:
            if node.text and not node.text.isspace():
                raise malformed()
            values: dict[str, Any] = {}
            for child in node.children:
                known = elements.get(child.tag)
                if known is None:
                    raise malformed()
                key, read, many = known
                if many:
                    values.setdefault(key, []).append(read(child))
                elif key in values:
                    raise malformed()
                else:
                    values[key] = read(child)
            for name, text in node.attributes.items():
                if name in attributes:
                    values[attributes[name]] = text
                elif not name.startswith(("xmlns", "xsi:")):
                    raise malformed()
            return values

        return read_members

    def _place(self, name: str, member: Member) -> tuple[str, Read, bool]:
        """Give a member's tag, the reading of one element under it, and whether there may be many."""
        shape = member.shape
        tag = member.location_name or name
        if shape.type == "list" and shape.element is not None and (member.flattened or shape.flattened):
            own = shape.element.location_name
            return (tag if own in (None, "member") else own), self.value(shape.element), True
        return tag, self.value(member), False

    def value(self, member: Member) -> Read:
        """Compile the reading of one element."""
        shape = member.shape
        if shape.type in CONVERSIONS:
            return _scalar(shape.type)
        if shape.name not in self._compiled:
            self._compiled[shape.name] = partial(self._late, shape.name)
            self._compiled[shape.name] = self._compound(shape)
        return self._compiled[shape.name]

    def _late(self, name: str, value: Any) -> Any:
        """Handle a shape inside itself: looked up when used, as it is still being compiled when met."""
        return self._compiled[name](value)

    def _compound(self, shape: Shape) -> Read:
        if shape.type == "structure":
            return self.members(shape, {name: name for name in shape.members})
        if shape.type == "list" and shape.element is not None:
            return _list(shape.element.location_name or "member", self.value(shape.element))
        raise ValueError(f"no XML body has maps: {shape.name}")


def _scalar(kind: str) -> Read:
    convert = CONVERSIONS[kind]

    def read(node: Node) -> Any:
        if node.children:
            raise malformed()
        try:
            return node.text if convert is None else convert(node.text)
        except ValueError:
            raise malformed() from None

    return read


def _list(tag: str, read: Read) -> Read:
    def read_list(node: Node) -> list[Any]:
        if any(child.tag != tag for child in node.children) or (node.text and not node.text.isspace()):
            raise malformed()
        return [read(child) for child in node.children]

    return read_list
